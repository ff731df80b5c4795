"""JSON and JSON lines: one record, one article."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from itertools import chain
from typing import Any, BinaryIO, NamedTuple

from pydantic import ValidationError
from pydantic_core import from_json

from agent.article import Article
from agent.errors import ArticleError, SourceError
from agent.sources.dates import moment_of
from agent.sources.decoding import MAX_BYTES, MAX_MB, decode_text, refuse_binary

FIELDS = {
    "id": ("id",),
    "title": ("title", "headline"),
    "text": ("text", "body", "content"),
    "url": ("url", "link"),
    "source": ("source", "publisher"),
    "published_at": ("published_at", "published", "publishedAt", "date"),
}
"""Our field -> the names it is looked for under; the first that isn't blank wins."""


class Placed(NamedTuple):
    """An article, or why there is none, and where it stands: `news.jsonl:3`, `news.csv row 3`, the file itself."""

    place: str
    item: Article | ArticleError | SourceError


def read_json(data: bytes, source: str, article_id: str = "") -> Iterator[Placed]:
    """The articles of a JSON document: an object, or a list of objects. A single object without an id gets `article_id`.

    Raises SourceError when it isn't such a document.
    """
    text = decode_text(data, source)
    if not text.strip():
        raise SourceError(source, "there is no text in it")
    document = _document(text, source)
    if isinstance(document, dict):
        yield Placed(source, article_of(document, source, article_id))
    elif isinstance(document, list) and document:
        for number, record in enumerate(document, start=1):
            place = f"{source} item {number}"
            yield Placed(place, article_of(record, place))
    else:
        raise SourceError(source, "neither a JSON object with a text nor a list of them")


def read_lines(stream: BinaryIO, source: str, head: bytes = b"") -> Iterator[Placed]:
    """The articles of JSON lines in UTF-8, read one at a time; `head` was read before. Blank lines are passed over.

    Raises SourceError for binary data and when there is no line at all.
    """
    refuse_binary(head, source)
    found = False
    for number, line in enumerate(chain(io.BytesIO(head), iter(lambda: stream.readline(MAX_BYTES + 1), b"")), start=1):
        if line.isspace():
            continue
        found = True
        place = f"{source}:{number}"
        if len(line) > MAX_BYTES:
            _skip_to_end_of_line(stream, line)
            yield Placed(place, ArticleError(place, f"the line is longer than {MAX_MB} MB"))
        else:
            yield Placed(place, _line_article(line, place))
    if not found:
        raise SourceError(source, "there is no text in it")


def article_of(record: Any, place: str, article_id: str = "") -> Article | ArticleError:
    """The article of one record, or why it is none; `place` says where the record stands."""
    if not isinstance(record, dict):
        return ArticleError(place, "not a JSON object")
    values = _values(record)
    if "text" not in values:
        return ArticleError(place, f"it has no text; the field is named {', '.join(FIELDS['text'][:-1])} or {FIELDS['text'][-1]}")
    if isinstance(source := values.get("source"), dict):
        values["source"] = source.get("name")
    if isinstance(published := values.get("published_at"), str):
        # Feeds write dates as e-mail does; what this can't read, pydantic may (seconds since 1970, say).
        values["published_at"] = moment_of(published) or published
    if values.get("id", "") == "":
        values["id"] = article_id
    try:
        return Article.model_validate(values)
    except ValidationError as exc:
        return ArticleError(place, _problem(str(exc.errors(include_input=False, include_url=False)[0]["loc"][0])))


def _values(record: dict[str, Any]) -> dict[str, Any]:
    """What the record says, by our names of the fields."""
    if record.keys() <= FIELDS.keys():
        return {field: value for field, value in record.items() if value is not None}
    return {field: value for field, names in FIELDS.items() if (value := _first(record, names)) is not None}


def _first(record: dict[str, Any], names: tuple[str, ...]) -> Any:
    blank = None
    for name in names:
        value = record.get(name)
        if isinstance(value, str) and (not value or value.isspace()):
            blank = value if blank is None else blank
        elif value is not None:
            return value
    return blank


def _problem(field: str) -> str:
    if field == "published_at":
        return "its date can't be read; write it like 2025-06-18T21:00:00Z"
    return "its id is neither text nor a whole number" if field == "id" else f"its {field} isn't text"


def _document(text: str, source: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as exc:
        hint = "; for JSON lines, name it .jsonl" if exc.msg == "Extra data" else ""
        raise SourceError(source, f"not JSON (line {exc.lineno}, column {exc.colno}: {exc.msg}){hint}") from None
    except (ValueError, RecursionError):
        raise SourceError(source, "not JSON that can be read: it is nested too deeply or holds too long a number") from None


def _line_article(line: bytes, place: str) -> Article | ArticleError:
    try:
        # Many times as quick. What it refuses (a lone surrogate, NaN, a broken line), the standard library takes or explains.
        record = from_json(line, allow_inf_nan=False)
    except ValueError:
        record = None
    if record is not None:
        return article_of(record, place)
    try:
        record = json.loads(decode_text(line, place))
    except SourceError as exc:
        return ArticleError(place, exc.problem)
    except json.JSONDecodeError as exc:
        return ArticleError(place, f"not JSON (column {exc.colno}: {exc.msg})")
    except (ValueError, RecursionError):
        return ArticleError(place, "not JSON that can be read: it is nested too deeply or holds too long a number")
    return article_of(record, place)


def _skip_to_end_of_line(stream: BinaryIO, line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = stream.readline(1_000_000)
