"""The gold cards: well-formed, faithful to their own articles, and a split that stays."""

from __future__ import annotations

import pytest

from evals.goldset import GoldCard, agreement, lint, load_gold, second_labelling
from evals.planted.golds import gold_pairs
from evals.planted.kinds import KINDS
from evals.planted.measuring import measure
from evals.planted.references import PLANTED

GOLDS = load_gold()


@pytest.mark.parametrize("gold", GOLDS, ids=lambda gold: gold.id)
def test_a_gold_card_has_no_fault(gold: GoldCard) -> None:
    """Names in the article, topics of the taxonomy, facts in the reference, nothing forbidden in it."""
    assert list(lint(gold)) == []


def test_there_are_more_than_a_hundred() -> None:
    """Each under its own id, in both parts of the split."""
    assert len({gold.id for gold in GOLDS}) == len(GOLDS) > 100
    assert {gold.split for gold in GOLDS} == {"dev", "gate"}


def test_the_split_is_frozen() -> None:
    """It hangs on the id alone, so a new card moves no other."""
    assert [gold.split for gold in GOLDS if gold.id in {"arm-ipo-debut", "boeing-raises-21-billion"}] == ["dev", "gate"]


def test_a_fault_is_named() -> None:
    """A topic that isn't in the taxonomy, and a forbidden word in the reference itself."""
    gold = next(gold for gold in GOLDS if gold.judged)
    assert gold.judged is not None
    broken = gold.judged.model_copy(
        update={"forbid": [gold.judged.summary[:10]], "topics": gold.judged.topics.model_copy(update={"must": ["Gossip"]})}
    )
    faults = list(lint(gold.model_copy(update={"card": broken})))
    assert any("Gossip" in fault for fault in faults)
    assert any("forbidden" in fault for fault in faults)


def test_every_card_was_labelled_twice() -> None:
    """The second labelling knows the same articles."""
    assert set(second_labelling()) == {gold.id for gold in GOLDS}
    assert all(0 <= share <= 1 for share in agreement(GOLDS, second_labelling()).values())


def test_the_checks_are_seldom_wrong_on_reference_prose() -> None:
    """On articles that no check was built on: the published rates can't slip unseen."""
    pairs = [*gold_pairs(GOLDS, "dev"), *gold_pairs(GOLDS, "gate")]
    report = measure(pairs, seed=0, per_pair=1, kinds=[kind for kind in KINDS if kind.name in PLANTED])
    alarms = report.false_alarms
    assert alarms.pairs > 100
    assert alarms.summaries <= 3
    assert alarms.cards <= 12
    assert all(result.caught >= 0.75 * len(result.outcomes) > 0 for result in report.kinds)


def test_what_is_too_close_is_not_exchanged() -> None:
    """A unit and its parent, two classes of one ticker: what is said of one may well hold for the other."""
    casts = {pair.article.id: pair.cast for pair in gold_pairs(GOLDS, "dev")}
    hyundai = casts["apple-hyundai-car-talks"]
    one, other = (next(member for member in hyundai.organisations if member[0] == name) for name in ("Hyundai Motor", "Hyundai Mobis"))
    apple = next(member for member in hyundai.organisations if member[0] == "Apple")
    assert hyundai.are_related(one, other)
    assert not hyundai.are_related(one, apple)
