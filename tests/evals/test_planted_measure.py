"""The measurement of planted faults: what counts as caught, how sure a rate is, and what is printed."""

from __future__ import annotations

import json
import sys
from dataclasses import replace

import pytest

from agent.card import Checks, Finding, Tally
from agent.grounding import Grounded, ground
from agent.symbols import load_symbols
from agent.taxonomy import load_taxonomy
from evals.planted.__main__ import as_json, as_text, main, missed
from evals.planted.intervals import clustered, wilson
from evals.planted.judging import caught_by, findings
from evals.planted.kinds import KINDS, plants
from evals.planted.measuring import Report, false_alarms, measure
from evals.planted.pairs import Pair, load_pairs
from evals.planted.plant import Edit, Plant, in_text

PAIRS = load_pairs()
PAIR = next(pair for pair in PAIRS if pair.id == "apple-record-buyback.3")


def grounded(pair: Pair, **checks: object) -> Grounded:
    """The faithful draft's grounding, with only these checks on it."""
    plain = ground(pair.article, pair.draft, load_symbols(), load_taxonomy())
    return replace(plain, checks=Checks.model_validate(checks), faults=())


def a_plant(old: str = "rose about 6%", new: str = "fell about 6%") -> Plant:
    """Another word in the summary."""
    start = PAIR.draft.summary.index(old)
    plant = in_text("direction flip", "test", PAIR, Edit("summary", old, new, start, start + len(old)))
    assert plant is not None
    return plant


def a_finding(plant: Plant, claim: str, *, where: str = "summary", spanned: bool = True) -> Finding:
    """A finding about those words of the faulty draft."""
    start = plant.draft.summary.index(claim) if spanned else None
    return Finding(where=where, claim=claim, reason="because", start=start, end=None if start is None else start + len(claim))


def test_a_finding_at_the_place_catches() -> None:
    """Whatever check it is of."""
    plant = a_plant()
    for check in ("coherence", "injection"):
        assert caught_by(plant, grounded(PAIR, **{check: [a_finding(plant, "6%")]}), grounded(PAIR)) == {check}
    tally = Tally(stated=1, supported=0, unsupported=[a_finding(plant, "6%")])
    assert caught_by(plant, grounded(PAIR, numbers=tally), grounded(PAIR)) == {"numbers"}


def test_a_finding_without_offsets_is_looked_up_by_its_claim() -> None:
    """Its claim is the field's wording."""
    plant = a_plant()
    assert caught_by(plant, grounded(PAIR, coherence=[a_finding(plant, "6%", spanned=False)]), grounded(PAIR))
    assert not caught_by(plant, grounded(PAIR, coherence=[a_finding(plant, "$110 billion", spanned=False)]), grounded(PAIR))


def test_a_finding_elsewhere_catches_nothing() -> None:
    """Another place, another field."""
    plant = a_plant()
    elsewhere = [a_finding(plant, "$110 billion"), a_finding(plant, "6%", where="analysis")]
    assert not caught_by(plant, grounded(PAIR, coherence=elsewhere), grounded(PAIR))


def test_what_was_found_before_the_fault_catches_nothing() -> None:
    """A check that complains anyway is no proof."""
    plant = a_plant()
    noisy = grounded(PAIR, coherence=[a_finding(plant, "6%")])
    assert not caught_by(plant, noisy, noisy)


def test_a_complaint_about_form_catches_nothing() -> None:
    """It says nothing of truth."""
    plant = a_plant()
    assert not caught_by(plant, grounded(PAIR, form=[a_finding(plant, "6%")]), grounded(PAIR))


def test_a_withheld_symbol_is_a_catch() -> None:
    """The entity may stay on the card, its ticker not."""
    kind = next(kind for kind in KINDS if kind.name == "invented ticker")
    (plant,) = plants(kind, PAIR, seed=1, count=1)
    without = grounded(PAIR)
    assert caught_by(plant, without, without) == {"tickers"}
    published = replace(without, tickers=(*without.tickers, *plant.symbols))
    assert not caught_by(plant, published, without)


def test_a_fault_outside_every_check_is_listed_too() -> None:
    """`faults` may hold what no check does."""
    plant = a_plant()
    only_fault = replace(grounded(PAIR), faults=(a_finding(plant, "6%"),))
    assert findings(only_fault) == [("faults", a_finding(plant, "6%"))]


def test_false_alarms_are_counted_by_check_and_by_card() -> None:
    """Findings of form are counted apart."""
    plant = a_plant()
    cards = {
        "a": grounded(PAIR, coherence=[a_finding(plant, "6%"), a_finding(plant, "4%")]),
        "b": grounded(PAIR, form=[a_finding(plant, "6%")]),
        "c": grounded(PAIR),
    }
    alarms = false_alarms(cards)
    assert dict(alarms.findings) == {"coherence": 2, "form": 1}
    assert dict(alarms.flagged) == {"coherence": 1, "form": 1}
    assert (alarms.pairs, alarms.cards, alarms.summaries) == (3, 1, 1)


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"), [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (50, 100, 0.4038, 0.5962), (0, 0, 0.0, 1.0)]
)
def test_wilsons_interval(hits: int, trials: int, low: float, high: float) -> None:
    """Published values."""
    assert wilson(hits, trials) == pytest.approx((low, high), abs=5e-4)


def test_a_cluster_counts_as_one_draw() -> None:
    """A hundred alike in two articles tell less than a hundred apart."""
    two = clustered({"a": [True] * 50, "b": [False] * 50}, seed=0)
    assert two == (0.0, 1.0)
    many = clustered({str(index): [index % 2 == 0] for index in range(100)}, seed=0)
    assert 0.35 < many[0] < 0.5 < many[1] < 0.65
    assert clustered({}, seed=0) == (0.0, 1.0)


@pytest.fixture(scope="module")
def report() -> Report:
    """One plant of each kind in every third pair."""
    return measure(PAIRS[::3], seed=1, per_pair=1)


def test_the_report_has_every_kind(report: Report) -> None:
    """In the table's order, with its count and reach."""
    assert [result.kind for result in report.kinds] == list(KINDS)
    assert all(result.outcomes for result in report.kinds)
    text = as_text(report)
    assert all(kind.name in text for kind in KINDS)
    assert "median" in text


def test_the_report_is_the_same_every_time(report: Report) -> None:
    """All but the times."""
    timeless = {key: value for key, value in as_json(report).items() if not key.endswith("_ms")}
    again = {key: value for key, value in as_json(measure(PAIRS[::3], seed=1, per_pair=1)).items() if not key.endswith("_ms")}
    assert timeless == again


def test_faithful_cards_raise_hardly_an_alarm() -> None:
    """At most three in a hundred, over all pairs."""
    untouched = {pair.id: ground(pair.article, pair.draft, load_symbols(), load_taxonomy()) for pair in PAIRS}
    alarms = false_alarms(untouched)
    assert alarms.cards <= 0.03 * alarms.pairs, alarms.examples


def test_misses_are_listed_with_their_surroundings(report: Report) -> None:
    """Which pair, what was changed, where."""
    for result in report.kinds:
        lines = missed(result, 3)
        assert len(lines) == min(3, len(result.outcomes) - result.caught)
        assert all(line.split(",")[0] in {pair.id for pair in PAIRS} for line in lines)


def test_the_command_prints_a_table_or_json(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """One kind only, to be quick."""
    command = ["evals.planted", "--kind", "altered quote, evidence", "--per-pair", "1", "--seed", "2"]
    monkeypatch.setattr(sys, "argv", [*command, "--misses", "2"])
    assert main() == 0
    assert "altered quote, evidence" in capsys.readouterr().out
    monkeypatch.setattr(sys, "argv", [*command, "--json"])
    assert main() == 0
    values = json.loads(capsys.readouterr().out)
    assert (values["seed"], values["per_pair"], values["kinds"][0]["rate"]) == (2, 1, 1.0)
