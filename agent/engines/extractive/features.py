"""What a sentence says of one name, as features of a linear classifier: words and pairs of words, which side of the name they stand on.

The name itself is TARGET, every other name OTHER, every figure 0, so that nothing is learnt of who it is about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from agent.engines.extractive.gathering import Place
from agent.engines.extractive.reading import Reading, Sentence
from agent.engines.extractive.tones import Tone
from agent.engines.extractive.vocabulary import Word, vocabulary

TARGET, OTHER, TO_ME, TO_OTHER = "TARGET", "OTHER", "TO-ME", "TO-OTHER"
CLOSING = '.!?"”'
NEAR, REACH = 6, 8
"""Words on either side of the name."""
LONGEST = 120
"""Words of a sentence that are looked at; longer ones are lists."""
STEM = 5
"""Letters that stand for the other forms of a word."""
FARTHEST = 3
"""From here on another name is far."""
LOW, MIDDLE, HIGH = 0.2, 1.2, 2.6
"""Bounds of the weights that tones have together."""


class _Told(NamedTuple):
    """The features of a word with its stem, and with the side of the name it stands on. Those of stems are empty where it has none."""

    stem: str
    before: str
    before_stem: str
    behind: str
    behind_stem: str


class Line(NamedTuple):
    """A sentence before any name in it is masked; made once for all names.

    For each token its word, what there is to tell of it, and the word with the next one. `sorts`: where the lexicon's words are (first
    token, last exclusive), and of what sort.
    """

    sentence: Sentence
    words: Sequence[str]
    told: Sequence[_Told]
    pairs: Sequence[str]
    sorts: Sequence[tuple[int, int, str]]


class View(NamedTuple):
    """A sentence as it looks from one name.

    `own` and `others`: places in it, of the name and of all others. `heard`: its tones, and whether each concerns the name.
    """

    line: Line
    own: Sequence[Place]
    others: Sequence[Place]
    heard: Sequence[tuple[Tone, bool]]

    @property
    def sentence(self) -> Sentence:
        """The sentence."""
        return self.line.sentence


def line_of(reading: Reading, sentence: Sentence) -> Line:
    """A sentence as far as it is looked at."""
    stop = min(sentence.last, sentence.first + LONGEST)
    words = [_normal(word) for word in reading.words[sentence.first : stop]]
    hits = reading.hits(vocabulary(), sentence) if stop == sentence.last else vocabulary().find(reading.words, sentence.first, stop)
    sorts = [(hit.first, hit.last, sort) for hit in hits if (sort := _sort(hit.value))]
    return Line(sentence, words, [_told(word) for word in words], [f"{before} {after}" for before, after in pairwise(words)], sorts)


def features(reading: Reading, view: View) -> list[str]:
    """The features, each once, in a fixed order."""
    sentence = view.sentence
    words, told, pairs, at = _masked(view)
    found = ["", *words, *[word.stem for word in told if word.stem], *pairs]
    found += _of_tones(view.heard)
    found += _of_lexicon(view)
    for place in at:
        found += _beside(words, told, place)
    if sentence.role == "title" or reading.text[sentence.end - 1] not in CLOSING:
        found.append("headline")
    return list(dict.fromkeys(found))


def _masked(view: View) -> tuple[list[str], list[_Told], list[str], list[int]]:
    """The words with the names masked, what there is to tell of them, their pairs, and which of them are the name."""
    line, start = view.line, view.sentence.first
    words: list[str] = []
    told: list[_Told] = []
    pairs: list[str] = []
    at: list[int] = []
    token, stop = 0, len(line.words)
    for begin, (last, mask) in [*sorted(_masks(view).items()), (start + stop, (0, ""))]:
        first = begin - start
        if first < token or first > stop:
            continue  # inside the one before, or beyond what is looked at
        if token < first:
            if words:
                pairs.append(f"{words[-1]} {line.words[token]}")
            words += line.words[token:first]
            told += line.told[token:first]
            pairs += line.pairs[token : first - 1]
        if first < stop:
            if mask == TARGET:
                at.append(len(words))
            if words:
                pairs.append(f"{words[-1]} {mask}")
            words.append(mask)
            told.append(_told(mask))
            token = max(first + 1, last - start)
    return words, told, pairs, at


def _masks(view: View) -> dict[int, tuple[int, str]]:
    """First token of what is masked -> its last (exclusive), and what stands for it.

    What is done (sued, acquired) says one thing of whom it is done to, and another of who does it.
    """
    masks: dict[int, tuple[int, str]] = {}
    for tone, mine in view.heard:
        if tone.done:
            masks[tone.done.first] = (tone.done.last, f"{TO_ME if mine else TO_OTHER}{'+' if tone.value > 0 else '-'}")
    for place in view.others:
        masks[place.first] = (place.last, OTHER)
    for place in view.own:
        masks[place.first] = (place.last, TARGET)
    return masks


def _normal(word: str) -> str:
    """Figures by their sort: per cent, a year, any other."""
    if not word[0].isdigit():
        return word
    if word.endswith("%"):
        return "0%"
    return "0y" if len(word) == len("2020") and word[:2] in {"19", "20"} else "0"


@lru_cache(maxsize=1 << 12)
def _told(word: str) -> _Told:
    stem = word[:STEM] if len(word) >= STEM and word.isalpha() else ""
    stems = (f"s {stem}", f"<s {stem}", f">s {stem}") if stem else ("", "", "")
    return _Told(stems[0], f"< {word}", stems[1], f"> {word}", stems[2])


def _beside(words: Sequence[str], told: Sequence[_Told], at: int) -> list[str]:
    """The words about place `at`, with their side, and how far the nearest other names are."""
    before, behind = slice(max(0, at - REACH), at), slice(at + 1, at + 1 + REACH)
    left, right = told[before][::-1], told[behind]
    return [
        *[word.before for word in left],
        *[word.before_stem for word in left[:NEAR] if word.before_stem],
        f"<other {_farness(words[before][::-1])}",
        *[word.behind for word in right],
        *[word.behind_stem for word in right[:NEAR] if word.behind_stem],
        f">other {_farness(words[behind])}",
        *(["first"] if at == 0 else []),
    ]


def _farness(near: Sequence[str]) -> int:
    """How many words away the next other name is, 0 when none is near."""
    return min(near.index(OTHER) + 1, FARTHEST) if OTHER in near else 0


def _of_tones(heard: Sequence[tuple[Tone, bool]]) -> tuple[str, str, str]:
    own = _size(sum([tone.value for tone, mine in heard if mine]))
    everyone = _size(sum([tone.value for tone, _ in heard]))
    return f"tone {own}", f"tones {everyone}", f"tone {own} of {everyone}"


def _size(value: float) -> str:
    size = abs(value)
    steps = (size >= LOW) + (size >= MIDDLE) + (size >= HIGH)
    return f"{'-' if value < 0 else '+'}{steps}" if steps else "0"


def _of_lexicon(view: View) -> Iterator[str]:
    """The sorts of the lexicon's words: in their order, and those nearest to the name."""
    sorts = view.line.sorts
    yield from [f"l {sort}" for _, _, sort in sorts]
    yield from [f"l {one} {two}" for (_, _, one), (_, _, two) in pairwise(sorts)]
    for place in view.own:
        before = next((sort for _, last, sort in reversed(sorts) if last <= place.first), "")
        after = [sort for first, _, sort in sorts if first >= place.last][:2]
        first = after[0] if after else ""
        yield from (f"l< {before}", f"l> {first}", f"l>> {' '.join(after)}", f"l<> {before} {first}")


@cache
def _sort(word: Word) -> str:
    """What a word of the lexicon is first of all; there are as many as entries of the lexicon."""
    signed = (("move", word.direction), ("mood", word.polar), ("what", word.mover), ("done", word.done_to))
    found = next((f"{name}{'+' if value > 0 else '-'}" for name, value in signed if value), "")
    return found or ("not" if word.negator else "if" if word.hedge else "")
