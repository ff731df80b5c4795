"""Errors as callers see them: every one has a code, and no code is lost."""

from __future__ import annotations

import pytest

from agent import errors
from agent.web.problems import CODES, PROBLEMS, Problem, code_of, own_fault


def all_errors(kind: type[errors.NewscardError] = errors.NewscardError) -> list[type[errors.NewscardError]]:
    """The whole family of agent/errors.py."""
    below = [one for child in kind.__subclasses__() for one in all_errors(child)]
    return [kind, *below]


@pytest.mark.parametrize("kind", [kind for kind in all_errors() if kind.__module__ == "agent.errors"])
def test_every_error_has_a_code(kind: type[errors.NewscardError]) -> None:
    """By its class, and by its class's name as rows have it."""
    made = kind("a", "b") if issubclass(kind, errors.SourceError | errors.ArticleError) else kind("what to do")
    problem = Problem.of(made)
    assert problem.code in PROBLEMS
    assert problem.code == code_of(kind.__name__)
    assert problem.as_json()["detail"] == str(made)


def test_codes_are_looked_up_in_an_order_that_reaches_all() -> None:
    """None stands behind a class that takes all of its own."""
    for place, (kind, _) in enumerate(CODES):
        assert not any(issubclass(kind, earlier) for earlier, _ in CODES[:place])


def test_a_row_of_a_fault_of_our_own_has_a_code() -> None:
    """Whatever the name."""
    assert code_of("OwnFault") == code_of("Nonsense") == "internal_error"
    assert code_of("SameId") == "invalid_article"


def test_a_fault_of_our_own_tells_its_place_and_not_its_words(caplog: pytest.LogCaptureFixture) -> None:
    """Its message may be an article's text."""
    try:
        int("canary")
    except ValueError as exc:
        problem = own_fault(exc)
    assert problem.detail.startswith("ValueError in test_problems.py:")
    assert "canary" not in problem.detail + caplog.text
    assert "ValueError in test_problems.py:" in caplog.text
