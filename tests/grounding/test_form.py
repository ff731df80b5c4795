"""The prose's form: what is worth a re-ask and what isn't."""

from __future__ import annotations

from typing import Any

import pytest

from agent.grounding.form import form_findings
from tests.grounding.drafts import ANALYSIS, SUMMARY, draft, entity


def found(article_words: int = 400, **changes: Any) -> list[tuple[str, str]]:
    """Where and what the findings are, for the whole draft with fields changed."""
    return [(f.where, f.claim) for f in form_findings(draft(**changes), article_words)]


def words(count: int) -> str:
    """A sentence of so many words."""
    return " ".join(["word"] * count) + "."


def test_a_good_draft_has_nothing_to_find() -> None:
    """The draft that these tests start from is clean."""
    assert found() == []


@pytest.mark.parametrize("count", [34, 40, 100, 115])
def test_a_summary_within_fifteen_percent_of_its_bounds_is_let_be(count: int) -> None:
    """34 to 115 words aren't worth another call."""
    assert found(summary=words(count)) == []


@pytest.mark.parametrize("count", [1, 33, 116, 200])
def test_a_summary_beyond_fifteen_percent_is_a_fault(count: int) -> None:
    """Outside 34 to 115 words the finding says how many there are."""
    assert found(summary=words(count)) == [("summary", f"{count} words")]


@pytest.mark.parametrize("count", [119, 140, 260, 299])
def test_an_analysis_within_fifteen_percent_of_its_bounds_is_let_be(count: int) -> None:
    """119 to 299 words aren't worth another call."""
    assert found(analysis=words(count)) == []


@pytest.mark.parametrize("count", [118, 300])
def test_an_analysis_beyond_fifteen_percent_is_a_fault(count: int) -> None:
    """Outside 119 to 299 words the finding says how many there are."""
    assert found(analysis=words(count)) == [("analysis", f"{count} words")]


def test_a_short_article_may_have_shorter_prose() -> None:
    """Half as long an article needs half as long prose; the upper bounds stay."""
    assert found(100, summary=words(17), analysis=words(60)) == []
    assert found(100, summary=words(16), analysis=words(59)) == [("summary", "16 words"), ("analysis", "59 words")]
    assert found(10, summary=words(116)) == [("summary", "116 words")]


def test_empty_prose_is_a_fault_however_short_the_article() -> None:
    """A card without a summary or analysis isn't one."""
    assert found(5, summary="", analysis=" ") == [("summary", "0 words"), ("analysis", "0 words")]


@pytest.mark.parametrize(("sentences", "faults"), [(1, 0), (2, 0), (4, 0), (5, 1)])
def test_more_than_one_sentence_too_many_is_a_fault(sentences: int, faults: int) -> None:
    """2 or 3 sentences are asked for; 1 and 4 are let be."""
    each = 60 // sentences
    assert len(found(summary=" ".join(f"The {words(each - 1)}" for _ in range(sentences)))) == faults


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("See https://example.com for more.", "a web address"),
        ("See www.example.com for more.", "a web address"),
        ("Go to evil.io/x now.", "a web address"),
        ("It is <b>bold</b>.", "an HTML tag"),
        ("Look <img src=x onerror=alert(1)> here.", "an HTML tag"),
        ("```json {}```", "a code fence"),
        ("A [link](x) here.", "markdown"),
        ("An ![image](x) here.", "markdown"),
        ("This is **very** bad.", "markdown"),
        ("# Analysis It fell.", "markdown"),
        ("- It fell. - It rose.", "a list"),
        ("Reasons: 1) wheat, 2) prices.", "a list"),
        ("Reasons • wheat • prices.", "a list"),
        ("It\u200b fell.", "a character without a glyph"),
        ("It \u202efell.", "a character without a glyph"),
        ("It \U000e0041fell.", "a character without a glyph"),
    ],
)
@pytest.mark.parametrize("field", ["summary", "analysis", "reason"])
def test_markup_is_a_fault_in_every_prose_field(text: str, reason: str, field: str) -> None:
    """Links, markup, lists and invisible characters are found in summary, analysis and reasons, with their place."""
    if field == "reason":
        changed = draft(entities=[entity(reason=text)])
        where, prose = "entities[0].reason", changed.entities[0].reason
    else:
        changed = draft(**{field: f"{text} {SUMMARY if field == 'summary' else ANALYSIS}"})
        where, prose = field, getattr(changed, field)
    findings = [f for f in form_findings(changed, 400) if f.reason.startswith(reason)]
    assert [f.where for f in findings] == [where]
    assert findings[0].claim
    assert 0 <= (findings[0].start or 0) < (findings[0].end or 0) <= len(prose)


@pytest.mark.parametrize(
    "text",
    [
        "Growth was <5% and later >3% of sales.",
        "Amazon.com and Booking.com rose; the C++ market didn't.",
        "S&P 500 futures fell - briefly - by 0.3%.",
        "It sold #1 products at 3*4 sites_in_2024.",
        "The U.S. (and the U.K.) agreed [sic] to talk.",
        "“Not yet,” she said; see page 3) below.",
    ],
)
def test_ordinary_prose_is_no_markup(text: str) -> None:
    """Signs that markup uses too are left alone."""
    assert found(summary=f"{text} {words(50)}") == []
