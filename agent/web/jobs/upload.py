"""A batch as it comes in: a JSON list, JSON lines, or a file of them; written to disk as JSON lines while it comes."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from fastapi import Request
from pydantic import TypeAdapter, ValidationError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from agent import durable
from agent.web.orders import ArticleIn
from agent.web.problems import Problem, faults_of

LINES = ("application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines")
TYPES = ("application/json", *LINES, "multipart/form-data")
MAX_ARTICLES = 1_000_000
_BLOCK = 1 << 16
_LIST = TypeAdapter(list[ArticleIn])


@dataclass(frozen=True, slots=True)
class Upload:
    """What came in: a file of JSON lines, how many articles are in it, and the digest of what was sent."""

    path: Path
    articles: int
    digest: str


async def receive(request: Request, path: Path, *, max_body: int, max_upload: int) -> Upload:
    """Write the request's articles to `path`. Raises Problem, and leaves nothing behind then."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind == "application/json":
            return await _list(request, path, max_body)
        if kind in LINES:
            return await _lines(request.stream(), path, max_upload)
        if kind == "multipart/form-data":
            return await _form(request, path, max_upload)
    except BaseException:
        await asyncio.to_thread(path.unlink, missing_ok=True)
        raise
    raise Problem("media_type_unsupported", f"send one of {', '.join(TYPES)}")


async def _list(request: Request, path: Path, most: int) -> Upload:
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise Problem("too_large", f"a list may have {most} bytes; send JSON lines ({LINES[0]}) for more")
        parts.append(part)
    body = b"".join(parts)
    try:
        articles = await asyncio.to_thread(_LIST.validate_json, body)
    except ValidationError as exc:
        raise faults_of(exc.errors(include_url=False, include_input=False, include_context=False)) from None
    text = b"".join(article.model_dump_json(exclude_none=True).encode() + b"\n" for article in articles)
    with path.open("xb") as stream:
        await asyncio.to_thread(_put, stream, text, sync=True)
    return _checked(path, len(articles), body)


async def _lines(pieces: AsyncIterator[bytes], path: Path, most: int) -> Upload:
    digest, size, count, blank = hashlib.sha256(), 0, 0, True
    with path.open("xb") as stream:
        async for piece in pieces:
            size += len(piece)
            if size > most:
                raise Problem("too_large", f"a batch may have {most} bytes; hand it in as several")
            digest.update(piece)
            *ended, rest = piece.split(b"\n")
            for line in ended:
                count += not (blank and not line.strip())
                blank = True
            blank = blank and not rest.strip()
            await asyncio.to_thread(_put, stream, piece)
        await asyncio.to_thread(_put, stream, b"", sync=True)
    return _checked(path, count + (not blank), digest.digest())


async def _form(request: Request, path: Path, most: int) -> Upload:
    async with AsyncExitStack() as last:
        try:
            form = await last.enter_async_context(request.form(max_files=1, max_fields=10))
        except HTTPException:  # Starlette's, for whatever is wrong with it
            told = "the form can't be read, or has more than one file; it is sent as curl -F file=@news.jsonl does"
            raise Problem("invalid_request", told) from None
        file = form.get("file")
        if file is None:
            raise Problem("invalid_request", "there is no `file` in the form; it is sent as curl -F file=@news.jsonl does")

        async def pieces() -> AsyncIterator[bytes]:
            if not isinstance(file, UploadFile):
                yield file.encode()
                return
            while piece := await file.read(_BLOCK):
                yield piece

        return await _lines(pieces(), path, most)


def _checked(path: Path, articles: int, sent: bytes) -> Upload:
    if not articles:
        raise Problem("invalid_request", "there is no article in it")
    if articles > MAX_ARTICLES:
        raise Problem("too_large", f"a batch may have {MAX_ARTICLES} articles; hand it in as several")
    return Upload(path, articles, hashlib.sha256(sent).hexdigest())


def _put(stream: BinaryIO, data: bytes, *, sync: bool = False) -> None:
    stream.write(data)
    if sync:
        durable.settle(stream)
