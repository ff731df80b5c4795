"""`newscard eval judge`: a model's opinion of a run's analyses."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from agent.article import Article
from agent.cli.messages import say
from agent.cli.output import print_out
from agent.errors import UsageError
from agent.settings import Settings
from evals.commands.showing import loaded
from evals.judge.asking import JudgeFailed, JudgeModel
from evals.judge.questions import QUESTIONS
from evals.judge.recorded import RecordedJudge
from evals.judge.verdicts import Ask, Verdict, judged
from evals.planted.intervals import wilson
from evals.runs import Run

RECORD = "judge.jsonl"
AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Contest:
    """Two analyses of one article; `b` is the run's own."""

    article: Article
    a: str
    b: str


def judge(path: Path, against: Path | None, model: str | None, data: Sequence[str]) -> int:
    """Judge, print, and say what the figures are worth."""
    run = loaded(path, data)
    other = loaded(against, data) if against else None
    found = contests(run, other)
    if not found:
        raise UsageError(f"{path}: it has no analysis that another one of the same article could be held against")
    for one in (run, other):
        if one and one.invalid_because:
            say(f"invalid: {one.path}: {one.invalid_because}")
    verdicts, judge_name = asyncio.run(_verdicts(found, path / RECORD, model))
    print_out(table(verdicts, "gold's reference" if other is None else other.manifest.name))
    say(f"judged by {judge_name or 'nobody yet'}; {len(run.samples) - len(verdicts)} of {len(run.samples)} articles aren't in it")
    say("a judge errs too: `python -m evals.judge` prints how far it agrees with planted faults, and no gate stands on it")
    return 0


def contests(run: Run, other: Run | None) -> list[Contest]:
    """The articles of which both sides have an analysis."""
    found = []
    for sample in run.samples:
        card = run.cards.get((sample.id, 0))
        rival = other.cards.get((sample.id, 0)) if other else None
        a = rival.analysis if rival else (sample.gold.analysis or "") if other is None else ""
        if card and card.analysis and a and a != card.analysis:
            found.append(Contest(sample.article, a, card.analysis))
    return found


async def _verdicts(found: Sequence[Contest], record: Path, model: str | None) -> tuple[list[Verdict], str]:
    """One verdict a contest, and who judged; those that the judge fails at are left out, and told."""
    async with AsyncExitStack() as stack:
        live: Ask | None = None
        settings = Settings.from_env(model=model)
        if model is not None:
            live = await stack.enter_async_context(JudgeModel(settings))
        ask = RecordedJudge(record, live, label=model or "")
        gate = asyncio.Semaphore(settings.concurrency or AT_ONCE)

        async def one(contest: Contest) -> Verdict | None:
            async with gate:
                try:
                    return await judged(contest.article, contest.a, contest.b, ask)
                except JudgeFailed as exc:
                    say(f"{contest.article.id}: {exc}")
                    return None

        return [verdict for verdict in await asyncio.gather(*map(one, found)) if verdict is not None], ask.label


def table(verdicts: Sequence[Verdict], other: str) -> str:
    """Who is preferred, and how often each question is answered with yes in both orders."""
    preferred = Counter(verdict.better for verdict in verdicts)
    lines = [
        f"{len(verdicts)} articles, each judged in both orders",
        "",
        f"the run's analysis is preferred    {_share(preferred['b'], len(verdicts))}",
    ]
    lines += [f"{other[:34]:34} {_share(preferred['a'], len(verdicts))}", f"{'neither':34} {_share(preferred['tie'], len(verdicts))}"]
    lines += [
        f"{'the order decided':34} {_share(preferred[None], len(verdicts))}",
        "",
        f"{'answered with yes':16} {'the run':>24} {other[:24]:>26}",
    ]
    for question in QUESTIONS:
        own = [verdict.b[question] for verdict in verdicts if verdict.b[question]]
        rival = [verdict.a[question] for verdict in verdicts if verdict.a[question]]
        lines.append(f"{question:16} {_share(own.count('yes'), len(own)):>24} {_share(rival.count('yes'), len(rival)):>26}")
    return "\n".join(lines)


def _share(hits: int, trials: int) -> str:
    low, high = wilson(hits, trials)
    return f"{hits / trials:.0%} ({low:.0%} to {high:.0%})" if trials else "-"
