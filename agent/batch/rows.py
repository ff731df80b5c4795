"""A run's rows: one line of JSON each, with a checksum, so that what a crash or a disk did to a line is seen.

    {"crc":"1c291ca3","key":"<32 hex>","content":"<8 hex>","kind":"card","spent":[...],"at":{...},"card":{...}}

The checksum is CRC-32 of everything that follows it. The fields before the card stand at fixed places, so that a million rows are counted
without parsing their cards.
"""

from __future__ import annotations

import hashlib
from binascii import hexlify, unhexlify
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, get_args
from zlib import crc32

import orjson

from agent.article import Article

Kind = Literal["card", "fail", "part", "void"]
"""`card`: the article's card. `fail`: why it has none. `part`: not done, but it cost. `void`: a failure that is none any more."""
_KINDS: dict[bytes, Kind] = {kind.encode(): kind for kind in get_args(Kind)}

_KEY = slice(25, 57)
_CONTENT = slice(70, 78)
_KIND = slice(88, 92)
_SPENT_AT = 102
_SPENT_END = b',"at":'
_END = b"}\n"
_CARD = b',"card":'
_FORM = b'"key":"%b","content":"%08x","kind":"%b","spent":%b,"at":%b,"%b":%b}'


class Spent(NamedTuple):
    """What one row took. `asked`: 1 when an engine was asked, 0 when nothing was. Dollars; None where there is no price.

    `cost_usd` was paid; `uncached_cost_usd` would have been without a cache and without copies. `lost`: how often an engine had been asked
    about the article before, by runners that were killed before its answer came; `lost_usd`: what those answers cost if each was billed.
    `estimated`: requests whose tokens the endpoint didn't count.
    """

    asked: int = 0
    requests: int = 0
    input_tokens: int = 0
    cached_input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = 0.0
    uncached_cost_usd: float | None = 0.0
    lost: int = 0
    lost_usd: float | None = 0.0
    estimated: int = 0

    @property
    def answered(self) -> int:
        """Articles whose cost is in it: a budget refuses some after the engine was asked, and they took nothing."""
        return min(self.asked, self.requests)


class Total:
    """A sum of what many rows took: adding to it makes no new object, which counts where there are millions."""

    __slots__ = ("_counts", "_unpriced", "_usd")

    def __init__(self, begin: Spent | None = None) -> None:
        self._counts = [0, 0, 0, 0, 0, 0, 0]
        self._usd = [0.0, 0.0, 0.0]
        self._unpriced = [False, False, False]
        self.add(begin or Spent())

    def add(self, spent: Spent) -> None:
        """Take one row's into it."""
        counts = self._counts
        asked, requests, sent, kept, written, paid, full, lost, lost_usd, estimated = spent
        counts[0] += asked
        counts[1] += requests
        counts[2] += sent
        counts[3] += kept
        counts[4] += written
        counts[5] += lost
        counts[6] += estimated
        usd = self._usd
        if paid is not None and full is not None and lost_usd is not None:
            usd[0] += paid
            usd[1] += full
            usd[2] += lost_usd
            return
        for at, cost in enumerate((paid, full, lost_usd)):
            self._unpriced[at] |= cost is None
            usd[at] += cost or 0.0

    @property
    def spent(self) -> Spent:
        """All of it; a cost is None where one row's was."""
        asked, requests, sent, kept, written, lost, estimated = self._counts
        paid, full, lost_usd = (None if unpriced else usd for usd, unpriced in zip(self._usd, self._unpriced, strict=True))
        return Spent(asked, requests, sent, kept, written, paid, full, lost, lost_usd, estimated)


class Head(NamedTuple):
    """What a line says before its card."""

    key: bytes
    content: int
    kind: Kind
    spent: Spent


new = tuple.__new__
"""Makes a named tuple of its values in half the time of calling it."""
_SPENT_FIELDS = len(Spent._fields)


@dataclass(frozen=True, slots=True)
class Row:
    """One article's outcome: its `card` as the contract has it, or `error` and `problem`.

    `place` is where the input stood. A card that was made from another article's draft names the story and that article's id. What isn't
    an article has no id of its own; `no_articles_id` makes one of its place.
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


def no_articles_id(place: str) -> str:
    """The id of what stands at a place and is no article: no article has it, since in their ids no two spaces stand in a row."""
    return f"place:  {place}"


def content_of(article: Article) -> int:
    """32 bits of the content's digest: whether two articles of one id are the same."""
    return int(article.digest[:8], 16)


def lost_usd(spent: Spent, lost: int) -> float | None:
    """US dollars that `lost` answers cost if each was billed: by their articles' rows, or the mean of an answered article without one."""
    if lost <= 0 or not spent.answered:
        return 0.0
    if spent.cost_usd is None or spent.lost_usd is None:
        return None
    return spent.lost_usd + max(lost - spent.lost, 0) * spent.cost_usd / spent.answered


def encode(head: Head, at: Mapping[str, Any], body: bytes) -> bytes:
    """A line of that head, with the line end. `body` is the JSON of the card, or of why there is none."""
    if None in at.values():
        at = {name: value for name, value in at.items() if value is not None}
    name = b"card" if head.kind == "card" else b"why"
    rest = _FORM % (
        hexlify(head.key),
        head.content,
        head.kind.encode(),
        orjson.dumps(tuple(head.spent if head.spent.estimated else head.spent[:-1])),  # as ever, where nothing was
        orjson.dumps(at),
        name,
        body,
    )
    return b'{"crc":"%08x",%b\n' % (crc32(rest), rest)


def read_head(line: bytes) -> Head | None:
    """The head of a line; None for one that is torn or damaged."""
    return head_within(line, memoryview(line), 0, len(line))


def head_within(block: bytes, view: memoryview, start: int, end: int) -> Head | None:
    """The head of the line `block[start:end]`, with its line end; `view` is the same block, so that its card isn't copied."""
    try:
        if block[end - 2 : end] != _END or int(block[start + 8 : start + 16], 16) != crc32(view[start + 18 : end - 1]):
            return None
        begin = block[start : start + _SPENT_AT]
        values = orjson.loads(view[start + _SPENT_AT : block.index(_SPENT_END, start + _SPENT_AT, end)])
        if len(values) == _SPENT_FIELDS - 1:
            values.append(0)
        spent = new(Spent, values) if len(values) == _SPENT_FIELDS else Spent(*values)  # an older row has fewer
        return new(Head, (unhexlify(begin[_KEY]), int(begin[_CONTENT], 16), _KINDS[begin[_KIND]], spent))
    except (ValueError, TypeError, KeyError):
        return None


def card_json(line: bytes) -> bytes:
    """The card of a whole line of kind `card`, as it was written."""
    # Within JSON strings a quotation mark is never bare, so the first match is the field.
    return line[line.index(_CARD, _SPENT_AT) + len(_CARD) : -2]


def read_row(line: bytes) -> Row:
    """The row of a whole line of kind `card` or `fail`."""
    whole = orjson.loads(line)
    at, why, card = whole["at"], whole.get("why", {}), whole.get("card")
    is_article = card is not None or place_key(at["place"]).hex() != whole["key"]
    return Row(
        id=at["id"] if is_article else no_articles_id(at["place"]),
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
