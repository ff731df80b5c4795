"""The engine's labels for names that are given, as sets with labelled entities ask for them, and for a whole text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from agent.article import Article
from agent.engines.extractive.entities import Found, find_entities
from agent.engines.extractive.features import View
from agent.engines.extractive.gathering import Place
from agent.engines.extractive.judging import Judge
from agent.engines.extractive.reading import Reading
from agent.engines.extractive.sentiment import overall
from agent.engines.extractive.tones import tones
from agent.symbols import load_symbols
from agent.taxonomy import SentimentLabel
from evals.goldset import GoldEntity


def names_of(entity: GoldEntity) -> list[str]:
    """All names that gold has for an entity."""
    return [entity.name, *entity.aliases]


def entity_labels(article: Article, names: Sequence[Sequence[str]]) -> list[SentimentLabel]:
    """A label for each entity, given by all its names in the article."""
    reading = Reading(article)
    judge = _judge(reading, names)
    return [judge.sentiment(number).label for number in range(len(names))]


def views_of(article: Article, names: Sequence[Sequence[str]]) -> tuple[Reading, list[list[View]]]:
    """What the engine looks at to label each entity."""
    reading = Reading(article)
    judge = _judge(reading, names)
    return reading, [list(judge.views(number)) for number in range(len(names))]


def found_among(article: Article, names: Sequence[Sequence[str]]) -> list[bool]:
    """Whether the engine finds each entity by itself, under any of its names."""
    reading = Reading(article)
    found = {token for entity in find_entities(reading, load_symbols()) for token in _tokens(entity)}
    return [not found.isdisjoint(_tokens(_given(reading, forms))) for forms in names]


def text_label(article: Article) -> SentimentLabel:
    """The overall label of a text, however short it is."""
    reading = Reading(article)
    return overall(tones(reading, find_entities(reading, load_symbols()))).label


def _judge(reading: Reading, names: Sequence[Sequence[str]]) -> Judge:
    """What the engine finds besides the given names stays in the reading, as others."""
    given = [_given(reading, forms) for forms in names]
    taken = {token for entity in given for place in entity.places for token in range(*place)}
    found = [entity for entity in find_entities(reading, load_symbols()) if taken.isdisjoint(_tokens(entity))]
    entities = [*given, *found]
    return Judge(reading, entities, tones(reading, entities))


def _given(reading: Reading, forms: Sequence[str]) -> Found:
    places = tuple(sorted({place for form in forms for place in _places(reading, form)}))
    return Found(forms[0], "public company", issuer=False, places=places, score=0.0, relevance="central")


def _places(reading: Reading, form: str) -> Iterator[Place]:
    for match in re.finditer(rf"(?<!\w){re.escape(form)}(?!\w)", reading.text):
        first = bisect_right(reading.ends, match.start())
        yield Place(first, max(first + 1, reading.token_at(match.end())))


def _tokens(entity: Found) -> Iterator[int]:
    return (token for place in entity.places for token in range(*place))
