"""Views given to another than who holds them."""

from __future__ import annotations

import pytest

from agent.article import Article
from agent.draft import DraftEntity
from agent.grounding.attribution import Identities, Saying, Views, view_findings
from agent.grounding.numbers import Source
from tests.grounding.drafts import ARTICLE as ARTICLE_OF_DRAFT
from tests.grounding.drafts import SUMMARY, entity
from tests.grounding.test_ground import grounded

ARTICLE = (
    "Macrae Commodities raised its price forecast for the year to $19,500.\n\n"
    "Analysts at Bramall expect a bid of $7.4 billion. Baxter Lyle analyst Sue Cheng said sales might reach $2.5 billion; Halvorsen itself "
    "has named no figure. According to Sturgeon's Noel Bright, the crown could weaken to 8.40 per euro. The company expects costs of "
    "$61 million. Halvorsen sees a margin of 12%, and Bramall expects 12%, too. Chief executive Ole Lund forecast growth of 31%."
)


def _claims(prose: str) -> list[tuple[str, str]]:
    """The names found in `prose`, each with whose view it is."""
    named = [DraftEntity.model_validate(entity(name=name)) for name in ("Halvorsen", "Macrae Commodities")]
    identities = Identities(ARTICLE, [(one.name, index) for index, one in enumerate(named)], named)
    count, found = view_findings("analysis", Saying(prose), Views(Source("Nickel jumps", ARTICLE), identities))
    assert count == len(found)
    assert all(prose[one.start : one.end] == one.claim for one in found)
    return [(one.claim, one.reason.removeprefix("the article gives this to ").split(";")[0]) for one in found]


@pytest.mark.parametrize(
    ("prose", "claim"),
    [
        ("Dongfang Futures lifted its price forecast to $19,500.", ("Dongfang Futures", "Macrae Commodities")),
        ("Halvorsen expects a bid of $7.4 billion.", ("Halvorsen", "Bramall")),
        ("Halvorsen believes that sales could peak at $2.5 billion.", ("Halvorsen", "Sue Cheng")),
        ("According to Halvorsen, the crown may fall to 8.40 per euro.", ("Halvorsen", "Noel Bright")),
    ],
)
def test_a_view_given_to_another_is_found(prose: str, claim: tuple[str, str]) -> None:
    """At the name in the prose."""
    assert _claims(prose) == [claim]


@pytest.mark.parametrize(
    "prose",
    [
        "Macrae lifted its price forecast to $19,500.",
        "Bramall's analysts think a bid of $7.4 billion is likely.",
        "Baxter Lyle says sales could peak at $2.5 billion.",
        "Sue Cheng sees sales of $2.5 billion.",
        "Halvorsen expects costs of $61 million.",
        "Bramall expects a margin of 12%.",
        "Halvorsen expects growth of 31%.",
        "Halvorsen said its results were good: the crown may fall to 8.40 per euro.",
        "Sales of $2.5 billion are possible, and Halvorsen's shares rose.",
    ],
)
def test_what_may_well_be_somebody_s_view_is_let_be(prose: str) -> None:
    """The holder, who speaks for it, a pronoun's possible owner, a figure that more have, another clause."""
    assert _claims(prose) == []


def test_a_view_of_another_s_is_listed_among_the_names_and_the_faults() -> None:
    """The re-ask names it."""
    article = Article(title=ARTICLE_OF_DRAFT.title, text=f"{ARTICLE_OF_DRAFT.text}\n\nCalder Bank expects savings of C$91 million.")
    found = grounded(
        article, summary=SUMMARY.replace("Its shares fell", "Northmill Group expects savings of C$91 million. Its shares fell")
    )
    assert found.checks.names is not None
    assert [one.claim for one in found.checks.names.unsupported] == ["Northmill Group"]
    assert found.faults == tuple(found.checks.names.unsupported)
