"""read_sources: the order, the errors in their places, and each bad input's one line."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from agent.article import Article
from agent.errors import ArticleError, SourceError
from agent.sources import read_sources
from agent.sources.files import SUFFIXES

TEXT = "Acme raised its forecast on Monday. Shares rose 4% in late trading."


def lines(*sources: str) -> list[str]:
    """Ids of articles, and the errors as a user reads them."""
    return [item.id if isinstance(item, Article) else str(item) for item in read_sources(sources)]


def only_article(*sources: str) -> Article:
    """The one article of `sources`."""
    (item,) = read_sources(sources)
    assert isinstance(item, Article), item
    return item


def test_sources_come_in_order_and_errors_in_their_places() -> None:
    """One that can't be read stops none of the others."""
    Path("a.txt").write_text(TEXT)
    Path("b.jsonl").write_text('{"id": "b1", "text": "x"}\nnot json\n{"id": 7, "text": "y"}\n')
    assert lines("a.txt", "gone.txt", "b.jsonl", "a.txt") == [
        "a",
        "gone.txt: no such file",
        "b1",
        "b.jsonl:2: not JSON (column 1: Expecting value)",
        "7",
        "a",
    ]


def test_nothing_is_read_before_it_is_asked_for() -> None:
    """A run over millions of lines holds one of them."""

    class Endless(io.RawIOBase):
        taken = 0

        def readline(self, _limit: int | None = -1, /) -> bytes:
            self.taken += 1
            return b'{"text": "x"}\n'

    stream = Endless()
    items = read_sources(["-"], stdin=stream)  # type: ignore[arg-type]
    assert stream.taken == 0
    first, second = next(items), next(items)
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert stream.taken <= 3


BAD: list[tuple[str, bytes, Sequence[str]]] = [
    ("empty.txt", b"", ["empty.txt: there is no text in it"]),
    ("empty.html", b"", ["empty.html: there is no text in it"]),
    ("empty.json", b"", ["empty.json: there is no text in it"]),
    ("empty.jsonl", b"", ["empty.jsonl: there is no text in it"]),
    ("empty", b"", ["empty: there is no text in it"]),
    ("blank.txt", b" \n\t\n", ["blank.txt: there is no text in it"]),
    ("blank.html", b" \n\t\n", ["blank.html: there is no text in it"]),
    ("blank.json", b" \n\t\n", ["blank.json: there is no text in it"]),
    ("blank.jsonl", b" \n\t\n", ["blank.jsonl: there is no text in it"]),
    ("a.bin.txt", b"\x7fELF\x02\x01\x01\x00\x00", ["a.bin.txt: binary data, not text (a zero byte at 7)"]),
    ("a.pdf.txt", b"%PDF-1.7\n\xe2\xe3", ["a.pdf.txt: it is a PDF; export it as text"]),
    ("a.jsonl", b"PK\x03\x04\x14", ["a.jsonl: it is a zip archive or an Office document; export it as text"]),
    ("a.json", b"\x1f\x8b\x08", ["a.json: it is gzip-compressed; unpack it first"]),
    ("a.html", b"\x89PNG\r\n\x1a\n\x00", ["a.html: it is an image, not text"]),
    ("latin.txt", "Café society rose.".encode("latin-1"), ["latin.txt: not UTF-8 text (byte 0xe9 at 3); convert it with iconv"]),
    ("latin.html", "<p>Café society</p>".encode("latin-1"), ["latin.html: not UTF-8 text (byte 0xe9 at 6); convert it with iconv"]),
    ("latin.jsonl", '{"text": "Café"}'.encode("latin-1"), ["latin.jsonl:1: not UTF-8 text (byte 0xe9 at 13); convert it with iconv"]),
    ("wide.txt", b"\xff\xfea\x00b", ["wide.txt: not UTF-16 text (byte 0x62 at 4); convert it with iconv"]),
    ("menu.html", b"<html><body></body></html>", ["menu.html: no article text was found in the page"]),
    ("a.xlsx", b"id,text\n", [".xlsx files aren't read"]),
    ("bare.csv", b"id,text\n", ["there is no text in it"]),
    ("empty.csv", b"", ["there is no text in it"]),
    ("headless.csv", b"1,Acme raised its forecast\n", ["no column of texts; it is named text, body or content"]),
    ("latin.csv", b"id,text\n1,caf\xe9\n", ["not UTF-8 text from row 1 on (byte 0xe9); convert it with iconv"]),
    ("torn.csv", b'id,text\n1,"Acme\n', ["not CSV from row 1 on: unexpected end of data"]),
    ("wide.csv", b"id,text\n1,x,y\n", ["wide.csv row 1: it has more cells than the 2 columns; quote what holds delimiters"]),
    ("fake.parquet", b"id,text\n", ["it can't be read as Parquet: "]),
    ("a.jsonl ", b"{}", [".jsonl  files aren't read"]),
    ("no.jsonl", b'{"id": 1}\n', ["no.jsonl:1: it has no text; the field is named text, body or content"]),
    ("null.json", b'{"text": null}', ["null.json: it has no text; the field is named text, body or content"]),
    ("list.json", b"[]", ["list.json: neither a JSON object with a text nor a list of them"]),
    ("word.json", b'"word"', ["word.json: neither a JSON object with a text nor a list of them"]),
    ("item.json", b'[{"text": "x", "id": 1}, 5]', ["1", "item.json item 2: not a JSON object"]),
    ("cut.json", b'{"text": "x"', ["cut.json: not JSON (line 1, column 13: Expecting ',' delimiter)"]),
    ("two.json", b'{"text": "x"}\n{}', ["two.json: not JSON (line 2, column 1: Extra data); for JSON lines, name it .jsonl"]),
    ("type.jsonl", b'{"text": 5}', ["type.jsonl:1: its text isn't text"]),
    ("date.jsonl", b'{"text": "x", "date": "soon"}', ["date.jsonl:1: its date can't be read; write it like 2025-06-18T21:00:00Z"]),
    ("deep.jsonl", b"[" * 100_000, ["deep.jsonl:1: not JSON that can be read: it is nested too deeply or holds too long a number"]),
    ("deep.json", b"[" * 100_000, ["deep.json: not JSON that can be read: it is nested too deeply or holds too long a number"]),
]


@pytest.mark.parametrize(("name", "content", "said"), BAD, ids=[name for name, _, _ in BAD])
def test_a_bad_input_is_one_clear_line(name: str, content: bytes, said: Sequence[str]) -> None:
    """It names the source, says what is wrong and, where something can be done, what."""
    Path(name).write_bytes(content)
    found = lines(name)
    assert len(found) == len(said)
    for line, begins in zip(found, said, strict=True):
        assert line.removeprefix(f"{name}: ").startswith(begins.removeprefix(f"{name}: "))
        assert "\n" not in line


def test_a_missing_file_a_folder_and_a_strange_name() -> None:
    """One line each."""
    Path("news").mkdir()
    assert lines("gone.txt", "news", "www.example.com/a", "ftp://example.com/a", "a\0b") == [
        "gone.txt: no such file",
        f"news: no article in this folder; what is read: {', '.join(SUFFIXES)}",
        "www.example.com/a: no such file; an address begins with https://",
        "ftp://example.com/a: only http and https addresses are read",
        "a\0b: it can't be read: embedded null byte",
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read() -> None:
    """The system's refusal, in words."""
    Path("secret.txt").write_text(TEXT)
    Path("secret.txt").chmod(0)
    assert lines("secret.txt") == ["secret.txt: it may not be read: permission denied"]


def test_errors_have_the_exit_codes_of_their_kind() -> None:
    """A source that can't be read is wrong usage; a line without text is one failed article."""
    Path("a.jsonl").write_text("{}\n")
    Path("a.txt").write_text("")
    line, source = read_sources(["a.jsonl", "a.txt"])
    assert isinstance(line, ArticleError)
    assert isinstance(source, SourceError)
    assert (line.exit_code, source.exit_code) == (1, 2)


def test_one_character_is_an_article() -> None:
    """Whether it says enough isn't a question for the reader of files."""
    Path("a.txt").write_text("x")
    assert only_article("a.txt") == Article(id="a", text="x")


def test_a_megabyte_is_an_article() -> None:
    """It comes through whole."""
    text = (TEXT + "\n\n") * 15_000
    Path("a.txt").write_text(text)
    assert len(text) > 1_000_000
    assert only_article("a.txt").text == text.strip()


@pytest.mark.parametrize("name", ["big.txt", "big.html", "big.json"])
def test_one_file_is_at_most_20_mb(name: str) -> None:
    """Many articles go into JSON lines, which have no limit but for one line."""
    with Path(name).open("wb") as file:
        file.truncate(20_000_001)
    assert lines(name) == [f"{name}: larger than 20 MB; many articles go into JSON lines, one a line"]


def test_one_json_line_is_at_most_20_mb() -> None:
    """The next one is read all the same."""
    long = b'{"text": "' + b"x" * 20_000_001 + b'"}\n'
    Path("a.jsonl").write_bytes(b'{"id": 1, "text": "x"}\n' + long + b'{"id": 3, "text": "x"}\n')
    assert lines("a.jsonl") == ["1", "a.jsonl:2: the line is longer than 20 MB", "3"]


def test_a_json_text_of_white_space_is_an_article_without_text() -> None:
    """The record is well formed: whoever makes its card abstains and says why."""
    Path("a.jsonl").write_text('{"id": 1, "text": " \\n "}\n{"id": 2, "text": ""}\n')
    assert [(item.id, item.text) for item in read_sources(["a.jsonl"]) if isinstance(item, Article)] == [("1", ""), ("2", "")]


def test_a_paywall_stub_is_an_article() -> None:
    """What little there is comes through; no card will be made of it."""
    stub = "Acme shares fell on Monday. Subscribe to continue reading."
    Path("stub.html").write_text(f"<html><head><title>Acme falls</title></head><body><article><p>{stub}</p></article></body></html>")
    Path("stub.txt").write_text(stub)
    assert only_article("stub.html").text == stub
    assert only_article("stub.txt").text == stub


def test_broken_html_is_read_for_its_text() -> None:
    """Unclosed, misnested, and with an attribute that never ends."""
    Path("a.html").write_text(
        f"<html><body><article><h1>Acme raises forecast<p>{TEXT} <b>It <i>said</b> so.<p>It gave no reason.</div><p class='x"
    )
    text = only_article("a.html").text
    assert TEXT in text
    assert "It gave no reason." in text


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.json", "a.jsonl", "a"])
def test_template_marks_come_through_verbatim(name: str) -> None:
    """An article may be about templates; nobody renders it."""
    import json

    text = "{{ price }} rose {% if up %} to {# note #} the } level { of ${x} and {{{ more."
    page = f"<html><body><article><p>{text}</p></article></body></html>"
    content = {"a.html": page, "a.json": json.dumps({"text": text}), "a.jsonl": json.dumps({"text": text}) + "\n"}.get(name, text)
    Path(name).write_text(content)
    assert only_article(name).text == text


@pytest.mark.parametrize(
    ("stdin", "texts"),
    [
        ("Acme rose.", ["Acme rose."]),
        ("[Updated] Acme rose.", ["[Updated] Acme rose."]),
        ("{{ ticker }} rose.", ["{{ ticker }} rose."]),
        ("{% block %} rose.", ["{% block %} rose."]),
        ("<3 Acme rose.", ["<3 Acme rose."]),
        ('{"text": "one"}\n{"text": "two"}\n', ["one", "two"]),
        ('\n\n{"text": "one"}\n', ["one"]),
        ('{\n "text": "one"\n}\n', ["one"]),
        ('{"id": 1,\n "text": "one"\n}\n', ["one"]),
        ('[{"text": "one"}, {"text": "two"}]', ["one", "two"]),
        ('[\n {"text": "one"}\n]', ["one"]),
        ("<!DOCTYPE html><html><body><article><p>Acme rose on Monday.</p></article></body></html>", ["Acme rose on Monday."]),
        ("\n  <article><p>Acme rose on Monday.</p></article>", ["Acme rose on Monday."]),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_how_standard_input_begins_says_what_it_is(stdin: str, texts: list[str], encoding: str) -> None:
    """Text, a page, JSON or JSON lines, in each encoding that says which it is."""
    data = stdin.encode(encoding)
    found = list(read_sources(["-"], stdin=io.BytesIO(data)))
    assert [item.text if isinstance(item, Article) else str(item) for item in found] == texts


def test_errors_on_standard_input_say_so() -> None:
    """With the line, counted from the first, blank ones included."""
    found = [str(item) for item in read_sources(["-"], stdin=io.BytesIO(b'\n{"text": 1}\n{"id"}\n'))]
    assert found == ["standard input:2: its text isn't text", "standard input:3: not JSON (column 6: Expecting ':' delimiter)"]
    assert [str(item) for item in read_sources(["-"], stdin=io.BytesIO(b""))] == ["standard input: there is no text in it"]


def test_json_lines_are_given_as_they_arrive() -> None:
    """Behind a pipe that stays open, the first article doesn't wait for the second."""
    reading, writing = os.pipe()
    with open(reading, "rb") as stdin, open(writing, "wb", buffering=0) as feed:  # noqa: PTH123
        items = read_sources(["-"], stdin=stdin)
        feed.write(b'{"id": 1, "text": "x"}\n')
        first = next(items)
        feed.write(b'{"id": 2, "text": "x"}\n')
        second = next(items)
        assert [item.id for item in (first, second) if isinstance(item, Article)] == ["1", "2"]


def test_ids_come_from_the_file_or_the_record() -> None:
    """A file's stem; a record's id, whole numbers included; else a digest of the content, the same every time."""
    Path("one.txt").write_text(TEXT)
    Path("two.json").write_text('{"text": "x"}')
    Path("three.jsonl").write_text('{"text": "x"}\n{"text": "x", "id": 12}\n{"text": "x", "id": "a b"}\n{"text": "y", "id": ""}\n')
    found = lines("one.txt", "two.json", "three.jsonl")
    assert found[:2] == ["one", "two"]
    assert found[3:5] == ["12", "a b"]
    assert found[2] == Article(text="x").id
    assert found[5] == Article(text="y").id


def test_importing_it_loads_neither_httpx_nor_trafilatura() -> None:
    """Reading a text file needs none of them."""
    Path("a.txt").write_text(TEXT)
    program = (
        "import sys; from agent.sources import read_sources; print(list(read_sources(['a.txt']))[0].id,"
        " [m for m in ('httpx', 'trafilatura', 'lxml') if m in sys.modules])"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(root)}
    )
    assert done.stdout == "a []\n"
