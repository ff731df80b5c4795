"""How routes describe themselves in OpenAPI: their errors, and examples that are true."""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Any

from fastapi import FastAPI

from agent.article import Article
from agent.settings import Settings
from agent.web.orders import EXAMPLE
from agent.web.problems import MEDIA_TYPE, PROBLEMS, Problem

PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "enum": list(PROBLEMS)},
        "detail": {"type": "string", "description": "One line: what is wrong, and what to do."},
        "errors": {
            "type": "array",
            "items": {"type": "object", "properties": {"field": {"type": "string"}, "problem": {"type": "string"}}},
        },
    },
}
KEY_SCHEME = {
    "type": "http",
    "scheme": "bearer",
    "description": "A key, as `newscard keys add NAME` makes it. Needed as soon as there is one; before, only this machine is answered.",
}
NO_KEY: dict[str, Any] = {"security": []}
"""What a route that needs none says of itself."""
ALWAYS = ("unauthorized", "forbidden", "host_not_allowed", "too_slow", "too_many_requests", "headers_too_large", "internal_error")
"""What any route may answer."""


def errors(*codes: str) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that may answer with these problems; by status, an example each."""
    found: dict[int | str, dict[str, Any]] = {}
    for code in (*codes, *ALWAYS):
        kind = PROBLEMS[code]
        response = found.setdefault(
            kind.status, {"description": kind.title, "content": {MEDIA_TYPE: {"schema": PROBLEM_SCHEMA, "examples": {}}}}
        )
        if response["content"][MEDIA_TYPE]["examples"]:
            response["description"] += f"; or: {kind.title[0].lower()}{kind.title[1:]}"
        response["content"][MEDIA_TYPE]["examples"][code] = {"value": Problem(code).as_json()}
    return found


def answer(description: str, schema: dict[str, Any], example: Any = None, media_type: str = "application/json") -> dict[str, Any]:
    """A response of that schema."""
    shown = {} if example is None else {"example": example}
    return {"description": description, "content": {media_type: {"schema": schema, **shown}}}


def describe(app: FastAPI) -> None:
    """Add what FastAPI can't know to its description: the example card, made when somebody asks for it."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        schema = plain()
        schema["components"]["schemas"]["Card"]["examples"] = [example_card()]
        schema["components"]["securitySchemes"] = {"key": KEY_SCHEME}
        schema["security"] = [{"key": []}, {}]
        return schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way


@lru_cache(maxsize=1)
def example_card() -> dict[str, Any]:
    """The card of the article that the examples send, as the extractive engine makes it."""
    from agent.engines import Drafted
    from agent.engines.extractive import ExtractiveEngine
    from agent.engines.extractive.drafting import draft_article
    from agent.making import CardMaker
    from agent.symbols import load_symbols

    symbols = load_symbols(None)
    article = Article.model_validate(EXAMPLE["article"])
    maker = CardMaker(Settings(), symbols, ExtractiveEngine(symbols))
    card = maker.card(article, Drafted(draft=draft_article(article, symbols)), cached=False, started=time.perf_counter())
    found: dict[str, Any] = card.model_dump(mode="json", by_alias=True)
    return found
