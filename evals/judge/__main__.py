"""`python -m evals.judge`: how far the judge agrees with planted faults, from recorded judgements or, with a model, from new ones."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from agent.errors import NewscardError
from agent.settings import Settings
from evals.judge.agreement import AT_ONCE, CONTROL, Agreed, agreement, kappa, trials
from evals.judge.asking import JudgeModel
from evals.judge.recorded import RecordedJudge
from evals.planted.intervals import wilson

PER_KIND = 4
RECORDED = Path(__file__).parent / "planted.jsonl"


def table(rows: Sequence[Agreed]) -> str:
    """The figures, in Markdown."""
    lines = [
        "| planted in the analysis | trials | called wrong | faithful one preferred | preference changed with the order |",
        "| --- " * 5 + "|",
    ]
    for row in rows:
        caught = "" if row.kind == CONTROL else _share(row.caught, row.trials)
        preferred = "" if row.kind == CONTROL else _share(row.preferred, row.trials)
        lines.append(f"| {row.kind} | {row.trials} | {caught} | {preferred} | {row.changed} |")
    faithful, alarms = sum(row.faithful for row in rows), sum(row.alarms for row in rows)
    articles, alarmed = ({*chain.from_iterable(sets)} for sets in ((row.articles for row in rows), (row.alarmed for row in rows)))
    agreed = kappa(rows)
    lines += [
        "",
        f"Faithful analyses called wrong: {alarms} of {faithful}; by article {_share(len(alarmed), len(articles))} of {len(articles)}.",
    ]
    if unjudged := sum(row.unjudged for row in rows):
        lines += [f"Not judged: {unjudged} trials."]
    lines += [f"Agreement with what was planted, Cohen's kappa: {agreed:.2f}." if agreed is not None else "Nothing was judged."]
    return "\n".join(lines) + "\n"


def _share(hits: int, trials: int) -> str:
    low, high = wilson(hits, trials)
    return f"{hits / trials:.0%} ({low:.0%} to {high:.0%})" if trials else "-"


async def measure(per_kind: int, path: Path, settings: Settings | None) -> list[Agreed]:
    """Judge, live where `settings` name a model, else from `path` alone."""
    if settings is None:
        return await agreement(trials(per_kind), RecordedJudge(path))
    async with JudgeModel(settings) as live:
        judge = RecordedJudge(path, live, label=settings.model or "")
        return await agreement(trials(per_kind), judge, at_once=settings.concurrency or AT_ONCE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m evals.judge", description=__doc__)
    parser.add_argument("--per-kind", type=int, default=PER_KIND, help=f"trials of each kind of fault ({PER_KIND})")
    parser.add_argument("--record", type=Path, metavar="FILE", help="ask the model of the environment, and keep its judgements in FILE")
    options = parser.parse_args(arguments)
    try:
        settings = Settings.from_env() if options.record else None
        rows = asyncio.run(measure(options.per_kind, options.record or RECORDED, settings))
    except NewscardError as exc:
        sys.stderr.write(f"{exc}\n")
        return exc.exit_code
    sys.stdout.write(table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
