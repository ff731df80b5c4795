"""What a batch says while it runs where nobody watches a terminal: lines for people, or JSON lines for machines."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import typer

from agent.batch.watching import Standing
from agent.card import Card
from agent.cli.messages import say
from agent.cli.togo import ToGo
from agent.errors import NewscardError
from agent.present.words import count, dollars, duration, estimated_in, lost_at_kills

if TYPE_CHECKING:
    from agent.batch.forecast import Forecast
    from agent.batch.health import Health
    from agent.batch.remote.client import Remote
    from agent.batch.remote.ledger import Lot
    from agent.settings import Settings

EVERY_S = 10.0
NAMED = 20
"""Failures that are named one by one; all of them are in the run directory."""


class PlainLog:
    """A line now and then, one for each of the first failures, and what it all came to."""

    def __init__(self, togo: ToGo, *, quiet: bool) -> None:
        self._togo = togo
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
            say(", ".join(f"{value} {name}" for name, value in state(self._standing, self._togo) if value))

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

    def problem(self, problem: str) -> None:
        """What goes wrong beside the run."""
        say(problem)

    def ended(self, standing: Standing) -> None:
        """The whole in one line."""
        if not self._quiet:
            say(summary(standing))

    def workers(self, pids: Sequence[int]) -> None:
        """Who works."""
        if not self._quiet:
            say(f"Ray runs {count(len(pids), 'worker')}")

    def waiting(self, looked: Sequence[tuple[Lot, Remote]]) -> None:
        """How far the provider is with what it was given."""
        if not self._quiet:
            done, total = sum(remote.done + remote.failed for _, remote in looked), sum(lot.lines for lot, _ in looked)
            states = ", ".join(f"{number} {name}" for name, number in Counter(remote.state for _, remote in looked).items())
            say(f"waiting: {done:,} of {total:,} requests done in {count(len(looked), 'lot')} ({states})")

    def lots(self, lots: Sequence[Lot], remotes: Mapping[int, Remote]) -> None:
        """How each lot of requests stands, on standard output: it is what was asked for."""
        from agent.cli.output import print_out

        for lot in lots:
            remote = remotes.get(lot.number)
            there = f"{remote.state}, {remote.done + remote.failed:,} done" if remote else lot.note
            print_out(f"{lot.number:>6}  {lot.lines:>7,} requests  {lot.state:8} {lot.batch or '-':28} {there}".rstrip())

    def health(self, health: Health) -> None:
        """The report."""
        if not self._quiet and sys.stderr is not None:
            from rich.console import Console

            from agent.present.health import terminal
            from agent.present.terminal import encodable

            console = Console(file=sys.stderr)
            with console.capture() as captured:
                console.print(terminal(health, console.width))
            with suppress(OSError, ValueError):
                sys.stderr.write(encodable(captured.get(), sys.stderr.encoding))
                sys.stderr.flush()

    def forecast(self, forecast: Forecast, settings: Settings) -> None:
        """What a dry run found out, on standard output: it is what was asked for."""
        from agent.cli.output import print_out
        from agent.present.forecast import told

        print_out(told(forecast, settings))

    def close(self) -> None:
        """Nothing more is said."""
        self._togo.close()


class JsonLog:
    """An object a line on standard error; `event` names its kind."""

    def __init__(self, togo: ToGo) -> None:
        self._togo = togo
        self._said = 0.0
        self._standing = Standing()
        self._whole: Standing | None = None

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
            standing, togo = self._standing, self._togo
            to_go = {"articles": togo.articles(standing), "seconds": togo.seconds(standing), "usd": togo.usd(standing)}
            self._put("progress", **figures(standing), rate=round(togo.rate(standing), 2), to_go=to_go)

    def failed(self, error: NewscardError, place: str) -> None:
        """A line for each failure."""
        self._put("failed", error=type(error).__name__, problem=str(error), place=place)

    def stopping(self, why: str) -> None:
        """Why nothing more begins."""
        self._put("stopping", why=why)

    def problem(self, problem: str) -> None:
        """What goes wrong beside the run."""
        self._put("problem", problem=problem)

    def ended(self, standing: Standing) -> None:
        """Said last, by `close`."""
        self._whole = standing

    def workers(self, pids: Sequence[int]) -> None:
        """Their processes."""
        self._put("workers", pids=list(pids))

    def waiting(self, looked: Sequence[tuple[Lot, Remote]]) -> None:
        """A line for each look."""
        self._put("waiting", batches=[_batch(lot, remote) for lot, remote in looked])

    def lots(self, lots: Sequence[Lot], remotes: Mapping[int, Remote]) -> None:
        """The only line of a look at them."""
        self._put("lots", batches=[_batch(lot, remotes.get(lot.number)) for lot in lots])

    def health(self, health: Health) -> None:
        """The report of a run that came to its end."""
        from agent.present.health import figures as health_figures

        self._put("health", figures=dict(health_figures(health)), failures=dict(health.failures), oddities=health.oddities())

    def forecast(self, forecast: Forecast, settings: Settings) -> None:
        """The only line of a dry run."""
        from dataclasses import asdict

        del settings
        self._put("forecast", **asdict(forecast) | {"usage": forecast.usage.model_dump(), "saved": forecast.saved.model_dump()})

    def close(self) -> None:
        """The last line: the figures of the whole."""
        self._togo.close()
        if self._whole is not None:
            self._put("ended", **figures(self._whole))

    def _put(self, event: str, **fields: Any) -> None:
        _put(event, fields)


@contextmanager
def errors_as_json() -> Iterator[None]:
    """An error that ends the command is an object as well, the last line, with the exit code. For who reads what `JsonLog` says."""
    try:
        yield
    except NewscardError as exc:
        error, problem, code = type(exc).__name__, str(exc), exc.exit_code
    except OSError as exc:
        error, problem, code = type(exc).__name__, f"{exc.filename or 'standard output'}: {exc.strerror or exc}", 1
    else:
        return
    _put("error", {"error": error, "problem": problem, "exit_code": code})
    raise typer.Exit(code)


def _put(event: str, fields: Mapping[str, Any]) -> None:
    import orjson

    with suppress(OSError, ValueError, AttributeError):
        line = orjson.dumps({"event": event, "time": round(time.time(), 3), **fields})
        sys.stderr.write(line.decode() + "\n")
        sys.stderr.flush()


def _batch(lot: Lot, remote: Remote | None) -> dict[str, Any]:
    there = {} if remote is None else {"there": remote.state, "done": remote.done, "failed": remote.failed}
    return {"lot": lot.number, "requests": lot.lines, "state": lot.state.value, "batch": lot.batch, "note": lot.note} | there


def state(standing: Standing, togo: ToGo) -> list[tuple[str, str]]:
    """How a run stands: names and values; an empty value is one that isn't known."""
    left, seconds = togo.articles(standing), togo.seconds(standing)
    usd = togo.usd(standing)
    return [
        ("done", f"{standing.done:,}"),
        ("failed", f"{standing.failed + standing.before_failed:,}"),
        ("cached", f"{standing.cached:,}"),
        ("copies", f"{standing.copies:,}"),
        ("a second", f"{togo.rate(standing):,.1f}"),
        ("in flight", f"{standing.in_flight:,} of {standing.limit:,}" if standing.limit else "0"),
        ("spent", dollars(standing.spent.cost_usd)),
        ("to go", "" if left is None else count(left, "article")),
        ("more", "" if usd is None else dollars(usd)),
        ("left", "" if seconds is None else duration(seconds)),
    ]


def summary(standing: Standing) -> str:
    """What a run came to, in one line."""
    parts = [count(standing.cards, "card")]
    named = (
        (standing.abstained, "abstained"),
        (standing.cached, "from the cache"),
        (standing.copies, "from another copy's draft"),
        (standing.failed, "failed"),
        (standing.left, "left for another time"),
        (standing.skipped, "done already"),
    )
    parts += [f"{number:,} {what}" for number, what in named if number]
    spent = standing.spent
    parts.append(f"cost of the run {dollars(spent.cost_usd)}, uncached {dollars(spent.uncached_cost_usd)}")
    if spent.estimated:
        parts.append(estimated_in(spent.estimated))
    if standing.lost > 0:
        parts.append(f"besides {lost_at_kills(standing.lost, standing.lost_usd)}")
    return ", ".join(parts)


def figures(standing: Standing) -> dict[str, Any]:
    """A standing as JSON has it."""
    names = ("cards", "abstained", "cached", "copies", "failed", "skipped", "left", "in_flight", "limit", "lost", "lost_usd", "done")
    spent = {"spent": standing.spent._asdict(), "spent_now": standing.spent_now._asdict()}
    return {name: getattr(standing, name) for name in names} | spent
