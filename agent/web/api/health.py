"""Whether the service lives, whether it can work, and how it does."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from agent.web.metrics import CONTENT_TYPE
from agent.web.state import Service, service_of

router = APIRouter(tags=["health"])


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process lives."""
    return {"status": "ok"}


@router.get("/metrics", response_class=Response)
async def metrics(service: Annotated[Service, Depends(service_of)]) -> Response:
    """Counters for Prometheus."""
    return Response(service.metrics.text(), media_type=CONTENT_TYPE)
