"""What spares the slow readers their work: each must come to what they come to."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agent.grounding.numbers import Source, binding, calendar, source, stated_figures, units
from agent.grounding.numbers.figures import figures

# Two modules have the name of what they are for, which the package has in their place.
arithmetic: Any = importlib.import_module("agent.grounding.numbers.arithmetic")
compared: Any = importlib.import_module("agent.grounding.numbers.compared")
numbers: Any = importlib.import_module("agent.grounding.numbers.figures")

FIGURES = (
    "5|2.4|2025|2025.5|1.234|1,200|1 200|1 200,12|12 737|14/8/2025|9:30|$|\u20ac|US$|Rs. |USD |-|(|)|%| %|% points|% Points| percent"
    "| percent points| million| billion|m| bn| million million| cents| dollars|\u00a2|th|x| mil millones|\u5104|Q|q|h|.|, |\n| |about "
    "|a|COVID-|-year| won|\u017f"
).split("|")
BOUNDS = (
    "more than|over|at least|in excess of|upwards of|nearly|up to|as much as|at most|shy of|close to|about|an estimated|some|approx.|~"
    "|to|of|as|than|a|an|the|agreed|case|(|\n|\u017fome|  "
).split("|")
GAPS = (
    "above|exceeded|beating|topped|ahead of|higher than|up from|more than the|below|missed|fell short of|down|estimate|average|of| |to|a|5"
).split("|")
STORY = "Harbour|Northmill|shares|profit|rose|fell|raised|cut|up|down|5%|3%|$4 million|$9 million|from|to|in the|quarter|,|and|. |\n".split(
    "|"
)


def texts(pieces: list[str], joint: str = "") -> st.SearchStrategy[str]:
    """Texts of a few pieces each."""
    return st.lists(st.sampled_from(pieces), max_size=25).map(joint.join)


@given(text=texts(FIGURES), foreign=st.booleans())
def test_common_figures_are_read_as_others_are(text: str, *, foreign: bool) -> None:
    """The form that most figures have is read by itself, and the others by one function a part."""
    for match in numbers._NUMBER.finditer(text):
        found = numbers._common(text, match, foreign=foreign)
        assert found is None or found == numbers._other(text, match, foreign=foreign)


def test_thousands_parted_by_a_space_may_have_a_decimal_comma() -> None:
    """As the French write them."""
    assert [reading.value for reading in figures("1 200,12", foreign=True)[0].readings] == [1200.12, 1.0, 200.12]
    assert [reading.value for reading in stated_figures("1 200,12")[0].readings] == [1200.12, 1.0, 200.12]


@given(st.one_of(texts(BOUNDS, " "), texts(BOUNDS)), st.sampled_from(["", " "]))
def test_a_bound_is_found_wherever_its_pattern_finds_it(text: str, end: str) -> None:
    """A look at the last two words spares most figures the pattern."""
    written = text + end
    match = units._BOUND_AT_END.search(written, max(0, len(written) - 20), len(written))
    assert bool(units.bound_before(written, len(written))) == (match is not None)


@given(texts(GAPS, " "))
def test_no_comparison_is_without_its_words(gap: str) -> None:
    """A gap without any isn't searched."""
    assert arithmetic._THAN.search(f" {gap} ") is None or any(word in gap for word in arithmetic._THAN_WORDS)


@given(texts(["q", "h", "1", "4", "5", "25", " ", "'", ".", "a", "\u0663", "quarter", "st", "may", "sep", " of ", "%"]))
def test_no_time_is_without_its_marks(text: str) -> None:
    """A text without any isn't searched."""
    read = [figure for match in calendar._PERIOD.finditer(text) for figure in calendar._period(text, *match.span())]
    assert not read or any(mark in text for mark in calendar._MARKED)
    dated = [figure for match in calendar._DAY.finditer(text) for figure in calendar._day(text, *match.span())]
    assert not dated or any(month in text for month in calendar.MONTHS)


@given(texts(["fell", "by", "about", "\u00fcber", "dick's", "full-year", "-", "5", " ", "  ", "$", "\n"]))
def test_the_words_of_a_clause_are_split_as_the_pattern_finds_them(clause: str) -> None:
    """Most clauses are of small letters and spaces alone."""
    assert binding._words(clause) == binding._WORDS.findall(clause)


@given(texts(STORY, " "), texts(STORY, " "))
@example("Harbour shares rose 5% in the quarter", "Harbour shares fell 5% in the quarter. \n Northmill shares rose 5% in the quarter")
def test_what_settles_a_comparison_early_never_hides_a_fault(prose: str, article: str) -> None:
    """With every word weighed the faults are the same."""
    lower, stated, held = prose.lower(), stated_figures(prose), Source("", article)
    quick = list(compared.compared(lower, stated, held, set()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compared, "_is_plainly_told", lambda *_: False)
        patch.setattr(compared, "_is_plainly_own", lambda *_: False)
        assert list(compared.compared(lower, stated, held, set())) == quick


@given(texts(["the", "of", "and", "to", "for", "Umsatz", "stieg", "the,", "\n", "\t", " ", "  "], " "))
def test_english_is_told_by_all_its_words(text: str) -> None:
    """Whether the commonest are enough or all are counted."""
    words = text.lower().split()
    share = sum(word in source._ENGLISH for word in words) / max(1, len(words))
    assert source.Contents(text).english == (len(words) < source._FEW_WORDS or share > source._ENGLISH_SHARE)
