"""Where the article carries what a card's prose states."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.article import Article
from agent.card import Finding
from agent.grounding.located import MOST_PLACES, Claim, Located
from agent.sentences import Span
from tests.present.sample import ARTICLE, CARD

SHORT = Article(
    title="Halden raises its outlook by 7%",
    text="Halden raised its outlook to $4.2 billion. “A good year,” said Ingrid Solberg of Halden. Orders rose 8%.",
)


def claims(prose: str, article: Article = SHORT, *findings: Finding) -> list[tuple[str, str, list[str]]]:
    """Kind, words in the prose, and words in the article of each claim."""
    return [
        (claim.kind, prose[claim.start : claim.end], [article.text[place.start : place.end] for place in claim.places])
        for claim in Located(article).claims(prose, findings)
    ]


def finding(prose: str, words: str, reason: str = "no ground") -> Finding:
    """What a check says of `words`."""
    start = prose.index(words)
    return Finding(where="summary", claim=words, reason=reason, start=start, end=start + len(words))


def test_a_figure_leads_to_where_it_stands_however_it_is_written() -> None:
    """Digits, scale and currency may be written otherwise."""
    assert claims("The outlook is now $4,200 million, as orders grew by 8 percent.") == [
        ("number", "$4,200 million", ["$4.2 billion"]),
        ("number", "8 percent", ["8%"]),
    ]


def test_a_figure_that_only_the_title_has_has_no_place() -> None:
    """Offsets are of the text."""
    assert claims("It is up by 7%.") == []


def test_a_name_leads_to_all_its_places_from_its_first_mention() -> None:
    """What begins a sentence and is no name has none."""
    assert claims("According to Halden, all is well. Halden said so.") == [("name", "Halden", ["Halden", "Halden"])]


def test_a_sentence_s_end_parts_names() -> None:
    """Also after two letters, which might be initials."""
    article = Article(text="It works for Scale AI. According to Meta it is so.")
    assert claims("It works for Scale AI. According to Meta.", article) == [("name", "Scale AI", ["Scale AI"]), ("name", "Meta", ["Meta"])]


def test_a_quotation_is_one_claim() -> None:
    """The names within it are no further ones."""
    assert claims("“A good year,” she said of 2025.") == [("quotation", "A good year,", ["A good year"])]


def test_what_has_no_ground_comes_before_all_else() -> None:
    """With its reason, and with those of findings that overlap it; it leads nowhere."""
    prose = "Halden raised it to $4.2 billion in May."
    found = Located(SHORT).claims(prose, [finding(prose, "$4.2 billion in May", "not in May"), finding(prose, "$4.2 billion", "no")])
    assert found == [
        Claim(0, 6, "name", (Span(0, 6), Span(81, 87))),
        Claim(20, 39, "unsupported", (), ("no", "not in May")),
    ]


def test_a_finding_without_a_place_or_of_another_prose_marks_nothing() -> None:
    """The words at its place must be its claim."""
    stray = Finding(where="summary", claim="elsewhere", reason="r", start=0, end=9)
    assert claims("Orders fell.", SHORT, stray, Finding(where="summary", claim="3 words", reason="short")) == []


def test_a_sentence_that_is_the_article_s_own_has_its_place() -> None:
    """Told where it ends; one that is changed has none."""
    prose = "Orders rose 8%. Orders fell 8%. “A good year,” said Ingrid Solberg of Halden."
    found = Located(SHORT).sentences(prose)
    assert [(prose[:end][-5:], SHORT.text[place.start : place.end]) for end, place in found] == [
        ("e 8%.", "Orders rose 8%."),
        ("lden.", "“A good year,” said Ingrid Solberg of Halden."),
    ]


def test_of_many_places_a_few_are_told() -> None:
    """A name on every line of a long article."""
    article = Article(text="Halden said so.\n" * 500)
    ((_, _, found),) = claims("It is Halden.", article)
    assert len(found) == MOST_PLACES


@pytest.mark.parametrize("field", ["summary", "analysis"])
def test_the_sample_s_claims_are_all_located(field: str) -> None:
    """Each figure that the checks found to have ground has a place."""
    prose: str = getattr(CARD, field)
    numbers = CARD.checks.numbers
    assert numbers is not None
    found = Located(ARTICLE).claims(prose, [one for one in numbers.unsupported if one.where == field])
    told = {prose[claim.start : claim.end] for claim in found if claim.places}
    assert {"summary": {"$4.1 billion", "600", "Corvid Motors"}, "analysis": {"a fifth", "Ingrid Solberg"}}[field] <= told
    assert ("$700 million" in {prose[claim.start : claim.end] for claim in found if claim.kind == "unsupported"}) == (field == "analysis")


@given(st.text(max_size=200), st.text(max_size=80), st.integers(0, 80), st.integers(0, 80))
def test_claims_never_overlap_and_places_are_slices(text: str, prose: str, start: int, end: int) -> None:
    """Whatever either says."""
    article = Article(text=text)
    finding = Finding(where="summary", claim=prose[start:end], reason="r", start=start, end=end)
    after = 0
    for claim in Located(article).claims(prose, [finding]):
        assert after <= claim.start < claim.end <= len(prose)
        assert all(0 <= place.start < place.end <= len(article.text) for place in claim.places)
        assert bool(claim.places) != bool(claim.reasons)
        after = claim.end
