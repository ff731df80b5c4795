"""Finds the table to use: the one asked for, an updated one in the user's data folder, or the packaged one."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from agent.errors import UsageError
from agent.symbols.table import SymbolTable
from agent.symbols.views import LETTERS

PACKAGED = Path(__file__).parent / "data" / "symbols.tsv"
_SYMBOL = rf"[^\s:]+:[{''.join(map(re.escape, LETTERS))}]"
_SYMBOLS = rf"(?:{_SYMBOL}(?: {_SYMBOL})*)?"
_ROW = re.compile(rf"\d{{1,10}}\t[^\t]*\S[^\t]*\t[^\t]*\S[^\t]*\t{_SYMBOLS}\t{_SYMBOLS}")


def user_table() -> Path:
    """Where `update_symbols` puts a table."""
    from platformdirs import user_data_path

    return user_data_path("newscard") / "symbols.tsv"


def load_symbols(path: Path | None = None) -> SymbolTable:
    """The table at `path`; without one, the newer of the user's own and the packaged one. Read once a process and path.

    Raises UsageError when `path` can't be read as a table. A table of the user's own that can't be read is passed over.
    """
    if path is not None:
        return _load(path.resolve())
    own = user_table()
    return _load(own) if _version(own) > _version(PACKAGED) else _load(PACKAGED)


@lru_cache(maxsize=4)
def _load(path: Path) -> SymbolTable:
    try:
        text = path.read_text(encoding="utf-8")
        if path != PACKAGED:
            _check_rows(text)
        return SymbolTable(text)
    except OSError as exc:
        raise UsageError(f"{path}: {exc.strerror or 'it cannot be read'}; a symbol table is made by `newscard symbols update`") from None
    except ValueError as exc:
        problem = "not UTF-8 text" if isinstance(exc, UnicodeDecodeError) else str(exc)
        raise UsageError(f"{path}: {problem}; make a new one with `newscard symbols update`") from None


def _check_rows(text: str) -> None:
    """Raise ValueError at the first row that `build` wouldn't write: whoever edits a table is told now, not when an article meets it."""
    for number, line in enumerate(text.split("\n")[1:], start=2):
        if line and not _ROW.fullmatch(line):
            raise ValueError(
                f"line {number} isn't cik, name, key, common shares and other symbols, with a tab between two and symbols as SYM:Q"
            )


def _version(path: Path) -> str:
    """The date in a table's first line; empty when there is no table there."""
    try:
        with path.open(encoding="utf-8") as lines:
            head = lines.readline().rstrip("\n").split("\t")
    except (OSError, UnicodeDecodeError):
        return ""
    return head[1] if len(head) > 1 and head[0].startswith("# newscard symbols") else ""
