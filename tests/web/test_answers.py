"""Answers kept by their Idempotency-Key, in SQLite and in PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine, select

from agent.web.store import AnswerStore, Remembered, answers
from agent.web.store.tables import ANSWERS

ANSWER = Remembered("digest", 202, {"location": "/v1/batches/1"}, b'{"id":"1"}')


def test_an_answer_comes_back_as_it_was(engine: Engine) -> None:
    """To its tenant alone; the last one under a key counts."""
    store = AnswerStore(engine)
    store.keep("one", "key", ANSWER)
    assert store.find("one", "key") == ANSWER
    assert store.find("two", "key") is None
    assert store.find("one", "other") is None
    later = Remembered("other", 200, {}, b"")
    store.keep("one", "key", later)
    assert store.find("one", "key") == later


def test_an_answer_that_several_services_keep_at_once_is_kept_once(engine: Engine) -> None:
    """They share the database; none of them fails."""
    store, together = AnswerStore(engine), Barrier(6, timeout=20)

    def keep(_: int) -> None:
        for turn in range(8):
            together.wait()
            store.keep("", f"key-{turn}", ANSWER)

    with ThreadPoolExecutor(6) as services:
        list(services.map(keep, range(6)))
    assert [store.find("", f"key-{turn}") for turn in range(8)] == [ANSWER] * 8


def test_an_answer_is_forgotten_after_a_day(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """And its row goes when the next one comes."""
    store = AnswerStore(engine)
    now = 1_000_000
    monkeypatch.setattr(answers, "_now", lambda: now)
    store.keep("", "old", ANSWER)
    now += answers.KEPT_S - 1
    assert store.find("", "old") == ANSWER
    now += 1
    assert store.find("", "old") is None
    store.keep("", "new", ANSWER)
    with engine.connect() as connection:
        assert [row.key for row in connection.execute(select(ANSWERS))] == ["new"]
