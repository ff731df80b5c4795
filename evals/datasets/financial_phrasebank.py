"""Financial PhraseBank 1.0: sentences of Finnish company news, labelled from an investor's view.

Malo et al. 2014, arxiv.org/abs/1307.5336.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from agent.article import Article
from evals.datasets.base import DataSet, sample
from evals.datasets.clusters import text_key
from evals.datasets.labels import Polarity, gold_label
from evals.datasets.rows import Row, csv_rows
from evals.samples import Gold, Sample


class _Row(Row):
    label: Polarity
    sentence: str


def _read(path: Path) -> Iterator[Sample]:
    """One sample a sentence: eight stand in the file twice, two of them with two labels, which both count."""
    labels: dict[str, list[Polarity]] = {}
    first: dict[str, tuple[int, str]] = {}
    for number, row in enumerate(csv_rows(path, _Row), 1):
        key = text_key(row.sentence)
        labels.setdefault(key, []).append(row.label)
        first.setdefault(key, (number, row.sentence))
    for key, (number, sentence) in first.items():
        article = Article(id=f"financial_phrasebank-{number}", text=sentence)
        yield sample(article, Gold(sentiment=gold_label(labels[key]), folded=True), key)


SET = DataSet(
    name="financial_phrasebank",
    description="sentences of Finnish company news, one sentiment each, on which at least half of the annotators agreed",
    licence="CC BY-NC-SA 3.0",
    reader=_read,
    file="phrasebank_50agree.csv",
    measures={"sentiment": "3-class overall sentiment of one sentence"},
    limits={
        "entities": "no entity is marked",
        "tickers": "no company is marked, and most are listed in Helsinki alone",
        "abstain": "a sentence out of its article may rightly be too little to make a card from",
    },
)
