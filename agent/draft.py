"""What a model may say: the draft, and its schema on the wire.

Evidence comes first and judgement last, because a model writes in order: by the time it sums up, its quotes stand there.
The wire schema is the portable subset that OpenAI, Azure, vLLM, Ollama, llama.cpp, LM Studio and OpenRouter all take: every field
required, no additional ones, no numeric, length or pattern keyword. Bounds are checked here, after the reply.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from agent.taxonomy import Level, SentimentLabel, load_taxonomy

EntityKind = Literal[
    "public company",
    "private company",
    "fund",
    "index",
    "currency",
    "commodity",
    "crypto",
    "government body",
    "person",
    "country",
    "other",
]
Relevance = Literal["central", "involved", "background"]

MAX_ENTITIES = 12
MAX_QUOTES = 4
MAX_TOPICS = 6
# Wider than what the prompt asks for: outside these a reply isn't a summary or an analysis at all.
SUMMARY_CHARS = 2_000
ANALYSIS_CHARS = 6_000
REASON_CHARS = 800
QUOTE_CHARS = 1_000


def tidy(text: str) -> str:
    """`text` on one line, with single spaces."""
    # Nearly every text is that already, and seeing it is quicker: of all white space only the plain space is printable.
    if text.isprintable() and "  " not in text and text == text.strip():
        return text
    return " ".join(text.split())


Name = Annotated[str, AfterValidator(tidy), Field(min_length=1, max_length=120)]
Reason = Annotated[str, AfterValidator(tidy), Field(min_length=1, max_length=REASON_CHARS)]
Quote = Annotated[str, Field(min_length=1, max_length=QUOTE_CHARS)]


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class DraftEntity(_Wire):
    """An entity the article carries, the words that carry it, and what the news means for it."""

    name: Name
    kind: EntityKind
    quotes: list[Quote] = Field(max_length=MAX_QUOTES)
    relevance: Relevance
    reason: Reason
    sentiment: SentimentLabel


class DraftSentiment(_Wire):
    """The overall sentiment, its reason first."""

    reason: Reason
    label: SentimentLabel


class DraftRating(_Wire):
    """One impact component: the reason, then a level 0..4 against its anchors."""

    reason: Reason
    level: Level


class DraftImpact(_Wire):
    """The five components from which code computes the market impact."""

    materiality: DraftRating
    breadth: DraftRating
    surprise: DraftRating
    immediacy: DraftRating
    certainty: DraftRating


class Draft(_Wire):
    """One reply. `abstain_because` is null unless the article has nothing to make a financial card from."""

    entities: list[DraftEntity] = Field(max_length=MAX_ENTITIES)
    topics: list[str] = Field(max_length=3 * MAX_TOPICS)
    impact: DraftImpact
    overall: DraftSentiment
    abstain_because: str | None
    summary: Annotated[str, AfterValidator(tidy), Field(max_length=SUMMARY_CHARS)]
    analysis: Annotated[str, AfterValidator(tidy), Field(max_length=ANALYSIS_CHARS)]


_KEPT = frozenset({"type", "properties", "required", "additionalProperties", "items", "enum", "anyOf", "$ref", "$defs"})


@lru_cache(maxsize=1)
def wire_schema() -> dict[str, Any]:
    """The JSON Schema sent with every request; made once, so that its bytes are the same at every call."""
    schema: dict[str, Any] = _portable(Draft.model_json_schema(mode="serialization"))
    schema["properties"]["topics"]["items"] = {"type": "string", "enum": list(load_taxonomy().topic_names)}
    return schema


@lru_cache(maxsize=1)
def wire_schema_digest() -> str:
    """sha256 (64 hex digits) of the wire schema: an ingredient of the cache's key."""
    import orjson

    return hashlib.sha256(orjson.dumps(wire_schema(), option=orjson.OPT_SORT_KEYS)).hexdigest()


def _portable(node: Any) -> Any:
    """`node` without the keywords that some endpoint refuses. Names under `properties` and `$defs` are kept as they are."""
    if isinstance(node, list):
        return [_portable(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {key: _portable(value) for key, value in node.items() if key in _KEPT and key not in {"properties", "$defs"}}
    for key in ("$defs", "properties"):
        if key in node:
            kept[key] = {name: _portable(value) for name, value in node[key].items()}
    if node.get("type") == "object":
        kept["required"] = list(node["properties"])
        kept["additionalProperties"] = False
    return kept
