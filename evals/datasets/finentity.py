"""FinEntity: paragraphs of market reports with a sentiment for each financial entity.

Tang et al. 2023, aclanthology.org/2023.emnlp-main.956.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from agent.article import Article
from agent.symbols import load_symbols
from evals.datasets.base import DataSet, sample
from evals.datasets.clusters import clusters, text_key
from evals.datasets.labels import Polarity, are_opposite, gold_label
from evals.datasets.rows import Row, json_rows
from evals.goldset import GoldEntity
from evals.samples import Gold, Sample

_STORY = re.compile(r"\s*\[(n[A-Z0-9]{6,12}|[A-Z]{1,4}/)\]")
"""The news agency's own references, which no reader would see: a story's number or a page of headlines."""
_US_RIC = re.compile(r"([A-Z]{1,5})\.(?:O|OQ|N|A|K|P)")


class _Entity(Row):
    name: str
    sentiment: Polarity
    ric: str | None = None


class _Row(Row):
    id: int
    text: str
    entities: list[_Entity]


def _read(path: Path) -> Iterator[Sample]:
    rows = json_rows(path, _Row)
    keys = [
        [text_key(_STORY.sub("", row.text)), *(f"story {found}" for found in _STORY.findall(row.text) if found[0] == "n")] for row in rows
    ]
    for row, cluster in zip(rows, clusters(keys), strict=True):
        gold = Gold(entities=_entities(row.entities), entities_complete=True, folded=True)
        labels = [entity.sentiment for entity in row.entities]
        article = Article(id=f"finentity-{row.id}", text=_STORY.sub("", row.text))
        yield sample(article, gold, cluster, ["split-sentiment"] if are_opposite(labels) else [])


def _entities(spans: Sequence[_Entity]) -> tuple[GoldEntity, ...]:
    """One an issuer: spans of one name, one symbol or one listed company are the same entity."""
    table = load_symbols()
    keys = []
    for span in spans:
        issuer = table.resolve(span.name)
        keys.append([text_key(span.name), *([f"issuer {issuer.cik}"] if issuer else []), *([f"ric {span.ric}"] if span.ric else [])])
    together: dict[str, list[_Entity]] = {}
    for span, key in zip(spans, clusters(keys), strict=True):
        together.setdefault(key, []).append(span)
    return tuple(_entity(same) for same in together.values())


def _entity(same: Sequence[_Entity]) -> GoldEntity:
    names = list(dict.fromkeys(span.name for span in same))
    symbols = [found.group(1) for span in same if span.ric and (found := _US_RIC.fullmatch(span.ric))]
    label = gold_label(span.sentiment for span in same)
    return GoldEntity(
        name=names[0], aliases=names[1:], kind="other", tickers=sorted({*symbols}), sentiment=label.label, accept=label.accept
    )


SET = DataSet(
    name="finentity",
    description="paragraphs of market reports, a sentiment for each company, index or asset in them",
    licence="ODC-BY 1.0",
    reader=_read,
    measures={"entities": "recall and precision of companies, funds and indices, and 3-class sentiment of each"},
    limits={
        "tickers": "the agency's codes stand beside some of the entities only; they help to match entities",
        "sentiment": "labels belong to entities, not to the paragraph",
        "abstain": "a paragraph out of its report may rightly be too little to make a card from",
    },
)
