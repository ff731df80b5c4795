"""What a data set is: its name, its reader, and what it can and can't measure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from agent.article import Article
from agent.errors import UsageError
from evals.goldset import Split
from evals.samples import Gold, Sample

FIELDS = ("abstain", "tickers", "topics", "sentiment", "entities", "impact", "facts", "forbid", "summary", "analysis")
"""What a set can have gold for. `topics` are its own choice or groups of ours (`Gold.topics`, `Gold.topic_groups`)."""

UNLABELLED = "the set has no label for it"
GATE_SHARE = 5
"""One cluster in this many is held back."""


@dataclass(frozen=True)
class DataSet:
    """One set. `file`: what its file is called in a folder; None for a set that is a folder.

    `limits` says for some fields why the set can't measure them, or measures them only in part. `reader` yields all samples of a file.
    """

    name: str
    description: str
    licence: str
    measures: Mapping[str, str]
    reader: Callable[[Path], Iterator[Sample]]
    limits: Mapping[str, str] = field(default_factory=dict)
    file: str | None = "dev.jsonl"

    @property
    def cannot_measure(self) -> dict[str, str]:
        """Field -> why, for every one of FIELDS that this set has no gold for."""
        return {name: self.limits.get(name, UNLABELLED) for name in FIELDS if name not in self.measures}

    def locate(self, path: Path) -> Path:
        """The file or folder to read. Raises UsageError when it isn't there or isn't of this kind."""
        if not path.exists():
            raise UsageError(
                f"{path}: it isn't there; give --data {self.name}=PATH the {'folder' if self.file is None else 'file'} of {self.name}"
            )
        if self.file is None:
            if not path.is_dir():
                raise UsageError(f"{path}: it is a file; {self.name} is a folder of YAML files")
            return path
        if path.is_dir():
            if not (path / self.file).is_file():
                raise UsageError(f"{path}: there is no {self.file} in it; give --data {self.name}=PATH the file itself")
            return path / self.file
        return path


@dataclass(frozen=True)
class Data:
    """A data set and where the user keeps it."""

    dataset: DataSet
    path: Path

    def read(self) -> Iterator[Sample]:
        """Its samples, in the order of the file. Raises UsageError at the first row that isn't in the set's format."""
        return self.dataset.reader(self.path)


def split_of(cluster: str) -> Split:
    """`gate` for a fifth of the clusters, frozen by their names, else `dev`. Articles of one story are never in both."""
    return "gate" if int(hashlib.sha256(cluster.encode()).hexdigest(), 16) % GATE_SHARE == 0 else "dev"


def sample(article: Article, gold: Gold, cluster: str, tags: Iterable[str] = ()) -> Sample:
    """A sample of a public set, on its side of the split."""
    return Sample(article, gold, cluster, tuple(tags), split_of(cluster))
