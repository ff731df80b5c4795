"""What the summary should carry, what may be nowhere on the card, and how near the summary comes to a reference."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from agent.card import Card
from evals.aggregates.columns import SEPARATOR
from evals.samples import Sample
from evals.scores import Score

if TYPE_CHECKING:
    from sacrebleu.metrics.chrf import CHRF

_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-", "\u00a0": " ", "\u202f": " "})

_SYMBOL = re.compile(r"[A-Z]{1,6}(?:\.[A-Z]{1,2})?")


def score_facts(card: Card, sample: Sample) -> Score:
    """Share of the facts that the summary carries in one of the ways to say them. Counts: `carried`, `facts`, and those `missed`.

    A way may be the beginning of a word ("insolven"), as gold writes them.
    """
    facts = sample.gold.facts
    if not facts:
        return Score(None, "no gold for facts")
    missed = [ways[0] for ways in facts if not any(says(card.summary, way, begun=True) for way in ways)]
    carried = len(facts) - len(missed)
    return Score(carried / len(facts), counts={"carried": float(carried), "facts": float(len(facts)), "missed": SEPARATOR.join(missed)})


def score_nothing_forbidden(card: Card, sample: Sample) -> Score:
    """1 where no forbidden string is on the card. Counts what is, under `said`.

    What a card copies of its article's head (title, source, address) isn't the card's own word; what its checks list was kept off it.
    """
    if not sample.gold.forbid:
        return Score(None, "nothing is forbidden")
    fields = list(_own_words(card))
    said = [bad for bad in sample.gold.forbid if any(says(field, bad) for field in fields)]
    return Score(float(not said), counts={"said": SEPARATOR.join(said)})


def score_rouge1(card: Card, sample: Sample) -> Score:
    """ROUGE-1 F1 (0..1) against the reference summary, words stemmed; by rouge-score."""
    return _rouge(card, sample, "rouge1")


def score_rouge2(card: Card, sample: Sample) -> Score:
    """ROUGE-2 F1 (0..1), as ROUGE-1."""
    return _rouge(card, sample, "rouge2")


def score_rouge_l(card: Card, sample: Sample) -> Score:
    """ROUGE-L F1 (0..1), as ROUGE-1."""
    return _rouge(card, sample, "rougeL")


def score_chrf(card: Card, sample: Sample) -> Score:
    """The chrF2 of the summary against the reference (0..1), without regard to case; by sacrebleu."""
    reason = _no_reference(card, sample)
    if reason:
        return Score(None, reason)
    return Score(_chrf().sentence_score(card.summary, [str(sample.gold.summary)]).score / 100)


def says(text: str, words: str, *, begun: bool = False) -> bool:
    """Whether `words` stand in `text`, in any typographic form, and not within a longer word or number.

    Case is no matter but for a symbol (META isn't Meta). A plural counts; `begun`: so does any word or number-with-unit that begins so.
    """
    pattern = _pattern(words.translate(_PLAIN), begun)
    return pattern.search(text.translate(_PLAIN)) is not None


@lru_cache(maxsize=10_000)
def _pattern(words: str, begun: bool) -> re.Pattern[str]:  # noqa: FBT001  a key of the cache
    begins = r"(?<![^\W_])(?<!\d[.,])" if words[:1].isalnum() else ""
    if words[-1:].isdigit():
        ends = r"(?!\d)(?![.,]\d)" if begun else r"(?![^\W_])(?![.,]\d)"
    else:
        ends = r"(?:s|es)?(?![^\W_])" if words[-1:].isalpha() and not begun else ""
    return re.compile(f"{begins}{re.escape(words)}{ends}", 0 if _SYMBOL.fullmatch(words) else re.IGNORECASE)


def _own_words(card: Card) -> Iterator[str]:
    """Every text of the card that says something."""
    yield from (*card.tickers, *card.topics, card.summary, card.analysis)
    if card.sentiment:
        yield card.sentiment.reason
    for entity in card.entities:
        yield from (entity.name, *entity.tickers, entity.sentiment.reason, *(evidence.quote for evidence in entity.evidence))
    yield from (rating.reason for rating in card.impact.values())
    for instrument in card.instruments:
        yield from (instrument.symbol, instrument.issuer, instrument.entity)


def _no_reference(card: Card, sample: Sample) -> str:
    if sample.gold.summary is None:
        return "no reference summary"
    return "" if card.summary else "the card abstained"


def _rouge(card: Card, sample: Sample, kind: str) -> Score:
    reason = _no_reference(card, sample)
    if reason:
        return Score(None, reason)
    return Score(_all_rouge(str(sample.gold.summary), card.summary)[kind])


@lru_cache(maxsize=4)
def _all_rouge(reference: str, summary: str) -> dict[str, float]:
    """All three at once: one card is scored by each in turn."""
    return {kind: float(found.fmeasure) for kind, found in _rouge_scorer().score(reference, summary).items()}


@lru_cache(maxsize=1)
def _rouge_scorer() -> Any:
    from rouge_score.rouge_scorer import RougeScorer

    return RougeScorer(["rouge1", "rouge2", "rougeL"], use_stemmer=True)


@lru_cache(maxsize=1)
def _chrf() -> CHRF:
    from sacrebleu.metrics.chrf import CHRF

    return CHRF(lowercase=True)
