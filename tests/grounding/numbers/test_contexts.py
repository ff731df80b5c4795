"""Contexts: which words of a text are directions, and what stands nearest to them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.grounding.numbers.contexts import CLOSE, Context
from agent.grounding.numbers.figures import figures
from agent.grounding.numbers.tokens import Tokens
from agent.grounding.numbers.ways import CHANGE, REVISION


def directions(text: str) -> list[str]:
    """The direction words of a text in lower case."""
    return [text[point.start : point.end] for point in Context(text, []).directions]


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
    families = [point.family for point in Context("it cut its sales forecast. it cut costs.", []).directions]
    assert families == [REVISION, CHANGE]


def test_the_nearest_words_count_by_their_side() -> None:
    """They tell the fall of shares from the raising of money in one sentence."""
    (point,) = Context("harbour shares fell sharply today", []).directions
    assert {"<share", ">sharp"} <= {anchor[:6] for anchor in point.anchors}


@pytest.mark.parametrize("piece", [".5", ",95", "5", "\u0663"])
def test_digits_joined_without_end_are_many_words(piece: str) -> None:
    """Each figure among them has its neighbours, not the whole text, for its context: else time would grow with the square."""
    text = piece * 5_000
    points = Context(text, figures(text, foreign=True)).figures
    assert max((len(stem) for point in points.values() for stem in point.anchors), default=0) < 300


_PIECES = [
    "shares",
    "rose",
    "fell",
    "5%",
    "$2.4 billion",
    "Rs. 500",
    "1,200.",
    ", ",
    ". ",
    "; ",
    "\n",
    " ",
    "  ",
    "u.s.",
    "up-to",
    "'s",
    "é",
    "3-5",
    "from",
]


@given(st.lists(st.sampled_from(_PIECES), max_size=30).map("".join))
def test_each_token_stands_where_it_is_said_to_begin(text: str) -> None:
    """In order and without overlap, so that those of a slice are found by its ends."""
    tokens = Tokens(text.lower())
    assert [text.lower()[at : at + len(word)] for at, word in zip(tokens.starts, tokens.words, strict=True)] == tokens.words
    assert tokens.starts == sorted(set(tokens.starts))


@given(st.lists(st.sampled_from(_PIECES), max_size=30).map(" ".join))
def test_what_stands_around_a_point_is_never_said_not_to(text: str) -> None:
    """Points are passed over by the words of their sentences; none may be that has the words for anchors, nor one that holds a stop."""
    context = Context(text.lower(), figures(text, foreign=True))
    for point in (*context.directions, *context.figures.values()):
        stems = frozenset(stem for stem in point.anchors if stem[0] not in "<>")
        assert point.may_have(stems, len(stems))


@given(st.lists(st.sampled_from(_PIECES), max_size=30).map(" ".join))
def test_what_stands_beside_a_point_are_its_weightiest_anchors(text: str) -> None:
    """They are found without the others."""
    context = Context(text.lower(), figures(text, foreign=True))
    for point in (*context.directions, *context.figures.values()):
        assert point.beside == {stem for stem, weight in point.anchors.items() if weight >= CLOSE and stem[0] not in "<>"}
