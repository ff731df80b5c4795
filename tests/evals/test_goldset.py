"""The gold cards: well-formed, faithful to their own articles, and a split that stays."""

from __future__ import annotations

import pytest

from evals.goldset import GoldCard, agreement, lint, load_gold, second_labelling
from evals.planted.measuring import false_alarms
from evals.planted.references import grounded

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


def test_the_checks_seldom_flag_reference_prose() -> None:
    """Faithful prose on articles that no check was built on: the published rates can't slip unseen."""
    alarms = false_alarms(grounded(GOLDS))
    assert alarms.pairs > 100
    assert alarms.summaries <= 4
    assert alarms.cards <= 12
