"""Errors as callers see them: application/problem+json (RFC 9457), each with a code that stays."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from agent import errors

MEDIA_TYPE = "application/problem+json"


class Kind(NamedTuple):
    """What a code means."""

    status: int
    title: str


PROBLEMS: dict[str, Kind] = {
    # the request
    "invalid_json": Kind(400, "The body isn't JSON that can be read"),
    "invalid_request": Kind(422, "The request isn't what this route takes"),
    "invalid_article": Kind(422, "That can't be read as an article"),
    "invalid_cursor": Kind(422, "The cursor is none of this list"),
    "search_too_slow": Kind(422, "The search would look at too many cards"),
    "idempotency_key_reused": Kind(422, "The Idempotency-Key was used for another request"),
    "fetching_is_off": Kind(403, "This service reads no addresses"),
    "address_refused": Kind(422, "No article could be read from that address"),
    "media_type_unsupported": Kind(415, "The body is of a kind that this route doesn't take"),
    "too_large": Kind(413, "The body is too large"),
    "not_ended": Kind(409, "The batch is still worked on"),
    "headers_too_large": Kind(431, "Headers or address are too long"),
    "not_found": Kind(404, "There is nothing here"),
    "method_not_allowed": Kind(405, "The route is there, but not for this method"),
    # the caller
    "unauthorized": Kind(401, "A key is needed"),
    "forbidden": Kind(403, "That isn't allowed"),
    "host_not_allowed": Kind(421, "This service doesn't go by that name"),
    "too_slow": Kind(408, "The request came too slowly"),
    "too_many_requests": Kind(429, "More requests than the caller may make"),
    "budget_exceeded": Kind(429, "The budget doesn't allow the next call"),
    # the article
    "no_reply": Kind(504, "The model's endpoint gave no usable reply in time"),
    "draft_rejected": Kind(502, "What the model wrote can't be read as a draft"),
    "draft_truncated": Kind(502, "The model ran out of output tokens"),
    "draft_refused": Kind(422, "The model declined to answer about this article"),
    "article_too_long": Kind(422, "The model's context can't hold the article"),
    # the service
    "endpoint_rejects_us": Kind(502, "The model's endpoint doesn't take our requests"),
    "endpoint_unreachable": Kind(503, "The model's endpoint doesn't answer"),
    "quota_exhausted": Kind(503, "The account at the model's endpoint has no credit left"),
    "queue_full": Kind(503, "The service has as much in hand as it takes"),
    "draining": Kind(503, "The service is shutting down"),
    "not_ready": Kind(503, "The service can't work now"),
    "internal_error": Kind(500, "A fault of newscard's own"),
}
"""Code -> status and title. Codes are part of the contract: one is added at need, none is renamed."""

CODES: tuple[tuple[type[errors.NewscardError], str], ...] = (
    (errors.NoReply, "no_reply"),
    (errors.DraftRejected, "draft_rejected"),
    (errors.DraftTruncated, "draft_truncated"),
    (errors.DraftRefused, "draft_refused"),
    (errors.ArticleTooLong, "article_too_long"),
    (errors.ArticleError, "invalid_article"),
    (errors.SourceError, "invalid_article"),
    (errors.CallsStopped, "draining"),
    (errors.BudgetExceeded, "budget_exceeded"),
    (errors.EndpointUnreachable, "endpoint_unreachable"),
    (errors.QuotaExhausted, "quota_exhausted"),
    (errors.EndpointError, "endpoint_rejects_us"),
    (errors.UsageError, "invalid_request"),
    (errors.RunRefused, "not_ready"),
    (errors.SinkFailed, "not_ready"),
    (errors.NewscardError, "internal_error"),
)
"""Error -> code; the first class that fits."""

_NOT_ALLOWED = 405
_OF_STATUS = {400: "invalid_json", 401: "unauthorized", 403: "forbidden", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}


def code_of(error: str) -> str:
    """The code of one of newscard's errors by the name of its class, as a run's rows have it."""
    kind = getattr(errors, error, None) or (errors.ArticleError if error == "SameId" else errors.NewscardError)
    return next(code for known, code in CODES if issubclass(kind, known))


@dataclass(eq=False)  # not frozen: Python itself writes tracebacks into exceptions
class Problem(Exception):
    """Raised anywhere below a route; `detail` is one line that says what is wrong and what to do. `faults`: one for each bad field."""

    code: str
    detail: str = ""
    faults: Sequence[Mapping[str, str]] = ()
    retry_after_s: float | None = None

    @property
    def kind(self) -> Kind:
        """Status and title."""
        return PROBLEMS[self.code]

    @classmethod
    def of(cls, exc: errors.NewscardError) -> Problem:
        """One of newscard's errors. Its message is made for users, and holds neither key nor article."""
        code = next(code for kind, code in CODES if isinstance(exc, kind))
        soon = 10.0 if code in {"endpoint_unreachable", "draining"} else None
        return cls(code, str(exc), retry_after_s=getattr(exc, "retry_after_s", soon))

    def as_json(self) -> dict[str, Any]:
        """The body."""
        body: dict[str, Any] = {
            "type": "about:blank",
            "title": self.kind.title,
            "status": self.kind.status,
            "code": self.code,
            "detail": self.detail or self.kind.title,
        }
        return body | ({"errors": [dict(fault) for fault in self.faults]} if self.faults else {})

    def body(self) -> bytes:
        """The same in bytes."""
        return orjson.dumps(self.as_json())

    def headers(self) -> dict[str, str]:
        """Those beside the body."""
        headers = {"cache-control": "no-store"}
        if self.retry_after_s is not None:
            headers["retry-after"] = str(max(1, round(self.retry_after_s)))
        if self.kind.status == 401:  # noqa: PLR2004  the one status that wants this
            headers["www-authenticate"] = "Bearer"
        return headers

    def response(self) -> Response:
        """The answer."""
        return Response(self.body(), self.kind.status, self.headers(), MEDIA_TYPE)


def own_fault(exc: BaseException) -> Problem:
    """A fault that newscard didn't foresee. Its message may hold an article's words, so only its kind and place are told and logged."""
    last = traceback.extract_tb(exc.__traceback__)[-1:]
    where = f"{Path(last[0].filename).name}:{last[0].lineno}" if last else "an unknown place"
    what = f"{type(exc).__name__} in {where}"
    logging.getLogger("newscard").error("%s: a fault of newscard's own; please report it", what)
    return Problem("internal_error", f"{what}; please report it")


def disk_fault(exc: OSError) -> Problem:
    """The data folder can't be written or read: no request's fault and none of newscard's. The reason is for whoever runs the service."""
    logging.getLogger("newscard").error(
        "the data folder fails: %s (%s)", exc.strerror or type(exc).__name__, exc.filename or "no file named"
    )
    return Problem("not_ready", "the service can't use its disk now; its log says why; ask again later", retry_after_s=60)


@contextmanager
def on_disk() -> Iterator[None]:
    """Within it the data folder is used. Raises Problem when that fails."""
    try:
        yield
    except OSError as exc:
        raise disk_fault(exc) from None


def install(app: FastAPI) -> None:
    """Answer with problems, whatever goes wrong."""

    def of_problem(_: Request, exc: Exception) -> Response:
        assert isinstance(exc, Problem)
        return exc.response()

    def of_newscard(_: Request, exc: Exception) -> Response:
        assert isinstance(exc, errors.NewscardError)
        return Problem.of(exc).response()

    def of_http(request: Request, exc: Exception) -> Response:
        assert isinstance(exc, HTTPException)
        found = (
            _BAD_FORM if exc.status_code == _BAD and _is_form(request) else Problem(_OF_STATUS.get(exc.status_code, "invalid_request"))
        ).response()
        found.headers.update(exc.headers or {})
        if exc.status_code == _NOT_ALLOWED:
            found.headers["allow"] = _allowed(request)
        return found

    def of_validation(_: Request, exc: Exception) -> Response:
        assert isinstance(exc, RequestValidationError)
        return faults_of(exc.errors()).response()

    app.add_exception_handler(Problem, of_problem)
    app.add_exception_handler(errors.NewscardError, of_newscard)
    app.add_exception_handler(HTTPException, of_http)
    app.add_exception_handler(RequestValidationError, of_validation)


_BAD = 400
_BAD_FORM = Problem("invalid_request", "the form can't be read, or a field of it is too long; send it as its page does")


def _is_form(request: Request) -> bool:
    return request.headers.get("content-type", "").lower().startswith(("multipart/form-data", "application/x-www-form-urlencoded"))


def _allowed(request: Request) -> str:
    """The methods of all routes at this path; Starlette names those of the first one only, and HEAD is Edge's."""

    def is_there(method: str) -> bool:
        return any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in request.app.routes)

    methods = {"DELETE": "DELETE", "GET": "GET, HEAD", "POST": "POST", "PUT": "PUT"}
    return ", ".join(shown for method, shown in methods.items() if is_there(method))


_NO_OBJECT = {"missing", "model_attributes_type", "dict_type", "model_type"}


def faults_of(found: Sequence[Any]) -> Problem:
    """What is wrong with which field, by pydantic's errors; what stood there isn't repeated, since it may be an article's text."""
    if any(error["type"] == "json_invalid" for error in found):
        return Problem("invalid_json", "the body isn't JSON; send Content-Type: application/json and an object with an article")
    if any(error["type"] in _NO_OBJECT and tuple(error["loc"]) == ("body",) for error in found):
        return Problem("invalid_request", "no JSON object came; send Content-Type: application/json and an object with an article")
    faults = [{"field": _place(error["loc"]), "problem": error["msg"].removeprefix("Value error, ")} for error in found[:20]]
    first = faults[0]
    return Problem("invalid_request", f"{first['field']}: {first['problem']}", faults)


def _place(location: Sequence[int | str]) -> str:
    parts = [str(part) for part in location if part != "body"]
    return ".".join(parts) or "the body"
