"""The table from signal to action, as a function; and what is quoted of an endpoint's words."""

from __future__ import annotations

import email.utils
import errno
import socket
import ssl
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.engines.complaint import MAX_WORDS, Complaint
from agent.engines.signals import Action, Asked, asked_wait_s, of_failure, of_status
from agent.errors import EndpointError, ModelUnknown, RequestRejected
from tests.faults.answers import error

ASKED = Asked(
    "api.openai.com", "o9", hidden=("sk-secret", "You are an editor of financial news.", "Shares of Acme fell by a tenth on Monday.")
)


@given(st.integers(300, 599), st.binary(max_size=200))
def test_every_status_with_any_body_has_an_action(status: int, body: bytes) -> None:
    """One line, whatever comes."""
    signal = of_status(status, {}, body, ASKED)
    assert isinstance(signal.action, Action)
    assert "\n" not in signal.problem


@given(st.dictionaries(st.sampled_from(["retry-after", "retry-after-ms"]), st.text(max_size=30)))
def test_no_retry_after_is_too_odd(headers: dict[str, str]) -> None:
    """A number of seconds from 0 up, never NaN."""
    assert asked_wait_s(headers) >= 0


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, 0),
        ({"retry-after": "7"}, 7),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": "-5"}, 0),
        ({"retry-after": "99999999"}, 99_999_999),
        ({"retry-after": "nan"}, 0),
        ({"retry-after": "inf"}, 0),
        ({"retry-after": "soon"}, 0),
        ({"retry-after": "Wed, 99 Foo 2026"}, 0),
        ({"retry-after": "Mon, 21 Sep 2026 14:13:50 +99999999999999999999"}, 0),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0),
        ({"retry-after-ms": "250"}, 0.25),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after-ms": "x", "retry-after": "9"}, 9),
    ],
)
def test_retry_after_in_all_its_forms(headers: dict[str, str], expected: float) -> None:
    """Milliseconds, seconds, dates; nonsense is no wish."""
    assert asked_wait_s(headers) == expected


def test_retry_after_as_a_date() -> None:
    """The time from now until then."""
    assert 50 < asked_wait_s({"retry-after": email.utils.formatdate(time.time() + 60, usegmt=True)}) <= 61
    assert 50 < asked_wait_s({"retry-after": email.utils.formatdate(time.time() + 60).replace("-0000", "+0000")}) <= 61


@pytest.mark.parametrize(
    ("message", "param", "says"),
    [
        (
            "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is supported.",
            "temperature",
            "api.openai.com refuses `temperature` for model o9: Unsupported value: 'temperature' does not support 0 with this model.",
        ),
        ("Unsupported value: 'minimal'", "reasoning.effort", "refuses `reasoning_effort`"),
        ("Unsupported value: 'minimal'", "reasoning_effort", "NEWSCARD_REASONING_EFFORT"),
        ("max_tokens is too large: 16000.", None, "NEWSCARD_MAX_OUTPUT_TOKENS"),
        ("Use 'max_completion_tokens' instead of 'max_tokens'", "max_tokens", "refuses `max_tokens`"),
        ("Invalid schema", "response_format.json_schema", "NEWSCARD_MODE"),
        ("'response_format.type' must be 'json_schema' or 'text'", None, "refuses `response_format`"),
        ("Function tools with reasoning_effort are not supported", "reasoning_effort", "refuses `reasoning_effort`"),
        ("tool_choice is not supported", None, "refuses `tool_choice`"),
    ],
)
def test_a_refused_parameter_is_one_line_with_the_setting_to_change(message: str, param: str | None, says: str) -> None:
    """Whether the endpoint names it in a field or in its words."""
    signal = of_status(400, {}, error(400, message, param=param).body, ASKED)
    assert (signal.action, signal.error) == (Action.ABORT, RequestRejected)
    assert says in signal.problem


def test_a_wrong_path_says_how_a_base_url_ends() -> None:
    """The commonest slip of all."""
    signal = of_status(404, {}, b"<html>404</html>", ASKED)
    assert (signal.error, signal.problem) == (EndpointError, "api.openai.com answered 404; check that the base URL ends in /v1")


def test_an_unknown_model_says_its_name() -> None:
    """And which setting holds it."""
    signal = of_status(
        404, {}, error(404, "The model `o9` does not exist or you do not have access to it.", code="model_not_found").body, ASKED
    )
    assert (signal.error, signal.problem) == (ModelUnknown, "api.openai.com doesn't serve the model o9; set NEWSCARD_MODEL")


@pytest.mark.parametrize(
    ("failure", "says", "unreachable"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, "x"), "nothing answers at api.openai.com", True),
        (socket.gaierror(socket.EAI_NONAME, "x"), "there is no host api.openai.com", True),
        (ssl.SSLCertVerificationError("x"), "no TLS connection to api.openai.com", True),
        (OSError(errno.ENETUNREACH, "x"), "nothing answers", True),
        (ConnectionResetError(errno.ECONNRESET, "x"), "the connection to api.openai.com broke", False),
        (ValueError("x"), "the connection to api.openai.com broke", False),
    ],
)
def test_a_broken_connection_says_how(failure: Exception, says: str, *, unreachable: bool) -> None:
    """By the cause at the bottom, whatever the libraries wrap it in."""
    outer = RuntimeError("Connection error.")
    outer.__cause__ = TimeoutError("wrapped")
    outer.__cause__.__cause__ = failure
    signal = of_failure(outer, ASKED)
    assert says in signal.problem
    assert (signal.action, signal.unreachable) == (Action.RETRY, unreachable)


@pytest.mark.parametrize(
    "message",
    [
        "Incorrect API key provided: sk-secret.",
        "Invalid input: 'Shares of Acme fell by a tenth on Monday.'",
        "Bad: Shares  of Acme fell\nby a tenth on",
        "prompt was: You are an editor of financial news.",
    ],
)
def test_words_of_ours_are_never_quoted(message: str) -> None:
    """Not even in part, nor with other white space."""
    assert Complaint(message).quote(ASKED.hidden) == ""


@pytest.mark.parametrize(
    ("message", "quoted"),
    [
        ("Too many requests.", "Too many requests"),
        ("two\nlines\tand a bell\x07", "two lines and a bell"),
        ("key sk-abc****wxyz is wrong", "key *** is wrong"),
        ("Authorization: Bearer eyJhbGciOi is wrong", "Authorization: *** is wrong"),
        ("x" * 500, "x" * (MAX_WORDS - 1) + "…"),
    ],
)
def test_other_words_are_quoted_in_short(message: str, quoted: str) -> None:
    """One line, without what looks like a key."""
    assert Complaint(message).quote(ASKED.hidden) == quoted


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"error": {"message": "a"}}', "a"),
        (b'{"error": "a"}', "a"),
        (b'{"message": "a", "object": "error"}', "a"),
        (b'{"detail": "a"}', "a"),
        (b'{"detail": [{"loc": ["body", "x"], "msg": "a", "input": "ours"}]}', "a"),
        (b'[{"error": {"message": "a"}}]', "a"),
        (b'"a"', "a"),
        (b"7", ""),
        (b"<html>", ""),
        (b"", ""),
        (b"[" * 100_000, ""),
    ],
)
def test_errors_are_read_in_every_servers_shape(body: bytes, message: str) -> None:
    """OpenAI, LM Studio, vLLM old and new, FastAPI, Gemini; anything else says nothing."""
    assert Complaint.parse(body).message == message
