"""What Prometheus reads. A registry of the service's own, so that two in one process don't meet. No label holds a caller's words."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from agent.card import Card

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """Counters, gauges and histograms. `newscard_` is before every name."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.requests = Counter("newscard_requests_total", "Requests answered.", ["route", "method", "status"], registry=registry)
        self.seconds = Histogram(
            "newscard_request_seconds", "Time until a request's answer had been sent.", ["route"], buckets=SECONDS, registry=registry
        )
        self.cards = Counter("newscard_cards_total", "Cards made for requests, by status.", ["status"], registry=registry)
        self.cache = Counter(
            "newscard_cache_total",
            "Where a card's draft came from: response, draft (both kept), shared, engine.",
            ["from"],
            registry=registry,
        )
        self.dollars = Counter("newscard_cost_usd_total", "US dollars that drafts cost, where the price is known.", registry=registry)
        self.tokens = Counter(
            "newscard_tokens_total", "Tokens of drafts: input, cached_input (part of input), output.", ["kind"], registry=registry
        )
        self.reasks = Counter("newscard_reasks_total", "Drafts that were asked for again with their faults named.", registry=registry)
        self.dropped = Counter("newscard_dropped_tickers_total", "Symbols left off cards.", registry=registry)
        self.problems = Counter(
            "newscard_problems_total", "Requests for a card that ended in a problem, by code.", ["code"], registry=registry
        )
        self.queue = Gauge("newscard_queue", "Requests for a card in hand, waiting ones included.", registry=registry)
        self.upstream = Gauge(
            "newscard_upstream_requests", "Requests to the model: in_flight, waiting, and the limit.", ["state"], registry=registry
        )
        self.jobs = Gauge("newscard_jobs", "Batches, by state.", ["state"], registry=registry)

        self._answered: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """A request has its answer; 0: its client left before."""
        known = self._answered.get((route, method, status))
        if known is None:  # looking a label up costs more than counting
            known = self.requests.labels(route, method, str(status)), self.seconds.labels(route)
            self._answered[route, method, status] = known
        known[0].inc()
        known[1].observe(seconds)

    def count(self, card: Card) -> None:
        """A card was made by the engine or from a kept draft."""
        made = card.provenance
        self.cards.labels(card.status).inc()
        self.dropped.inc(len(card.checks.tickers.dropped))
        self.reasks.inc(made.reasked and not made.cached)
        self.dollars.inc(made.cost_usd or 0.0)
        self.tokens.labels("input").inc(made.usage.input_tokens)
        self.tokens.labels("cached_input").inc(made.usage.cached_input_tokens)
        self.tokens.labels("output").inc(made.usage.output_tokens)

    def text(self) -> bytes:
        """Prometheus' text format."""
        return generate_latest(self.registry)
