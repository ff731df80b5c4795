"""Addresses, against real servers on this machine."""

from __future__ import annotations

import contextlib
import gzip
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from agent import __version__
from agent.article import Article
from agent.errors import SourceError
from agent.sources import addresses, read_sources, web
from agent.sources.fetching import Rules

PAGE = b"<html><head><title>Acme rises</title></head><body><article><p>Acme rose 7% on Monday, it said.</p></article></body></html>"

Reply = tuple[int, dict[str, str], bytes]
TYPES = ", ".join(Rules().types)
HTML = {"Content-Type": "text/html; charset=utf-8"}


class Site:
    """A web server on this machine: path -> status, headers, body. `seen` holds the headers of each request."""

    def __init__(self) -> None:
        self.replies: dict[str, Reply] = {"/": (200, HTML, PAGE)}
        self.seen: list[tuple[str, dict[str, str]]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.seen.append((self.path, dict(self.headers)))
                status, headers, body = site.replies.get(self.path, (404, {}, b""))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def at(self, path: str = "/", host: str = "127.0.0.1") -> str:
        """The address of `path`."""
        return f"http://{host}:{self.port}{path}"

    def close(self) -> None:
        """Stop serving."""
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def site() -> Iterator[Site]:
    """A running server."""
    site = Site()
    yield site
    site.close()


def only(address: str, *, allow_private: bool = True) -> Article:
    """The article at `address`."""
    (item,) = read_sources([address], allow_private=allow_private)
    assert isinstance(item, Article), item
    return item


def problem(address: str, *, allow_private: bool = True) -> str:
    """What is wrong with `address`."""
    (item,) = read_sources([address], allow_private=allow_private)
    assert isinstance(item, SourceError)
    assert str(item) == f"{item.source}: {item.problem}"
    return item.problem


def test_a_page_is_an_article(site: Site) -> None:
    """Its id and address are where it was read."""
    found = only(site.at())
    assert (found.id, found.url, found.title, found.text) == (site.at(), site.at(), "Acme rises", "Acme rose 7% on Monday, it said.")


def test_the_request_says_who_asks_and_nothing_else(site: Site) -> None:
    """No cookie, no referrer, no credentials."""
    only(site.at())
    ((_, headers),) = site.seen
    assert headers["User-Agent"] == f"newscard/{__version__}"
    assert headers["Host"] == f"127.0.0.1:{site.port}"
    assert set(headers) == {"Host", "User-Agent", "Accept", "Accept-Encoding", "Connection"}


def test_text_and_json_are_read(site: Site) -> None:
    """As the same files would be."""
    site.replies["/t"] = (200, {"Content-Type": "text/plain; charset=iso-8859-1"}, "Acme rises\n\nCafé shares rose.".encode("latin-1"))
    site.replies["/j"] = (200, {"Content-Type": "application/json"}, b'[{"id": 1, "text": "x"}, {"id": 2, "text": "y"}]')
    found = only(site.at("/t"))
    assert (found.title, found.text, found.url) == ("Acme rises", "Café shares rose.", site.at("/t"))
    assert [item.id for item in read_sources([site.at("/j")], allow_private=True) if isinstance(item, Article)] == ["1", "2"]


def test_a_compressed_page_is_read(site: Site) -> None:
    """It is what is asked for."""
    site.replies["/"] = (200, HTML | {"Content-Encoding": "gzip"}, gzip.compress(PAGE))
    assert only(site.at()).title == "Acme rises"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(status: int, site: Site) -> None:
    """Relative ones too; the article's address is the last one."""
    site.replies["/old"] = (status, {"Location": "/"}, b"")
    found = only(site.at("/old"))
    assert (found.id, found.url) == (site.at("/old"), site.at("/"))


def test_six_redirects_are_too_many(site: Site) -> None:
    """Five are followed."""
    for number in range(6):
        site.replies[f"/{number}"] = (302, {"Location": f"/{number + 1}"}, b"")
    site.replies["/6"] = (200, HTML, PAGE)
    assert problem(site.at("/0")) == "it redirects more than 5 times"
    assert only(site.at("/1")).title == "Acme rises"


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("ftp://example.com/a", "only http and https addresses are read"),
        ("file:///etc/passwd", "only http and https addresses are read"),
        ("http://user:secret@127.0.0.1/", "addresses with a user name or password aren't read"),
        ("http://127.0.0.1:port/", "its answer broke off or can't be read (RemoteProtocolError)"),
    ],
)
def test_a_redirect_is_checked_like_an_address(location: str, said: str, site: Site) -> None:
    """Whatever it leads to."""
    site.replies["/"] = (302, {"Location": location}, b"")
    assert problem(site.at()) == said


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ((404, {}, b""), "the server answered 404 Not Found"),
        ((403, HTML, PAGE), "the server answered 403 Forbidden"),
        ((500, HTML, PAGE), "the server answered 500 Internal Server Error"),
        ((304, {}, b""), "the server answered 304 Not Modified"),
        ((302, {}, b""), "the server answered 302 Found"),
        ((200, {"Content-Type": "image/png"}, b"\x89PNG"), f"it is image/png; only {TYPES} are read"),
        ((200, {"Content-Type": "application/pdf"}, b"%PDF-"), f"it is application/pdf; only {TYPES} are read"),
        ((200, {}, PAGE), f"it is of no stated type; only {TYPES} are read"),
        ((200, HTML, b"%PDF-1.7"), "it is a PDF; export it as text"),
        ((200, HTML, b""), "there is no text in it"),
        ((200, HTML, b"x" * 5_000_001), "larger than 5 MB"),
        ((200, HTML | {"Content-Encoding": "gzip"}, gzip.compress(b"x" * 50_000_000)), "larger than 5 MB"),
        ((200, HTML | {"Content-Encoding": "gzip"}, b"not gzip"), "it can't be unpacked"),
        ((200, HTML | {"Content-Length": "1000"}, b"cut"), "its answer broke off or can't be read (RemoteProtocolError)"),
    ],
)
def test_a_reply_that_is_no_article_is_one_clear_line(reply: Reply, said: str, site: Site) -> None:
    """Status, type, size, or what came instead."""
    site.replies["/"] = reply
    assert problem(site.at()) == said


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://", "only http and https addresses are read"),
        ("https:///path", "only http and https addresses are read"),
        ("gopher://example.com/", "only http and https addresses are read"),
        ("http://a:b/", "not a web address"),
        ("http://user:secret@example.com/a", "addresses with a user name or password aren't read"),
        ("http://example.com:99999/", "not a web address"),
    ],
)
def test_what_is_no_web_address_is_refused(address: str, said: str) -> None:
    """Before anybody is asked; a password in it is never repeated."""
    (item,) = read_sources([address])
    assert isinstance(item, SourceError)
    assert item.problem == said
    assert "secret" not in str(item)


def test_a_host_that_does_not_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name server's no."""

    def nobody(*_: object, **__: object) -> list[object]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    assert problem("http://nobody.example/") == "there is no host named nobody.example"


def test_a_refused_connection() -> None:
    """Nobody listens there any more."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert problem(f"http://127.0.0.1:{port}/") == "the connection was refused"


def test_no_tls_where_https_was_asked_for(site: Site) -> None:
    """A plain server behind an https address."""
    assert problem(site.at().replace("http:", "https:")).startswith("there is no secure connection (")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl to make a certificate")
def test_the_certificate_must_be_the_names(
    site: Site, names: dict[str, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection goes to an address, but TLS asks for the name and checks it; a user's own certificates count."""
    names["other.example"] = ["127.0.0.1"]
    made = [
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=news.example",
        "-addext",
        "subjectAltName=DNS:news.example",
    ]
    subprocess.run([str(shutil.which("openssl")), *made, "-keyout", "key.pem", "-out", "cert.pem"], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain("cert.pem", "key.pem")
    site.server.socket = context.wrap_socket(site.server.socket, server_side=True)
    address = site.at(host="news.example").replace("http:", "https:")
    assert problem(address) == "there is no secure connection (self-signed certificate)"
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    assert only(address).title == "Acme rises"
    said = problem(address.replace("news.", "other."))
    assert said.startswith("there is no secure connection (Hostname mismatch, certificate is not valid for 'other.example'")


def serve_raw(talk: Callable[[socket.socket, threading.Event], None]) -> tuple[int, Callable[[], None]]:
    """A server that says what `talk` says; its port, and what ends it."""
    server, over = socket.create_server(("127.0.0.1", 0)), threading.Event()

    def run() -> None:
        with contextlib.suppress(OSError):  # the other side has hung up, or nobody came
            client, _ = server.accept()
            with client:
                client.recv(65536)
                talk(client, over)

    thread = threading.Thread(target=run)
    thread.start()

    def end() -> None:
        over.set()
        server.shutdown(socket.SHUT_RDWR)
        thread.join(10)
        server.close()

    return server.getsockname()[1], end


def silence(_client: socket.socket, over: threading.Event) -> None:
    """Accepts and never answers."""
    over.wait(10)


def trickling_headers(client: socket.socket, over: threading.Event) -> None:
    """One byte at a time, none of them the last."""
    client.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while not over.wait(0.01):
        client.sendall(b"x")


def trickling_body(client: socket.socket, over: threading.Event) -> None:
    """The same after the headers."""
    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>")
    while not over.wait(0.01):
        client.sendall(b"x")


@pytest.mark.parametrize("talk", [silence, trickling_headers, trickling_body])
def test_a_slow_server_is_given_up(talk: Callable[[socket.socket, threading.Event], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is for everything together: bytes that keep coming don't renew it."""
    monkeypatch.setattr(web, "RULES", Rules(timeout_s=0.2))
    port, end = serve_raw(talk)
    try:
        assert problem(f"http://127.0.0.1:{port}/") == "it wasn't read within 0.2 seconds"
    finally:
        end()


def test_a_slow_name_server_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has no time limit of its own."""
    over = threading.Event()
    monkeypatch.setattr(web, "RULES", Rules(timeout_s=0.1))
    monkeypatch.setattr(addresses, "resolve", lambda *_: over.wait(10) and [])
    try:
        assert problem("http://slow.example/") == "it wasn't read within 0.1 seconds"
    finally:
        over.set()


def test_this_machine_is_not_read_unless_it_was_meant(site: Site) -> None:
    """An article list may come from others; nobody is asked."""
    said = problem(site.at(), allow_private=False)
    assert said == "127.0.0.1 is inside a private network; it isn't read"
    assert site.seen == []


@pytest.mark.parametrize(
    "address",
    [
        *["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.1", "100.64.0.1", "224.0.0.1", "255.255.255.255"],
        *["::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"],
        *["2001:0:4136:e378:8000:63bf:80ff:fffe", "64:ff9b:1::7f00:1", "::7f00:1", "::ffff:0:7f00:1", "fec0::1", "100::1", "4000::1"],
        *["2001:db8::1", "2a00:1450::5efe:7f00:1", "2a00:1450::200:5efe:a00:1", "192.88.99.1", "240.0.0.1", "198.18.0.1", "192.0.2.1"],
    ],
)
def test_no_private_address_is_public(address: str) -> None:
    """Loopback, private, link-local, site-local, shared, multicast, reserved, and IPv4 within IPv6 in all its forms."""
    assert not addresses.is_public(address)


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_public_addresses_are(address: str) -> None:
    """So that the rule above isn't "none"."""
    assert addresses.is_public(address)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What names mean. 127.0.0.1, where the test's server is, plays a public address."""
    known: dict[str, list[str]] = {"news.example": ["127.0.0.1"]}

    def resolve(host: str, _port: int) -> list[str]:
        return known.get(host, [host])

    real = addresses.is_public
    monkeypatch.setattr(addresses, "resolve", resolve)
    monkeypatch.setattr(addresses, "is_public", lambda address: address == "127.0.0.1" or real(address))
    return known


def test_the_connection_goes_to_the_address_that_was_checked(site: Site, names: dict[str, list[str]]) -> None:
    """The name is resolved once; the server still hears the name."""
    assert names
    assert only(site.at(host="news.example"), allow_private=False).title == "Acme rises"
    ((_, headers),) = site.seen
    assert headers["Host"] == f"news.example:{site.port}"


@pytest.mark.parametrize("target", ["http://intranet.example/", "http://10.0.0.5/", "http://[::1]/", "//intranet.example/"])
def test_a_redirect_into_a_private_network_is_refused(target: str, site: Site, names: dict[str, list[str]]) -> None:
    """The check is repeated at every step."""
    names["intranet.example"] = ["10.0.0.5"]
    site.replies["/"] = (302, {"Location": target}, b"")
    said = problem(site.at(host="news.example"), allow_private=False)
    assert said.endswith("is inside a private network; it isn't read")
    assert len(site.seen) == 1


def test_one_private_address_among_public_ones_is_enough(site: Site, names: dict[str, list[str]]) -> None:
    """Such a name is made to deceive."""
    names["news.example"] = ["127.0.0.1", "10.0.0.5"]
    assert problem(site.at(host="news.example"), allow_private=False).startswith("news.example (10.0.0.5) is inside a private network")
    assert site.seen == []


def test_the_next_address_is_tried_when_one_cannot_be_reached(site: Site, names: dict[str, list[str]]) -> None:
    """Many hosts have an IPv6 address and many users have no IPv6."""
    names["news.example"] = ["::1", "127.0.0.1"]
    assert only(site.at(host="news.example")).title == "Acme rises"
