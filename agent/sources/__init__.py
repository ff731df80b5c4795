"""Where articles come from: files, folders, standard input and addresses, read as a stream."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from agent.article import Article
from agent.errors import ArticleError, SourceError
from agent.sources.records import Placed

__all__ = ["Item", "Placed", "check_sources", "read_placed", "read_sources"]

Item = Article | SourceError | ArticleError
"""An article, or why a source or one article of it can't be read."""


def read_sources(sources: Sequence[str], *, stdin: BinaryIO | None = None, allow_private: bool = False) -> Iterator[Item]:
    """The articles of `sources`, in order, one by one; errors come in their place and are not raised.

    A source is a file (.txt, .md, .html, .json, .jsonl, .csv, .parquet, .jsonl.gz, .csv.gz), a folder of such files, `-` for `stdin`
    (sys.stdin when None), or an http(s) address. `allow_private` lets an address lead into this machine or its network: right where the
    user typed it, wrong for addresses that others wrote.
    """
    return (placed.item for placed in read_placed(sources, stdin=stdin, allow_private=allow_private))


def read_placed(sources: Sequence[str], *, stdin: BinaryIO | None = None, allow_private: bool = False) -> Iterator[Placed]:
    """The same, each with the place where it stands."""
    from agent.sources.folders import is_folder
    from agent.sources.naming import file_ids, folder_names, spelled

    ids = file_ids(sources) | folder_names([source for source in sources if "://" not in source and source != "-" and is_folder(source)])
    for source in sources:
        try:
            yield from _read(source, ids, stdin, allow_private=allow_private)
        except SourceError as exc:
            yield Placed(spelled(source), exc)


def check_sources(sources: Sequence[str]) -> None:
    """Raise SourceError for what is plainly no source (not there, of a kind that isn't read), before anything is spent on the others."""
    from agent.sources.files import check_file

    for source in sources:
        if source != "-" and "://" not in source:
            check_file(source)


def _read(source: str, ids: dict[str, str], stdin: BinaryIO | None, *, allow_private: bool) -> Iterator[Placed]:
    if "://" in source:
        from agent.sources.web import read_address

        return read_address(source, allow_private=allow_private)
    from agent.sources.files import read_file, read_stream
    from agent.sources.folders import is_folder, read_folder

    if source == "-":
        return read_stream(stdin or sys.stdin.buffer, "standard input")
    if is_folder(source):
        return read_folder(source, ids.get(source, ""))
    return read_file(source, ids.get(source, ""))
