"""From an article to its draft: the order of the steps, and the fields they fill."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.article import Article
from agent.draft import Draft, DraftEntity, DraftImpact, DraftRating, DraftSentiment
from agent.engines.extractive.closing import closing
from agent.engines.extractive.entities import MAX_DRAFTED, Found, find_entities
from agent.engines.extractive.impact import rate_impact
from agent.engines.extractive.judging import Judge
from agent.engines.extractive.language import why_abstain
from agent.engines.extractive.moves import find_moves
from agent.engines.extractive.quotes import quotes_of
from agent.engines.extractive.reading import Reading
from agent.engines.extractive.relevance import with_told
from agent.engines.extractive.sentiment import overall
from agent.engines.extractive.summary import Sentences, prose_of
from agent.engines.extractive.tones import tones
from agent.engines.extractive.topics import find_topics

if TYPE_CHECKING:
    from agent.symbols import SymbolTable

TRADED = {"index", "commodity", "crypto", "currency"}


def draft_article(article: Article, symbols: SymbolTable) -> Draft:
    """The draft of one article; `abstain_because` is set when there is nothing to draft from. Never raises for a text."""
    reading = Reading(article)
    entities = [entity for entity in find_entities(reading, symbols) if _told(reading, entity)]
    reason = why_abstain(reading, market_names=sum(entity.issuer or entity.kind in TRADED for entity in entities))
    if reason is not None:
        return abstention(reason)
    heard = tones(reading, entities)
    entities = with_told(reading, entities, heard)
    judge = Judge(reading, entities, heard)
    drafted = [_entity(reading, judge, number, entity) for number, entity in enumerate(entities[:MAX_DRAFTED])]
    mood = overall(heard)
    moves = find_moves(reading, entities)
    sentences = Sentences(reading, entities, moves)
    summary = sentences.summary()
    analysis = prose_of(reading, sentences.analysis(summary))
    return Draft(
        entities=drafted,
        topics=find_topics(reading, entities),
        impact=rate_impact(reading, entities, moves),
        overall=mood,
        abstain_because=None,
        summary=prose_of(reading, summary),
        analysis=f"{analysis} {closing(mood.label, drafted)}",
    )


def abstention(reason: str) -> Draft:
    """A draft that says only why there is none."""
    nothing = DraftRating(reason="not rated", level=0)
    return Draft(
        entities=[],
        topics=[],
        impact=DraftImpact(materiality=nothing, breadth=nothing, surprise=nothing, immediacy=nothing, certainty=nothing),
        overall=DraftSentiment(reason="not rated", label="neutral"),
        abstain_because=reason,
        summary="",
        analysis="",
    )


def _told(reading: Reading, entity: Found) -> bool:
    """Whether an entity is named anywhere but in a paragraph that speaks to machines."""
    return any(reading.sentence_of(place.first).role != "orders" for place in entity.places)


def _entity(reading: Reading, judge: Judge, number: int, entity: Found) -> DraftEntity:
    mood = judge.sentiment(number)
    return DraftEntity(
        name=entity.name,
        kind=entity.kind,
        quotes=quotes_of(reading, entity, judge.heard_of(number)),
        relevance=entity.relevance,
        reason=mood.reason,
        sentiment=mood.label,
    )
