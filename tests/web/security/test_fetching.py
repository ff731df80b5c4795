"""Addresses that callers give. A real TLS server on this machine plays the public internet; names are mapped, the vetting isn't."""

from __future__ import annotations

import contextlib
import gzip
import shutil
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import anyio
import pytest

from agent.errors import SourceError
from agent.settings import Settings
from agent.sources import addresses
from agent.sources.fetching import Fetched, fetch
from agent.web.app import create_app
from agent.web.problems import Problem
from agent.web.security import fetching
from agent.web.security.fetching import RULES, article_at
from tests.web.serving import served

PAGE = b"<html><head><title>Acme rises</title></head><body><article><p>Acme rose 7% on Monday, it said.</p></article></body></html>"
HTML = {"Content-Type": "text/html; charset=utf-8"}
PUBLIC = "93.184.216.34"
ON = Settings(fetch=True)

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl to make a certificate")


class Internet:
    """One web server behind PUBLIC:443, and what names mean. `asked` are lookups, `dialled` connections, `seen` requests."""

    def __init__(self, certificate: Path) -> None:
        self.names: dict[str, list[str]] = {"news.example": [PUBLIC], "other.example": [PUBLIC]}
        self.replies: dict[str, tuple[int, dict[str, str], bytes | Callable[[Any], None]]] = {"/": (200, HTML, PAGE)}
        self.asked: list[str] = []
        self.dialled: list[tuple[str, int]] = []
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.sni: list[str | None] = []
        internet = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                internet.seen.append((self.path, dict(self.headers)))
                status, headers, body = internet.replies.get(self.path, (404, {}, b""))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                if callable(body):
                    body(self.wfile)
                else:
                    self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        context.sni_callback = lambda _sock, name, _context: self.sni.append(name)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def resolve(self, host: str, _port: int) -> list[str]:
        """What a name means; an address means itself, as the system's resolver has it."""
        self.asked.append(host)
        if host in self.names:
            return self.names[host]
        import socket

        return [str(info[4][0]) for info in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)]

    async def dial(self, remote_host: str, remote_port: int, **more: Any) -> Any:
        """A connection; PUBLIC is here."""
        self.dialled.append((str(remote_host), remote_port))
        if (str(remote_host), remote_port) != (PUBLIC, 443):
            raise ConnectionRefusedError
        return await _dial("127.0.0.1", self.server.server_address[1], **more)

    def close(self) -> None:
        """End it."""
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


_dial = anyio.connect_tcp


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of news.example, with its key."""
    folder = tmp_path_factory.mktemp("tls")
    made = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=news.example -addext subjectAltName=DNS:news.example"
    command = [str(shutil.which("openssl")), *made.split(), "-keyout", str(folder / "key"), "-out", str(folder / "cert")]
    subprocess.run(command, check=True, capture_output=True)
    (folder / "both").write_bytes((folder / "key").read_bytes() + (folder / "cert").read_bytes())
    return folder / "both"


@pytest.fixture
def internet(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Internet]:
    """All that can be reached, and what is asked of it."""
    internet = Internet(certificate)
    monkeypatch.setattr(addresses, "resolve", internet.resolve)
    monkeypatch.setattr(anyio, "connect_tcp", internet.dial)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_name("cert")))
    yield internet
    internet.close()


async def refused(address: str) -> str:
    """Why."""
    with pytest.raises(Problem) as caught:
        await article_at(address, ON)
    assert caught.value.code == "address_refused"
    assert caught.value.kind.status == 422
    return caught.value.detail


async def test_an_article_is_read(internet: Internet) -> None:
    """The connection goes to the address that was vetted; TLS and the server hear the name, which is looked up once."""
    found = await article_at("https://news.example/", ON)
    assert (found.id, found.title, found.text) == ("https://news.example/", "Acme rises", "Acme rose 7% on Monday, it said.")
    assert internet.asked == ["news.example"]
    assert internet.dialled == [(PUBLIC, 443)]
    assert internet.sni == ["news.example"]
    ((_, headers),) = internet.seen
    assert headers["Host"] == "news.example"
    assert set(headers) == {"Host", "User-Agent", "Accept", "Accept-Encoding", "Connection"}


async def test_it_is_off_by_default(internet: Internet) -> None:
    """Nobody is asked for anything."""
    with pytest.raises(Problem) as caught:
        await article_at("https://news.example/", Settings())
    assert caught.value.code == "fetching_is_off"
    assert not internet.asked


PRIVATE = {
    "loopback": "127.0.0.1",
    "loopback by another number": "127.8.8.8",
    "loopback v6": "::1",
    "unspecified": "0.0.0.0",  # noqa: S104
    "unspecified v6": "::",
    "private 10": "10.1.2.3",
    "private 172": "172.16.0.1",
    "private 192": "192.168.1.1",
    "shared": "100.64.0.1",
    "link-local, cloud metadata": "169.254.169.254",
    "link-local v6": "fe80::1",
    "unique local v6": "fd00::1",
    "site-local v6": "fec0::1",
    "multicast": "224.0.0.1",
    "multicast v6": "ff02::1",
    "reserved": "240.0.0.1",
    "broadcast": "255.255.255.255",
    "documentation": "192.0.2.1",
    "benchmarking": "198.18.0.1",
    "IPv4-mapped loopback": "::ffff:127.0.0.1",
    "IPv4-mapped metadata": "::ffff:169.254.169.254",
    "IPv4-compatible": "::127.0.0.1",
    "NAT64 of private": "64:ff9b::10.0.0.1",
    "local NAT64": "64:ff9b:1::1",
    "6to4 of loopback": "2002:7f00:1::1",
    "Teredo": "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "ISATAP of private": "2a00:1450::5efe:10.0.0.1",
}


@pytest.mark.parametrize("address", PRIVATE.values(), ids=PRIVATE.keys())
async def test_d39_an_address_inside_is_refused_without_connecting(internet: Internet, address: str) -> None:
    """Written as a number, behind a name, or among public ones; and no caller learns what the name stands for."""
    internet.names |= {"inside.example": [address], "both.example": [PUBLIC, address]}
    for host in (f"[{address}]" if ":" in address else address, "inside.example", "both.example"):
        assert await refused(f"https://{host}/") == "its host isn't known in the public internet"
    assert not internet.dialled


SPELLINGS = ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0x7f.1", "017700000001", "①②⑦.0.0.1", "１２７.0.0.1", "127。0。0。1"]


@pytest.mark.parametrize("host", SPELLINGS)
async def test_d39_a_decimal_ip_and_other_spellings_are_refused_without_connecting(internet: Internet, host: str) -> None:
    """What the system takes for 127.0.0.1 is 127.0.0.1."""
    await refused(f"https://{host}/")
    assert not internet.dialled


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.", "nobody.example"])
async def test_d39_a_name_without_a_public_address_says_no_more_than_that(internet: Internet, host: str) -> None:
    """One that is private and one that isn't there look alike."""
    internet.names |= {"localhost": ["127.0.0.1", "::1"], "localhost.": ["127.0.0.1"]}
    assert await refused(f"https://{host}/") == "its host isn't known in the public internet"
    assert not internet.dialled


async def test_d39_dns_rebinding_is_refused(internet: Internet, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that means something else a moment later: it is looked up once, and the connection goes to what was vetted."""
    answers = [[PUBLIC], ["127.0.0.1"], ["127.0.0.1"]]
    monkeypatch.setattr(addresses, "resolve", lambda *_: answers.pop(0))
    assert (await article_at("https://news.example/", ON)).title == "Acme rises"
    assert internet.dialled == [(PUBLIC, 443)]
    assert len(answers) == 2
    assert await refused("https://news.example/") == "its host isn't known in the public internet"
    assert internet.dialled == [(PUBLIC, 443)]


@pytest.mark.parametrize(
    "target", ["https://127.0.0.1/", "https://[::ffff:10.0.0.1]/", "https://2130706433/", "https://inside.example/", "//inside.example/x"]
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_d39_a_redirect_to_those_is_refused_without_connecting(internet: Internet, target: str, status: int) -> None:
    """Every hop is vetted anew."""
    internet.names["inside.example"] = ["169.254.169.254"]
    internet.replies["/"] = (status, {"Location": target}, b"")
    assert await refused("https://news.example/") == "its host isn't known in the public internet"
    assert internet.dialled == [(PUBLIC, 443)]


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("http://news.example/", "only https addresses are read"),
        ("file:///etc/passwd", "only https addresses are read"),
        ("gopher://news.example/", "only https addresses are read"),
        ("data:text/html,x", "only https addresses are read"),
        ("https:///x", "only https addresses are read"),
        ("https://news.example:8443/", "only port 443 is read"),
        ("https://news.example:22/", "only port 443 is read"),
        ("https://user:secret@news.example/", "addresses with a user name or password aren't read"),
        ("https://news.example@127.0.0.1/", "addresses with a user name or password aren't read"),
        ("https://news.example/" + "x" * 2000, "not a web address"),
        ("https://news.example:99999/", "not a web address"),
        ("https://a\nb/", "not a web address"),
        ("https://xn--/", "not a web address"),
    ],
)
async def test_d39_other_schemes_ports_and_users_are_refused_without_connecting(internet: Internet, target: str, said: str) -> None:
    """Nor as the target of a redirect."""
    assert await refused(target) == said
    assert not internet.dialled
    internet.replies["/"] = (302, {"Location": target.replace("\n", "")}, b"")
    assert await refused("https://news.example/")
    assert set(internet.dialled) == {(PUBLIC, 443)}


async def test_three_redirects_are_followed_and_four_are_not(internet: Internet) -> None:
    """To other public hosts too; each name is looked up."""
    for number in range(4):
        internet.replies[f"/{number}"] = (302, {"Location": f"https://news.example/{number + 1}"}, b"")
    internet.replies["/4"] = (200, HTML, PAGE)
    assert (await article_at("https://news.example/1", ON)).title == "Acme rises"
    assert await refused("https://news.example/0") == "it redirects more than 3 times"


async def test_the_certificate_must_be_the_names(internet: Internet) -> None:
    """The address alone proves nothing."""
    assert (await refused("https://other.example/")).startswith("there is no secure connection (Hostname mismatch")
    assert internet.sni == ["other.example"]
    assert internet.seen == []


@pytest.mark.parametrize("kind", ["application/json", "application/xhtml+xml", "image/svg+xml", "application/octet-stream", "text/css", ""])
async def test_only_pages_and_text_are_read(internet: Internet, kind: str) -> None:
    """Whatever else a server inside might give away."""
    internet.replies["/"] = (200, {"Content-Type": kind}, PAGE)
    assert (await refused("https://news.example/")).endswith("only text/html, text/plain are read")


def endless(wfile: Any) -> None:
    """Bytes until nobody wants them."""
    with contextlib.suppress(OSError):  # the other side hangs up
        while True:
            wfile.write(b"<p>" * 10_000)


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, b"x" * 5_000_001),
        ({"Content-Encoding": "gzip"}, gzip.compress(b"x" * 50_000_000)),
        ({}, endless),
        ({"Content-Length": "10000000"}, endless),
    ],
    ids=["too large", "a bomb", "no end", "declared"],
)
async def test_a_page_over_the_size_cap_is_refused_as_it_comes(internet: Internet, headers: dict[str, str], body: Any) -> None:
    """As sent and as unpacked."""
    internet.replies["/"] = (200, HTML | headers, body)
    assert await refused("https://news.example/") == "larger than 5 MB"


@pytest.mark.parametrize("encoding", ["br", "zstd", "deflate", "gzip, gzip"])
async def test_what_is_compressed_unasked_is_refused(internet: Internet, encoding: str) -> None:
    """A library would unpack it without a bound."""
    internet.replies["/"] = (200, HTML | {"Content-Encoding": encoding}, PAGE)
    assert await refused("https://news.example/") == "it is compressed in a way that wasn't asked for"


async def test_a_bomb_is_never_unpacked_whole(internet: Internet) -> None:
    """Fifty megabytes out of fifty kilobytes: what is held is the cap and one piece."""
    import tracemalloc

    internet.replies["/"] = (200, HTML | {"Content-Encoding": "gzip"}, gzip.compress(b"x" * 50_000_000))
    await refused("https://news.example/")
    tracemalloc.start()
    await refused("https://news.example/")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


def trickle(wfile: Any) -> None:
    """A byte now and then."""
    with contextlib.suppress(OSError):
        while True:
            wfile.write(b"x")
            time.sleep(0.01)


async def test_time_is_capped_for_everything_together(internet: Internet, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes that keep coming don't renew it."""
    monkeypatch.setattr(fetching, "RULES", replace(RULES, timeout_s=0.5))
    internet.replies["/"] = (200, HTML, trickle)
    assert await refused("https://news.example/") == "it wasn't read within 0.5 seconds"


async def test_no_redirect_or_lookup_renews_the_time(internet: Internet) -> None:
    """A chain of slow ones is one fetch."""

    def slow_redirect(_: Any) -> None:
        time.sleep(0.2)

    for number in range(3):
        internet.replies[f"/{number}"] = (302, {"Location": f"/{number + 1}", "Content-Length": "0"}, slow_redirect)
    with pytest.raises(SourceError, match=r"within 0\.1 seconds"):
        await fetch("https://news.example/0", replace(RULES, timeout_s=0.1))


async def test_the_rules_are_the_services(internet: Internet) -> None:
    """What the command line may read, the service may not; the table is docs/security.md's."""
    assert (RULES.schemes, RULES.ports, RULES.private, RULES.max_redirects) == (("https",), (443,), False, 3)
    assert (RULES.max_bytes, RULES.timeout_s, RULES.types) == (5_000_000, 10.0, ("text/html", "text/plain"))
    assert isinstance(await fetch("https://news.example/", RULES), Fetched)
    assert internet.seen


def test_the_service_makes_cards_of_addresses_under_these_rules(internet: Internet, tmp_path: Path) -> None:
    """Over HTTP; and refuses what leads inside, or all of them when it is off."""
    internet.names["inside.example"] = ["10.0.0.1"]
    for fetch_, address, status, code in (
        (True, "https://news.example/", 200, None),
        (True, "https://inside.example/", 422, "address_refused"),
        (True, "https://169.254.169.254/latest/meta-data/", 422, "address_refused"),
        (True, "http://news.example/", 422, "address_refused"),
        (False, "https://news.example/", 403, "fetching_is_off"),
    ):
        with served(create_app(Settings(data_dir=tmp_path, engine="extractive", fetch=fetch_))) as client:
            answer = client.post("/v1/cards", json={"url": address})
            assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text
    assert internet.dialled == [(PUBLIC, 443)]


async def test_a_password_in_an_address_is_never_repeated(internet: Internet) -> None:
    """Nor is the rest of it."""
    assert internet.names
    said = await refused("https://user:hunter2@news.example/")
    assert "hunter2" not in said
