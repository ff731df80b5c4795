"""Listed securities: which issuer a name or symbol stands for, and under which symbols its shares are listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.symbols.listing import Candidate, Issuer, Listing, Mention
from agent.symbols.load import load_symbols
from agent.symbols.table import SymbolTable

if TYPE_CHECKING:
    from agent.symbols.update import update_symbols

__all__ = ["Candidate", "Issuer", "Listing", "Mention", "SymbolTable", "load_symbols", "update_symbols"]


def __getattr__(name: str) -> object:
    """Import the one part that knows a network when it is asked for, so that the checks that use the table don't know it either."""
    if name != "update_symbols":
        raise AttributeError(f"module 'agent.symbols' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module("agent.symbols.update"), name)
