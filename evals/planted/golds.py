"""The gold cards' reference prose as faithful pairs: articles that none of the checks was built on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from agent.draft import ANALYSIS_CHARS, QUOTE_CHARS, Draft, EntityKind
from agent.sentences import sentence_spans
from agent.taxonomy import COMPONENTS
from evals.goldset import GoldCard, GoldEntity, GoldJudgement, Split
from evals.planted.pairs import Cast, Member, Pair

REASON = "as the gold card has it"
_ORGANISATIONS: frozenset[EntityKind] = frozenset({"public company", "private company", "fund", "government body", "country", "other"})
_PRICES: frozenset[EntityKind] = frozenset({"index", "currency", "commodity", "crypto"})


def gold_pairs(golds: Sequence[GoldCard], split: Split) -> tuple[Pair, ...]:
    """One part of the gold cards as pairs, by id; those that abstain have none."""
    judged = [(gold, gold.judged) for gold in golds if gold.split == split]
    return tuple(
        Pair(gold.read(), reference_draft(gold, card), reference_cast(card.entities), "gold", 1)
        for gold, card in judged
        if card is not None
    )


def reference_draft(gold: GoldCard, judged: GoldJudgement) -> Draft:
    """The gold card as a draft: its prose and labels, each entity with the first sentence that names it as its quote."""
    rating = {"reason": REASON, "level": 2}
    return Draft.model_validate(
        {
            "entities": [_entity(gold, entity) for entity in judged.entities],
            "topics": judged.topics.must,
            "impact": dict.fromkeys(COMPONENTS, rating),
            "overall": {"reason": REASON, "label": judged.sentiment.label},
            "abstain_because": None,
            "summary": judged.summary,
            "analysis": judged.analysis[:ANALYSIS_CHARS],
        }
    )


def reference_cast(entities: Sequence[GoldEntity]) -> Cast:
    """Who is who: the entities with their aliases. Those that share a word or a ticker are too close to be exchanged."""
    members = [(entity, (entity.name, *entity.aliases)) for entity in entities]
    return Cast(
        persons=tuple(member for entity, member in members if entity.kind == "person"),
        organisations=tuple(member for entity, member in members if entity.kind in _ORGANISATIONS),
        markets=tuple(member for entity, member in members if entity.kind in _PRICES),
        related=tuple(_related(members)),
    )


def _related(members: Sequence[tuple[GoldEntity, Member]]) -> Iterable[Member]:
    for index, (one, forms) in enumerate(members):
        words = {word for form in forms for word in form.lower().split()}
        for other, theirs in members[index + 1 :]:
            if {*one.tickers} & {*other.tickers} or words & {word for form in theirs for word in form.lower().split()}:
                yield forms[0], theirs[0]


def _entity(gold: GoldCard, entity: GoldEntity) -> dict[str, object]:
    text = gold.read().text
    sentences = [text[start:end] for start, end in sentence_spans(text) if end - start <= QUOTE_CHARS]
    names = (entity.name, *entity.aliases)
    quote = next((sentence for name in names for sentence in sentences if name in sentence), sentences[0])
    values: dict[str, object] = {"name": entity.name, "kind": entity.kind, "quotes": [quote], "relevance": "central"}
    return values | {"reason": REASON, "sentiment": entity.sentiment}
