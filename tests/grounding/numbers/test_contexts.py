"""Contexts: which words of a text are directions, and what stands nearest to them."""

from __future__ import annotations

import pytest

from agent.grounding.numbers.contexts import Context
from agent.grounding.numbers.figures import figures
from agent.grounding.numbers.ways import CHANGE, REVISION


def directions(text: str) -> list[str]:
    """The direction words of a text in lower case."""
    return [text[point.start : point.end] for point in Context(text, []).points]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("boeing gave up about 24%", []),
        ("it put the gain down to strong sales", ["gain", "strong"]),
        ("revenue fell short of estimates", ["short"]),
        ("google is losing ground", []),
        ("the index rose after smaller gains", ["rose", "gains"]),
        ("it raised $500 million from investors", []),
        ("putting up to 75 million barrels into store", []),
        ("to hold down prices at home", []),
        ("shares ended up 5%", ["up"]),
        ("shares fell, and costs were lower", ["fell", "lower"]),
    ],
)
def test_idioms_say_no_direction(text: str, found: list[str]) -> None:
    """Only words that tell which way something went count."""
    assert directions(text) == found


def test_a_forecast_that_is_revised_is_no_change_of_what_it_is_about() -> None:
    """A forecast of growth may be cut."""
    families = [point.family for point in Context("it cut its sales forecast. it cut costs.", []).points]
    assert families == [REVISION, CHANGE]


def test_the_nearest_words_count_by_their_side() -> None:
    """They tell the fall of shares from the raising of money in one sentence."""
    (point,) = Context("harbour shares fell sharply today", []).points
    assert {"<share", ">sharp"} <= {anchor[:6] for anchor in point.anchors}


@pytest.mark.parametrize("piece", [".5", ",95", "5", "\u0663"])
def test_digits_joined_without_end_are_many_words(piece: str) -> None:
    """Each figure among them has its neighbours, not the whole text, for its context: else time would grow with the square."""
    text = piece * 5_000
    points = Context(text, figures(text, foreign=True)).points
    assert max((len(stem) for point in points for stem in point.anchors), default=0) < 300
