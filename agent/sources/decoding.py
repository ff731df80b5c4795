"""Bytes to text, without guessing: what isn't text in a known encoding is refused in one clear line."""

from __future__ import annotations

import codecs
import re

from agent.errors import SourceError

MAX_MB = 20
MAX_BYTES = MAX_MB * 1_000_000
"""The largest document that is read as one article."""

# The longer marks first: UTF-32's begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    (b"%PDF-", "a PDF; export it as text"),
    (b"PK\x03\x04", "a zip archive or an Office document; export it as text"),
    (b"\xd0\xcf\x11\xe0", "an Office document; export it as text"),
    (b"{\\rtf", "an RTF document; export it as text"),
    (b"\x1f\x8b", "gzip-compressed; unpack it first"),
    (b"BZh", "bzip2-compressed; unpack it first"),
    (b"\xfd7zXZ", "xz-compressed; unpack it first"),
    (b"\x28\xb5\x2f\xfd", "zstd-compressed; unpack it first"),
    (b"PAR1", "a Parquet file; name it .parquet, and as a file, since it can't be read as a stream"),
    (b"\x89PNG", "an image, not text"),
    (b"\xff\xd8\xff", "an image, not text"),
    (b"GIF8", "an image, not text"),
)
_META = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})|<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{2,40})", re.IGNORECASE
)
# Only what pages are written in: Python's codecs hold stranger things, and a page chooses the name.
_PAGE_CODECS = re.compile(r"utf-8|utf-16.*|iso8859-\d+|cp\d+|koi8-[rtu]|mac-roman|gb18030|big5.*|euc_(?:jp|kr)|shift_jis.*")
# What browsers read in place of the narrower set that the label names.
_WIDER = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949", "shift_jis": "cp932"}


def decode_text(data: bytes, source: str) -> str:
    """Text in UTF-8, or in UTF-16 or -32 with a byte order mark. Raises SourceError for anything else."""
    encoding = marked_encoding(data) or "utf-8"
    refuse_binary(data, source, wide=encoding.startswith(("utf-16", "utf-32")))
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as exc:
        name = encoding.removesuffix("-sig").upper()
        raise SourceError(source, f"not {name} text (byte 0x{data[exc.start]:02x} at {exc.start}); convert it with iconv") from None


def decode_page(data: bytes, source: str, charset: str | None = None) -> str:
    """A page, by its byte order mark, else by `charset` (what the server said), else by what it says itself, else as UTF-8.

    Where the encoding is declared, a stray byte becomes U+FFFD, as in a browser. Raises SourceError when nothing is declared and it isn't
    UTF-8, and for binary data.
    """
    encoding = None if marked_encoding(data) else _page_codec(charset) or _page_codec(_declared(data))
    if encoding is None:
        return decode_text(data, source)
    refuse_binary(data, source, wide=encoding.startswith("utf-16"))
    return data.decode(encoding, "replace")


def refuse_binary(data: bytes, source: str, *, wide: bool = False) -> None:
    """Raise SourceError for what isn't text. `wide`: an encoding in which zero bytes are part of letters."""
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise SourceError(source, f"it is {what}")
    zero = -1 if wide else data.find(0)
    if zero >= 0:
        raise SourceError(source, f"binary data, not text (a zero byte at {zero})")


def marked_encoding(data: bytes) -> str | None:
    """The encoding that a byte order mark names, None without one."""
    return next((name for mark, name in _MARKS if data.startswith(mark)), None)


def _declared(data: bytes) -> str | None:
    found = _META.search(data, 0, 4096)
    if found is None:
        return None
    label = (found[1] or found[2]).decode("ascii", "replace")
    # The declaration could be read as ASCII, so it isn't UTF-16 whatever it says.
    return "utf-8" if label.lower().startswith("utf-16") else label


def _page_codec(label: str | None) -> str | None:
    try:
        name = codecs.lookup(label).name if label else ""
    except (LookupError, ValueError):
        return None
    name = _WIDER.get(name, name)
    return name if _PAGE_CODECS.fullmatch(name) else None
