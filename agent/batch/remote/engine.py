"""The engine whose answers come later: an article's whole talk with the model is gone through anew each time, as far as it has come."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal
from urllib.parse import urlsplit

from agent.article import Article
from agent.batch.remote.desk import SHARE, Desk
from agent.batch.remote.lots import Asked as AskedFor
from agent.batch.rows import article_key
from agent.card import Usage
from agent.engines import Drafted, DraftLater, Engine, FindFaults
from agent.engines.asking import Asking
from agent.engines.drafting import Drafting
from agent.engines.halt import Halt
from agent.engines.replies import Reply, read_reply
from agent.engines.signals import Action, Asked, Signal, of_status
from agent.engines.wire import Body
from agent.errors import ArticleError, BudgetExceeded, CallsStopped, EndpointError, NoReply
from agent.pacing import Outcome, Pacer, Turn
from agent.prices import Price, price_today
from agent.prompts import Prompts
from agent.settings import OPENAI_BASE_URL, Settings

BYTES_PER_TOKEN = 2
"""The least that a token of news text has, in any script, as far as a budget is concerned; rarer text may pass it."""
_NEVER_S = 1e9


class _NoPace(Pacer):
    """Answers that lie in files teach nothing about a pace."""

    def try_enter(self, tokens: float, *, again: bool = False, behind: bool = False) -> Turn | None:  # noqa: ARG002  the pacer's
        return Turn(tokens, 0.0)

    def leave(self, turn: Turn, outcome: Outcome, *, headers: Mapping[str, str] | None = None, asked_s: float = 0.0) -> None:
        """Nothing is learnt."""

    def used(self, turn: Turn, tokens: int) -> None:
        """Nothing is given back."""


@dataclass(frozen=True, slots=True)
class How:
    """`copies`: texts that are being asked about already are waited for. `afresh`: articles that got no draft out of the answers that are
    there are asked about anew. `live`: asked where the batches failed.
    """  # noqa: D205  one list

    copies: bool = True
    afresh: bool = False
    live: Engine | None = None


class LaterEngine:
    """Drafts through a `Desk`; without one it only foretells."""

    name: Literal["llm", "extractive"] = "llm"
    pays_now = False
    price_share = SHARE

    def __init__(self, settings: Settings, prompts: Prompts, desk: Desk | None, how: How | None = None) -> None:
        self._settings = settings.model_copy(update={"deadline_s": _NEVER_S})
        self._prompts = prompts
        self._asking = Asking.by(settings, prompts)
        self._desk = desk
        self._how = how or How()
        self._pace = _NoPace()

    @property
    def ingredients(self) -> Mapping[str, str]:
        """Those of the engine that answers at once: the same model, asked the same."""
        return self._asking.ingredients

    def expects(self, article: Article) -> Usage:
        """What a draft of `article` will take, by rules of thumb."""
        return self._talk(article)[0].expects(article)

    async def draft(self, article: Article, find_faults: FindFaults) -> Drafted:
        """What `Engine.draft` promises, out of the answers that have come.

        Raises DraftLater when the next one hasn't; it is asked for, then, with the next lot.
        """
        talk, key = self._talk(article)
        live = self._how.live
        try:
            drafted = await talk.draft(article, find_faults)
        except ArticleError as exc:
            if self._how.afresh and self._desk is not None:
                self._desk.ledger.forget(key)
                return await self._talk(article)[0].draft(article, find_faults)
            if live is None:
                raise
            return await self._instead(live, article, find_faults, exc.usage or Usage())
        drafted = drafted.model_copy(update={"price_share": SHARE})
        if live is not None and (faults := len(find_faults(drafted.draft))):
            return await self._better(live, drafted, faults, article, find_faults)
        return drafted

    async def _instead(self, live: Engine, article: Article, find_faults: FindFaults, batch: Usage) -> Drafted:
        """What `live` makes of an article that took `batch` in vain. Where the budget doesn't allow it now, that is for another time."""
        try:
            drafted = await self._at_once(live, article, find_faults)
        except ArticleError as exc:
            exc.price_share = self._share(batch, exc.usage or Usage())
            exc.usage = batch + (exc.usage or Usage())
            raise
        except BudgetExceeded as exc:
            if self._desk is None or exc.usage is not None or isinstance(exc, CallsStopped):
                raise
            self._desk.refused = exc
            raise DraftLater from None
        return self._both(drafted, batch, drafted.usage)

    async def _better(self, live: Engine, drafted: Drafted, faults: int, article: Article, find_faults: FindFaults) -> Drafted:
        """`drafted`, or what `live` makes of the article if that has fewer faults; both are paid for. When it fails, `drafted` stands."""
        try:
            second = await self._at_once(live, article, find_faults)
        except (ArticleError, BudgetExceeded, EndpointError) as exc:
            return self._both(drafted, drafted.usage, exc.usage or Usage())
        best = second if len(find_faults(second.draft)) < faults else drafted
        return self._both(best, drafted.usage, second.usage)

    async def _at_once(self, live: Engine, article: Article, find_faults: FindFaults) -> Drafted:
        """What `live` makes of it; that it is asked is on disk before, since a kill may come before the answer."""
        if self._desk is None:
            return await live.draft(article, find_faults)
        key, usual = article_key(article.id), self.expects(article)
        self._desk.ledger.begin(key, (usual.input_tokens, usual.output_tokens))
        try:
            return await live.draft(article, find_faults)
        except BudgetExceeded as exc:
            if exc.usage is None:
                self._desk.ledger.end(key)
            raise

    def _both(self, drafted: Drafted, batch: Usage, now: Usage) -> Drafted:
        """A draft that took requests in batches, and others at once."""
        return drafted.model_copy(update={"usage": batch + now, "price_share": self._share(batch, now)})

    def _share(self, batch: Usage, now: Usage) -> float:
        """What of the list price both together cost; without a price, as if all tokens cost the same."""
        price = self._price
        costs = [price.cost(usage) if price else Decimal(usage.input_tokens + usage.output_tokens) for usage in (batch, now)]
        return float((Decimal(str(SHARE)) * costs[0] + costs[1]) / sum(costs)) if any(costs) else 1.0

    @cached_property
    def _price(self) -> Price | None:
        return price_today(self._settings)

    async def aclose(self) -> None:
        """Close what answers at once."""
        if self._how.live is not None:
            await self._how.live.aclose()

    def _talk(self, article: Article) -> tuple[Drafting, bytes]:
        """The talk about an article, and the key that its requests go by."""
        turns = _Turns(self._desk, self._asking, article, copies=self._how.copies)
        return Drafting(self._settings, self._prompts, self._asking, turns, self._pace, None, Halt()), turns.key


class _Turns:
    """One article's requests, in order: those that were answered are answered again, and the first that wasn't ends the talk for now."""

    def __init__(self, desk: Desk | None, asking: Asking, article: Article, *, copies: bool) -> None:
        self._desk = desk
        self._asking = asking
        self.key = _digest(f"{article.id}\0{article.digest}")
        self._article = article_key(article.id)
        self._text = _digest(article.text)
        self._copies = copies
        self._turn = 0

    async def post(self, body: Body, asked: Asked, hear: Callable[[str], None] | None = None) -> Reply:  # noqa: ARG002  nothing is told
        return self._next(body.take, body.size, body.cap, asked)

    async def post_again(self, messages: list[dict[str, str]], rest: dict[str, Any], asked: Asked) -> Reply:
        import orjson

        body = orjson.dumps({"model": self._asking.form.model, **rest, "messages": messages})
        return self._next(lambda: (body,), len(body), rest[self._asking.profile.cap_field], asked)

    async def patiently(self, send: Callable[[], Awaitable[Reply]], *, attempts: int, seconds_left: Callable[[], float]) -> Reply:  # noqa: ARG002
        reply = await send()
        while attempts > 1 and reply.signal is not None and reply.signal.action is Action.RETRY:
            attempts -= 1
            reply = await send()
        return reply

    def _next(self, body: Callable[[], tuple[bytes, ...]], size: int, cap: int, asked: Asked) -> Reply:
        """The answer to the next request, of `size` bytes; it may have `cap` tokens."""
        assert self._desk is not None, "an engine without a desk only foretells"
        self._turn += 1
        found = self._desk.find(self.key, self._turn)
        if found is None:
            if not (self._copies and self._turn == 1 and self._desk.is_out(self._text)):
                self._desk.ask(AskedFor(self.key, self._turn, self._article, self._text, (size // BYTES_PER_TOKEN, cap)), body())
            raise DraftLater
        if found.kind is not None:
            reply = read_line(self._desk.answer(found), asked).counted(size)
            self._desk.count(found, reply.usage)
            return _alone(reply)
        if not found.is_in:
            raise DraftLater
        return _left_out("it ended without an answer")


def read_line(text: bytes, asked: Asked) -> Reply:
    """A line of a batch's answers or errors as a Reply. A request that the batch didn't come to wasn't billed, and is made again."""
    import orjson

    try:
        data = orjson.loads(text)
    except orjson.JSONDecodeError:
        return _left_out("the answer is damaged")
    response, error = data.get("response"), data.get("error")
    if isinstance(response, dict) and isinstance(response.get("status_code"), int):
        body = orjson.dumps(response.get("body"))
        if response["status_code"] == 200:  # noqa: PLR2004  HTTP's
            return read_reply(body, asked)
        return Reply(usage=Usage(), signal=of_status(response["status_code"], {}, body, asked))
    code = error.get("code") if isinstance(error, dict) else None
    return _left_out(str(code or "no answer"))


def _alone(reply: Reply) -> Reply:
    """What would end a run ends one article: the answers beside it are there and paid for, and this one would be read at every start."""
    signal = reply.signal
    if signal is None or signal.action is not Action.ABORT:
        return reply
    problem = f"{signal.problem}; when that is mended, --retry-failed asks for it again"
    return replace(reply, signal=replace(signal, action=Action.FAIL, problem=problem, error=NoReply))


def _left_out(why: str) -> Reply:
    return Reply(usage=Usage(), signal=Signal(Action.RETRY, f"the batch had no answer for it ({why[:60]})"))


def url_of(settings: Settings) -> str:
    """What the provider calls that which each request is for."""
    return f"{urlsplit(settings.base_url or OPENAI_BASE_URL).path.rstrip('/')}/chat/completions"


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]
