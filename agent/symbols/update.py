"""Fetches the SEC's current list and makes the user's own table from it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent import __version__, durable
from agent.errors import SourceError, UsageError
from agent.symbols.load import user_table
from agent.symbols.table import SymbolTable

if TYPE_CHECKING:
    from agent.symbols.build import Row

LIST_PATH = "/files/company_tickers_exchange.json"
TIMEOUT_S = 30.0
FEWEST_ROWS = 5_000
KNOWN = {"AAPL": 320193, "BRK.B": 1067983, "MSFT": 789019, "JPM": 19617}
"""Symbols and ciks without which a list isn't the SEC's."""
HTTP_FORBIDDEN = 403
HTTP_OK = 200


def update_symbols(contact: str, destination: Path | None = None, *, base_url: str = "https://www.sec.gov") -> SymbolTable:
    """Fetch the list, check it, put the table made from it at `destination` (default: the user's data folder), and return it.

    `contact` is an e-mail address; sec.gov answers only to callers who name one. The table at `destination` is replaced in one step,
    and only when everything is right. Raises UsageError without a contact or when `destination` can't be written, SourceError when
    the list can't be fetched or isn't what it should be.
    """
    if not contact or "@" not in contact or not contact.isprintable() or not contact.isascii():
        raise UsageError("sec.gov wants an e-mail address in the User-Agent: set NEWSCARD_CONTACT to yours")
    from agent.symbols.build import read_rows, table_text

    address = base_url.rstrip("/") + LIST_PATH
    content = _fetch(address, contact)
    try:
        rows = read_rows(content)
    except ValueError as exc:
        raise SourceError(address, f"{exc}; the old table stays") from None
    _check(rows, address)
    text = table_text(rows, version=datetime.now(UTC).date().isoformat(), source=f"{address}, {len(rows)} symbols")
    table = SymbolTable(text)
    _replace(destination or user_table(), text)
    return table


def _fetch(address: str, contact: str) -> Any:
    import httpx

    headers = {"User-Agent": f"newscard/{__version__} {contact}", "Accept-Encoding": "gzip, deflate"}
    try:
        reply = httpx.get(address, headers=headers, timeout=TIMEOUT_S, follow_redirects=False)
    except httpx.HTTPError as exc:
        raise SourceError(address, f"it can't be fetched ({type(exc).__name__}); the old table stays") from None
    if reply.status_code == HTTP_FORBIDDEN:
        raise SourceError(address, "403: sec.gov refuses the caller; check NEWSCARD_CONTACT, or try again later; the old table stays")
    if reply.status_code != HTTP_OK:
        raise SourceError(address, f"status {reply.status_code} instead of the list; try again later; the old table stays")
    try:
        return reply.json()
    except ValueError:
        raise SourceError(address, "the answer isn't JSON; try again later; the old table stays") from None


def _check(rows: list[Row], address: str) -> None:
    if len(rows) < FEWEST_ROWS:
        raise SourceError(address, f"only {len(rows)} symbols, where at least {FEWEST_ROWS} are expected; the old table stays")
    found = {row.symbol: row.cik for row in rows}
    wrong = [symbol for symbol, cik in KNOWN.items() if found.get(symbol) != cik]
    if wrong:
        raise SourceError(address, f"{', '.join(wrong)} missing or under another cik; the old table stays")


def _replace(destination: Path, text: str) -> None:
    """A reader sees the old table or the new one, never half of one."""
    try:
        destination.parent.mkdir(parents=True, exist_ok=True)
        durable.write_whole(destination, text)
    except OSError as exc:
        raise UsageError(f"{destination}: {exc.strerror or 'it cannot be written'}; the old table stays") from None
