"""The tags of a gold card: what makes it hard. Reports are sliced by them."""

from __future__ import annotations

from collections.abc import Callable

from agent.symbols import load_symbols
from evals.goldset.cards import GoldCard

TAGS = {
    "ambiguous-direction": "good and bad news at once, or a reading that careful people dispute",
    "beat-and-cut": "results above estimates and a lower outlook, or the reverse",
    "brief": "under 90 words",
    "common-word-name": "an issuer whose name or symbol is an ordinary word, or a namesake",
    "dated-symbol": "the symbol of that day is another today, or gone",
    "dense-numbers": "many figures close together",
    "foreign-listing": "a company whose shares are listed outside the United States, alone or as well",
    "injection": "holds orders to a model",
    "long": "700 words and more",
    "m-and-a": "a takeover or merger",
    "macro": "an economy or a central bank",
    "market-wide": "a shock to whole markets",
    "no-ticker": "no symbol must be on the card",
    "non-event": "nothing new happened",
    "non-financial": "nothing to make a card from: the card abstains",
    "passing-mention": "companies named in passing that don't belong on the card",
    "private-company": "a central company that nobody can buy on an exchange",
    "rumour": "rests on unnamed sources",
    "share-classes": "an issuer with two listed share classes or more",
    "split-sentiment": "entities with opposite signs",
    "transcript": "a long call or press conference, 2,000 words and more",
}
HARD_CASES = (
    "private-company share-classes split-sentiment no-ticker foreign-listing common-word-name beat-and-cut dense-numbers "
    "ambiguous-direction brief transcript non-event market-wide injection non-financial"
).split()
"""What a gold set must hold, by tag."""
BRIEF, USUAL, LONG, TRANSCRIPT = 90, 120, 700, 2_000
"""Words of an article: briefs are below the first; others have at least the second; `long` and `transcript` start at the others."""


def _signs(gold: GoldCard) -> set[str]:
    return {entity.sentiment.removeprefix("strongly ") for entity in gold.judged.entities} if gold.judged else set()


def _classes(gold: GoldCard) -> bool:
    day, table = gold.article.published_at.date(), load_symbols()
    issuers = [table.issuer_of(symbol, day) for symbol in (gold.judged.tickers.must if gold.judged else [])]
    return any(issuer and len(issuer.symbols) > 1 for issuer in issuers)


def _words(gold: GoldCard) -> int:
    return len(gold.article.text.split())


FOLLOWS: dict[str, Callable[[GoldCard], bool]] = {
    "brief": lambda gold: _words(gold) < BRIEF,
    "long": lambda gold: _words(gold) >= LONG,
    "transcript": lambda gold: _words(gold) >= TRANSCRIPT,
    "no-ticker": lambda gold: gold.judged is not None and not gold.judged.tickers.must,
    "non-financial": lambda gold: gold.judged is None,
    "share-classes": _classes,
    "split-sentiment": lambda gold: _signs(gold) >= {"positive", "negative"},
}
"""Tags that the card itself decides: there exactly when this holds."""
