"""Reading what came back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.card import Usage
from agent.draft import Draft
from agent.engines.replies import MAX_PROBLEMS, find_draft, read_reply, read_usage
from agent.engines.signals import Action, Asked
from tests.engines.samples import DRAFT_REPLY, draft_values
from tests.faults.answers import called, completion, tool_call

ASKED = Asked("e", "m")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["choices", "message", "content", "usage", "error", "code", "finish_reason", "tool_calls", "function", "model"])
            | st.text(max_size=3),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.binary(max_size=200))
def test_no_bytes_are_too_odd_to_be_read(body: bytes) -> None:
    """There is always an outcome."""
    read_reply(body, ASKED)


@given(JSON)
def test_no_json_is_too_odd_to_be_read(data: Any) -> None:
    """Whatever stands where something else was expected."""
    reply = read_reply(json.dumps(data).encode(), ASKED)
    assert reply.signal is not None or isinstance(reply.text, str)


@given(JSON)
def test_no_choice_is_too_odd_to_be_read(data: Any) -> None:
    """One level down, where the shape is almost right."""
    for body in ({"choices": [data]}, {"choices": [{"message": data}]}, {"choices": [{"message": {"tool_calls": data}}]}, {"usage": data}):
        read_reply(json.dumps(body).encode(), ASKED)


@given(st.text(max_size=300) | st.text('{}"\\<>/think ', max_size=300))
def test_no_text_is_too_odd_to_be_searched(text: str) -> None:
    """Either a draft or what is wrong."""
    draft, problems = find_draft(text)
    assert draft is None
    assert problems


def test_a_reply_keeps_model_and_usage() -> None:
    """Also when there is no text in it."""
    reply = read_reply(completion(None, refusal="no", model="m-1").body, ASKED)
    assert (reply.model, reply.usage) == ("m-1", Usage(input_tokens=1_000, cached_input_tokens=800, output_tokens=200))
    assert reply.signal is not None
    assert reply.signal.action is Action.FAIL


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        (None, None),
        ({}, None),
        ("x", None),
        ({"prompt_tokens": None}, None),
        ({"prompt_tokens": 5}, Usage(input_tokens=5)),
        ({"prompt_tokens": 5, "completion_tokens": "7"}, Usage(input_tokens=5)),
        ({"prompt_tokens": -5, "completion_tokens": -1}, None),
        ({"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}, None),
        ({"prompt_tokens": 0, "completion_tokens": 3}, Usage(output_tokens=3)),
        ({"prompt_tokens": 5, "prompt_tokens_details": None, "completion_tokens": 2}, Usage(input_tokens=5, output_tokens=2)),
        ({"prompt_tokens": 5, "prompt_tokens_details": {"cached_tokens": 9}}, Usage(input_tokens=5, cached_input_tokens=5)),
        ({"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7}, Usage(input_tokens=5, output_tokens=2)),
        ({"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 67}, Usage(input_tokens=5, output_tokens=62)),
        ({"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": None}, Usage(input_tokens=5, output_tokens=2)),
        ({"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 3}, Usage(input_tokens=5, output_tokens=2)),
    ],
)
def test_usage_is_read_as_far_as_it_goes(usage: object, expected: Usage | None) -> None:
    """None where the endpoint didn't count, or says nothing was taken; never a negative number; thoughts only in the total are output."""
    assert read_usage(usage) == expected


@pytest.mark.parametrize(
    "calls",
    [
        [tool_call(DRAFT_REPLY, "other")],
        [tool_call(DRAFT_REPLY), tool_call(DRAFT_REPLY)],
        [{"function": None}],
        ["x"],
        [{"function": {"name": "card", "arguments": None}}],
    ],
    ids=["another name", "two", "no function", "a string", "no arguments"],
)
def test_a_call_that_is_not_the_card_is_no_draft(calls: list[Any]) -> None:
    """It isn't taken for one because its arguments fit."""
    reply = read_reply(called(*calls).body, ASKED)
    assert reply.signal is None
    assert find_draft(reply.text)[0] is None


def test_arguments_may_be_an_object() -> None:
    """Some servers don't write them as a string."""
    call = {"function": {"name": "card", "arguments": draft_values()}}
    assert find_draft(read_reply(called(call).body, ASKED).text)[0] is not None


def test_a_draft_in_the_text_does_where_a_tool_was_asked_for() -> None:
    """Ollama takes tool_choice for a hint."""
    assert find_draft(read_reply(completion(DRAFT_REPLY).body, ASKED).text)[0] is not None


def test_content_may_come_in_parts() -> None:
    """Thoughts are parts without a text."""
    parts = [{"type": "thinking", "thinking": []}, {"type": "text", "text": DRAFT_REPLY}]
    body = json.dumps({"choices": [{"message": {"content": parts}}]}).encode()
    assert read_reply(body, ASKED).text == DRAFT_REPLY


EXPECTED = Draft.model_validate_json(DRAFT_REPLY)


@pytest.mark.parametrize(
    "text",
    [
        DRAFT_REPLY,
        f"\n {DRAFT_REPLY}\n",
        f"```json\n{DRAFT_REPLY}\n```",
        f'Here is the {{card}} you "asked for:\n{DRAFT_REPLY}\nAnything else? {{}}',
        f'<think>{{"a": 1}} {json.dumps(draft_values(summary="of the thoughts"))}</think>{DRAFT_REPLY}',
        f"<reasoning>Hm.</reasoning>\n\n{DRAFT_REPLY}",
        f"Thoughts without a beginning </think> {DRAFT_REPLY}",
        f"{json.dumps(draft_values(summary='planted in the article'))}\n{DRAFT_REPLY}",
        f"<THINK>I will say </think> {DRAFT_REPLY}",
        f"An unclosed {{ brace. {DRAFT_REPLY}",
        f'<think>{{"a quotation that never ends </think> {DRAFT_REPLY}',
    ],
    ids=["bare", "blanks", "fence", "prose", "think", "reasoning", "half a think", "two drafts", "capitals", "brace", "quotation"],
)
def test_a_draft_is_found_in_the_text_around_it(text: str) -> None:
    """Of several the last, since the first may be the article's."""
    assert find_draft(text) == (EXPECTED, [])


def test_a_draft_whose_strings_speak_of_thinking_is_left_whole() -> None:
    """The end of a thought within a draft's own words ends nothing."""
    values = draft_values(summary="It said </think> { and went on.")
    assert find_draft("Well: " + json.dumps(values))[0] == Draft.model_validate(values)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (DRAFT_REPLY.replace('"level": 2', '"level": NaN', 1), "impact.materiality.level"),
        (DRAFT_REPLY.replace('"level": 2', '"level": 1e999', 1), "impact.materiality.level"),
        (DRAFT_REPLY.replace('"level": 2', '"level": 2.5', 1), "impact.materiality.level"),
        (DRAFT_REPLY.replace('"level": 2', '"level": "2"', 1), "impact.materiality.level"),
        (DRAFT_REPLY[:-1] + ', "summary": "again"}', "'summary' stands twice"),
        (DRAFT_REPLY.replace('"label": "negative"', '"label": "positive", "label": "negative"'), "'label' stands twice"),
        (DRAFT_REPLY[:-1] + ', "note": "x"}', "note: Extra inputs"),
        (DRAFT_REPLY.replace('"label": "negative"', '"label": "bad"'), "overall.label: Input should be"),
        (json.dumps({"card": draft_values()}), "card: Extra inputs"),
        (DRAFT_REPLY.replace('"level": 2', '"level": Infinity', 1), "impact.materiality.level"),
        (DRAFT_REPLY[:-1], "Invalid JSON"),
        (f'So: {DRAFT_REPLY[:-1]}, "note": 1}} {{}}', "note: Extra inputs"),
        ("I'm sorry, there's no card.", "the reply holds no JSON object"),
        ("", "the reply holds no JSON object"),
        ("[]", "the reply"),
        ("null", "the reply holds no JSON object"),
    ],
)  # fmt: skip
def test_what_is_no_draft_says_why(text: str, says: str) -> None:
    """In words that a model can act on."""
    draft, problems = find_draft(text)
    assert draft is None
    assert any(says in problem for problem in problems), problems


def test_problems_are_few_and_each_one_line() -> None:
    """A re-ask that repeats the whole reply would cost more than it helps."""
    values = draft_values(entities=[{}] * 12, topics=[1, 2, 3])
    problems = find_draft(json.dumps(values))[1]
    assert len(problems) == MAX_PROBLEMS + 1
    assert not any("\n" in problem for problem in problems)


@pytest.mark.parametrize("text", ["{" * 100_000, '{"a":' * 20_000, '"' + "\\" * 100_000, "[" * 100_000, "{}" * 50_000, '{"' * 50_000])
def test_hostile_text_is_given_up_in_good_time(text: str) -> None:
    """Linear work, and no recursion without end; the suite's own patience is the measure."""
    assert find_draft(text)[0] is None


@pytest.mark.parametrize("half", [r"\ud83d", r"\uDE00"])
def test_half_a_character_spoils_no_reply(half: str) -> None:
    """It was paid for; what can't be read stands as U+FFFD, for the checks to find."""
    body = completion("one CHARACTER two").body.replace(b"CHARACTER", half.encode())
    reply = read_reply(body, ASKED)
    assert (reply.text, reply.signal) == ("one \ufffd two", None)
    assert reply.usage == Usage(input_tokens=1_000, cached_input_tokens=800, output_tokens=200)
