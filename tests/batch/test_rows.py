"""Rows: what is written is read, and what was damaged is seen."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from agent.article import Article
from agent.batch.rows import Head, Spent, article_key, card_json, encode, no_articles_id, place_key, read_head, read_row

SPENT = Spent(1, 2, 300, 40, 50, 0.25, None)
HEAD = Head(article_key("a"), 7, "fail", SPENT)
AT = {"id": "a", "place": "in.jsonl:1", "story_id": None}
WHY = b'{"error":"NoReply","problem":"none came","source":"Wire"}'


def test_a_failure_is_read_as_it_was_written() -> None:
    """With what it took; an unknown price stays unknown."""
    row = read_row(encode(HEAD, AT, WHY))
    assert (row.id, row.status, row.error, row.problem, row.source) == ("a", "failed", "NoReply", "none came", "Wire")
    assert row.spent == SPENT
    assert row.card is None


def test_a_line_is_json_for_any_tool() -> None:
    """Jq reads a segment."""
    whole = json.loads(encode(HEAD, AT, WHY))
    assert list(whole) == ["crc", "key", "content", "kind", "spent", "at", "why"]


@given(st.text(), st.text())
def test_the_card_is_found_whatever_the_id_and_the_place_say(name: str, place: str) -> None:
    """Even where they look like the field itself."""
    card = json.dumps({"id": name, "status": "ok", "source": None}).encode()
    at = {"id": json.loads(card)["id"], "place": f'{place},"card":'}
    usable = {key: value.encode("utf-8", "replace").decode() for key, value in at.items()}
    line = encode(HEAD._replace(kind="card"), usable, card)
    assert card_json(line) == card
    assert read_head(line) == HEAD._replace(kind="card")


@given(st.data())
def test_a_changed_byte_is_seen(data: st.DataObject) -> None:
    """Anywhere in the line."""
    line = bytearray(encode(HEAD, AT, WHY))
    at = data.draw(st.integers(0, len(line) - 1))
    line[at] ^= data.draw(st.integers(1, 255))
    found = read_head(bytes(line))
    assert found is None or (at < 8 or 16 <= at < 18)  # the frame of the checksum itself holds nothing


@given(st.integers(0, 400))
def test_a_torn_line_is_seen(length: int) -> None:
    """However little is missing."""
    line = encode(HEAD, AT, WHY)
    assert length >= len(line) or read_head(line[:length]) is None


def test_an_article_and_a_place_of_one_name_are_two() -> None:
    """An id may look like a place."""
    assert article_key("in.jsonl:1") != place_key("in.jsonl:1")


@given(st.text(min_size=1))
def test_what_is_no_article_has_an_id_that_no_article_can_have(place: str) -> None:
    """Whatever its place is called: a run's rows have an id each. Rows that older runs wrote are read so too."""
    name = place.encode("utf-8", "replace").decode()
    head = Head(place_key(name), 0, "fail", SPENT)
    row = read_row(encode(head, {"id": name, "place": name}, WHY))
    assert (row.place, row.id) == (name, no_articles_id(name))
    assert Article(id=row.id, text="x").id != row.id
