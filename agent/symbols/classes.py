"""Which of an issuer's symbols are its common shares, and what their classes are called.

The SEC's list names no share class, so the symbol itself must tell: preferreds, warrants, units and rights carry a suffix (JPM-PC,
IONQ-WT, a fifth letter on Nasdaq). What a symbol can't tell (GOOGL is a class, FITBI a preferred) stands in shares.tsv.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

EXCHANGES = ("NASDAQ", "NYSE", "CBOE")
"""Where a share is listed rather than quoted over the counter."""
OTC = "OTC"

_NOT_COMMON = re.compile(r"P[A-Z]?|W[A-Z]{0,2}|U|UN|R|RI|RT|RW")
_FIVE = 5


@dataclass(frozen=True, slots=True)
class ShareClasses:
    """The hand-kept list: symbol -> class, in the order of publication; and the issuers (cik) without common shares of their own."""

    labels: dict[str, str]
    without_common: frozenset[int]

    def order(self, symbol: str) -> int:
        """Place of a hand-kept symbol in its list."""
        return list(self.labels).index(symbol)


@lru_cache(maxsize=1)
def load_classes() -> ShareClasses:
    """The packaged list, read once a process."""
    labels: dict[str, str] = {}
    without: set[int] = set()
    for line in files("agent.symbols").joinpath("shares.tsv").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        symbol, _, label = line.partition("\t")
        if symbol.startswith("cik:"):
            without.add(int(symbol.removeprefix("cik:")))
        else:
            labels[symbol] = label
    return ShareClasses(labels, frozenset(without))


def common_shares(cik: int, symbols: Sequence[tuple[str, str | None]]) -> tuple[str, ...]:
    """The symbols among an issuer's (symbol, exchange) pairs that are its common shares, primary class first.

    Listed ones if there are any; else what is quoted over the counter, the ADR ("Y") before the foreign ordinary ("F"), as one and the
    same share; else what the list gives no exchange for.
    """
    classes = load_classes()
    if cik in classes.without_common:
        return ()
    siblings = frozenset(symbol for symbol, _ in symbols)
    common = [(symbol, exchange) for symbol, exchange in symbols if symbol in classes.labels or not _is_other_kind(symbol, siblings)]
    for market in (EXCHANGES, (OTC,), (None,)):
        here = [symbol for symbol, exchange in common if exchange in market]
        if here:
            return _in_order(here, classes, over_the_counter=market == (OTC,))
    return ()


def _in_order(symbols: list[str], classes: ShareClasses, *, over_the_counter: bool) -> tuple[str, ...]:
    known = [symbol for symbol in symbols if symbol in classes.labels]
    if known:
        return tuple(sorted(known, key=classes.order))
    if over_the_counter:
        receipts = [symbol for symbol in symbols if len(symbol) == _FIVE and symbol.endswith("Y")]
        return ((receipts or symbols)[0],)
    # A class that came after the list was last looked at: A and B of one root. Anything else beside the first symbol is a note or a fund.
    root, dot, _ = symbols[0].partition(".")
    same_root = [symbol for symbol in symbols if dot and symbol.partition(".")[0] == root]
    return tuple(sorted(same_root)) if same_root else (symbols[0],)


def _is_other_kind(symbol: str, siblings: frozenset[str]) -> bool:
    root, dot, suffix = symbol.partition(".")
    if dot:
        return _NOT_COMMON.fullmatch(suffix) is not None
    # Nasdaq adds letters up to five (FITB, FITBI) and shortens the root where it must (XEL, XELLL; CG, CGABL).
    return len(root) == _FIVE and any(len(other) < _FIVE and "." not in other and root.startswith(other[:3]) for other in siblings)
