"""A run scored: its recorded drafts become cards under today's checks, and the cards are held against gold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from agent.card import Card
from agent.enrich import Enricher
from agent.errors import ArticleError, UsageError
from agent.settings import Settings
from agent.symbols import load_symbols
from evals.aggregates import mean
from evals.datasets.registry import parse_data
from evals.metrics import METRICS, score_cards, value_of
from evals.report import Evaluated
from evals.runs.engines import ReplayingEngine
from evals.runs.folder import RunFolder
from evals.runs.manifest import Manifest, SplitChoice, digest_of, named
from evals.runs.rows import Row
from evals.samples import Sample
from evals.scores import Metric, Score
from evals.statistics import Cell, Cells, Estimate, Resampling, estimate

MAX_PROVIDER_ERRORS = 0.02
"""The share of rows without a reply above which a run says nothing (facts of the evaluation: a busy endpoint is no worse prompt)."""


def score_made(card: Card, sample: Sample) -> Score:  # noqa: ARG001  it is there
    """1 for a card; a reply that is no draft is 0, which `Run` adds, and an article that no reply came for isn't scored."""
    return Score(1.0)


MADE = Metric("cards.made", score_made, mean(), about="articles whose reply became a card or an abstention")
ALL_METRICS: tuple[Metric, ...] = (MADE, *METRICS)


@dataclass(frozen=True)
class Run:
    """A run with its cards, all repeats: `cards` and `rows` by (sample id, repeat)."""

    path: Path
    manifest: Manifest
    samples: tuple[Sample, ...]
    rows: Mapping[tuple[str, int], Row]
    cards: Mapping[tuple[str, int], Card]

    @property
    def missing(self) -> int:
        """Rows that were not made."""
        wanted = {(sample.id, repeat) for sample in self.samples for repeat in range(self.manifest.repeats)}
        return len(wanted - self.rows.keys())

    @property
    def undrafted(self) -> int:
        """Rows that have nothing to make a card of: no engine was asked, and by today's rules it would be."""
        return sum(row.trouble is None and key not in self.cards for key, row in self.rows.items())

    @property
    def provider_errors(self) -> int:
        """Rows whose provider gave no usable reply."""
        return sum(row.trouble is not None and row.trouble.whose == "provider" for row in self.rows.values())

    @property
    def invalid_because(self) -> str | None:
        """Why nothing should be concluded from this run; None when all is well."""
        if self.missing:
            return f"{self.missing} of its rows were not made; go on with `newscard eval run --out {self.path}` and the same options"
        if self.undrafted:
            return (
                f"{self.undrafted} of its rows hold no draft, and their articles would be asked about today; run it anew in another --out"
            )
        share = self.provider_errors / max(len(self.rows), 1)
        if share > MAX_PROVIDER_ERRORS:
            rows = f"{self.provider_errors} of {len(self.rows)} rows ({share:.1%})"
            return f"{rows} have no reply, and {MAX_PROVIDER_ERRORS:.0%} is the most; run it again"
        return None

    @cached_property
    def scores(self) -> dict[str, dict[int, tuple[Score, ...]]]:
        """Metric name -> repeat -> the score of each sample, in their order."""
        found: dict[str, dict[int, tuple[Score, ...]]] = {metric.name: {} for metric in ALL_METRICS}
        for repeat in range(self.manifest.repeats):
            cards = {sample: card for (sample, number), card in self.cards.items() if number == repeat}
            for name, scores in score_cards(cards, self.samples).items():
                found[name][repeat] = scores
            found[MADE.name][repeat] = tuple(self._made(sample.id, repeat) for sample in self.samples)
        return found

    @property
    def cells(self) -> Cells:
        """Metric name -> what statistics are made of."""
        return {
            name: [
                Cell(sample.id, sample.cluster, score)
                for scores in by_repeat.values()
                for sample, score in zip(self.samples, scores, strict=True)
            ]
            for name, by_repeat in self.scores.items()
        }

    def estimates(self, resampling: Resampling) -> dict[str, Estimate]:
        """Metric name -> its figure and interval over all repeats."""
        cells = self.cells
        return {
            metric.name: estimate(metric.aggregate, cells[metric.name], resampling, share=metric.unit == "share") for metric in ALL_METRICS
        }

    def evaluated(self, resampling: Resampling) -> Evaluated:
        """What a report shows: the first repeat's cards, and figures over all."""
        first = {name: by_repeat[0] for name, by_repeat in self.scores.items()}
        metrics = {metric.name: metric for metric in ALL_METRICS}
        troubles = {sample: row.trouble for (sample, repeat), row in self.rows.items() if repeat == 0 and row.trouble}
        return Evaluated(
            name=self.manifest.name,
            facts=list(self._facts()),
            samples=self.samples,
            cards={sample: card for (sample, repeat), card in self.cards.items() if repeat == 0},
            failures={sample: f"{trouble.kind}: {trouble.problem}" for sample, trouble in troubles.items()},
            scores=first,
            values={name: value_of(metrics[name], scores) for name, scores in first.items()},
            estimates=self.estimates(resampling),
            metrics=ALL_METRICS,
        )

    def _made(self, sample: str, repeat: int) -> Score:
        row = self.rows.get((sample, repeat))
        if row is None or (row.trouble is not None and row.trouble.whose == "provider"):
            return Score(None, "no reply came")
        if row.trouble is None and (sample, repeat) not in self.cards:
            return Score(None, "nobody was asked")
        return Score(float(row.trouble is None), row.trouble.kind if row.trouble else "")

    def _facts(self) -> Sequence[tuple[str, str]]:
        manifest = self.manifest
        costs = [row.cost_usd for row in self.rows.values()]
        known = [cost for cost in costs if cost is not None]
        return [
            ("engine", f"{manifest.engine} {named(manifest.ingredients)}".strip()),
            ("data", ", ".join(manifest.data) + f" ({manifest.split})"),
            ("articles", f"{len(self.samples):,}" + (f", {manifest.repeats} times" if manifest.repeats > 1 else "")),
            *self._without_card(),
            ("cost", f"${sum(known):.4f}" if len(known) == len(costs) else "unpriced"),
            ("state", self.invalid_because or "valid"),
            ("made", f"{manifest.created_at:%Y-%m-%d %H:%M} UTC with newscard {manifest.newscard}"),
            ("fingerprint", manifest.fingerprint),
        ]

    def _without_card(self) -> Sequence[tuple[str, str]]:
        """How many rows have no card, of all repeats, and why; nothing when every one has."""
        kinds = Counter(row.trouble.kind for row in self.rows.values() if row.trouble)
        told = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
        return [("no card", f"{kinds.total()} of {len(self.rows)} rows: {told}")] if kinds else []


async def load_run(path: Path, places: Mapping[str, str] | None = None) -> Run:
    """Read the run at `path` and make its cards again, offline; `places` says where data sets lie now, if elsewhere.

    Raises UsageError when there is no run, or when its data isn't what it was.
    """
    folder = RunFolder(path)
    manifest = folder.manifest()
    known = {name: (places or {}).get(name, place) for name, place in manifest.places.items()}
    samples = [sample for name in manifest.data for sample in _same(manifest, name, known[name])]
    rows = {(row.sample, row.repeat): row for row in folder.rows()}
    by_id = {sample.id: sample for sample in samples}
    cards = {key: card for key, row in rows.items() if key[0] in by_id and (card := await _card(by_id[key[0]], row, manifest)) is not None}
    return Run(path, manifest, tuple(samples), rows, cards)


def chosen(name: str, place: str, *, split: SplitChoice, limit: int | None) -> list[Sample]:
    """The samples of a set that a run takes. Raises UsageError when the set can't be read, or holds none of that split."""
    text = f"{name}={place}" if place else name
    samples = [sample for sample in parse_data(text).read() if split in {"all", sample.split}]
    if not samples:
        raise UsageError(f"{name}: there is no article of its {split} part")
    return samples[:limit]


def _same(manifest: Manifest, name: str, place: str) -> list[Sample]:
    samples = chosen(name, place, split=manifest.split, limit=manifest.limit)
    if digest_of(samples) != manifest.data[name]:
        raise UsageError(f"{name}: its articles aren't those of the run {manifest.name} any more; run it again on today's")
    return samples


async def _card(sample: Sample, row: Row, manifest: Manifest) -> Card | None:
    """The card that the row's draft makes today; None where it made none."""
    name: Literal["llm", "extractive"] = "llm" if manifest.engine == "llm" else "extractive"
    enricher = Enricher(ReplayingEngine(row, name, manifest.ingredients), Settings(), symbols=load_symbols())
    try:
        card = await enricher.enrich(sample.article)
    except ArticleError:
        return None
    told = {"created_at": row.created_at, "elapsed_s": row.elapsed_s, "cost_usd": row.cost_usd, "uncached_cost_usd": row.cost_usd}
    return card.model_copy(update={"provenance": card.provenance.model_copy(update=told)})
