"""Files and standard input: what they are by suffix, or by their first line where there is none."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Literal

from agent.errors import SourceError
from agent.sources.decoding import MAX_BYTES, MAX_MB, decode_page, decode_text, marked_encoding
from agent.sources.naming import spelled
from agent.sources.page import page_article
from agent.sources.plain import text_article
from agent.sources.records import Placed, read_json, read_lines
from agent.sources.table import is_head, read_table

Kind = Literal["text", "page", "json", "lines", "table", "parquet"]

SUFFIXES: dict[str, Kind] = {
    ".txt": "text",
    ".text": "text",
    ".md": "text",
    ".markdown": "text",
    ".html": "page",
    ".htm": "page",
    ".xhtml": "page",
    ".json": "json",
    ".jsonl": "lines",
    ".ndjson": "lines",
    ".csv": "table",
    ".tsv": "table",
    ".parquet": "parquet",
    ".jsonl.gz": "lines",
    ".ndjson.gz": "lines",
    ".csv.gz": "table",
    ".tsv.gz": "table",
}
TAKEN = ".txt, .md, .html, .json, .jsonl, .csv (both also with .gz), .parquet, a folder, - for standard input, or an http(s) address"
_GZIP = ".gz"
_PACKED = {_GZIP: "gunzip", ".zst": "unzstd", ".bz2": "bunzip2", ".xz": "unxz", ".zip": "unzip"}
"""Suffix -> the program that unpacks it."""

# A text may begin with a brace or a bracket too: only what can hardly be anything but JSON is taken for it.
_OBJECT = re.compile(r'\{\s*(?:"|\}|\Z)')
_LIST = re.compile(r"\[\s*(?:\{|\]|\Z)")
_READ_AHEAD = 1 << 20
"""Bytes of a file that are asked for at once. Each time, the reading thread gives way to the one that works on articles, and back."""
_PAGE = re.compile(r"<(?:!doctype|!--|\?xml|html|head|body|title|meta|main|article|section|div|h1|p)[\s>]", re.IGNORECASE)


def check_file(name: str) -> None:
    """Raise SourceError when `name` is neither a folder nor a file of a kind that is read."""
    path = _path(name)
    try:
        if path.is_dir() or path.is_fifo():
            return  # a pipe that is opened and closed again is taken from whoever writes into it
        path.open("rb").close()
    except (OSError, ValueError) as exc:
        raise SourceError(name, why_not(name, exc)) from exc
    _kind_by_suffix(path, name)


def read_file(name: str, article_id: str = "") -> Iterator[Placed]:
    """The articles of the file `name`; `article_id` is for one that states none. Raises SourceError when it can't be read as articles."""
    path, place = _path(name), spelled(name)
    try:
        stream = path.open("rb", buffering=_READ_AHEAD)
    except (OSError, ValueError) as exc:
        raise SourceError(place, why_not(name, exc)) from exc
    with stream:
        kind = _kind_by_suffix(path, place)
        try:
            if kind == "parquet":
                from agent.sources.parquet import read_parquet

                yield from read_parquet(stream, place)
            elif is_packed(path):
                from agent.sources.packed import unpacked

                yield from read_stream(unpacked(stream, place), place, kind)
            else:
                yield from read_stream(stream, place, kind, spelled(article_id or path.stem))
        except OSError as exc:
            raise SourceError(place, why_not(name, exc)) from exc


def read_stream(stream: BinaryIO, source: str, kind: Kind | None = None, article_id: str = "") -> Iterator[Placed]:
    """The articles of `stream`; without a `kind`, its first line says what it is. JSON lines and CSV are read one at a time.

    Raises SourceError when it can't be read as articles.
    """
    first = stream.readline(MAX_BYTES + 1)
    marked = marked_encoding(first)
    if marked and marked != "utf-8-sig":
        # Lines can't be told apart in these encodings: read it all, and go on with the same text in UTF-8.
        first, stream = b"", io.BytesIO(decode_text(_all(stream, source, first), source).encode())
    head = _head(stream, first.removeprefix(codecs.BOM_UTF8))
    kind = kind or kind_of(head)
    if kind == "lines":
        yield from read_lines(stream, source, head)
    elif kind == "table":
        yield from read_table(stream, source, head.lstrip(b"\r\n"))
    else:
        yield from _document(_all(stream, source, head), source, kind, article_id, marked=bool(marked))


def _document(data: bytes, source: str, kind: Kind, article_id: str, *, marked: bool) -> Iterator[Placed]:
    if kind == "json":
        yield from read_json(data, source, article_id)
    elif kind == "page":
        # A byte order mark, gone by now, outranks what the page says of its encoding.
        yield Placed(source, page_article((decode_text if marked else decode_page)(data, source), source, article_id=article_id))
    else:
        yield Placed(source, text_article(decode_text(data, source), source, article_id))


def _path(name: str) -> Path:
    if not name:  # Path would take it for the working folder
        raise SourceError('""', "an empty name is no source; is a variable of the shell's unset?")
    return Path(name)


def is_packed(path: Path) -> bool:
    """Whether its name says that it is gzip-compressed."""
    return path.suffix.lower() == _GZIP


def suffix_of(path: Path) -> str:
    """What says of which kind a file is: `.csv`, `.csv.gz`."""
    return "".join(path.suffixes[-2:] if path.suffix.lower() in _PACKED else path.suffixes[-1:]).lower()


def _kind_by_suffix(path: Path, name: str) -> Kind | None:
    suffix = suffix_of(path)
    if suffix and suffix not in SUFFIXES:
        if program := _PACKED.get(path.suffix.lower()):
            raise SourceError(name, f"{suffix} files are read unpacked only; unpack it first ({program}), or make it .jsonl.gz or .csv.gz")
        raise SourceError(name, f"{suffix} files aren't read; what is: {TAKEN}")
    return SUFFIXES.get(suffix)


def kind_of(head: bytes) -> Kind:
    """What begins with `head`, its first line that isn't blank."""
    line = head.decode("utf-8", "replace").lstrip()
    if _LIST.match(line):
        return "json"
    if _OBJECT.match(line):
        return "lines" if line.rstrip().endswith("}") else "json"
    if is_head(line):
        return "table"
    return "page" if _PAGE.match(line) else "text"


def _head(stream: BinaryIO, head: bytes) -> bytes:
    """What was read so far, up to and with the first line that isn't blank."""
    while not head.strip() and len(head) < MAX_BYTES and (line := stream.readline(MAX_BYTES + 1)):
        head += line
    return head


def _all(stream: BinaryIO, source: str, head: bytes) -> bytes:
    data = head + stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise SourceError(source, f"larger than {MAX_MB} MB; many articles go into JSON lines, one a line")
    return data


def why_not(name: str, exc: OSError | ValueError) -> str:
    """What `exc` says about the file or folder `name`, in words."""
    if isinstance(exc, FileNotFoundError):
        return "no such file; an address begins with https://" if name.startswith("www.") else "no such file"
    if isinstance(exc, IsADirectoryError):
        return "a folder; name its files, as in folder/*.txt"
    if isinstance(exc, PermissionError):
        return "it may not be read: permission denied"
    return f"it can't be read: {getattr(exc, 'strerror', None) or exc}"
