"""What a card took: money, tokens, requests, time. From its provenance; never a matter of quality."""

from __future__ import annotations

from agent.card import Card
from evals.samples import Sample
from evals.scores import Score

CACHED = "its draft came from the cache"


def score_cost(card: Card, _: Sample) -> Score:
    """US dollars without the cache, so that a second run isn't a cheaper one."""
    cost = card.provenance.uncached_cost_usd
    return Score(None, "its model has no known price") if cost is None else Score(cost)


def score_input_tokens(card: Card, _: Sample) -> Score:
    """Input tokens over all attempts."""
    return _asked(card, card.provenance.usage.input_tokens)


def score_output_tokens(card: Card, _: Sample) -> Score:
    """Output tokens over all attempts."""
    return _asked(card, card.provenance.usage.output_tokens)


def score_requests(card: Card, _: Sample) -> Score:
    """Requests over all attempts."""
    return _asked(card, card.provenance.usage.requests)


def score_latency(card: Card, _: Sample) -> Score:
    """Seconds from article to card."""
    return _asked(card, card.provenance.elapsed_s)


def score_reask(card: Card, _: Sample) -> Score:
    """1 where the engine was asked a second time."""
    return Score(float(card.provenance.reasked))


def _asked(card: Card, value: float) -> Score:
    return Score(None, CACHED) if card.provenance.cached else Score(float(value))
