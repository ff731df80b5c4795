"""A body as aiohttp takes it. Apart from transport.py because aiohttp is imported no sooner than it is used."""

from __future__ import annotations

from aiohttp import Payload
from aiohttp.abc import AbstractStreamWriter

from agent.engines.wire import Body


class Parcel(Payload):
    """A body's parts, one after the other to the socket. Once they are written nothing here holds them."""

    _autoclose = True

    def __init__(self, body: Body) -> None:
        super().__init__(body, content_type="application/json")
        self._size = body.size

    async def write(self, writer: AbstractStreamWriter) -> None:
        """All of them, once."""
        self._consumed = True
        writer.send_headers()  # by themselves: aiohttp would copy the first part to put them before it
        for part in self._value.take():
            await writer.write(part)

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """What isn't written yet."""
        text: str = self._value.whole().decode(encoding, errors)
        return text
