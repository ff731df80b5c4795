"""Where cards go: standard output, or a file that is there whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from agent import durable
from agent.errors import NewscardError, UsageError


class OutputFailed(NewscardError):
    """What was made couldn't be written."""


class ReaderGone(Exception):
    """The reader of our standard output went away, as `head` does."""


def put(stream: TextIO, text: str, name: str) -> None:
    """Write `text` through to `stream`. Raises OutputFailed that begins with `name`; ReaderGone when nobody reads any more."""
    try:
        try:
            stream.write(text)
        except UnicodeEncodeError:  # a name of the user's, and a terminal that hasn't its letters
            stream.write(text.encode(stream.encoding, "backslashreplace").decode(stream.encoding))
        stream.flush()
    except OSError as exc:
        if exc.errno == errno.EPIPE:
            raise ReaderGone from None
        raise OutputFailed(f"{name}: {exc.strerror}") from None


def print_out(text: str) -> None:
    """One text and a line end on standard output."""
    put(standard_output(), text + "\n", "standard output")


def standard_output(*, encoding: str | None = None) -> TextIO:
    """Standard output, in `encoding` or its own. Raises OutputFailed when the process was started without one."""
    if sys.stdout is None:
        raise OutputFailed("standard output: it is closed")
    if encoding and hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding=encoding)
    return sys.stdout


def let_go_of_stdout() -> None:
    """Send what may still be buffered nowhere: Python flushes once more at its end, and would complain about a dead stream again."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stdout.flush()
        return
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


@contextlib.contextmanager
def opened(out: Path | None, *, encoding: str | None) -> Iterator[TextIO]:
    """The stream to write to. A regular file appears under its name when the block ends well and something was written.

    Raises UsageError at once when `out` can't be written; OutputFailed when the disk fails later.
    """
    if out is None or str(out) == "-":
        yield standard_output(encoding=encoding)
    elif _is_special(out):
        with _open_special(out) as stream:
            yield stream
    else:
        with _replacing(_target(out), out) as stream:
            yield stream


def _is_special(out: Path) -> bool:
    """A device, a pipe or another name of our own streams: there is nothing to replace, only something to write to."""
    if out.absolute().parts[1:2] in {("dev",), ("proc",)}:
        return True
    try:
        mode = out.stat().st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _open_special(out: Path) -> TextIO:
    try:
        return out.open("a", encoding="utf-8")  # /dev/stdout may be a file that the shell appends to
    except OSError as exc:
        raise UsageError(f"{out}: {exc.strerror}; give --out another name") from None


def _target(out: Path) -> Path:
    """The file that `out` names, through symbolic links, so that a link stays a link."""
    try:
        target = Path(os.path.realpath(out, strict=False))
        if target.is_dir():
            raise UsageError(f"{out}: it is a folder; give --out the name of a file")
        if not target.parent.is_dir():
            raise UsageError(f"{out}: there is no folder {target.parent}; make it first")
    except OSError as exc:
        raise UsageError(f"{out}: {exc.strerror}; give --out another name") from None
    return target


@contextlib.contextmanager
def _replacing(target: Path, out: Path) -> Iterator[TextIO]:
    beside = durable.beside(target)
    try:
        stream = beside.open("x", encoding="utf-8", newline="\n")
    except OSError as exc:
        raise UsageError(f"{out}: {exc.strerror}; give --out another name") from None
    try:
        yield stream
        _finish(stream, target, out)
    finally:
        with contextlib.suppress(OSError):  # closing a file on a full disk fails as writing to it did
            stream.close()
        beside.unlink(missing_ok=True)


def _finish(stream: TextIO, target: Path, out: Path) -> None:
    try:
        durable.settle(stream)
        written = stream.tell() > 0
        stream.close()
        if written:
            _take_its_place(Path(stream.name), target)
    except OSError as exc:
        raise OutputFailed(f"{out}: {exc.strerror}") from None


def _take_its_place(beside: Path, target: Path) -> None:
    if target.exists():
        beside.chmod(stat.S_IMODE(target.stat().st_mode))
    durable.put(beside, target)
