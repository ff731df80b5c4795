"""Listed securities: which issuer a name or symbol stands for, and under which symbols its shares are listed."""

from agent.symbols.listing import Candidate, Issuer, Listing, Mention
from agent.symbols.load import load_symbols
from agent.symbols.table import SymbolTable
from agent.symbols.update import update_symbols

__all__ = ["Candidate", "Issuer", "Listing", "Mention", "SymbolTable", "load_symbols", "update_symbols"]
