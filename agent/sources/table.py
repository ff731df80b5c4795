"""CSV: a row, an article; the first row names the columns as records do."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from agent.errors import ArticleError, SourceError
from agent.sources.decoding import MAX_BYTES, MAX_MB, refuse_binary
from agent.sources.records import FIELDS, Placed, article_of

_DELIMITERS = ",;\t|"


def read_table(stream: BinaryIO, source: str, head: bytes) -> Iterator[Placed]:
    """The articles of CSV in UTF-8, read one row at a time; `head`, its first line, was read before.

    The delimiter is the one of comma, semicolon, tab and bar that the first row holds most of. Raises SourceError when no column holds
    texts, and where the file stops being CSV.
    """
    refuse_binary(head, source)
    if not head.strip():
        raise SourceError(source, "there is no text in it")
    csv.field_size_limit(MAX_BYTES)
    number = -1
    try:
        first = head.decode("utf-8")
        text = io.TextIOWrapper(io.BufferedReader(_Joined(head, stream)), "utf-8", newline="")
        rows = csv.DictReader(text, delimiter=max(_DELIMITERS, key=first.count), strict=True)
        check_columns([name.strip() for name in rows.fieldnames or ()], source)
        rows.fieldnames = [name.strip() for name in rows.fieldnames or ()]
        number = 0
        for number, row in enumerate(rows, start=1):
            place = f"{source} row {number}"
            if None in row:
                yield Placed(
                    place, ArticleError(place, f"it has more cells than the {len(rows.fieldnames)} columns; quote what holds delimiters")
                )
            else:
                yield Placed(place, article_of({name: value for name, value in row.items() if value}, place))
        if not number:
            raise SourceError(source, "there is no text in it")
    except UnicodeDecodeError as exc:
        raise SourceError(source, f"not UTF-8 text{_from(number)} (byte 0x{exc.object[exc.start]:02x}); convert it with iconv") from None
    except csv.Error as exc:
        problem = f"a cell is larger than {MAX_MB} MB" if "field limit" in str(exc) else str(exc)
        raise SourceError(source, f"not CSV{_from(number)}: {problem}") from None


def _from(number: int) -> str:
    """Where the file stops being readable: behind row `number`, counted from 1; -1 is before the names of the columns."""
    return f" from row {number + 1} on" if number >= 0 else ""


def is_head(line: str) -> bool:
    """Whether `line` names columns: one of texts and another that is read, between delimiters."""
    names = {name.strip().strip('"') for name in line.strip().split(max(_DELIMITERS, key=line.count))}
    return bool(names & set(FIELDS["text"])) and len(names & {name for known in FIELDS.values() for name in known}) > 1


def check_columns(names: list[str], source: str) -> None:
    """Raise SourceError when none of the columns `names` holds texts, or where two have one name: which is meant, nobody can say."""
    for name in (name for known in FIELDS.values() for name in known):
        if names.count(name) > 1:
            raise SourceError(source, f"{names.count(name)} columns are named {name}; keep one")
    if not set(FIELDS["text"]) & set(names):
        raise SourceError(source, f"no column of texts; it is named {', '.join(FIELDS['text'][:-1])} or {FIELDS['text'][-1]}")


class _Joined(io.RawIOBase):
    """`head`, then the rest of `stream`, which stays open."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self._head = head
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        # A line at a time: whoever writes into a pipe row by row is read row by row.
        taken = self._head[: len(buffer)] if self._head else self._stream.readline(len(buffer))
        self._head = self._head[len(taken) :]
        buffer[: len(taken)] = taken
        return len(taken)
