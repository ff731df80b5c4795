"""Binding: what a figure is said of, and which way it went."""

from __future__ import annotations

import pytest

from agent.grounding.numbers import OTHER_ENTITY, OTHER_WAY, Source, number_findings
from agent.grounding.numbers.binding import find_mentions

NAMES = [("Harbour Foods", 0), ("Harbour", 0), ("Northmill Group", 1), ("Northmill", 1)]
ARTICLE = (
    "Shares of Harbour fell 8.4% in early trading. Northmill Group, a rival of Harbour Foods, rose 2.1% and its orders grew by 3% "
    "to $40 million. "
    "The harvest is down 12%. Harbour lowered its forecast to $410 million from $480 million, a 15% cut. Its margin was 9%."
)

APART = "Harbour fell 8.4%, Northmill rose 2.1%. " + "Words without a name stand here. " * 20 + "Harbour had expected $480 million."


def reasons(prose: str, article: str = ARTICLE) -> list[tuple[str, str]]:
    """Claim and reason of each finding."""
    return [(f.claim, f.reason) for f in number_findings("summary", prose, Source("", article, names=NAMES))[1]]


@pytest.mark.parametrize(
    ("prose", "claim"),
    [
        ("Shares of Harbour rose 8.4%.", "8.4%"),
        ("Shares of Harbour were up 8.4%.", "8.4%"),
        ("An 8.4% gain for Harbour shares.", "8.4%"),
        ("Orders fell by 3%.", "3%"),
        ("The harvest rose 12%.", "12%"),
        ("Harbour raised its forecast to $410 million.", "$410 million"),
        ("A 15% increase in the forecast.", "15%"),
    ],
)
def test_a_fall_told_as_a_rise_is_found(prose: str, claim: str) -> None:
    """The figure is there, but wherever it is, it goes the other way."""
    assert (claim, OTHER_WAY) in reasons(prose)


@pytest.mark.parametrize(
    "prose",
    [
        "Shares of Harbour fell 8.4%.",
        "Harbour dropped 8.4%, Northmill climbed 2.1%.",
        "An 8.4% fall hit Harbour.",
        "The harvest was 12% lower.",
        "The harvest was 12% smaller.",
        "Harbour cut its forecast to $410 million from $480 million.",
        "Prices rose as the harvest fell 12%.",
        "The move of 8.4% came early.",
    ],
)
def test_the_same_way_in_other_words_is_fine(prose: str) -> None:
    """Synonyms agree, and where no direction is told there is nothing to hold against a card."""
    assert reasons(prose) == []


@pytest.mark.parametrize(
    ("prose", "claim"),
    [
        ("Northmill fell 8.4%.", "8.4%"),
        ("Harbour rose 2.1%.", "2.1%"),
        ("Harbour fell 8.4%, and Northmill's forecast is now $480 million.", "$480 million"),
    ],
)
def test_a_figure_given_to_another_entity_is_found(prose: str, claim: str) -> None:
    """A figure that the article only has of one entity isn't another's."""
    assert (claim, OTHER_ENTITY) in reasons(prose, APART)


@pytest.mark.parametrize(
    "prose",
    [
        "Northmill rose 2.1%, its rival Harbour fell 8.4%.",
        "Northmill, a rival of Harbour, rose 2.1%.",
        "Its margin was 9%.",
        "Harbour's margin was 9%.",
        "A fall of 8.4% in Harbour, while Northmill gained.",
        "It rose 2.1%.",
    ],
)
def test_a_figure_of_the_right_entity_is_fine(prose: str) -> None:
    """Names in apposition, after the figure, in the sentence before, or none at all are no fault."""
    assert reasons(prose) == []


def test_a_figure_said_of_both_is_carried_for_both() -> None:
    """Where the article has a figure twice, one place that fits is enough."""
    assert reasons("Northmill rose 5%.", "Harbour fell 5%. Northmill rose 5%.") == []


def test_names_are_found_as_whole_words_the_longest_first() -> None:
    """Harbour Foods is one mention, Harbourside none."""
    text = "Harbour Foods and Harbour, not Harbourside"
    assert [(text[m.start : m.end], m.entity) for m in find_mentions(text, NAMES)] == [("Harbour Foods", 0), ("Harbour", 0)]


@pytest.mark.parametrize("pattern", ["Harbour fell 5% ", "Harbour ", "fell 5% ", "5%", "a", ". ", "5% of "])
def test_a_long_article_is_bound(pattern: str) -> None:
    """Every occurrence is looked at once: a test that hangs fails."""
    source = Source("", pattern * (100_000 // len(pattern)), names=NAMES)
    number_findings("summary", "Northmill rose 5%, Harbour fell 5% to 5%.", source)


def test_growth_that_weakens_is_no_fall() -> None:
    """What is itself a change may slow down to a figure by which something still grew; a fall of what grew is found."""
    article = "Output at Harbour expanded 2.2%, after 7.0% in the quarter before."
    assert reasons("At Harbour output growth weakened to 2.2%.", article) == []
    assert reasons("Output at Harbour fell by 2.2%.", "Output at Harbour grew by 2.2%.") == [("2.2%", OTHER_WAY)]
