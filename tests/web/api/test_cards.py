"""Cards over HTTP: made, told, found, read; one call for equal requests, none for those that leave."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from agent.card import Card
from agent.draft import Draft
from agent.web import admission
from tests.faults import answers
from tests.faults.server import FaultServer
from tests.web.serving import Serve, an_order, events, until

STREAM = {"accept": "text/event-stream"}


def test_a_card_is_made_kept_and_read_byte_for_byte(serve: Serve) -> None:
    """Where Content-Location says."""
    with serve() as client:
        made = client.post("/v1/cards", json=an_order())
        assert made.status_code == 200
        assert Card.model_validate(made.json()).id == "story-1"
        read = client.get(made.headers["content-location"])
        assert (read.content, read.headers["etag"]) == (made.content, made.headers["etag"])


def test_who_has_the_card_gets_no_second_copy(serve: Serve) -> None:
    """If-None-Match, weak or one of several; another tag gets the card."""
    with serve(engine="extractive") as client:
        tag = client.post("/v1/cards", json=an_order()).headers["etag"]
        for tags in (tag, f"W/{tag}", f'"x", {tag}', "*"):
            answer = client.get("/v1/cards/story-1", headers={"if-none-match": tags})
            assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
            assert answer.headers["content-location"] == "/v1/cards/story-1"  # RFC 9110, 15.4.5
        assert client.get("/v1/cards/story-1", headers={"if-none-match": '"x"'}).status_code == 200


def test_a_second_request_pays_nothing_and_a_third_gets_its_bytes(serve: Serve, fault_server: FaultServer) -> None:
    """The second is made from the kept draft; the third isn't made at all."""
    with serve() as client:
        first, second, third = (client.post("/v1/cards", json=an_order()) for _ in range(3))
        made = [answer.json()["provenance"] for answer in (first, second)]
        assert [one["cached"] for one in made] == [False, True]
        assert made[1]["usage"]["requests"] == 0
        assert third.content == second.content
        assert third.headers["etag"] == client.get("/v1/cards/story-1").headers["etag"]
        assert 'newscard_cache_total{from="response"} 1.0' in client.get("/metrics").text
    assert fault_server.ledger.requests == 1


def test_a_fresh_one_is_asked_for_again(serve: Serve, fault_server: FaultServer) -> None:
    """And what is kept gives way to it."""
    with serve() as client:
        for _ in range(2):
            assert client.post("/v1/cards", json=an_order(fresh=True)).json()["provenance"]["cached"] is False
    assert fault_server.ledger.requests == 2


def test_a_card_that_is_not_kept_is_in_no_list(serve: Serve) -> None:
    """It says so by not saying where it is."""
    with serve() as client:
        made = client.post("/v1/cards", json=an_order(keep=False))
        assert "content-location" not in made.headers
        assert client.get("/v1/cards/story-1").status_code == 404


def test_a_card_gives_way_to_one_of_the_same_id(serve: Serve) -> None:
    """Also where the first one's bytes were at hand."""
    other = an_order()
    other["article"]["text"] += " Rivals fell."
    with serve(engine="extractive") as client:
        for order in (an_order(), an_order(), other, an_order()):
            made = client.post("/v1/cards", json=order)
            assert client.get("/v1/cards/story-1").content == made.content


def test_a_card_is_told_field_by_field(serve: Serve, fault_server: FaultServer) -> None:
    """The draft's fields, each as it is whole and before the last is written; at the end the card that is kept."""
    fault_server.plan.pause_s = 0.002
    with serve() as client, client.stream("POST", "/v1/cards", json=an_order(), headers=STREAM) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        names, told = [], {}
        for name, data in events(response):
            names.append(name)
            if name == "field":
                found = json.loads(data)
                told[found["field"]] = found["value"]
                assert fault_server.ledger.abandoned == 0
        assert names == ["field"] * len(told) + ["card"]
        assert list(told) == [name for name in Draft.model_fields if name != "entities"]
        assert json.loads(data) == client.get("/v1/cards/story-1").json()
        assert json.loads(data)["summary"] == told["summary"]


@pytest.mark.parametrize("engine", ["llm", "extractive"])
def test_a_kept_draft_and_an_extractive_one_are_told_too(serve: Serve, engine: str) -> None:
    """All at once; entities one by one."""
    with serve(engine=engine) as client:
        for _ in range(2):
            with client.stream("POST", "/v1/cards", json=an_order(), headers=STREAM) as response:
                names = [name for name, _ in events(response)]
            assert set(names[:-1]) == {"field"}
            assert names[-1] == "card"
            assert len(names) >= len(Draft.model_fields)


def test_a_re_ask_is_told(serve: Serve, fault_server: FaultServer) -> None:
    """What was told before falls."""
    fault_server.script("this is no draft")
    with serve() as client, client.stream("POST", "/v1/cards", json=an_order(), headers=STREAM) as response:
        found = list(events(response))
    assert found[0][0] == "reask"
    assert json.loads(found[0][1])["problems"] == ["the reply holds no JSON object"]
    assert json.loads(found[-1][1])["provenance"]["reasked"] is True


def test_a_stream_ends_with_what_went_wrong(serve: Serve, fault_server: FaultServer) -> None:
    """As a problem, since the status has been sent."""
    fault_server.reply(answers.named("refusal"))
    with serve() as client, client.stream("POST", "/v1/cards", json=an_order(), headers=STREAM) as response:
        ((name, data),) = events(response)
    assert (name, json.loads(data)["code"]) == ("problem", "draft_refused")


def test_silence_is_broken_by_heartbeats(serve: Serve, fault_server: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A comment, which no listener hears."""
    monkeypatch.setattr("agent.web.events.HEARTBEAT_S", 0.05)
    fault_server.plan.latency_s = 0.3
    with serve() as client, client.stream("POST", "/v1/cards", json=an_order(), headers=STREAM) as response:
        lines = list(response.iter_lines())
    assert lines.count(": ") >= 3
    assert lines[-3] == "event: card"


def test_equal_requests_at_once_make_one_call(serve: Serve, fault_server: FaultServer) -> None:
    """Told or not; all get the same card, and whoever comes later hears from the beginning."""
    fault_server.plan.latency_s = 0.5
    with serve() as client, ThreadPoolExecutor(20) as pool:
        plain = [pool.submit(client.post, "/v1/cards", json=an_order()) for _ in range(10)]
        told = [pool.submit(client.post, "/v1/cards", json=an_order(), headers=STREAM) for _ in range(10)]
        bodies = {answer.result().content for answer in plain}
        cards = {answer.result().text.rpartition("data: ")[2].strip().encode() for answer in told}
    assert len(bodies | cards) == 1
    assert fault_server.ledger.requests == 1


@pytest.mark.parametrize("headers", [{}, STREAM], ids=["json", "stream"])
def test_who_leaves_ends_the_call(serve: Serve, fault_server: FaultServer, headers: dict[str, str]) -> None:
    """The endpoint sees its client go, and nothing stays in hand."""
    fault_server.plan.latency_s = 30
    with serve() as client:
        with pytest.raises(httpx.ReadTimeout), httpx.Client(base_url=client.base_url, timeout=0.5) as hasty:
            hasty.post("/v1/cards", json=an_order(), headers=headers)
        until(lambda: fault_server.ledger.abandoned == 1)
        until(lambda: "newscard_queue 0.0" in client.get("/metrics").text)


def test_who_leaves_ends_no_call_that_another_waits_for(serve: Serve, fault_server: FaultServer) -> None:
    """Even if it was the one who began it."""
    fault_server.plan.latency_s = 1
    with serve() as client, ThreadPoolExecutor(1) as pool:
        hasty = httpx.Client(base_url=client.base_url, timeout=0.4)

        def begin_and_leave() -> None:
            with pytest.raises(httpx.ReadTimeout), hasty:
                hasty.post("/v1/cards", json=an_order())

        leaving = pool.submit(begin_and_leave)
        until(lambda: fault_server.ledger.requests == 1)
        assert client.post("/v1/cards", json=an_order()).status_code == 200
        leaving.result()
    assert (fault_server.ledger.requests, fault_server.ledger.abandoned) == (1, 0)


@pytest.mark.parametrize(
    ("answer", "status", "code"),
    [
        ("refusal", 422, "draft_refused"),
        ("length", 502, "draft_truncated"),
        ("401", 502, "endpoint_rejects_us"),
        ("404", 502, "endpoint_rejects_us"),
        ("quota", 503, "quota_exhausted"),
        ("500", 504, "no_reply"),
    ],
)
def test_each_fault_of_the_endpoint_has_its_code(serve: Serve, fault_server: FaultServer, answer: str, status: int, code: str) -> None:
    """With the line that says what to do, and no card."""
    fault_server.reply(answers.named(answer))
    with serve(max_attempts=1) as client:
        found = client.post("/v1/cards", json=an_order())
        assert (found.status_code, found.json()["code"], found.json()["status"]) == (status, code, status)
        assert found.headers["content-type"] == "application/problem+json"
        assert client.get("/v1/cards/story-1").status_code == 404


def test_an_endpoint_that_is_not_there_is_told(serve: Serve) -> None:
    """With Retry-After."""
    with serve(base_url="http://127.0.0.1:1/v1", max_attempts=1) as client:
        found = client.post("/v1/cards", json=an_order())
    assert (found.status_code, found.json()["code"], found.headers["retry-after"]) == (503, "endpoint_unreachable", "10")


def test_the_budget_holds(serve: Serve) -> None:
    """429, and nothing is sent."""
    with serve(max_tokens=10) as client:
        found = client.post("/v1/cards", json=an_order())
    assert (found.status_code, found.json()["code"]) == (429, "budget_exceeded")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "invalid_json"),
        (b"[]", 422, "invalid_request"),
        (b"{}", 422, "invalid_request"),
        (b'{"article": {"text": 5}}', 422, "invalid_request"),
        (b'{"article": {"text": "x"}, "url": "https://a.example"}', 422, "invalid_request"),
        (b'{"article": {"text": "x"}, "optoins": {}}', 422, "invalid_request"),
        (b'{"article": {"text": "x", "published_at": "0001-01-01T00:00:00+14:00"}}', 422, "invalid_request"),
        (b'{"url": "https://a.example"}', 403, "fetching_is_off"),
    ],
)
def test_what_is_no_order_is_told_without_its_words(serve: Serve, body: bytes, status: int, code: str) -> None:
    """Which field, and what is wrong with it."""
    with serve(engine="extractive") as client:
        found = client.post("/v1/cards", content=body, headers={"content-type": "application/json"})
    assert (found.status_code, found.json()["code"]) == (status, code)


def test_an_article_that_says_nothing_is_an_answer(serve: Serve) -> None:
    """200, abstained."""
    with serve() as client:
        found = client.post("/v1/cards", json={"article": {"text": ""}})
    assert (found.status_code, found.json()["status"]) == (200, "abstained")


def test_a_body_that_is_not_said_to_be_json_is_told(serve: Serve) -> None:
    """As curl sends it when the header was forgotten; nothing of it is repeated."""
    with serve(engine="extractive") as client:
        for kind in ("application/x-www-form-urlencoded", "text/plain", ""):
            refused = client.post("/v1/cards", content=json.dumps(an_order()), headers={"content-type": kind} if kind else {})
            assert (refused.status_code, refused.json()["code"]) == (422, "invalid_request")
            assert "Content-Type: application/json" in refused.json()["detail"]
            assert "Halden" not in refused.text


def test_an_idempotency_key_gets_its_answer_again(serve: Serve, fault_server: FaultServer) -> None:
    """Byte for byte, after a restart, told or not; nothing is asked again even where nothing is kept."""
    key = {"idempotency-key": "mine"}
    with serve(cache=False) as client:
        first = client.post("/v1/cards", json=an_order(fresh=True), headers=key)
    with serve(cache=False) as client:
        again = client.post("/v1/cards", json=an_order(fresh=True), headers=key)
        told = client.post("/v1/cards", json=an_order(fresh=True), headers=key | STREAM)
    assert again.content == first.content
    assert again.headers["idempotency-replayed"] == "true"
    assert again.headers["etag"] == first.headers["etag"]
    assert told.text == f"event: card\ndata: {first.text}\n\n"
    assert fault_server.ledger.requests == 1


def test_an_idempotency_key_is_one_requests(serve: Serve) -> None:
    """Another body under it is refused; a failure under it may be tried again."""
    key = {"idempotency-key": "mine"}
    with serve(engine="extractive") as client:
        assert client.post("/v1/cards", json={"url": "https://a.example"}, headers=key).status_code == 403
        assert client.post("/v1/cards", json=an_order(1), headers=key).status_code == 200
        other = client.post("/v1/cards", json=an_order(2), headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


def test_equal_keys_at_once_do_the_work_once(serve: Serve, fault_server: FaultServer) -> None:
    """The second waits for the first one's answer."""
    fault_server.plan.latency_s = 0.3
    with serve(cache=False) as client, ThreadPoolExecutor(5) as pool:
        tasks = [pool.submit(client.post, "/v1/cards", json=an_order(), headers={"idempotency-key": "k"}) for _ in range(5)]
        found = [task.result() for task in tasks]
    assert len({answer.content for answer in found}) == 1
    assert sum("idempotency-replayed" in answer.headers for answer in found) == 4
    assert fault_server.ledger.requests == 1


def test_past_the_queue_comes_503_with_retry_after(serve: Serve, fault_server: FaultServer) -> None:
    """And what is in hand is served."""
    fault_server.plan.latency_s = 1
    with serve(queue=2) as client, ThreadPoolExecutor(2) as pool:
        tasks = [pool.submit(client.post, "/v1/cards", json=an_order(number)) for number in range(2)]
        until(lambda: fault_server.ledger.requests == 2)
        refused = client.post("/v1/cards", json=an_order(3))
        assert (refused.status_code, refused.json()["code"]) == (503, "queue_full")
        assert int(refused.headers["retry-after"]) >= 1
        assert [task.result().status_code for task in tasks] == [200, 200]


def test_lists_take_every_condition(serve: Serve) -> None:
    """By their names in the URL; a date is its whole day."""
    with serve(engine="extractive") as client:
        client.post("/v1/cards", json=an_order())

        def ids(**conditions: Any) -> list[str]:
            found = client.get("/v1/cards", params=conditions)
            assert found.status_code == 200, found.text
            return [card["id"] for card in found.json()["cards"]]

        assert ids(q="halden outl") == ["story-1"]
        assert "story-1" in ids(**{"from": "2025-06-18", "to": "2025-06-18"})
        assert "story-1" in ids(**{"from": "20250618", "to": " 20250618 "})
        assert "story-1" in ids(**{"from": "2025-06-18T21:00:00Z", "to": "2025-06-18T23:00:00+02:00"})
        assert ids(**{"from": "2025-06-19"}) == ids(to="2025-06-17") == ids(q="nowhere") == ids(ticker="NONE") == []
        assert ids(ticker="META") == ids(ticker="$meta") == ["openai-drops-scale-ai"]
        assert ids(ticker="META", topic="Artificial Intelligence", min_impact=0.1) == ["openai-drops-scale-ai"]


def test_a_list_is_read_page_by_page(serve: Serve) -> None:
    """`next_cursor` until it is null."""
    with serve(engine="extractive") as client:
        for number in range(5):
            client.post("/v1/cards", json=an_order(number))
        seen: list[str] = []
        cursor: str | None = None
        while True:
            page = client.get("/v1/cards", params={"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
            seen += [card["id"] for card in page["cards"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
    assert sorted(seen) == sorted([f"story-{number}" for number in range(5)] + ["openai-drops-scale-ai"])


@pytest.mark.parametrize(
    "query", ["from=soon", "to=2025-13-01", "from=0001-01-01T00:00:00%2B14:00", "min_impact=2", "limit=0", "cursor=x", "ticker=%00"]
)
def test_a_condition_that_is_none_is_named(serve: Serve, query: str) -> None:
    """422, and the parameter."""
    with serve(engine="extractive") as client:
        found = client.get(f"/v1/cards?{query}")
    assert found.status_code == 422
    assert query.partition("=")[0] in found.json()["errors"][0]["field"]


@pytest.mark.parametrize("card_id", ["a/b c", "100%", "ü?#", "..x", "a\\b", "👩\u200d💻", "a\u00adb", "a/../b", "./a", "a/.."])
def test_any_id_has_its_address(serve: Serve, card_id: str) -> None:
    """Content-Location is where it is."""
    order = an_order()
    order["article"]["id"] = card_id
    with serve(engine="extractive") as client:
        made = client.post("/v1/cards", json=order)
        assert client.get(made.headers["content-location"]).json()["id"] == card_id
        assert client.get(made.headers["content-location"].removeprefix("/v1")).status_code == 200


@pytest.mark.parametrize("card_id", [".", "..", " .", "\u0001.."])
def test_an_id_that_no_address_can_hold_is_refused(serve: Serve, card_id: str) -> None:
    """Every client takes `/cards/..` for another address, however it is written; nobody could read that card."""
    order = an_order()
    order["article"]["id"] = card_id
    with serve(engine="extractive") as client:
        refused = client.post("/v1/cards", json=order)
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid_article")
        assert "give it another one" in refused.json()["detail"]


def test_a_full_disk_is_told_before_a_card_is_paid_for(serve: Serve, fault_server: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """It couldn't be kept, and each retry would be paid for again. One that isn't to be kept is made."""
    monkeypatch.setattr(admission, "ROOM_BYTES", 1 << 70)
    with serve() as client:
        refused = client.post("/v1/cards", json=an_order())
        assert (refused.status_code, refused.json()["code"]) == (503, "not_ready")
        assert fault_server.ledger.requests == 0
        assert client.post("/v1/cards", json=an_order(keep=False)).status_code == 200


def test_an_id_that_no_card_can_have_is_not_found(serve: Serve) -> None:
    """By programs and readers."""
    with serve(engine="extractive") as client:
        assert [client.get(f"{folder}/cards/a%00b").status_code for folder in ("/v1", "")] == [404, 404]


def test_many_at_once_are_all_served(serve: Serve, fault_server: FaultServer) -> None:
    """60 different articles, each with its own card."""
    fault_server.plan.latency_s = 0.05
    lock = threading.Lock()
    seen: list[str] = []
    with serve() as client, ThreadPoolExecutor(30) as pool:

        def ask(number: int) -> None:
            found = client.post("/v1/cards", json=an_order(number))
            with lock:
                seen.append(found.json()["id"])

        list(pool.map(ask, range(60)))
    assert sorted(seen) == sorted(f"story-{number}" for number in range(60))
