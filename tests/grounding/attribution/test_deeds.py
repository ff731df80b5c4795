"""Deeds told the other way round."""

from __future__ import annotations

import pytest

from agent.article import Article
from agent.grounding.attribution import Deeds, Identities, Saying, deed_findings
from agent.grounding.attribution.deeds import OTHER_WAY
from tests.grounding.drafts import ARTICLE as ARTICLE_OF_DRAFT
from tests.grounding.drafts import SUMMARY
from tests.grounding.test_ground import grounded

ARTICLE = (
    "Northgate Mutual agreed on Tuesday to buy Bermuda-based reinsurer Selwyn Re for $2.6 billion in cash.\n\n"
    "A jury ordered Lumidyne to pay $214 million to Semistar. Skylease has sued its insurers. Skylease sold 24 jets to Merano Aviation. "
    "Nervia had bought the compound from Kyoto's Ashida Pharma in 2018. Karelis accused Sarnholm of dumping. Odin will acquire Vidar, and "
    "Vidar will acquire a stake in Odin. Vidar was sued by Odin in May. Odin said Vidar would sue."
)


def _claims(prose: str, article: str = ARTICLE) -> list[str]:
    """The names found in `prose`."""
    count, found = deed_findings("summary", Saying(prose), Deeds(Identities(article, [], [])))
    assert count == len(found)
    assert all(prose[one.start : one.end] == one.claim and one.reason == OTHER_WAY for one in found)
    return [one.claim for one in found]


@pytest.mark.parametrize(
    ("prose", "name"),
    [
        ("Selwyn Re will buy reinsurer Northgate Mutual.", "Selwyn Re"),
        ("Northgate, which has grown fast, is to be acquired by Selwyn.", "Selwyn"),
        ("The acquisition of Northgate by Selwyn Re may take a year.", "Selwyn Re"),
        ("Selwyn's takeover of Northgate may take a year.", "Selwyn"),
        ("Semistar must pay Lumidyne $214 million.", "Semistar"),
        ("Semistar is to pay $214 million to Lumidyne.", "Semistar"),
        ("Merano is selling 24 jets to Skylease.", "Skylease"),
        ("Ashida Pharma acquired the compound from Nervia.", "Ashida Pharma"),
        ("Sarnholm has accused Karelis of dumping.", "Sarnholm"),
        ("Odin was sued by Vidar.", "Vidar"),
    ],
)
def test_a_deed_told_the_other_way_round_is_found(prose: str, name: str) -> None:
    """At the name of who is said to do it, active, passive or as a noun."""
    assert _claims(prose) == [name]


@pytest.mark.parametrize(
    "prose",
    [
        "Northgate Mutual will buy Selwyn Re.",
        "Selwyn is to be bought by Northgate for $2.6 billion.",
        "The acquisition of Selwyn Re by Northgate may take a year.",
        "Northgate's purchase of Selwyn is on.",
        "Lumidyne must pay Semistar $214 million.",
        "Merano buys 24 jets from Skylease.",
        "Nervia acquired the compound from Ashida.",
        "Selwyn's shareholders want to buy Northgate shares.",
        "Selwyn said it would buy Northgate's old office.",
        "Selwyn and Northgate will buy Semistar.",
        "Vidar will sue.",
        "Semistar will pay its lawyers.",
    ],
)
def test_what_may_well_be_true_is_let_be(prose: str) -> None:
    """The deed as it is, another one, or a clause that can't be read."""
    assert _claims(prose) == []


def test_a_deed_of_both_is_let_be() -> None:
    """The article may say it either way."""
    assert _claims("Odin accused Vidar of fraud.", "Odin accused Vidar of fraud. Vidar accused Odin of fraud.") == []


def test_a_turned_deed_is_listed_among_the_names_and_the_faults() -> None:
    """The re-ask names it."""
    article = Article(title=ARTICLE_OF_DRAFT.title, text=f"{ARTICLE_OF_DRAFT.text}\n\nHarbour Foods sued Northmill Group.")
    found = grounded(article, summary=SUMMARY.replace("Its shares fell", "Northmill Group sued Harbour Foods. Its shares fell"))
    assert found.checks.names is not None
    assert [(one.claim, one.reason) for one in found.checks.names.unsupported] == [("Northmill Group", OTHER_WAY)]
    assert found.faults == tuple(found.checks.names.unsupported)


@pytest.mark.parametrize("piece", ["Odin buys Vidar from Thor, ", "acquisition of ", "Odin's takeover of Vidar by Thor. ", "paid by to "])
def test_odd_articles_are_read_to_their_end(piece: str) -> None:
    """Nothing is raised and nothing takes long."""
    _claims("Vidar buys Odin from Thor. " * 20, piece * 3_000)
