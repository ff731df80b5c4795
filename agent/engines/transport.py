"""The thin transport: ready-made bytes to one address through aiohttp, and what came back. docs/decisions says why not the SDK's `post`."""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit, urlunsplit

import agent
from agent.engines.wire import Body
from agent.errors import UsageError
from agent.settings import OPENAI_BASE_URL, Settings

if TYPE_CHECKING:
    import aiohttp

    from agent.engines.direct import Direct

CONNECT_TIMEOUT_S = 10.0
KEEP_ALIVE_S = 15.0
END_S = 0.1
"""How long the end of a stream is waited for that has said that it is over."""
_EVENTS = "text/event-stream"
_MAX_LINE = 64 * 1024
"""Bytes of one header line; gateways send long ones."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer, whatever its status. `headers` can be looked up in any case; `body` is None when it was handed over in pieces."""

    status: int
    headers: Mapping[str, str]
    body: bytes | None


class NoAnswer(Exception):
    """No answer came; the cause says why."""


class Transport:
    """Connections to one endpoint, kept open between requests; of one event loop at a time. Follows no redirect and keeps no cookie."""

    def __init__(self, settings: Settings, key: str, connections: int) -> None:
        """Nothing is connected yet. At most `connections` are opened. Raises UsageError when `settings.headers` can't be sent."""
        address = settings.base_url or OPENAI_BASE_URL
        self._url = _without_user(address).rstrip("/") + "/chat/completions"
        self._headers = request_headers(settings, key)
        self._timeout_s = settings.timeout_s
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None
        self._direct: Direct | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def post(self, body: Body, take: Callable[[bytes], bool] | None = None) -> Answer:
        """The answer to `body`. Raises NoAnswer.

        With `take`, an answer that is an event stream is handed over as it comes, and the Answer's body is None. `take` says whether that
        was all: some endpoints keep the connection open behind it, or break it off.
        """
        import aiohttp

        headers = {"Accept": f"{_EVENTS}, application/json", "Content-Length": str(body.size)} if take else None
        try:
            session = self._open()
            if self._direct is not None and take is None:
                return Answer(*await self._direct.post(body))
            data = _sent(body) if take else body.whole()
            async with session.post(self._url, data=data, headers=headers, allow_redirects=False) as response:
                if take is None or response.status != HTTPStatus.OK or response.content_type != _EVENTS:
                    return Answer(response.status, response.headers, await response.read())
                async for piece in response.content.iter_any():
                    if take(piece):
                        await _ended(response.content)
                        break
                return Answer(response.status, response.headers, None)
        except (aiohttp.ClientError, OSError) as exc:  # time-outs are OSErrors
            raise NoAnswer from exc

    async def aclose(self) -> None:
        """Close the connections; the next request opens new ones."""
        session, self._session = self._session, None
        if session is not None and self._loop is asyncio.get_running_loop():
            await session.close()

    def _open(self) -> aiohttp.ClientSession:
        loop = asyncio.get_running_loop()
        if self._session is None or self._loop is not loop:
            # Sockets of a loop that is gone are of no use, nor can they be closed any more.
            self._loop, self._session = loop, self._make()
            self._direct = self._make_direct(self._session)
        return self._session

    def _make_direct(self, session: aiohttp.ClientSession) -> Direct | None:
        """What requests go by unless there is a proxy, or something else that aiohttp's session must see to."""
        from agent.engines.direct import Direct, is_known

        if proxy_of(self._url) is not None or not is_known(self._headers):
            return None
        return Direct(session, self._url, longest_line=_MAX_LINE)

    def _make(self) -> aiohttp.ClientSession:
        import aiohttp

        from agent.engines.direct import Pool

        timeout = aiohttp.ClientTimeout(total=None, sock_connect=min(CONNECT_TIMEOUT_S, self._timeout_s), sock_read=self._timeout_s)
        # A number, always: without one aiohttp stops at 100 connections.
        connector = Pool(limit=self._connections, ssl=_trust(self._url), keepalive_timeout=KEEP_ALIVE_S)
        return aiohttp.ClientSession(
            connector=connector,
            timeout=timeout,
            headers=self._headers,
            cookie_jar=aiohttp.DummyCookieJar(),
            proxy=proxy_of(self._url),
            max_line_size=_MAX_LINE,
            max_field_size=_MAX_LINE,
        )


async def _ended(content: aiohttp.StreamReader) -> None:
    """Its end comes right behind the last piece; with it the connection can be used again, without it nothing is lost."""
    with suppress(Exception):
        async with asyncio.timeout(END_S):
            await content.read()


async def _sent(body: Body) -> AsyncIterator[bytes]:
    """The parts, each let go of once it is written: handed over whole, aiohttp would keep them until the answer's end."""
    for part in body.take():
        yield part


def request_headers(settings: Settings, key: str) -> dict[str, str]:
    """What each request carries beside its body. The user's own headers go before ours, as in OpenAI's SDK.

    Raises UsageError when one of them can't be sent.
    """
    headers = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": f"newscard/{agent.__version__}"}
    parts = urlsplit(settings.base_url or OPENAI_BASE_URL)
    if parts.username is not None:
        login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["Authorization"] = f"Basic {base64.b64encode(login.encode()).decode()}"
    elif key:
        headers["Authorization"] = f"Bearer {key}"
    if settings.organization:
        headers["OpenAI-Organization"] = settings.organization
    if settings.project:
        headers["OpenAI-Project"] = settings.project
    for line in (settings.headers or "").splitlines():
        name, colon, value = line.partition(":")
        if colon:
            headers = {known: was for known, was in headers.items() if known.lower() != name.strip().lower()} | {
                name.strip(): value.strip()
            }
    for name, value in headers.items():
        if not (name.isascii() and name.isprintable() and name and " " not in name and value.isprintable()):
            raise UsageError("NEWSCARD_HEADERS, NEWSCARD_ORGANIZATION or NEWSCARD_PROJECT: there are characters that no header can carry")
    return headers


def _without_user(address: str) -> str:
    parts = urlsplit(address)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _trust(url: str) -> ssl.SSLContext | bool:
    """Reading the trusted certificates takes longer than all else about a start; plain http has no use for them, and gets none."""
    if not url.startswith("https:"):
        return True
    import httpx

    return httpx.create_ssl_context()  # certifi's, or those that SSL_CERT_FILE names: the same as everywhere else in this program


def proxy_of(url: str) -> str | None:
    """The proxy of the environment, looked up once and not at each request."""
    from urllib.request import getproxies, proxy_bypass

    parts = urlsplit(url)
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    return None if proxy is None or proxy_bypass(parts.hostname or "") else proxy
