"""Summary and analysis: sentences of the article, chosen and put in its own order, never rewritten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from agent.draft import SUMMARY_CHARS
from agent.engines.extractive.entities import Found
from agent.engines.extractive.leaning import ALONE, WHOLLY
from agent.engines.extractive.moves import Move
from agent.engines.extractive.reading import SENTENCE_WORDS, Reading, Sentence
from agent.engines.extractive.worth import Weighed, is_spoken, weigh

SUMMARY_WORDS = (40, 100)
SUMMARY_SENTENCES = 3
ANALYSIS_WORDS = (140, 230)
"""Ours comes on top: the closing sentence has at most about 30 words."""
ANALYSIS_CHARS = 4_500
CONSIDERED = 48
"""Sentences that are considered at all: the worthiest. Keeps long articles linear."""
ALIKE = 0.6
"""Share of the shorter sentence's words that two must have in common to say the same."""
NEW_NAME, NEW_FIGURE, NEW_ASPECT, LEANS = 0.12, 0.1, 0.35, 0.6
"""What an entity and a figure that isn't there yet adds to a sentence's worth, what an aspect, and what a mild leaning takes away."""
MOST_NEW = 4


class Sentences:
    """The candidates of one article, and the choice among them."""

    def __init__(self, reading: Reading, entities: Sequence[Found], moves: Sequence[Move]) -> None:
        self._weighed = weigh(reading, entities, moves)
        self._by_index = {item.sentence.index: item for item in self._weighed}
        self._spoken = is_spoken(reading)
        self._best = sorted(self._weighed, key=lambda item: (-item.worth, item.sentence.index))[:CONSIDERED]

    def summary(self) -> list[Sentence]:
        """The lead and two more, 40 to 100 words together where the article has them, none left hanging without its antecedent.

        Of a record of talk, which has no lead, the three that say most.
        """
        least, most = SUMMARY_WORDS
        first = next((item for item in self._best if item.leaning < WHOLLY), self._best[0]) if self._spoken else self._weighed[0]
        chosen = [first]
        while len(chosen) < SUMMARY_SENTENCES + (_words(chosen) < least):
            more = self._next(chosen, most - _words(chosen))
            if more is None:
                break
            chosen.append(more)
        while len(chosen) > 1 and _chars(chosen) >= SUMMARY_CHARS:
            chosen.pop()
        return sorted(item.sentence for item in chosen)

    def analysis(self, summary: Collection[Sentence]) -> list[Sentence]:
        """140 to 230 words in the article's order: causes, figures, outlook and reactions; what the summary hasn't said goes first."""
        least, most = ANALYSIS_WORDS
        told = [self._by_index[sentence.index] for sentence in sorted(summary)]
        chosen: list[Weighed] = []
        fresh = [item for item in self._best if item not in told]
        aspects: Counter[str] = Counter()
        while fresh and _words(chosen) <= most - SENTENCE_WORDS[0]:
            before = len(chosen)
            # The order holds until one is taken.
            for item in sorted(fresh, key=lambda item: -_worth(item, aspects)):
                fresh.remove(item)
                self._take(chosen, item, most)
                if len(chosen) > before:
                    break
            aspects.update(aspect for taken in chosen[before:] for aspect in taken.aspects)
        for item in told:
            # A short article repeats itself here; better than an analysis of two lines.
            if _words(chosen) < least:
                self._take(chosen, item, most)
        chosen = chosen or [self._weighed[0]]
        while len(chosen) > 1 and _chars(chosen) > ANALYSIS_CHARS:
            chosen.pop()
        return sorted(item.sentence for item in chosen)

    def _take(self, chosen: list[Weighed], item: Weighed, most: int) -> None:
        """Add a sentence, and before it the one it leans on, if both fit."""
        wanted = [item]
        if item.leaning == WHOLLY:
            before = self._by_index.get(item.sentence.index - 1)
            if before is None or (before.leaning == WHOLLY and before not in chosen):
                return
            wanted.append(before)
        new = [found for found in wanted if found not in chosen]
        if _words(chosen) + _words(new) <= most and not any(_repeats(found, chosen) for found in new):
            chosen += new

    def _next(self, chosen: list[Weighed], room: int) -> Weighed | None:
        """The sentence that adds most to the chosen ones."""
        names = {name for item in chosen for name in item.named}
        figures = {figure for item in chosen for figure in item.figures}
        taken = {item.sentence.index for item in chosen}

        def gain(item: Weighed) -> float:
            new = NEW_NAME * min(MOST_NEW, len(item.named - names)) + NEW_FIGURE * min(MOST_NEW, len(item.figures - figures))
            leans = ALONE if item.sentence.index - 1 in taken else LEANS * item.leaning
            return item.worth + new - leans

        fitting = [
            item
            for item in self._best
            if item.sentence.index not in taken and item.words <= room and (item.leaning < WHOLLY or item.sentence.index - 1 in taken)
        ]
        ordered = sorted(fitting, key=gain, reverse=True)
        return next((item for item in ordered if not _repeats(item, chosen)), None)


def _worth(item: Weighed, told: Mapping[str, int]) -> float:
    """Its worth, when an aspect that has been told `told` times counts the less for it."""
    worth = item.worth
    for aspect in item.aspects:
        worth += NEW_ASPECT / (1 + told[aspect])
    return worth


def prose_of(reading: Reading, sentences: Sequence[Sentence]) -> str:
    """The sentences as the article has them, parted by a space."""
    return " ".join(reading.quote(sentence) for sentence in sentences)


def _words(items: Sequence[Weighed]) -> int:
    return sum(item.words for item in items)


def _chars(items: Sequence[Weighed]) -> int:
    return sum(item.sentence.end - item.sentence.start for item in items)


def _repeats(item: Weighed, chosen: Sequence[Weighed]) -> bool:
    for other in chosen:
        shared = len(item.content & other.content)
        if shared and shared / min(len(item.content), len(other.content)) > ALIKE:
            return True
    return False
