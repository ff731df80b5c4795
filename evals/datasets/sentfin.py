"""SEntFiN 1.0: headlines of Indian financial news with a sentiment for each entity (Sinha et al. 2022, doi.org/10.1002/asi.24634)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from agent.article import Article
from evals.datasets.base import DataSet, sample
from evals.datasets.clusters import clusters, text_key
from evals.datasets.labels import Polarity, are_opposite, gold_label
from evals.datasets.rows import Row, json_rows
from evals.goldset import GoldEntity
from evals.samples import Gold, Sample


class _Entity(Row):
    name: str
    sentiment: Polarity


class _Row(Row):
    id: int
    title: str
    entities: list[_Entity]


def _read(path: Path) -> Iterator[Sample]:
    rows = json_rows(path, _Row)
    for row, cluster in zip(rows, clusters([[text_key(row.title)] for row in rows]), strict=True):
        # A search-and-replace by the set's makers put labels into some names; what isn't in the headline isn't gold.
        named = [entity for entity in row.entities if entity.name in row.title]
        gold = Gold(entities=_entities(named) if named else None, folded=True)
        split = are_opposite(entity.sentiment for entity in named)
        yield sample(Article(id=f"sentfin-{row.id}", text=row.title), gold, cluster, ["split-sentiment"] if split else [])


def _entities(named: Sequence[_Entity]) -> tuple[GoldEntity, ...]:
    together: dict[str, list[_Entity]] = {}
    for entity in named:
        together.setdefault(entity.name.casefold(), []).append(entity)
    labelled = ((same[0].name, gold_label(entity.sentiment for entity in same)) for same in together.values())
    return tuple(
        GoldEntity(name=name, aliases=[], kind="other", tickers=[], sentiment=label.label, accept=label.accept) for name, label in labelled
    )


SET = DataSet(
    name="sentfin",
    description="headlines of Indian financial news, a sentiment for each entity in them",
    licence="MIT",
    reader=_read,
    measures={
        "entities": "recall of the labelled entities and 3-class sentiment of each; not precision, since not everybody named is labelled"
    },
    limits={
        "sentiment": "labels belong to entities, not to the headline",
        "tickers": "most companies are listed in India alone, which the symbol table doesn't cover",
        "abstain": "a headline alone may rightly be too little to make a card from",
    },
)
