"""Who is let in, over real HTTP."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from datetime import UTC, datetime
from html import escape

import httpx
import pytest

from agent.settings import Settings
from agent.web.app import create_app
from agent.web.callers import Limits
from agent.web.problems import Problem
from agent.web.security.keys import new_key
from agent.web.security.local import check_local, is_loopback
from tests.web.security.made import JSON, Closed, a_key, access_store, answer, bearer, connected, post_card, prefix_of, wait_for
from tests.web.serving import served

PROGRAMS = ["/v1/cards", "/v1/cards/none", "/v1/schema", "/v1/taxonomy", "/metrics", "/v1/openapi.json", "/v1/none"]


def test_without_keys_this_machine_is_served(client: httpx.Client) -> None:
    """That is what a fresh start is."""
    assert post_card(client).status_code == 200
    assert client.get("/v1/cards").json()["cards"]


@pytest.mark.parametrize(("path", "headers"), [("/", {"x-forwarded-for": "192.0.2.1"}), ("/cards/a", {"host": "cards.example"})])
def test_a_reader_who_may_not_come_in_gets_a_page(client: httpx.Client, path: str, headers: dict[str, str]) -> None:
    """It says what a program is told, and nothing as markup; what asks for JSON or under /v1/ is no reader."""
    refused = client.get(path, headers=headers | {"accept": "text/html,*/*;q=0.8"})
    told = client.get(path, headers=headers)
    assert refused.status_code == told.status_code >= 400
    assert refused.headers["content-type"] == "text/html; charset=utf-8"
    assert "'self'" in refused.headers["content-security-policy"]
    assert f"<h1>{escape(told.json()['title'])}</h1>" in refused.text
    assert escape(told.json()["detail"][1:]) in refused.text
    assert client.get("/v1/cards", headers=headers | {"accept": "text/html"}).headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", PROGRAMS)
def test_with_a_key_every_route_wants_it(closed: Closed, path: str) -> None:
    """This machine's callers too, and routes that aren't there."""
    refused = closed.client.get(path)
    assert refused.status_code == 401
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["www-authenticate"] == "Bearer"
    assert refused.json()["code"] == "unauthorized"


@pytest.mark.parametrize("path", PROGRAMS)
def test_the_key_opens_every_route(closed: Closed, path: str) -> None:
    """As `Authorization: Bearer`."""
    assert closed.client.get(path, headers=bearer(closed.key)).status_code in {200, 404}


def test_health_is_anybodys_to_ask(closed: Closed) -> None:
    """What starts and watches the service has no key."""
    assert closed.client.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    "wrong", ["", "Bearer", "Bearer x", "Basic {key}", "{key}", "Bearer {key}x", "Bearer {other}", "Bearer {key} {key}"]
)
def test_d38_no_key_or_wrong_key_is_401(closed: Closed, wrong: str) -> None:
    """Another service's key too; nothing of it is repeated."""
    key, (other, _) = closed.key, new_key("theirs", "", Limits())
    refused = closed.client.get("/v1/cards", headers={"authorization": wrong.format(key=key, other=other)})
    assert refused.status_code == 401
    assert key not in refused.text
    assert other not in refused.text


def test_a_key_sent_twice_is_none(closed: Closed) -> None:
    """Whoever stands between might have read the other one."""
    twice = [*bearer(closed.key).items(), *bearer(closed.key).items()]
    assert closed.client.get("/v1/cards", headers=twice).status_code == 401


def test_a_key_in_the_address_is_none(closed: Closed) -> None:
    """Addresses are logged everywhere."""
    assert closed.client.get("/v1/cards", params={"key": closed.key, "access_token": closed.key}).status_code == 401


def test_a_revoked_key_is_refused_by_a_running_service(settings: Settings) -> None:
    """Within a second; without a key nobody is served even then."""
    key = a_key(settings)
    with served(create_app(settings)) as client:
        assert client.get("/v1/cards", headers=bearer(key)).status_code == 200
        with access_store(settings) as store:
            store.revoke(prefix_of(key), datetime.now(UTC))
        wait_for(lambda: client.get("/v1/cards", headers=bearer(key)).status_code == 401)
        assert client.get("/v1/cards").status_code == 401


def test_the_first_key_closes_a_running_service(settings: Settings) -> None:
    """Within a second."""
    with served(create_app(settings)) as client:
        assert client.get("/v1/cards").status_code == 200
        a_key(settings)
        wait_for(lambda: client.get("/v1/cards").status_code == 401)


def test_metrics_are_the_owners(settings: Settings) -> None:
    """They tell of all tenants."""
    theirs, ours = a_key(settings, tenant="acme"), a_key(settings)
    with served(create_app(settings)) as client:
        assert client.get("/metrics", headers=bearer(theirs)).status_code == 403
        assert client.get("/metrics", headers=bearer(ours)).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1", "[::2]", "", "a@localhost"]
)
def test_d39_dns_rebinding_meets_a_host_that_is_not_ours(client: httpx.Client, host: str) -> None:
    """A page that made its own name mean this machine gets nothing, neither cards nor pages."""
    for path in ("/v1/cards", "/"):
        refused = client.get(path, headers={"host": host})
        assert (refused.status_code, refused.json()["code"]) == (421, "host_not_allowed")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:80", "127.0.0.1:1", "127.0.0.2", "[::1]", "[::1]:8000", "[::ffff:127.0.0.1]"])
def test_names_of_this_machine_are_ours(client: httpx.Client, host: str) -> None:
    """At any port: a tunnel may change it."""
    assert client.get("/v1/cards", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("count", [0, 2])
def test_a_request_names_one_host(client: httpx.Client, count: int) -> None:
    """None, or two, is nobody's browser."""
    with connected(client) as sock:
        sock.sendall(b"GET /v1/cards HTTP/1.1\r\n" + b"Host: localhost\r\n" * count + b"Connection: close\r\n\r\n")
        assert answer(sock)[0] == 421


@pytest.mark.parametrize("name", ["x-forwarded-for", "forwarded", "via", "x-real-ip"])
def test_without_keys_nothing_that_a_proxy_hands_on_is_served(client: httpx.Client, name: str) -> None:
    """Its own address is this machine's, its callers' aren't."""
    refused = client.get("/v1/cards", headers={name: "127.0.0.1"})
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")


@pytest.mark.parametrize("address", ["192.168.1.5", "10.0.0.1", "::2", "::ffff:10.0.0.1", "203.0.113.9", "testclient", ""])
def test_without_keys_other_machines_are_not_served(address: str) -> None:
    """Whatever name they call us by."""
    with pytest.raises(Problem) as caught:
        check_local({"type": "http", "client": (address, 1), "headers": [(b"host", b"localhost")]})
    assert caught.value.code == "forbidden"


def test_a_client_without_an_address_is_not_this_machine() -> None:
    """Behind a Unix socket stands a proxy."""
    with pytest.raises(Problem):
        check_local({"type": "http", "client": None, "headers": [(b"host", b"localhost")]})


@pytest.mark.parametrize(
    ("host", "here"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False), ("example.com", False)],  # noqa: S104
)
def test_where_it_may_listen_without_a_key(host: str, here: bool) -> None:  # noqa: FBT001
    """All interfaces are not this machine alone."""
    assert is_loopback(host) is here


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}, {"origin": "null"}])
def test_another_sites_page_makes_no_card(client: httpx.Client, headers: dict[str, str]) -> None:
    """Open in a browser on this machine, without any key, it could spend the owner's money."""
    assert post_card(client, headers).json()["code"] == "forbidden"
    assert client.post("/v1/cards", content=b"{}", headers={"content-type": "text/plain"} | headers).status_code == 403


def test_d38_per_key_rate_limit_holds(settings: Settings) -> None:
    """Before any work; who comes too soon is told when."""
    key = a_key(settings, requests_per_minute=3)
    with served(create_app(settings)) as client:
        answers = [client.get("/v1/cards", headers=bearer(key)) for _ in range(5)]
        assert [found.status_code for found in answers] == [200, 200, 200, 429, 429]
        assert answers[-1].json()["code"] == "too_many_requests"
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 20


def test_d38_per_key_concurrency_limit_holds(settings: Settings) -> None:
    """A request that is still coming is in hand; when it has gone, the next is let in."""
    key = a_key(settings, concurrency=1)
    with served(create_app(settings)) as client:
        with ExitStack() as held:

            def refused_beside_half_a_request() -> bool:
                """A half each time: one that comes while a whole request is in hand is refused itself."""
                held.enter_context(connected(client)).sendall(_half_a_request(key))
                return client.get("/v1/cards", headers=bearer(key)).status_code == 429

            wait_for(refused_beside_half_a_request)
        wait_for(lambda: client.get("/v1/cards", headers=bearer(key)).status_code == 200)


def _half_a_request(key: str) -> bytes:
    lines = ["POST /v1/cards HTTP/1.1", "Host: localhost", f"Authorization: Bearer {key}", f"Content-Type: {JSON['content-type']}"]
    return "\r\n".join([*lines, "Content-Length: 100", "", "{"]).encode()


def test_web_sockets_are_not_spoken(client: httpx.Client) -> None:
    """Nothing here uses them, so nothing behind the door has to be ready for them."""
    with connected(client) as sock:
        lines = ["GET / HTTP/1.1", "Host: localhost", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"]
        sock.sendall("\r\n".join([*lines, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "", ""]).encode())
        sock.shutdown(socket.SHUT_WR)
        assert sock.recv(65536).startswith(b"HTTP/1.1 403")
