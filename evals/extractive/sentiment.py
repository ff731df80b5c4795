"""Sentiment on public sets: per entity (finentity, sentfin) and of one sentence (financial_phrasebank)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from agent.sentences import sentence_spans
from agent.taxonomy import SentimentLabel
from evals.aggregates import label_f1
from evals.aggregates.columns import pair
from evals.extractive.asking import entity_labels, names_of, text_label
from evals.extractive.table import ENGINE, Line, Measure, Parts
from evals.extractive.vader import vader_label
from evals.samples import Sample
from evals.scorers.sentiment import fold
from evals.scores import Score
from evals.statistics import Cell

CLASSES: tuple[SentimentLabel, ...] = ("negative", "neutral", "positive")

Labels = Callable[[Sample], Sequence[SentimentLabel]]
"""What a system says of a sample: a label for each entity of its gold, or one for the text."""


def per_entity(aim: float) -> Callable[[Parts], Iterator[Line]]:
    """Macro-F1 of the label of each entity, whose name is given."""

    def lines(parts: Parts) -> Iterator[Line]:
        systems: dict[str, Labels] = {
            ENGINE: lambda sample: entity_labels(sample.article, [names_of(entity) for entity in sample.gold.entities or ()]),
            "VADER": lambda sample: [vader_label(_said_of(sample, at)) for at in range(len(_gold(sample)))],
            "majority": _always(_majority(parts.rest), _gold),
        }
        yield _line("label of each entity, macro-F1", systems, parts.judged, _gold, aim)

    return lines


def per_text(aim: float) -> Callable[[Parts], Iterator[Line]]:
    """Macro-F1 of the label of each text."""

    def lines(parts: Parts) -> Iterator[Line]:
        systems: dict[str, Labels] = {
            ENGINE: lambda sample: [text_label(sample.article)],
            "VADER": lambda sample: [vader_label(sample.article.text)],
            "majority": _always(_majority(parts.rest), _gold),
        }
        yield _line("label of each sentence, macro-F1", systems, parts.judged, _gold, aim)

    return lines


MEASURES = (
    Measure("finentity", per_entity(0.70)),
    Measure("sentfin", per_entity(0.72)),
    Measure("financial_phrasebank", per_text(0.70)),
)


def _line(what: str, systems: dict[str, Labels], samples: Sequence[Sample], gold: Labels, aim: float) -> Line:
    cells = {name: [_cell(sample, gold(sample), said(sample)) for sample in samples] for name, said in systems.items()}
    return Line(what, label_f1(CLASSES), cells, aim)


def _cell(sample: Sample, gold: Sequence[SentimentLabel], said: Sequence[SentimentLabel]) -> Cell:
    """Pairs of labels, counted; unscored where the sample has no gold."""
    pairs = Counter(pair(right, fold(label, folded=True)) for right, label in zip(gold, said, strict=True))
    score = Score(1.0, counts={name: float(count) for name, count in pairs.items()}) if pairs else Score(None, "no gold")
    return Cell(sample.id, sample.cluster, score)


def _gold(sample: Sample) -> list[SentimentLabel]:
    """The labels of a sample's entities, or of the sample."""
    if sample.gold.sentiment is not None:
        return [sample.gold.sentiment.label]
    return [entity.sentiment for entity in sample.gold.entities or ()]


def _names(sample: Sample, at: int) -> list[str]:
    return names_of((sample.gold.entities or ())[at])


def _said_of(sample: Sample, at: int) -> str:
    """The sentences that have one of an entity's names."""
    text, names = sample.article.text, _names(sample, at)
    sentences = (text[start:end] for start, end in sentence_spans(text))
    return " ".join(sentence for sentence in sentences if any(name in sentence for name in names)) or text


def _majority(samples: Iterable[Sample]) -> SentimentLabel:
    counted = Counter(label for sample in samples for label in _gold(sample))
    return max(CLASSES, key=lambda label: counted[label])


def _always(label: SentimentLabel, gold: Labels) -> Labels:
    return lambda sample: [label for _ in gold(sample)]
