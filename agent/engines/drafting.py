"""How an article becomes a draft: the first attempt, what is done about each signal, the re-ask, the deadline, the accounts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from agent.article import Article
from agent.card import Usage
from agent.engines import Drafted, FindFaults
from agent.engines.asking import Asking
from agent.engines.halt import Halt
from agent.engines.replies import Reply, find_draft
from agent.engines.signals import Action, Asked
from agent.engines.talk import Talk, as_line
from agent.errors import ArticleError, BudgetExceeded, EndpointError
from agent.pacing import Budget
from agent.prompts import Prompts
from agent.settings import Settings

Send = Callable[[], Awaitable[Reply]]


class Channel(Protocol):
    """What drafting needs of the libraries that send and wait. No method raises for anything an endpoint does."""

    async def post(self, body: bytes, asked: Asked) -> Reply:
        """One request with that body."""
        ...

    async def post_again(self, messages: list[dict[str, str]], rest: dict[str, Any], asked: Asked) -> Reply:
        """One request with those messages; `rest` is the body without model and messages."""
        ...

    async def patiently(self, send: Send, *, attempts: int, seconds: float) -> Reply:
        """`send`, repeated after waits while its reply calls for that and attempts and time allow; the last reply."""
        ...


@dataclass(frozen=True, slots=True)
class Drafting:
    """Drafts articles, any number at once; all that changes about one is in its Talk."""

    settings: Settings
    prompts: Prompts
    asking: Asking
    channel: Channel
    budget: Budget | None
    halt: Halt

    async def draft(self, article: Article, find_faults: FindFaults) -> Drafted:
        """What `Engine.draft` promises.

        Of two drafts the one with fewer faults is kept, of equals the first. A first draft is never thrown away, since it is paid for: when
        the re-ask fails, for whatever reason, it stands. If the endpoint is really out, the next article says so.
        """
        talk = self._begin(article)
        try:
            return await self._draft(talk, find_faults)
        except (BudgetExceeded, EndpointError) as exc:
            exc.usage = talk.usage if talk.requests else None
            raise

    async def _draft(self, talk: Talk, find_faults: FindFaults) -> Drafted:
        reply = await self._in_time(talk, partial(self._ask, talk))
        draft, problems = find_draft(reply.text)
        faults = find_faults(draft) if draft is not None else ()
        if self.settings.max_reasks and (draft is None or faults):
            talk.shortened = True  # the second reply is about what the first one was about
            ask_again = partial(self._ask_again, talk, reply.text, problems or [as_line(fault) for fault in faults])
            try:
                second, problems = find_draft((await self._in_time(talk, ask_again)).text)
            except (ArticleError, BudgetExceeded, EndpointError):
                if draft is None:
                    raise
            else:
                if second is not None and (draft is None or len(find_faults(second)) < len(faults)):
                    draft = second
        if draft is None:
            raise talk.rejected(problems)
        return talk.drafted(draft)

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
        limit = asyncio.timeout_at(talk.deadline)
        try:
            async with limit:
                return await self._until_settled(talk, send)
        except TimeoutError:
            if not limit.expired():
                raise
            last = f"; the last: {talk.last_problem}" if talk.last_problem else ""
            raise talk.no_reply(f"no usable reply within {self.settings.deadline_s:g} s{last}") from None

    async def _until_settled(self, talk: Talk, send: Send) -> Reply:
        while True:
            left = max(self.settings.max_attempts - talk.failures, 1)
            reply = await self.channel.patiently(send, attempts=left, seconds=talk.seconds_left)
            if reply.signal is None:
                return reply
            if not talk.adapts_to(reply.signal):
                raise talk.error(reply.signal)

    async def _ask(self, talk: Talk) -> Reply:
        body = self.asking.form.body(talk.user, talk.cap)
        return await self._accounted(talk, len(body), partial(self.channel.post, body, self.asking.asked(talk.user)))

    async def _ask_again(self, talk: Talk, text: str, problems: list[str]) -> Reply:
        """The talk so far, then the faults."""
        messages = [{"role": "system", "content": self.asking.form.system}, {"role": "user", "content": talk.user}]
        if text:  # some endpoints refuse an empty message
            messages.append({"role": "assistant", "content": text})
        messages.append({"role": "user", "content": self.prompts.reask(problems)})
        talk.reasked = True
        rest = self.asking.form.rest(talk.cap)
        size = len(json.dumps({**rest, "messages": messages}))
        return await self._accounted(talk, size, partial(self.channel.post_again, messages, rest, self.asking.asked(talk.user)))

    async def _accounted(self, talk: Talk, size: int, exchange: Send) -> Reply:
        """One request, within the budget and counted. A token is at least a byte, so `size` bytes are at most `size` tokens."""
        self.halt.check()
        budget = self.budget
        reserved = await budget.reserve(Usage(input_tokens=size, output_tokens=talk.cap)) if budget else None
        talk.requests += 1
        spent = None
        try:
            reply = await exchange()
            spent = reply.usage
        finally:
            if budget and reserved is not None:
                budget.settle(reserved, spent)
        talk.tokens += reply.usage or Usage()
        talk.model = reply.model or talk.model
        if reply.signal and reply.signal.action is Action.RETRY:
            talk.failures += 1
            talk.last_problem = reply.signal.problem
            talk.requests -= reply.signal.unreachable
        return reply
