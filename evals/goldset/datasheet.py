"""The tables of evals/gold/README.md: how the cards are spread and how far the labellings agree. cog writes them into the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import get_args

from agent.taxonomy import SentimentLabel, load_taxonomy
from evals.goldset.agreement import Agreed, agreement
from evals.goldset.cards import GoldCard, GoldJudgement, load_gold
from evals.goldset.labellings import adjudications, first_labelling, second_labelling
from evals.goldset.tags import BRIEF, LONG, TAGS, TRANSCRIPT
from evals.goldset.whole import gate_digest

_IMPACT_BINS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.01)
_WORD_BINS = (0, BRIEF, 200, 300, LONG, TRANSCRIPT)


def datasheet() -> str:
    """Markdown: every table, in the order of the page."""
    golds = load_gold()
    first, second = first_labelling(), second_labelling()
    parts = [
        _agreement(agreement(golds, first, second), len(golds)),
        _decisions(),
        _spread("Split", golds, lambda gold: [gold.split], ("dev", "gate")),
        _spread("Overall label", golds, lambda gold: [gold.judged.sentiment.label if gold.judged else "abstain"], (*_labels(), "abstain")),
        _spread("Market impact", golds, _impact, [_span(bounds) for bounds in _bins(_IMPACT_BINS)]),
        _spread("Words of the article", golds, _length, [_words(low) for low in _WORD_BINS]),
        _spread("Tag", golds, lambda gold: gold.tags, [*TAGS]),
        _spread("Kind of entity, entities", golds, lambda gold: [e.kind for e in gold.judged.entities] if gold.judged else [], ()),
        _spread(
            "Topic that must be there", golds, lambda gold: gold.judged.topics.must if gold.judged else [], load_taxonomy().topic_names
        ),
        f"Digest of the ids of `gate`: `{gate_digest(golds)[:16]}`; a test holds it.",
    ]
    return "\n\n".join(parts)


def _agreement(agreed: Sequence[Agreed], cards: int) -> str:
    rows = [(one.what, one.measure, _figure(one.value), str(one.pairs)) for one in agreed]
    return _table((f"Agreement before adjudication, {cards} cards", "measure", "value", "pairs"), rows)


def _decisions() -> str:
    rulings = adjudications()
    fields = Counter(ruling.field.split(":")[0] for ruling in rulings)
    changed = Counter(ruling.field.split(":")[0] for ruling in rulings if ruling.decision != ruling.first)
    return _table(
        ("Adjudicated field", "decisions", "of which changed the card"), [(f, str(n), str(changed[f])) for f, n in fields.most_common()]
    )


def _spread(head: str, golds: Sequence[GoldCard], classes: Callable[[GoldCard], Sequence[str]], order: Iterable[str]) -> str:
    counts = {part: Counter(name for gold in golds if gold.split == part for name in classes(gold)) for part in ("dev", "gate")}
    seen = counts["dev"] + counts["gate"]
    names = [*order] or [name for name, _ in seen.most_common()]
    return _table((head, "all", "dev", "gate"), [(n, str(seen[n]), str(counts["dev"][n]), str(counts["gate"][n])) for n in names])


def _labels() -> tuple[SentimentLabel, ...]:
    return get_args(SentimentLabel)


def _impact(gold: GoldCard) -> list[str]:
    card: GoldJudgement | None = gold.judged
    return [_span((low, high)) for low, high in _bins(_IMPACT_BINS) if card and low <= card.market_impact.value < high]


def _bins(edges: Sequence[float]) -> list[tuple[float, float]]:
    return [*pairwise(edges)]


def _span(bounds: tuple[float, float]) -> str:
    return f"{bounds[0]:.1f} to {'1.0' if bounds[1] > 1 else f'below {bounds[1]:.1f}'}"


def _length(gold: GoldCard) -> list[str]:
    words = len(gold.article.text.split())
    return [_words(max(low for low in _WORD_BINS if words >= low))]


def _words(low: int) -> str:
    above = [edge for edge in _WORD_BINS if edge > low]
    return f"{low} to {above[0] - 1}" if above else f"{low} and more"


def _figure(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.2f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
