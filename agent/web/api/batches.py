"""Batches: handed in, looked at, read, cancelled."""

from __future__ import annotations

import asyncio
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from agent.card import Card
from agent.web.api.described import errors
from agent.web.callers import Caller
from agent.web.jobs import Job
from agent.web.jobs.paging import MAX_ROWS, rows_after
from agent.web.jobs.upload import LINES, Upload, receive
from agent.web.jobs.worker import State
from agent.web.once import Key
from agent.web.orders import EXAMPLE
from agent.web.problems import Problem, on_disk
from agent.web.state import Service, TheCaller, TheService

router = APIRouter(prefix="/v1", tags=["batches"])

MOST_LISTED = 100
_NO_BATCH = "there is no batch of that id"


class ProblemOut(BaseModel):
    """Why there is no card, or no going on."""

    code: str
    detail: str


class Batch(BaseModel):
    """A batch and how it stands. `stopped`: it goes on when what `problem` names is mended and the service is started again."""

    id: str
    state: State
    articles: int
    cards: int
    failed: int
    cost_usd: float | None
    created_at: datetime
    ended_at: datetime | None
    problem: ProblemOut | None
    rows: str
    """Where its rows are read."""


class BatchList(BaseModel):
    """The last batches, the newest first."""

    batches: list[Batch]


class Row(BaseModel):
    """What became of one article; `place` is its line in what was sent."""

    id: str
    status: Literal["ok", "abstained", "failed"]
    place: str
    card: Card | None
    problem: ProblemOut | None


class RowPage(BaseModel):
    """Rows in the order in which they were made. `next_cursor` goes on after the last; null when no further row can come."""

    state: State
    rows: list[Row]
    next_cursor: str | None


_LINE = orjson.dumps(EXAMPLE["article"]).decode() + "\n"
_TEXT = {"schema": {"type": "string", "pattern": r"\S"}, "example": _LINE}
_BODY = {
    "requestBody": {
        "required": True,
        "description": "A list of articles, or JSON lines (any record that `newscard batch` reads), or a form with a file of them.",
        "content": {
            "application/json": {
                "schema": {"type": "array", "minItems": 1, "items": {"$ref": "#/components/schemas/ArticleIn"}},
                "example": [EXAMPLE["article"]],
            },
            LINES[0]: _TEXT,
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "contentMediaType": LINES[0], "pattern": r"\S"}},
                }
            },
        },
    }
}
_TAKEN: dict[int | str, dict[str, Any]] = {
    202: {
        "model": Batch,
        "description": "It is on disk, and is worked on; look at `Location`.",
        "headers": {"Location": {"schema": {"type": "string"}, "description": "Where its state is."}},
    }
}
_TAKING_ERRORS = (
    "invalid_json",
    "invalid_request",
    "idempotency_key_reused",
    "media_type_unsupported",
    "too_large",
    "queue_full",
    "draining",
    "not_ready",
)


@router.post("/batches", status_code=202, response_class=Response, responses=_TAKEN | errors(*_TAKING_ERRORS), openapi_extra=_BODY)
async def hand_in(request: Request, service: TheService, caller: TheCaller, key: Key = None) -> Response:
    """Hand in articles to be made cards of, in any number. They are worked on behind the requests that somebody waits for."""
    service.jobs.check_room(caller.tenant)
    settings = service.settings
    with on_disk():
        path = service.jobs.book.new_upload()
        try:
            upload = await receive(request, path, max_body=settings.max_body_bytes, max_upload=settings.max_upload_bytes)
            if key is None:
                return await _take(service, caller, upload)
            return await service.once.answer(caller.tenant, key, f"batches {upload.digest}", partial(_take, service, caller, upload))
        finally:
            await asyncio.to_thread(path.unlink, missing_ok=True)


async def _take(service: Service, caller: Caller, upload: Upload) -> Response:
    job = Job.new(caller, upload.articles)
    await service.jobs.add(job, upload.path)
    return _answer(await _batch(service, job), 202, {"location": f"/v1/batches/{job.id}"})


@router.get("/batches", response_model=BatchList, responses=errors())
async def look_at_all(service: TheService, caller: TheCaller) -> Response:
    """The last batches, the newest first."""
    jobs = await asyncio.to_thread(service.jobs.book.newest, caller.tenant, MOST_LISTED)
    return _answer(BatchList(batches=[await _batch(service, job) for job in jobs]))


@router.get("/batches/{batch_id}", response_model=Batch, responses=errors("not_found"))
async def look_at(batch_id: str, service: TheService, caller: TheCaller) -> Response:
    """How a batch stands."""
    return _answer(await _batch(service, await _job(service, caller, batch_id)))


@router.get("/batches/{batch_id}/rows", response_model=RowPage, responses=errors("not_found", "invalid_request", "invalid_cursor"))
async def read_rows(
    batch_id: str,
    service: TheService,
    caller: TheCaller,
    cursor: Annotated[str | None, Query(pattern=r"^[A-Za-z0-9_-]{11}$", description="`next_cursor` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_ROWS)] = 50,
) -> Response:
    """What became of the articles, in the order in which it was settled; while the batch runs, what there is so far."""
    job = await _job(service, caller, batch_id)
    state = (await _batch(service, job)).state  # asked for before the rows: what ends in between is on the next page
    try:
        page = await asyncio.to_thread(rows_after, service.jobs.book.runs(job), cursor, limit)
    except FileNotFoundError:  # it was removed meanwhile
        raise Problem("not_found", _NO_BATCH) from None
    is_last = state in {"done", "cancelled"} and len(page.rows) < limit
    body = {"state": state, "rows": page.rows, "next_cursor": None if is_last else page.cursor}
    return Response(orjson.dumps(body), media_type="application/json", headers={"cache-control": "no-store"})


@router.delete("/batches/{batch_id}", response_model=Batch, responses=errors("not_found", "invalid_request", "not_ended", "not_ready"))
async def cancel(
    batch_id: str,
    service: TheService,
    caller: TheCaller,
    *,
    forget: Annotated[
        bool, Query(description="Remove a batch that has ended, with its articles and rows. Its cards stay in the list.")
    ] = False,
) -> Response:
    """Stop a batch. What is in flight ends first (`cancelling`), and the rows that there are stay; one that has ended stays as it is."""
    job = await _job(service, caller, batch_id)
    with on_disk():
        if not forget:
            await service.jobs.cancel(job)
            return _answer(await _batch(service, job))
        if await service.jobs.find(job) is not None:
            raise Problem("not_ended", "cancel it first (DELETE without `forget`), or wait for its end")
        last = _answer(await _batch(service, job))
        await asyncio.to_thread(service.jobs.book.forget, job)
    return last


async def _job(service: Service, caller: Caller, batch_id: str) -> Job:
    job = await asyncio.to_thread(service.jobs.book.get, caller.tenant, batch_id)
    if job is None:
        raise Problem("not_found", _NO_BATCH)
    return job


async def _batch(service: Service, job: Job) -> Batch:
    live = await service.jobs.find(job)
    ended = await asyncio.to_thread(service.jobs.book.ended, job) if live is None else None
    live = live or await service.jobs.find(job)
    counts = live.counts if live else ended.counts if ended else None
    problem = live.problem if live else None
    return Batch(
        id=job.id,
        state=live.state if live else ended.state if ended else "stopped",
        articles=job.articles,
        cards=counts.cards if counts else 0,
        failed=counts.failed if counts else 0,
        cost_usd=counts.cost_usd if counts else None,
        created_at=job.created_at,
        ended_at=ended.at if ended else None,
        problem=ProblemOut(code=problem.code, detail=problem.detail) if problem else None,
        rows=f"/v1/batches/{job.id}/rows",
    )


def _answer(body: BaseModel, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(body.model_dump_json(), status, {"cache-control": "no-store", **(headers or {})}, "application/json")
