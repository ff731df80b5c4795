"""A dropped "not": the prose states what the article denies. Found where both clauses are plainly the same, and nowhere else."""

from __future__ import annotations

import pytest

from agent.grounding.clauses import Text
from agent.grounding.negation import DENIED, STATED, Denied, negation_findings


def claims(article: str, prose: str) -> list[str]:
    """The clauses of `prose` that are found."""
    found = negation_findings("summary", Text(prose), Denied(Text(article)))
    assert all(prose[finding.start : finding.end] == finding.claim and finding.where == "summary" for finding in found)
    return [finding.claim for finding in found]


LIES = [
    ("Brackwater said it would not renew the supply agreement.", "Brackwater will renew the supply agreement."),
    ("The combination did not improve survival in patients.", "The combination improved survival in patients."),
    ("Harbour doesn't expect supermarkets to accept higher prices.", "Harbour expects supermarkets to accept higher prices."),
    ("Investors got no preferential treatment from Harbour.", "Investors get preferential treatment from Harbour."),
    ("The complaint names no sum for the damages.", "The complaint names a sum for the damages."),
    ("Northmill has never made a public disclosure of its losses.", "Northmill made a public disclosure of its losses."),
    ("It used millions of articles without permission to train models.", "It used millions of articles with permission to train models."),
    ("Harbour cannot predict when sailings will resume.", "Harbour can predict when sailings will resume."),
    ("The trial wouldn’t enrol any further patients, Northmill said.", "The trial will enrol further patients, Northmill said."),
    ("Calder said it had no plan for a rights issue.", "Calder said a rights issue was planned."),
    ("The regulator knew of no fire, theft or spill linked to Harbour.", "The regulator knew of fires, thefts or spills at Harbour."),
    (
        "Customers have postponed projects, they have not cancelled them.",
        "Harbour said customers had cancelled projects.",
    ),
    (
        "Patients had fewer strokes, a difference that was not statistically significant.",
        "Strokes were rarer, which was statistically significant.",
    ),
    ("None of the banks lent to Harbour. It did not sell shares to staff.", "Harbour grew, and it sold shares to staff."),
]


@pytest.mark.parametrize(("article", "prose"), LIES, ids=[prose for _, prose in LIES])
def test_what_the_article_denies_is_found(article: str, prose: str) -> None:
    """In other forms of the same words."""
    (claim,) = claims(article, prose)
    assert claim in prose


@pytest.mark.parametrize(("article", "prose"), LIES, ids=[prose for _, prose in LIES])
def test_the_articles_own_words_are_let_be(article: str, prose: str) -> None:
    """Whoever repeats the article denies what it denies."""
    assert claims(article, article) == []
    assert claims(prose, prose) == []


SILENT = [
    (
        "no larger one",
        "It is the largest grain sale this year.",
        "Some 72% of it is stored. No grain trader has had a larger sale this year.",
    ),
    ("in other words", "Harbour will not renew the supply agreement.", "Harbour lets the supply agreement lapse without renewing it."),
    ("refused", "Harbour will not renew the supply agreement.", "Harbour refuses to renew the supply agreement."),
    (
        "denied far before",
        "Reyes did not know of the losses.",
        "Reyes denies that he sold early, that he knew of the losses and that he left.",
    ),
    ("another object", "Harbour does not own shares in Northmill.", "Harbour owns shares in Calder Bank."),
    ("another subject", "Harbour did not close its plants. Northmill closed its plants.", "Northmill closed its plants."),
    ("another subject, told in full", "Harbour did not close its Canadian plants.", "Northmill closed its Canadian plants."),
    ("another time", "Harbour had not paid a dividend before. It now pays a dividend.", "Harbour pays a dividend."),
    ("pluperfect", "Before May Harbour had not sold any Northmill shares.", "Harbour sold Northmill shares."),
    ("a limit", "The goal will not be met until the second quarter.", "The goal will be met in the second quarter."),
    ("not before", "The trial is not due before November.", "The trial is due in November."),
    ("a degree", "Prices did not rise as much as Harbour hoped.", "Prices rose, if by less than Harbour hoped."),
    ("not only", "Harbour not only cut its forecast but closed two plants.", "Harbour cut its forecast and closed two plants."),
    ("no longer", "Harbour no longer expects a profit this year.", "Harbour had expected a profit this year."),
    ("a supposition", "If copper prices do not recover, the equity could evaporate.", "The equity holds if copper prices recover."),
    ("a wish", "Regulators have not approved the merger.", "Harbour wants regulators to approve the merger."),
    ("a question", "The board did not say whether Reyes will break up the group.", "It is open whether Reyes will break up the group."),
    ("a fear", "There was no slowdown in demand at Harbour.", "Analysts feared a slowdown in demand at Harbour."),
    ("a contrast", "The reason is supply and not demand for shoes.", "Supply is the reason, and demand for shoes is strong."),
    ("half denied", "Harbour did not rule out a dividend cut.", "Harbour may cut its dividend."),
    ("twice denied", "It was not without bright spots for truck sales.", "Truck sales were among the bright spots."),
    ("said elsewhere", "Reyes did not sell shares in May. Reyes sold shares in June.", "Reyes sold shares."),
    ("a noun alone", "Harbour gave no reason. It has grown for a year.", "The reason is a drought."),
    ("a subject with no", "No analyst had expected the cut.", "An analyst at Calder Bank called the cut overdue."),
    ("an exception", "Harbour has no debt other than its bonds.", "Harbour has debt in bonds."),
    ("without", "The franc rose without warning. The bank's warning came in May.", "The bank gave a warning in May."),
    ("no deal", "A no-deal exit would hurt Harbour's exports.", "A deal would hurt Harbour's exports less."),
    (
        "stronger than ever",
        "The brand's bond with consumers has never been stronger.",
        "The brand's bond with consumers is stronger than ever.",
    ),
    ("outside", "Harbour runs on plants that it doesn't control in China.", "Harbour runs on plants outside its control in China."),
    ("unlikely", "Supermarkets will not accept higher prices.", "Supermarkets are unlikely to accept higher prices."),
    ("another figure", "Harbour did not raise its dividend by 5%.", "Harbour raised its dividend by 3%."),
    ("another day", "Harbour did not open its plants on Monday.", "Harbour opened its plants on Tuesday."),
    ("another place", "Harbour will not build a plant in Canada.", "Harbour will build a plant in Mexico."),
]


@pytest.mark.parametrize(("article", "prose"), [case[1:] for case in SILENT], ids=[case[0] for case in SILENT])
def test_what_may_well_be_true_is_let_be(article: str, prose: str) -> None:
    """Other words, another time, mood, limit, degree, subject or object."""
    assert claims(article, prose) == []


NEGATED = [
    ("Brackwater said it would renew the supply agreement.", "Brackwater will not renew the supply agreement."),
    ("The combination improved survival in patients.", "The combination didn't improve survival in patients."),
    ("Investors get preferential treatment from Harbour.", "Investors get no preferential treatment from Harbour."),
]


@pytest.mark.parametrize(("article", "prose"), NEGATED, ids=[prose for _, prose in NEGATED])
def test_a_not_that_the_article_hasnt_is_found(article: str, prose: str) -> None:
    """The clause that denies is pointed at."""
    (finding,) = negation_findings("summary", Text(prose), Denied(Text(article)))
    assert finding.reason == STATED
    assert prose.removesuffix(".") == finding.claim == prose[finding.start : finding.end]


@pytest.mark.parametrize(
    ("article", "prose"),
    [
        ("Harbour refused to renew the supply agreement.", "Harbour did not renew the supply agreement."),
        ("Harbour would renew the supply agreement if prices fell.", "Harbour has not renewed the supply agreement."),
        ("Harbour renewed the supply agreement. Northmill didn't renew its supply agreement.", "It did not renew the supply agreement."),
        ("Harbour renewed the supply agreement.", "Northmill did not renew the supply agreement."),
        ("Harbour renewed the supply agreement with Calder.", "Harbour did not renew the lease of its mill."),
    ],
)
def test_a_not_that_may_well_be_right_is_let_be(article: str, prose: str) -> None:
    """The article says it in another way, of another, or of something else."""
    assert claims(article, prose) == []


def test_a_clause_beside_one_that_is_denied_is_found_alone() -> None:
    """The "not" of the next clause isn't this one's."""
    article = "Customers' data would not be shared with Brackwater, and Reyes would not be involved in operations."
    prose = "It said that customers' data would be shared with it and that Reyes would not be involved in operations."
    (claim,) = claims(article, prose)
    assert "data would be shared" in claim


def test_a_finding_says_where_and_why() -> None:
    """The field's own slice, typography and all."""
    prose = "The café said it’ll grow — and the company will renew the supply agreement."
    (finding,) = negation_findings("analysis", Text(prose), Denied(Text("The company won’t renew the supply agreement.")))
    assert (finding.where, finding.reason) == ("analysis", DENIED)
    assert prose[finding.start : finding.end] == finding.claim
    assert "will renew the supply agreement" in finding.claim


@pytest.mark.parametrize("article", ["", "No.", " no ", "not " * 4_000, "no " * 4_000 + "sale", "don't sell " * 4_000, "x" * 50_000])
@pytest.mark.parametrize("prose", ["", "no", "a" * 5_000, "not sold " * 300, "sell " * 600])
def test_odd_texts_are_read_to_their_end(article: str, prose: str) -> None:
    """Nothing is raised and nothing takes long."""
    negation_findings("summary", Text(prose), Denied(Text(article)))
