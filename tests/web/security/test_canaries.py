"""Words of articles, prompts and keys go through every path of the service, and come out in no log, metric or error.

Every logger is at DEBUG, as a worried operator would have it.
"""

from __future__ import annotations

import json
import logging
import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from agent.prompts import load_prompts
from agent.settings import Settings
from agent.web.app import create_app
from agent.web.security.sessions import COOKIE
from agent.web.store import CardStore
from tests.faults import answers
from tests.faults.answers import Answer
from tests.faults.server import FaultServer
from tests.web.security.made import JSON, a_key, bearer, port_of
from tests.web.serving import an_order, events, served, until

WORD = "canaryarticle"
ENDPOINT_KEY = "sk-canaryendpointkey"
REPLY = "canaryreply"
QUERY = "canaryquery"
OWN = "canaryfault"
SYSTEM = load_prompts("card.v1").system()
PROMPT = max(re.findall(r"[A-Za-z ]{30,}", SYSTEM), key=len).strip()
ECHO = f"{WORD} {ENDPOINT_KEY} {PROMPT} {REPLY}"


class Watched(NamedTuple):
    """A service, and all that it let out: error bodies here, logs where `said` looks."""

    client: httpx.Client
    endpoint: FaultServer
    key: str
    canaries: list[str]
    errors: list[str]

    def send(self, method: str, path: str, **more: Any) -> httpx.Response:
        """A request of the key's; its answer is watched when it is an error."""
        headers = {**bearer(self.key), **more.pop("headers", {})}
        answer = self.client.request(method, path, headers=headers, **more)
        if answer.status_code >= 400:
            self.errors.append(answer.text)
        return answer

    def order(self, number: int, **headers: str) -> httpx.Response:
        """A card of an article full of canaries."""
        order = an_order(number)
        order["article"]["text"] += f" {WORD} said so."
        order["article"]["title"] += f" {WORD}"
        return self.send("POST", "/v1/cards", json=order, headers=headers)


class Ears(logging.Handler):
    """Hears everything, formatted with its traceback."""

    def __init__(self) -> None:
        super().__init__(0)
        self.heard: list[str] = []
        self.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it; with whatever else the record carries."""
        self.heard.append(f"{self.format(record)} {record.args!r} {record.__dict__}")


@pytest.fixture
def ears() -> Iterator[Ears]:
    """On the root, at DEBUG, and on those that don't pass on what they hear."""
    ears, root = Ears(), logging.getLogger()
    before = root.level
    root.setLevel(logging.DEBUG)
    root.addHandler(ears)
    apart = [logging.getLogger(name) for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi", "fastapi", "newscard")]
    for logger in apart:
        logger.addHandler(ears)
    yield ears
    for logger in (root, *apart):
        logger.removeHandler(ears)
    root.setLevel(before)


@pytest.fixture
def watched(tmp_path: Path, fault_server: FaultServer, ears: Ears, capfd: pytest.CaptureFixture[str]) -> Iterator[Watched]:
    """The service; when the test is over, nothing may have come out of it."""
    fault_server.derive()
    settings = Settings(
        data_dir=tmp_path / "data",
        cache_dir=tmp_path / "drafts",
        base_url=fault_server.base_url,
        model="test-model",
        api_key=ENDPOINT_KEY,
        max_attempts=1,
        timeout_s=1.0,
        deadline_s=3.0,
        outage_s=0.0,
        max_body_bytes=50_000,
    )
    key = a_key(settings)
    canaries = [WORD, ENDPOINT_KEY, REPLY, QUERY, OWN, PROMPT, key, key[17:]]
    with served(create_app(settings)) as client:
        watched = Watched(client, fault_server, key, canaries, [])
        yield watched
        metrics = watched.send("GET", "/metrics").text
    out, err = capfd.readouterr()
    assert ears.heard, "nothing was logged at DEBUG, so nothing was tested"
    for place, texts in {"logs": ears.heard, "metrics": [metrics], "errors": watched.errors, "out": [out], "err": [err]}.items():
        for canary in canaries:
            assert not [text for text in texts if canary in text], f"{canary} in {place}"


def test_d40_success_is_silent(watched: Watched) -> None:
    """Made, told, replayed, listed, searched, read; and the model really was sent article and prompt."""
    card = watched.order(1)
    assert card.status_code == 200
    assert watched.order(1).json()["provenance"]["cached"]
    assert watched.order(2, **{"Idempotency-Key": QUERY}).status_code == watched.order(2, **{"Idempotency-Key": QUERY}).status_code == 200
    with watched.client.stream(
        "POST", "/v1/cards", json=an_order(3), headers={**bearer(watched.key), "accept": "text/event-stream"}
    ) as told:
        assert [name for name, _ in events(told)][-1] == "card"
    assert watched.send("GET", f"/v1/cards?q={QUERY}&ticker={QUERY}").status_code == 200
    assert watched.send("GET", f"/v1/cards?q={WORD}").json()["cards"]
    assert watched.send("GET", f"/v1/cards/{card.json()['id']}").status_code == 200
    sent = watched.endpoint.requests[0].body
    assert WORD.encode() in sent
    assert json.dumps(PROMPT)[1:-1].encode() in sent


FAILING: dict[str, Callable[[], Answer | str]] = {
    "500": lambda: answers.error(500, ECHO),
    "503": lambda: answers.error(503, ECHO),
    "429": lambda: answers.error(429, ECHO, headers={"retry-after": "0"}),
    "400": lambda: answers.error(400, ECHO),
    "401": lambda: answers.error(401, f"Incorrect API key provided: {ENDPOINT_KEY}. {ECHO}"),
    "404": lambda: answers.error(404, ECHO),
    "no quota": lambda: answers.error(429, ECHO, code="insufficient_quota"),
    "context": lambda: answers.error(400, ECHO, code="context_length_exceeded"),
    "html": lambda: answers.raw(f"<html>{ECHO}", 200),
    "error body": lambda: answers.raw(json.dumps({"error": {"code": 502, "message": ECHO}})),
    "no json": lambda: ECHO,
    "no draft": lambda: json.dumps({"summary": ECHO}),
    "refusal": lambda: answers.completion(None, refusal=ECHO),
    "filter": lambda: answers.named("filter"),
    "length": lambda: answers.completion(ECHO, finish_reason="length"),
    "truncated": lambda: answers.named("truncated"),
    "reset": lambda: answers.named("reset"),
    "hang": lambda: answers.named("hang"),
    "wrong tool": lambda: answers.called(answers.tool_call(json.dumps({"x": ECHO}), "other")),
}


def test_d40_every_failure_of_an_endpoint_is_silent(watched: Watched) -> None:
    """However it echoes what it was sent; as JSON and as a stream."""
    for number, (name, failing) in enumerate(FAILING.items()):
        watched.endpoint.reply(failing())
        assert watched.order(100 + number).status_code >= 400, name
        told = watched.order(200 + number, accept="text/event-stream")
        assert '"card"' not in told.text
        watched.errors.append(told.text)
    assert len(watched.errors) >= 2 * len(FAILING)


def test_d40_every_refusal_of_a_request_is_silent(watched: Watched) -> None:
    """Bad JSON, bad fields, too large, too deep, no key, wrong key, wrong address."""
    post = {
        "broken": f'{{"article": {{"text": "{WORD}',
        "no object": json.dumps([WORD]),
        "unknown field": json.dumps({"article": {"text": WORD}, "options": {"keep": WORD}}),
        "wrong types": json.dumps({"article": {"text": [WORD], "title": {"x": WORD}, "published_at": WORD}}),
        "both": json.dumps({"article": {"text": WORD}, "url": f"https://{QUERY}.example"}),
        "too deep": json.dumps({"article": {"text": WORD}}) + "[" * 100,
        "too large": json.dumps({"article": {"text": WORD * 10_000}}),
        "too long a title": json.dumps({"article": {"text": WORD, "title": WORD * 100}}),
        "address": json.dumps({"url": f"https://user:{QUERY}@{QUERY}.example/{WORD}"}),
    }
    for name, content in post.items():
        answer = watched.send("POST", "/v1/cards", content=content.encode(), headers=JSON)
        assert 400 <= answer.status_code < 500, (name, answer.text)
    for content in (WORD, f'{{"text": "{WORD}"', f'["{WORD}"]'):
        watched.send("POST", "/v1/batches", content=content.encode(), headers=JSON)
    for path in (
        f"/v1/cards?min_impact={QUERY}",
        f"/v1/cards?cursor={QUERY}!",
        f"/v1/cards/{QUERY}?{QUERY}",
        f"/{QUERY}?key={watched.key}",
    ):
        assert watched.send("GET", path).status_code >= 400
    for headers in (
        {"authorization": f"Bearer {watched.key}x"},
        {"authorization": f"Basic {watched.key}"},
        {"cookie": f"{COOKIE}={QUERY}"},
    ):
        refused = watched.client.get(f"/v1/cards?q={QUERY}", headers=headers)
        assert refused.status_code == 401
        watched.errors.append(refused.text)
    form = {"key": f"{watched.key}x", "next": f"/{QUERY}"}
    wrong = watched.client.post("/login", data=form, headers={"sec-fetch-site": "same-origin"})
    assert wrong.status_code == 401
    assert watched.key not in wrong.text
    with socket.create_connection(("127.0.0.1", port_of(watched.client)), timeout=10) as sock:
        sock.sendall(f"NONSENSE {WORD} {watched.key}\r\n\r\n".encode())
        watched.errors.append(sock.recv(65536).decode())


def test_d40_a_session_is_silent(watched: Watched) -> None:
    """What the cookie holds is as good as a key."""
    ours = {"sec-fetch-site": "same-origin"}
    with httpx.Client(base_url=watched.client.base_url) as browser:
        browser.post("/login", data={"key": watched.key, "next": f"/v1/cards?q={QUERY}"}, headers=ours)
        watched.canaries.append(browser.cookies[COOKIE])
        assert browser.get(f"/v1/cards?q={QUERY}").status_code == 200
        browser.post("/logout", headers=ours)


def test_d40_faults_of_our_own_are_silent(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception whose message quotes the article, in a route, in the store, in a stream and in a batch."""

    def broken(*_: object, **__: object) -> None:
        raise ValueError(f"{OWN} {ECHO}") from KeyError(f"{OWN} {ECHO}")

    for name in ("add", "add_all", "find", "get"):
        monkeypatch.setattr(CardStore, name, broken)
    assert watched.order(1).status_code == 500
    assert watched.send("GET", "/v1/cards").status_code == 500
    assert watched.send("GET", "/v1/cards/x").status_code == 500
    # What the stream told of the card before is the caller's; how it ended is not to hold any of it.
    watched.errors.append(watched.order(2, accept="text/event-stream").text.rpartition("event: problem")[2])
    handed_in = watched.send("POST", "/v1/batches", json=[an_order(3)["article"]])
    address = f"/v1/batches/{handed_in.json()['id']}"
    until(lambda: watched.send("GET", address).json()["state"] in {"stopped", "done"}, 30)
    watched.errors.append(json.dumps(watched.send("GET", address).json()["problem"]))


def test_d40_a_batch_is_silent(watched: Watched) -> None:
    """Rows that fail say why without their article."""
    watched.endpoint.reply(answers.error(400, ECHO))
    lines = [json.dumps({"id": "a", "text": f"{WORD} " * 40}), f'{{"text": "{WORD}', json.dumps({"id": "b", "text": [WORD]}), WORD]
    handed_in = watched.send("POST", "/v1/batches", content="\n".join(lines).encode(), headers={"content-type": "application/x-ndjson"})
    assert handed_in.status_code == 202
    address = f"/v1/batches/{handed_in.json()['id']}"
    until(lambda: watched.send("GET", address).json()["state"] in {"stopped", "done"}, 30)
    watched.errors.extend(watched.send("GET", path).text for path in (address, f"{address}/rows"))


def test_d40_a_client_that_leaves_is_forgotten(watched: Watched) -> None:
    """In the middle of its body, and while the model works."""
    watched.endpoint.plan.latency_s = 0.5
    whole = json.dumps(an_order(7)).encode()
    for sent in (whole[:-100], whole):
        lines = [f"POST /v1/cards?q={QUERY} HTTP/1.1", "Host: localhost", f"Authorization: Bearer {watched.key}"]
        head = "\r\n".join([*lines, "Content-Type: application/json", f"Content-Length: {len(whole)}", "", ""])
        with socket.create_connection(("127.0.0.1", port_of(watched.client)), timeout=10) as sock:
            sock.sendall(head.encode() + sent)
            if sent is whole:
                assert watched.endpoint.arrived.wait(10)
    assert watched.order(8).status_code == 200
