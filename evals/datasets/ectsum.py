"""ECTSum: transcripts of earnings calls with the bullets a news agency made of them.

Mukherjee et al. 2022, aclanthology.org/2022.emnlp-main.748.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from agent.article import Article
from evals.datasets.base import DataSet, sample
from evals.datasets.rows import Row, json_rows
from evals.samples import Gold, Sample

_MASK = re.compile(r"\bcompname\b\s*(?:-\s*)?")
"""The set's own mask for the company's name, which no summary would write."""


class _Row(Row):
    id: str
    ticker: str
    text: str
    bullets: list[str]


def _read(path: Path) -> Iterator[Sample]:
    for row in json_rows(path, _Row):
        summary = " ".join(_MASK.sub("", bullet) for bullet in row.bullets)
        gold = Gold(abstain=False, summary=summary or None)
        yield sample(Article(id=f"ectsum-{row.id}", text=row.text), gold, f"ectsum {row.ticker}")


SET = DataSet(
    name="ectsum",
    description="long transcripts of earnings calls, the agency's bullets as reference summaries",
    licence="GPL-3.0",
    reader=_read,
    measures={
        "abstain": "never right here: each is a listed company's earnings call",
        "summary": "ROUGE and chrF against the bullets; they are figures in telegram style, so compare runs, not sets",
    },
    limits={"tickers": "most transcripts don't name the company that speaks", "facts": "the bullets aren't cut into facts"},
)
