"""How far prices moved: `Snap fell 27%`, `the S&P 500 closed 4.8% lower`, `lost a third of its value`; of figures such as sales nothing."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from agent.engines.extractive.entities import Found
from agent.engines.extractive.lexicons import read_lexicon
from agent.engines.extractive.reading import Reading, Sentence
from agent.engines.extractive.resuming import resumptions
from agent.engines.extractive.terms import phrases

Subject = Literal["shares", "index", "currency", "commodity", "crypto"]

REACH = 9
"""How many tokens before a percentage its direction word may stand; behind it, AFTER."""
AFTER = 4
SPAN = 5
"""Within so many tokens behind it `this year` or `since` makes a move one of months, which isn't the news."""
UNNAMED = "the shares"
LARGEST = 1_000.0
"""Per cent; beyond this it is no move of a price."""

MULTIPLES = {"doubled": 100.0, "tripled": 200.0, "triple": 200.0, "quadrupled": 300.0, "halved": 50.0}
FRACTIONS = {"tenth": 10.0, "fifth": 20.0, "quarter": 25.0, "third": 33.0, "half": 50.0}
"""Moves in words, as per cent."""
_PERCENTAGES = frozenset({"percent", "cent", *MULTIPLES, *FRACTIONS})

_PER_CENT = re.compile(r"(\d{1,4}(?:\.\d+)?)%$")
_YEAR = re.compile(r"(?:19|20)\d\d$")
_NUMBER = re.compile(r"(\d{1,4}(?:\.\d+)?)$")
_SAID = re.compile(r"\b(?:per ?cent|halved|tripled?|doubled|quadrupled|a (?:tenth|fifth|quarter|third|half)|half)\b", re.IGNORECASE)
_KINDS: dict[str, Subject] = {"index": "index", "currency": "currency", "commodity": "commodity", "crypto": "crypto"}
_CONDITIONS = frozenset({"if", "unless"})
_COMPANIES = {"public company", "private company"}


@dataclass(frozen=True, slots=True)
class Move:
    """A price that moved by `percent` (of its value, above 0, up or down): `name` says whose, `words` are the article's."""

    subject: Subject
    name: str
    percent: float
    sentence: int
    words: str


@dataclass(frozen=True, slots=True)
class _Of:
    """Whose price the words from token `first` on are about; `subject` None for a figure that is no price. `named`: where its owner is."""

    subject: Subject | None
    name: str
    first: int
    named: int


@dataclass(frozen=True, slots=True)
class _Changes:
    """The tokens of a sentence at which anything can change, and whose price is named at which; `resumed` as `resumptions` has it."""

    tokens: Sequence[int]
    owners: Mapping[int, _Of]
    resumed: Mapping[int, int]


def find_moves(reading: Reading, entities: Sequence[Found]) -> list[Move]:
    """The moves of a day that title and prose tell, in order. Shares without a company's name in their sentence go by `UNNAMED`."""
    owners = _owners(entities)
    resumed = resumptions(reading)
    changing = sorted(
        {*owners, *resumed, *resumed.values(), *reading.tokens_of(_telling() | {word for word in reading.places if word[0].isdigit()})}
    )
    moves: list[Move] = []
    for sentence in _telling_sentences(reading):
        tokens = changing[bisect_left(changing, sentence.first) : bisect_left(changing, sentence.last)]
        moves += _of_sentence(reading, sentence, _Changes(tokens, owners, resumed))
    return moves


def _telling_sentences(reading: Reading) -> Iterator[Sentence]:
    """Those of title and prose that say anything in per cent; most don't, and cost no more than this."""
    said = reading.tokens_of(_PERCENTAGES | {word for word in reading.places if word.endswith("%")})
    for sentence in dict.fromkeys(map(reading.sentence_of, said)):
        if sentence.role in {"title", "prose"} and _told(reading, sentence):
            yield sentence


def _told(reading: Reading, sentence: Sentence) -> bool:
    text = reading.quote(sentence)
    return "%" in text or _SAID.search(text) is not None


def _subject(entity: Found) -> Subject | None:
    return "shares" if entity.issuer or entity.kind in _COMPANIES else _KINDS.get(entity.kind)


def _owners(entities: Sequence[Found]) -> dict[int, _Of]:
    """Token at which something with a price is named -> whose."""
    owners = {}
    for entity in entities:
        subject = _subject(entity)
        if subject:
            owners.update({place.first: _Of(subject, entity.name, place.first, place.first) for place in entity.places})
    return owners


def _of_sentence(reading: Reading, sentence: Sentence, changes: _Changes) -> Iterator[Move]:
    words = reading.words
    before: dict[int, _Of | None] = {}
    of: _Of | None = None
    company: _Of | None = None
    telling = _telling()
    for token in changes.tokens:
        before[token] = of
        of = before.get(changes.resumed.get(token, token), of)
        counted = _price(reading, sentence, token, company) if words[token] in telling else None
        of = changes.owners.get(token) or counted or of
        if of and of.first == token and of.subject == "shares":
            company = of
        percent = _percent(words, token, sentence.last)
        if percent is None or of is None or of.subject is None or not 0 < percent <= LARGEST:
            continue
        near = words[max(of.first, token - REACH) : min(sentence.last, token + AFTER)]
        behind = words[token + 1 : token + 1 + SPAN]
        supposed = not _CONDITIONS.isdisjoint(words[max(sentence.first, of.named - 2) : of.first + 1])
        if not supposed and _moved(near) and _of_a_day(behind):
            end = token + bool(_words("directions").intersection(behind[:1]))
            said = reading.text[reading.starts[max(of.named, token - REACH)] : reading.ends[end]]
            yield Move(of.subject, of.name, percent, sentence.index, " ".join(said.split()))


def _moved(near: Sequence[str]) -> bool:
    """Whether the words around a percentage say that something moved, and not that it could."""
    return not _words("directions").isdisjoint(near) and _words("unreal").isdisjoint(near)


def _of_a_day(behind: Sequence[str]) -> bool:
    """Whether the words behind a percentage leave it a move of the day: no part of a whole, no `this year`, but `its worst in years`."""
    if not _words("shares_of_a_whole").isdisjoint(behind[:1]) and "value" not in behind:
        return False
    long = not _words("spans").isdisjoint(behind) or any(_YEAR.match(word) for word in behind)
    return not long or not _words("extremes").isdisjoint(behind)


def _price(reading: Reading, sentence: Sentence, token: int, company: _Of | None) -> _Of | None:
    """The price (or the figure that is none) that token `token` is: `shares`, `stocks`, `crude`; `a share` counts money, not prices."""
    words = reading.words
    word = words[token]
    before = words[token - 1] if token > sentence.first else ""
    if word in _words("figures") or (word == "share" and before in {"a", "per", "each", "of"}):
        return _Of(None, word, token, token)
    subject = _prices().get(word)
    if subject == "shares" and before in _words("wide") and not (token > 1 and reading.possessive(token - 2)):
        return _Of("index", f"{before} {word}", token, token - 1)
    if subject == "shares":
        return _Of(subject, company.name if company else UNNAMED, token, company.named if company else token)
    return _Of(subject, word, token, token) if subject else None


def _percent(words: Sequence[str], token: int, stop: int) -> float | None:
    """Per cent said at `token`: `15%`, `15 percent`, `a third of its value`, `tripled`; None where there is none."""
    word = words[token]
    if word[0].isdigit():
        unit = words[token + 1 : min(token + 3, stop)]
        said = _PER_CENT.match(word)
        if said is None and (unit[:1] == ["percent"] or unit == ["per", "cent"]):
            said = _NUMBER.match(word)
        return float(said[1]) if said else None
    if word in MULTIPLES:
        return MULTIPLES[word] if not _words("objects").intersection(words[token + 1 : token + 2]) else None
    if word in FRACTIONS and words[token - 1] in {"a", "one"} and "value" in words[token + 1 : min(token + 5, stop)]:
        return FRACTIONS[word]
    return FRACTIONS.get(word) if words[token - 2 : token] == ["by", "a"] else None


@lru_cache(maxsize=1)
def _prices() -> dict[str, Subject]:
    data = read_lexicon("impact")["moves"]["prices"]
    return {word: subject for subject, group in data.items() for (word,) in phrases(group)}


@lru_cache(maxsize=1)
def _telling() -> frozenset[str]:
    """Words at which anything can change, besides figures: prices, counted things, moves in words. Most tokens are none of them."""
    return frozenset({*_prices(), *_words("figures"), "share", *MULTIPLES, *FRACTIONS})


@lru_cache(maxsize=16)
def _words(name: str) -> frozenset[str]:
    """A list of single words of the lexicon's `moves`."""
    return frozenset(phrase[0] for phrase in phrases(read_lexicon("impact")["moves"][name]))
