"""What a request may send, over real sockets."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI, Request

from agent.settings import Settings
from agent.web.security.bodies import MAX_HEADER_BYTES, STRANGERS_BYTES, BodyGuard
from agent.web.security.nesting import MAX_DEPTH
from tests.web.security.conftest import MAX_BODY
from tests.web.security.made import JSON, Closed, answer, body, connected, post_card
from tests.web.serving import served

LARGE = b'{"text": "' + b"x" * MAX_BODY + b'"}'


@pytest.fixture(scope="module")
def slow() -> Iterator[tuple[httpx.Client, list[int]]]:
    """A service that waits a fifth of a second for a body, and how many bytes each of its requests read."""
    app, read = FastAPI(), []

    @app.post("/v1/batches")
    @app.post("/v1/cards")
    async def upload(request: Request) -> dict[str, int]:
        read.append(0)
        async for part in request.stream():
            read[-1] += len(part)
        return {"read": read[-1]}

    settings = Settings(max_body_bytes=MAX_BODY, max_upload_bytes=200_000)
    app.add_middleware(BodyGuard, settings=settings, grace_s=0.2, bytes_per_s=1_000_000)
    with served(app) as client:
        yield client, read


def head(path: str, *headers: str, kind: str = JSON["content-type"]) -> bytes:
    """The beginning of a POST."""
    return "\r\n".join([f"POST {path} HTTP/1.1", "Host: localhost", f"Content-Type: {kind}", *headers, "", ""]).encode()


def chunk(data: bytes) -> bytes:
    """A piece of a chunked body."""
    return b"%x\r\n%s\r\n" % (len(data), data)


def test_d38_body_over_the_limit_with_content_length_is_413(client: httpx.Client) -> None:
    """The answer comes although the client is still sending."""
    refused = client.post("/v1/cards", content=LARGE, headers=JSON)
    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")
    assert str(MAX_BODY) in refused.json()["detail"]


def test_d38_a_declared_length_over_the_limit_is_413_before_any_of_it_came(client: httpx.Client) -> None:
    """Nobody waits for a gigabyte to refuse it."""
    with connected(client) as sock:
        sock.sendall(head("/v1/cards", "Content-Length: 1000000000"))
        assert answer(sock)[0] == 413


def test_d38_a_client_that_asks_first_sends_nothing(client: httpx.Client) -> None:
    """`Expect: 100-continue` is answered by the refusal."""
    with connected(client) as sock:
        sock.sendall(head("/v1/cards", "Content-Length: 1000000", "Expect: 100-continue"))
        assert answer(sock)[0] == 413


def test_d38_body_over_the_limit_without_content_length_is_413(client: httpx.Client) -> None:
    """Chunks are counted as they come; the end isn't waited for."""
    with connected(client) as sock:
        sock.sendall(head("/v1/cards", "Transfer-Encoding: chunked") + chunk(LARGE))
        assert answer(sock)[0] == 413

    def pieces() -> Iterator[bytes]:
        yield from (LARGE[start : start + 1000] for start in range(0, len(LARGE), 1000))

    assert client.post("/v1/cards", content=pieces(), headers=JSON).status_code == 413


def test_d38_a_large_body_is_refused_though_all_of_it_is_sent(client: httpx.Client) -> None:
    """Megabytes more than the system's buffers hold: the client gets its answer, not a reset."""
    for _ in range(3):
        assert client.post("/v1/cards", content=b"x" * 8_000_000, headers=JSON).status_code == 413


def test_d38_a_streamed_upload_over_the_limit_is_413(slow: tuple[httpx.Client, list[int]]) -> None:
    """What the application has begun to read, it doesn't get to the end."""
    client, read = slow
    lines = {"content-type": "application/x-ndjson"}

    def pieces() -> Iterator[bytes]:
        yield from (b"x" * 10_000 for _ in range(30))

    refused = client.post("/v1/batches", content=pieces(), headers=lines)
    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")
    assert read[-1] <= 200_000
    assert client.post("/v1/batches", content=b"x" * 150_000, headers=lines).json() == {"read": 150_000}


def test_the_larger_limit_is_for_uploads_alone(slow: tuple[httpx.Client, list[int]]) -> None:
    """What is parsed as a whole has the small one, on every route."""
    client, _ = slow
    assert client.post("/v1/cards", content=b"x" * 150_000, headers={"content-type": "multipart/form-data"}).status_code == 413
    assert client.post("/v1/batches", content=b" " * 150_000, headers=JSON).status_code == 413


@pytest.mark.parametrize("kind", ["application/json", "application/x-ndjson"])
@pytest.mark.parametrize("sent", [b"", b'{"a'])
def test_d38_slow_upload_is_408(slow: tuple[httpx.Client, list[int]], kind: str, sent: bytes) -> None:
    """One that stops, whether it is read as a whole or as a stream."""
    with connected(slow[0]) as sock:
        sock.sendall(head("/v1/batches", "Content-Length: 100", kind=kind) + sent)
        status, said = answer(sock)
    assert (status, said["code"]) == (408, "too_slow")


def test_d38_a_trickle_does_not_renew_the_deadline(slow: tuple[httpx.Client, list[int]]) -> None:
    """A byte now and then keeps nobody's place."""
    with connected(slow[0]) as sock:
        sock.sendall(head("/v1/batches", "Content-Length: 10000"))
        began = time.monotonic()
        sock.settimeout(0.02)
        while time.monotonic() - began < 10:
            try:
                sock.sendall(b" ")
                if sock.recv(65536):
                    break
            except TimeoutError:
                continue
            except OSError:
                break
        assert time.monotonic() - began < 5


def test_d38_deep_json_is_400(client: httpx.Client) -> None:
    """Before it is parsed, in any field, closed or not."""
    deep = b'{"id": "a", "text": "Acme rose.", "x": ' + b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1) + b"}"
    for sent in (deep, b"[" * 19_000, b'{"a":' * 3_000):
        refused = client.post("/v1/cards", content=sent, headers=JSON)
        assert (refused.status_code, refused.json()["code"]) == (400, "invalid_json")


@pytest.mark.parametrize("kind", [None, "application/problem+json", "APPLICATION/JSON; charset=utf-8"])
def test_deep_json_is_refused_whatever_it_is_called(client: httpx.Client, kind: str | None) -> None:
    """Only what is known to be read as a stream isn't looked through first."""
    headers = {} if kind is None else {"content-type": kind}
    assert client.post("/v1/cards", content=b"[" * 1_000, headers=headers).json()["detail"].startswith("the body is nested more than")


def test_brackets_in_an_article_are_text(client: httpx.Client) -> None:
    """However many."""
    assert post_card(client, text="Acme rose 7% on Monday, it said. " + "[" * 200 + '"{' * 50).status_code == 200


@pytest.mark.parametrize("sent", [b"{", b"[1,", b'{"text": }', b"\xff\xfe", b"nul", b'"'])
def test_what_is_no_json_is_400(client: httpx.Client, sent: bytes) -> None:
    """And not repeated."""
    refused = client.post("/v1/cards", content=sent, headers=JSON)
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_json")


def test_d38_nothing_is_read_of_a_caller_without_a_key(closed: Closed) -> None:
    """Its body would be ours to hold."""
    with connected(closed.client) as sock:
        sock.sendall(head("/v1/cards", "Content-Length: 1000"))
        assert answer(sock)[0] == 401
    assert closed.client.post("/v1/cards", content=b"x" * 8_000_000, headers=JSON).status_code == 401


@pytest.mark.parametrize("path", ["/login", "/healthz"])
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_d38_who_has_no_key_may_send_a_form_and_no_more(closed: Closed, path: str, kind: str) -> None:
    """Where no key is needed, a body is read of anybody; so it may have no more than a login has."""
    refused = closed.client.post(
        path, content=b"x" * (STRANGERS_BYTES + 1), headers={"content-type": kind, "origin": str(closed.client.base_url)}
    )
    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")
    assert str(STRANGERS_BYTES) in refused.json()["detail"]


@pytest.mark.parametrize("path", ["/v1/cards", "/v1/batches"])
@pytest.mark.parametrize("kind", ["application/json", "application/x-ndjson"])
def test_a_packed_body_is_415(client: httpx.Client, path: str, kind: str) -> None:
    """It would be read as if it weren't, and each of its lines be an article that can't be read."""
    headers = {"content-type": kind, "content-encoding": "gzip"}
    refused = client.post(path, content=gzip.compress(body()), headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (415, "media_type_unsupported")
    assert "unpack" in refused.json()["detail"]
    assert client.post("/v1/cards", content=body(), headers=JSON | {"content-encoding": "identity"}).status_code == 200


def test_a_body_within_all_bounds_arrives_as_it_was_sent(client: httpx.Client) -> None:
    """Chunked or not."""

    def pieces() -> Iterator[bytes]:
        yield from (body()[start : start + 7] for start in range(0, len(body()), 7))

    made = client.post("/v1/cards", content=pieces(), headers=JSON)
    assert made.status_code == 200
    assert made.json()["provenance"]["article_digest"] == post_card(client).json()["provenance"]["article_digest"]


def test_a_connection_goes_on_after_a_refusal_of_what_was_read(client: httpx.Client) -> None:
    """Only one whose body wasn't read to its end is closed."""
    with connected(client) as sock:
        sock.sendall(
            head("/v1/cards", "Content-Length: 40") + b"[" * 40 + b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        )
        data = b""
        while part := sock.recv(65536):
            data += part
    assert data.startswith(b"HTTP/1.1 400")
    assert b"HTTP/1.1 200" in data


@pytest.mark.parametrize("where", ["header", "query"])
def test_headers_over_the_limit_are_431(client: httpx.Client, where: str) -> None:
    """The address counts as one."""
    long = "x" * (MAX_HEADER_BYTES + 1)
    refused = client.get("/v1/cards", headers={"x-long": long}) if where == "header" else client.get(f"/v1/cards?q={long}")
    assert (refused.status_code, refused.json()["code"]) == (431, "headers_too_large")


def test_all_of_it_is_said_in_one_form(client: httpx.Client) -> None:
    """A problem has type, title, status, code and detail, and its own media type."""
    refused = client.post("/v1/cards", content=LARGE, headers=JSON)
    assert refused.headers["content-type"] == "application/problem+json"
    assert set(json.loads(refused.content)) == {"type", "title", "status", "code", "detail"}
