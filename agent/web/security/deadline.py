"""Waiting until a deadline, for what is mostly there already: a timer is set only where there is something to wait for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Coroutine, Generator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")


async def by(when: float, coming: Awaitable[T]) -> T:
    """What `coming` gives. Raises TimeoutError when it isn't there at `when`, seconds of the event loop's clock."""
    if not isinstance(coming, Coroutine):
        async with asyncio.timeout_at(when):
            return await coming
    try:
        first = coming.send(None)
    except StopIteration as ended:
        value: T = ended.value
        return value
    async with asyncio.timeout_at(when):
        return await _GoingOn(coming, first)


@dataclass(frozen=True, slots=True)
class _GoingOn(Generic[T]):
    """A coroutine that was begun by hand, and waits for `first`."""

    coroutine: Coroutine[Any, Any, T]
    first: Any

    def __await__(self) -> Generator[Any, Any, T]:
        waits_for = self.first
        while True:
            thrown: BaseException | None = None
            sent = None
            try:
                sent = yield waits_for
            except BaseException as exc:  # noqa: BLE001  the event loop's, to be passed on as it is
                thrown = exc
            try:
                waits_for = self.coroutine.send(sent) if thrown is None else self.coroutine.throw(thrown)
            except StopIteration as ended:
                value: T = ended.value
                return value
