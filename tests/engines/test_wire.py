"""The bytes of a request."""

from __future__ import annotations

import json
import tracemalloc
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.draft import wire_schema
from agent.engines.endpoints import Profile
from agent.engines.wire import Form
from agent.prompts import Prompts


def a_form(**changes: Any) -> Form:
    """A form for a plain model."""
    values: dict[str, Any] = {"mode": "json_schema", "cap_field": "max_tokens", "cap": 100, "temperature": 0.0, "effort": None}
    prompts = Prompts("t.v1", {"system.jinja": "You are an editor.", "user.jinja": "", "reask.jinja": "", "examples.json": "[]"})
    return Form("m", Profile(**(values | {"extra": MappingProxyType({})} | changes)), prompts)


def test_everything_up_to_the_article_is_the_same_bytes() -> None:
    """So that a provider's prefix cache serves it."""
    form = a_form()
    one, other = (form.body(article, 100).whole().partition(b'{"role":"user","content":"') for article in ("first", "second"))
    assert one[0] == other[0]
    assert b"You are an editor." in one[0]
    assert (one[2], other[2]) == (b'first"}],"max_tokens":100}', b'second"}],"max_tokens":100}')


def test_what_all_requests_share_is_one_object() -> None:
    """20 kB that a thousand articles in flight needn't hold a thousand times."""
    form = a_form()
    one, other = (form.body(article, 100).take() for article in ("first", "second"))
    assert one[0] is other[0]


def test_a_body_is_taken_once() -> None:
    """Whoever sends it holds nothing afterwards."""
    body = a_form().body("first", 100)
    assert body.size == len(body.whole())
    assert len(b"".join(body.take())) == body.size
    assert body.take() == ()


@pytest.mark.parametrize("mode", ["json_schema", "tools", "json_object", "text"])
def test_a_body_is_its_parts(mode: str) -> None:
    """For each mode, every key and no other."""
    body = json.loads(a_form(mode=mode).body("the article", 77).whole())
    asked: dict[str, dict[str, Any]] = {
        "json_schema": {
            "response_format": {"type": "json_schema", "json_schema": {"name": "card", "strict": True, "schema": wire_schema()}}
        },
        "tools": {
            "tools": [
                {
                    "type": "function",
                    "function": {"name": "card", "description": "The article's card.", "strict": True, "parameters": wire_schema()},
                }
            ],
            "tool_choice": {"type": "function", "function": {"name": "card"}},
        },
        "json_object": {"response_format": {"type": "json_object"}},
        "text": {},
    }
    messages = [{"role": "system", "content": "You are an editor."}, {"role": "user", "content": "the article"}]
    assert body == {"model": "m", "temperature": 0.0, "max_tokens": 77, "messages": messages} | asked[mode]


def test_what_is_not_set_is_not_sent() -> None:
    """A null is refused where an absent key is not."""
    body = json.loads(a_form(mode="text", temperature=None).body("x", 1).whole())
    assert set(body) == {"model", "messages", "max_tokens"}


def test_effort_and_extras_are_sent() -> None:
    """Where the profile has them."""
    body = json.loads(
        a_form(effort="low", extra={"provider": {"require_parameters": True}}, cap_field="max_completion_tokens").body("x", 5).whole()
    )
    assert (body["reasoning_effort"], body["provider"], body["max_completion_tokens"]) == ("low", {"require_parameters": True}, 5)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_article_survives_the_way_to_json(text: str) -> None:
    """Quotation marks, braces, percent signs, control characters."""
    assert json.loads(a_form(mode="text").body(text, 9).whole())["messages"][1]["content"] == text


def test_the_rest_is_the_body_without_model_and_messages() -> None:
    """What the re-ask hands to instructor is what the first request said."""
    form = a_form()
    body = json.loads(form.body("x", 9).whole())
    assert form.rest(9) == {key: value for key, value in body.items() if key not in {"model", "messages"}}


def test_a_body_holds_no_more_than_its_bytes() -> None:
    """An encoder's spare room, several times an article, isn't kept for as long as the model takes."""
    form = a_form()
    form.body("warm", 100)
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        body = form.body("word " * 2_000, 100)
        held = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert held < 1.2 * len(body.take()[-1])


def test_the_request_for_a_stream_shares_the_parts() -> None:
    """Nothing is copied but the last few bytes."""
    body = a_form().body("first", 100)
    aloud = Form.aloud(body)
    assert aloud.parts[0] is body.parts[0]
    assert json.loads(aloud.whole()) == json.loads(body.whole()) | {"stream": True, "stream_options": {"include_usage": True}}
