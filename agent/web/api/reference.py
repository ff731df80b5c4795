"""What a card can say: its schema, and the taxonomy."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter

from agent.card import card_schema
from agent.taxonomy import load_taxonomy

router = APIRouter(prefix="/v1", tags=["reference"])


@router.get("/schema")
async def schema() -> dict[str, Any]:
    """The JSON Schema of a card."""
    return card_schema()


@router.get("/taxonomy")
async def taxonomy() -> dict[str, Any]:
    """Topics, sentiment labels and the impact scale."""
    found = load_taxonomy()
    return asdict(found)
