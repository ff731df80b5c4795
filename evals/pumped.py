"""Texts made to be slow: what the checks' own patterns nearly match, over and over.

A pattern that backtracks badly does so on a long text of what it repeats, followed by something else. The pieces are drawn from the
parse trees of all patterns that the checks hold, so a new pattern is attacked as soon as it is there.
"""

from __future__ import annotations

import importlib
import pkgutil
import random
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

# What a pattern is made of stands nowhere else; the tests say so if a later Python moves it.
sre: Any = importlib.import_module("re._constants")
parser: Any = importlib.import_module("re._parser")

PACKAGES = ("agent.grounding", "agent.symbols", "agent.sentences")
_SAMPLES = 3
_MORE = 2
_ONE_CHARACTER = frozenset({sre.LITERAL, sre.NOT_LITERAL, sre.IN, sre.ANY})
_GIVING_UP = frozenset({sre.MAX_REPEAT, sre.MIN_REPEAT})
_CATEGORIES = {sre.CATEGORY_DIGIT: r"\d", sre.CATEGORY_SPACE: r"\s", sre.CATEGORY_WORD: r"\w"}
_CATEGORIES |= {sre.CATEGORY_NOT_DIGIT: r"\D", sre.CATEGORY_NOT_SPACE: r"\S", sre.CATEGORY_NOT_WORD: r"\W"}


@lru_cache(maxsize=1)
def patterns() -> dict[str, re.Pattern[str]]:
    """Every pattern of the checks by where it stands, `agent.grounding.roles._AFTER`; those of the injection rules among them."""
    found: dict[str, re.Pattern[str]] = {}
    for module in _modules():
        for name, value in vars(module).items():
            for key, pattern in _in(value):
                found[f"{module.__name__}.{name}{key}"] = pattern
    return found


def _modules() -> Iterator[Any]:
    for name in PACKAGES:
        package = importlib.import_module(name)
        yield package
        for inner in pkgutil.walk_packages(getattr(package, "__path__", ()), f"{name}."):
            yield importlib.import_module(inner.name)


def _in(value: object) -> Iterator[tuple[str, re.Pattern[str]]]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield "", value
    elif isinstance(value, tuple | list):
        for index, item in enumerate(value):
            source = getattr(item, "pattern", None)
            if isinstance(source, str):
                yield f"[{index}]", item if isinstance(item, re.Pattern) else re.compile(source)
    elif isinstance(value, dict):
        yield from ((f"[{key!r}]", item) for key, item in value.items() if isinstance(item, re.Pattern))


def nested(pattern: re.Pattern[str]) -> bool:
    """Whether a text may be shared out in many ways: something without a bound is repeated without a bound, and may be given up again.

    `(a+b?)+` is so; `(?:a++)++` gives nothing up, and each round of `(?:,[0-9]+)*` begins with what the round before can't take.
    """
    return _nests(parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE))


def _nests(tree: Iterable[tuple[Any, Any]]) -> bool:
    for op, value in tree:
        if op in _GIVING_UP and value[1] == sre.MAXREPEAT and not _is_parted(value[2]):
            return True
        if any(_nests(part) for part in _parts(op, value)):
            return True
    return False


def _is_parted(round_: Any) -> bool:
    """Whether a round of a repeat begins with a character that nothing without a bound inside it takes, or holds no such thing."""
    inner = [*_unbounded(round_)]
    begins_plainly = round_[0][0] in _ONE_CHARACTER
    return not inner or (begins_plainly and all(_taken(round_[:1]).isdisjoint(_taken(part)) for part in inner))


def _unbounded(tree: Iterable[tuple[Any, Any]]) -> Iterator[Any]:
    for op, value in tree:
        if op in _GIVING_UP and value[1] == sre.MAXREPEAT:
            yield value[2]
        for part in _parts(op, value):
            yield from _unbounded(part)


def _taken(tree: Iterable[tuple[Any, Any]]) -> frozenset[str]:
    """The ASCII characters, in either case, that stand in texts which a tree matches."""
    taken: set[str] = set()
    for op, value in tree:
        if op in _ONE_CHARACTER:
            items = value if op is sre.IN else [(op, value)]
            matched = {char for char in map(chr, range(128)) if any(_is_member(char, *item) for item in items)}
            taken |= {char for char in map(chr, range(128)) if char not in matched} if items[0][0] is sre.NEGATE else matched
        for part in _parts(op, value):
            taken |= _taken(part)
    return frozenset(taken | {char.swapcase() for char in taken})


def _is_member(char: str, op: Any, value: Any) -> bool:
    if op is sre.RANGE:
        return bool(value[0] <= ord(char) <= value[1])
    if op is sre.CATEGORY:
        return re.match(_CATEGORIES[value], char) is not None
    return op is sre.ANY or (op is sre.LITERAL and value == ord(char)) or (op is sre.NOT_LITERAL and value != ord(char))


def _parts(op: Any, value: Any) -> list[Any]:
    """The trees that a node holds."""
    if op is sre.BRANCH:
        return list(value[1])
    if op in {sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT}:
        return [value[2]]
    if op is sre.SUBPATTERN:
        return [value[3]]
    if op in {sre.ASSERT, sre.ASSERT_NOT}:
        return [value[1]]
    return [value] if op is sre.ATOMIC_GROUP else []


@lru_cache(maxsize=1)
def pieces(seed: int = 1) -> tuple[str, ...]:
    """What to repeat: matches of every pattern and of everything that a pattern repeats, each once."""
    rng = random.Random(seed)  # noqa: S311  attacks are repeated, not kept secret
    found: dict[str, None] = {}
    for pattern in patterns().values():
        for tree in _trees(parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)):
            found |= dict.fromkeys(_drawn(tree, rng) for _ in range(_SAMPLES))
    return tuple(piece for piece in found if piece)


def _trees(tree: Any) -> Iterator[Any]:
    yield tree
    for op, value in tree:
        for part in _parts(op, value):
            if op in {sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT}:
                yield from _trees(part)
            else:
                yield from (inner for inner in _trees(part) if inner is not part)


def _drawn(tree: Iterable[tuple[Any, Any]], rng: random.Random) -> str:
    """A text that the tree matches, but for what it asserts of its surroundings."""
    return "".join(_one(op, value, rng) for op, value in tree)


def _one(op: Any, value: Any, rng: random.Random) -> str:
    if op in _ONE_CHARACTER:
        fitting = sorted(_taken([(op, value)]))
        return chr(value) if op is sre.LITERAL else rng.choice(fitting or ["a"])
    if op in {sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT}:
        least, most, part = value
        return "".join(_drawn(part, rng) for _ in range(rng.randint(least, min(most, least + _MORE))))
    if op is sre.BRANCH:
        return _drawn(rng.choice(value[1]), rng)
    return "".join(_drawn(part, rng) for part in _parts(op, value)) if op in {sre.SUBPATTERN, sre.ATOMIC_GROUP} else ""
