"""What is possible, planned or denied, told as done: found where the article has it under a hedge only, and nowhere else."""

from __future__ import annotations

import pytest

from agent.grounding.clauses import Text
from agent.grounding.hedges import REASONS, Hedged
from agent.grounding.standing import Standing
from tests.grounding.drafts import ARTICLE


def found(article: str, prose: str) -> list[tuple[str, str]]:
    """The clauses of `prose` that are found, each with its reason."""
    findings = Hedged(Text(article)).findings("summary", Text(prose))
    assert all(prose[finding.start : finding.end] == finding.claim and finding.where == "summary" for finding in findings)
    return [(finding.claim, finding.reason) for finding in findings]


LIES: list[tuple[Standing, str, str]] = [
    ("open", "Harbour may close two plants in Canada.", "Harbour has closed two plants in Canada."),
    ("open", "Harbour may close two plants in Canada.", "Harbour will close two plants in Canada."),
    ("open", "Two plants in Canada could be closed by Harbour.", "Harbour closed two plants in Canada."),
    ("open", "Harbour is considering closing two plants in Canada.", "Harbour has closed two plants in Canada."),
    ("open", "Harbour is in talks to sell its Canadian bakery unit.", "Harbour sold its Canadian bakery unit."),
    ("open", "Harbour is weighing an all-share offer for Northmill.", "Harbour made an all-share offer for Northmill."),
    ("open", "Harbour is in talks with two farms about supply contracts.", "Harbour has signed supply contracts with two farms."),
    ("open", "The board hasn't ruled out selling the frozen bread unit.", "The frozen bread unit will be sold."),
    ("open", "Calder Bank may start another review of grain prices.", "Calder Bank has begun another review of grain prices."),
    ("open", "Harbour is in talks to buy Northmill for $2 billion.", "Harbour has agreed to buy Northmill for $2 billion."),
    ("open", "Harbour is in talks about a merger with Northmill.", "Harbour will merge with Northmill."),
    ("open", "Harbour is considering cutting 500 jobs in Canada.", "Harbour is cutting 500 jobs in Canada."),
    ("open", "The sale is subject to approval by regulators in Ottawa.", "Regulators in Ottawa have approved the sale."),
    ("coming", "Harbour plans to close two plants in Canada.", "Harbour has closed two plants in Canada."),
    ("coming", "Harbour aims to start baking in Mexico in 2026.", "Harbour started baking in Mexico in 2026."),
    ("coming", "The ministry expects wheat prices to fall to $210 a tonne.", "Wheat prices fell to $210 a tonne, the ministry said."),
    ("coming", "A court has to approve the loan to Harbour.", "A court has approved the loan to Harbour."),
    ("coming", "Harbour to close two plants\n\nThe bakery told its staff on Monday.", "Harbour has closed two plants."),
    ("denied", "Harbour failed to reach an agreement with its millers.", "Harbour reached an agreement with its millers."),
    ("denied", "Harbour stopped short of cutting its dividend.", "The dividend was cut."),
    ("denied", "Lindqvist ruled out a sale of the Canadian business.", "The Canadian business will be sold."),
    ("denied", "Ottawa has yet to grant Harbour an export licence.", "Ottawa has granted Harbour an export licence."),
    ("denied", "Northmill has signed no firm order for wheat.", "Northmill has struck a firm order for wheat."),
]
NAMES = [prose for _, _, prose in LIES]


@pytest.mark.parametrize(("standing", "article", "prose"), LIES, ids=NAMES)
def test_what_the_article_has_under_a_hedge_only_is_found(standing: Standing, article: str, prose: str) -> None:
    """With a reason that says how the article has it."""
    ((claim, reason),) = found(article, prose)
    assert claim.strip(" .") in prose
    assert reason == REASONS[standing]


@pytest.mark.parametrize(("standing", "article", "prose"), LIES, ids=NAMES)
def test_what_the_article_says_plainly_elsewhere_is_let_be(standing: Standing, article: str, prose: str) -> None:
    """It has it both ways, as when what was planned has happened since; and whoever repeats it says what it says."""
    assert found(f"{article} {prose}", prose) == [], standing
    assert found(article, article) == []


SILENT = [
    (
        "another hedge",
        "Harbour may close two plants in Canada.",
        "Harbour is thinking of closing two plants, and the closures would be in Canada.",
    ),
    ("would", "Harbour may close two plants in Canada.", "Harbour would have closed two plants in Canada."),
    ("aims", "Harbour plans to close two plants in Canada.", "Harbour aims to have closed two plants in Canada by May."),
    ("reportedly", "Harbour may close two plants in Canada.", "Harbour has reportedly closed two plants in Canada."),
    ("denied", "Harbour may close two plants in Canada.", "Harbour has not closed two plants in Canada."),
    ("if", "Harbour may close two plants in Canada.", "If wheat stays dear, Harbour will close two plants in Canada."),
    ("unless", "Harbour may close two plants in Canada.", "Harbour hires, unless it closed two plants in Canada."),
    ("planned and will", "Harbour plans to close two plants in Canada.", "Harbour will close two plants in Canada."),
    ("planned and under way", "Harbour plans to close two plants in Canada.", "Harbour is closing two plants in Canada."),
    ("considered", "Harbour may close two plants in Canada.", "Harbour is considering two plants in Canada."),
    ("another figure", "Harbour may close two plants in Canada.", "Harbour has closed two plants in Canada since 2019."),
    ("another place", "Harbour may close two plants in Canada.", "Harbour has closed two plants in Mexico."),
    ("another thing", "Harbour may cut its dividend this year.", "Harbour has cut its forecast this year."),
    ("another subject", "Harbour may close its Canadian plants.", "Northmill has closed its Canadian plants."),
    ("a verb alone", "Harbour may close two plants in Canada.", "Harbour's shares closed lower."),
    ("forced to", "Harbour was forced to close two plants in Canada.", "Harbour closed two plants in Canada."),
    ("agreed to", "Harbour agreed to buy the mills of Northmill.", "Harbour bought the mills of Northmill."),
    ("how", "Harbour hadn't seen how quickly shoppers would turn to Northmill.", "Shoppers quickly turned to Northmill."),
    ("a participle", "Harbour may propose two directors in July.", "The two directors proposed by Harbour in July are bakers."),
    ("an expectation", "Analysts expect to see a loss at Harbour.", "Harbour lost more than analysts had expected."),
    ("a month", "Harbour has not asked farms for lower prices.", "Lindqvist, chief since May, has asked nobody for lower prices."),
    ("said to have", "Harbour plans to sell two mills.", "Harbour is said to have sold two mills."),
    ("a denial next to it", "Harbour denies any loss and has sold two mills.", "Harbour has sold two mills and lost nothing."),
]


@pytest.mark.parametrize(("article", "prose"), [case[1:] for case in SILENT], ids=[case[0] for case in SILENT])
def test_what_may_well_be_true_is_let_be(article: str, prose: str) -> None:
    """Another hedge, figure, place, thing or subject, or what can't be told."""
    assert found(article, prose) == []


def test_a_thing_of_many_places_is_let_be() -> None:
    """An article that speaks of it all the time may say it in any of them."""
    article = " ".join(f"Harbour may close two plants in Canada in {year}." for year in range(2020, 2030))
    assert found(article, "Harbour has closed two plants in Canada.") == []


def test_the_statement_is_pointed_at_and_not_the_one_beside_it() -> None:
    """A clause may say one thing rightly and one wrongly."""
    article = "Harbour cut its forecast. It may close two plants in Canada."
    ((claim, _),) = found(article, "Harbour cut its forecast, and it has closed two plants in Canada.")
    assert claim == "it has closed two plants in Canada"


def test_an_article_held_against_itself_has_no_finding() -> None:
    """Whatever it leaves open, its own words leave open, too."""
    assert found(f"{ARTICLE.title}\n\n{ARTICLE.text}", ARTICLE.text) == []
