"""How an article becomes a draft: the first attempt, what is done about each signal, the re-ask, the deadline, the accounts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from agent.article import Article
from agent.card import Finding, Usage
from agent.draft import Draft
from agent.engines import Drafted, FindFaults
from agent.engines.aloud import Aloud
from agent.engines.asking import Asking
from agent.engines.halt import Halt
from agent.engines.replies import Reply, find_draft
from agent.engines.signals import Action, Asked
from agent.engines.talk import NOTHING, Talk, as_line
from agent.engines.wire import Body
from agent.errors import ArticleError, BudgetExceeded, EndpointError
from agent.pacing import Budget, Outcome, Pace, Turn
from agent.prompts import BYTES_PER_TOKEN, Prompts
from agent.settings import Settings

Send = Callable[[], Awaitable[Reply]]

USUAL_OUTPUT = 1_000
"""Tokens of a reply that a rate is charged with until its usage is known: about a long card."""


class Channel(Protocol):
    """What drafting needs of the libraries that send and wait. No method raises for anything an endpoint does."""

    async def post(self, body: Body, asked: Asked, hear: Callable[[str], None] | None = None) -> Reply:
        """One request with that body; `hear` is told the reply as far as it has come, each time that more of it is there."""
        ...

    async def post_again(self, messages: list[dict[str, str]], rest: dict[str, Any], asked: Asked) -> Reply:
        """One request with those messages; `rest` is the body without model and messages."""
        ...

    async def patiently(self, send: Send, *, attempts: int, seconds_left: Callable[[], float]) -> Reply:
        """`send`, repeated after waits while its reply calls for that and attempts and time allow; the last reply."""
        ...


@dataclass(frozen=True, slots=True)
class Drafting:
    """Drafts articles, any number at once; all that changes about one is in its Talk."""

    settings: Settings
    prompts: Prompts
    asking: Asking
    channel: Channel
    pacer: Pace
    budget: Budget | None
    halt: Halt
    aside: Executor | None = None
    """Where drafts are checked while the event loop goes on; None: in it."""

    def expects(self, article: Article) -> Usage:
        """One request with that article, and a reply of the usual length."""
        user, _ = self.prompts.user(article, max_tokens=self.settings.max_input_tokens)
        tokens = self.asking.form.body(user, self.asking.profile.cap).size // BYTES_PER_TOKEN
        return Usage(requests=1, input_tokens=tokens, output_tokens=min(self.asking.profile.cap, USUAL_OUTPUT))

    async def draft(self, article: Article, find_faults: FindFaults, aloud: Aloud | None = None) -> Drafted:
        """What `Engine.draft` promises; `aloud` tells of the draft while it is written.

        Of two drafts the one with fewer faults is kept, of equals the first. A first draft is never thrown away, since it is paid for: when
        the re-ask fails, for whatever reason, it stands. If the endpoint is really out, the next article says so.
        """
        talk = self._begin(article)
        talk.aloud = aloud
        try:
            drafted = await self._draft(talk, find_faults)
        except (BudgetExceeded, EndpointError) as exc:
            exc.usage = talk.usage if talk.requests else None
            raise
        if aloud is not None:
            aloud.draft(drafted.draft)
        return drafted

    async def _draft(self, talk: Talk, find_faults: FindFaults) -> Drafted:
        reply = await self._in_time(talk, partial(self._ask, talk))
        draft, problems = find_draft(reply.text)
        faults = await self._faults(find_faults, draft) if draft is not None else ()
        if self.settings.max_reasks and (draft is None or faults):
            talk.shortened = True  # the second reply is about what the first one was about
            ask_again = partial(self._ask_again, talk, reply.text, problems or [as_line(fault) for fault in faults])
            try:
                second, problems = find_draft((await self._in_time(talk, ask_again)).text)
            except (ArticleError, BudgetExceeded, EndpointError):
                if draft is None:
                    raise
            else:
                if second is not None and (draft is None or len(await self._faults(find_faults, second)) < len(faults)):
                    draft = second
        if draft is None:
            raise talk.rejected(problems)
        return talk.drafted(draft)

    async def _faults(self, find_faults: FindFaults, draft: Draft) -> Sequence[Finding]:
        if self.aside is None:
            return find_faults(draft)
        return await asyncio.get_running_loop().run_in_executor(self.aside, find_faults, draft)

    def _begin(self, article: Article) -> Talk:
        return Talk(
            article,
            self.prompts,
            deadline=asyncio.get_running_loop().time() + self.settings.deadline_s,
            max_input_tokens=self.settings.max_input_tokens,
            cap=self.asking.profile.cap,
        )

    async def _in_time(self, talk: Talk, send: Send) -> Reply:
        """A reply that may hold a draft, before the article's deadline. Raises what `talk` makes of everything else."""
        talk.timer = asyncio.timeout_at(talk.deadline)
        try:
            async with talk.timer:
                return await self._until_settled(talk, send)
        except TimeoutError:
            if not talk.timer.expired():
                raise
            last = f"; the last: {talk.last_problem}" if talk.last_problem else ""
            raise talk.no_reply(f"no usable reply within {self.settings.deadline_s:g} s{last}") from None

    async def _until_settled(self, talk: Talk, send: Send) -> Reply:
        while True:
            left = max(self.settings.max_attempts - talk.failures, 1)
            reply = await self.channel.patiently(send, attempts=left, seconds_left=lambda: talk.seconds_left)
            if reply.signal is None:
                return reply
            if not talk.adapts_to(reply.signal):
                raise talk.error(reply.signal)

    async def _ask(self, talk: Talk) -> Reply:
        body = self.asking.form.body(talk.message(), talk.cap)
        post = partial(self.channel.post, body, self.asking.asked(talk.message))
        if talk.aloud is not None:
            talk.aloud.again()
            post = partial(post, hear=talk.aloud.text)
        return await self._accounted(talk, body.size, post)

    async def _ask_again(self, talk: Talk, text: str, problems: list[str]) -> Reply:
        """The talk so far, then the faults."""
        messages = [{"role": "system", "content": self.asking.form.system}, {"role": "user", "content": talk.message()}]
        if text:  # some endpoints refuse an empty message
            messages.append({"role": "assistant", "content": text})
        messages.append({"role": "user", "content": self.prompts.reask(problems)})
        talk.reasked = True
        if talk.aloud is not None:
            talk.aloud.ask_again(problems)
        rest = self.asking.form.rest(talk.cap)
        size = len(json.dumps({**rest, "messages": messages}, ensure_ascii=False).encode("utf-8", "replace"))
        return await self._accounted(talk, size, partial(self.channel.post_again, messages, rest, self.asking.asked(talk.message)))

    async def _accounted(self, talk: Talk, size: int, exchange: Send) -> Reply:
        """One request, in its turn, within the budget and counted. Its body has `size` bytes."""
        turn = await self._turn(talk, size)
        reply: Reply | None = None
        try:
            reply = await self._within_budget(talk, turn, size, exchange)
        finally:
            signal = reply.signal if reply else None
            outcome = Outcome.UNKNOWN if reply is None else signal.outcome if signal else Outcome.ANSWERED
            self.pacer.leave(turn, outcome, headers=reply.limits if reply else None, asked_s=signal.wait_s if signal else 0.0)
        if reply.usage is not None:
            talk.tokens = reply.usage if talk.tokens is NOTHING else talk.tokens + reply.usage
            self.pacer.used(turn, reply.usage.input_tokens + reply.usage.output_tokens)
        talk.requests += reply.refused
        talk.model = reply.model or talk.model
        talk.retrying = bool(signal and signal.action is Action.RETRY)
        if signal and talk.retrying:
            talk.failures += 1
            talk.last_problem = signal.problem
            talk.requests -= signal.unreachable
        return reply

    async def _turn(self, talk: Talk, size: int) -> Turn:
        tokens = size / BYTES_PER_TOKEN + min(talk.cap, USUAL_OUTPUT)
        turn = self.pacer.try_enter(tokens, again=talk.retrying)
        if turn is None:
            with talk.time_stopped():
                turn = await self.pacer.enter(tokens, again=talk.retrying)
        return turn

    async def _within_budget(self, talk: Talk, turn: Turn, size: int, exchange: Send) -> Reply:
        budget = self.budget
        if budget is None:
            self.halt.check()
            talk.requests += 1
            return (await exchange()).counted(size)
        with talk.time_stopped():  # others' requests may hold what this one needs
            # A token is at least a byte.
            reserved = await budget.reserve(Usage(input_tokens=size, output_tokens=talk.cap))
        turn.sent_at = self.pacer.clock.now()
        spent: Usage | None = Usage()
        try:
            self.halt.check()  # the budget may have kept us waiting
            talk.requests += 1
            spent = None
            reply = (await exchange()).counted(size)
            spent = reply.usage
        finally:
            budget.settle(reserved, spent)
        return reply
