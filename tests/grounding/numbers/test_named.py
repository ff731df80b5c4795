"""Names right beside figures."""

from __future__ import annotations

import pytest

from agent.grounding.numbers import OTHER_ENTITY, Source, number_findings, stated_figures
from agent.grounding.numbers.named import Names, as_name, same

ARTICLE = (
    "Harbour Foods closed 5.9% lower at $21.50 and Northmill Group lost 5.7%. Quayside, a baker, sank 7.2% in late trading. Its rival "
    "Advanced Millers Denmark rose 12%. The tariff is 20% on the European Union, 46% on Vietnam and 34% on China."
)


def claims(prose: str, article: str = ARTICLE, names: list[tuple[str, int]] | None = None) -> list[str]:
    """The figures of `prose` that are said of another entity."""
    findings = number_findings("summary", prose, Source("", article, names=names or []))[1]
    return [finding.claim for finding in findings if finding.reason == OTHER_ENTITY]


@pytest.mark.parametrize(
    ("prose", "found"),
    [
        ("Harbour lost 5.7% and Northmill 5.9%.", ["5.7%", "5.9%"]),
        ("Harbour lost 5.9% and Northmill 7.2%.", ["7.2%"]),
        ("Northmill, whose shares lost about 7.2%, is a miller.", ["7.2%"]),
        ("It announced 34% on Vietnam.", ["34%"]),
    ],
)
def test_a_figure_beside_the_wrong_name_is_found(prose: str, found: list[str]) -> None:
    """The article has another figure beside that name, and this one beside another."""
    assert claims(prose) == found


@pytest.mark.parametrize(
    "prose",
    [
        "Harbour lost 5.9%, Northmill 5.7% and Quayside 7.2%.",
        "AMD rose 12%.",
        "The tariff on Vietnam is 46%, on China 34%.",
        "A fall of 5.7% in Oslo.",
        "Wolverton rose 12%.",
    ],
)
def test_a_figure_beside_its_own_name_is_fine(prose: str) -> None:
    """Initials are a name; a place isn't whose figure it is; a name that the article has no figure for tells nothing."""
    assert claims(prose) == []


def test_a_pronoun_may_mean_who_was_named_before() -> None:
    """Then both may be meant, and nothing is held against the card."""
    article = "Harbour and Northmill reported. Its sales, unlike those of Northmill, rose 5%. Harbour lost 3% in trading."
    assert claims("Harbour grew 5%.", article) == []


def test_a_name_behind_the_figure_may_be_whose_it_is() -> None:
    """A charge of a sum for the end of something is that thing's."""
    article = "Costs for Harbour 7 and a charge of $559 million for the end of Quayside took the rest. Quayside cost $20 million a year."
    assert claims("Quayside is wound down with a charge of $559 million.", article) == []


def test_two_names_of_one_entity_are_one() -> None:
    """Google is Alphabet, if the symbol table says so."""
    article = "Alphabet rose 5%. Northmill rose 3%. Google has 4% of it."
    assert claims("Google rose 5%.", article, [("Google", 0), ("Alphabet", 0)]) == []


@pytest.mark.parametrize(
    ("one", "other", "are"),
    [
        ("Sensex", "S&P BSE Sensex", True),
        ("FTSE 100", "FTSE 250", False),
        ("AMD", "Advanced Micro Devices", True),
        ("Harbour's", "Harbour Foods", True),
        ("Harbour", "Northmill", False),
    ],
)
def test_names_are_compared_by_their_words(one: str, other: str, *, are: bool) -> None:
    """The fewer among the more, or initials."""
    first, second = as_name(one), as_name(other)
    assert first is not None
    assert second is not None
    assert same(first, second) is are is same(second, first)


def test_what_begins_a_sentence_is_no_name() -> None:
    """Nor are months and titles."""
    assert [as_name(word) for word in ("Shares", "March", "Chief Executive")] == [None, None, None]


@pytest.mark.parametrize("pattern", ["Harbour fell 5% ", "Harbour ", "Harbour of ", "5%", "A & ", "Its 5% "])
def test_a_long_text_is_read(pattern: str) -> None:
    """A test that hangs fails."""
    text = pattern * (100_000 // len(pattern))
    names = Names(text, stated_figures(text[:20_000]))
    for figure in stated_figures(text[:20_000])[:500]:
        names.subject(figure)
        names.beside(figure)


def test_a_people_has_the_figure_of_its_land() -> None:
    """The card may say German where the article says Germany, and France has another figure."""
    article = "Storage in Europe filled up: Germany stands at 73%, France at 47%."
    assert claims("German storage is 73% full and French storage 47%.", article) == []
    assert claims("France is 73% full.", article) == ["73%"]


def test_a_name_behind_another_figure_is_that_ones() -> None:
    """What the article compares a figure with isn't of whom the figure is."""
    article = "Earnings were $1.84 a share, compared with $1.62 and the Ticktape consensus of $1.71. Harbour kept its forecast of $9.20."
    assert claims("Harbour earned $1.84 a share.", article) == []
