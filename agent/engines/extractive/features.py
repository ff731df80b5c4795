"""What a sentence says of one name, as features of a linear classifier: words and pairs of words, which side of the name they stand on.

The name itself is TARGET, every other name OTHER, every figure 0, so that nothing is learnt of who it is about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from agent.engines.extractive.gathering import Place
from agent.engines.extractive.reading import Reading, Sentence
from agent.engines.extractive.terms import Hit
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


class View(NamedTuple):
    """A sentence as it looks from one name.

    `own` and `others`: places in it, of the name and of all others.
    `heard`: its tones, and whether each concerns the name. `hits`: the lexicon's words in it.
    """

    sentence: Sentence
    own: Sequence[Place]
    others: Sequence[Place]
    heard: Sequence[tuple[Tone, bool]]
    hits: Sequence[Hit[Word]]


def features(reading: Reading, view: View) -> list[str]:
    """The features, each once, in a fixed order."""
    sentence = view.sentence
    words, at = _masked(reading, view)
    found = ["", *_of_sentence(words), *_of_tones(view.heard), *_of_lexicon(view)]
    for place in at:
        found += _beside(words, place)
    if sentence.role == "title" or reading.text[sentence.end - 1] not in CLOSING:
        found.append("headline")
    return list(dict.fromkeys(found))


def _masked(reading: Reading, view: View) -> tuple[list[str], list[int]]:
    """The sentence's words, and which of them are the name.

    What is done (sued, acquired) says one thing of whom it is done to, and another of who does it.
    """
    sentence = view.sentence
    masks: dict[int, tuple[int, str]] = {}
    for tone, mine in view.heard:
        if tone.done:
            masks[tone.done.first] = (tone.done.last, f"{TO_ME if mine else TO_OTHER}{'+' if tone.value > 0 else '-'}")
    masks |= {place.first: (place.last, OTHER) for place in view.others} | {place.first: (place.last, TARGET) for place in view.own}
    words: list[str] = []
    at: list[int] = []
    token, stop = sentence.first, min(sentence.last, sentence.first + LONGEST)
    while token < stop:
        last, mask = masks.get(token, (token + 1, ""))
        if mask == TARGET:
            at.append(len(words))
        words.append(mask or _normal(reading.words[token]))
        token = max(token + 1, last)
    return words, at


def _normal(word: str) -> str:
    """Figures by their sort: per cent, a year, any other."""
    if not word[0].isdigit():
        return word
    if word.endswith("%"):
        return "0%"
    return "0y" if len(word) == len("2020") and word[:2] in {"19", "20"} else "0"


def hits_in(reading: Reading, sentence: Sentence) -> Sequence[Hit[Word]]:
    """The lexicon's words in a sentence, as far as it is looked at."""
    if sentence.words <= LONGEST:
        return reading.hits(vocabulary(), sentence)
    return list(vocabulary().find(reading.words, sentence.first, sentence.first + LONGEST))


def _of_sentence(words: Sequence[str]) -> list[str]:
    return [*words, *(f"s {stem}" for stem in _stems(words)), *(f"{before} {after}" for before, after in pairwise(words))]


def _stems(words: Sequence[str]) -> list[str]:
    return [word[:STEM] for word in words if len(word) >= STEM and word.isalpha()]


def _beside(words: Sequence[str], at: int) -> Iterator[str]:
    """The words about place `at`, with their side, and how far the nearest other names are."""
    for side, near in (("<", words[max(0, at - REACH) : at][::-1]), (">", words[at + 1 : at + 1 + REACH])):
        yield from [f"{side} {word}" for word in near]
        yield from [f"{side}s {stem}" for stem in _stems(near[:NEAR])]
        other = near.index(OTHER) + 1 if OTHER in near else 0
        yield f"{side}other {min(other, FARTHEST)}"
    if at == 0:
        yield "first"


def _of_tones(heard: Sequence[tuple[Tone, bool]]) -> Iterator[str]:
    own = _size(sum(tone.value for tone, mine in heard if mine))
    everyone = _size(sum(tone.value for tone, _ in heard))
    yield f"tone {own}"
    yield f"tones {everyone}"
    yield f"tone {own} of {everyone}"


def _size(value: float) -> str:
    size = abs(value)
    steps = (size >= LOW) + (size >= MIDDLE) + (size >= HIGH)
    return f"{'-' if value < 0 else '+'}{steps}" if steps else "0"


def _of_lexicon(view: View) -> Iterator[str]:
    """The sorts of the lexicon's words: in their order, and those nearest to the name."""
    sorts = [(hit, sort) for hit in view.hits if (sort := _sort(hit))]
    yield from (f"l {sort}" for _, sort in sorts)
    yield from (f"l {one} {two}" for (_, one), (_, two) in pairwise(sorts))
    for place in view.own:
        before = next((sort for hit, sort in reversed(sorts) if hit.last <= place.first), "")
        after = [sort for hit, sort in sorts if hit.first >= place.last][:2]
        first = after[0] if after else ""
        yield from (f"l< {before}", f"l> {first}", f"l>> {' '.join(after)}", f"l<> {before} {first}")


def _sort(hit: Hit[Word]) -> str:
    word = hit.value
    signed = (("move", word.direction), ("mood", word.polar), ("what", word.mover), ("done", word.done_to))
    found = next((f"{name}{'+' if value > 0 else '-'}" for name, value in signed if value), "")
    return found or ("not" if word.negator else "if" if word.hedge else "")
