"""What kind of thing a capitalised name is, from the words beside it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from agent.draft import EntityKind
from agent.engines.extractive.lexicons import read_lexicon
from agent.engines.extractive.names import Run
from agent.engines.extractive.reading import Reading

APPOSITION_TOKENS = 9
Evidence = Counter[str]
"""Kind -> strength. Besides the draft's kinds: `company` (listed or not), `listed`, `startup`,`speaks`: it reports, agrees."""

_DETERMINERS = frozenset("a an the its his her their whose which who one another".split())
_SPEAKS = frozenset("reported unveiled launched agreed".split())
_PRIVATE = frozenset({"startup", "startups", "private", "privately", "unicorn"})
_AFTER_SHARES = frozenset(
    "rose fell were was are have had slid sank closed jumped dropped surged plunged climbed gained tumbled lost up down in".split()
)
_MOVES = _AFTER_SHARES - frozenset("was are were have had up down in".split()) | {"soared", "advanced", "shed", "rallied", "sold"}
"""What a price does; a name that fell by so many per cent is that of something listed."""


@dataclass(frozen=True, slots=True)
class _Words:
    before: frozenset[str]
    after: frozenset[str]
    given: frozenset[str]
    suffixes: dict[str, str]
    nouns: dict[str, str]
    things: frozenset[str]


def evidence(reading: Reading, run: Run) -> Evidence:
    """What the neighbours of one occurrence say of its kind."""
    found: Evidence = Counter()
    words = _words()
    _from_itself(reading, run, words, found)
    if ends_like_organisation(reading, run):  # Fox News is no person, whoever of it is named beside it
        _from_trade(reading, run, words, found)
    else:
        _from_before(reading, run, words, found)
        _from_trade(reading, run, words, found)
        if reading.gaps[run.last - 1].startswith(","):
            _from_apposition(reading, run, words, found)
    return found


def kind_of(found: Evidence) -> EntityKind:
    """The kind with the strongest evidence. A company is `public` where the article speaks of its shares and calls it no startup."""
    # Capitals inside a word (GeForce) alone may be a product's.
    company = found["company"] + found["listed"] + (found["speaks"] > 0)
    choices: list[tuple[int, EntityKind]] = [
        (found["person"], "person"),
        (found["fund"], "fund"),
        (found["government body"], "government body"),
        (found["other"], "other"),
        (company if company > 1 else 0, "public company" if found["listed"] and not found["startup"] else "private company"),
    ]
    strength, kind = max(choices, key=lambda choice: choice[0])
    return kind if strength > 0 else "other"


def looks_like_person(reading: Reading, run: Run) -> bool:
    """A given name and one or two more words, the last of them no company's suffix."""
    words = _words()
    last = reading.words[run.last - 1]
    return 2 <= run.last - run.first <= 3 and reading.words[run.first] in words.given and last not in words.suffixes  # noqa: PLR2004


def ends_like_organisation(reading: Reading, run: Run) -> bool:
    """The last of several words names a sort of organisation (Post, University, Bank)."""
    return run.last - run.first > 1 and reading.words[run.last - 1] in _words().suffixes


def _from_itself(reading: Reading, run: Run, words: _Words, found: Evidence) -> None:
    suffix = words.suffixes.get(reading.words[run.last - 1]) if run.last - run.first > 1 else None
    surface = reading.surface(run.first, run.last)
    if suffix:
        found[suffix] += 2
    elif looks_like_person(reading, run):
        found["person"] += 2
    elif run.last - run.first == 1 and not surface.isupper() and any(char.isupper() for char in surface[1:]):
        found["company"] += 1


def _from_before(reading: Reading, run: Run, words: _Words, found: Evidence) -> None:
    if run.first <= run.sentence.first:
        return
    at, start = run.first - 1, run.sentence.first
    before, gap = reading.words[at], reading.gaps[at]
    if before in words.before and gap in {" ", ", ", ". "}:
        found["person"] += 2
    elif before in words.nouns and gap == " ":
        found[words.nouns[before]] += 2
        found["startup"] += before in _PRIVATE
        at -= 1  # shares of rival X
    if at - 1 >= start and reading.words[at] in {"of", "in", "at", "by"} and reading.words[at - 1] in words.things:
        found["company"] += 1
        found["listed"] += reading.words[at] in {"of", "in"} and reading.words[at - 1] in {"shares", "stock"}


def _from_trade(reading: Reading, run: Run, words: _Words, found: Evidence) -> None:
    """`X rose 13%`, `X's customers`, `X shares fell`: what companies do and have, right behind the name."""
    last, stop = run.last, run.sentence.last
    if reading.gaps[last - 1] != " ":
        return
    found["speaks"] += last < stop and reading.words[last] in _SPEAKS
    moved = last < stop and reading.words[last] in _MOVES and any(word.endswith("%") for word in reading.words[last + 1 : last + 3])
    found["company"] += 2 * moved
    found["listed"] += moved
    possessive = reading.possessive(last - 1)
    for token in range(last, min(stop, last + (4 if possessive else 1))):
        if reading.words[token] in words.things:
            found["company"] += 1
            shares = reading.words[token] in {"shares", "stock"}
            found["listed"] += shares and (possessive or (token + 1 < stop and reading.words[token + 1] in _AFTER_SHARES))
            break


def _from_apposition(reading: Reading, run: Run, words: _Words, found: Evidence) -> None:
    """`X, a data-labeling startup` and `Y, X's chief executive`: the first telling word decides, possessives aside."""
    first, stop = run.last, min(run.sentence.last, run.last + APPOSITION_TOKENS)
    if first >= stop or not (reading.words[first] in _DETERMINERS | words.after or _possessive_soon(reading, first, stop)):
        return
    inside = list(takewhile(lambda token: token == first or "," not in reading.gaps[token - 1], range(first, stop)))
    found["startup"] += any(reading.words[token] in _PRIVATE for token in inside)
    for token in inside:
        word = reading.words[token]
        if reading.possessive(token):
            continue
        if word in words.after or word in words.nouns:
            found["person" if word in words.after else words.nouns[word]] += 2
            return


def _possessive_soon(reading: Reading, first: int, stop: int) -> bool:
    return any(reading.possessive(token) for token in range(first, min(stop, first + 3)))


@lru_cache(maxsize=1)
def _words() -> _Words:
    data = read_lexicon("words")
    persons, organisations = data["persons"], data["organisations"]
    suffixes = dict.fromkeys(organisations["other"], "other")
    for kind, key in (("government body", "government"), ("fund", "fund"), ("company", "company")):
        suffixes |= dict.fromkeys(organisations[key], kind)
    nouns = dict.fromkeys(organisations["government_nouns"], "government body")
    nouns |= dict.fromkeys(organisations["fund_nouns"], "fund") | dict.fromkeys(organisations["company_nouns"], "company")
    return _Words(
        before=frozenset(persons["before"]),
        after=frozenset(persons["after"]),
        given=frozenset(persons["given"].split()),
        suffixes=suffixes,
        nouns=nouns,
        things=frozenset(organisations["company_things"]),
    )
