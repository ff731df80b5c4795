"""Where articles come from: files, standard input and addresses, read as a stream."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from agent.article import Article
from agent.errors import ArticleError, SourceError

__all__ = ["Item", "read_sources"]

Item = Article | SourceError | ArticleError
"""An article, or why a source or one article of it can't be read."""


def read_sources(sources: Sequence[str], *, stdin: BinaryIO | None = None, allow_private: bool = False) -> Iterator[Item]:
    """The articles of `sources`, in order, one by one; errors come in their place and are not raised.

    A source is a file (.txt, .md, .html, .json, .jsonl), `-` for `stdin` (sys.stdin when None), or an http(s) address. `allow_private` lets
    an address lead into this machine or its network: right where the user typed it, wrong for addresses that others wrote.
    """
    for source in sources:
        try:
            yield from _read(source, stdin, allow_private=allow_private)
        except SourceError as exc:
            yield exc


def _read(source: str, stdin: BinaryIO | None, *, allow_private: bool) -> Iterator[Article | ArticleError]:
    if "://" in source:
        from agent.sources.web import read_address

        return read_address(source, allow_private=allow_private)
    from agent.sources.files import read_file, read_stream

    if source == "-":
        return read_stream(stdin or sys.stdin.buffer, "standard input")
    return read_file(source)
