"""Phrases in a row of tokens."""

from __future__ import annotations

import pytest

from agent.engines.extractive.lexicons import NAMES, lexicons_digest, read_lexicon
from agent.engines.extractive.terms import Hit, Terms, phrases, plural, verb_forms


def test_the_longest_phrase_wins() -> None:
    """Phrases don't overlap, and a longer one goes before a shorter."""
    terms = Terms([(("rate",), 1), (("rate", "cut"), 2), (("cut",), 3)])
    assert list(terms.find(["rate", "cut", "cut", "rate"])) == [Hit(0, 2, 2), Hit(2, 3, 3), Hit(3, 4, 1)]


def test_a_phrase_never_reaches_past_the_stop() -> None:
    """A phrase that goes on beyond `stop` isn't found."""
    assert list(Terms([(("rate", "cut"), 1)]).find(["rate", "cut"], 0, 1)) == []


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
