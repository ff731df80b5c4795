"""How far the judge is to be believed: analyses with a planted fault beside the faithful ones, and faithful ones beside faithful ones."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent.article import Article
from evals.judge.asking import JudgeFailed
from evals.judge.verdicts import Ask, Verdict, judged
from evals.planted.kinds import KINDS, plants
from evals.planted.pairs import Pair, load_pairs
from evals.planted.plant import Plant

KINDS_OF_PROSE = (
    "digit swap",
    "scale swap",
    "direction flip",
    "moved number",
    "name swap",
    "invented name",
    "dropped not, prose",
    "altered quote, prose",
)
CONTROL = "both faithful"
SEED = 1

AT_ONCE = 8
"""Trials in flight without a setting."""


@dataclass(frozen=True, slots=True)
class Trial:
    """Two analyses of one article. `b` holds a planted fault of `kind`, or is as faithful as `a`."""

    kind: str
    article: Article
    a: str
    b: str

    @property
    def faulty(self) -> bool:
        """Whether `b` holds a fault."""
        return self.kind != CONTROL


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the judge made of the trials of one kind; counts of trials, `alarms` of faithful analyses called wrong, of `faithful`.

    The same faithful analysis stands in trials of several kinds, so how sure the alarms are goes by `articles`, and those `alarmed`.

    `unjudged` trials, those that the judge gave no usable judgement of, are in none of the other counts.
    """

    kind: str
    trials: int
    caught: int
    preferred: int
    changed: int
    faithful: int
    alarms: int
    unjudged: int = 0
    articles: frozenset[str] = frozenset()
    alarmed: frozenset[str] = frozenset()


def trials(per_kind: int) -> list[Trial]:
    """Up to `per_kind` trials of each kind, from different articles as far as they go, and as many controls as articles have two drafts."""
    pairs = load_pairs()
    found: list[Trial] = []
    for number, name in enumerate(KINDS_OF_PROSE):
        kind = next(kind for kind in KINDS if kind.name == name)
        # Each kind begins at another article, so that a few trials of every kind see them all.
        turned = [*pairs[number * per_kind % len(pairs) :], *pairs[: number * per_kind % len(pairs)]]
        chosen = (plant for pair in _one_per_article(turned) for plant in plants(kind, pair, seed=SEED, count=40) if _in_analysis(plant))
        found += [_trial(plant) for plant in _first_of_each(chosen, per_kind)]
    return found + _controls(pairs, per_kind * 2)


async def agreement(found: Sequence[Trial], ask: Ask, *, at_once: int = AT_ONCE) -> list[Agreed]:
    """Judge all trials, `at_once` of them at a time. Raises what `ask` raises, but for JudgeFailed."""
    gate = asyncio.Semaphore(at_once)

    async def one(trial: Trial) -> Verdict | None:
        async with gate:
            try:
                return await judged(trial.article, trial.a, trial.b, ask)
            except JudgeFailed:
                return None

    verdicts = list(zip(found, await asyncio.gather(*map(one, found)), strict=True))
    kinds = dict.fromkeys(trial.kind for trial in found)
    return [_agreed(kind, [(trial, said) for trial, said in verdicts if trial.kind == kind]) for kind in kinds]


def kappa(rows: Sequence[Agreed]) -> float | None:
    """Cohen's kappa between "this analysis holds a fault" as it is and as the judge says, over all analyses; None without any."""
    caught, missed = sum(row.caught for row in rows), sum(row.trials - row.caught for row in rows if row.kind != CONTROL)
    alarms, right = sum(row.alarms for row in rows), sum(row.faithful - row.alarms for row in rows)
    total = caught + missed + alarms + right
    if not total:
        return None
    observed = (caught + right) / total
    chance = ((caught + missed) * (caught + alarms) + (alarms + right) * (missed + right)) / total**2
    return (observed - chance) / (1 - chance) if chance < 1 else 1.0


def _agreed(kind: str, found: Sequence[tuple[Trial, Verdict | None]]) -> Agreed:
    verdicts = [(trial, said) for trial, said in found if said is not None]
    faulty = [said for trial, said in verdicts if trial.faulty]
    faithful = [(trial.article.id, said.a) for trial, said in verdicts]
    faithful += [(trial.article.id, said.b) for trial, said in verdicts if not trial.faulty]
    return Agreed(
        kind=kind,
        trials=len(verdicts),
        caught=sum(_wrong(said.b) for said in faulty),
        preferred=sum(said.better == "a" for said in faulty),
        changed=sum(said.better is None for _, said in verdicts),
        faithful=len(faithful),
        alarms=sum(_wrong(said) for _, said in faithful),
        unjudged=len(found) - len(verdicts),
        articles=frozenset(article for article, _ in faithful),
        alarmed=frozenset(article for article, said in faithful if _wrong(said)),
    )


def _wrong(answers: object) -> bool:
    assert isinstance(answers, dict)
    return "no" in (answers["supported"], answers["faithful"])


def _in_analysis(plant: Plant) -> bool:
    return all(edit.where == "analysis" for edit in plant.edits)


def _trial(plant: Plant) -> Trial:
    return Trial(plant.kind, plant.article, plant.pair.draft.analysis, plant.draft.analysis)


def _one_per_article(pairs: Sequence[Pair]) -> list[Pair]:
    return list({pair.article.id: pair for pair in pairs}.values())


def _first_of_each(found: Iterator[Plant], count: int) -> list[Plant]:
    first: dict[str, Plant] = {}
    for plant in found:
        first.setdefault(plant.article.id, plant)
        if len(first) == count:
            break
    return list(first.values())


def _controls(pairs: Sequence[Pair], count: int) -> list[Trial]:
    """Two drafts of one article, both faithful."""
    by_article: dict[str, list[Pair]] = {}
    for pair in pairs:
        by_article.setdefault(pair.article.id, []).append(pair)
    found = [
        Trial(CONTROL, two[0].article, two[0].draft.analysis, two[1].draft.analysis)
        for two in by_article.values()
        if len(two) > 1 and two[0].draft.analysis != two[1].draft.analysis
    ]
    return found[:count]
