"""`newscard eval show` and `report`: what a run is worth."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from agent.cli.messages import say
from agent.cli.output import print_out
from evals.extra import require_extra
from evals.gating import INVALID
from evals.junit import junit_of_run
from evals.report import page
from evals.report.tables import rows, unscorable
from evals.runs import Run, load_run
from evals.statistics import Resampling


def loaded(path: Path, data: Sequence[str]) -> Run:
    """The run at `path`; `data` may say where its sets lie now. Raises UsageError."""
    require_extra()
    return asyncio.run(load_run(path, {name: place for name, _, place in (text.partition("=") for text in data)}))


def show(path: Path, data: Sequence[str]) -> int:
    """Print the scores; the exit code."""
    run = loaded(path, data)
    print_out(table(run))
    return _verdict(run)


def report(path: Path, out: Path, junit: Path | None, data: Sequence[str]) -> int:
    """Write the page, and JUnit XML where it is wanted; the exit code."""
    run = loaded(path, data)
    _write(out, page(run.evaluated(Resampling())))
    if junit is not None:
        _write(junit, junit_of_run(run, Resampling()))
    say(f"the report is {out}")
    return _verdict(run)


def table(run: Run) -> str:
    """The scores as lines: name, figure, interval, how many cards were scored."""
    evaluated = run.evaluated(Resampling())
    lines = [f"{name:12} {value}" for name, value in evaluated.facts]
    for family in ("quality", "detail", "cost"):
        lines += ["", family]
        lines += [
            f"  {row.metric.name:26} {row.shown:>10}   {row.interval:22} {row.estimate.scored:5} scored"
            + (f", {row.estimate.unscored} not" if row.estimate.unscored else "")
            for row in rows(evaluated, family)
        ]
    if none := unscorable(evaluated):
        lines += ["", "not scored", *(f"  {name:26} {reason}" for name, reason in none)]
    return "\n".join(line.rstrip() for line in lines)


def _verdict(run: Run) -> int:
    if run.invalid_because:
        say(f"invalid: {run.invalid_because}")
        return INVALID
    return 0


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".new")
    draft.write_text(text, "utf-8")
    draft.replace(path)
