"""Who speaks: the name in the phrase beside a word of saying.

"Harrowby's chief executive, Petra Vance, said", "said Owen Tate, an analyst at Shorewood", "according to analysts at Bramall". "The
company", "critics" and any noun that no name goes with are nobody; where a phrase can't be read, nobody is told.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from agent.grounding.attribution.tokens import WINDOW, Phrase, ahead, back, inserted_in, tokens_of, word_from
from agent.grounding.attribution.words import (
    ADVERBS,
    BODIES,
    OFFICIALS,
    ORGS,
    PARTICLES,
    ROLE_LINKS,
    ROLES,
    SAYS,
    TITLES,
    VAGUE,
    WHEN,
)
from agent.grounding.common import ANYWHERE
from agent.symbols.lexicon import load_lexicon

_OWNER_WORDS = 4

_JOINS = frozenset("of the and".split())
_OF_SUBJECT = ROLES | TITLES | BODIES | ROLE_LINKS | PARTICLES | frozenset("the a an its his her".split())
_NEW_CLAUSE = frozenset("and but while whereas when as after before that because since which who whose where although though if".split())
_MAKER = re.compile(r"(?:er|or|ist|firm|giant|group|bank|airline|company|biotech|start-?up|chain|regulator|watchdog|union|fund)$")
_BODY_WORDS = 3
_PASSED = frozenset("former ex then".split())


class Speaker(NamedTuple):
    """A name at `start:end` of its text. `words`: those of the name; `near`: of other names in its phrase; `employer`: of those, its own.

    `person` is True for somebody, False for an organisation or for who speaks for it, None where the phrase doesn't say; `official`: of
    a state. "He" and "she" are somebody without words.
    """

    start: int
    end: int
    words: frozenset[str]
    near: frozenset[str] = frozenset()
    employer: frozenset[str] = frozenset()
    person: bool | None = None
    official: bool = False


def subject_before(text: str, start: int, verb: int) -> Speaker | None:
    """Whose name the phrase right before the word at `verb` is, no further back than `start`; behind "and" and "but" its clause's."""
    tokens = tokens_of(text, word_from(text, start, verb), verb)
    while tokens and (tokens[-1].word in ADVERBS or (tokens[-1].word.endswith("ly") and not tokens[-1].capital)):
        tokens.pop()
    if tokens and (tokens[-1].word in {"and", "but"} or text[verb : verb + 20].split(" ", maxsplit=1)[0].endswith("ing")):
        return _subject(text, start, tokens[-1].start)
    inserted: Phrase = []
    if tokens and tokens[-1].word == ",":
        opening = next((index for index in range(len(tokens) - 2, 0, -1) if tokens[index].word == ","), 0)
        inserted, tokens = tokens[opening + 1 : -1], tokens[:opening]
    return _read(back(tokens), inserted)


def name_after(text: str, start: int, end: int) -> Speaker | None:
    """Whose name the phrase is that begins at `start`, right behind "said" or "according to", and goes no further than `end`."""
    phrase, rest = ahead(tokens_of(text, start, min(end, start + WINDOW)))
    while phrase and phrase[-1].word in WHEN:
        phrase.pop()
    return _read(phrase, inserted_in(rest))


def _subject(text: str, start: int, stop: int) -> Speaker | None:
    """Whose name a clause begins with, when all up to `stop` is that one clause."""
    tokens = tokens_of(text, start, stop)
    return None if any(token.word in _NEW_CLAUSE for token in tokens) else _leading(tokens)


def _leading(tokens: Phrase) -> Speaker | None:
    """The name that the tokens begin with."""
    last = _subject_end(tokens, 0)
    maker = next((at for at in range(last, min(last + _BODY_WORDS, len(tokens) - 1)) if _MAKER.search(tokens[at].word)), None)
    if maker is not None and tokens[maker + 1].capital:  # British packaging maker Tarvest
        last = _subject_end(tokens, maker + 1)
    elif tokens[:last] and VAGUE.issuperset(token.word for token in tokens[:last]):
        return None
    while last and not tokens[last - 1].capital and tokens[last - 1].word not in ROLES | BODIES:
        last -= 1
    return _read(tokens[:last], inserted_in(tokens[last:]))


def _subject_end(tokens: Phrase, start: int) -> int:
    return next((at for at in range(start, len(tokens)) if not tokens[at].capital and tokens[at].word not in _OF_SUBJECT), len(tokens))


def name_leading(text: str, start: int, end: int) -> Speaker | None:
    """Whose name a sentence begins with."""
    return _leading(tokens_of(text, start, min(end, start + WINDOW)))


def name_at(text: str, start: int, end: int) -> Speaker | None:
    """The name at a place, with what is set before it and behind it."""
    behind = tokens_of(text, end, min(len(text), end + WINDOW))
    if behind and behind[0].capital and text[end : behind[0].start] == " ":
        return None  # a longer name
    linked, rest = ahead(behind) if behind and behind[0].word in ROLE_LINKS else ([], behind)
    if not any(token.capital for token in linked):
        linked = []
    while linked and not linked[-1].capital:
        linked.pop()
    tokens = tokens_of(text, word_from(text, 0, start), end)
    phrase = back(tokens)
    before = len(tokens) - len(phrase) - 1
    if before > 0 and tokens[before].word == "," and tokens[before - 1].word in ROLES:
        phrase = [*back(tokens[:before]), *phrase]  # Harrowby's chief executive, Petra Vance
    return _read([*phrase, *linked], inserted_in(rest))


def _read(phrase: Phrase, inserted: Phrase) -> Speaker | None:
    """Who is named by a phrase, with what is inserted behind it between commas."""
    if not phrase:
        return None
    last = phrase[-1]
    if last.word in {"he", "she"}:
        return Speaker(last.start, last.end, frozenset(), person=True)
    if any(token.word in SAYS for token in inserted):
        return None
    if inserted and not last.capital and all(token.capital for token in inserted) and any(token.word in ROLES for token in phrase):
        phrase, inserted = [*phrase, *inserted], []
    named = phrase[-1].capital and not phrase[-1].owns
    speaker = _named(phrase) if named else _body(phrase)
    return _with(speaker, inserted) if speaker is not None and inserted else speaker


def _named(phrase: Phrase) -> Speaker | None:
    """The name that a phrase ends with, or the one before it: "Jane Doe of Acme"."""
    first = _run(phrase, len(phrase))
    at = first - 1 - (first > 0 and phrase[first - 1].word == "the")
    if first == len(phrase):
        return None
    if at < 1 or phrase[at].word not in ROLE_LINKS:
        return _holder(phrase, first)
    before, start = phrase[at - 1], _run(phrase, at)
    if before.word in ROLES:
        return _speaker(phrase[first:], person=False)
    if start == at or before.owns:
        return None
    if phrase[at].word == "of" and (at - start < 2 or not ORGS.isdisjoint(token.word for token in phrase[start:at])):  # noqa: PLR2004
        return _speaker(phrase[start:], person=False)
    return _holder(phrase[:at], start, _words(phrase[first:]))


def _holder(phrase: Phrase, first: int, employer: frozenset[str] = frozenset()) -> Speaker | None:
    """The name from `first` on, and what its phrase sets before it: a role, an employer."""
    at = first - 1
    while at >= 0 and first - at <= _OWNER_WORDS and not phrase[at].owns and (_is_title(phrase, at) or not phrase[at].capital):
        at -= 1
    before = frozenset(token.word for token in phrase[at + 1 : first])
    if not before.isdisjoint(ROLE_LINKS) and before.isdisjoint(ROLES):
        return None
    owner = phrase[_run(phrase, at + 1) : at + 1] if at >= 0 and phrase[at].capital else []
    holds = not before.isdisjoint(ROLES)
    official = not before.isdisjoint(OFFICIALS)
    is_owned = bool(owner) and owner[-1].owns and len(phrase) - first > 1
    near = employer | _words(owner)
    if (holds or is_owned) and not official and before.isdisjoint(_PASSED):
        employer |= _words(owner)
    person = True if holds or employer or is_owned else None
    speaker = _speaker(phrase[first:], person=person)
    return speaker and speaker._replace(near=near, employer=employer, official=official)


def _body(phrase: Phrase) -> Speaker | None:
    """The name of those whom a phrase ends with: "Bramall's analysts", "the Carver family"."""
    last = len(phrase) - 1
    while last >= 0 and not phrase[last].capital:
        last -= 1
    if last < 0 or len(phrase) - last > _OWNER_WORDS or phrase[-1].word not in ROLES | BODIES:
        return None
    if phrase[-1].word in BODIES and not phrase[last].owns:
        speaker = _named(phrase[: last + 1])
        return speaker if speaker is None or speaker.person else speaker._replace(person=False)
    return _speaker(phrase[_run(phrase, last + 1) : last + 1], person=False)


def _with(speaker: Speaker, inserted: Phrase) -> Speaker:
    """What stands behind a name tells who it is: "an analyst at Shorewood", "who runs Harrowby", "which owns 12%"."""
    words = frozenset(token.word for token in inserted)
    names = _words([token for token in inserted if token.capital])
    near = speaker.near | names
    if inserted[0].word == "which" or speaker.person is False:
        return speaker._replace(near=near, person=False)
    if inserted[0].word in {"who", "whose"}:
        return speaker._replace(near=near, person=True)
    if words.isdisjoint(ROLES):
        return speaker._replace(near=near, person=speaker.person if words.isdisjoint(ORGS) else False)
    official = speaker.official or not words.isdisjoint(OFFICIALS)
    employer = speaker.employer | (names if words.isdisjoint(_PASSED) and not official else frozenset())
    return speaker._replace(near=near, employer=employer, person=True, official=official)


def _run(phrase: Phrase, end: int) -> int:
    """Where the name begins that ends before `end`; a title is no part of it."""
    first = end
    while first and phrase[first - 1].capital and not _is_title(phrase, first - 1) and not (phrase[first - 1].owns and first < end):
        first -= 1
        if first > 1 and phrase[first - 1].word in PARTICLES and phrase[first - 2].capital:
            first -= 1
    return first


def _is_title(phrase: Phrase, at: int) -> bool:
    """Whether a word is a role or goes before one: Finance Minister."""
    while at < len(phrase) and phrase[at].word in TITLES and phrase[at].word not in ROLES:
        at += 1
    return at < len(phrase) and phrase[at].word in ROLES


def _speaker(run: Phrase, *, person: bool | None) -> Speaker | None:
    words = _words(run)
    if not words:
        return None
    if person is None and not ORGS.isdisjoint(token.word for token in run):
        person = False
    return Speaker(run[0].start, run[-1].end, words, person=person)


def _words(run: Phrase) -> frozenset[str]:
    """The words of a name that tell; an ordinary word that only begins a sentence ("Miner Sarnholm") doesn't."""
    if len(run) > 1 and run[0].opens and run[0].word in load_lexicon().words and not ORGS.issuperset(t.word for t in run[1:]):
        run = run[1:]
    if len(run) == 1 and run[0].opens and run[0].word in load_lexicon().words:
        return frozenset()
    words = frozenset(token.word for token in run) - ANYWHERE - PARTICLES - _JOINS
    return words - ORGS or words


def run_of(tokens: Phrase) -> Phrase:
    """The name that the tokens end with."""
    return tokens[_run(tokens, len(tokens)) :]


def name_of(run: Phrase) -> Speaker | None:
    """The bearer of a name; None where it says nothing by itself."""
    return _speaker(run, person=None) if run else None
