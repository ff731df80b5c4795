"""The desk: requests are handed in and answers handed out here, in lots that go to the provider and come back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from agent import durable
from agent.batch.remote.client import ENDED, Client, Remote
from agent.batch.remote.ledger import Answer, Found, Ledger, Lot, State
from agent.batch.remote.lots import MOST_BYTES, MOST_LINES, Asked, OpenLot, line, lot_path, parse_id
from agent.card import Usage
from agent.engines.replies import read_usage
from agent.errors import BudgetExceeded, EndpointError, SinkFailed
from agent.prices import Price, price_today
from agent.settings import Settings

if TYPE_CHECKING:
    from agent.pacing import Budget

SHARE = 0.5
"""What a batch costs of the list price (OpenAI's, Azure's and Anthropic's price lists of their batch APIs)."""
_FULL = frozenset({"token_limit_exceeded", "rate_limit_exceeded"})
"""Why a batch is refused for now: too many tokens are queued."""
KINDS = ("answers", "errors")
_HANDED_OVER = 3
"""Times that a batch is asked for; between two of them it is looked for."""


@dataclass(frozen=True)
class Purse:
    """What may still be asked for. `account`: the run's, in which requests under way stand with what they may take; None without a limit.

    What is asked at once beside the batches draws on the same account.
    """

    price: Price | None
    account: Budget | None

    @classmethod
    def by(cls, settings: Settings) -> Purse:
        """With the limits that the settings have. Raises UsageError when dollars are limited and the model has no known price."""
        from agent.pacing import Budget

        account = Budget.from_settings(settings)
        return cls(price_today(settings), account)

    def take(self, worst: tuple[int, int]) -> None:
        """Reserve what a request may take. Raises BudgetExceeded when it could take the spending past a limit."""
        usd, tokens = self.cost(worst), sum(worst)
        left_usd, left_tokens = (None, None) if self.account is None else self.account.left
        if left_usd is not None and usd > left_usd:
            raise BudgetExceeded(
                f"the next request could cost ${usd:.4f}, and ${max(left_usd, Decimal(0)):.4f} of the limit are left beside what is under "
                "way; raise NEWSCARD_MAX_COST_USD, or come back when that has ended"
            )
        if left_tokens is not None and tokens > left_tokens:
            raise BudgetExceeded(
                f"the next request could take {tokens} tokens, and {max(left_tokens, 0)} of the limit are left beside what is under way; "
                "raise NEWSCARD_MAX_TOKENS, or come back when that has ended"
            )
        self.hold(worst)

    def spent(self, usd: float | None, usage: Usage) -> None:
        """So much was spent before; without `usd`, at today's price."""
        if self.account is not None:
            self.account.count(float(self.cost((usage.input_tokens, usage.output_tokens))) if usd is None else usd, usage)

    def hold(self, worst: tuple[int, int], *, share: float = SHARE) -> None:
        """So much is under way."""
        if self.account is not None:
            self.account.count(float(self.cost(worst, share=share)), Usage(input_tokens=worst[0], output_tokens=worst[1]))

    def cost(self, tokens: tuple[int, int], *, share: float = SHARE) -> Decimal:
        """Dollars for input and output tokens at a share of the list price, a batch's; 0 without a price."""
        if self.price is None:
            return Decimal(0)
        return self.price.cost(Usage(input_tokens=tokens[0], output_tokens=tokens[1])) * Decimal(str(share))


class Desk:
    """One run's requests to the Batch API. Nothing is sent before `submit`, and nothing twice, whenever a process ends."""

    def __init__(self, folder: Path, client: Client, purse: Purse, url: str, *, most: tuple[int, int] = (MOST_LINES, MOST_BYTES)) -> None:
        """Open it in `folder`. `url`: what each request is for, as the provider names it. `most`: lines and bytes of a lot."""
        try:
            durable.make_folder(folder)
        except OSError as exc:
            raise SinkFailed(f"{folder}: it can't be made: {exc.strerror}; nothing more is asked for") from None
        self.folder = folder
        self.ledger = Ledger(folder)
        self.client = client
        self._purse = purse
        self._url = url
        self._most = most
        self._open: OpenLot | None = None
        self._texts: set[bytes] = set()
        self._files: dict[tuple[int, str], _Lines] = {}
        self.refused: BudgetExceeded | None = None
        """Why some request wasn't taken."""
        purse.hold(self.ledger.worst())
        self._held = {lot.number for lot in self.ledger.lots() if lot.state is not State.IN}
        self._has_recalled = False

    def recall(self, has_row: Callable[[bytes], bool]) -> None:
        """Count what the answers took that are there and whose articles have no row: they came before a process was killed.

        Likewise what was asked at once, and may have been billed.
        """
        for article, tokens in self.ledger.begun():
            if has_row(article):
                self.ledger.end(article)
            else:
                self._purse.hold(tokens, share=1.0)
        if self._purse.account is not None:
            for article, took in self.ledger.took():
                if not has_row(article):
                    self._purse.hold(took)
            self._has_recalled = True

    def clear(self) -> None:
        """Delete what earlier processes left of lots: nothing in it was asked for. For the run's one runner."""
        for stale in self.folder.glob("*.part"):
            stale.unlink()

    def close(self) -> None:
        """Close the files. A lot that isn't sealed is dropped."""
        if self._open is not None:
            self._open.drop()
        for file in self._files.values():
            file.close()
        self.ledger.close()

    def find(self, key: bytes, turn: int) -> Found | None:
        """What is known of a request."""
        return self.ledger.find(key, turn)

    def is_out(self, text: bytes) -> bool:
        """Whether an article of that text is being asked about."""
        return text in self._texts or self.ledger.is_out(text)

    def answer(self, found: Found) -> bytes:
        """The line that came for a request."""
        assert found.kind is not None
        assert found.offset is not None
        place = (found.lot, found.kind)
        if place not in self._files:
            self._files[place] = _Lines(lot_path(self.folder, found.lot, found.kind))
        return self._files[place].at(found.offset)

    def count(self, found: Found, usage: Usage | None) -> None:
        """An answer to `found` was used. Unless it is counted since the beginning, what it took is now, until a row says it."""
        is_counted = found.lot in self._held or (self._has_recalled and found.is_known)
        if not is_counted and usage is not None:
            self._purse.hold((usage.input_tokens, usage.output_tokens))

    def ask(self, asked: Asked, body: tuple[bytes, ...]) -> bool:
        """Put a request into a lot; False, and `refused`, when the budget doesn't allow it. Raises SinkFailed when the disk doesn't."""
        try:
            self._purse.take(asked.worst)
        except BudgetExceeded as exc:
            self.refused = exc
            return False
        text = line(asked, self._url, body)
        if self._open is not None and not self._open.holds(len(text)):
            self.seal()
        if self._open is None:
            self._open = OpenLot(self.folder, self.ledger.last + 1, *self._most)
        self._open.add(asked, text)
        self._texts.add(asked.text)
        return True

    def seal(self) -> None:
        """What was asked so far is on disk, and in the ledger, when this returns."""
        if self._open is not None:
            self.ledger.add(self._open.seal())
            self._open = None

    async def submit(self) -> list[Lot]:
        """Hand every lot over that isn't, and adopt those that were when a process ended; those that the provider has now.

        One that it can't take for now stays. Raises EndpointError when it takes none.
        """
        doubtful = self.ledger.lots(State.SENDING)
        if doubtful:
            await self._adopt(doubtful)
        for lot in self.ledger.lots(State.WRITTEN):
            await self._hand_over(lot)
        return self.ledger.lots(State.SENT)

    async def look(self) -> list[tuple[Lot, Remote]]:
        """How each lot that is with the provider stands there."""
        return [(lot, await self.client.look(lot.batch)) for lot in self.ledger.lots(State.SENT) if lot.batch is not None]

    async def harvest(self, looked: Sequence[tuple[Lot, Remote]]) -> int:
        """Fetch all there is of the batches that have ended; how many answers came. Raises EndpointError for a batch that was refused."""
        return sum([await self._take_in(lot, remote) for lot, remote in looked if remote.state in ENDED])

    async def _take_in(self, lot: Lot, remote: Remote) -> int:
        if remote.state == "failed" and not remote.answers and not remote.errors:
            if remote.code in _FULL:
                self.ledger.note(lot.number, State.WRITTEN, note=f"held back: {remote.problem or remote.code}")
                return 0
            self.ledger.drop(lot.number)
            raise EndpointError(
                f"the provider refused batch {remote.id}: {remote.problem or remote.code or 'it gave no reason'}; nothing of it was "
                "asked for; mend what it names and give the same command again"
            )
        kinds = [(kind, file) for kind, file in zip(KINDS, (remote.answers, remote.errors), strict=True) if file]
        for kind, file in kinds:
            await self.client.fetch(file, lot_path(self.folder, lot.number, kind))
        found = (answer for kind, _ in kinds for answer in answers(lot_path(self.folder, lot.number, kind), kind))
        return self.ledger.take_in(lot.number, remote.state, found)

    async def _hand_over(self, lot: Lot) -> None:
        file = await self.client.upload(lot_path(self.folder, lot.number))
        for left in reversed(range(_HANDED_OVER)):
            self.ledger.note(lot.number, State.SENDING)
            try:
                batch = await self.client.create(file, self._url, self._metadata(lot))
            except EndpointError:
                # No answer doesn't mean no batch.
                if await self._adopt([lot]):
                    return
                if not left:
                    raise
            else:
                self.ledger.note(lot.number, State.SENT, batch=batch.id)
                return

    async def _adopt(self, doubtful: Sequence[Lot]) -> int:
        """Find those of the lots that became batches although nobody noted their names, and note them; how many."""
        missing = {lot.number: self._metadata(lot) for lot in doubtful}
        async for remote in self.client.all():
            for number, metadata in list(missing.items()):
                if metadata.items() <= remote.metadata.items():
                    self.ledger.note(number, State.SENT, batch=remote.id)
                    del missing[number]
            if not missing:
                break
        for number in missing:
            self.ledger.note(number, State.WRITTEN)
        return len(doubtful) - len(missing)

    def _metadata(self, lot: Lot) -> dict[str, str]:
        return {"newscard_run": self.ledger.run, "newscard_lot": str(lot.number), "newscard_sha256": lot.sha256}


def answers(path: Path, kind: str) -> Iterator[Answer]:
    """Each line of a file of answers that is one of ours; all others are passed over."""
    import orjson

    offset = 0
    with path.open("rb", buffering=1 << 20) as stream:
        for text in stream:
            try:
                line = orjson.loads(text)
                found = parse_id(line["custom_id"])
            except (orjson.JSONDecodeError, KeyError, TypeError):
                found = None
            if found is not None:
                yield Answer(*found, kind, offset, _took(line.get("response")))
            offset += len(text)


def _took(response: object) -> tuple[int, int] | None:
    """Input and output tokens by an answer's own account; none of one that is no reply."""
    if not isinstance(response, dict) or response.get("status_code") != HTTPStatus.OK:
        return 0, 0
    body = response.get("body")
    usage = read_usage(body.get("usage")) if isinstance(body, dict) else None
    return None if usage is None else (usage.input_tokens, usage.output_tokens)


class _Lines:
    """A file of lines, read at any place."""

    def __init__(self, path: Path) -> None:
        self._stream = path.open("rb")

    def at(self, offset: int) -> bytes:
        self._stream.seek(offset)
        return self._stream.readline()

    def close(self) -> None:
        self._stream.close()
