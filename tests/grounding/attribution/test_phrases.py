"""Whose name a phrase is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.grounding.attribution.phrases import Speaker, name_after, subject_before


def _told(speaker: Speaker | None, text: str) -> tuple[str, str, bool | None] | None:
    """The name, the employer and whether it is a person."""
    return speaker and (text[speaker.start : speaker.end], " ".join(sorted(speaker.employer)), speaker.person)


@pytest.mark.parametrize(
    ("phrase", "told"),
    [
        ("Harrowby's chief executive, Petra Vance, ", ("Petra Vance", "harrowby", True)),
        ("Petra Vance, who runs Harrowby, ", ("Petra Vance", "", True)),
        ("Owen Tate, an analyst at Shorewood, ", ("Owen Tate", "shorewood", True)),
        ("Tarvest chairman Roland Eddowes ", ("Roland Eddowes", "tarvest", True)),
        ("Priya Nathan of Stonebridge ", ("Priya Nathan", "stonebridge", True)),
        ("Helvia's Lena Fabre also ", ("Lena Fabre", "helvia", True)),
        ("Gianna Moro of the FABAS union ", ("Gianna Moro", "fabas", True)),
        ("Finance Minister Oskar Dunne ", ("Oskar Dunne", "", True)),
        ("Tarvest's former chairman Roland Eddowes ", ("Roland Eddowes", "", True)),
        ("Analysts at Bramall ", ("Bramall", "", False)),
        ("Bramall's analysts ", ("Bramall", "", False)),
        ("the Bank of Corland ", ("Bank of Corland", "", False)),
        ("a spokesman for the Carver family ", ("Carver", "", False)),
        ("Brellan's commerce ministry ", ("Brellan", "", False)),
        ("Quill Asset Management, which owns 12% of Tarvest, ", ("Quill Asset Management", "", False)),
        ("Tarvest ", ("Tarvest", "", None)),
        ("Oskar Dunne welcomed the cut but ", ("Oskar Dunne", "", None)),
        ("She ", ("She", "", True)),
    ],
)
def test_the_name_beside_a_verb_is_read(phrase: str, told: tuple[str, str, bool | None]) -> None:
    """With the employer that the phrase gives it."""
    assert _told(subject_before(f"{phrase}said", 0, len(phrase)), phrase) == told


@pytest.mark.parametrize(
    "phrase",
    [
        "",
        "The company ",
        "Critics ",
        "Shares of Tarvest ",
        "Tarvest's shares ",
        "Tarvest and Harrowby ",
        "a bid from larger rival Harrowby ",
        "The bid was rejected by Tarvest, and when Vance heard of it she laughed and ",
        "Tarvest rejected an offer from Harrowby, it said on Tuesday, ",
    ],
)
def test_what_names_no_speaker_is_nobody(phrase: str) -> None:
    """A noun, several names, or a name that isn't the subject."""
    assert subject_before(f"{phrase}said", 0, len(phrase)) is None


def test_a_clause_that_goes_on_with_calling_is_its_subject_s() -> None:
    """Behind the words that say what kind of company it is, not the land that it is from."""
    text = "British packaging maker Tarvest rejected a bid from Harrowby, it said, calling it low"
    assert _told(subject_before(text, 0, text.index("calling")), text) == ("Tarvest", "", None)


@pytest.mark.parametrize(
    ("phrase", "told"),
    [
        ("Harrowby's chief executive, Petra Vance.", ("Petra Vance", "harrowby", True)),
        ("Nervia's founder and chief executive, Alan Petrosky.", ("Alan Petrosky", "nervia", True)),
        ("Owen Tate, an analyst at Shorewood, who rates it highly.", ("Owen Tate", "shorewood", True)),
        ("analyst Bea Orlov at Tollgate.", ("Bea Orlov", "tollgate", True)),
        ("Jane Doe late on Tuesday.", ("Jane Doe", "", None)),
        ("its president, Walt Kruger.", ("Walt Kruger", "", True)),
        ("analysts at Bramall, the bid is low.", ("Bramall", "", False)),
        ("the company.", None),
        ("a person familiar with Tarvest.", None),
        ("Tarvest shareholders who want more.", None),
    ],
)
def test_the_name_behind_said_is_read(phrase: str, told: tuple[str, str, bool | None] | None) -> None:
    """The same phrases the other way round."""
    assert _told(name_after(phrase, 0, len(phrase)), phrase) == told


@given(st.text(alphabet="AbC dé,.'\"-&’\n", max_size=80), st.integers(0, 80))
def test_a_name_is_a_slice_of_its_text(text: str, at: int) -> None:
    """Whatever the text."""
    for speaker in (subject_before(text, 0, min(at, len(text))), name_after(text, min(at, len(text)), len(text))):
        assert speaker is None or text[speaker.start : speaker.end].strip()
