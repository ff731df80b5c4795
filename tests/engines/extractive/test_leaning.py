"""Sentences that can't stand alone."""

from __future__ import annotations

import pytest

from agent.engines.extractive.leaning import leaning
from tests.engines.extractive.conftest import reading


def leans(text: str) -> float:
    """How much the last sentence of `text` leans on the one before."""
    found = reading(text)
    return leaning(found, found.sentences[-1])


@pytest.mark.parametrize(
    "text",
    [
        "It fell on Monday.",
        "However, the bank fell on Monday.",
        "In June it paid the holders of its bonds.",
        "On Monday, he said that Boeing would pay.",
        '"We are not satisfied," he said.',
        '"We are not satisfied."',
    ],
)
def test_what_needs_the_sentence_before(text: str) -> None:
    """Pronouns before anything that they could stand for, words that go on, quotations of nobody."""
    assert leans(text) == 1.0


@pytest.mark.parametrize(
    "text",
    [
        "Boeing said that it would pay.",
        "The bank said on Monday that it would pay.",
        '"We are not satisfied," Boeing said.',
        '"We are not satisfied," finance chief Jane Smith told analysts.',
        "In June Boeing paid the holders of its bonds.",
    ],
)
def test_what_stands_alone(text: str) -> None:
    """A name or a noun before the pronoun, and a speaker, are enough."""
    assert leans(text) < 1.0
