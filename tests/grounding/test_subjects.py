"""Subjects: under which names figures are said of a draft's entities."""

from __future__ import annotations

from agent.draft import DraftEntity
from agent.grounding.subjects import name_forms, subject_forms
from tests.grounding.drafts import entity


def entities(*names: str, kind: str = "public company") -> list[DraftEntity]:
    """Entities of these names."""
    return [DraftEntity.model_validate(entity(name=name, kind=kind)) for name in names]


def aliases(name: str) -> tuple[str, ...]:
    """A symbol table that knows one company."""
    return ("Alphabet Inc.", "alphabet", "Google", "Alphabet") if name in {"Google", "Alphabet"} else ()


def test_a_first_word_that_tells_is_a_name_too() -> None:
    """Harbour is Harbour Foods; United is nobody."""
    assert name_forms(entities("Harbour Foods", "United Bakers")) == [("Harbour Foods", 0), ("United Bakers", 1), ("Harbour", 0)]


def test_a_first_word_of_two_entities_tells_nothing() -> None:
    """Meta may be Meta Platforms or Meta Materials."""
    assert name_forms(entities("Meta Platforms", "Meta Materials")) == [("Meta Platforms", 0), ("Meta Materials", 1)]


def test_two_names_of_one_issuer_are_one_subject() -> None:
    """What is said of Google is said of Alphabet."""
    forms = dict(subject_forms(entities("Google", "Alphabet", "Harbour Foods"), aliases))
    assert forms["Google"] == forms["Alphabet"] == forms["Alphabet Inc."]
    assert forms["Harbour Foods"] != forms["Google"]
    assert "alphabet" not in forms


def test_people_are_no_subjects_of_figures() -> None:
    """Who is quoted on a figure isn't whom it is said of."""
    assert subject_forms(entities("Maria Lindqvist", kind="person"), aliases) == []
