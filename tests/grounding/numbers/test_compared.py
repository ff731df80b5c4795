"""Directions and figures, each held against the words around it in the article."""

from __future__ import annotations

import pytest

from agent.grounding.numbers import OTHER_THING, OTHER_WAY, Source, number_findings
from agent.grounding.numbers.source import read

ARTICLE = (
    "Harbour Foods beat expectations for the third quarter, but the company lowered its full-year margin guidance. Revenue in the frozen "
    "meals division of Harbour climbed 7.5% to $410 million, while profit in the bakery division of Harbour slid to $96 million from "
    "$120 million. The shares slipped in late trading. The board of the company is to pay a higher dividend, and costs for wheat were "
    "lower in the quarter."
)


def faults(prose: str, article: str = ARTICLE) -> set[str]:
    """The reasons of the findings."""
    return {finding.reason for finding in number_findings("summary", prose, Source("", article))[1]}


@pytest.mark.parametrize(
    ("true", "turned"),
    [
        ("Harbour beat expectations for the third quarter.", "Harbour missed expectations for the third quarter."),
        ("The company lowered its full-year margin guidance.", "The company raised its full-year margin guidance."),
        ("The shares slipped in late trading.", "The shares gained in late trading."),
        ("Harbour will pay a higher dividend.", "Harbour will pay a lower dividend."),
        ("Wheat costs were lower in the quarter.", "Wheat costs were higher in the quarter."),
        ("Sales of frozen meals grew 7.5% to $410 million.", "Sales of frozen meals shrank 7.5% to $410 million."),
    ],
)
def test_a_direction_turned_round_is_found_without_a_figure(true: str, turned: str) -> None:
    """What the article says of the same words the other way round can't be so; as the article says it, it is fine."""
    assert (faults(true), faults(turned)) == (set(), {OTHER_WAY})


def test_a_direction_of_something_the_article_does_not_judge_is_let_be() -> None:
    """Where no words in common stand beside a direction, nothing is held against it."""
    assert faults("Investors grew wary, and rivals gained ground.") == set()


def test_figures_exchanged_between_two_things_are_found() -> None:
    """Each is the article's figure, but of the other division."""
    article = (
        "The frozen meals division had orders of $410 million in spring. The bakery division took deliveries of $96 million in autumn."
    )
    prose = "The frozen meals division had orders of {} million in spring, while the bakery took deliveries of {} million in autumn."
    assert faults(prose.format("$410", "$96"), article) == set()
    assert faults(prose.format("$96", "$410"), article) == {OTHER_THING}


@pytest.mark.parametrize("prose", ["Output rose to 96 million from 120 million.", "Output was cut to $96 million from $80 million."])
def test_a_rise_to_less_than_before_is_found(prose: str) -> None:
    """Such a sentence gainsays itself, whatever words the article has for it."""
    assert OTHER_WAY in faults(prose, "Output came to 96 million, or $96 million, after 120 million, and $80 million before.")


@pytest.mark.parametrize(
    "prose",
    [
        "Output fell to 96 million from 120 million.",
        "The loss rose to 120 million from 96 million.",
        "The result improved to a loss of 96 million from 120 million.",
        "The outlook was cut to 90 million to 120 million from 96 million to 130 million.",
    ],
)
def test_a_change_that_adds_up_is_fine(prose: str) -> None:
    """Losses count downwards, and of a range both ends must go the wrong way."""
    assert faults(prose, "In figures: 96 million, 120 million, 90 million, 130 million.") == set()


def test_a_direction_found_is_counted_as_stated() -> None:
    """The tally never has more faults than it has statements."""
    stated, findings = number_findings("summary", "The shares gained in late trading.", Source("", ARTICLE))
    assert (stated, len(findings)) == (1, 1)


def test_words_in_another_language_are_not_compared() -> None:
    """A card is in English; words in common with an article that isn't would be chance."""
    article = (
        "Die Aktien der Harbour Foods AG legten im spaeten Handel zu. Der Konzern hob die Prognose an und senkte Kosten im Quartal. " * 3
    )
    assert faults("The shares fell in late trading at Harbour Foods.", article) == set()


def test_an_article_is_read_once() -> None:
    """Two sources of one article share what was read, and one of another doesn't."""
    assert read("T", ARTICLE) is read("T", ARTICLE)
    assert read("T", ARTICLE) is not read("", ARTICLE)


@pytest.mark.parametrize("pattern", ["shares fell 5% ", "fell ", "profit rose to 5 from 4, ", "to 5 from ", "a "])
def test_a_long_text_is_compared(pattern: str) -> None:
    """Hostile repetition on both sides stays linear: a test that hangs fails."""
    source = Source("", pattern * (100_000 // len(pattern)))
    number_findings("summary", pattern * 100, source)


EXTREMES = (
    "It was the slowest pace in seven quarters for the economy. The gross margin of the clothing chain widened by 70 basis points. "
    "Its shares had their biggest gain in the index; the yield was the highest since 2008."
)


@pytest.mark.parametrize(
    ("prose", "claim"),
    [
        ("Growth was 5% a year, the economy's fastest pace in seven quarters.", "fastest pace"),
        ("The clothing chain's net margin widened by 70 basis points.", "net margin"),
        ("The yield was the lowest since 2008.", "lowest since 2008"),
    ],
)
def test_the_other_extreme_is_found(prose: str, claim: str) -> None:
    """The fastest for the slowest, what is left for all of it."""
    source = Source("", EXTREMES)
    findings = [finding for finding in number_findings("summary", prose, source)[1] if finding.reason == OTHER_WAY]
    assert any(claim in finding.claim for finding in findings)


@pytest.mark.parametrize(
    "prose",
    [
        "The economy had its weakest growth and slowest pace in seven quarters.",
        "The clothing chain's gross margin widened by 70 basis points, and so did net income.",
        "Its shares were the strongest in the index and the yield the highest since 2008.",
        "Its shares had their smallest losses, not gains, in other indexes; the lowest price since 2008 is another matter.",
    ],
)
def test_one_extreme_is_held_against_its_own_opposite_only(prose: str) -> None:
    """The biggest gain in the index may be told as the strongest of its shares, and both sides may be told of different things."""
    source = Source("", EXTREMES)
    assert [finding for finding in number_findings("summary", prose, source)[1] if finding.reason == OTHER_WAY] == []


def test_a_direction_with_its_own_figure_is_settled() -> None:
    """Though another's direction in the same sentence has more of the words around it."""
    article = "Northmill's shares fell 1.9%, Harbour's were up 0.7%. Nothing else moved."
    assert faults("Harbour's shares rose 0.7% and Northmill's lost 1.9%.", article) == set()
    assert OTHER_WAY in faults("Harbour's shares lost 0.7%.", article)


def test_to_speed_up_is_no_rise() -> None:
    """A sale that is sped up is no larger."""
    article = "The bank would let its portfolio of bonds shrink by 25 billion euros a month."
    assert faults("The bank would speed up the reduction of its portfolio of bonds to 25 billion euros a month.", article) == set()


def test_a_figure_with_all_its_words_in_the_article_is_its_own() -> None:
    """Another that lacks one of the words right beside it ("adjusted") isn't what is meant, however many others it shares."""
    article = (
        "Earnings per share of $2.31 in the 2Q at Harbour, compared with $2.02 in the 2Q before. Adjusted earnings per share for the "
        "quarter were $2.45, which was above $2.11. Dividends came to $0.40, paid in May."
    )
    assert faults("Harbour 2Q adjusted earnings per share $2.45.", article) == set()
    assert faults("Adjusted earnings per share for the quarter were $0.40.", article) == {OTHER_THING}


def test_one_end_of_a_range_is_no_other_figure_of_what_has_one_value() -> None:
    """What is expected to lie between two figures isn't what was earned; of a range on the card it may be."""
    article = (
        "For the third quarter Harbour told of $4.1 million, or $0.63 a share. Adjusted profit, from which amortization is left out, came "
        "to $0.90. The board expects adjusted earnings per share for the year of $2.80 to $3.10. It paid $0.40 before."
    )
    assert faults("Harbour adjusted earnings per share $0.90.", article) == set()
    assert faults("Harbour expects adjusted earnings per share for the year of $0.40 to $3.10.", article) == {OTHER_THING}


def test_a_range_is_not_held_against_a_figure_that_came_out() -> None:
    """The guidance of a range is of the year, the one value beside the same words of the quarter."""
    article = (
        "Harbour had adjusted earnings per share of $1.97, more than in spring. Given this, the band that its board told of in May is "
        "lifted to $7.90 to $8."
    )
    assert faults("Harbour sees adjusted earnings per share of $7.90 to $8.00.", article) == set()
