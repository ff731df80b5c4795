"""Sentences that weigh two figures against each other: no article is needed to see that "$90, above the $95 expected" can't be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from agent.grounding.numbers.figures import MEASURES, Figure, is_range
from agent.grounding.numbers.ways import CHANGE, WAYS

_GAP, _REACH = 80, 100
"""How many characters may part two figures that are compared, and how far before them the word for it may stand."""
_ENDS = re.compile(r"[.;!?](?=\s)|\n")
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")
_CHANGES = frozenset(word for word, (family, _) in WAYS.items() if family == CHANGE and not word.startswith("improve"))
"""A ratio of claims, a loss or a rate of vacancy improves when it falls."""
_BEFORE = r"(?: (?!(?:and|but|while|as|after|on|with|despite|when|for|to|from)\b)[a-z'-]+){0,5} $"
"""What may stand between such a word and the figure: "the average estimate of"."""
_THAN = re.compile(
    r"(?<!to )(?<!at )(?<!of )(?<!for )(?<!by )(?<!from )\b"
    r"(?:(?P<up>above|exceed(?:s|ed|ing)|beat|beats|beating|topp(?:ed|ing)|tops|surpass(?:es|ed|ing)|ahead of"
    r"|(?:higher|larger|bigger|greater|wider) than"
    r"|(?:up|higher|increased|raised)(?: [a-z]+ly)?(?: [\d.]+(?:%| percent))? from|more than the)"
    r"|(?P<down>below|miss(?:ed|es|ing)|(?:(?:fall|falls|fell|fallen|falling) )?short of|(?:lower|smaller|fewer|narrower) than"
    r"|(?:down|lower|reduced|cut)(?: [a-z]+ly)?(?: [\d.]+(?:%| percent))? from|less than the))" + _BEFORE
)
"""A first figure stands so to the second."""
_THAN_WORDS = "above exceed beat top surpass ahead than from below miss short".split()
"""One of these is in all that the pattern finds, and in few gaps; it is slow."""
_FROM = re.compile(r"\bfrom" + _BEFORE)
_TO = re.compile(r"\bto (?:(?:a|an|about|around|just|almost|nearly|above|below|over|more than|less than|between) ){0,2}$")
_RANGE_TO = re.compile(r"\bto [^ ]{1,12}(?: (?:million|billion|trillion|cents|a share)){0,2} (?:to|-) $")
_OTHER_CLAUSE = re.compile(
    r"\b(?:and|after|as|while|because|when|with|whereas|said|since|traded|trading|closed|opened|ended|reached|hit|touched|moved|went|came)\b"
)
"""What stands before the word then is of something else, or the word says where to: "it closed above"."""
_RATIO = 10.0
"""Figures further apart than this (earnings a share, revenue) aren't of one thing."""
_AND_ANOTHER = re.compile(r" and [$€£]?\d")
NO_SIGN = re.compile(
    r"\bloss|\bdeficit|\bshortfall|\bnegative|\bminus|\bdebt|\b(?:per|to the|a) (?:dollar|euro|pound)\b|\byields?\b.{0,30}\bprices?\b"
)
"""Words that turn the order of two figures round: a loss of less is a rise, and so is a currency of which fewer buy a dollar."""
_SIGN_REACH = 40
_BY_SIZE = re.compile(r"(?:larger|bigger|smaller|wider|narrower) than\b")
_SIZED = frozenset({"loss", "deficit", "shortfall", "debt"})
"""A loss is larger than another whatever its sign."""
_CHAINED = re.compile(r"(?: [a-z]+){0,4},? (?:and|but)(?: also)? $")
"""What stands between the figure that another is held against and the word that holds it against a third: "from $5 but below"."""
_RIGHT_BEHIND = 2


class Weighed(NamedTuple):
    """A slice of the prose, from the word to the second figure, and whether the figures bear it out; None when they may."""

    start: int
    end: int
    holds: bool | None


class _Said(NamedTuple):
    """What is said of two figures: where, 1 for more and -1 for less, the one that is new and the one that it is held against."""

    start: int
    way: int
    new: int
    base: int


def weighed(lower: str, stated: Sequence[Figure]) -> Iterator[Weighed]:
    """Each comparison of two of the figures `stated` in a prose in lower case."""
    figures = [figure for figure in stated if figure.readings[0].kind in MEASURES]
    done = -1
    for index in range(len(figures) - 1):
        second = index + 1
        if figures[index].readings[0].kind != figures[second].readings[0].kind:
            second += 1  # "$12 billion, up 5% from $11 billion"
        said = _said(lower, figures, index, second) if second < len(figures) else None
        if said is not None and index != done:
            done = second
            for each in (said, _chained(lower, figures, said)):
                if each is not None and _has_order(lower, figures, each):
                    yield Weighed(each.start, figures[max(each.new, each.base)].end, _holds(lower, figures, each))


def _has_order(lower: str, figures: Sequence[Figure], said: _Said) -> bool:
    """Whether the greater figure is more of what is told."""
    start, end = max(0, min(said.start, figures[said.new].start) - _SIGN_REACH), figures[max(said.new, said.base)].end
    turns = [match.group() for match in NO_SIGN.finditer(lower, start, end)]
    return not turns or (_SIZED.issuperset(turns) and _BY_SIZE.match(lower, said.start) is not None)


def _chained(lower: str, figures: Sequence[Figure], said: _Said) -> _Said | None:
    """What is said of the same new figure and a third: "175,000, down from 315,000 in March and fewer than the 243,000 expected"."""
    third = said.base + 1
    if said.base < said.new or third >= len(figures) or not _alike(figures[said.new], figures[third]):
        return None
    gap = lower[figures[said.base].end : figures[third].start]
    than = _THAN.search(gap) if len(gap) <= _GAP else None
    if than is None or _CHAINED.fullmatch(gap[: than.start()]) is None or not _are_near(figures[said.new], figures[third], gap):
        return None
    return _Said(figures[said.base].end + than.start(), 1 if than["up"] else -1, said.new, third)


def _said(lower: str, figures: Sequence[Figure], index: int, second: int) -> _Said | None:
    first, last = figures[index], figures[second]
    gap = lower[first.end : last.start]
    if not 0 < len(gap) <= _GAP or not _alike(first, last) or _ENDS.search(gap) is not None:
        return None
    than = _THAN.search(gap) if any(map(gap.__contains__, _THAN_WORDS)) else None
    if than is not None and is_plain(gap[: than.start()]) and _are_near(first, last, gap) and _AND_ANOTHER.match(lower, last.end) is None:
        return _Said(first.end + than.start(), 1 if than["up"] else -1, index, second)
    before = max(0, first.start - _REACH)
    word = _last_change(lower, before, first.start)
    if word is None:
        return None
    start, end, way = word
    if _FROM.search(gap) is not None and (_TO.search(lower, end, first.start) or _RANGE_TO.search(lower, end, first.start)):
        return _Said(start, way, index, second)
    between = lower[end : first.start]
    if _TO.search(gap) is not None and not any(map(str.isdigit, between)) and _FROM.search(lower, end, first.start) is not None:
        return None if _is_range_before(figures, index, start) else _Said(start, way, second, index)
    return None


def _is_range_before(figures: Sequence[Figure], index: int, start: int) -> bool:
    """Whether a word right behind a figure, at `start`, may make two figures the ends of what was before: "1.1, down from 1.3 to 1.5"."""
    return index > 0 and 0 <= start - figures[index - 1].end <= _RIGHT_BEHIND


def is_plain(between: str) -> bool:
    """Whether nothing stands between a figure and the word that would make the word another's."""
    return _OTHER_CLAUSE.search(between) is None and _CHANGES.isdisjoint(_WORD.findall(between))


def _last_change(lower: str, start: int, end: int) -> tuple[int, int, int] | None:
    """The last word for a change in a slice, if no sentence ends behind it: its place and way."""
    if _CHANGES.isdisjoint(_WORD.findall(lower, start, end)):
        return None
    start = max((match.end() for match in _ENDS.finditer(lower, start, end)), default=start)
    found = None
    for match in _WORD.finditer(lower, start, end):
        if match.group() in _CHANGES:
            found = match.start(), match.end(), WAYS[match.group()][1]
        elif found is not None and match.start() == found[1] + 1 and match.group() in WAYS:
            found = None  # "growth weakened to 2% from 7%"
    return found


def _holds(lower: str, figures: Sequence[Figure], said: _Said) -> bool | None:
    news, bases = _ends(lower, figures, said.new, said.base), _ends(lower, figures, said.base, said.new)
    steps = [(new - base) * said.way for new in news for base in bases]
    if all(step < 0 for step in steps):
        return False
    return True if all(step > 0 for step in steps) else None


def _ends(lower: str, figures: Sequence[Figure], index: int, other: int) -> list[float]:
    """The value of a figure, and of the other end of its range; `other` is what it is held against."""
    values = [figures[index].readings[0].value]
    if index and index - 1 != other and is_range(lower, figures[index - 1], figures[index]):
        values.append(figures[index - 1].readings[0].value)
    if index + 1 < len(figures) and index + 1 != other and is_range(lower, figures[index], figures[index + 1]):
        values.append(figures[index + 1].readings[0].value)
    return values


def _alike(one: Figure, other: Figure) -> bool:
    """Whether two figures are of one kind and currency."""
    first, second = one.readings[0], other.readings[0]
    return first.kind == second.kind and first.currency == second.currency


def _are_near(one: Figure, other: Figure, gap: str) -> bool:
    """Whether the first may be compared with the other; right before the word it may be their distance ("30 cents above the forecast")."""
    first, second = one.readings[0].value, other.readings[0].value
    low, high = sorted((first, second))
    return high <= _RATIO * low and not (_THAN.match(gap, 1) is not None and 2 * first < second)
