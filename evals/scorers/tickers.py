"""Tickers against gold, with all share classes of an issuer as one, and each by itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from agent.card import Card
from agent.symbols import load_symbols
from evals.samples import Sample
from evals.scorers.sets import compared, recalled
from evals.scores import Score

NO_GOLD = "no gold for tickers"
IN_PART = "its gold knows the tickers in part"


def score_issuers(card: Card, sample: Sample) -> Score:
    """F1 over issuers: GOOG and GOOGL are one, FB and META are one, and any class of an issuer finds it."""
    return _set_score(issuers_compared(card.tickers, sample), sample)


def score_symbols(card: Card, sample: Sample) -> Score:
    """F1 over symbols: each share class counts."""
    return _set_score(_symbols_compared(card, sample), sample)


def score_issuer_recall(card: Card, sample: Sample) -> Score:
    """Share of the issuers that must be there which are; for sets that know only some of an article's issuers too."""
    compared_to_gold = issuers_compared(card.tickers, sample)
    return recalled(compared_to_gold) if compared_to_gold.value is not None else compared_to_gold


def _set_score(score: Score, sample: Sample) -> Score:
    return score if score.value is None or sample.gold.tickers_complete else Score(None, IN_PART)


def _symbols_compared(card: Card, sample: Sample) -> Score:
    gold = sample.gold.tickers
    if gold is None:
        return Score(None, NO_GOLD)
    return compared(*(map(_dotted, symbols) for symbols in (card.tickers, gold.must, gold.may)))


def issuers_compared(tickers: Iterable[str], sample: Sample) -> Score:
    """Symbols against gold's, by issuer; counts as `compared` has them. Unscored without gold."""
    gold = sample.gold.tickers
    if gold is None:
        return Score(None, NO_GOLD)
    published = sample.article.published_at
    on = published.date() if published else None
    return compared(*(_issuers(symbols, on) for symbols in (tickers, gold.must, gold.may)))


def _issuers(symbols: Iterable[str], on: date | None) -> list[str]:
    """The first symbol of each one's issuer on the article's day; a symbol the table doesn't know stands for itself."""
    table = load_symbols()
    found = ((symbol, table.issuer_of(symbol, on)) for symbol in symbols)
    return [issuer.symbols[0] if issuer else _dotted(symbol) for symbol, issuer in found]


def _dotted(symbol: str) -> str:
    """BRK-B and brk/b as BRK.B."""
    return symbol.upper().replace("-", ".").replace("/", ".")
