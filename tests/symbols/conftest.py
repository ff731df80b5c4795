"""The packaged table, read once for all tests of this folder."""

import pytest

from agent.symbols import SymbolTable
from agent.symbols.load import PACKAGED


@pytest.fixture(scope="session")
def table() -> SymbolTable:
    """The packaged table, whatever the user's data folder holds."""
    return SymbolTable(PACKAGED.read_text(encoding="utf-8"))
