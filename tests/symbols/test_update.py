"""Fetching the current list, from a server on this machine."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from agent import __version__
from agent.errors import NewscardError, SourceError, UsageError
from agent.symbols import update_symbols
from agent.symbols.update import FEWEST_ROWS, KNOWN

Serve = Callable[[int, bytes], str]
OLD = "# newscard symbols\t2001-01-01\tan old table\n"


def listing(count: int, known: dict[str, int] = KNOWN) -> bytes:
    """The SEC's list with `count` made-up rows and the known symbols."""
    rows: list[list[Any]] = [[cik, f"Known {symbol}", symbol, "NYSE"] for symbol, cik in known.items()]
    rows += [[10_000_000 + n, f"Example {n} Corp", f"Z{n:05d}"[:6], "OTC"] for n in range(count)]
    return json.dumps({"fields": ["cik", "name", "ticker", "exchange"], "data": rows}).encode()


@pytest.fixture
def seen() -> list[tuple[str, str | None]]:
    """Path and User-Agent of each request."""
    return []


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests of these tests stay on this machine."""
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture
def serve(seen: list[tuple[str, str | None]]) -> Iterator[Serve]:
    """Starts a server that answers every request alike; gives its address."""
    servers: list[ThreadingHTTPServer] = []

    def start(status: int, body: bytes) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                seen.append((self.path, self.headers["User-Agent"]))
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                """Nothing on standard error."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def destination(tmp_path: Path) -> Path:
    """Where an old table lies."""
    path = tmp_path / "data" / "symbols.tsv"
    path.parent.mkdir()
    path.write_text(OLD, encoding="utf-8")
    return path


def test_the_current_list_replaces_the_old_table(serve: Serve, seen: list[tuple[str, str | None]], destination: Path) -> None:
    """One request, with the contact in the User-Agent; nothing but the table is left in the folder."""
    table = update_symbols("me@example.org", destination, base_url=serve(200, listing(FEWEST_ROWS)))
    assert seen == [("/files/company_tickers_exchange.json", f"newscard/{__version__} me@example.org")]
    assert len(table) == FEWEST_ROWS + len(KNOWN)
    assert destination.read_text(encoding="utf-8").startswith(f"# newscard symbols\t{table.version}\t")
    assert [path.name for path in destination.parent.iterdir()] == ["symbols.tsv"]


def test_a_missing_folder_is_made(serve: Serve, tmp_path: Path) -> None:
    """The first update on a machine finds none."""
    update_symbols("me@example.org", tmp_path / "a" / "b.tsv", base_url=serve(200, listing(FEWEST_ROWS)))
    assert (tmp_path / "a" / "b.tsv").exists()


@pytest.mark.parametrize(
    ("status", "body", "says"),
    [
        (403, b"Request Rate Threshold Exceeded", "NEWSCARD_CONTACT"),
        (500, b"", "status 500"),
        (302, b"", "status 302"),
        (200, b"<html>Undeclared automated tool</html>", "JSON"),
        (200, b"\xff\xfe\x00", "JSON"),
        (200, b"{}", "SEC's list"),
        (200, listing(10), "only 14 symbols"),
        (200, listing(FEWEST_ROWS, {"AAPL": 320193}), "BRK.B"),
        (200, listing(FEWEST_ROWS, KNOWN | {"AAPL": 5}), "AAPL"),
    ],
    ids=["refused", "broken", "moved", "html", "bytes", "other JSON", "too few rows", "known missing", "known under another cik"],
)
def test_anything_else_leaves_the_old_table(serve: Serve, destination: Path, status: int, body: bytes, says: str) -> None:
    """One line that names the address, says what is wrong and that the old table stays."""
    address = serve(status, body)
    with pytest.raises(SourceError, match=says) as caught:
        update_symbols("me@example.org", destination, base_url=address)
    assert str(caught.value).startswith(address)
    assert "the old table stays" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert destination.read_text(encoding="utf-8") == OLD
    assert [path.name for path in destination.parent.iterdir()] == ["symbols.tsv"]


def test_nobody_at_the_address_leaves_the_old_table(destination: Path) -> None:
    """A refused connection is one line too."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and never listening, so that nobody else answers there
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        _refused(address, destination)


def _refused(address: str, destination: Path) -> None:
    with pytest.raises(SourceError, match="can't be fetched"):
        update_symbols("me@example.org", destination, base_url=address)
    assert destination.read_text(encoding="utf-8") == OLD


@pytest.mark.parametrize("contact", ["", "me", "me@example.org\r\nX-Evil: 1", "mé@example.org"])
def test_without_a_contact_nothing_is_asked(serve: Serve, seen: list[tuple[str, str | None]], destination: Path, contact: str) -> None:
    """The message names the variable to set."""
    with pytest.raises(UsageError, match="NEWSCARD_CONTACT"):
        update_symbols(contact, destination, base_url=serve(200, listing(FEWEST_ROWS)))
    assert seen == []


def test_a_place_that_cannot_be_written_is_one_line(serve: Serve, tmp_path: Path) -> None:
    """A file where a folder should be."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(NewscardError, match=r"symbols\.tsv") as caught:
        update_symbols("me@example.org", tmp_path / "file" / "symbols.tsv", base_url=serve(200, listing(FEWEST_ROWS)))
    assert "\n" not in str(caught.value)
