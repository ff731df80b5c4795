"""Summary and analysis: sentences of the article, chosen and put in its own order, never rewritten."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence
from functools import lru_cache

from agent.draft import SUMMARY_CHARS
from agent.engines.extractive.entities import Found
from agent.engines.extractive.language import function_words
from agent.engines.extractive.lexicons import read_lexicon
from agent.engines.extractive.reading import Reading, Sentence
from agent.engines.extractive.terms import Terms, split

SUMMARY_WORDS = (40, 100)
SUMMARY_SENTENCES = 3
ANALYSIS_WORDS = (140, 230)
"""Ours comes on top: the closing sentence has at most about 30 words."""
ANALYSIS_CHARS = 4_500
TOP = 60
"""Sentences that are considered at all beside the first ones; keeps long articles linear."""
ALIKE = 0.6


class Sentences:
    """The candidates of one article with their worth: how central their words are, and which entities and figures they hold."""

    def __init__(self, reading: Reading, entities: Sequence[Found]) -> None:
        self._reading = reading
        self._all = reading.candidates
        self._by_index = {sentence.index: sentence for sentence in self._all}
        self._leaning = {sentence.index: _leaning(reading, sentence) for sentence in self._all}
        self._content = {sentence.index: _content(reading, sentence) for sentence in self._all}
        self._named = _named(reading, entities)
        self._worth = self._worths()
        best = sorted(self._all, key=self._rank)[:TOP]
        self._best = sorted({*best, *self._all[:TOP]}, key=self._rank)

    def _rank(self, sentence: Sentence) -> tuple[float, int]:
        return -self._worth[sentence.index], sentence.index

    def summary(self) -> list[Sentence]:
        """The lead and one or two more, 40 to 100 words together where the article has them, none left hanging without its antecedent."""
        least, most = SUMMARY_WORDS
        chosen = [self._all[0]]
        while len(chosen) < SUMMARY_SENTENCES and _words(chosen) < (least + most) // 2:
            more = self._next(chosen, most - _words(chosen))
            if more is None:
                break
            chosen.append(more)
        while len(chosen) > 1 and sum(sentence.end - sentence.start for sentence in chosen) >= SUMMARY_CHARS:
            chosen.pop()
        return sorted(chosen)

    def analysis(self, summary: Collection[Sentence]) -> list[Sentence]:
        """140 to 230 words in the article's order; what the summary hasn't said goes first."""
        least, most = ANALYSIS_WORDS
        chosen: list[Sentence] = []
        told = {sentence.index for sentence in summary}
        fresh = [sentence for sentence in self._best if sentence.index not in told]
        for sentence in fresh:
            self._take(chosen, sentence, most)
        for sentence in sorted(summary):
            # A short article repeats itself here; better than an analysis of two lines.
            if _words(chosen) < least:
                self._take(chosen, sentence, most)
        if not chosen:
            chosen = [self._all[0]]
        while len(chosen) > 1 and sum(sentence.end - sentence.start for sentence in chosen) > ANALYSIS_CHARS:
            chosen.pop()
        return sorted(chosen)

    def _take(self, chosen: list[Sentence], sentence: Sentence, most: int) -> None:
        """Add a sentence, and before it the one it leans on, if both fit."""
        wanted = [sentence]
        if self._leaning[sentence.index] == 1.0:
            before = self._by_index.get(sentence.index - 1)
            if before is None or (self._leaning[before.index] == 1.0 and before not in chosen):
                return
            wanted.append(before)
        new = [item for item in wanted if item not in chosen]
        if _words(chosen) + _words(new) <= most and not any(self._repeats(item, chosen) for item in new):
            chosen += new

    def _next(self, chosen: list[Sentence], room: int) -> Sentence | None:
        """The sentence that adds most to the chosen ones."""
        covered = {entity for sentence in chosen for entity in self._named.get(sentence.index, ())}
        taken = {sentence.index for sentence in chosen}

        def gain(sentence: Sentence) -> float:
            new = len(self._named.get(sentence.index, frozenset()) - covered)
            leaning = 0.0 if sentence.index - 1 in taken else self._leaning[sentence.index]
            return self._worth[sentence.index] + 0.25 * new - leaning - 2.0 * self._repeats(sentence, chosen)

        fitting = [sentence for sentence in self._best if sentence.index not in taken and sentence.words <= room]
        fitting = [sentence for sentence in fitting if self._leaning[sentence.index] < 1.0 or sentence.index - 1 in taken]
        best = max(fitting, key=gain, default=None)
        return best if best is not None and gain(best) > 0 else None

    def _repeats(self, sentence: Sentence, chosen: list[Sentence]) -> bool:
        mine = self._content[sentence.index]
        for other in chosen:
            shared = len(mine & self._content[other.index])
            if shared and shared / min(len(mine), len(self._content[other.index])) > ALIKE:
                return True
        return False

    def _worths(self) -> dict[int, float]:
        """Worth of each sentence, 0 to about 3: centrality, entities, figures, and standing near the beginning."""
        counts = Counter(word for content in self._content.values() for word in content)
        total = len(self._content)
        worth = {}
        for place, sentence in enumerate(self._all):
            content = self._content[sentence.index]
            central = math.fsum(math.log(counts[word]) for word in content if counts[word] > 1) / (1 + len(content)) ** 0.7
            named = min(3, len(self._named.get(sentence.index, ())))
            figures = any(word[0].isdigit() for word in content)
            early = 1.0 / (1 + place) ** 0.5 if total > 1 else 1.0
            worth[sentence.index] = 0.5 * central + 0.15 * named + 0.2 * figures + early
        return worth


def prose_of(reading: Reading, sentences: Sequence[Sentence]) -> str:
    """The sentences as the article has them, parted by a space."""
    return " ".join(reading.quote(sentence) for sentence in sentences)


def _words(sentences: Sequence[Sentence]) -> int:
    return sum(sentence.words for sentence in sentences)


def _leaning(reading: Reading, sentence: Sentence) -> float:
    """1 when it begins with a word that needs the sentence before, 0.5 when with `the move` and the like, else 0."""
    words = reading.words
    if next(
        (hit for hit in _dangling().find(words, sentence.first, min(sentence.last, sentence.first + 4)) if hit.first == sentence.first),
        None,
    ):
        return 1.0
    pointing = words[sentence.first] == "the" and sentence.words > 1 and words[sentence.first + 1] in _pointing()
    return 0.5 if pointing else 0.0


def _content(reading: Reading, sentence: Sentence) -> frozenset[str]:
    return frozenset(reading.words[sentence.first : sentence.last]) - function_words()


def _named(reading: Reading, entities: Sequence[Found]) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    for number, entity in enumerate(entities):
        for place in entity.places:
            found.setdefault(reading.sentence_of(place.first).index, set()).add(number)
    return {index: frozenset(numbers) for index, numbers in found.items()}


@lru_cache(maxsize=1)
def _dangling() -> Terms[bool]:
    return Terms((split(phrase), True) for phrase in read_lexicon("words")["dangling"])


@lru_cache(maxsize=1)
def _pointing() -> frozenset[str]:
    return frozenset(read_lexicon("words")["pointing"])
