"""A card's prose cut at its claims, and the article cut at what carries them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.article import Article
from agent.card import Card, Checks, Finding, Tally
from agent.web.pages.evidence import Evidence, Prose, gather
from tests.present.sample import ARTICLE, CARD


def with_findings(**changes: Any) -> Card:
    """The sample card with other prose, and findings in it."""
    findings = changes.pop("findings", [])
    checks = Checks(numbers=Tally(stated=9, supported=9 - len(findings), unsupported=findings), passed=not findings)
    return CARD.model_copy(update={"entities": [], "checks": checks, **changes})


def finding(where: str, prose: str, start: int, end: int, reason: str = "r") -> Finding:
    """What a check says of `prose[start:end]`."""
    return Finding(where=where, claim=prose[start:end], reason=reason, start=start, end=end)


def joined(prose: Prose) -> str:
    """Its text."""
    return "".join(piece.text for piece in prose.pieces)


def words(evidence: Evidence, number: int) -> str:
    """What of the article a span is."""
    return "".join(segment.text for segment in evidence.article if number in segment.quotes)


@given(st.text("aA1$%. \n“”é", max_size=60), st.text("aA1$%. “”é", max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_joined_it_is_the_prose_and_the_article(text: str, prose: str, start: int, end: int) -> None:
    """Whatever is claimed and found; every span that a piece leads to is some of the article."""
    article = Article(text=text)
    findings = [finding("analysis", prose, min(start, end), max(start, end))]
    evidence = gather(with_findings(summary=prose, analysis=prose, findings=findings), article)
    assert joined(evidence.summary) == joined(evidence.analysis) == prose
    assert "".join(segment.text for segment in evidence.article) == article.text
    for piece in (*evidence.summary.pieces, *evidence.analysis.pieces):
        assert all(words(evidence, number) for number in piece.spans)
        assert bool(piece.spans) + (piece.note is not None) == (piece.kind is not None)


def test_the_article_s_own_sentences_end_in_a_link_to_them() -> None:
    """As an extractive card is full of them; the claims within keep their own."""
    own = "Analysts had expected Halden to trim its outlook, though not by this much."
    evidence = gather(with_findings(summary=f"{own} It is a new one.", analysis=own), ARTICLE)
    (ending,) = [piece for piece in evidence.summary.pieces if piece.kind == "sentence"]
    assert [words(evidence, number) for number in ending.spans] == [own]
    assert "Halden" in [piece.text for piece in evidence.summary.pieces if piece.kind == "name"]
    assert evidence.summary.pieces.index(ending) < len(evidence.summary.pieces) - 1
    assert [piece.spans for piece in evidence.analysis.pieces if piece.kind == "sentence"] == [ending.spans]


def test_notes_are_numbered_over_both_fields() -> None:
    """Each has its claim and all reasons; what another field's checks found is no note here."""
    prose = "It lost $9 million and $8 million."
    findings = [
        finding("summary", prose, 8, 18, "no such figure"),
        finding("analysis", prose, 23, 33, "no such figure"),
        finding("analysis", prose, 23, 33, "of another"),
        Finding(where="entities[0].name", claim="x", reason="not named"),
        Finding(where="summary", claim="90 words", reason="write fewer"),
    ]
    evidence = gather(with_findings(summary=prose, analysis=prose, findings=findings), ARTICLE)
    assert evidence.summary.notes == [(1, "$9 million", ("no such figure",))]
    assert evidence.analysis.notes == [(2, "$8 million", ("no such figure", "of another"))]
    assert [(piece.text, piece.note) for piece in evidence.analysis.pieces if piece.note] == [("$8 million", 2)]


@pytest.mark.parametrize("entity", range(len(CARD.entities)))
def test_quotes_come_first_in_the_cards_order(entity: int) -> None:
    """As the links of the entities count them."""
    evidence = gather(CARD, ARTICLE)
    before = sum(len(one.evidence) for one in CARD.entities[:entity])
    for number, quote in enumerate(CARD.entities[entity].evidence, before):
        assert words(evidence, number) == quote.quote
