"""Articles from http(s) addresses, with httpx: one page, within limits, and never from inside a network that isn't meant."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING

import agent
from agent.errors import SourceError
from agent.sources.decoding import decode_page
from agent.sources.page import page_article
from agent.sources.plain import text_article
from agent.sources.records import Placed, read_json

if TYPE_CHECKING:
    import httpx

TIMEOUT_S = 20.0
"""For everything together: looking up the host, redirects and the last byte."""
MAX_MB = 5
MAX_REDIRECTS = 5
TYPES = ("text/html", "application/xhtml+xml", "text/plain", "application/json")

_LAST_PORT = 65_535
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address gave: `address` after redirects, `media_type` one of TYPES, `charset` as the server declared it."""

    address: str
    media_type: str
    charset: str | None
    data: bytes


def read_address(address: str, *, allow_private: bool = False) -> Iterator[Placed]:
    """The article at `address` (or the articles, when it serves JSON). Raises SourceError when it can't be read as one."""
    name = _shown(address)
    found = fetch(address, allow_private=allow_private)
    if found.media_type == "application/json":
        yield from read_json(found.data, name, name)
        return
    text = decode_page(found.data, name, found.charset)
    if found.media_type == "text/plain":
        yield Placed(name, text_article(text, name, name).model_copy(update={"url": found.address}))
    else:
        yield Placed(name, page_article(text, name, address=found.address, article_id=name))


def fetch(address: str, *, allow_private: bool = False) -> Fetched:
    """GET `address`: http(s) only, no cookies, no proxy, at most MAX_REDIRECTS redirects, MAX_MB and TIMEOUT_S.

    Unless `allow_private`, every host on the way must have public addresses: this machine and its network are not for others to read.
    The connection goes to the address that was checked. Raises SourceError with one clear line.
    """
    deadline = time.monotonic() + TIMEOUT_S
    return _within(TIMEOUT_S, _shown(address), lambda: _follow(address, deadline, allow_private=allow_private))


def _follow(address: str, deadline: float, *, allow_private: bool) -> Fetched:
    name, here = _shown(address), address
    for _ in range(MAX_REDIRECTS + 1):
        url = _checked(here, name)
        found = _get(url, _addresses(url, name, allow_private=allow_private), name, deadline)
        if isinstance(found, Fetched):
            return found
        here = str(url.join(found))
    raise SourceError(name, f"it redirects more than {MAX_REDIRECTS} times")


def _checked(address: str, name: str) -> httpx.URL:
    import httpx

    try:
        url = httpx.URL(address)
    except httpx.InvalidURL:
        raise SourceError(name, "not a web address") from None
    if url.port is not None and not 0 < url.port <= _LAST_PORT:
        raise SourceError(name, "not a web address")
    if url.scheme not in {"http", "https"} or not url.host:
        raise SourceError(name, "only http and https addresses are read")
    if url.userinfo:
        raise SourceError(name, "addresses with a user name or password aren't read")
    return url


def _addresses(url: httpx.URL, name: str, *, allow_private: bool) -> list[str]:
    """The IP addresses of the host, all of which may be connected to."""
    try:
        found = resolve(url.raw_host.decode("ascii").strip("[]"), url.port or {"http": 80, "https": 443}[url.scheme])
    except (OSError, UnicodeError):
        raise SourceError(name, f"there is no host named {url.host}") from None
    for address in found:
        if not allow_private and not is_public(address):
            what = url.host if url.host == address else f"{url.host} ({address})"
            raise SourceError(name, f"{what} is inside a private network; it isn't read")
    return found


def resolve(host: str, port: int) -> list[str]:
    """The IP addresses of `host`, in the order in which they should be tried. Raises OSError."""
    return list(dict.fromkeys(str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet's, the IPv4 address that it may wrap included."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        teredo = ip.teredo[1] if ip.teredo else None
        nat64 = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None
        if wrapped := ip.ipv4_mapped or ip.sixtofour or teredo or nat64:
            return is_public(str(wrapped))
    return ip.is_global and not ip.is_multicast


def _get(url: httpx.URL, addresses: list[str], name: str, deadline: float) -> Fetched | str:
    """What `url` serves, or where it redirects to; the addresses are tried in turn until one can be connected to."""
    import httpx

    failure: SourceError | None = None
    for address in addresses:
        try:
            return _get_from(url, address, name, deadline)
        except httpx.ConnectError as exc:
            failure = SourceError(name, _why_not(exc))
        except httpx.TimeoutException:
            failure = _too_slow(name)
        except httpx.HTTPError as exc:
            raise SourceError(name, f"its answer broke off or can't be read ({type(exc).__name__})") from exc
    raise failure or SourceError(name, f"there is no host named {url.host}")


def _get_from(url: httpx.URL, address: str, name: str, deadline: float) -> Fetched | str:
    import httpx

    headers = {
        "Host": url.netloc.decode("ascii"),
        "User-Agent": f"newscard/{agent.__version__}",
        "Accept": ", ".join(TYPES),
        "Accept-Encoding": "gzip",
    }
    # The user's own certificates (SSL_CERT_FILE) count, a proxy of the user's doesn't: it would resolve the name once more.
    left = max(deadline - time.monotonic(), 0.001)
    # Connecting to the address that was checked, not to what the name may mean a moment later; TLS still checks the name.
    with (
        httpx.Client(verify=httpx.create_ssl_context(), trust_env=False, timeout=left, headers=headers) as client,
        client.stream("GET", url.copy_with(host=address), extensions={"sni_hostname": url.raw_host.decode("ascii")}) as response,
    ):
        if response.has_redirect_location:
            return response.headers["location"]
        if not response.is_success:
            raise SourceError(name, f"the server answered {response.status_code} {response.reason_phrase}".rstrip())
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type not in TYPES:
            raise SourceError(name, f"it is {media_type or 'of no stated type'}; pages, text and JSON are read")
        return Fetched(str(url), media_type, response.charset_encoding, _body(response, name, deadline))


def _body(response: httpx.Response, name: str, deadline: float) -> bytes:
    data = bytearray()
    for chunk in response.iter_bytes():
        data += chunk
        if len(data) > MAX_MB * 1_000_000:
            raise SourceError(name, f"larger than {MAX_MB} MB")
        if time.monotonic() > deadline:
            raise _too_slow(name)
    return bytes(data)


def _within(seconds: float, name: str, work: Callable[[], Fetched]) -> Fetched:
    """`work` in a thread that is left behind when time is up: neither a name server nor a trickle of headers has a limit of its own."""
    outcome: Future[Fetched] = Future()

    def run() -> None:
        try:
            outcome.set_result(work())
        except SourceError as exc:
            outcome.set_exception(exc)
        finally:
            outcome.cancel()  # only where neither was set: nobody shall wait for a thread that has failed

    threading.Thread(target=run, name="newscard-fetch", daemon=True).start()
    try:
        return outcome.result(seconds)
    except TimeoutError:
        raise _too_slow(name) from None


def _too_slow(name: str) -> SourceError:
    return SourceError(name, f"it wasn't read within {TIMEOUT_S:g} seconds")


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


def _shown(address: str) -> str:
    """The address for messages and as an id: without a user name and password that it may hold."""
    scheme, _, rest = address.partition("://")
    authority, slash, path = rest.partition("/")
    return f"{scheme}://{authority.rpartition('@')[2]}{slash}{path}"
