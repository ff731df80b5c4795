"""All data sets by name, and what `--data` means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from agent.errors import UsageError
from evals.datasets import ectsum, financial_phrasebank, finentity, gold, reuters21578, sentfin, sentivent, yahoo_fin_news
from evals.datasets.base import Data, DataSet
from evals.goldset import FOLDER
from evals.samples import Sample

_SETS = tuple(module.SET for module in (gold, finentity, sentfin, financial_phrasebank, sentivent, yahoo_fin_news, reuters21578, ectsum))

DATASETS: Mapping[str, DataSet] = MappingProxyType({known.name: known for known in _SETS})


def parse_data(text: str) -> Data:
    """`gold`, or NAME=PATH with the set's file or its folder. Raises UsageError that names what is wrong."""
    name, equals, path = text.partition("=")
    dataset = DATASETS.get(name.strip())
    if dataset is None:
        raise UsageError(f"{name.strip() or text!r}: no such data set; known are {', '.join(DATASETS)}")
    if not path.strip():
        if dataset is gold.SET and not equals:
            return Data(dataset, FOLDER)
        raise UsageError(f"{dataset.name} needs its place: --data {dataset.name}=PATH")
    return Data(dataset, dataset.locate(Path(path.strip()).expanduser()))


def read(name: str, path: Path) -> Iterator[Sample]:
    """The samples of set `name` at `path`. Raises UsageError for an unknown name, a missing file, or a row in another format."""
    return parse_data(f"{name}={path}").read()
