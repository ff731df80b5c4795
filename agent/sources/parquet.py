"""Parquet: a row, an article, with the columns named as records do. pyarrow is imported here, when such a file is read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, BinaryIO

from agent.errors import SourceError
from agent.sources.records import FIELDS, Placed, article_of
from agent.sources.table import check_columns

if TYPE_CHECKING:
    import pyarrow as pa

ROWS_AT_ONCE = 64
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_IN_A_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


def read_parquet(stream: BinaryIO, path: str) -> Iterator[Placed]:
    """The articles of the Parquet file at `path`, which `stream` reads, a few rows in memory at once.

    Raises SourceError when it can't be read as articles.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise SourceError(path, "reading Parquet takes pyarrow; pip install 'newscard[batch]'") from None
    try:
        with pq.ParquetFile(stream) as file:
            known = {name for names in FIELDS.values() for name in names}
            columns = [name for name in file.schema_arrow.names if name in known]
            check_columns(columns, path)
            number = 0
            for batch in file.iter_batches(batch_size=ROWS_AT_ONCE, columns=columns, use_threads=False):
                values = [_values(column) for column in batch.columns]
                for row in zip(*values, strict=True):
                    number += 1
                    place = f"{path} row {number}"
                    record = {name: value for name, value in zip(columns, row, strict=True) if value == value}  # noqa: PLR0124  NaN is pandas' empty cell
                    yield Placed(place, article_of(record, place))
    except (pa.ArrowException, ValueError, OverflowError) as exc:
        raise SourceError(path, f"it can't be read as Parquet: {' '.join(str(exc).split())[:120]}") from None


def _values(column: pa.Array) -> list[Any]:
    """The cells of `column`; pyarrow itself needs pandas for nanoseconds, a table of zones for a zone, and ends at a day it can't tell."""
    import pyarrow as pa

    if not pa.types.is_timestamp(column.type):
        found: list[Any] = column.to_pylist()
        return found
    in_a_second = _IN_A_SECOND[column.type.unit]
    return [None if count is None else _moment(count, in_a_second) for count in column.cast(pa.int64()).to_pylist()]


def _moment(count: int, in_a_second: int) -> datetime | int:
    """A time, which Parquet counts from 1970 on in UTC whatever its zone; as it is where no calendar has it."""
    try:
        return _EPOCH + timedelta(microseconds=count * 10**6 // in_a_second)
    except OverflowError:
        return count


def count_rows(path: str) -> int | None:
    """How many rows the file says it has; None when it can't be read."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        return None
    try:
        rows: int = pq.read_metadata(path).num_rows
    except (pa.ArrowException, ValueError, OSError):
        return None
    return rows
