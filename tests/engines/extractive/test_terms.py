"""Phrases in a row of tokens."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.engines.extractive.lexicons import NAMES, lexicons_digest, read_lexicon
from agent.engines.extractive.terms import Hit, Terms, phrases, plural, verb_forms


def test_the_longest_phrase_wins() -> None:
    """Phrases don't overlap, and a longer one goes before a shorter."""
    terms = Terms([(("rate",), 1), (("rate", "cut"), 2), (("cut",), 3)])
    assert list(terms.find(["rate", "cut", "cut", "rate"])) == [Hit(0, 2, 2), Hit(2, 3, 3), Hit(3, 4, 1)]


def test_a_phrase_never_reaches_past_the_stop() -> None:
    """A phrase that goes on beyond `stop` isn't found."""
    assert list(Terms([(("rate", "cut"), 1)]).find(["rate", "cut"], 0, 1)) == []


WORDS = st.sampled_from(["rate", "cut", "rise", "of"])


@given(st.lists(WORDS, max_size=30), st.lists(st.lists(WORDS, min_size=1, max_size=3), max_size=8), st.sets(st.integers(0, 30)))
def test_what_is_found_in_each_stretch_is_what_is_found_in_it_alone(row: list[str], listed: list[list[str]], cuts: set[int]) -> None:
    """Looking through a whole text at once finds the same in each of its sentences, and nothing across two."""
    terms = Terms([(tuple(words), " ".join(words)) for words in listed])
    bounds = list(pairwise(sorted({0, len(row), *(cut for cut in cuts if cut < len(row))})))
    found = terms.find_each(row, [at for at, word in enumerate(row) if word in terms.firsts], bounds)
    assert [found.get(at, []) for at in range(len(bounds))] == [list(terms.find(row, *stretch)) for stretch in bounds]


@pytest.mark.parametrize(
    ("verb", "forms"),
    [
        ("drop", {"drop", "drops", "dropped", "dropping"}),
        ("raise", {"raise", "raises", "raised", "raising"}),
        ("fail", {"fail", "fails", "failed", "failing"}),
        ("deny", {"deny", "denies", "denied", "denying"}),
        ("miss", {"miss", "misses", "missed", "missing"}),
    ],
)
def test_verbs_are_inflected_by_rule(verb: str, forms: set[str]) -> None:
    """Final e, y and short syllables follow English spelling."""
    assert set(verb_forms(verb)) == forms


def test_plurals_follow_spelling() -> None:
    """Final y, s and sh too."""
    assert [plural(noun) for noun in ("penalty", "loss", "crash", "delay")] == ["penalties", "losses", "crashes", "delays"]


def test_a_phrase_is_inflected_where_its_head_is() -> None:
    """Verbs in the first word, nouns in the last; irregular forms stand after a slash."""
    found = set(phrases({"verbs": ["cut job", "fall/fell"], "nouns": ["price target"]}))
    assert {("cuts", "job"), ("fell",), ("falling",), ("price", "targets")} <= found


@pytest.mark.parametrize("name", NAMES)
def test_every_term_of_a_lexicon_is_text(name: str) -> None:
    """YAML reads a bare `no` or `on` as a truth value; none slipped in."""
    strange = []

    def walk(node: object) -> None:
        if isinstance(node, dict):
            for key, value in node.items():
                if key != "weight":
                    walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)
        elif not isinstance(node, str):
            strange.append(node)

    walk(read_lexicon(name))
    assert strange == []


def test_the_digest_covers_the_lexicons() -> None:
    """It has 64 hexadecimal digits, and is made from all files."""
    assert len(lexicons_digest()) == 64
