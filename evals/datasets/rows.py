"""Rows of a set's file, checked; what is odd is named by its line."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from agent.errors import UsageError


class Row(BaseModel):
    """One row as the set has it; what we don't use is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


RowOf = TypeVar("RowOf", bound=Row)


def json_rows(path: Path, kind: type[RowOf]) -> list[RowOf]:
    """The rows of a JSON-lines file. Raises UsageError for a file or row that isn't of this kind, or for no row at all."""
    return _checked(path, _parsed(path), kind)


def csv_rows(path: Path, kind: type[RowOf]) -> list[RowOf]:
    """The rows of a CSV file with a header. Raises UsageError as `json_rows` does."""
    with_lines = enumerate(csv.DictReader(_text(path).splitlines(keepends=True)), 2)
    return _checked(path, with_lines, kind)


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except OSError as exc:
        raise UsageError(f"{path}: {exc.strerror or 'it cannot be read'}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path}: it isn't UTF-8 text; convert it first") from None


def _parsed(path: Path) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(_text(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            yield number, json.loads(line)
        except ValueError:
            raise UsageError(f"{path}, line {number}: it isn't JSON; the file should hold one JSON object a line") from None


def _checked(path: Path, numbered: Iterable[tuple[int, Any]], kind: type[RowOf]) -> list[RowOf]:
    found = []
    for number, row in numbered:
        try:
            found.append(kind.model_validate(row))
        except ValidationError as exc:
            first = exc.errors(include_url=False, include_input=False)[0]
            where = ".".join(map(str, first["loc"])) or "the row"
            raise UsageError(f"{path}, line {number}: {where}: {first['msg'].lower()}; is this the right set?") from None
    if not found:
        raise UsageError(f"{path}: there is no row in it")
    return found
