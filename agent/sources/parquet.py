"""Parquet: a row, an article, with the columns named as records do. pyarrow is imported here, when such a file is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from agent.errors import SourceError
from agent.sources.records import FIELDS, Placed, article_of
from agent.sources.table import check_columns

ROWS_AT_ONCE = 64


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
                for row in batch.to_pylist():
                    number += 1
                    place = f"{path} row {number}"
                    yield Placed(place, article_of({name: value for name, value in row.items() if value == value}, place))  # noqa: PLR0124  NaN is pandas' empty cell
    except (pa.ArrowException, ValueError) as exc:
        raise SourceError(path, f"it can't be read as Parquet: {' '.join(str(exc).split())[:120]}") from None


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
