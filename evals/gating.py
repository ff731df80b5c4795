"""Baselines, and whether a run may pass one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from agent.errors import UsageError
from evals.runs.scoring import ALL_METRICS, Run
from evals.scores import Score
from evals.statistics import Cell, Cells, Comparison, Resampling, compare

FOLDER = Path(__file__).parent / "baselines"
INVALID = 5
"""Exit code: the run says nothing, so it passes nothing."""
GATED = "quality"
"""The family of metrics that a gate looks at."""


class KeptScore(BaseModel):
    """One card's score. `c`: the sample's cluster, `v`: the value, `n`: what the metric needs beyond it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    s: str
    c: str
    v: float | None
    n: dict[str, float | str] = {}


class Baseline(BaseModel):
    """A blessed run: what it was, and its scores by metric. It holds no word of an article."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    fingerprint: str
    data: dict[str, str]
    ingredients: dict[str, str]
    values: dict[str, float | None]
    scores: dict[str, list[KeptScore]]

    @classmethod
    def of(cls, run: Run, name: str) -> Baseline:
        """What `run` leaves to be compared with: the metrics that gates look at."""
        metrics = [metric for metric in ALL_METRICS if metric.family == GATED]
        cells = run.cells
        return cls(
            name=name,
            fingerprint=run.manifest.fingerprint,
            data=run.manifest.data,
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

    A run that is invalid, or on other articles, passes nothing and fails nothing.
    """
    problem = run.invalid_because or _other_data(baseline.data, run.manifest.data)
    if problem:
        return Gate("invalid", problem, (), (), ())
    comparisons = [row for row in compare(ALL_METRICS, baseline.cells, run.cells, resampling) if row.metric.family == GATED]
    worse = [row for row in comparisons if row.verdict == "worse" and abs(row.difference or 0.0) > margin]
    undecided = [row for row in comparisons if row not in worse and _may_be_worse(row, margin)]
    why = f"worse: {', '.join(row.metric.name for row in worse)}" if worse else "no metric is worse beyond its interval"
    return Gate("regressed" if worse else "passed", why, comparisons, worse, undecided)


def _other_data(mine: Mapping[str, str], theirs: Mapping[str, str]) -> str | None:
    if mine == theirs:
        return None
    return "its articles aren't those of the baseline; run the baseline's data, or bless a run on today's"


def _may_be_worse(row: Comparison, margin: float) -> bool:
    """Whether the interval reaches beyond the margin on the bad side."""
    if row.low is None or row.high is None or row.metric.higher_is_better is None or not row.difference:
        return False
    return (row.low < -margin) if row.metric.higher_is_better else (row.high > margin)
