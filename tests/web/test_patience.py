"""A question that takes too long is given up, in SQLite and in PostgreSQL; the connection is as good as before."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from agent.web.store.patience import TooSlow, patience

ENDLESS = {
    "sqlite": "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c",
    "postgresql": "SELECT pg_sleep(60)",
}


def test_a_question_without_end_is_given_up(engine: Engine) -> None:
    """With what to do about it."""
    with engine.connect() as connection, pytest.raises(TooSlow, match="narrow it"), patience(connection, 0.05):
        connection.execute(text(ENDLESS[engine.dialect.name]))


def test_other_questions_have_their_time(engine: Engine) -> None:
    """Before, within and after; other faults come through as they are."""
    with engine.connect() as connection:
        with patience(connection, 5):
            assert connection.execute(text("SELECT 1")).scalar() == 1
        assert connection.execute(text("SELECT 2")).scalar() == 2
    with engine.connect() as connection, pytest.raises(Exception, match="nowhere"), patience(connection, 5):
        connection.execute(text("SELECT * FROM nowhere"))
