"""A loopback Batch API: files, batches and their states, expiry, partial results, shuffled order, refusals. Files lie on disk.

`python -m tests.faults.batches --help` runs it for users. GET /ledger tells what was asked for and billed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import orjson
from aiohttp import web

from tests.faults import derived
from tests.faults.answers import Answer

Reply = Callable[[dict[str, Any]], Answer | None]
"""What a request's body is answered; None: the batch ends without an answer to it."""
MOST_LINES = 50_000
MOST_BYTES = 200_000_000


@dataclass
class Plan:
    """How the provider behaves.

    `takes_s`: from its creation to a batch's end. `expire`: so many of the next batches end expired, with the first half answered.
    `refuse`: the next batches are refused, with that code each. `lose_created`: so many creations are done, and their answer never comes.
    `break_off`: so many downloads end half way.
    """

    takes_s: float = 0.0
    expire: int = 0
    refuse: list[str] = field(default_factory=list)
    lose_created: int = 0
    break_off: int = 0
    shuffled: bool = True
    twice: bool = False
    """Each answer's line stands twice."""
    reply: Reply = derived.reply


@dataclass
class Batch:
    """One batch."""

    id: str
    file: str
    metadata: dict[str, str]
    ends_at: float
    created_at: int
    state: str = "in_progress"
    total: int = 0
    done: int = 0
    failed: int = 0
    answers: str | None = None
    errors: str | None = None
    refused: tuple[str, str] | None = None


class BatchServer:
    """Serves in a thread of its own. `ledger` counts: files, batches, requests (answered ones), input_tokens, output_tokens, calls."""

    def __init__(self, plan: Plan | None = None, *, port: int = 0, folder: Path | None = None) -> None:
        self.plan = plan or Plan()
        self.ledger: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()
        """How often each custom_id was answered."""
        self._temporary = tempfile.TemporaryDirectory() if folder is None else None
        self._folder = Path(self._temporary.name) if self._temporary is not None else folder or Path()
        self._batches: dict[str, Batch] = {}
        self._port = port
        self._working = asyncio.Lock()
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="batch server", daemon=True)

    @property
    def base_url(self) -> str:
        """What a client's base URL is set to."""
        return f"http://127.0.0.1:{self._port}/v1"

    @property
    def batches(self) -> list[Batch]:
        """All batches, the oldest first."""
        return list(self._batches.values())

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        if self._temporary is not None:
            self._temporary.cleanup()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        runner = web.AppRunner(self._app())
        self._loop.run_until_complete(self._begin(runner))
        self._loop.call_soon(self._ready.set)
        self._loop.run_forever()
        self._loop.run_until_complete(runner.cleanup())
        self._loop.close()

    async def serve_here(self, told: Callable[[str], None]) -> None:
        """Serve in the running event loop until cancelled; `told` hears the base URL."""
        await self._begin(web.AppRunner(self._app()))
        told(self.base_url)
        await asyncio.Event().wait()

    async def _begin(self, runner: web.AppRunner) -> None:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", self._port)
        await site.start()
        assert site._server is not None
        self._port = site._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=2**40)
        app.add_routes(
            [
                web.post("/v1/files", self._upload),
                web.get("/v1/files/{id}/content", self._content),
                web.post("/v1/batches", self._create),
                web.get("/v1/batches", self._list),
                web.get("/v1/batches/{id}", self._look),
                web.post("/v1/chat/completions", self._now),
                web.get("/ledger", self._told),
            ]
        )
        return app

    async def _told(self, _: web.Request) -> web.Response:
        return web.json_response(dict(self.ledger))

    async def _upload(self, request: web.Request) -> web.Response:
        name = f"file-{self.ledger['files'] + 1:06}"
        self.ledger["files"] += 1
        size = 0
        async for part in await request.multipart():
            if getattr(part, "name", None) == "file":
                with (self._folder / name).open("wb") as stream:
                    while piece := await part.read_chunk(1 << 20):  # type: ignore[union-attr]
                        size += stream.write(piece)
        return web.json_response(_file(name, size))

    async def _content(self, request: web.Request) -> web.StreamResponse:
        if self.plan.break_off:
            self.plan.break_off -= 1
            whole = (self._folder / request.match_info["id"]).read_bytes()
            response = web.StreamResponse(headers={"Content-Length": str(len(whole))})
            await response.prepare(request)
            await response.write(whole[: len(whole) // 2])
            assert request.transport is not None
            request.transport.close()
            return response
        return web.FileResponse(self._folder / request.match_info["id"])

    async def _create(self, request: web.Request) -> web.Response:
        asked = await request.json()
        batch = Batch(
            f"batch_{len(self._batches) + 1:06}",
            asked["input_file_id"],
            asked.get("metadata") or {},
            time.monotonic() + self.plan.takes_s,
            int(time.time()),
        )
        self._batches[batch.id] = batch
        self.ledger["batches"] += 1
        if self.plan.lose_created:
            self.plan.lose_created -= 1
            assert request.transport is not None
            request.transport.abort()
        return web.json_response(await self._as_json(batch))

    async def _list(self, request: web.Request) -> web.Response:
        newest = list(self._batches.values())[::-1]
        limit, after = int(request.query.get("limit", 20)), request.query.get("after")
        start = next((number + 1 for number, batch in enumerate(newest) if batch.id == after), 0)
        page = newest[start : start + limit]
        data = [await self._as_json(batch) for batch in page]
        return web.json_response({"object": "list", "data": data, "has_more": start + limit < len(newest)})

    async def _look(self, request: web.Request) -> web.Response:
        batch = self._batches.get(request.match_info["id"])
        if batch is None:
            return web.json_response({"error": {"message": "there is no such batch", "code": "not_found"}}, status=404)
        return web.json_response(await self._as_json(batch))

    async def _now(self, request: web.Request) -> web.Response:
        answer = self.plan.reply(orjson.loads(await request.read()))
        self.ledger["calls"] += 1
        if answer is None:
            return web.json_response({"error": {"message": "not now"}}, status=503)
        self._bill(answer)
        return web.Response(body=answer.body, status=answer.status, content_type="application/json")

    async def _as_json(self, batch: Batch) -> dict[str, Any]:
        async with self._working:  # two who ask at once mustn't have it done twice
            if batch.state == "in_progress" and time.monotonic() >= batch.ends_at:
                await asyncio.to_thread(self._work, batch)
        return {
            "id": batch.id,
            "object": "batch",
            "endpoint": "/v1/chat/completions",
            "completion_window": "24h",
            "input_file_id": batch.file,
            "status": batch.state,
            "created_at": batch.created_at,
            "metadata": batch.metadata,
            "request_counts": {"total": batch.total, "completed": batch.done, "failed": batch.failed},
            "output_file_id": batch.answers,
            "error_file_id": batch.errors,
            "errors": {"object": "list", "data": [{"code": batch.refused[0], "message": batch.refused[1]}]} if batch.refused else None,
        }

    def _work(self, batch: Batch) -> None:
        """Do all of a batch at once."""
        path = self._folder / batch.file
        refusal = self._refusal(path)
        if refusal is not None:
            batch.state, batch.refused = "failed", refusal
            return
        lines = list(_offsets(path))
        batch.total = len(lines)
        expires = self.plan.expire > 0
        if expires:
            self.plan.expire -= 1
            lines, late = lines[: len(lines) // 2], lines[len(lines) // 2 :]
        else:
            late = []
        if self.plan.shuffled:
            random.Random(batch.id).shuffle(lines)
        with (
            path.open("rb") as asked,
            (self._folder / f"{batch.id}.out").open("wb") as out,
            (self._folder / f"{batch.id}.err").open("wb") as err,
        ):
            for offset in lines:
                asked.seek(offset)
                self._answer(batch, orjson.loads(asked.readline()), out.write, err.write)
            for offset in late:
                asked.seek(offset)
                left = {"custom_id": orjson.loads(asked.readline())["custom_id"], "response": None}
                err.write(orjson.dumps(left | {"error": {"code": "batch_expired", "message": "it wasn't come to"}}) + b"\n")
        batch.answers, batch.errors = f"{batch.id}.out", f"{batch.id}.err"
        batch.state = "expired" if expires else "completed"

    def _answer(self, batch: Batch, line: dict[str, Any], out: Callable[[bytes], object], err: Callable[[bytes], object]) -> None:
        answer = self.plan.reply(line["body"])
        if answer is None:
            batch.failed += 1
            return
        self.asked[line["custom_id"]] += 1
        self._bill(answer)
        head = orjson.dumps({"id": f"req_{self.ledger['requests']}", "custom_id": line["custom_id"], "error": None})[:-1]
        text = b'%b,"response":{"status_code":%d,"body":%b}}\n' % (head, answer.status, answer.body)
        fine = answer.status == 200
        batch.done += fine
        batch.failed += not fine
        for _ in range(2 if self.plan.twice else 1):
            (out if fine else err)(text)

    def _bill(self, answer: Answer) -> None:
        self.ledger["requests"] += 1
        sent, written = answer.usage
        self.ledger["input_tokens"] += sent
        self.ledger["output_tokens"] += written

    def _refusal(self, path: Path) -> tuple[str, str] | None:
        if self.plan.refuse:
            code = self.plan.refuse.pop(0)
            return code, f"the batch can't be taken ({code})"
        size = path.stat().st_size
        count = sum(1 for _ in _offsets(path))
        if size > MOST_BYTES or count > MOST_LINES:
            return "invalid_request", f"{count} lines and {size} bytes are too many"
        return None


def _file(name: str, size: int) -> dict[str, Any]:
    return {"id": name, "object": "file", "bytes": size, "created_at": 0, "filename": name, "purpose": "batch", "status": "processed"}


def _offsets(path: Path) -> Iterator[int]:
    offset = 0
    with path.open("rb", buffering=1 << 20) as stream:
        for line in stream:
            yield offset
            offset += len(line)


@contextmanager
def batch_server(plan: Plan | None = None) -> Iterator[BatchServer]:
    """One for a test."""
    with BatchServer(plan) as server:
        yield server


def main() -> int:
    """Serve until interrupted; print the base URL first and the ledger last."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults.batches", description="A loopback Batch API, whose answers are faithful drafts of their articles."
    )
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 picks a free one")
    parser.add_argument("--takes", type=float, default=0.0, metavar="S", help="from a batch's creation to its end")
    parser.add_argument("--expire", type=int, default=0, metavar="N", help="the first N batches expire half done")
    parser.add_argument("--refuse", default="", metavar="CODE,...", help="the first batches are refused, such as token_limit_exceeded")
    options = parser.parse_args()
    server = BatchServer(Plan(options.takes, options.expire, [code for code in options.refuse.split(",") if code]), port=options.port)

    def told(url: str) -> None:
        sys.stdout.write(f"{url}\n")
        sys.stdout.flush()

    try:
        asyncio.run(server.serve_here(told))
    except KeyboardInterrupt:
        sys.stdout.write(json.dumps(dict(server.ledger)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
