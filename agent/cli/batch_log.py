"""What a batch says while it runs: lines for people, or JSON lines for machines."""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from typing import Any

from agent.batch.watching import Standing
from agent.card import Card
from agent.cli.messages import say
from agent.errors import NewscardError
from agent.present.words import count, dollars

EVERY_S = 10.0
NAMED = 20
"""Failures that are named one by one; all of them are in the run directory."""


class PlainLog:
    """A line now and then, one for each of the first failures, and what it all came to."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._named = 0
        self._said = time.monotonic()
        self._standing = Standing()

    def began(self, standing: Standing) -> None:
        """Say what was done before."""
        self._standing = standing
        if standing.done and not self._quiet:
            say(f"going on: {count(standing.before_cards, 'card')} made before, {standing.before_failed:,} failed")

    def made(self, card: Card) -> None:
        """Say how it goes, when it is time to."""
        del card
        now = time.monotonic()
        if now - self._said >= EVERY_S and not self._quiet:
            self._said = now
            standing = self._standing
            say(f"{standing.done:,} done, {standing.failed:,} failed, {standing.in_flight:,} in flight, {dollars(standing.spent.cost_usd)}")

    def failed(self, error: NewscardError, place: str) -> None:
        """Name it, if it is one of the first."""
        del place
        self._named += 1
        if self._named <= NAMED:
            say(str(error))
        elif self._named == NAMED + 1:
            say("more articles fail; `newscard export` lists them all")

    def stopping(self, why: str) -> None:
        """Say why."""
        say(why)

    def ended(self, standing: Standing) -> None:
        """The whole in one line."""
        if self._quiet:
            return
        parts = [count(standing.cards, "card")]
        named = ((standing.abstained, "abstained"), (standing.cached, "from the cache"), (standing.copies, "from another copy's draft"))
        parts += [f"{number:,} {what}" for number, what in named if number]
        parts += [
            f"{number:,} {what}" for number, what in ((standing.failed, "failed"), (standing.left, "left for another time")) if number
        ]
        parts += [f"{standing.skipped:,} done already"] if standing.skipped else []
        spent = standing.spent
        parts.append(f"cost of the run {dollars(spent.cost_usd)}, uncached {dollars(spent.uncached_cost_usd)}")
        if standing.lost > 0:
            parts.append(f"besides up to {count(standing.lost, 'article')} in flight when a runner was stopped")
        say(", ".join(parts))


class JsonLog:
    """An object a line on standard error; `event` names its kind."""

    def __init__(self) -> None:
        self._said = 0.0
        self._standing = Standing()

    def began(self, standing: Standing) -> None:
        """The first line."""
        self._standing = standing
        self._put("began", **figures(standing))

    def made(self, card: Card) -> None:
        """The figures, once a second."""
        del card
        now = time.monotonic()
        if now - self._said >= 1.0:
            self._said = now
            self._put("progress", **figures(self._standing))

    def failed(self, error: NewscardError, place: str) -> None:
        """A line for each failure."""
        self._put("failed", error=type(error).__name__, problem=str(error), place=place)

    def stopping(self, why: str) -> None:
        """Why nothing more begins."""
        self._put("stopping", why=why)

    def ended(self, standing: Standing) -> None:
        """The last line."""
        self._put("ended", **figures(standing))

    def _put(self, event: str, **fields: Any) -> None:
        import orjson

        with suppress(OSError, ValueError, AttributeError):
            sys.stderr.write(orjson.dumps({"event": event, "time": round(time.time(), 3), **fields}).decode() + "\n")
            sys.stderr.flush()


def figures(standing: Standing) -> dict[str, Any]:
    """A standing as JSON has it."""
    names = ("cards", "abstained", "cached", "copies", "failed", "skipped", "left", "in_flight", "limit", "lost", "done")
    spent = {"spent": standing.spent._asdict(), "spent_now": standing.spent_now._asdict()}
    return {name: getattr(standing, name) for name in names} | spent
