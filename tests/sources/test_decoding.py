"""Encodings."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import SourceError
from agent.sources.decoding import decode_page, decode_text

WORDS = "Café rose 4% — “so”"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_with_or_without_its_mark_is_read(encoding: str) -> None:
    """UTF-16 and -32 say so by a byte order mark, which isn't part of the text."""
    assert decode_text(WORDS.encode(encoding), "a") == WORDS


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff")))
def test_all_text_in_utf_8_comes_through(text: str) -> None:
    """Letter by letter. The dash keeps it from beginning like another format."""
    assert decode_text(f"-{text}".encode(), "a") == f"-{text}"


@given(st.binary(max_size=60))
def test_bytes_are_text_or_a_source_error(data: bytes) -> None:
    """Nothing else ever comes of them, as text or as a page."""
    for decode in (decode_text, decode_page):
        with contextlib.suppress(SourceError):
            assert isinstance(decode(data, "a"), str)


@pytest.mark.parametrize(
    ("page", "encoding"),
    [
        ('<meta charset="{}">Café', "windows-1252"),
        ("<META CHARSET = {} >Café", "iso-8859-1"),
        ('<meta http-equiv="Content-Type" content="text/html; charset={}">Привет', "windows-1251"),
        ('<meta charset="{}">株価は上昇', "shift_jis"),
        ('<meta charset="{}">股价上涨', "gb2312"),
        ('<meta charset="{}">주가 상승', "euc-kr"),
        ('<?xml version="1.0" encoding="{}"?><p>Café', "iso-8859-15"),
    ],
)
def test_a_page_is_read_in_the_encoding_it_declares(page: str, encoding: str) -> None:
    """As a browser does."""
    text = page.format(encoding)
    assert decode_page(text.encode(encoding), "a") == text


def test_latin_1_is_read_as_the_wider_set_that_browsers_read() -> None:
    """Pages that declare it hold typographic quotation marks."""
    assert decode_page(b'<meta charset="iso-8859-1">\x93so\x94', "a").endswith("“so”")


def test_the_servers_word_comes_before_the_pages() -> None:
    """The order of the HTML standard: mark, server, page."""
    page = '<meta charset="utf-8">Café'
    assert decode_page(page.encode("cp1252"), "a", "windows-1252") == page
    assert decode_page(page.encode("utf-8-sig"), "a", "windows-1252") == page


def test_a_stray_byte_in_a_declared_encoding_is_marked() -> None:
    """One broken letter in an advertisement doesn't cost the article."""
    assert decode_page(b'<meta charset="utf-8">Caf\xe9 rose', "a").endswith("Caf\ufffd rose")


@pytest.mark.parametrize("label", ["rot13", "zlib", "unicode_escape", "punycode", "idna", "utf-7", "no-such-thing", "undefined"])
def test_a_page_cannot_choose_a_strange_codec(label: str) -> None:
    """Python has codecs that no page is written in; such a declaration counts as none."""
    page = f'<meta charset="{label}">Café \\x41'
    assert decode_page(page.encode(), "a", label) == page


def test_a_declaration_of_utf_16_that_could_be_read_is_wrong() -> None:
    """The standard's own rule."""
    page = '<meta charset="utf-16">Café'
    assert decode_page(page.encode(), "a") == page
