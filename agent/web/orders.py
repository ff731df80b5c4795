"""What callers send for a card: an article or its address, and how they want it."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, WithJsonSchema, model_validator

from agent.article import Article
from agent.settings import Settings
from agent.sources.dates import moment_of
from agent.web.problems import Problem
from agent.web.security.fetching import article_at

EXAMPLE: dict[str, Any] = {
    "article": {
        "title": "Halden Semiconductor raises its outlook",
        "source": "Example Wire",
        "published_at": "2025-06-18T21:00:00Z",
        "text": "Halden Semiconductor raised its revenue outlook for the year to $4.2 billion on Wednesday, from $3.9 billion, and said "
        "that orders for its memory chips had doubled since March. Its shares rose 8% in New York.",
    }
}


def moment(value: object) -> datetime:
    """A date with or without a time, as feeds write it; UTC where no zone is named. Raises ValueError."""
    found = value if isinstance(value, datetime) else moment_of(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("it is no date from the year 1 to 9999; write it like 2025-06-18 or 2025-06-18T21:00:00Z")
    return found


DATES: dict[str, Any] = {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}]}
Moment = Annotated[datetime, BeforeValidator(moment), WithJsonSchema(DATES)]


LONGEST = {"id": 200, "title": 1_000, "url": 2_000, "source": 200}
"""Characters of a field. Lists show the cards of a hundred articles at once, and an id is part of an address."""


def unfit(article: Article) -> str | None:
    """Why the service keeps no card of that article, whoever sent it how; None where it does."""
    if article.id in _NO_SEGMENT:
        return "its id is `.` or `..`, which no address can hold; give it another one"
    return next(
        (f"its {field} is longer than {most:,} characters" for field, most in LONGEST.items() if len(getattr(article, field) or "") > most),
        None,
    )


_NO_SEGMENT = {".", ".."}


class ArticleIn(BaseModel):
    """An article as it was published. Further fields are passed over."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    text: str = Field(description="The body, without the title. Offsets on the card are Python slices of it.")
    title: str = Field("", max_length=LONGEST["title"], description="The headline.")
    id: str | None = Field(
        None, max_length=LONGEST["id"], description="Yours. Without one it is made from the content. A card of the same id is replaced."
    )
    url: str | None = Field(None, max_length=LONGEST["url"], description="Where it was published; it isn't fetched.")
    source: str | None = Field(None, max_length=LONGEST["source"], description="Who published it.")
    published_at: Moment | None = Field(None, description="When; UTC where it names no zone.")


class Options(BaseModel):
    """How a card is wanted."""

    model_config = ConfigDict(extra="forbid")

    fresh: StrictBool = Field(False, description="Ask the model anew, even where a draft of this article is kept. It is paid for again.")
    keep: StrictBool = Field(True, description="Put the card into the list. A card that isn't kept can't be asked for again.")


_EITHER: Any = [
    {"required": ["article"], "properties": {"article": {"type": "object"}, "url": {"type": "null"}}},
    {"required": ["url"], "properties": {"url": {"type": "string"}, "article": {"type": "null"}}},
]


class OrderIn(BaseModel):
    """The body of POST /v1/cards: exactly one of `article` and `url`."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, json_schema_extra={"oneOf": _EITHER, "examples": [EXAMPLE]})

    article: ArticleIn | None = None
    url: str | None = Field(None, max_length=2_000, description="An address to read the article from, where this service reads any.")
    options: Options = Options()

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.article is None) == (self.url is None):
            raise ValueError("give either an article or a url")
        return self


class Order(BaseModel):
    """An article to make a card of."""

    model_config = ConfigDict(frozen=True)

    article: Article
    options: Options = Options()

    def key(self, tenant: str) -> str:
        """Orders with equal keys are one order."""
        article, options = self.article, self.options
        parts = (tenant, article.id, article.digest, article.url or "", str(options))
        return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


class Reader:
    """Turns what callers send into orders; reads addresses, where that is allowed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def order(self, wanted: OrderIn) -> Order:
        """Raises Problem when there is no article in it."""
        if wanted.article is not None:
            article = Article.model_validate(wanted.article.model_dump(exclude_none=True))
            if (why := unfit(article)) is not None:
                raise Problem("invalid_article", why)
            return Order(article=article, options=wanted.options)
        assert wanted.url is not None
        return Order(article=await article_at(wanted.url, self._settings), options=wanted.options)
