"""Requests that other sites' pages make a browser send."""

from __future__ import annotations

import pytest

from agent.web.problems import Problem
from agent.web.security.origin import check_origin


def allowed(method: str = "POST", *, strictly: bool = False, **said: str) -> bool:
    """Whether a request with those headers is let in; the service is cards.example."""
    headers = [(b"host", b"cards.example")] + [(name.replace("_", "-").encode(), value.encode()) for name, value in said.items()]
    try:
        check_origin({"type": "http", "method": method, "headers": headers}, strictly=strictly)
    except Problem:
        return False
    return True


@pytest.mark.parametrize("site", ["cross-site", "same-site", "unheard-of"])
def test_a_page_of_another_site_changes_nothing(site: str) -> None:
    """A neighbour under the same domain is another site too; what its Origin says doesn't matter."""
    assert not allowed(sec_fetch_site=site)
    assert not allowed(sec_fetch_site=site, origin="https://cards.example")


def test_our_own_pages_do() -> None:
    """And what a person types into the address bar."""
    assert allowed(sec_fetch_site="same-origin", strictly=True)
    assert allowed(sec_fetch_site="none", strictly=True)


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "https://cards.example.evil.example", "https://cards.example:81", "", "//["]
)
def test_a_browser_that_says_origin_alone_is_judged_by_it(origin: str) -> None:
    """An opaque one is nobody's."""
    assert not allowed(origin=origin)


@pytest.mark.parametrize("origin", ["https://cards.example", "http://cards.example", "HTTPS://CARDS.EXAMPLE"])
def test_our_own_origin_is_known_by_its_host(origin: str) -> None:
    """A proxy may have taken TLS off."""
    assert allowed(origin=origin, strictly=True)


def test_a_program_says_neither() -> None:
    """It has a key; where a cookie is all there is, saying neither isn't enough."""
    assert allowed()
    assert not allowed(strictly=True)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_reading_is_nobodys_harm(method: str) -> None:
    """A link from elsewhere works."""
    assert allowed(method, sec_fetch_site="cross-site", strictly=True)
