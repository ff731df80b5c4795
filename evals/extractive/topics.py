"""Topics of gold cards, and of sets whose categories stand for groups of ours; beside the six that are commonest in the other part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from agent.draft import MAX_TOPICS
from agent.engines.extractive.drafting import draft_article
from agent.symbols import load_symbols
from evals.aggregates import mean, micro_f1, ratio
from evals.extractive.table import ENGINE, Line, Measure, Parts
from evals.samples import Sample
from evals.scorers.sets import compared
from evals.scores import Score
from evals.statistics import Cell

COMMONEST = "the six commonest topics"


def of_gold(parts: Parts) -> Iterator[Line]:
    """Recall of the topics that must be there, F1, and how many a card has. The right answer to an abstention isn't measured here."""
    samples, said = _said(parts)
    cells = {
        name: [_cell(sample, _against_gold(sample, topics)) for sample, topics in zip(samples, of, strict=True)]
        for name, of in said.items()
    }
    yield Line("topics that must be there, recall", ratio("hits", "wanted"), cells, 0.75)
    yield Line("topics, F1", micro_f1(), cells)
    yield _tags(samples, said)


def of_groups(parts: Parts) -> Iterator[Line]:
    """Recall of the set's categories, any one topic of ours counting for each, and how many topics a card has."""
    samples, said = _said(parts)
    cells = {
        name: [_cell(sample, _against_groups(sample, topics)) for sample, topics in zip(samples, of, strict=True)]
        for name, of in said.items()
    }
    yield Line("topics that stand for its categories, recall", ratio("hits", "wanted"), cells)
    yield _tags(samples, said)


def _said(parts: Parts) -> tuple[list[Sample], dict[str, list[Sequence[str]]]]:
    """The samples that have gold and get a card, and what is said of each."""
    drafts = [(sample, draft_article(sample.article, load_symbols())) for sample in parts.judged if _gold(sample)]
    kept = [(sample, draft.topics) for sample, draft in drafts if draft.abstain_because is None]
    counted = Counter(topic for sample in parts.rest for topic in _gold(sample))
    common = [topic for topic, _ in counted.most_common(MAX_TOPICS)]
    return [sample for sample, _ in kept], {ENGINE: [topics for _, topics in kept], COMMONEST: [common for _ in kept]}


def _gold(sample: Sample) -> list[str]:
    if sample.gold.topics is not None:
        return sample.gold.topics.must
    return [group[0] for group in sample.gold.topic_groups or ()]


def _against_gold(sample: Sample, topics: Sequence[str]) -> Score:
    gold = sample.gold.topics
    return compared(topics, gold.must, gold.may) if gold else Score(None, "no gold for topics")


def _against_groups(sample: Sample, topics: Sequence[str]) -> Score:
    names = {" or ".join(group): group for group in sample.gold.topic_groups or ()}
    return compared([name for name, group in names.items() if {*group} & {*topics}], names)


def _tags(samples: Sequence[Sample], said: dict[str, list[Sequence[str]]]) -> Line:
    cells = {
        name: [_cell(sample, Score(float(len(of)))) for sample, of in zip(samples, all_of, strict=True)] for name, all_of in said.items()
    }
    return Line("topics a card", mean(), cells, digits=1, share=False)


def _cell(sample: Sample, score: Score) -> Cell:
    return Cell(sample.id, sample.cluster, score)


MEASURES = (Measure("gold", of_gold), Measure("sentivent", of_groups), Measure("reuters21578", of_groups))
