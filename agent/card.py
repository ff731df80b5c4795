"""What we publish: the card. Flat fields first; whoever wants tickers and sentiment needs nothing below them.

Offsets are Python slices of `Article.text`: `text[start:end] == quote`, always. Sentiment scores are -1..1, relevance, impact 0..1.
A field that says `None` for a check means that this check was not run, never that it passed.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from operator import attrgetter, not_
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from agent.draft import EntityKind
from agent.taxonomy import Component, Level, SentimentLabel

SCHEMA_VERSION = "1"


class _Public(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def of_parts(cls, values: dict[str, Any]) -> Self:
        """Made of values that were validated when they were made, all fields in their order; nothing is looked at again.

        `model_construct` without what it does for defaults and aliases: a card is made for each of a million articles.
        """
        made = _new(cls)
        _put(made, "__dict__", values)
        _put_fields_set(made, _all_fields(cls))
        _put_extra(made, None)
        _put_private(made, None)
        return made


_new, _put = object.__new__, object.__setattr__
_put_fields_set, _put_extra, _put_private = (
    BaseModel.__dict__[f"__pydantic_{slot}__"].__set__ for slot in ("fields_set", "extra", "private")
)
"""What `object.__setattr__` comes to for a slot, in a third of the time."""


_fields_of = attrgetter("__dict__")
_NONE_ESTIMATED = b',"estimated":0'


@lru_cache
def _all_fields(model: type[BaseModel]) -> set[str]:
    return set(model.model_fields)


class Sentiment(_Public):
    """What the news means for those who hold the securities (for the whole card: those it touches most)."""

    label: SentimentLabel
    score: float = Field(ge=-1, le=1)
    reason: str


class Evidence(_Public):
    """Words of the article: `text[start:end] == quote`."""

    quote: str
    start: int = Field(ge=0)
    end: int = Field(gt=0)


class Entity(_Public):
    """Someone or something the article is about, with a sentiment of its own."""

    name: str
    kind: EntityKind
    tickers: list[str]
    relevance: float = Field(ge=0, le=1)
    sentiment: Sentiment
    evidence: list[Evidence]


class Rating(_Public):
    """One impact component: level 0..4 against the taxonomy's anchors, and why."""

    level: Level
    reason: str


class Instrument(_Public):
    """One listed share class on the card, and through which entity it came there."""

    symbol: str
    exchange: str | None
    issuer: str
    share_class: str | None
    entity: str
    expanded: bool = Field(description="True when the article names the issuer but not this share class.")


class Finding(_Public):
    """A claim that the article doesn't carry. `start` and `end` are its place in the field that `where` names, where it has one."""

    where: str
    claim: str
    reason: str
    start: int | None = None
    end: int | None = None


class Tally(_Public):
    """How many claims of one kind were stated and supported; those that were not are listed."""

    stated: int = Field(ge=0)
    supported: int = Field(ge=0)
    unsupported: list[Finding]


class Dropped(_Public):
    """A symbol that is not on the card, and why."""

    symbol: str
    reason: str


class TickerCheck(_Public):
    """What was considered as a ticker and left off."""

    dropped: list[Dropped]


class TopicCheck(_Public):
    """Topics that were drafted and left off."""

    dropped: list[Finding]


class Checks(_Public):
    """What code checked. None: not checked in this version.

    `passed` speaks of the checks of the card that ran; `injection` speaks of the article, and what it finds takes nothing from the card.
    """

    numbers: Tally | None = None
    names: Tally | None = None
    quotes: Tally | None = None
    tickers: TickerCheck = TickerCheck(dropped=[])
    topics: TopicCheck = TopicCheck(dropped=[])
    form: list[Finding] = Field(default_factory=list, description="Lengths and shape of the prose, against what the prompt asks for.")
    coherence: list[Finding] | None = None
    injection: list[Finding] | None = None
    passed: bool = True


class Usage(_Public):
    """Requests and tokens over all attempts for one article, failed ones included. `cached_input_tokens` are part of `input_tokens`."""

    requests: int = Field(0, ge=0)
    input_tokens: int = Field(0, ge=0)
    cached_input_tokens: int = Field(0, ge=0)
    output_tokens: int = Field(0, ge=0)
    estimated: int = Field(0, ge=0, exclude_if=not_)
    """Requests whose tokens the endpoint didn't count: theirs are reckoned from the bytes of request and reply. Written only where there
    are any: what reads cards and drafts of before reads those of now."""

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            requests=self.requests + other.requests,
            input_tokens=self.input_tokens + other.input_tokens,
            cached_input_tokens=self.cached_input_tokens + other.cached_input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            estimated=self.estimated + other.estimated,
        )


class Provenance(_Public):
    """What made this card. Costs are US dollars; None: the model has no known price ("unpriced")."""

    engine: Literal["llm", "extractive"]
    model: str | None
    endpoint: str | None
    prompt: str | None
    schema_: str = Field(alias="schema", serialization_alias="schema")
    symbols: str
    newscard: str
    article_digest: str
    truncated: bool
    reasked: bool = False
    created_at: datetime
    cached: bool
    usage: Usage
    cost_usd: float | None
    uncached_cost_usd: float | None
    elapsed_s: float

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Card(_Public):
    """The card of one article."""

    schema_version: Literal["1"] = "1"
    id: str
    status: Literal["ok", "abstained"]
    abstained_because: str | None
    title: str
    url: str | None
    source: str | None
    published_at: datetime | None
    market_impact: float | None = Field(ge=0, le=1)
    tickers: list[str]
    topics: list[str]
    summary: str
    analysis: str
    sentiment: Sentiment | None
    entities: list[Entity]
    impact: dict[Component, Rating]
    instruments: list[Instrument]
    checks: Checks
    provenance: Provenance

    def to_json(self) -> str:
        """The card on one line, as the contract has it."""
        return self.model_dump_json(by_alias=True)

    def to_json_bytes(self) -> bytes:
        """The same in UTF-8, byte for byte, in half of the time."""
        import orjson

        found = orjson.dumps(self.__dict__, default=_fields_of, option=orjson.OPT_UTC_Z)
        # Within JSON strings a quotation mark is never bare, and the provenance comes last: the last match is its field.
        at = found.rindex(b'"schema_":')
        return found[:at] + b'"schema"' + found[at + len(b'"schema_"') :].replace(_NONE_ESTIMATED, b"", 1)


def card_schema() -> dict[str, Any]:
    """JSON Schema of a published card."""
    return Card.model_json_schema(by_alias=True, mode="serialization")
