"""A loopback server that speaks chat completions, and fails as it is told to: `python -m tests.faults.server --help`.

It runs in a thread with an event loop of its own, so that tests with and without one, and subprocesses, can all use it. It keeps a ledger
of what it was sent and of the tokens it billed.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import socket
import struct
import sys
import threading
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from tests.faults import answers
from tests.faults.answers import Answer, completion

BACKLOG = 4_096
"""Python's default of 100 drops connections when thousands arrive at once, which looks like lost attempts."""
NAMED: dict[str, Answer] = {
    "html": answers.page(),
    "truncated": answers.TRUNCATED,
    "cut": answers.CUT_SHORT,
    "reset": answers.RESET,
    "hang": answers.HANG,
    "length": completion("{", finish_reason="length"),
    "refusal": completion(None, refusal="I can't help with that."),
    "filter": completion("", finish_reason="content_filter"),
    "nochoices": completion("", choices=[]),
    "wrongtool": answers.called(answers.tool_call("{}", "other")),
}


@dataclass(frozen=True)
class Received:
    """One request. Header names are lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        """The body, read."""
        data: dict[str, Any] = json.loads(self.body)
        return data


class FaultServer:
    """Answers with what was scripted, in order, and after that with the standing reply."""

    def __init__(self, port: int = 0) -> None:
        self.requests: list[Received] = []
        self.connections = 0
        self.arrived = threading.Event()
        """Set when the first request has been read."""
        self.billed = (0, 0)
        """Input and output tokens of all completions sent."""
        self._script: deque[Answer] = deque()
        self._standing = completion("no reply was set")
        self._socket = socket.create_server(("127.0.0.1", port), backlog=BACKLOG)
        self._loop = asyncio.new_event_loop()
        self._open: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._run, name="fault server", daemon=True)

    @property
    def host(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self._socket.getsockname()[1]}"

    @property
    def base_url(self) -> str:
        """What a client's base URL is set to."""
        return f"http://{self.host}/v1"

    def reply(self, answer: Answer | str) -> None:
        """Answer every request that isn't scripted with this; a string is a completion's content."""
        self._standing = completion(answer) if isinstance(answer, str) else answer

    def script(self, *script: Answer | str) -> None:
        """Answer the next requests with these, in order."""
        self._script.extend(completion(a) if isinstance(a, str) else a for a in script)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, sock=self._socket, backlog=BACKLOG))
        self._loop.run_forever()
        server.close()
        for task in self._open:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*self._open, return_exceptions=True))
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        self.connections += 1
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                while await self._answer(reader, writer):
                    pass
        finally:
            self._open.discard(task)
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One exchange; whether the connection is kept."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = head[0].split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        self.requests.append(Received(method, path, headers, body))
        self.arrived.set()
        answer = self._script.popleft() if self._script else self._standing
        await asyncio.sleep(answer.delay_s)
        if answer.then == "hang":
            await asyncio.Event().wait()
        if answer.then == "reset":
            # Without lingering, closing sends RST at once.
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
            return False
        await self._write(writer, answer)
        return answer.then == "keep"

    async def _write(self, writer: asyncio.StreamWriter, answer: Answer) -> None:
        self.billed = (self.billed[0] + answer.usage[0], self.billed[1] + answer.usage[1])
        headers = answer.headers | {"content-length": str(len(answer.body) if answer.length is None else answer.length)}
        lines = [f"HTTP/1.1 {answer.status} As told", *(f"{name}: {value}" for name, value in headers.items())]
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
        if not answer.trickle_s:
            writer.write(head + answer.body)  # in one piece: two small writes would wait for the client's delayed ACK
            await writer.drain()
            return
        writer.write(head)
        for byte in answer.body:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(answer.trickle_s)


def main() -> int:
    """Serve until interrupted; print the base URL."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.server", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 picks a free one")
    parser.add_argument("--draft", type=Path, help="a file whose text is every reply's content")
    parser.add_argument("--script", default="", help=f"comma-separated first answers: an HTTP status, or one of {', '.join(NAMED)}")
    options = parser.parse_args()
    steps = [step for step in options.script.split(",") if step]
    with FaultServer(options.port) as server:
        if options.draft:
            server.reply(options.draft.read_text("utf-8"))
        server.script(*(NAMED[step] if step in NAMED else answers.error(int(step), "as told") for step in steps))
        sys.stdout.write(f"{server.base_url}\n")
        sys.stdout.flush()
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()
        sys.stdout.write(f"{len(server.requests)} requests, {server.billed[0]} tokens in, {server.billed[1]} out\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
