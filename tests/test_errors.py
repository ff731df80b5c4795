"""The error tree: what its docstring draws is what there is."""

from __future__ import annotations

import inspect
import re

import pytest

from agent import errors
from agent.card import Usage
from agent.errors import ArticleError, NewscardError, SourceError


def drawn() -> dict[str, str]:
    """Class name -> its parent's, as the docstring draws them."""
    parents: dict[str, str] = {}
    above = {"*": "Exception"}
    for line in (errors.__doc__ or "").splitlines():
        if (match := re.match(r"\s*([*x+]) (\w+)", line)) is None:
            continue
        mark, name = match.groups()
        parents[name] = above[mark]
        below = {"*": "x", "x": "+"}
        if mark in below:
            above[below[mark]] = name
    return parents


def test_the_tree_in_the_docstring_is_the_tree_of_classes() -> None:
    """Every class of the module is drawn below its parent, and nothing else is."""
    classes = {name: cls for name, cls in vars(errors).items() if inspect.isclass(cls) and issubclass(cls, Exception)}
    assert drawn() == {name: cls.__bases__[0].__name__ for name, cls in classes.items()}


@pytest.mark.parametrize("name", list(drawn()))
def test_every_error_says_in_a_sentence_what_it_is(name: str) -> None:
    """One docstring each."""
    assert (inspect.getdoc(getattr(errors, name)) or "").strip().endswith((".", ";"))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("NewscardError", 1),
        ("UsageError", 2),
        ("SourceError", 2),
        ("ArticleError", 1),
        ("DraftRefused", 1),
        ("BudgetExceeded", 3),
        ("EndpointError", 4),
        ("KeyRejected", 4),
        ("QuotaExhausted", 4),
    ],
)
def test_exit_codes_are_the_command_lines(name: str, code: int) -> None:
    """1 an article failed, 2 wrong usage or input, 3 budget, 4 key, model or endpoint."""
    cls: type[NewscardError] = getattr(errors, name)
    assert cls.exit_code == code


def test_an_article_error_names_its_article_and_counts_what_was_spent() -> None:
    """The message is one line; the tokens spent on a failure are kept."""
    error = ArticleError("a1", "no reply", usage=Usage(requests=2))
    assert str(error) == "a1: no reply"
    assert (error.article_id, error.problem, error.usage) == ("a1", "no reply", Usage(requests=2))


def test_a_source_error_names_its_source() -> None:
    """Which input, and what is wrong with it."""
    error = SourceError("news.csv", "no column `text`")
    assert str(error) == "news.csv: no column `text`"
    assert (error.source, error.problem) == ("news.csv", "no column `text`")
