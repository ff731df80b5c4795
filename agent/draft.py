"""What a model may say: the draft, and its schema on the wire.

Evidence comes first and judgement last, because a model writes in order: by the time it sums up, its quotes stand there.
The wire schema is the portable subset that OpenAI, Azure, vLLM, Ollama, llama.cpp, LM Studio and OpenRouter all take: every field
required, no additional ones, no numeric, length or pattern keyword. Bounds are checked here, after the reply.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import core_schema

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


@dataclass(frozen=True, slots=True)
class _Tidy:
    """A text on one line with single blanks, `least` to `most` characters.

    Nearly all are so already, which pydantic's own code sees: sixteen calls of Python would take half of the time of reading a draft.
    """

    most: int
    least: int = 0

    def _tidied(self, text: str) -> str:
        text = tidy(text)
        if not self.least <= len(text) <= self.most:
            raise ValueError
        return text

    def __get_pydantic_core_schema__(self, _source: object, _handler: object) -> core_schema.CoreSchema:
        plain = core_schema.str_schema(pattern=_IS_TIDY, min_length=self.least, max_length=self.most)
        other = core_schema.no_info_after_validator_function(self._tidied, core_schema.str_schema())
        return core_schema.union_schema(
            [plain, other],
            mode="left_to_right",
            custom_error_type="not_a_text",
            custom_error_message=f"Input should be a string of {self.least} to {self.most} characters",
        )

    def __get_pydantic_json_schema__(self, _schema: object, _handler: object) -> dict[str, Any]:
        return {"type": "string"}


_WORD = r"[^\s\x1c-\x1f]+"
_IS_TIDY = f"^(?:{_WORD}(?: {_WORD})*)?$"
"""White space is what Python takes for it: to the regular expressions of Rust x1c to x1f are none."""

Name = Annotated[str, _Tidy(120, 1)]
Reason = Annotated[str, _Tidy(REASON_CHARS, 1)]
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
    summary: Annotated[str, _Tidy(SUMMARY_CHARS)]
    analysis: Annotated[str, _Tidy(ANALYSIS_CHARS)]


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
