"""A loopback server that speaks chat completions, and fails as it is told to. docs/pacing.md says how to use it.

    python -m tests.faults.server --port 8000 --derive --latency 0.5 --jitter 0.2 --concurrent 200
    python -m tests.faults.server --derive --outage 30:90:reset --storm 0.1:503 --ledger ledger.json

It prints its base URL, and at the end, as at GET /ledger, what it was sent and what it billed. Whatever is random is the same at every run.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import ssl
import threading
import time
from collections import Counter, deque
from dataclasses import dataclass, field, replace
from typing import Any, Self

from tests.faults import answers, derived
from tests.faults.answers import Answer, completion
from tests.faults.plan import Plan
from tests.faults.streams import streamed
from tests.faults.wire import Connection, Received

BACKLOG = 4_096
"""Python's default of 100 drops connections when thousands arrive at once, which looks like lost attempts."""

__all__ = ["FaultServer", "Ledger", "Received"]


@dataclass
class Ledger:
    """What came in and what was billed. `repeats` are requests whose body had come before."""

    dollars_per_million: tuple[float, float] = (1.0, 4.0)
    """For input and output tokens."""
    requests: int = 0
    repeats: int = 0
    abandoned: int = 0
    """Requests whose client left before the answer."""
    connections: int = 0
    most_in_flight: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    """How many of each status; `hang` and `reset` where none was sent."""
    seen: set[int] = field(default_factory=set, repr=False)

    def arrive(self, body: bytes, in_flight: int) -> None:
        """A request is there."""
        self.requests += 1
        self.most_in_flight = max(self.most_in_flight, in_flight)
        mark = hash(body)
        self.repeats += mark in self.seen
        self.seen.add(mark)

    def bill(self, answer: Answer) -> None:
        """An answer goes out."""
        self.answers[str(answer.status) if answer.then in {"keep", "close"} else answer.then] += 1
        self.input_tokens += answer.usage[0]
        self.output_tokens += answer.usage[1]

    def as_json(self) -> dict[str, Any]:
        """Everything that can be written down."""
        dollars = (self.input_tokens * self.dollars_per_million[0] + self.output_tokens * self.dollars_per_million[1]) / 1e6
        names = ("requests", "repeats", "abandoned", "connections", "most_in_flight", "input_tokens", "output_tokens")
        return {name: getattr(self, name) for name in names} | {"dollars": round(dollars, 8), "answers": dict(self.answers)}


class FaultServer:
    """Answers with what was scripted, in order, then by its plan, and after that with the standing reply.

    It runs in a thread with an event loop of its own, so that tests with and without one, and subprocesses, can all use it.
    """

    def __init__(self, port: int = 0, plan: Plan | None = None, *, keep: bool = True, tls: ssl.SSLContext | None = None) -> None:
        """`keep` every request in `requests`; without it memory stays flat."""
        self._tls = tls
        self.requests: list[Received] = []
        self.plan = plan or Plan()
        self.ledger = Ledger()
        self.arrived = threading.Event()
        """Set when the first request has been read."""
        self._keep = keep
        self._script: deque[Answer] = deque()
        self._standing: Answer | None = completion("no reply was set")
        self._previous: Answer | None = None
        self._in_flight = 0
        self._open: set[Connection] = set()
        self._began = time.monotonic()
        self._socket = socket.create_server(("127.0.0.1", port), backlog=BACKLOG)
        self._loop = asyncio.new_event_loop()
        self._listening = threading.Event()
        self._thread = threading.Thread(target=self._run, name="fault server", daemon=True)

    @property
    def host(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self._socket.getsockname()[1]}"

    @property
    def base_url(self) -> str:
        """What a client's base URL is set to."""
        return f"{'https' if self._tls else 'http'}://{self.host}/v1"

    @property
    def connections(self) -> int:
        """How many were opened."""
        return self.ledger.connections

    @property
    def billed(self) -> tuple[int, int]:
        """Input and output tokens of all completions sent."""
        return self.ledger.input_tokens, self.ledger.output_tokens

    def reply(self, answer: Answer | str) -> None:
        """Answer every request that isn't scripted with this; a string is a completion's content."""
        self._standing = completion(answer) if isinstance(answer, str) else answer

    def derive(self) -> None:
        """Answer every request that isn't scripted with a faithful draft of its article."""
        self._standing = None

    def script(self, *script: Answer | str) -> None:
        """Answer the next requests with these, in order."""
        self._script.extend(completion(a) if isinstance(a, str) else a for a in script)

    def __enter__(self) -> Self:
        self._thread.start()
        self._listening.wait()  # a loop that is stopped before it listens ends with an error
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._loop.create_server(self._connect, sock=self._socket, backlog=BACKLOG, ssl=self._tls))
        self._loop.call_soon(self._listening.set)
        self._loop.run_forever()
        self._loop.run_until_complete(self._end())
        self._loop.close()
        self._socket.close()

    async def serve_here(self) -> None:
        """Serve in the running event loop until cancelled, instead of in a thread."""
        server = await asyncio.get_running_loop().create_server(self._connect, sock=self._socket, backlog=BACKLOG, ssl=self._tls)
        async with server:
            await server.serve_forever()

    async def _end(self) -> None:
        for connection in list(self._open):
            if connection.transport is not None:
                connection.transport.abort()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(0)

    def _connect(self) -> Connection:
        self.ledger.connections += 1
        return Connection(self._serve, self._open)

    def _serve(self, connection: Connection, received: Received) -> None:
        if received.method == "GET":
            known = received.path == "/ledger"
            connection.send(answers.raw(json.dumps(self.ledger.as_json())) if known else answers.error(404, "there is GET /ledger"))
            return
        if self._keep:
            self.requests.append(received)
        self._in_flight += 1
        self.ledger.arrive(received.body, self._in_flight)
        self.arrived.set()
        answer, delay_s = self._choose(received.body)
        answer = streamed(answer, received.body, self.plan.pause_s)

        def ended() -> None:
            self._in_flight -= 1

        def gone() -> None:
            ended()
            self.ledger.abandoned += 1

        def finish() -> None:
            if answer.pause_s:
                connection.on_told = ended
            else:
                connection.on_lost = None
                ended()
            self.ledger.bill(answer)
            self._previous = answer
            connection.send(answer, self.plan.limits())

        connection.on_lost = gone
        if answer.then == "hang":
            self.ledger.bill(answer)
        elif delay_s > 0:
            connection.pending = asyncio.get_running_loop().call_later(delay_s, finish)
        else:
            finish()

    def _choose(self, body: bytes) -> tuple[Answer, float]:
        """The answer, and how long it takes."""
        if self._script:
            answer = self._script.popleft()
            return answer, answer.delay_s
        verdict = self.plan.verdict(body, self.ledger.requests, time.monotonic() - self._began, self._in_flight)
        if verdict == "previous":
            verdict = self._previous
        if verdict == "twice":
            verdict = replace(self._usual(body), copies=2)
        if isinstance(verdict, str):
            verdict = answers.named(verdict)
        if verdict is not None:
            return verdict, verdict.delay_s
        answer = self._usual(body)
        return answer, answer.delay_s + self.plan.delay_s()

    def _usual(self, body: bytes) -> Answer:
        """The standing reply, or the article's own draft."""
        if self._standing is not None:
            return self._standing
        try:
            return derived.reply(json.loads(body))
        except (ValueError, AttributeError, TypeError):
            return answers.error(400, "the body is no chat request")


if __name__ == "__main__":
    import sys

    from tests.faults.command import main

    sys.exit(main())
