"""Figures of another kind: net, gross, operating, before tax."""

from __future__ import annotations

import pytest

from agent.grounding.numbers import OTHER_KIND, Source, number_findings, stated_figures
from agent.grounding.numbers.attached import told_otherwise

ARTICLE = (
    "Gross rental income was 171.3 million euros and net income fell 12% to 88 million euros. Operating profit of $41.7 million compares "
    "with pre-tax earnings of $39.5 million. Premiums came to $3.9 billion gross and $2.7 billion net. Sales were $512 million. "
    "The gross margin widened by 70 basis points. It earned 62 million net, 62 million gross."
)


def claims(prose: str) -> list[str]:
    """The figures that the article has of another kind."""
    found = told_otherwise(prose.lower(), stated_figures(prose), Source("", ARTICLE))
    return [prose[figure.start : figure.end] for sort, figure in found if sort == "kind"]


@pytest.mark.parametrize(
    ("prose", "found"),
    [
        ("Net rental income was 171.3 million euros.", ["171.3 million euros"]),
        ("Net profit came to $41.7 million.", ["$41.7 million"]),
        ("Operating income was $39.5 million.", ["$39.5 million"]),
        ("It wrote $3.9 billion of net premiums and $2.7 billion gross.", ["$3.9 billion", "$2.7 billion"]),
        ("The operating margin rose by 70 basis points.", ["70 basis points"]),
    ],
)
def test_a_figure_of_another_kind_is_found(prose: str, found: list[str]) -> None:
    """The word stands before it or right behind it, in both texts."""
    assert claims(prose) == found


@pytest.mark.parametrize(
    "prose",
    [
        "Gross rent came to 171.3 million euros.",
        "Operating income was $41.7 million, and earnings before tax $39.5 million.",
        "It wrote gross premiums of $3.9 billion.",
        "Net sales were $512 million.",
        "Net income fell, and sales were $41.7 million.",
        "Net income fell while it made $41.7 million.",
        "Net income and sales of 171.3 million euros were told.",
        "It earned 62 million gross.",
        "It owns $41.7 million net of debt.",
    ],
)
def test_a_figure_of_that_kind_or_of_none_is_let_be(prose: str) -> None:
    """Other words for the same kind, a kind that the article doesn't tell, another measure or clause between."""
    assert claims(prose) == []


def test_it_is_told_with_its_place() -> None:
    """And what is wrong with it."""
    (finding,) = number_findings("summary", "Operating income was $39.5 million.", Source("", ARTICLE))[1]
    assert (finding.claim, finding.start, finding.reason) == ("$39.5 million", 21, OTHER_KIND)


@pytest.mark.parametrize("pattern", ["net income net ", "$5 gross ", "net a a income of $5 ", "operating profit and $5 "])
def test_long_prose_is_read(pattern: str) -> None:
    """Six thousand characters, the most that a draft may have."""
    assert isinstance(claims(pattern * (6_000 // len(pattern))), list)
