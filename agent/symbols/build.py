"""Makes the table of listed securities: `python -m agent.symbols.build SOURCE [--version DATE]`.

SOURCE is the SEC's list: its JSON (company_tickers_exchange.json) or a Parquet file with columns cik, ticker, exchange and name.
One issuer a line, in the order of the list, which puts large companies first:
cik, name, key (what names are compared by), common shares in the order of publication, other symbols. Symbols are "SYM:X", X the exchange.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from agent.symbols.classes import common_shares
from agent.symbols.display import display_name
from agent.symbols.names import name_key, symbol_key

PACKAGED = Path(__file__).parent / "data" / "symbols.tsv"
MAGIC = "# newscard symbols"
EXCHANGE_LETTERS = {"NASDAQ": "Q", "NYSE": "N", "CBOE": "C", "OTC": "O", None: "-"}

_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}")


class Row(NamedTuple):
    """One line of the SEC's list, the symbol in published form ("BRK.B"), the exchange in capitals or None."""

    cik: int
    symbol: str
    exchange: str | None
    name: str


def read_rows(content: Any) -> list[Row]:
    """The rows of the SEC's JSON, `{"fields": [...], "data": [[...], ...]}`.

    Raises ValueError when `content` isn't that, or has an exchange nobody has heard of in most rows.
    """
    if not isinstance(content, dict) or not {"fields", "data"} <= content.keys() or not isinstance(content["data"], list):
        raise ValueError("it isn't the SEC's list of tickers: no `fields` and `data`")
    fields = [str(field) for field in content["fields"]]
    missing = {"cik", "name", "ticker", "exchange"} - set(fields)
    if missing:
        raise ValueError(f"it isn't the SEC's list of tickers: no column {', '.join(sorted(missing))}")
    try:
        return [row for row in (_row(dict(zip(fields, values, strict=True))) for values in content["data"]) if row]
    except (TypeError, ValueError) as exc:
        raise ValueError(f"a row of the SEC's list can't be read: {type(exc).__name__}") from None


def _row(values: dict[str, Any]) -> Row | None:
    symbol = symbol_key(str(values["ticker"] or ""))
    name = " ".join(str(values["name"] or "").split())
    exchange = str(values["exchange"]).upper() if values["exchange"] else None
    if symbol is None or not name:
        return None
    return Row(int(values["cik"]), symbol, exchange if exchange in EXCHANGE_LETTERS else None, name)


def table_text(rows: Iterable[Row], *, version: str, source: str) -> str:
    """The whole table as text. The same rows give the same text.

    Raises ValueError when `version` isn't a date (YYYY-MM-DD).
    """
    if not _VERSION.fullmatch(version):
        raise ValueError(f"a version is a date like 2026-01-31, not {version!r}")
    issuers: dict[int, list[Row]] = {}
    for row in rows:
        issuers.setdefault(row.cik, []).append(row)
    lines = [f"{MAGIC}\t{version}\t{source}"]
    for cik, members in issuers.items():
        name = display_name(members[0].name)
        exchanges = {row.symbol: row.exchange for row in members}
        common = common_shares(cik, list(exchanges.items()))
        written = [f"{symbol}:{EXCHANGE_LETTERS[exchanges[symbol]]}" for symbol in (*common, *(s for s in exchanges if s not in common))]
        shares, others = written[: len(common)], written[len(common) :]
        lines.append("\t".join((str(cik), name, name_key(members[0].name), " ".join(shares), " ".join(others))))
    return "\n".join(lines) + "\n"


def _read(path: Path) -> list[Row]:
    if path.suffix == ".json":
        return read_rows(json.loads(path.read_text(encoding="utf-8")))
    from pyarrow import parquet

    table = parquet.read_table(path, columns=["cik", "name", "ticker", "exchange"])
    return read_rows({"fields": table.column_names, "data": [list(row.values()) for row in table.to_pylist()]})


def main(argv: list[str] | None = None) -> None:
    """The command line of this module."""
    parser = argparse.ArgumentParser(prog="python -m agent.symbols.build", description="Make the table of listed securities.")
    parser.add_argument("source", type=Path, help="the SEC's list: .json, or .parquet with the same columns")
    parser.add_argument("--version", required=True, help="date of the list, YYYY-MM-DD")
    parser.add_argument("--origin", default="sec.gov company_tickers_exchange.json", help="where the list is from, in a few words")
    parser.add_argument("--out", type=Path, default=PACKAGED)
    chosen = parser.parse_args(argv)
    text = table_text(_read(chosen.source), version=chosen.version, source=chosen.origin)
    chosen.out.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
