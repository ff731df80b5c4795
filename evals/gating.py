"""Baselines, and whether a run may pass one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from agent.errors import UsageError
from evals.metrics import scoring_digest
from evals.runs.scoring import ALL_METRICS, Run
from evals.samples import gold_digest
from evals.scores import Metric, Score
from evals.statistics import MIN_CLUSTERS, Cell, Cells, Comparison, Resampling, compare

FOLDER = Path(__file__).parent / "baselines"
INVALID = 5
"""Exit code: the run says nothing, so it passes nothing."""
GATED = "quality"
"""The family of metrics that a gate looks at."""
AGAIN = "accept a run again, `newscard eval accept RUN`: an old one is scored by today's rules, and needs no call"


class KeptScore(BaseModel):
    """One card's score. `c`: the sample's cluster, `v`: the value, `n`: what the metric needs beyond it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    s: str
    c: str
    v: float | None
    n: dict[str, float | str] = {}


class Baseline(BaseModel):
    """A blessed run: what it was, and its scores by metric. It holds no word of an article.

    Scores can't be made again from it, so it says by what they were made: `gold` and `scoring` are digests of the gold and the scorers.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    fingerprint: str
    data: dict[str, str]
    gold: str
    scoring: str
    ingredients: dict[str, str]
    values: dict[str, float | None]
    scores: dict[str, list[KeptScore]]

    @classmethod
    def of(cls, run: Run, name: str) -> Baseline:
        """What `run` leaves to be compared with: the metrics that gates look at."""
        metrics, cells = _gated(), run.cells
        return cls(
            name=name,
            fingerprint=run.manifest.fingerprint,
            data=run.manifest.data,
            gold=gold_digest(run.samples),
            scoring=scoring_digest(),
            ingredients=run.manifest.ingredients,
            values={metric.name: metric.aggregate([cell.score for cell in cells[metric.name]]) for metric in metrics},
            scores={metric.name: [_kept(cell) for cell in cells[metric.name]] for metric in metrics},
        )

    @property
    def cells(self) -> Cells:
        """As statistics take them."""
        return {
            name: [Cell(one.s, one.c, Score(one.v, "" if one.v is not None else "unscored in the baseline", one.n)) for one in scores]
            for name, scores in self.scores.items()
        }

    def save(self, folder: Path = FOLDER) -> Path:
        """Write it, one score a line, so that a review sees what changed."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.name}.json"
        draft = path.with_suffix(".new")
        draft.write_text(self._lines(), "utf-8")
        draft.replace(path)
        return path

    @classmethod
    def load(cls, name: str, folder: Path = FOLDER) -> Baseline:
        """The baseline of that name. Raises UsageError when there is none."""
        path = folder / f"{name}.json"
        try:
            return cls.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            known = ", ".join(sorted(one.stem for one in folder.glob("*.json"))) or "none"
            raise UsageError(f"there is no baseline {name!r} (there are: {known}); bless a run with `newscard eval accept RUN`") from None
        except ValidationError:
            raise UsageError(f"{path}: it isn't a baseline of this version; bless a run again with `newscard eval accept RUN`") from None

    def _lines(self) -> str:
        head = self.model_dump_json(indent=1, exclude={"scores"}).rstrip().removesuffix("}").rstrip()
        metrics = [
            f'  "{name}": [\n' + ",\n".join(f"   {one.model_dump_json(exclude_defaults=True)}" for one in scores) + "\n  ]"
            for name, scores in self.scores.items()
        ]
        return head + ',\n "scores": {\n' + ",\n".join(metrics) + "\n }\n}\n"


SAME = 1e-9
"""Sums of the same scores on another machine differ by less."""


def _kept(cell: Cell) -> KeptScore:
    # Names of tickers and topics in the counts are of no use to an aggregate that a gate looks at, but for those of sets.
    return KeptScore(s=cell.sample, c=cell.cluster, v=cell.score.value, n=dict(cell.score.counts))


Outcome = Literal["passed", "regressed", "invalid"]


@dataclass(frozen=True, slots=True)
class Gate:
    """What a gate says. `worse` are the metrics that fell, `undecided` those that may have, by up to more than the margin."""

    outcome: Outcome
    why: str
    comparisons: Sequence[Comparison]
    worse: Sequence[Comparison]
    undecided: Sequence[Comparison]

    @property
    def exit_code(self) -> int:
        """0 passed, 1 a regression, 5 nothing can be said."""
        return {"passed": 0, "regressed": 1, "invalid": INVALID}[self.outcome]


def gate(baseline: Baseline, run: Run, resampling: Resampling, *, margin: float = 0.0) -> Gate:
    """Hold `run` against `baseline`: a metric fails that is worse beyond its interval, after Holm, by more than `margin`.

    A run that is invalid, on other articles, or scored by other gold or scorers than the baseline, passes nothing and fails nothing. Nor
    does one in which a metric can't be judged that the baseline has enough scores for: what wasn't measured hasn't passed.
    """
    problem = run.invalid_because or _other_data(baseline, run) or _damaged(baseline, run)
    if problem:
        return Gate("invalid", problem, (), (), ())
    comparisons = [row for row in compare(ALL_METRICS, baseline.cells, run.cells, resampling) if row.metric.family == GATED]
    worse = [row for row in comparisons if row.verdict == "worse" and abs(row.difference or 0.0) > margin]
    undecided = [row for row in comparisons if row not in worse and _may_be_worse(row, margin)]
    if worse:
        return Gate("regressed", f"worse: {', '.join(row.metric.name for row in worse)}", comparisons, worse, undecided)
    if problem := _not_judged(baseline, comparisons):
        return Gate("invalid", problem, comparisons, (), undecided)
    return Gate("passed", "no metric is worse beyond its interval", comparisons, (), undecided)


def _gated() -> list[Metric]:
    return [metric for metric in ALL_METRICS if metric.family == GATED]


def _other_data(baseline: Baseline, run: Run) -> str | None:
    if baseline.data != run.manifest.data:
        return "its articles aren't those of the baseline; run the baseline's data, or bless a run on today's"
    if baseline.gold != gold_digest(run.samples):
        return f"the baseline was scored by other gold; {AGAIN}"
    if baseline.scoring != scoring_digest():
        return f"the baseline was scored by other scorers; {AGAIN}"
    return None


def _damaged(baseline: Baseline, run: Run) -> str | None:
    """Why the baseline's file isn't what was accepted: a metric or an article is gone, or its scores don't make its own figures."""
    cells, articles = baseline.cells, {sample.id for sample in run.samples}
    for metric in _gated():
        kept = cells.get(metric.name, ())
        if {cell.sample for cell in kept} != articles or metric.name not in baseline.values:
            return f"the baseline hasn't a score of {metric.name} for every article; {AGAIN}"
        made, told = metric.aggregate([cell.score for cell in kept]), baseline.values[metric.name]
        if made != told and (made is None or told is None or abs(made - told) > SAME):
            return f"the baseline's scores of {metric.name} don't make the figure that it tells; {AGAIN}"
    return None


def _not_judged(baseline: Baseline, comparisons: Sequence[Comparison]) -> str | None:
    """What can't be judged although the baseline has scores enough, or that nothing can be."""
    if not any(row.p is not None for row in comparisons):
        return f"nothing can be judged on fewer than {MIN_CLUSTERS} independent articles; run more"
    held = {name: len({cell.cluster for cell in cells if cell.scored}) for name, cells in baseline.cells.items()}
    known = {name for name, value in baseline.values.items() if value is not None and held[name] >= MIN_CLUSTERS}
    lost = [row for row in comparisons if row.p is None and row.metric.name in known]
    told = ", ".join(f"{row.metric.name} ({row.clusters} of {held[row.metric.name]})" for row in lost)
    return f"too few articles are left that both have a score of, out of the baseline's: {told}" if lost else None


def _may_be_worse(row: Comparison, margin: float) -> bool:
    """Whether the interval reaches beyond the margin on the bad side."""
    if row.low is None or row.high is None or row.metric.higher_is_better is None:
        return False
    return (row.low < -margin) if row.metric.higher_is_better else (row.high > margin)
