"""A card beside its gold."""

from __future__ import annotations

from typing import Any

from evals.goldset import Choice, GoldEntity, GoldImpact, GoldSentiment
from evals.report.beside import Marked, all_beside
from tests.evals.report.made import a_card, a_sample, evaluated
from tests.present.sample import CARD


def test_a_card_as_gold_has_it_is_right_throughout() -> None:
    """No mark but right, nothing lacking."""
    (one,) = all_beside(evaluated([a_sample()], [a_card()]))
    marks = {marked.mark for marked in (*one.tickers, *one.topics, one.sentiment, one.impact) if marked}
    assert marks == {"right"}
    assert {pairing.mark for pairing in one.entities} == {"right"}


def test_what_is_missing_too_much_or_allowed_is_marked() -> None:
    """The card's own order first, then what it misses."""
    gold = Choice(must=["AAA", "CCC"], may=["BBB"])
    (one,) = all_beside(evaluated([a_sample(tickers=gold)], [a_card(tickers=["DDD", "BBB", "AAA"])]))
    assert list(one.tickers) == [Marked("DDD", "extra"), Marked("BBB", "allowed"), Marked("AAA", "right"), Marked("CCC", "missing")]


def test_a_wrong_label_and_impact_stand_beside_the_right_ones() -> None:
    """With all that would have been accepted."""
    sample = a_sample(sentiment=GoldSentiment(label="strongly positive", accept=["positive"]), impact=GoldImpact(value=1, low=0.9, high=1))
    (one,) = all_beside(evaluated([sample], [a_card(market_impact=0.2)]))
    assert one.sentiment == Marked(CARD.sentiment.label, "wrong")  # type: ignore[union-attr]
    assert one.wanted_sentiment == "strongly positive or positive"
    assert (one.impact, one.wanted_impact) == (Marked("0.20", "wrong"), "1.00 (0.90 to 1.00)")


def test_entities_of_both_sides_are_shown() -> None:
    """One that gold has and the card hasn't is missing; one the card adds is only an error where gold has all of them."""
    unknown = GoldEntity(name="Zorro Motors", aliases=[], kind="private company", tickers=[], sentiment="neutral")
    for complete, mark in ((False, "plain"), (True, "extra")):
        (one,) = all_beside(evaluated([a_sample(entities=(unknown,), entities_complete=complete)], [a_card()]))
        assert one.entities[0].mark == "missing"
        assert {pairing.mark for pairing in one.entities[1:]} == {mark}
        assert len(one.entities) == 1 + len(CARD.entities)


def test_the_worst_come_first() -> None:
    """Without a card, then with the most wrong, then by id."""
    samples = [a_sample("good"), a_sample("bad", tickers=Choice(must=["ZZZ"])), a_sample("none"), a_sample("also-good")]
    found = all_beside(evaluated(samples, [a_card("good"), a_card("bad"), a_card("also-good")], {"none": "NoReply"}))
    assert [one.sample.id for one in found] == ["none", "bad", "also-good", "good"]
    assert found[0].failure == "NoReply"


def test_an_abstention_is_shown_where_one_side_abstains() -> None:
    """Right and wrong ones."""
    abstained = {"status": "abstained", "abstained_because": "no text", "sentiment": None, "market_impact": None}
    right, wrong, missed = a_sample("right", abstain=True), a_sample("wrong"), a_sample("missed", abstain=True)
    cards = [a_card("right", **abstained), a_card("wrong", **abstained), a_card("missed")]
    by_id = {one.sample.id: one.abstention for one in all_beside(evaluated([right, wrong, missed], cards))}
    assert {name: marked.mark for name, marked in by_id.items() if marked} == {"right": "right", "wrong": "wrong", "missed": "wrong"}


def test_facts_and_forbidden_strings_are_looked_for() -> None:
    """In the summary, and anywhere on the card."""
    word = CARD.summary.split()[0]
    (one,) = all_beside(evaluated([a_sample(facts=((word,), ("zzz", "yyy")), forbid=(word,))], [a_card()]))
    assert list(one.facts) == [Marked(word, "right"), Marked("zzz", "missing")]
    assert list(one.forbidden) == [word]


def test_a_fact_is_marked_as_it_is_scored() -> None:
    """The beginning of a word carries a fact; the page may not show as missing what the score counts."""
    begun = CARD.summary.split()[0][:4]
    run = evaluated([a_sample(facts=((begun,),))], [a_card()])
    assert run.scores["summary.facts"][0].value == 1.0
    assert list(all_beside(run)[0].facts) == [Marked(begun, "right")]


def test_what_gold_does_not_know_is_neither_right_nor_wrong() -> None:
    """A set with gold for nothing."""
    nothing: dict[str, Any] = dict.fromkeys(("abstain", "tickers", "topics", "sentiment", "entities", "impact", "facts", "summary"))
    (one,) = all_beside(evaluated([a_sample(**nothing)], [a_card()]))
    assert {marked.mark for marked in (*one.tickers, *one.topics, one.sentiment, one.impact) if marked} == {"plain"}
