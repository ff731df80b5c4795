"""One verdict of two judgements: the same two analyses, shown in both orders. What changes with the order is no answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from agent.article import Article
from evals.judge.questions import QUESTIONS, Answer, Judgement, Messages, QuestionId, messages

Ask = Callable[[Messages], Awaitable[Judgement]]
"""One call of the judge."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the judge says of analyses `a` and `b`. None: it said otherwise when they changed places.

    `better` is `tie` where it prefers neither in both orders.
    """

    a: Mapping[QuestionId, Answer | None]
    b: Mapping[QuestionId, Answer | None]
    better: Literal["a", "b", "tie"] | None
    faults_a: tuple[str, ...] = ()
    faults_b: tuple[str, ...] = ()


async def judged(article: Article, a: str, b: str, ask: Ask) -> Verdict:
    """Ask twice, with `a` first and with `b` first. Raises what `ask` raises."""
    ab, ba = await asyncio.gather(ask(messages(article, a, b)), ask(messages(article, b, a)))
    return verdict(ab, ba)


def verdict(ab: Judgement, ba: Judgement) -> Verdict:
    """What both judgements agree on; `ab` saw `a` first, `ba` saw `b` first."""
    preferred = {"first": "a", "second": "b", "neither": "tie"}[ab.better]
    swapped = {"first": "b", "second": "a", "neither": "tie"}[ba.better]
    return Verdict(
        a={question: _agreed(ab.first.by_question[question], ba.second.by_question[question]) for question in QUESTIONS},
        b={question: _agreed(ab.second.by_question[question], ba.first.by_question[question]) for question in QUESTIONS},
        better=preferred if preferred == swapped else None,  # type: ignore[arg-type]  # the three words above
        faults_a=tuple(filter(None, (ab.first.fault, ba.second.fault))),
        faults_b=tuple(filter(None, (ab.second.fault, ba.first.fault))),
    )


def _agreed(one: Answer, other: Answer) -> Answer | None:
    return one if one == other else None
