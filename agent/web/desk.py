"""The desk: an order comes in, a card goes out. Equal orders at once are one; whoever leaves alone ends it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from agent.cache import SingleFlight
from agent.card import Card
from agent.engines.aloud import AskedAgain, Hear, Told
from agent.enrich import Enricher
from agent.errors import NewscardError
from agent.web.metrics import Metrics
from agent.web.orders import Order
from agent.web.problems import Problem
from agent.web.store import CardStore, Stored
from agent.web.store.cards import unkept
from agent.web.threads import Threads


@dataclass(frozen=True, slots=True)
class Made:
    """A card, and its bytes and tag as callers get them. `shared`: another caller's order made it."""

    card: Card
    stored: Stored
    shared: bool = False


@dataclass(eq=False)
class _Crowd:
    """Those who wait for one order, and what its draft has told so far."""

    listeners: list[Hear] = field(default_factory=list)
    said: list[Told | AskedAgain] = field(default_factory=list)
    waiting: int = 0

    def hear(self, what: Told | AskedAgain) -> None:
        self.said.append(what)
        for listener in self.listeners:
            listener(what)

    def join(self, listener: Hear) -> None:
        for what in self.said:
            listener(what)
        self.listeners.append(listener)


class Desk:
    """Makes cards for requests, keeps them and counts them; `check_room` raises Problem where one couldn't be kept. For one event loop."""

    def __init__(
        self, enricher: Callable[[str], Enricher], store: CardStore, threads: Threads, metrics: Metrics, check_room: Callable[[], None]
    ) -> None:
        self._enricher = enricher
        self._check_room = check_room
        self._store = store
        self._threads = threads
        self._metrics = metrics
        self._flights: SingleFlight[Made] = SingleFlight()
        self._crowds: dict[str, _Crowd] = {}

    async def make(self, tenant: str, order: Order, hear: Hear | None = None) -> Made:
        """The card of an order. `hear` is told its draft as it is written, and what of it was told before.

        It is told nothing where an equal order came first that nobody listens to: the model's call isn't a stream then.
        Raises Problem. Cancelled, it ends the model's call, unless an equal order waits for it.
        """
        key = order.key(tenant)
        crowd = self._crowds.setdefault(key, _Crowd())
        crowd.waiting += 1
        if hear is not None:
            crowd.join(hear)
        try:
            made, shared = await self._flights.run(key, lambda: self._make(tenant, order, crowd.hear if hear else None))
        except NewscardError as exc:
            problem = Problem.of(exc)
            self._metrics.problems.labels(problem.code).inc()
            raise problem from None
        finally:
            crowd.waiting -= 1
            if hear is not None:
                crowd.listeners.remove(hear)
            if not crowd.waiting and self._crowds.get(key) is crowd:
                del self._crowds[key]
        if shared:
            self._metrics.cache.labels("shared").inc()
            return Made(made.card, made.stored, shared=True)
        return made

    async def _make(self, tenant: str, order: Order, hear: Hear | None) -> Made:
        if order.options.keep:
            self._check_room()
        card = await self._enricher(tenant).enrich(order.article, fresh=order.options.fresh, hear=hear)
        self._metrics.count(card)
        self._metrics.cache.labels("draft" if card.provenance.cached else "engine").inc()
        if not order.options.keep:
            return Made(card, unkept(card))
        return Made(card, await self._threads.write(self._store.add, tenant, card, order.article))


def told_as_json(what: Told | AskedAgain) -> tuple[str, dict[str, Any]]:
    """The name and the data of the event that tells it."""
    if isinstance(what, AskedAgain):
        return "reask", {"problems": list(what.problems)}
    index = {} if what.index is None else {"index": what.index}
    return "field", {"field": what.field, **index, "value": what.value}
