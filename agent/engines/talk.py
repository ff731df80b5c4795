"""The state of one article while a model is asked for its card: what is sent, what was spent, and how it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from agent.article import Article
from agent.card import Finding, Usage
from agent.draft import Draft
from agent.engines import Drafted
from agent.engines.aloud import Aloud
from agent.engines.signals import Action, Signal
from agent.errors import ArticleError, DraftRejected, EndpointUnreachable, NewscardError, NoReply
from agent.prompts import Prompts, estimate_tokens

MAX_CLAIM_CHARS = 300
NOTHING = Usage()
"""Before the first reply."""


@dataclass
class Talk:
    """All that changes while an article is drafted."""

    article: Article
    prompts: Prompts
    deadline: float
    """In the event loop's time."""
    max_input_tokens: int
    """Of the article's text."""
    cap: int
    """Tokens that a reply may have."""
    truncated: bool = False
    reasked: bool = False
    grown: bool = False
    shortened: bool = False
    requests: int = 0
    failures: int = 0
    """Requests without a usable answer, those that reached nobody included."""
    tokens: Usage = NOTHING
    model: str | None = None
    last_problem: str = ""
    retrying: bool = False
    """The next request repeats one that failed."""
    timer: asyncio.Timeout | None = field(default=None, repr=False)
    """What holds the deadline."""
    aloud: Aloud | None = field(default=None, repr=False)
    """Who tells of the draft while it is written."""

    def message(self) -> str:
        """The message that carries the article. Made whenever it is needed: an article in flight shouldn't hold its text twice."""
        message, self.truncated = self.prompts.user(self.article, max_tokens=self.max_input_tokens)
        return message

    @property
    def seconds_left(self) -> float:
        """Until the deadline; negative after it."""
        return self.deadline - asyncio.get_running_loop().time()

    @contextmanager
    def time_stopped(self) -> Iterator[None]:
        """While this lasts no time of the article's runs: others are served, or the endpoint is out."""
        loop = asyncio.get_running_loop()
        since = loop.time()
        timer = self.timer
        if timer is None or timer.expired():
            yield
            return
        timer.reschedule(None)
        try:
            yield
        finally:
            self.deadline += loop.time() - since
            timer.reschedule(self.deadline)

    @property
    def usage(self) -> Usage:
        """Requests and tokens so far."""
        return Usage(
            requests=self.requests,
            input_tokens=self.tokens.input_tokens,
            cached_input_tokens=self.tokens.cached_input_tokens,
            output_tokens=self.tokens.output_tokens,
            estimated=self.tokens.estimated,
        )

    def adapts_to(self, signal: Signal) -> bool:
        """Change what is asked for in the way that `signal` calls for; False when that was done before, or doesn't help."""
        if signal.action is Action.GROW and not self.grown:
            self.grown = True
            self.cap *= 2
            return True
        if signal.action is Action.SHORTEN and not self.shortened:
            self.shortened = True
            before = self.message()
            # Half of what was really shown: half of a budget that the article never reached would change nothing.
            self.max_input_tokens = min(self.max_input_tokens, estimate_tokens(self.article.text)) // 2
            return self.message() != before
        return False

    def error(self, signal: Signal) -> NewscardError:
        """The error that ends the article, or the run, when nothing more can be done about `signal`."""
        if signal.action is Action.RETRY:
            if signal.unreachable and not self.requests:
                return EndpointUnreachable(f"{signal.problem}; check NEWSCARD_BASE_URL, and that the server runs")
            if signal.wait_s > self.seconds_left:
                return self.no_reply(
                    f"{signal.problem}, and asks to wait {signal.wait_s:.0f} s; raise NEWSCARD_DEADLINE_S to wait that long"
                )
            return self.no_reply(f"no usable reply in {self.failures} requests; the last: {signal.problem}")
        if issubclass(signal.error, ArticleError):
            return signal.error(self.article.id, signal.problem, usage=self.usage)
        return signal.error(signal.problem)

    def no_reply(self, problem: str) -> NoReply:
        """The endpoint let us down."""
        return NoReply(self.article.id, problem, usage=self.usage)

    def rejected(self, problems: Sequence[str]) -> DraftRejected:
        """What the model wrote can't be read as a draft. Faults are counted, not told: their text may be the article's."""
        times = "even after the re-ask" if self.reasked else "and re-asks are off"
        return DraftRejected(self.article.id, f"the reply isn't a draft ({len(problems)} faults of form), {times}", usage=self.usage)

    def drafted(self, draft: Draft) -> Drafted:
        """The outcome."""
        return Drafted(draft=draft, usage=self.usage, model=self.model, truncated=self.truncated, reasked=self.reasked)


def as_line(fault: Finding) -> str:
    """A fault of grounding as the re-ask names it."""
    claim = " ".join(fault.claim.split())
    if len(claim) > MAX_CLAIM_CHARS:
        claim = claim[: MAX_CLAIM_CHARS - 1] + "…"
    return f"{fault.where}: {claim}: {fault.reason}"
