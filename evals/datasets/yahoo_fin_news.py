"""Yahoo Finance articles in which the journalist wrote symbols beside companies (github.com/FelixDrinkall/financial-news-dataset)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from agent.article import Article
from agent.symbols import load_symbols
from evals.datasets.base import DataSet, sample
from evals.datasets.clusters import clusters
from evals.datasets.rows import Row, json_rows
from evals.goldset import Choice
from evals.samples import Gold, Sample


class _Row(Row):
    id: str
    url: str | None = None
    published: datetime
    title: str
    text: str
    tickers_gold: list[str]


def _read(path: Path) -> Iterator[Sample]:
    rows = json_rows(path, _Row)
    keys = [[f"yahoo {row.published.date()} {symbol}" for symbol in row.tickers_gold] or [row.id] for row in rows]
    for row, cluster in zip(rows, clusters(keys), strict=True):
        article = Article(id=row.id, title=row.title, text=row.text, url=row.url, published_at=row.published)
        yield sample(article, Gold(abstain=False, tickers=_choice(row.tickers_gold, row.published.date())), cluster)


def _choice(written: list[str], on: date) -> Choice:
    """What the journalist wrote must be there; other share classes of the same issuers may be, since a card lists all."""
    issuers = [load_symbols().issuer_of(symbol, on) for symbol in written]
    classes = {symbol for issuer in issuers if issuer for symbol in issuer.symbols}
    return Choice(must=written, may=sorted(classes - {*written}))


SET = DataSet(
    name="yahoo_fin_news",
    description="articles of 2017 to 2020, the symbols that their journalists wrote (and that are cut from the text)",
    licence="CC BY-NC-SA 4.0; text of the publishers",
    reader=_read,
    measures={
        "abstain": "never right here: each article names a listed company",
        "tickers": "the symbols the journalist wrote; precision is a lower bound, since companies named without a symbol count as errors",
    },
    limits={"sentiment": "its scores are a machine's", "entities": "its named entities are a machine's"},
)
