"""Roots: the forms of a word have one, and looking for it finds every form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.grounding.inflection import places, root, stands, words, written


@pytest.mark.parametrize(
    "forms",
    [
        "renew renews renewed renewing",
        "compete competes competed competing",
        "agree agreed agrees agreement agreements",
        "company company's companies",
        "plan plans planned planning",
        "sell sells sold selling",
        "improve improved improvement",
        "study studies studied",
        "deny denies denied",
        "take takes took taken taking",
        "rise rises rose risen",
        "withdraw withdraws withdrew withdrawn",
    ],
)
def test_the_forms_of_a_word_have_one_root(forms: str) -> None:
    """By their endings, or by the list."""
    assert len({root(form) for form in forms.split()}) == 1


@pytest.mark.parametrize("pair", ["share sharp", "raise rise", "cut cup", "2023 2024", "no not", "sale sell"])
def test_other_words_have_others(pair: str) -> None:
    """Short words and figures are their own."""
    one, other = pair.split()
    assert root(one) != root(other)


def test_every_form_is_found_at_its_place() -> None:
    """Irregular ones too, and none inside another word."""
    text = "it sold shares, sells more and is selling all; resold, unsold and a salesman are others"
    assert sorted(text[start:end] for start, end in places("sell", text)) == ["selling", "sells", "sold"]
    assert [word.written for word in words("it's 1.5% of u.s. sales", 0, 30)] == written("it's 1.5% of u.s. sales", 0, 30)


@given(st.lists(st.sampled_from("renewed agreements sold sell companies' it's 3.5 x é denied planning".split()), max_size=12))
def test_a_word_that_a_text_has_is_found(chosen: list[str]) -> None:
    """`stands` is never false for a word that is there, and `places` gives its slice."""
    text = " ".join(chosen)
    for word in words(text, 0, len(text)):
        assert stands(word.root, text)
        assert (word.start, word.end) in list(places(word.root, text))
