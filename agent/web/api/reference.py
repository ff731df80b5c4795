"""What a card can say: its schema, and the taxonomy."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter

from agent.card import card_schema
from agent.taxonomy import load_taxonomy
from agent.web.api.described import errors

router = APIRouter(prefix="/v1", tags=["reference"])


@router.get("/schema", responses=errors())
async def schema() -> dict[str, Any]:
    """The JSON Schema of a card."""
    return card_schema()


@router.get("/taxonomy", responses=errors())
async def taxonomy() -> dict[str, Any]:
    """Topics with the rule when each is used, sentiment labels with their scores, and the anchors and weights of market impact."""
    return asdict(load_taxonomy())
