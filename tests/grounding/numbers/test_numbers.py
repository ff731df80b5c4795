"""Numbers: what an article carries of a card's figures, in which spellings, and what it doesn't."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.grounding.numbers import NO_RANGE, UNSUPPORTED, Source, number_findings, stated_figures

PUBLISHED = datetime(2025, 6, 18, tzinfo=UTC)


def unsupported(card: str, article: str) -> list[str]:
    """The claims of `card` that an article published on 18 June 2025 doesn't carry."""
    return [finding.claim for finding in number_findings("summary", card, Source("", article, PUBLISHED))[1]]


SAME = [
    ("$1.2bn", "$1.2 billion"),
    ("$1.2 billion", "$1,200 million"),
    ("1.2B dollars", "US$1.2bn"),
    ("$1.2-billion", "1.2 bln dollars"),
    ("1.2 trillion", "1.2tn"),
    ("5 million", "5mm"),
    ("5 million", "5 mln"),
    ("5 million", "5m"),
    ("5 million", "5 mn"),
    ("$5k", "$5,000"),
    ("$0.69", "$.69 a share"),
    ("69 cents", "it earned .69 a share"),
    ("$.05", "5 cents"),
    ("0.025", "(.025)"),
    ("0.5%", ".5%"),
    ("5bn", "5 billion"),
    ("5,000", "5k"),
    ("$1.2 billion", "USD 1.2 billion"),
    ("€1.2 billion", "1.2 billion euros"),
    ("£3 million", "3 million pounds"),
    ("C$90 million", "90 million Canadian dollars"),
    ("¥100 billion", "100 billion yen"),
    ("1,234.5", "1.234,5"),
    ("1,234", "1.234"),
    ("1.234", "1.234"),
    ("1,234,567", "1.234.567"),
    ("1,234,567", "1 234 567"),
    ("1,234,567", "1\u202f234\u2009567"),
    ("1,234,567", "1'234'567"),
    ("1,234,567", "1\u00a0234\u00a0567"),
    ("$1.2 billion", "$1\u00a0200 million"),
    ("120,000", "1,20,000"),
    ("3.5%", "3,5 %"),
    ("5%", "5 percent"),
    ("5%", "5 per cent"),
    ("5%", "five percent"),
    ("25 percent", "twenty-five percent"),
    ("-5%", "\u22125%"),
    ("5%", "(5)%"),
    ("3.2%", "(3.2)%"),
    ("1.2%", "\u22121.2 %"),
    ("a loss of $3.2 million", "net income (loss) of $(3.2) million"),
    ("a loss of $3.2 million", "net income (loss) of ($3.2) million"),
    ("25 basis points", "25 bps"),
    ("25 basis points", "0.25 percentage point"),
    ("half a percentage point", "50bp"),
    ("25 basis points", "by a quarter point"),
    ("25 basis points", "a quarter of a percentage point"),
    ("0.25 percentage points", "a quarter-point cut"),
    ("a quarter point", "25 bps"),
    ("50 basis points", "a half-point cut"),
    ("a half-point cut", "it cut rates by half a point"),
    ("75 basis points", "a three-quarter-point rise"),
    ("$0.45 a share", "45 cents a share"),
    ("45 cents", "$0.45"),
    ("2.5x", "2.5 times"),
    ("three times as much", "3x as much"),
    ("doubled", "a twofold rise"),
    ("sales doubled", "sales rose 100%"),
    ("sales doubled to $4 million", "sales of $4 million, against $1.98 million"),
    ("twelve stores", "12 stores"),
    ("a dozen stores", "12 stores"),
    ("a million users", "1,000,000 users"),
    ("half a million users", "500,000 users"),
    ("2.5 million", "two and a half million"),
    ("two-thirds of sales", "two thirds of sales"),
    ("a third of sales", "33% of sales"),
    ("67% of sales", "two-thirds of sales"),
    ("half of sales", "51% of sales"),
    ("50% of sales", "half of its sales"),
    ("25% of sales", "a quarter of its sales"),
    ("costs fall by 10%", "it cuts its costs by a tenth"),
    ("sales fell by 33%", "sales fell by a third in March"),
    ("sales fell by a third.", "sales fell 32.5%"),
    ("almost a quarter of its customers", "23% of its customers"),
    ("fell by more than a third.", "fell 38%"),
    ("over 33%", "more than a third, it said"),
    ("profit fell 50%", "profit halved"),
    ("output was halved", "output was cut in half"),
    ("profit more than halved", "profit fell 52%"),
    ("almost halved", "fell 47%"),
    ("sales rose 200%", "sales tripled"),
    ("sales rose 500%", "sales rose sixfold"),
    ("sales more than doubled", "sales rose 110%"),
    ("sales almost doubled", "sales rose 93%"),
    ("sales doubled", "sales rose 101%"),
    ("a third party", "a third party"),
    ("a 25-basis-point cut", "a one-quarter point cut"),
    ("25 basis points", "by 1/4 percentage point to 3-1/2 to 3-3/4 percent"),
    ("3.5% to 3.75%", "by 1/4 percentage point to 3-1/2 to 3-3/4 percent"),
    ("3.50 percent", "3 1/2 percent"),
    ("4.75% and 5.5%", "4¾ percent and 5½%"),
    ("0.25 to 0.5 percent", "between 1/4 and 1/2 percent"),
    ("rose 1.375 to 43.125", "rose 1-3/8 to 43-1/8"),
    ("third-quarter profit", "profit in Q3"),
    ("Q3 profit", "profit in the third quarter"),
    ("3Q profit", "third-quarter profit"),
    ("the second half", "H2"),
    ("fiscal 2025", "FY25"),
    ("fiscal year 2025", "fiscal '25"),
    ("the 4th-largest", "the fourth largest"),
    ("$5 million to $7 million", "$5-7 million"),
    ("$5-7 million", "between $5 million and $7 million"),
    ("5% to 7%", "5 to 7 percent"),
    ("1.2 to 1.3 billion", "1.2-1.3 billion"),
    ("$1.2 billion to $1.3 billion", "$1.2-1.3 billion"),
    ("5-7%", "between 5 and 7 percent"),
    ("$45-$50 million", "$45 million to $50 million"),
    ("$45 million to $50 million", "$45-$50 million"),
    ("$170 million to $175 million", "$170 million to $175"),
    ("$170 million to $175 million", "$170 million to 175"),
    ("1% to 2%", "1% to 2"),
    ("a combined ratio of 88.5%", "a combined ratio of 88.5"),
    ("an efficiency ratio of 61 percent", "an efficiency ratio that improved to 61"),
    ("310 basis points", "the combined ratio improved 3.1 points"),
    ("3.1 percentage points", "the combined ratio improved 3.1 points"),
    ("the second half", "the back half of the year"),
    ("14 August", "August 14"),
    ("Aug. 14", "14 August 2025"),
    ("June 17", "on Tuesday"),
    ("in 2025", "on Tuesday"),
    ("in 2024", "than last year"),
    ("COVID-19", "covid"),
    ("covid19", "the coronavirus"),
    ("COVID-19", "since the pandemic began"),
    ("737 MAX", "12 737 MAX jets"),
    ("12 jets", "12 737 MAX jets"),
    ("5G", "5g phones"),
    ("a Form 10-K", "its 10-K for the year"),
    ("a Form 8-K", "the 8K that it filed"),
    ("a Form 12b-25", "form 12B-25"),
    ("the S&P 500", "the S&P 500"),
    ("3M", "shares of 3M"),
    ("600519.SS", "(600519.SS)"),
    ("ISIN US0378331005", "ISIN US0378331005"),
    ("1. Sales rose. 2. Profit fell.", "Sales rose and profit fell"),
    ("1) Sales rose. (2) Profit fell.", "Sales rose and profit fell"),
    ("call +1 212 555 0100", "call +1 212 555 0100"),
    ("the two companies", "A and B"),
    ("one of the first", "nothing"),
]


@pytest.mark.parametrize(("card", "article"), SAME)
def test_another_spelling_is_the_same_figure(card: str, article: str) -> None:
    """Scales, currencies, separators, units, words and ranges don't matter."""
    assert unsupported(card, article) == []


OTHER = [
    ("50 basis points", "by a quarter point"),
    ("25 basis points", "figures for the third quarter point to growth"),
    ("$1.3 billion", "$1.2 billion"),
    ("$1.2 million", "$1.2 billion"),
    ("$2.932 million", "$2.932 billion"),
    ("$1.2 billion", "$12 billion"),
    ("$12 billion", "$1.2 billion"),
    ("€1.2 billion", "$1.2 billion"),
    ("C$90 million", "US$90 million"),
    ("$5 million", "5%"),
    ("5%", "5 million"),
    ("5 basis points", "5 percent"),
    ("5 percent", "5 basis points"),
    ("5 percentage points", "5%"),
    ("5% to 7%", "5% and, much later in another place about something else entirely, a figure of 7%"),
    ("45 cents", "$45"),
    ("$69", "$.69 a share"),
    ("$25", "$.025 a share"),
    ("5 stores", "profit .5 lower"),
    ("$1.75 million", "$170 million to $175"),
    ("$175 billion", "$170 million to $175"),
    ("$12 million", "$170 million to 12 buyers"),
    ("a margin of 88.5%", "a score of 88.5"),
    ("300 percentage points", "the index fell 300 points"),
    ("the first half", "the back half of the year"),
    ("$1.2-1.4 billion", "$1.2-1.3 billion"),
    ("a rise of 2 percentage points", "from 3% to 5%"),
    ("31 stores", "ISIN US0378331005"),
    ("3 stores", "shares of 3M"),
    ("2 stores", "It said: 1. Sales rose. 2. Profit fell."),
    ("Sales rose to 12. Profit fell.", "Sales rose to 13. Profit fell."),
    ("fourth quarter", "the Fourth of July"),
    ("3x", "2x"),
    ("tripled to $6 million", "$6 million against $3 million"),
    ("a third of sales", "a quarter of sales"),
    ("sales fell by a third.", "sales fell 20%"),
    ("almost a quarter of its customers", "12% of its customers"),
    ("more than a quarter of its customers", "20% of its customers"),
    ("more than a quarter of its customers", "34% of its customers"),
    ("almost a third of its customers", "26% of its customers"),
    ("sales doubled", "sales rose 40%"),
    ("sales doubled", "sales rose 88%"),
    ("sales doubled", "sales fell 98%"),
    ("sales halved", "sales rose 50%"),
    ("sales more than doubled", "sales rose 97%"),
    ("sales tripled", "sales rose 150%"),
    ("sales halved", "sales fell 30%"),
    ("almost halved", "fell 52%"),
    ("profit rose 110%", "profit doubled"),
    ("profit rose 200%", "profit halved"),
    ("by 4 percentage points", "by 1/4 percentage point to 3-1/2 percent"),
    ("3.25%", "3-1/2 to 3-3/4 percent"),
    ("4% and 5%", "4¾ percent and 5½%"),
    ("a third of sales", "sales in the third quarter"),
    ("third-quarter profit", "second-quarter profit, third in a row"),
    ("the second half", "the first half"),
    ("14 August", "15 August"),
    ("14 August", "14 September"),
    ("in 2023", "than last year"),
    ("in 2026", "in 2025"),
    ("737 MAX", "747 MAX"),
    ("5G", "4G"),
    ("a Form 10-K", "10,000 stores"),
    ("a Form 12b-25", "12 billion, and 25 more"),
    ("fifteen stores", "50 stores"),
    ("$9 million", "slide 9"),
    ("12,737 jets", "12,738 jets"),
]


@pytest.mark.parametrize(("card", "article"), OTHER)
def test_another_figure_is_found(card: str, article: str) -> None:
    """Another digit, scale, unit, currency, quarter, day or year is no support."""
    assert unsupported(card, article) != []


ROUNDED = [
    ("half a percentage point", "0.48 percentage points"),
    ("$1.2 billion", "$1.234 billion"),
    ("$1 billion", "$1.2 billion"),
    ("5%", "4.6%"),
    ("$410 million", "$410.3 million"),
    ("more than $1.2 billion", "$1.28 billion"),
    ("over 1,200 stores", "1,264 stores"),
    ("nearly 80%", "78%"),
    ("about 80%", "78%"),
    ("up to $60 million", "$58 million"),
]


@pytest.mark.parametrize(("card", "article"), ROUNDED)
def test_the_card_may_be_coarser_than_the_article(card: str, article: str) -> None:
    """A rounded figure is carried by the exact one."""
    assert unsupported(card, article) == []


@pytest.mark.parametrize(
    ("card", "article"),
    [
        *((article, card) for card, article in ROUNDED[:4]),
        ("$1.3 billion", "$1.234 billion"),
        ("80%", "78%"),
        ("more than $1.3 billion", "$1.28 billion"),
        ("more than 54 million", "55 million"),
        ("nearly 80%", "71%"),
        ("about 80%", "73%"),
    ],
)
def test_the_card_may_not_be_finer_nor_round_the_wrong_way(card: str, article: str) -> None:
    """Digits that the article doesn't have are invented, and a bound must hold."""
    assert unsupported(card, article) != []


def test_a_finding_has_its_place_in_the_prose() -> None:
    """`start` and `end` slice the claim out of the field that `where` names."""
    prose = "Sales — net — rose 5% to €1.3 billion."
    stated, findings = number_findings("analysis", prose, Source("", "Sales rose 5%."))
    assert stated == 2
    assert [(f.where, f.claim, f.reason) for f in findings] == [("analysis", "€1.3 billion", UNSUPPORTED)]
    assert prose[findings[0].start : findings[0].end] == "€1.3 billion"


def test_a_range_made_of_two_figures_is_found() -> None:
    """Both ends are the article's, the range isn't."""
    article = "It expects a margin of 5% this year. " + "Other words stand here. " * 5 + "The tax rate is 9%."
    findings = number_findings("summary", "It expects a margin of 5% to 9%.", Source("", article))[1]
    assert [(f.claim, f.reason) for f in findings] == [("5% to 9%", NO_RANGE)]


def test_a_change_from_one_figure_to_another_is_no_range() -> None:
    """Cards tell changes whose ends stand apart in the article."""
    article = "It expects a margin of 5% this year. " + "Other words stand here. " * 5 + "The margin was 9%."
    assert unsupported("The margin falls from 9% to 5%.", article) == []


GERMAN = (
    "Der Umsatz der Firma stieg um 25 Prozent auf 17,14 Milliarden Euro, teilte das Unternehmen am Donnerstag mit. Im vierten Quartal "
    "verdiente es 1,2 Mrd. Euro, die Marge wuchs um 1,5 Prozentpunkte. Die Hälfte der 12.500 Stellen bleibt, der Rest fällt weg."
)


@pytest.mark.parametrize(
    ("card", "claims"),
    [
        ("It rose 25% to 17.14 billion euros, with a margin 1.5 percentage points higher and 12,500 jobs.", []),
        ("In the fourth quarter it earned 1.2 billion euros and keeps half of the jobs.", []),
        ("It rose 26% to 17.14 million euros.", ["26%", "17.14 million euros"]),
    ],
)
def test_figures_of_a_german_article_are_read(card: str, claims: list[str]) -> None:
    """Digits with their units are read in other languages; what is told in words can't be missed there."""
    assert unsupported(card, GERMAN) == claims


@pytest.mark.parametrize(
    ("card", "article"),
    [
        ("3.4 billion euros", "3,4 milliards d'euros"),
        ("2 million", "2 millones"),
        ("2 billion", "2 mil millones"),
        ("5%", "5 por ciento"),
        ("3 billion", "3 miliardi"),
        ("1.2 trillion", "1,2 Billionen"),
        ("500 million yen", "5億円"),
    ],
)
def test_scales_and_percents_of_other_languages_are_read(card: str, article: str) -> None:
    """French, Spanish, Italian, German and Japanese scale words count, with their own meaning of a billion."""
    assert unsupported(card, article) == []


def test_figures_in_the_title_count() -> None:
    """The title is the article's."""
    assert number_findings("summary", "It lost $5 million.", Source("A loss of $5 million", "Nothing else."))[1] == []


@pytest.mark.parametrize(
    ("prose", "claims"),
    [
        ("It rose 5.2% to $1.2bn in Q3 2021.", ["5.2%", "$1.2bn", "Q3", "Q3 2021"]),
        ("between 1.2 and 1.3 billion", ["1.2", "1.3 billion"]),
        ("COVID-19, the 737 MAX and 5G", ["COVID-19", "737", "5G"]),
        ("Forms 10-K and 12b-25, and $10-k", ["10-K", "12b-25", "$10-k"]),
        ("mid-2024, pre-2020 and sub-5%", ["2024", "2020", "5%"]),
        ("(3.2) and -5 and US$-7", ["3.2", "-5", "US$-7"]),
        ("$.05, .5% and $45-$50 million; sales rose.5 were new", ["$.05", ".5%", "$45", "$50 million", "5"]),
        ("two companies, three people", []),
        ("two percent, three million and twelve people", ["two percent", "three million", "twelve"]),
        ("double down on double-digit third-party half-hearted first halves", []),
        ("no figures here; Q5 and H3 aren't periods", ["Q5", "H3"]),
    ],
)
def test_the_figures_of_a_prose_are_read(prose: str, claims: list[str]) -> None:
    """Each figure with its currency and unit, in order; the writer's own counting and figures of speech are left."""
    assert [prose[figure.start : figure.end] for figure in stated_figures(prose)] == claims


AMOUNTS = st.builds(
    "{}{}{}".format,
    st.sampled_from(["$", "€", "£", "", "US$"]),
    st.integers(1, 99_999).map(lambda n: f"{n / 10:,}"),
    st.sampled_from([" million", "bn", "%", " billion", " basis points", "", " percent"]),
)


@given(st.lists(AMOUNTS, min_size=1, max_size=6))
def test_a_text_carries_its_own_figures(amounts: list[str]) -> None:
    """Whatever figures a text has, it supports them."""
    text = "; ".join(amounts)
    assert unsupported(text, text) == []


@given(st.text(max_size=100) | st.text(alphabet="0123456789.,-% $€'kmbnQ()toand/:", max_size=60))
def test_any_text_is_read_in_order_without_overlap(text: str) -> None:
    """Places lie in the text, in order, and a text carries its own figures whatever it is."""
    source = Source("", text)
    for figure in stated_figures(text):
        assert 0 <= figure.start < figure.end <= len(text)
    assert [f for f in number_findings("x", text, source)[1] if f.reason == UNSUPPORTED and f.claim.strip().isdecimal()] == []


@pytest.mark.parametrize(
    "pattern",
    ["1", "1,1", "1,111,", "1 ", "1.", "-1", "$", "1-", "a1", "12/", "one ", "1.111.", "q1 ", "half ", "may 1 ", "5% to ", "1:1", "("],
)
def test_a_long_run_of_figures_is_read(pattern: str) -> None:
    """Text made of figures takes linear time: a test that hangs fails."""
    text = pattern * (100_000 // len(pattern))
    source = Source("", text)
    number_findings("summary", "It rose 77% to $33 million in the third quarter; it doubled on 3 May to a third of 2031.", source)


def test_a_scale_written_with_a_strange_letter_is_none() -> None:
    """A pattern that ignores case takes a long s for an s and a dotless i for an i; such a text is read all the same."""
    for written in ("3 million\u017f", "3 m\u0131llion", "3 hundred b\u0131llion"):
        assert number_findings("summary", "It sold 4 million.", Source("", f"It sold {written}."))[0] == 1
