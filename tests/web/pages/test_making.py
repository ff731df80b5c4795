"""The page to make a card, without JavaScript."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from agent.article import Article
from tests.faults import answers
from tests.faults.server import FaultServer
from tests.web.pages.conftest import Pages
from tests.web.pages.reading import Page
from tests.web.serving import STORY, Serve, until

GIVEN = {"title": "Halden raises its outlook", "text": STORY, "source": "Example Wire", "published_at": "2025-06-18T21:00"}


def test_an_article_becomes_a_card_and_the_reader_goes_to_it(pages: Pages) -> None:
    """The card and its article are kept."""
    answer = pages.send(**GIVEN)
    assert answer.status_code == 303
    page = Page(pages.get(answer.headers["location"]).text)
    assert page.texts("h1") == [GIVEN["title"]]
    assert "18 Jun 2025, 21:00 UTC" in page.text
    stored = pages.store.get("", answer.headers["location"].rpartition("/")[2])
    assert stored is not None
    assert Article.model_validate_json(stored.article).text == STORY


def test_a_form_that_cannot_be_read_is_told_as_a_form(pages: Pages) -> None:
    """It isn't called JSON, which nobody sent."""
    headers = {"content-type": "multipart/form-data; boundary=x", "accept": "text/html"}
    answer = pages.client.post("/new", content=b"nonsense", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert "form" in answer.json()["detail"]


def test_the_example_is_one_click(pages: Pages) -> None:
    """As the empty list offers it."""
    answer = pages.send(example="yes")
    assert answer.headers["location"] == "/cards/openai-drops-scale-ai"


def test_what_is_wrong_is_told_and_nothing_written_is_lost(pages: Pages) -> None:
    """A date that is none, say."""
    answer = pages.send(**GIVEN | {"published_at": "last <week>"})
    assert answer.status_code == 422
    page = Page(answer.text)
    (told,) = [one.text for one in page.elements if one.attributes.get("role") == "alert"]
    assert "The date can't be read; write it like 2025-06-18 21:00, or leave it out." in told
    assert page.all("textarea")[0].text == STORY
    values = {one.attributes.get("name"): one.attributes.get("value") for one in page.all("input")}
    assert values["title"] == GIVEN["title"]
    assert values["published_at"] == "last <week>"


def test_an_empty_form_is_a_card_that_abstains(pages: Pages) -> None:
    """The browser asks for a text; whoever sends none sees that there was nothing to read."""
    answer = pages.send(title="Only a headline")
    assert "the article has no text" in pages.get(answer.headers["location"]).text


def test_too_long_a_headline_is_told(pages: Pages) -> None:
    """By its name."""
    answer = pages.send(**GIVEN | {"title": "x" * 1_001})
    assert "The headline is longer than 1,000 characters." in Page(answer.text).text


def test_an_address_is_asked_for_only_where_any_is_read(pages: Pages, serve: Serve) -> None:
    """And one that is sent all the same is refused in plain words."""
    assert [one for one in Page(pages.get("/new").text).all("input") if one.attributes["name"] == "url"] == []
    answer = pages.send(url="https://example.com/story")
    assert answer.status_code == 403
    assert "This service reads no addresses" in Page(answer.text).text
    with serve(fetch=True, engine="extractive") as fetching:
        assert [one for one in Page(fetching.get("/new").text).all("input") if one.attributes["name"] == "url"] != []


def test_a_model_that_cannot_be_asked_is_told(fault_server: FaultServer, serve: Serve) -> None:
    """With the status of the trouble; the form keeps the article."""
    with serve() as client:
        fault_server.reply(answers.named("refusal"))
        answer = client.post("/new", data=GIVEN)
        assert answer.status_code == 422
        page = Page(answer.text)
        (told,) = [one.text for one in page.elements if one.attributes.get("role") == "alert"]
        assert "The model declined to answer about this article" in told
        assert page.all("textarea")[0].text == STORY


def test_a_full_service_says_so(serve: Serve, fault_server: FaultServer) -> None:
    """In words, with 503 and when to come again."""
    fault_server.plan.latency_s = 1
    with serve(queue=1) as client, ThreadPoolExecutor(1) as thread:
        first = thread.submit(client.post, "/new", data=GIVEN)
        until(lambda: fault_server.ledger.requests == 1)
        answer = client.post("/new", data=GIVEN | {"title": "Another"})
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) >= 1
        assert "1 requests are in hand; ask again later" in Page(answer.text).text
        assert first.result().status_code == 303
