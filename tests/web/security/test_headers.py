"""What browsers and caches are told."""

from __future__ import annotations

import httpx
import pytest

from tests.web.security.made import Closed, bearer, post_card

EVERYWHERE = ["/v1/cards", "/v1/cards/none", "/healthz", "/none", "/v1/schema", "/metrics"]


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_answer_says_what_a_browser_may_do_with_it(client: httpx.Client, path: str) -> None:
    """Nothing in it runs or loads, in nobody's frame or page, and it is what it is called."""
    headers = client.get(path).headers
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"


def test_a_page_runs_what_comes_from_here_in_files(closed: Closed) -> None:
    """Nothing inline, nothing from elsewhere; it is in nobody's frame and tells no other site where its reader came from."""
    headers = closed.client.get("/login").headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in headers["content-security-policy"]
    assert (headers["x-content-type-options"], headers["x-frame-options"]) == ("nosniff", "DENY")
    assert headers["referrer-policy"] == "same-origin"


def test_refusals_say_it_too(client: httpx.Client, closed: Closed) -> None:
    """Before a request got as far as a route."""
    for refused in (closed.client.get("/v1/cards"), client.get("/", headers={"host": "evil.example"}), closed.client.get("/")):
        assert "content-security-policy" in refused.headers
        assert refused.headers["cache-control"] == "no-store"


def test_no_shared_cache_keeps_what_a_tenant_sees(closed: Closed) -> None:
    """The tenant's own browser may, and asks each time whether it still holds."""
    made = post_card(closed.client, bearer(closed.key))
    for path in ("/v1/cards", f"/v1/cards/{made.json()['id']}", "/v1/schema"):
        headers = closed.client.get(path, headers=bearer(closed.key)).headers
        assert headers["cache-control"] == "private, no-cache"
        assert {"authorization", "cookie"} <= {name.strip().lower() for name in headers["vary"].split(",")}


def test_an_answer_that_is_kept_is_the_same_each_time(client: httpx.Client) -> None:
    """What is added for one caller isn't there already for the next."""
    first, *others = [sorted(post_card(client).headers.multi_items()) for _ in range(5)]
    moments = {"date", "content-length"}
    for other in others[1:]:
        assert [pair for pair in other if pair[0] not in moments] == [pair for pair in others[0] if pair[0] not in moments]
    assert len(first) == len(others[-1])


def test_no_other_site_may_read_an_answer(client: httpx.Client) -> None:
    """There is no Access-Control-Allow-Origin, whoever asks."""
    for headers in ({"origin": "https://evil.example"}, {"origin": "null"}):
        assert "access-control-allow-origin" not in client.get("/v1/cards", headers=headers).headers
    asked = client.options("/v1/cards", headers={"origin": "https://evil.example", "access-control-request-method": "POST"})
    assert "access-control-allow-origin" not in asked.headers


def test_nobody_is_told_what_serves(client: httpx.Client) -> None:
    """The specification's pages that load scripts from elsewhere aren't there either."""
    assert client.get("/docs").status_code == client.get("/redoc").status_code == 404
