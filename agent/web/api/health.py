"""Whether the service lives, whether it can work, and how it does."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from agent.web.api.described import NO_KEY, errors
from agent.web.metrics import CONTENT_TYPE
from agent.web.problems import Problem, own_fault
from agent.web.state import TheService

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """All is well."""

    status: Literal["ok"] = "ok"


@router.get("/healthz", responses=errors(), openapi_extra=NO_KEY)
async def healthz() -> Health:
    """The process lives. Where this doesn't answer, start it anew."""
    return Health()


@router.get("/readyz", responses=errors("draining", "not_ready"), openapi_extra=NO_KEY)
async def readyz(service: TheService) -> Health:
    """The service takes requests: the store answers, and it isn't shutting down. Where this fails, ask another one."""
    if service.admission.draining:
        raise Problem("draining", "the service is shutting down", retry_after_s=5)
    try:
        await service.threads.read(service.store.ping)
    except Exception as exc:  # noqa: BLE001  whatever a database raises
        own_fault(exc)
        raise Problem("not_ready", "the store of cards doesn't answer", retry_after_s=5) from None
    return Health()


_METRICS: dict[int | str, dict[str, Any]] = {
    200: {"description": "Prometheus' text format.", "content": {CONTENT_TYPE.partition(";")[0]: {"schema": {"type": "string"}}}}
}


@router.get("/metrics", response_class=Response, responses=_METRICS | errors())
async def metrics(service: TheService) -> Response:
    """Counters for Prometheus: requests, latencies, cache hits, cost, tokens, re-asks, dropped tickers, the queue, batches."""
    pacer = service.enricher("").pacer
    if pacer is not None:
        for state, value in (("in_flight", pacer.in_flight), ("waiting", pacer.waiting), ("limit", pacer.limit)):
            service.metrics.upstream.labels(state).set(value)
    return Response(service.metrics.text(), media_type=CONTENT_TYPE)
