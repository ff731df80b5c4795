"""The run's book: which articles of the input are still to be done, and a row for each that is."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from agent.article import Article
from agent.batch.folder import RunFolder
from agent.batch.index import Known, State
from agent.batch.passage import Passage
from agent.batch.rows import Head, Kind, Spent, article_key, content_of, encode, new, place_key
from agent.batch.segments import Where, line_at
from agent.batch.sharding import Shard
from agent.batch.sink import WAITING_BYTES, Sink
from agent.batch.watching import Standing
from agent.card import Card, Usage
from agent.engines import Drafted
from agent.errors import ArticleError, NewscardError, SinkFailed, SourceError
from agent.sources import Placed


class Taken:
    """An article that is to be done; `started` is a `time.perf_counter`, `before` what the folder had of it."""

    __slots__ = ("article", "before", "content", "key", "place", "started")

    def __init__(self, place: str, article: Article, key: bytes, content: int, before: Known | None) -> None:
        self.place = place
        self.article = article
        self.key = key
        self.content = content
        self.before = before
        self.started = time.perf_counter()


_NOTHING = Usage()


class SameId(ArticleError):
    """Two articles of different content go by one id."""


class Book:
    """Decides by what the run's folder holds, and writes into it. One row an id: a card stays, a failure gives way to what comes later."""

    def __init__(self, folder: RunFolder, on_failure: Callable[[SinkFailed], None], *, shard: Shard, retry_failed: bool) -> None:
        self._folder = folder
        self._shard = shard
        self._retry_failed = retry_failed
        self._met: set[bytes] = set()
        """Articles without a card that the input held, or whose turn it was: what goes by such an id now is another."""
        self._in_hand: dict[bytes, Taken] = {}
        self._sink = Sink(folder.rows, folder.start, on_failure)
        counts = folder.index.counts
        # Only a failure of an earlier runner can have been mended since.
        self._passage = Passage() if counts[State.FAILED] else None
        self.standing = Standing(before_cards=counts[State.CARD], before_failed=counts[State.FAILED], before=folder.spent, lost=folder.lost)

    @property
    def is_behind(self) -> bool:
        """Whether so many rows wait for the disk that no more should be made for now."""
        return self._sink.waiting_bytes > WAITING_BYTES

    def take(self, placed: Placed) -> Taken | NewscardError | None:
        """The article, if it is to be done now; why it can't be; None when there is nothing to do.

        An id that stands in the input twice is one row where the content is the same, and an error that names both places where it isn't.
        """
        item = placed.item
        if self._passage is not None:
            self._passage.note(placed.place, failed=not isinstance(item, Article))
        if not isinstance(item, Article):
            place = place_key(placed.place)
            return item if self._shard.holds(place) and self._is_new(place) else None
        key = article_key(item.id)
        if not self._shard.holds(key):
            self._mend(placed.place)
            return None
        content = content_of(item)
        held = self._in_hand.get(key)
        known = self._folder.index.get(key) if held is None else None
        before = known if known is not None and known.state is not State.GONE else held
        if before is not None and before.content != content and not self._is_mended(key, before):
            return self._clash(item, placed.place, before)
        mended = self._mend(placed.place)
        is_wanted = held is None and self._is_wanted(key, known, mended=mended)
        if known is not None and known.state is State.FAILED:
            self._met.add(key)
            self.standing.before_failed -= is_wanted
        if not is_wanted:
            self.standing.skipped += 1
            return None
        taken = self._in_hand[key] = Taken(placed.place, item, key, content, known)
        return taken

    def note_asked(self, taken: Taken) -> None:
        """An engine is about to be asked for it. Raises SinkFailed, so that nothing is paid for that can't be kept."""
        if self._sink.failure is not None:
            raise self._sink.failure
        self._folder.note_asked(taken.key)

    def add_card(self, taken: Taken, card: Card, drafted: Drafted | None, *, asked: bool, story: Mapping[str, Any]) -> None:
        """The article has its card, by `drafted`."""
        body = card.to_json_bytes()  # first, since it may raise
        provenance, copied = card.provenance, bool(story.get("taken_from"))
        usage, paid, full = provenance.usage, provenance.cost_usd, provenance.uncached_cost_usd
        lost = self._folder.orphans.pop(taken.key, 0) if self._folder.orphans else 0
        if lost and drafted is not None and not asked and not copied:
            # The draft had come when a runner of this very run was killed: it was paid for here.
            asked, usage, paid = True, drafted.usage, full
            lost -= 1
            self.standing.lost -= 1
        standing = self.standing
        standing.cards += 1
        standing.abstained += card.status == "abstained"
        standing.cached += provenance.cached and not copied
        standing.copies += copied
        at = {"id": card.id, "place": taken.place, **story}
        self._settle(taken, "card", _spent(usage, paid, full, asked=asked, lost=lost), at, body)

    def add_failure(self, taken: Taken, error: ArticleError, cost_usd: float | None, *, asked: bool) -> None:
        """The article gets no card."""
        lost = self._folder.orphans.pop(taken.key, 0)
        spent = _spent(error.usage or _NOTHING, cost_usd, cost_usd, asked=asked, lost=lost)
        self.standing.failed += 1
        self._met.add(taken.key)
        why = _why(error, taken.article.source)
        self._settle(taken, "fail", spent, {"id": taken.article.id, "place": taken.place}, why)

    def add_unread(self, placed: Placed, error: NewscardError) -> None:
        """What stands there is no article that can be done; the place is its id."""
        key = place_key(placed.place)
        self.standing.failed += 1
        where = self._append(Head(key, 0, "fail", Spent()), {"id": placed.place, "place": placed.place}, _why(error, None))
        self._folder.index.put(key, Known(0, State.FAILED, where.pack()))

    def add_unfinished(self, taken: Taken, usage: Usage | None, cost_usd: float | None, *, asked: bool) -> None:
        """The article is to be done another time. What it took so far is kept; without `usage` nobody knows it."""
        self.standing.left += 1
        if asked and usage is not None:
            head = Head(taken.key, taken.content, "part", _spent(usage, cost_usd, cost_usd, asked=True))
            self._append(head, {"id": taken.article.id, "place": taken.place}, b"null")
        elif asked:
            self.standing.lost += 1
        self.standing.before_failed += taken.before is not None and taken.before.state is State.FAILED
        del self._in_hand[taken.key]

    def end_passage(self) -> None:
        """All of the input was gone through: what couldn't be read before, and could now, failed no more."""
        if self._passage is None:
            return
        for source in self._passage.sources():
            self._mend(source)
        for where in self._folder.unread:
            place = self._place_at(where)
            if place is not None and self._passage.misses(place):
                self._mend(place)

    def close(self) -> None:
        """Wait for the disk. Raises SinkFailed when some row isn't on it."""
        self._sink.close()

    def _is_wanted(self, key: bytes, known: Known | None, *, mended: bool) -> bool:
        if known is None or known.state is State.GONE:
            return mended or not self._retry_failed
        return known.state is State.FAILED and self._retry_failed and key not in self._met

    def _is_new(self, key: bytes) -> bool:
        known = self._folder.index.get(key)
        return known is None or known.state is State.GONE

    def _is_mended(self, key: bytes, before: Taken | Known) -> bool:
        """Whether an article that failed was given other content since, wherever it stands by now."""
        return isinstance(before, Known) and before.state is State.FAILED and key not in self._met

    def _mend(self, place: str) -> bool:
        """Whether what stands at `place` was a failure before; it is none any more."""
        if not self._folder.index.counts[State.FAILED]:
            return False
        key = place_key(place)
        known = self._folder.index.get(key)
        if known is None or known.state is not State.FAILED:
            return False
        self._append(Head(key, 0, "void", Spent()), {"id": place, "place": place}, b"null")
        self._folder.index.put(key, Known(0, State.GONE, 0))
        self.standing.before_failed -= 1
        return True

    def _clash(self, article: Article, place: str, first: Taken | Known) -> SameId | None:
        """Why an article that goes by another one's id can't be done; None when that was said before."""
        if self._passage is not None:
            self._passage.note(place, failed=True)
        if not self._is_new(place_key(place)):
            return None
        where = first.place if isinstance(first, Taken) else self._place_at(first.where) or "another place"
        if where == place:
            return SameId(article.id, "it has other content than when its card was made; give it another id, or begin a new run")
        return SameId(article.id, f"it stands at {where} and, with other content, at {place}; give one another id")

    def _place_at(self, where: int) -> str | None:
        self._sink.settle()
        try:
            return str(orjson.loads(line_at(self._folder.rows, Where.unpack(where)))["at"]["place"])
        except (OSError, ValueError, KeyError):
            return None

    def _settle(self, taken: Taken, kind: Kind, spent: Spent, at: Mapping[str, Any], body: bytes) -> None:
        where = self._append(new(Head, (taken.key, taken.content, kind, spent)), at, body)
        self._folder.index.add(taken.key, taken.content, State.CARD if kind == "card" else State.FAILED, where.pack())
        del self._in_hand[taken.key]

    def _append(self, head: Head, at: Mapping[str, Any], body: bytes) -> Where:
        self.standing.total_now.add(head.spent)
        return self._sink.append(encode(head, at, body))


def _spent(usage: Usage, cost_usd: float | None, full_usd: float | None, *, asked: bool, lost: int = 0) -> Spent:
    lost_usd = None if lost and full_usd is None else lost * (full_usd or 0.0)
    tokens = (usage.requests, usage.input_tokens, usage.cached_input_tokens, usage.output_tokens)
    return new(Spent, (int(asked), *tokens, cost_usd, full_usd, lost, lost_usd, usage.estimated))


def _why(error: NewscardError, source: str | None) -> bytes:
    problem = error.problem if isinstance(error, ArticleError | SourceError) else str(error)
    return orjson.dumps({"error": type(error).__name__, "problem": problem, "source": source})
