"""`newscard eval compare`, `accept` and `gate`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.cli.messages import say
from agent.cli.output import print_out
from evals import gating
from evals.commands.showing import loaded
from evals.gating import FOLDER, INVALID, Baseline
from evals.junit import junit_of_gate
from evals.report.tables import figure
from evals.runs.scoring import ALL_METRICS
from evals.statistics import Comparison, Resampling
from evals.statistics import compare as compared


@dataclass(frozen=True, slots=True)
class Options:
    """What a gate is told."""

    baseline: str
    baselines: Path | None
    margin: float
    junit: Path | None
    data: tuple[str, ...]


def compare(a: Path, b: Path, data: Sequence[str]) -> int:
    """Print the comparison; exit code 5, and no comparison, when one of the runs is invalid or they aren't of the same articles."""
    first, second = loaded(a, data), loaded(b, data)
    problems = [f"{run.path}: {run.invalid_because}" for run in (first, second) if run.invalid_because]
    one, other = ({sample.id: sample.article.digest for sample in run.samples} for run in (first, second))
    both = one.keys() & other.keys()
    if not both:
        problems.append("the runs have no article in common")
    if changed := [name for name in sorted(both) if one[name] != other[name]]:
        problems.append(f"the text of {len(changed)} articles isn't the same in both runs, {changed[0]} among them")
    for problem in problems:
        say(f"invalid: {problem}")
    if problems:
        return INVALID
    if one.keys() != other.keys():
        say(f"only the {len(both)} articles of both runs are compared, of {len(one)} in A and {len(other)} in B")
    print_out(table(compared(ALL_METRICS, first.cells, second.cells, Resampling())))
    return 0


def accept(path: Path, name: str, folder: Path | None) -> int:
    """Bless a run; exit code 5, and nothing blessed, when it is invalid."""
    run = loaded(path, ())
    if run.invalid_because:
        say(f"not accepted, because the run is invalid: {run.invalid_because}")
        return INVALID
    say(f"accepted as {Baseline.of(run, name).save(folder or FOLDER)}; commit it")
    return 0


def gate(path: Path, options: Options) -> int:
    """Print what the gate says; its exit code."""
    baseline = Baseline.load(options.baseline, options.baselines or FOLDER)
    said = gating.gate(baseline, loaded(path, options.data), Resampling(), margin=options.margin)
    if said.comparisons:
        print_out(table(said.comparisons))
    if options.junit is not None:
        options.junit.parent.mkdir(parents=True, exist_ok=True)
        options.junit.write_text(junit_of_gate(said, options.baseline), "utf-8")
    if said.undecided:
        say(f"undecided on these articles: {', '.join(row.metric.name for row in said.undecided)}")
    say(f"{said.outcome}: {said.why}")
    return said.exit_code


def table(rows: Sequence[Comparison]) -> str:
    """A line for each metric: both figures, the difference with its interval, the verdict, and what could have been seen."""
    head = f"{'metric':26} {'A':>10} {'B':>10} {'difference':>11} {'95% interval':>22}  {'verdict':10} smallest visible, articles"
    return "\n".join([head, *(_line(row) for row in rows)])


def _line(row: Comparison) -> str:
    unit = row.metric.unit
    interval = "-" if row.low is None or row.high is None else f"{_signed(row.low, unit)} to {_signed(row.high, unit)}"
    seen = "-" if row.smallest is None else figure(row.smallest, unit)
    values = f"{figure(row.a, unit):>10} {figure(row.b, unit):>10} {_signed(row.difference, unit):>11}"
    return f"{row.metric.name:26} {values} {interval:>22}  {row.verdict:10} {seen}, {row.samples}"


def _signed(value: float | None, unit: str) -> str:
    if value is None:
        return "-"
    return ("+" if value > 0 else "-" if value < 0 else " ") + figure(abs(value), unit)
