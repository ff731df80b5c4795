"""The login page and its sessions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie

import httpx
import pytest

from agent.settings import Settings
from agent.web.app import create_app
from agent.web.security.keys import digest_of
from agent.web.security.sessions import COOKIE
from tests.web.security.made import Closed, a_key, access_store, post_card, prefix_of, wait_for
from tests.web.serving import served

OURS = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def browser(closed: Closed) -> Iterator[httpx.Client]:
    """One that keeps cookies and goes where it is sent by hand."""
    with httpx.Client(base_url=closed.client.base_url) as browser:
        yield browser


def log_in(browser: httpx.Client, key: str, target: str = "/", **headers: str) -> httpx.Response:
    """Send the form."""
    return browser.post("/login", data={"key": key, "next": target}, headers=headers or OURS)


def test_a_page_without_a_session_leads_to_the_login_page(browser: httpx.Client) -> None:
    """Which leads back to it."""
    sent = browser.get("/cards/a?q=1&x=/")
    assert (sent.status_code, sent.headers["location"]) == (303, "/login?next=/cards/a%3Fq%3D1%26x%3D/")
    form = browser.get(sent.headers["location"])
    assert form.status_code == 200
    assert 'name="next" value="/cards/a?q=1&amp;x=/"' in form.text
    assert browser.get("/login.css").status_code == 200


def test_a_key_begins_a_session_that_holds_no_key(closed: Closed, browser: httpx.Client) -> None:
    """No script can read the cookie, no other site can send it, and the store has only its digest."""
    answer = log_in(browser, f" {closed.key}\n", "/cards?q=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/cards?q=1")
    morsel = SimpleCookie(answer.headers["set-cookie"])[COOKIE]
    assert (morsel["httponly"], morsel["samesite"], morsel["path"]) == (True, "strict", "/")
    assert not {closed.key[17:], prefix_of(closed.key)} & {morsel.value}
    assert closed.key not in answer.headers["set-cookie"]
    assert prefix_of(closed.key) not in answer.headers["set-cookie"]
    assert answer.headers["cache-control"] == "no-store"
    with access_store(closed.settings) as store:
        assert store.session(digest_of(morsel.value), datetime.now(UTC)) == prefix_of(closed.key)
        assert store.session(morsel.value.encode(), datetime.now(UTC)) is None


def test_over_https_the_cookie_never_travels_in_the_open(closed: Closed, browser: httpx.Client) -> None:
    """A proxy on this machine says that its callers speak TLS."""
    answer = log_in(browser, closed.key, **OURS, **{"x-forwarded-proto": "https"})
    assert SimpleCookie(answer.headers["set-cookie"])[COOKIE]["secure"]


def test_a_session_reads_and_makes_cards(closed: Closed, browser: httpx.Client) -> None:
    """As its key would; the pages' own scripts ask so."""
    log_in(browser, closed.key)
    assert browser.get("/v1/cards").status_code == 200
    assert post_card(browser, OURS).status_code == 200
    assert browser.get("/none").status_code == 404


@pytest.mark.parametrize(
    "headers", [{}, {"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}, {"sec-fetch-site": "same-site"}]
)
def test_another_sites_page_cannot_use_the_session(closed: Closed, browser: httpx.Client, headers: dict[str, str]) -> None:
    """Nor can a request that doesn't say where it comes from."""
    log_in(browser, closed.key)
    assert post_card(browser, headers).status_code == 403
    assert browser.post("/logout", headers=headers).status_code == 403
    assert browser.get("/v1/cards").status_code == 200


@pytest.mark.parametrize("headers", [{"x": "y"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}])
def test_another_sites_page_cannot_log_a_reader_in(closed: Closed, browser: httpx.Client, headers: dict[str, str]) -> None:
    """With a key of its own, to see what they read."""
    assert log_in(browser, closed.key, **headers).status_code == 403
    assert not browser.cookies


def test_a_wrong_key_begins_nothing(browser: httpx.Client) -> None:
    """It isn't shown again, and the form is still there."""
    wrong = "nck_0123456789ab_" + "y" * 43
    answer = log_in(browser, wrong, '/"><script>')
    assert answer.status_code == 401
    assert "isn&#39;t a key" in answer.text or "isn't a key" in answer.text
    assert wrong not in answer.text
    assert "<script>" not in answer.text
    assert not browser.cookies


@pytest.mark.parametrize(
    "target", ["//e.example", "https://e.example/", "/\\e.example", "\\/e.example", "javascript:x", "/\t/e.example", ""]
)
def test_the_login_page_leads_to_our_own_pages_only(closed: Closed, browser: httpx.Client, target: str) -> None:
    """Whoever made the link."""
    assert log_in(browser, closed.key, target).headers["location"] == "/"
    assert browser.get("/login", params={"next": target}).headers["location"] == "/"


def test_logging_out_ends_the_session_at_the_service(closed: Closed, browser: httpx.Client) -> None:
    """A copy of the cookie is worth nothing then."""
    log_in(browser, closed.key)
    token = browser.cookies[COOKIE]
    assert browser.post("/logout", headers=OURS).headers["location"] == "/login"
    assert not browser.cookies
    assert browser.get("/v1/cards", headers={"cookie": f"{COOKIE}={token}"}).status_code == 401


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "nck_"])
def test_a_cookie_that_is_none_opens_nothing(closed: Closed, token: str) -> None:
    """Pages lead to the login page, programs get a 401."""
    headers = {"cookie": f"{COOKIE}={token}"}
    assert closed.client.get("/v1/cards", headers=headers).status_code == 401
    assert closed.client.get("/", headers=headers).status_code == 303


def test_a_session_ends_with_its_time_and_with_its_key(settings: Settings) -> None:
    """Whichever comes first."""
    key = a_key(settings)
    with served(create_app(settings)) as client, access_store(settings) as store:
        now = datetime.now(UTC)
        store.begin_session(digest_of("over"), prefix_of(key), now - timedelta(seconds=1), now - timedelta(hours=1))
        assert client.get("/v1/cards", headers={"cookie": f"{COOKIE}=over"}).status_code == 401
        log_in(client, key)
        assert client.get("/v1/cards").status_code == 200
        store.revoke(prefix_of(key), now)
        wait_for(lambda: client.get("/v1/cards").status_code == 401)


def test_without_keys_there_is_nothing_to_log_in_to(client: httpx.Client) -> None:
    """The page leads on."""
    assert client.get("/login").headers["location"] == "/"


def test_a_reader_who_is_logged_in_goes_on(closed: Closed, browser: httpx.Client) -> None:
    """Links from other sites come without the cookie, and meet the login page first."""
    log_in(browser, closed.key)
    assert browser.get("/login", params={"next": "/cards"}).headers["location"] == "/cards"
