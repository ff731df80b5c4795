"""What is wrong with the gold cards as a set."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

from agent.taxonomy import load_taxonomy
from evals.goldset.cards import FOLDER, GoldCard, load_gold
from evals.goldset.labellings import adjudications, differences, first_labelling, second_labelling
from evals.goldset.lint import lint
from evals.goldset.tags import HARD_CASES

NEAR = 0.2
"""Share of common runs of five words from which two articles count as near copies; two on one subject stay below 0.05."""

_Runs = set[tuple[str, ...]]


def faults(folder: Path = FOLDER) -> list[str]:
    """Every fault of every card and of the set, a line each; empty when all is well."""
    return [*(f"{gold.id}: {fault}" for gold in load_gold(folder) for fault in lint(gold)), *faults_of_set(folder)]


def faults_of_set(folder: Path = FOLDER) -> list[str]:
    """What no card shows alone: ids, copies, what is covered, and decisions."""
    golds = load_gold(folder)
    stems = {path.stem for path in folder.glob("*.yaml")}
    named = [f"{gold.id}: no file is named so" for gold in golds if gold.id not in stems]
    return [*named, *_doubles(golds), *_told_twice(golds), *_coverage(golds), *_decisions(golds, folder)]


def gate_digest(golds: Sequence[GoldCard]) -> str:
    """sha256 (64 hex digits) of the sorted ids of `gate`, a line each: a card that is added changes it, as one that leaves does."""
    return hashlib.sha256("\n".join(sorted(gold.id for gold in golds if gold.split == "gate")).encode()).hexdigest()


def likeness(one: GoldCard, other: GoldCard) -> float:
    """Share 0..1 of the runs of five words that two articles have in common, of the shorter one's."""
    return _common(_runs(one), _runs(other))


def _common(runs: _Runs, theirs: _Runs) -> float:
    return len(runs & theirs) / max(1, min(len(runs), len(theirs)))


def _runs(gold: GoldCard) -> _Runs:
    words = gold.article.text.lower().split()
    return {*zip(*(words[start:] for start in range(5)), strict=False)}


def _doubles(golds: Sequence[GoldCard]) -> Iterator[str]:
    yield from (f"{name}: two cards have this id" for name, count in Counter(gold.id for gold in golds).items() if count > 1)
    for (one, runs), (other, theirs) in combinations([(gold.id, _runs(gold)) for gold in golds], 2):
        if _common(runs, theirs) >= NEAR:
            yield f"{one} and {other} are near copies"


def _told_twice(golds: Sequence[GoldCard]) -> Iterator[str]:
    """One issuer's day is one story: what is tuned on one of its cards is tuned on the others."""
    for one, other in combinations(golds, 2):
        if one.split != other.split and one.article.published_at.date() == other.article.published_at.date():
            symbols = [{*gold.judged.tickers.must} if gold.judged else set() for gold in (one, other)]
            if shared := sorted(symbols[0] & symbols[1]):
                yield f"{one.id} and {other.id} tell of {shared[0]} on one day, one on either side of the split"


def _coverage(golds: Sequence[GoldCard]) -> Iterator[str]:
    tags = {tag for gold in golds for tag in gold.tags}
    yield from (f"no card has the tag {tag!r}" for tag in HARD_CASES if tag not in tags)
    topics = {topic for gold in golds if gold.judged for topic in gold.judged.topics.must}
    yield from (f"the topic {name!r} must be on no card" for name in load_taxonomy().topic_names if name not in topics)


def _decisions(golds: Sequence[GoldCard], folder: Path) -> Iterator[str]:
    first, second = first_labelling(folder), second_labelling(folder)
    for what, labelled in (("first", first), ("second", second)):
        yield from (f"{name}: not in both the cards and the {what} labelling" for name in sorted({gold.id for gold in golds} ^ {*labelled}))
    decided = {(ruling.card, ruling.field): ruling.decision for ruling in adjudications(folder)}
    for gold in golds:
        if gold.id in first and gold.id in second:
            for difference in differences(gold, first[gold.id], second[gold.id]):
                key = (gold.id, difference.field)
                if key not in decided:
                    yield f"{gold.id}: {difference.field}: the labellings differ and adjudication.json has no decision"
                elif decided[key] != difference.now:
                    yield f"{gold.id}: {difference.field}: decided as {decided[key]}, but the card has {difference.now}"
