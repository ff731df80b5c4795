"""A run's rows: one line of JSON each, with a checksum, so that what a crash or a disk did to a line is seen.

    {"crc":"1c291ca3","key":"<32 hex>","content":"<8 hex>","kind":"card","spent":[...],"at":{...},"card":{...}}

The checksum is CRC-32 of everything that follows it. The fields before the card stand at fixed places, so that a million rows are counted
without parsing their cards.
"""

from __future__ import annotations

import hashlib
from binascii import unhexlify
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, get_args
from zlib import crc32

from agent.article import Article

Kind = Literal["card", "fail", "part", "void"]
"""`card`: the article's card. `fail`: why it has none. `part`: not done, but it cost. `void`: a failure that is none any more."""
_KINDS: dict[bytes, Kind] = {kind.encode(): kind for kind in get_args(Kind)}

_KEY = slice(25, 57)
_CONTENT = slice(70, 78)
_KIND = slice(88, 92)
_SPENT_AT = 102
_SPENT_END = b',"at":'
_CARD = b',"card":'
_FORM = b'"key":"%b","content":"%08x","kind":"%b","spent":%b,"at":%b,"%b":%b}'


class Spent(NamedTuple):
    """What one row took. `asked`: 1 when an engine was asked, 0 when nothing was. Dollars; None where there is no price.

    `cost_usd` was paid; `uncached_cost_usd` would have been without a cache and without copies.
    """

    asked: int = 0
    requests: int = 0
    input_tokens: int = 0
    cached_input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = 0.0
    uncached_cost_usd: float | None = 0.0

    def __add__(self, other: Spent) -> Spent:  # type: ignore[override]  # the sum of two amounts, not one tuple after the other
        return Spent(
            self.asked + other.asked,
            self.requests + other.requests,
            self.input_tokens + other.input_tokens,
            self.cached_input_tokens + other.cached_input_tokens,
            self.output_tokens + other.output_tokens,
            _sum(self.cost_usd, other.cost_usd),
            _sum(self.uncached_cost_usd, other.uncached_cost_usd),
        )


class Total:
    """A sum of what many rows took: adding to it makes no new object, which counts where there are millions."""

    __slots__ = ("_sums", "_unpriced", "_usd", "_would")

    def __init__(self) -> None:
        self._sums = [0, 0, 0, 0, 0]
        self._usd = self._would = 0.0
        self._unpriced = [False, False]

    def add(self, spent: Spent) -> None:
        """Take one row's into it."""
        sums = self._sums
        asked, requests, sent, kept, written, usd, would = spent
        sums[0] += asked
        sums[1] += requests
        sums[2] += sent
        sums[3] += kept
        sums[4] += written
        if usd is None:
            self._unpriced[0] = True
        else:
            self._usd += usd
        if would is None:
            self._unpriced[1] = True
        else:
            self._would += would

    @property
    def spent(self) -> Spent:
        """All of it; a cost is None where one row's was."""
        asked, requests, sent, kept, written = self._sums
        usd = None if self._unpriced[0] else self._usd
        return Spent(asked, requests, sent, kept, written, usd, None if self._unpriced[1] else self._would)


class Head(NamedTuple):
    """What a line says before its card."""

    key: bytes
    content: int
    kind: Kind
    spent: Spent


@dataclass(frozen=True, slots=True)
class Row:
    """One article's outcome: its `card` as the contract has it, or `error` and `problem`.

    `place` is where the input stood. A card that was made from another article's draft names the story and that article's id.
    """

    id: str
    status: Literal["ok", "abstained", "failed"]
    place: str
    spent: Spent
    card: dict[str, Any] | None = None
    error: str | None = None
    problem: str | None = None
    source: str | None = None
    story_id: str | None = None
    taken_from: str | None = None


def article_key(article_id: str) -> bytes:
    """The 16 bytes that an article's rows go by."""
    return hashlib.sha256(b"article\0" + article_id.encode("utf-8", "surrogatepass")).digest()[:16]


def place_key(place: str) -> bytes:
    """The same for what stands at a place of the input and is no article."""
    return hashlib.sha256(b"place\0" + place.encode("utf-8", "surrogatepass")).digest()[:16]


def content_of(article: Article) -> int:
    """32 bits of the content's digest: whether two articles of one id are the same."""
    return int(article.digest[:8], 16)


def encode(head: Head, at: Mapping[str, Any], body: bytes) -> bytes:
    """A line of that head, with the line end. `body` is the JSON of the card, or of why there is none."""
    import orjson

    name = b"card" if head.kind == "card" else b"why"
    rest = _FORM % (
        head.key.hex().encode(),
        head.content,
        head.kind.encode(),
        orjson.dumps(tuple(head.spent)),
        orjson.dumps({name: value for name, value in at.items() if value is not None}),
        name,
        body,
    )
    return b'{"crc":"%08x",%b\n' % (crc32(rest), rest)


def read_head(line: bytes) -> Head | None:
    """The head of a line; None for one that is torn or damaged."""
    import orjson

    try:
        if not line.endswith(b"}\n") or int(line[8:16], 16) != crc32(memoryview(line)[18:-1]):
            return None
        spent = orjson.loads(line[_SPENT_AT : line.index(_SPENT_END, _SPENT_AT)])
        return Head(unhexlify(line[_KEY]), int(line[_CONTENT], 16), _KINDS[line[_KIND]], Spent(*spent))
    except (ValueError, TypeError, KeyError):
        return None


def card_json(line: bytes) -> bytes:
    """The card of a whole line of kind `card`, as it was written."""
    # Within JSON strings a quotation mark is never bare, so the first match is the field.
    return line[line.index(_CARD, _SPENT_AT) + len(_CARD) : -2]


def read_row(line: bytes) -> Row:
    """The row of a whole line of kind `card` or `fail`."""
    import orjson

    whole = orjson.loads(line)
    at, why, card = whole["at"], whole.get("why", {}), whole.get("card")
    return Row(
        id=at["id"],
        status="failed" if card is None else card["status"],
        place=at["place"],
        spent=Spent(*whole["spent"]),
        card=card,
        error=why.get("error"),
        problem=why.get("problem"),
        source=why.get("source") if card is None else card["source"],
        story_id=at.get("story_id"),
        taken_from=at.get("taken_from"),
    )


def _sum(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one + other
