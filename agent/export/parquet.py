"""Parquet with typed columns. pyarrow is imported here, when such a file is written."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

from agent.batch.reading import Runs
from agent.errors import UsageError
from agent.export.flat import CARD, COLUMNS, values

ROWS_AT_ONCE = 2_000


def write(runs: Runs, path: Path) -> None:
    """Write the rows of `runs` to `path`, zstd-compressed, a row group for every 2,000. Raises UsageError without pyarrow."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise UsageError("writing Parquet takes pyarrow; pip install 'newscard[batch]'") from None
    types = {
        "text": pa.string(),
        "number": pa.float64(),
        "count": pa.int64(),
        "truth": pa.bool_(),
        "time": pa.timestamp("us", tz="UTC"),
        "texts": pa.list_(pa.string()),
    }
    schema = pa.schema([*(pa.field(column.name, types[column.type]) for column in COLUMNS), pa.field(CARD, pa.string())])
    rows = map(values, runs.lines())
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        while group := list(islice(rows, ROWS_AT_ONCE)):
            columns: list[Any] = [list(column) for column in zip(*group, strict=True)]
            arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
