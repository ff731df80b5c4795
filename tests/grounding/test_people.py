"""Names in the prose."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.card import Finding
from agent.grounding.fold import FoldedText
from agent.grounding.names import Mentions
from agent.grounding.people import NOT_NAMED, Named, name_findings
from agent.grounding.roles import Roles
from tests.grounding.drafts import ANALYSIS, ARTICLE, SUMMARY, draft
from tests.grounding.test_ground import grounded

TITLE = "Halden Motor's record quarter"
TEXT = (
    "Halden Motor, the carmaker from Norway, said on Tuesday that chief executive Sofia Brandt would stay. The Federal Reserve kept its "
    "rate. American buyers ordered more, and O'Rourke & Sons, a dealer, raised its orders. Brandt spoke in Zürich to the International "
    "Energy Agency about iPhones, wages and recovery."
)


def _named(*kept: str, english: bool = True, text: str = TEXT) -> Named:
    aliases = {"halden motor": ("Halden", "Halden Automotive Works")}
    return Named(Mentions(TITLE, FoldedText(text), lambda name: aliases.get(name.lower(), ())), kept, english=lambda: english)


def _claims(prose: str, named: Named | None = None) -> list[str]:
    return [finding.claim for finding in name_findings("summary", prose, named or _named(), Roles(TEXT))[1]]


@pytest.mark.parametrize(
    "prose",
    [
        "Halden's shares rose.",
        "Mr. Brandt and Ms Brandt of Halden spoke.",
        "The move by Halden Motor's Chief Executive, Sofia Brandt, helped.",
        "The Norwegian carmaker gained.",
        "The Norwegians and the Americans bought more in the U.S. market.",
        "It followed the Fed and the U.S. Federal Reserve.",
        "O’Rourke ordered more, as did O'Rourke & Sons.",
        "She spoke in Zurich to the IEA.",
        "An iPhone sold on Monday, in March, on Wall Street, at EBITDA in Q3.",
        "Recovering sales helped. Investors cheered: Shares rose. Wages fell.",
        "“Investors cheered,” it said. Nonetheless, some doubt it.",
        "Norway-based Halden and American-made cars sold.",
        "It is neutral for Washington.",
    ],
)
def test_a_name_of_the_article_passes_in_any_of_its_forms(prose: str) -> None:
    """Possessives, titles, peoples, initials, well-known names, accents and ordinary words at a sentence's beginning are no findings."""
    assert _claims(prose) == []


@pytest.mark.parametrize(
    ("prose", "claims"),
    [
        ("Shares rose, according to Petra Holmgaard.", ["Petra Holmgaard"]),
        ("Holmgaard said so.", ["Holmgaard"]),
        ("Brackwater's analysts agree.", ["Brackwater"]),
        ("Brackwater Capital agrees with Halden.", ["Brackwater Capital"]),
        ("Sofia Holmgaard stays.", ["Holmgaard"]),
        ("It is built in Tulsa. Halden gained.", ["Tulsa"]),
        ("Everett Pomeroy, an analyst at Halcyon Ridge, and Tessaline agree.", ["Everett Pomeroy", "Halcyon Ridge", "Tessaline"]),
        ("The Swedish and the ECB agree.", ["Swedish", "ECB"]),
    ],
)
def test_a_name_that_the_article_has_not_is_a_finding(prose: str, claims: list[str]) -> None:
    """Persons, organisations and places alike, each with the words that aren't the article's."""
    assert _claims(prose) == claims


def test_a_finding_is_a_slice_of_the_field() -> None:
    """Possessives, dashes and typographic marks before it move nothing."""
    prose = "Halden’s plan — “bold” — pleased Tessaline’s analysts."
    count, findings = name_findings("analysis", prose, _named(), Roles(TEXT))
    start = prose.index("Tessaline")
    assert count == 2
    assert findings == [Finding(where="analysis", claim="Tessaline", reason=NOT_NAMED, start=start, end=start + 9)]


def test_another_name_of_the_same_issuer_passes() -> None:
    """The symbol table's names of an issuer stand for those of the article."""
    text = TEXT + " Halden Motor gained."
    assert _claims("Halden Automotive Works gained.", _named(text=text)) == ["Automotive Works"]
    assert _claims("Halden Automotive Works gained.", _named("Halden Automotive Works", text=text)) == []


def test_a_translated_name_is_let_be() -> None:
    """Of an article in German, an English form of a place passes and an invented company doesn't."""
    named = _named(english=False, text="Der Konzern aus Norwegen meldete einen Gewinn. Die Europäische Zentralbank wartet ab.")
    assert _claims("The German-language report is about Norway and Europe, says Brackwater.", named) == ["Brackwater"]


def test_prose_in_a_language_of_large_nouns_is_only_held_to_whole_names() -> None:
    """German writes nouns large; a lone unknown one may be any word."""
    named = _named(english=False, text="Der Konzern meldete einen Gewinn.")
    assert _claims("Laut Tessaline Partners stieg der Umsatz wegen der Nachfrage.", named) == ["Laut Tessaline Partners"]
    assert "Nachfrage" not in _claims("Der Gewinn stieg wegen der Nachfrage.", named)


def test_a_faithful_draft_has_no_finding() -> None:
    """Neither field of the tests' own draft names anybody whom the article doesn't."""
    named = Named(Mentions(ARTICLE.title, FoldedText(ARTICLE.text), lambda _: ()))
    for prose in (SUMMARY, ANALYSIS):
        assert name_findings("summary", prose, named, Roles(ARTICLE.text))[1] == []


def test_an_invented_name_is_listed_among_the_names_and_the_faults() -> None:
    """The tally counts the prose's names beside the entities'."""
    found = grounded(summary=SUMMARY.replace("Northmill Group", "Brackwater Group"))
    assert found.checks.names is not None
    assert [(finding.where, finding.claim) for finding in found.checks.names.unsupported] == [("summary", "Brackwater")]
    assert found.faults == tuple(found.checks.names.unsupported)
    assert found.checks.names.supported == found.checks.names.stated - 1
    assert draft().summary == SUMMARY


@given(st.text(max_size=200))
def test_every_finding_is_its_slice(prose: str) -> None:
    """Whatever the characters, `prose[start:end]` is the claim."""
    for finding in name_findings("summary", prose, _named(), Roles(TEXT))[1]:
        assert prose[finding.start : finding.end] == finding.claim != ""


def test_as_many_names_are_stated_as_are_found_unknown() -> None:
    """One long name may hold two unknown ones; a card counts what is supported, which is never below none."""
    stated, findings = name_findings("summary", "It met the Vexil and Halden of Orvane again.", _named(), Roles(TEXT))
    assert (stated, [finding.claim for finding in findings]) == (2, ["Vexil", "Orvane"])


@pytest.mark.parametrize("prose", ["Competitor Halden rose.", "Inflows are strong.", "Lenders have agreed to wait."])
def test_a_common_noun_that_begins_a_sentence_is_no_name(prose: str) -> None:
    """One that other sentences begin with in the plural, or of which several is said."""
    assert _claims(prose) == []


def test_a_name_that_begins_a_sentence_stays_one() -> None:
    """Several is said only of plurals, and a second word with a capital makes a name."""
    assert _claims("Quillon has agreed.") == ["Quillon"]
    assert _claims("Quillon Waters are rising.") == ["Quillon Waters"]


def test_lands_and_continents_are_translated() -> None:
    """An article of another language has its own words for them; whoever else is named is held against it all the same."""
    german = "Die Bestellungen legten in Südasien zu, sagte der Vorstand von Halden in Deutschland."
    assert _claims("Orders in South Asia and Germany rose.", _named(english=False, text=german)) == []
    assert _claims("Orders in South Asia and Germany rose.") == ["South Asia and Germany"]
    assert _claims("Orders at Quillon rose.", _named(english=False, text=german)) == ["Quillon"]
