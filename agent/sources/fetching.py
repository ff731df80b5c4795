"""One page from an http(s) address, with httpx: within limits, and never from inside a network that isn't meant."""

from __future__ import annotations

import asyncio
import ssl
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import agent
from agent.errors import SourceError
from agent.sources import addresses

if TYPE_CHECKING:
    import httpx

_LAST_PORT = 65_535
_LONGEST_ADDRESS = 2_000
_LOOKUPS = 8
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Rules:
    """What may be fetched. `types` are media types; `ports` None: any; `private`: from this machine and its network too.

    `timeout_s` is for everything together: looking up the host, redirects and the last byte. `max_bytes` holds for what comes over the
    wire and for what it unpacks to.
    """

    schemes: tuple[str, ...] = ("http", "https")
    ports: tuple[int, ...] | None = None
    types: tuple[str, ...] = ("text/html", "application/xhtml+xml", "text/plain", "application/json")
    private: bool = False
    max_redirects: int = 5
    max_bytes: int = 5_000_000
    timeout_s: float = 20.0


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address gave: `address` after redirects, `media_type` one of the rules', `charset` as the server declared it."""

    address: str
    media_type: str
    charset: str | None
    data: bytes


class NotPublic(SourceError):
    """The host isn't there, or is inside a private network."""


async def fetch(address: str, rules: Rules) -> Fetched:
    """GET `address`, without cookies and without a proxy.

    Every host on the way, redirects included, must have public addresses only, unless the rules let private ones be. The name is looked up
    once, and the connection goes to an address that was checked, not to what the name may mean a moment later; TLS still checks the name.
    Raises SourceError with one clear line.
    """
    name = shown(address)
    try:
        async with asyncio.timeout(rules.timeout_s):
            return await _follow(address, name, rules)
    except TimeoutError:
        raise _too_slow(name, rules) from None


async def _follow(address: str, name: str, rules: Rules) -> Fetched:
    import httpx

    here = address
    for _ in range(rules.max_redirects + 1):
        url = _checked(here, name, rules)
        found = await _get(url, await _addresses(url, name, rules), name, rules)
        if isinstance(found, Fetched):
            return found
        try:
            here = str(url.join(found))
        except httpx.InvalidURL:
            raise SourceError(name, "it redirects to what is no web address") from None
    raise SourceError(name, f"it redirects more than {rules.max_redirects} times")


def _checked(address: str, name: str, rules: Rules) -> httpx.URL:
    import httpx

    try:
        url = httpx.URL(address)
        host = url.host  # an xn-- name is decoded here, and some can't be
    except (httpx.InvalidURL, UnicodeError):
        raise SourceError(name, "not a web address") from None
    if len(address) > _LONGEST_ADDRESS or (url.port is not None and not 0 < url.port <= _LAST_PORT):
        raise SourceError(name, "not a web address")
    if url.scheme not in rules.schemes or not host:
        raise SourceError(name, f"only {' and '.join(rules.schemes)} addresses are read")
    if url.userinfo:
        raise SourceError(name, "addresses with a user name or password aren't read")
    if rules.ports is not None and _port(url) not in rules.ports:
        raise SourceError(name, f"only port {', '.join(map(str, rules.ports))} is read")
    return url


def _port(url: httpx.URL) -> int:
    return url.port or _PORTS[url.scheme]


async def _addresses(url: httpx.URL, name: str, rules: Rules) -> list[str]:
    """The IP addresses of the host, all of which may be connected to. One private address among them is enough to refuse them all."""
    loop = asyncio.get_running_loop()
    try:
        host = url.raw_host.decode("ascii").strip("[]")
        found = await loop.run_in_executor(_lookups(), addresses.resolve, host, _port(url))
    except (OSError, UnicodeError):
        found = []
    if not found:
        raise NotPublic(name, f"there is no host named {url.host}")
    for address in found:
        if not rules.private and not addresses.is_public(address):
            what = url.host if url.host == address else f"{url.host} ({address})"
            raise NotPublic(name, f"{what} is inside a private network; it isn't read")
    return found


@cache
def _lookups() -> ThreadPoolExecutor:
    """Threads of their own: a name server that never answers must not keep everything else in this process waiting."""
    return ThreadPoolExecutor(_LOOKUPS, "newscard-lookup")


async def _get(url: httpx.URL, found: list[str], name: str, rules: Rules) -> Fetched | str:
    """What `url` serves, or where it redirects to; the addresses are tried in turn until one can be connected to."""
    import httpx

    failure: SourceError | None = None
    for number, address in enumerate(found):
        # A host that doesn't answer must leave time for the next one.
        connect_s = rules.timeout_s / (len(found) - number + 1)
        try:
            return await _get_from(url, address, name, rules, connect_s)
        except httpx.ConnectError as exc:
            failure = SourceError(name, _why_not(exc))
        except httpx.ConnectTimeout:
            failure = SourceError(name, "the host can't be reached")
        except (httpx.InvalidURL, UnicodeError):  # in passing: httpx looks at where a redirect leads, though it isn't to follow it
            raise SourceError(name, "it redirects to what is no web address") from None
        except httpx.HTTPError as exc:
            raise SourceError(name, f"its answer broke off or can't be read ({type(exc).__name__})") from exc
    assert failure is not None
    raise failure


async def _get_from(url: httpx.URL, address: str, name: str, rules: Rules, connect_s: float) -> Fetched | str:
    import httpx

    headers = {
        "Host": url.netloc.decode("ascii"),
        "User-Agent": f"newscard/{agent.__version__}",
        "Accept": ", ".join(rules.types),
        "Accept-Encoding": "gzip",
    }
    # The user's own certificates (SSL_CERT_FILE) count, a proxy of the user's doesn't: it would resolve the name once more.
    # Reading them takes a while, and http needs none: a context that trusts nobody does.
    verify = await asyncio.to_thread(httpx.create_ssl_context) if url.scheme == "https" else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    timeout = httpx.Timeout(rules.timeout_s, connect=connect_s)
    async with (
        httpx.AsyncClient(verify=verify, trust_env=False, timeout=timeout, headers=headers) as client,
        client.stream("GET", url.copy_with(host=address), extensions={"sni_hostname": url.raw_host.decode("ascii")}) as response,
    ):
        if response.has_redirect_location:
            return response.headers["location"]
        if not response.is_success:
            raise SourceError(name, f"the server answered {response.status_code} {response.reason_phrase}".rstrip())
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type not in rules.types:
            raise SourceError(name, f"it is {media_type or 'of no stated type'}; only {', '.join(rules.types)} are read")
        return Fetched(str(url), media_type, response.charset_encoding, await _body(response, name, rules))


async def _body(response: httpx.Response, name: str, rules: Rules) -> bytes:
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"identity", "gzip", "x-gzip", ""}:
        raise SourceError(name, "it is compressed in a way that wasn't asked for")
    # Unpacked here and piece by piece: a library would unpack a whole piece, a thousand times its size, before anybody could stop it.
    unpacker = zlib.decompressobj(wbits=31) if "gzip" in encoding else None
    data, received = bytearray(), 0
    async for chunk in response.aiter_raw():
        received += len(chunk)
        try:
            data += chunk if unpacker is None else unpacker.decompress(chunk, rules.max_bytes - len(data) + 1)
        except zlib.error:
            raise SourceError(name, "it can't be unpacked") from None
        if max(len(data), received) > rules.max_bytes:
            raise SourceError(name, f"larger than {rules.max_bytes // 1_000_000} MB")
    if unpacker is not None and received and not unpacker.eof:
        raise SourceError(name, "its answer broke off")
    return bytes(data)


def _too_slow(name: str, rules: Rules) -> SourceError:
    return SourceError(name, f"it wasn't read within {rules.timeout_s:g} seconds")


def _why_not(exc: BaseException) -> str:
    """Why a connection wasn't made; httpx keeps the reason at the bottom of the chain."""
    cause: BaseException | None = exc
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return f"there is no secure connection ({getattr(cause, 'verify_message', None) or cause.reason or 'TLS fails'})"
        if isinstance(cause, ConnectionRefusedError):
            return "the connection was refused"
        cause = cause.__cause__ or cause.__context__
    return "the host can't be reached"


def shown(address: str) -> str:
    """The address for messages and as an id: without a user name and password that it may hold."""
    scheme, _, rest = address.partition("://")
    authority, slash, path = rest.partition("/")
    return f"{scheme}://{authority.rpartition('@')[2]}{slash}{path}"
