"""Cards kept and found again, in SQLite and in PostgreSQL."""

from __future__ import annotations

import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.article import Article
from agent.card import Card
from agent.errors import UsageError
from agent.taxonomy import load_taxonomy
from agent.web.store import CardStore, Query, cards, listed, open_database
from agent.web.store.keys import first_key, key_of, last_key
from tests.present.sample import ARTICLE, CARD

DAY = datetime(2025, 6, 18, 21, tzinfo=UTC)


def a_card(card_id: str, day: int = 0, **changes: Any) -> Card:
    """The sample card under another id, published so many days later."""
    if label := changes.pop("label", None):
        sentiment = CARD.sentiment
        assert sentiment is not None
        changes["sentiment"] = sentiment.model_copy(update={"label": label, "score": load_taxonomy().scores[label]})
    return CARD.model_copy(update={"id": card_id, "published_at": DAY + timedelta(days=day), **changes})


def put(store: CardStore, *cards: Card, tenant: str = "") -> None:
    """Keep them."""
    store.add_all(tenant, [(card, ARTICLE) for card in cards])


def ids(store: CardStore, tenant: str = "", **query: Any) -> list[str]:
    """What a question finds, in order."""
    return [stored.id for stored in store.find(tenant, Query(**query)).cards]


def test_a_card_comes_back_byte_for_byte(store: CardStore) -> None:
    """And its article with it."""
    kept = store.add("", CARD, ARTICLE)
    found = store.get("", CARD.id)
    assert found == kept
    assert found.card == CARD.to_json().encode()
    assert Article.model_validate_json(found.article) == ARTICLE


def test_a_card_of_the_same_id_replaces_the_old_one(store: CardStore) -> None:
    """In lists, facets and search; its tag changes."""
    before = store.add("", a_card("a", title="Old words"), ARTICLE)
    after = store.add("", a_card("a", day=3, title="New words", tickers=["NEW"]), ARTICLE)
    assert before.etag != after.etag
    assert ids(store) == ids(store, q="new words") == ids(store, ticker="NEW") == ["a"]
    assert ids(store, q="old words") == ids(store, ticker=CARD.tickers[0]) == []


def test_a_card_that_several_services_keep_at_once_is_kept_once(store: CardStore) -> None:
    """They share the database; none of them fails."""
    together = Barrier(6, timeout=20)

    def keep(number: int) -> None:
        for turn in range(8):
            together.wait()
            store.add("", a_card(f"a{turn}", title=f"From {number}"), ARTICLE)

    with ThreadPoolExecutor(6) as services:
        list(services.map(keep, range(6)))
    assert (
        sorted(ids(store))
        == sorted(ids(store, q="from"))
        == sorted(ids(store, ticker=CARD.tickers[0]))
        == [f"a{turn}" for turn in range(8)]
    )


def test_lists_are_newest_first_whatever_the_order_of_arrival(store: CardStore) -> None:
    """By the day of publication."""
    put(store, a_card("b", 2), a_card("a", 1), a_card("c", 3))
    assert ids(store) == ids(store, q="halden") == ids(store, topic=CARD.topics[0]) == ["c", "b", "a"]


def test_every_condition_narrows(store: CardStore) -> None:
    """Alone and together."""
    put(
        store,
        a_card("up", 1, label="positive", market_impact=0.9, tickers=["AAA", "BBB"], topics=["Semiconductors"]),
        a_card("down", 2, label="negative", market_impact=0.2, tickers=["AAA"], topics=["Semiconductors", "Energy"]),
        a_card("flat", 3, label="neutral", market_impact=0.5, tickers=[], topics=[], title="A quiet day"),
    )
    assert ids(store, ticker="AAA") == ["down", "up"]
    assert ids(store, ticker="AAA", topic="Energy") == ["down"]
    assert ids(store, sentiment="positive") == ids(store, sentiment="positive", ticker="AAA") == ["up"]
    assert ids(store, min_impact=0.5) == ["flat", "up"]
    assert ids(store, since=DAY + timedelta(days=2)) == ["flat", "down"]
    assert ids(store, until=DAY + timedelta(days=2)) == ["down", "up"]
    assert ids(store, q="quiet") == ["flat"]
    assert ids(store, q="halden", ticker="BBB", topic="Semiconductors", sentiment="positive", min_impact=0.9) == ["up"]
    assert ids(store, q="halden", ticker="BBB", topic="Energy") == []


@pytest.mark.parametrize("few", [0, 2, 3, 100])
def test_an_impact_that_few_have_is_found_as_one_that_many_have(store: CardStore, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever way the cards are walked."""
    monkeypatch.setattr(cards, "FEW", few)
    monkeypatch.setattr(cards, "FEW_SEARCHED", few)
    put(store, *(a_card(f"c{number}", number, market_impact=number / 10, tickers=[f"T{number % 2}"]) for number in range(6)))
    put(store, a_card("theirs", market_impact=1.0), tenant="them")
    assert ids(store, min_impact=0.3) == ids(store, min_impact=0.3, q="halden") == ["c5", "c4", "c3"]
    assert ids(store, min_impact=0.3, ticker="T1") == ids(store, min_impact=0.3, q="halden", ticker="T1") == ["c5", "c3"]
    assert ids(store, min_impact=0.9) == ids(store, min_impact=0.9, q="halden") == ids(store, min_impact=0.9, ticker="T1") == []
    first = store.find("", Query(min_impact=0.2, limit=2))
    assert [*(stored.id for stored in first.cards), *ids(store, min_impact=0.2, cursor=first.cursor)] == ["c5", "c4", "c3", "c2"]


def test_pages_join_to_the_whole_list(store: CardStore) -> None:
    """None twice, none left out, with search and without."""
    put(store, *(a_card(f"c{number:02}", number // 3) for number in range(25)))
    for question in ({}, {"q": "halden"}, {"ticker": CARD.tickers[0]}):
        seen: list[str] = []
        cursor = None
        while True:
            page = store.find("", Query(**question, limit=4, cursor=cursor))  # type: ignore[arg-type]
            seen += [stored.id for stored in page.cards]
            cursor = page.cursor
            if cursor is None:
                break
        assert sorted(seen) == [f"c{number:02}" for number in range(25)]
        assert seen == ids(store, limit=100)


def test_the_last_page_has_no_cursor(store: CardStore) -> None:
    """Also when it is full."""
    put(store, a_card("a"), a_card("b"))
    assert store.find("", Query(limit=2)).cursor is None
    assert store.find("", Query(limit=1)).cursor is not None


def test_tenants_see_their_own_cards_only(store: CardStore) -> None:
    """By id, in lists, by facet, in search; the same id may be both's."""
    put(store, a_card("a", title="First"), tenant="one")
    put(store, a_card("a", title="Second"), tenant="two")
    assert ids(store) == ids(store, q="first") == ids(store, ticker=CARD.tickers[0]) == []
    assert ids(store, "one", q="second") == ids(store, "two", q="first") == []
    assert orjson.loads(store.get("one", "a").card)["title"] == "First"  # type: ignore[union-attr]
    assert store.remove("one", "a")
    assert store.get("two", "a") is not None


def test_a_removed_card_is_gone_everywhere(store: CardStore) -> None:
    """Its article too; a second time there is nothing to remove."""
    put(store, a_card("a"))
    assert store.remove("", "a")
    assert ids(store) == ids(store, q="halden") == ids(store, ticker=CARD.tickers[0]) == []
    assert not store.remove("", "a")


def test_the_last_word_of_a_question_may_be_begun(store: CardStore) -> None:
    """As people type it; the words before it are whole."""
    put(store, a_card("a"))
    assert ids(store, q="halden semi") == ["a"]
    assert ids(store, q="hal semiconductor") == []


@pytest.mark.parametrize(
    "question", ['"', "' OR 1=1 --", "a AND", "NEAR(", "*", "körper:", "body : x", "\\", "()|&!", "xticker4141", "'; DROP TABLE cards"]
)
def test_no_question_is_syntax(store: CardStore, question: str) -> None:
    """Whatever is typed is words, and a facet's word finds nothing."""
    put(store, a_card("a", tickers=["AA"]))
    assert ids(store, q=question) in ([], ["a"])
    assert ids(store) == ["a"]
    assert ids(store, q="xticker4141") == []


@pytest.mark.parametrize("written", ["Großbank", "Istanbul", "Amélie", "Ame\u0301lie", "हिन्दी", "東京"])
@pytest.mark.parametrize("asked", [str, str.lower, lambda word: word[:-1]], ids=["as written", "in small letters", "begun"])
def test_a_word_of_any_language_is_found(store: CardStore, written: str, asked: Callable[[str], str]) -> None:
    """As the card has it, in small letters, or begun; letters composed or not."""
    put(store, a_card("a", title=f"The branch of {written} grows"))
    assert ids(store, q=f"branch {asked(written)}") == ["a"]


def test_a_capital_that_folds_in_two_is_found(store: CardStore) -> None:
    """As the card has it."""
    put(store, a_card("a", title="The branch of İstanbul grows"))
    assert ids(store, q="İstanbul") == ["a"]


@pytest.mark.parametrize("question", ["🚀", "❤️", "???", "%", "_", "'", "\0", "…"])
def test_a_question_without_a_word_finds_nothing(store: CardStore, question: str) -> None:
    """It isn't passed over as if it had not been asked; white space is."""
    put(store, a_card("a"))
    assert ids(store, q=question) == ids(store, q=question, ticker=CARD.tickers[0]) == []
    assert ids(store, q=f"{question} halden") == ["a"]
    assert ids(store, q=" \t") == ["a"]


@pytest.mark.parametrize("query", [Query(ticker="a\0b"), Query(topic="a\0b")], ids=["ticker", "topic"])
def test_a_name_that_no_card_can_have_finds_nothing(store: CardStore, query: Query) -> None:
    """PostgreSQL refuses to look for it, and the list's page would be a 503."""
    put(store, a_card("a"))
    assert store.find("", query).cards == ()


@pytest.mark.parametrize("cursor", ["", "x", "!!!!", "AAAA", "a" * 400])
def test_a_cursor_that_is_none_is_refused(store: CardStore, cursor: str) -> None:
    """With what to do about it."""
    with pytest.raises(UsageError, match="cursor"):
        store.find("", Query(cursor=cursor))


def test_a_card_that_abstained_is_listed(store: CardStore) -> None:
    """It has no label, impact or ticker."""
    put(store, a_card("a", sentiment=None, market_impact=None, tickers=[], topics=[], status="abstained"))
    assert ids(store) == ["a"]
    assert ids(store, min_impact=0.0) == []


def test_a_list_shows_the_flat_fields(store: CardStore) -> None:
    """And nothing below them."""
    put(store, a_card("a"))
    (shown,) = listed(store.find("", Query()).cards)
    assert shown["tickers"] == CARD.tickers
    assert not {"entities", "checks", "provenance", "analysis"} & set(shown)


def test_a_new_folder_is_its_owners_alone(tmp_path: Path) -> None:
    """Articles are the user's."""
    open_database(f"sqlite:///{tmp_path}/new/cards.db").dispose()
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_opening_a_database_again_changes_nothing(tmp_path: Path) -> None:
    """Migrations are made once."""
    url = f"sqlite:///{tmp_path}/cards.db"
    engine = open_database(url)
    put(CardStore(engine), a_card("a"))
    engine.dispose()
    again = open_database(url)
    assert ids(CardStore(again)) == ["a"]
    again.dispose()


@pytest.mark.parametrize(
    "url", ["nonsense", "postgresql+psycopg://x:secret@127.0.0.1:1/none", "oracle://x", "sqlite:////proc/none/cards.db"]
)
def test_a_database_that_cannot_be_used_is_one_clear_line(url: str) -> None:
    """Without the password."""
    with pytest.raises(UsageError) as caught:
        open_database(url)
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


@given(st.datetimes(max_value=datetime(9999, 1, 1)), st.text(max_size=20))  # noqa: DTZ001  made aware below
def test_a_key_lies_between_its_moments_bounds(moment: datetime, card_id: str) -> None:
    """And fits 64 bits."""
    moment = moment.replace(tzinfo=UTC)
    key = key_of(moment, "", card_id)
    assert first_key(moment) <= key <= last_key(moment) < first_key(moment + timedelta(seconds=1))
    assert -(1 << 63) <= key < 1 << 63
