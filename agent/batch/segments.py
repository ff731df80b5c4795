"""The files that a run's rows are appended to: found, read, and cut where a crash tore the last one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from agent import durable
from agent.batch.rows import Head, head_within, read_head

_NAME = re.compile(r"(\d{6})\.jsonl")
_OFFSET_BITS = 32
_BLOCK = 256_000


class Where(NamedTuple):
    """A row's place in a run: the segment's number, and the offset of the line's first byte."""

    segment: int
    offset: int

    def pack(self) -> int:
        """As one number below 2 to the 60th."""
        return (self.segment << _OFFSET_BITS) | self.offset

    @classmethod
    def unpack(cls, packed: int) -> Where:
        """What `pack` made."""
        return cls(packed >> _OFFSET_BITS, packed & ((1 << _OFFSET_BITS) - 1))


class Line(NamedTuple):
    """A whole line of a segment."""

    where: Where
    head: Head
    text: bytes


Found = tuple[int, int, Head]
"""Where a whole line stands (as `Where.pack` has it), the offset where it ends, and its head."""


def segment_path(folder: Path, number: int) -> Path:
    """The file of that segment."""
    return folder / f"{number:06}.jsonl"


def segment_numbers(folder: Path) -> list[int]:
    """The segments that there are, in the order in which they were written."""
    if not folder.is_dir():
        return []
    return sorted(int(match[1]) for path in folder.iterdir() if (match := _NAME.fullmatch(path.name)))


def lines(folder: Path) -> Iterator[Line]:
    """Every whole line of every segment, in the order in which they were written; torn and damaged ones are passed over."""
    for number in segment_numbers(folder):
        yield from _lines(folder, number)


def heads(folder: Path) -> Iterator[Found]:
    """The heads of those lines, for who needs no more of them: half the time of `lines`."""
    for number in segment_numbers(folder):
        yield from _heads(folder, number)


def size(folder: Path) -> int:
    """Bytes in all segments."""
    return sum(segment_path(folder, number).stat().st_size for number in segment_numbers(folder))


def lines_from(folder: Path, where: Where) -> Iterator[Line]:
    """The same from the line that begins at `where` on. An unfinished line ends it, so that a run can be followed while it goes."""
    for number in segment_numbers(folder):
        if number < where.segment:
            continue
        offset = where.offset if number == where.segment else 0
        with segment_path(folder, number).open("rb", buffering=1 << 20) as stream:
            stream.seek(offset)
            for text in stream:
                if not text.endswith(b"\n"):
                    return
                if (head := read_head(text)) is not None:
                    yield Line(Where(number, offset), head, text)
                offset += len(text)


def line_at(folder: Path, where: Where) -> bytes:
    """The line at that place."""
    with segment_path(folder, where.segment).open("rb") as stream:
        stream.seek(where.offset)
        return stream.readline()


def cut_torn_tail(folder: Path, last: Found | None = None) -> Where:
    """Cut what a crash left of an unfinished line off the last segment; where the next row goes. `last`: the last whole line, if known.

    A damaged line with whole ones behind it stays where it is: nothing that is written is ever written over.
    """
    numbers = segment_numbers(folder)
    if not numbers:
        return Where(1, 0)
    path = segment_path(folder, numbers[-1])
    end = 0
    if last is not None and Where.unpack(last[0]).segment == numbers[-1]:
        end = last[1]
    else:
        for _, end, _ in _heads(folder, numbers[-1]):  # noqa: B007  the last one counts
            pass
    if end < path.stat().st_size:
        with path.open("rb+") as stream:
            stream.truncate(end)
            durable.settle(stream)
    return Where(numbers[-1], end)


def _heads(folder: Path, number: int) -> Iterator[Found]:
    for offset, block in _blocks(segment_path(folder, number)):
        view = memoryview(block)
        base, start = Where(number, offset).pack(), 0
        while end := block.find(b"\n", start) + 1:
            if (head := head_within(block, view, start, end)) is not None:
                yield base + start, offset + end, head
            start = end


def _blocks(path: Path) -> Iterator[tuple[int, bytes]]:
    """Whole lines, some megabytes at once, each time with the offset of the first; what has no end isn't given."""
    offset, parts = 0, list[bytes]()
    with path.open("rb", buffering=0) as stream:
        while read := stream.read(_BLOCK):
            cut = read.rfind(b"\n") + 1
            if not cut:
                parts.append(read)
                continue
            block = b"".join([*parts, read[:cut]])
            yield offset, block
            offset += len(block)
            parts = [read[cut:]]


def _lines(folder: Path, number: int) -> Iterator[Line]:
    offset = 0
    with segment_path(folder, number).open("rb", buffering=1 << 20) as stream:
        for text in stream:
            if (head := read_head(text)) is not None:
                yield Line(Where(number, offset), head, text)
            offset += len(text)
