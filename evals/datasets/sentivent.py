"""SENTiVENT: English news on thirty US companies with events and sentiment expressions.

Jacobs & Hoste 2021, doi.org/10.1007/s10579-021-09562-4.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from agent.article import Article
from agent.symbols import load_symbols
from evals.datasets.base import DataSet, sample
from evals.datasets.labels import Polarity, gold_label
from evals.datasets.rows import Row, json_rows
from evals.goldset import Choice, GoldSentiment
from evals.samples import Gold, Sample

READ_AS_OF = datetime(2017, 6, 30, tzinfo=UTC)
"""The articles are of 2016 to 2018 and the file has no dates; companies go by the symbols of the middle of that time."""
CLEAR = 1 / 3
"""Of the expressions: the article's label is positive (negative) where so many more are positive (negative) than the other way."""
MAIN_EVENT = 1 / 5
"""Of the events: a type this frequent is a topic of the article."""

_TOPICS = {
    "Dividend": ("Capital Returns",),
    "Employment": ("Labor & Employment", "Management & Governance"),
    "FinancialReport": ("Corporate Earnings", "Corporate Guidance & Outlook"),
    "Financing": ("Capital Raising", "Credit & Bond Markets", "Private Markets & Venture", "Bankruptcy & Distress"),
    "Legal": ("Legal & Litigation", "Regulation & Legislation", "Antitrust & Competition", "Patents & Intellectual Property"),
    "Merger/Acquisition": ("M&A & Restructuring",),
    "Profit/Loss": ("Corporate Earnings", "Corporate Guidance & Outlook"),
    "Rating": ("Analyst Insights",),
    "Revenue": ("Corporate Earnings", "Corporate Guidance & Outlook"),
}
"""Event types that say which of our topics an article has; the others ("Deal", "SecurityValue", "CSR/Brand" ...) go with too many."""


class _Event(Row):
    type: str


class _Expression(Row):
    polarity: Polarity


class _Row(Row):
    id: str
    main_company_symbol: str
    gics: str
    text: str
    events: list[_Event]
    sentiments: list[_Expression]


def _read(path: Path) -> Iterator[Sample]:
    for row in json_rows(path, _Row):
        headline, _, body = row.text.partition("\n")
        issuer = load_symbols().issuer_of(row.main_company_symbol, READ_AS_OF.date())
        gold = Gold(
            abstain=False,
            tickers=Choice(must=list(issuer.symbols) if issuer else [row.main_company_symbol]),
            tickers_complete=False,
            topic_groups=_groups([event.type for event in row.events]),
            sentiment=_overall([expression.polarity for expression in row.sentiments]),
            folded=True,
        )
        article = Article(id=f"sentivent-{row.id}", title=headline, text=body, published_at=READ_AS_OF)
        # Articles of one company quote the same quarter's figures; without dates its name is all there is to tell which are alike.
        yield sample(article, gold, f"sentivent {row.main_company_symbol}", [row.gics])


def _groups(types: Sequence[str]) -> tuple[tuple[str, ...], ...] | None:
    """Each once; None where no frequent event says which topic it is."""
    frequent = (kind for kind, count in Counter(types).items() if count >= MAIN_EVENT * len(types))
    return tuple(dict.fromkeys(_TOPICS[kind] for kind in frequent if kind in _TOPICS)) or None


def _overall(polarities: Sequence[Polarity]) -> GoldSentiment | None:
    """The article's label where its expressions lean clearly to one side, else None: a mixed article isn't a neutral one."""
    balance = polarities.count("positive") - polarities.count("negative")
    if not polarities or abs(balance) < CLEAR * len(polarities):
        return None
    return gold_label(["positive" if balance > 0 else "negative"])


SET = DataSet(
    name="sentivent",
    description="news articles on thirty US companies of 2016 to 2018, with events and the sentiment of single expressions",
    licence="none stated; private evaluation only",
    reader=_read,
    measures={
        "abstain": "never right here: each article is about a listed company",
        "tickers": "recall of the main company's symbols; not precision, since other companies aren't labelled",
        "topics": "recall of the topics that its frequent event types stand for; not precision",
        "sentiment": "positive against negative, from the balance of its expressions where that is clear; no article is neutral",
    },
    limits={"entities": "expressions point at words (shares, traffic, sales) more often than at entities, and no entity has one label"},
)
