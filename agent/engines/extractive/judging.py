"""The sentiment of one entity: what a linear classifier makes of each sentence that names it, put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from math import sqrt
from typing import NamedTuple

from agent.draft import DraftSentiment
from agent.engines.extractive.entities import Found
from agent.engines.extractive.features import Line, View, features, line_of
from agent.engines.extractive.gathering import Place
from agent.engines.extractive.language import function_words
from agent.engines.extractive.mentions import Mentions
from agent.engines.extractive.reading import Reading
from agent.engines.extractive.sentiment import SHOWN, balance, reason_of, weigh
from agent.engines.extractive.tones import Tone, weight_of
from agent.engines.extractive.voices import voiced
from agent.engines.extractive.weights import chances, weights
from agent.taxonomy import SentimentLabel

MAX_SENTENCES = 6
"""Of an entity that more sentences name, the first ones are heard."""
LEXICON = 1.5
"""What the lexicon's balance of the whole article counts beside all sentences together, where these are many."""
STRONG = 2.5
"""How far good sentences must outweigh bad ones, or the other way round, for a strong label: several, or title and lead."""
STRONG_LEANING, STRONG_TONES = 0.8, 8.0
"""Or how one-sided the lexicon's words are, and their weight. These four are chosen on gold's dev articles."""
SHORT = 2
_SIDES = frozenset("<>")
_MARKERS = frozenset({"s", "<s", ">s", "l", "l<", "l>", "l>>", "l<>", "tone", "tones", "<other", ">other", "headline", "first"})


class Vote(NamedTuple):
    """What a classifier makes of a sentence: how much the sentence counts, and each label's chance (0..1, together 1)."""

    weight: float
    negative: float
    neutral: float
    positive: float


class Judge:
    """Made once an article, of its entities and tones."""

    def __init__(self, reading: Reading, entities: Sequence[Found], heard: Sequence[Tone]) -> None:
        self._reading = reading
        self._entities = entities
        self._heard: dict[int, list[Tone]] = {}
        for tone in heard:
            self._heard.setdefault(tone.sentence, []).append(tone)
        self._lines: dict[int, Line] = {}
        self._places: dict[int, list[tuple[Place, int]]] = {}
        for first, last, number in Mentions(reading, entities).places:
            sentence = reading.sentence_of(first)
            if sentence.role in {"title", "prose"}:
                self._places.setdefault(sentence.index, []).append((Place(first, last), number))
        self._sentences: dict[int, list[int]] = {}
        for index, named in self._places.items():
            for number in dict.fromkeys(number for _, number in named):
                self._sentences.setdefault(number, []).append(index)

    def views(self, number: int) -> Iterator[View]:
        """The sentences that name entity `number`, in order, MAX_SENTENCES at most."""
        for index in self._sentences.get(number, ())[:MAX_SENTENCES]:
            named = self._places[index]
            own, others = ([place for place, who in named if (who == number) is mine] for mine in (True, False))
            sentence = self._reading.sentences[index]
            if index not in self._lines:
                self._lines[index] = line_of(self._reading, sentence)
            heard = [(tone, tone.entity == number) for tone in self._heard.get(index, ())]
            yield View(self._lines[index], own, others, heard)

    def sentiment(self, number: int) -> DraftSentiment:
        """The label of entity `number`, and the words that decided: the lexicon's, and where it has none the classifier's."""
        if all(voiced(self._reading, place) for place in self._entities[number].places):
            return DraftSentiment(label="neutral", reason="named for what its analysts or advisers say of others")
        views = list(self.views(number))
        found = [features(self._reading, view) for view in views]
        votes = [
            Vote(weight_of(self._reading, view.sentence), *chances(weights().scores(those)))
            for view, those in zip(views, found, strict=True)
        ]
        own = self.heard_of(number)
        label = label_of(votes, *weigh(own))
        return DraftSentiment(label=label, reason=reason_of(label, own) or _reason(label, found))

    def heard_of(self, number: int) -> list[Tone]:
        """The tones that concern entity `number`."""
        return [tone for tones in self._heard.values() for tone in tones if tone.entity == number]


def label_of(votes: Sequence[Vote], good: float, bad: float) -> SentimentLabel:
    """The label that the sentences speak for; `good` and `bad` (0 or more) are the weights of the entity's tones in the whole article.

    Most sentences name an entity in passing, so neutral ones count less the more there are. And the more there are, the more counts what
    the lexicon has heard in all of them: of one sentence the classifier knows it already.
    """
    if not votes:
        return "neutral"
    positive, negative, neutral = (sum(vote.weight * vote[at] for vote in votes) for at in (3, 1, 2))
    margin, neutral = positive - negative, neutral / sqrt(len(votes))
    leaning = balance(good, bad)
    heard = LEXICON * (1 - 1 / len(votes)) * abs(leaning) * (positive + negative + neutral)
    positive, negative = (positive + heard, negative) if leaning > 0 else (positive, negative + heard)
    if neutral >= max(positive, negative):
        return "neutral"
    sign = 1 if positive > negative else -1
    strong = sign * margin >= STRONG or (sign * leaning >= STRONG_LEANING and max(good, bad) >= STRONG_TONES)
    if sign > 0:
        return "strongly positive" if strong else "positive"
    return "strongly negative" if strong else "negative"


def _reason(label: SentimentLabel, found: Sequence[Sequence[str]]) -> str:
    """The words for which the classifier decided, where the lexicon knows none."""
    if label == "neutral":
        return "no positive or negative words near it"
    sign = 1 if label.endswith("positive") else -1
    telling: Counter[str] = Counter()
    for those in found:
        for feature, leaning in weights().leanings(those):
            for word in _words(feature) if sign * leaning > 0 else ():
                telling[word] += sign * leaning
    words = ", ".join([word for word, _ in telling.most_common(SHOWN)])
    return (
        f"words near it that stand in {label.removeprefix('strongly ')} news: {words}"
        if words
        else "the sentences that name it, as a whole"
    )


def _words(feature: str) -> Iterator[str]:
    """The words of a feature that mean something to a reader: the lexicon's sorts, stems and masks aside."""
    side, _, rest = feature.partition(" ")
    for word in (rest if side in _SIDES else "" if side in _MARKERS else feature).split():
        if len(word) > SHORT and word.isalpha() and word.islower() and word not in function_words():
            yield word
