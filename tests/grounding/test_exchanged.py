"""Names in each other's place: told where the article says the same words of another, and nowhere of the one that the prose names."""

from __future__ import annotations

import pytest

from agent.draft import DraftEntity
from agent.grounding.clauses import Text
from agent.grounding.exchanged import ANOTHERS, Bearers, exchanged_findings
from tests.grounding.drafts import entity

NAMES = {
    "Harbour Foods": "public company",
    "Northmill Group": "public company",
    "Calder Bank": "private company",
    "Maria Lindqvist": "person",
    "Tom Reyes": "person",
    "Canada": "country",
}
ARTICLE = (
    "Harbour Foods to buy rival\n\n"
    "Harbour Foods agreed to buy Northmill Group for $2 billion in cash and shares. Northmill cut its annual profit forecast last week. "
    "Calder Bank lowered its price target for grain shares to C$90. “Nobody was forced into this sale,” Lindqvist told analysts on a call. "
    "Tom Reyes opened a third bakery in Halifax on Monday."
)


def claims(prose: str, article: str = ARTICLE) -> list[str]:
    """The names in `prose` that are found, each with the first word after it."""
    entities = [DraftEntity.model_validate(entity(name=name, kind=kind)) for name, kind in NAMES.items()]
    count, found = exchanged_findings("summary", Text(prose), Bearers(Text(article), entities, []))
    assert count == len(found)
    assert all(prose[one.start : one.end] == one.claim and (one.where, one.reason) == ("summary", ANOTHERS) for one in found)
    return [one.claim for one in found]


@pytest.mark.parametrize(
    ("prose", "name"),
    [
        ("Northmill Group agreed to buy Harbour Foods for $2 billion in cash and shares.", "Northmill Group"),
        ("Northmill agreed to buy its rival for $2 billion in cash and shares.", "Northmill"),
        ("Shares fell, while Harbour cut its annual profit forecast last week.", "Harbour"),
        ("Northmill lowered its price target for grain shares to C$90.", "Northmill"),
        ("Lindqvist opened a third bakery in Halifax on Monday.", "Lindqvist"),
    ],
)
def test_what_the_article_says_of_another_is_found(prose: str, name: str) -> None:
    """At the name that stands where another should."""
    assert claims(prose) == [name]


def test_what_the_article_says_of_the_only_one_that_it_names_is_found() -> None:
    """Said of another of the card's, who isn't there."""
    article = "Harbour Foods agreed to buy a rival for $2 billion in cash and shares."
    assert claims("Northmill agreed to buy a rival for $2 billion in cash and shares.", article) == ["Northmill"]


@pytest.mark.parametrize(
    "prose",
    [
        "Harbour Foods agreed to buy Northmill Group for $2 billion in cash and shares.",
        "Harbour will buy Northmill for $2 billion, and Calder Bank lowered its price target for grain shares to C$90.",
        "Northmill Group is to be bought by Harbour Foods for $2 billion in cash and shares.",
        "Canada lowered its price target for grain shares to C$90.",
        "Northmill lowered its profit forecast.",
        "Harbour expects to cut the annual bill for grain.",
        "Tom Reyes runs bakeries. Maria Lindqvist told analysts on a call that nobody was forced into this sale.",
    ],
)
def test_what_may_well_be_true_is_let_be(prose: str) -> None:
    """The right name, the passive, another kind of name, or too few words in common."""
    assert claims(prose) == []


@pytest.mark.parametrize(
    "more",
    [
        "Northmill Group agreed to buy a mill for $2 billion in cash and shares.",
        "Buying for $2 billion in cash and shares was first agreed by Northmill.",
    ],
)
def test_what_the_article_says_of_both_is_let_be(more: str) -> None:
    """One sentence that may say it of the prose's name is enough."""
    assert claims("Northmill agreed to buy its rival for $2 billion in cash and shares.", f"{ARTICLE} {more}") == []


def test_two_names_of_one_company_are_no_exchange() -> None:
    """Google's figures are Alphabet's."""
    entities = [DraftEntity.model_validate(entity(name=name)) for name in ("Google", "Alphabet")]
    bearers = Bearers(Text("Alphabet raised its annual capital spending to $75 billion."), entities, [("Google", 0), ("Alphabet", 0)])
    assert exchanged_findings("summary", Text("Google raised its annual capital spending to $75 billion."), bearers) == (0, [])


@pytest.mark.parametrize("article", ["", "\n", "Harbour Foods " * 3_000, "buy " * 9_000, "Harbour Foods buys Northmill. " * 2_000])
def test_odd_articles_are_read_to_their_end(article: str) -> None:
    """Nothing is raised and nothing takes long."""
    claims("Northmill Group agreed to buy Harbour Foods for $2 billion in cash. " * 20, article)
