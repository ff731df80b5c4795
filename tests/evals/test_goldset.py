"""The gold cards: well-formed, faithful to their own articles, decided where the labellings differ, and a split that stays."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.goldset import FOLDER, GoldCard, adjudications, first_labelling, load_gold, second_labelling
from evals.goldset.__main__ import main
from evals.goldset.agreement import agreement, alpha, kappa, ordinal
from evals.goldset.lint import lint
from evals.goldset.whole import faults_of_set, gate_digest, likeness
from evals.planted.golds import gold_pairs
from evals.planted.kinds import KINDS
from evals.planted.measuring import measure
from evals.planted.references import PLANTED

GOLDS = load_gold()
BY_ID = {gold.id: gold for gold in GOLDS}
LABELS = ["strongly negative", "negative", "neutral", "positive", "strongly positive"]
GATE_DIGEST = "600cd584e1147d5a1d34e62b10d0ed90a9916f7b09cc51e5aa31ec6c7a9ac11e"
GATE_SIZE = 48


def changed(gold: GoldCard, part: str, **values: Any) -> GoldCard:
    """`gold` with some values of its card, its article or itself ("" as part) replaced."""
    if not part:
        return gold.model_copy(update=values)
    return gold.model_copy(update={part: getattr(gold, part).model_copy(update=values)})


def test_the_gate_is_frozen() -> None:
    """No id leaves `gate` or gets in by accident. A new card that falls there changes the digest, on purpose and in review."""
    assert sum(gold.split == "gate" for gold in GOLDS) == GATE_SIZE
    assert gate_digest(GOLDS) == GATE_DIGEST


def test_a_card_that_moves_changes_the_digest() -> None:
    """Dropped or renamed, it is seen."""
    gate = next(gold for gold in GOLDS if gold.split == "gate")
    assert gate_digest([gold for gold in GOLDS if gold is not gate]) != gate_digest(GOLDS)


FAULTY: list[tuple[str, Callable[[GoldCard], GoldCard], str]] = [
    ("id", lambda gold: changed(gold, "", id="Not Kebab"), "kebab"),
    ("no zone", lambda gold: changed(gold, "article", published_at=datetime(2020, 1, 1)), "time zone"),  # noqa: DTZ001  the fault itself
    ("future", lambda gold: changed(gold, "article", published_at=datetime(2999, 1, 1, tzinfo=UTC)), "in the future"),
    ("length", lambda gold: changed(gold, "article", text="word " * 100), "neither a brief"),
    ("tag", lambda gold: changed(gold, "", tags=[*gold.tags, "gossip"]), "no tag 'gossip'"),
    ("false tag", lambda gold: changed(gold, "", tags=[*gold.tags, "transcript"]), "'transcript' must not be there"),
    ("tag left out", lambda gold: with_choice(gold, "tickers", must=[]), "'no-ticker' must be there"),
    ("topic", lambda gold: with_choice(gold, "topics", must=["Gossip"]), "no topic 'Gossip'"),
    ("topic twice", lambda gold: with_choice(gold, "topics", may=gold.judged.topics.must), "is there twice"),  # type: ignore[union-attr]
    ("symbol", lambda gold: with_choice(gold, "tickers", may=["QQQZZ"]), "QQQZZ isn't in the symbol table"),
    ("ticker of nobody", lambda gold: with_choice(gold, "tickers", must=["PTON", "IBM"]), "IBM must be there but is no entity's"),
    ("class left out", lambda gold: with_choice(gold, "tickers", may=[], must=["GOOG"]), "GOOG without its issuer's other classes"),
    ("entity's ticker", lambda gold: with_choice(gold, "tickers", must=[]), "PTON is an entity's and not among"),
    ("entity", lambda gold: changed(gold, "card", entities=[renamed(gold)]), "Nobody Ltd isn't in the article"),
    ("summary", lambda gold: changed(gold, "card", summary="Too short."), "the reference summary has 2 words"),
    ("fact", lambda gold: changed(gold, "card", facts=[["unheard of"]]), "unheard of"),
    ("forbidden", lambda gold: changed(gold, "card", forbid=["PELOTON"]), "which is forbidden"),
    ("injection", lambda gold: changed(gold, "card", forbid=["zzz"]), "nothing of the planted orders"),
    ("levels", lambda gold: changed(gold, "", notes="no levels"), "five impact levels"),
    ("impact", lambda gold: changed(gold, "", notes="levels m0 b0 s0 i0 c0"), "the levels make an impact of 0.0"),
    ("grounding", lambda gold: changed(gold, "card", summary=f"{gold.judged.summary} It costs $777."), "$777"),  # type: ignore[union-attr]
]


def with_choice(gold: GoldCard, field: str, **values: list[str]) -> GoldCard:
    """`gold` with what must or may be there replaced."""
    return changed(gold, "card", **{field: getattr(gold.card, field).model_copy(update=values)})


def renamed(gold: GoldCard) -> Any:
    """The card's first entity, under a name that the article hasn't."""
    assert gold.judged is not None
    return gold.judged.entities[0].model_copy(update={"name": "Nobody Ltd", "aliases": []})


@pytest.mark.parametrize(("spoil", "says"), [case[1:] for case in FAULTY], ids=[case[0] for case in FAULTY])
def test_a_fault_is_named(spoil: Callable[[GoldCard], GoldCard], says: str) -> None:
    """One thing made wrong on a card without fault."""
    gold = BY_ID["peloton-foley-steps-down"]
    assert list(lint(gold)) == []
    assert any(says in fault for fault in lint(spoil(gold)))


def copied(tmp_path: Path) -> Path:
    """The gold folder, to be spoilt."""
    return Path(shutil.copytree(FOLDER, tmp_path / "gold"))


def test_a_near_copy_is_named(tmp_path: Path) -> None:
    """The same article under another id, which also has no labelling."""
    folder = copied(tmp_path)
    text = (folder / "ding-wins-chess-title.yaml").read_text("utf-8")
    (folder / "ding-again.yaml").write_text(text.replace("id: ding-wins-chess-title", "id: ding-again"), "utf-8")
    found = faults_of_set(folder)
    assert (
        "ding-wins-chess-title and ding-again are near copies" in found or "ding-again and ding-wins-chess-title are near copies" in found
    )
    assert "ding-again: not in both the cards and the second labelling" in found


def test_one_story_on_both_sides_of_the_split_is_named(tmp_path: Path) -> None:
    """Two cards on one issuer's day."""
    folder = copied(tmp_path)
    one, other = BY_ID["apple-barclays-downgrade"], next(gold for gold in GOLDS if gold.split != BY_ID["apple-barclays-downgrade"].split)
    path = folder / f"{other.id}.yaml"
    told = yaml.safe_load(path.read_bytes())
    told["article"]["published_at"] = one.article.published_at
    told["card"] = yaml.safe_load((folder / f"{one.id}.yaml").read_bytes())["card"]
    path.write_text(yaml.safe_dump(told), "utf-8")
    assert any("tell of AAPL on one day" in fault for fault in faults_of_set(folder))


def test_a_fact_must_be_in_the_reference_as_it_is_scored() -> None:
    """Not within a longer figure: the score wouldn't count it, however the card says it."""
    gold = changed(BY_ID["apple-barclays-downgrade"], "card", summary="Shares fell 17%.", facts=[["7%"]])
    assert "no way to say ['7%'] is in the reference summary" in [*lint(gold)]


def test_two_cards_with_one_id_are_named(tmp_path: Path) -> None:
    """Also when the file's name is another."""
    folder = copied(tmp_path)
    shutil.copy(folder / "ding-wins-chess-title.yaml", folder / "ding-again.yaml")
    assert "ding-wins-chess-title: two cards have this id" in faults_of_set(folder)


def test_a_disagreement_needs_a_decision(tmp_path: Path) -> None:
    """Without the record the linter names each."""
    folder = copied(tmp_path)
    (folder / "adjudication.json").write_text("[]", "utf-8")
    undecided = [fault for fault in faults_of_set(folder) if "has no decision" in fault]
    assert len(undecided) == sum(ruling.second is not None for ruling in adjudications())


def test_a_card_must_have_what_was_decided(tmp_path: Path) -> None:
    """A decision that the card doesn't follow is a fault."""
    folder = copied(tmp_path)
    path = folder / "nvidia-crypto-hangover.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("label: strongly negative, accept: [negative]", "label: negative, accept: []"), "utf-8")
    assert any(fault.startswith("nvidia-crypto-hangover: sentiment: decided as strongly negative") for fault in faults_of_set(folder))


def test_articles_on_different_events_are_unlike() -> None:
    """Far below what counts as a near copy; an article is wholly like itself."""
    assert likeness(GOLDS[0], GOLDS[0]) == 1
    assert all(likeness(one, other) < 0.1 for one, other in pairwise(GOLDS))


def test_alpha_of_nominal_values_is_krippendorffs() -> None:
    """His example of ten units and two coders (Computing Krippendorff's Alpha-Reliability, 2011, section A): 0.095."""
    meg, owen = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    assert alpha([*zip(meg, owen, strict=True)], lambda one, other: float(one != other)) == pytest.approx(0.095, abs=0.001)


@settings(deadline=None)  # the first example imports nltk
@given(st.lists(st.tuples(st.sampled_from(LABELS), st.sampled_from(LABELS)), min_size=2, max_size=30))
def test_ordinal_alpha_knows_no_coder(pairs: list[tuple[str, str]]) -> None:
    """Coders may be swapped; without a difference it is 1, or undefined where nothing could differ; never above 1."""
    value = alpha(pairs, ordinal(pairs))
    swapped = [(other, one) for one, other in pairs]
    assert value == (None if value is None else pytest.approx(alpha(swapped, ordinal(swapped))))
    same = [(one, one) for one, _ in pairs]
    assert alpha(same, ordinal(same)) in {None, 1.0}
    assert value is None or value <= 1


def test_a_near_miss_costs_less_than_a_far_one() -> None:
    """Ordinal alpha and quadratic kappa both see how far apart labels are."""
    base = [(label, label) for label in LABELS * 4]
    near, far = [*base, ("negative", "strongly negative")], [*base, ("strongly positive", "strongly negative")]
    assert 1 > kappa(near) > kappa(far)
    near_alpha, far_alpha = alpha(near, ordinal(near)), alpha(far, ordinal(far))
    assert near_alpha is not None
    assert far_alpha is not None
    assert 1 > near_alpha > far_alpha


def test_labels_at_random_agree_by_chance() -> None:
    """Alpha and kappa near 0."""
    rng = random.Random(7)
    pairs = [(rng.choice(LABELS), rng.choice(LABELS)) for _ in range(2000)]
    assert alpha(pairs, ordinal(pairs)) == pytest.approx(0, abs=0.08)
    assert kappa(pairs) == pytest.approx(0, abs=0.08)


def test_agreement_is_of_the_labellings_as_made() -> None:
    """A card that was changed afterwards changes no figure."""
    first, second = first_labelling(), second_labelling()
    rows = agreement(GOLDS, first, second)
    gold = BY_ID["nvidia-crypto-hangover"]
    assert gold.judged is not None
    assert first[gold.id].sentiment == "negative"
    relabelled = changed(gold, "card", sentiment=gold.judged.sentiment.model_copy(update={"label": "positive"}))
    assert agreement([relabelled if one.id == gold.id else one for one in GOLDS], first, second) == rows


def test_no_card_has_a_fault_and_the_command_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    """Every card and the set are linted; the tables are those of the datasheet."""
    assert main() == 0
    out = capsys.readouterr().out
    assert "| overall sentiment | alpha, ordinal |" in out
    assert out.endswith("no fault found\n")
    table = out.split("\n\n", maxsplit=1)[0]
    assert table in (FOLDER / "README.md").read_text("utf-8")


def test_the_checks_are_seldom_wrong_on_reference_prose() -> None:
    """On articles that no check was built on: the published rates can't slip unseen."""
    pairs = [*gold_pairs(GOLDS, "dev"), *gold_pairs(GOLDS, "gate")]
    report = measure(pairs, seed=0, per_pair=1, kinds=[kind for kind in KINDS if kind.name in PLANTED])
    alarms = report.false_alarms
    assert alarms.pairs > 100
    assert alarms.summaries <= 3
    assert alarms.cards <= 15
    floors = {result.kind.name: 0.75 if result.kind.reach else 0.1 for result in report.kinds}
    assert all(result.caught >= floors[result.kind.name] * len(result.outcomes) > 0 for result in report.kinds)


def test_what_is_too_close_is_not_exchanged() -> None:
    """A unit and its parent, two classes of one ticker: what is said of one may well hold for the other."""
    casts = {pair.article.id: pair.cast for pair in gold_pairs(GOLDS, "dev")}
    hyundai = casts["apple-hyundai-car-talks"]
    one, other = (next(member for member in hyundai.organisations if member[0] == name) for name in ("Hyundai Motor", "Hyundai Mobis"))
    apple = next(member for member in hyundai.organisations if member[0] == "Apple")
    assert hyundai.are_related(one, other)
    assert not hyundai.are_related(one, apple)
