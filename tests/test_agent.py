"""The face of the package."""

from __future__ import annotations

import agent


def test_what_the_package_offers_is_sorted_and_there() -> None:
    """Every public name can be had, and no other is promised."""
    assert agent.__all__ == sorted(agent.__all__)
    assert all(getattr(agent, name).__name__ == name for name in agent.__all__)


def test_no_public_name_is_hidden_by_a_module() -> None:
    """A submodule of the same name would take its place as soon as something imports it."""
    from importlib import import_module

    for home in set(agent._HOMES.values()):
        import_module(home)
    assert all(callable(getattr(agent, name)) for name in agent.__all__)
