"""Reuters-21578: newswire of 1987 with topic categories (Lewis 1997, daviddlewis.com/resources/testcollections/reuters21578)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator

from agent.article import Article
from evals.datasets.base import DataSet, sample
from evals.datasets.clusters import clusters
from evals.datasets.rows import Row, json_rows
from evals.samples import Gold, Sample

_CROPS = ("Agriculture & Food", "Commodities & Raw Materials")
_METALS = ("Commodities & Raw Materials",)
_ENERGY = ("Energy Markets & Prices",)
_CURRENCY = ("Currency & FX",)
_STATISTICS = ("Economic Data",)
_GROUPS = {
    # `earn` is earnings, forecasts, dividends and splits in one; `money-fx` is exchange rates and the money market.
    ("Corporate Earnings", "Corporate Guidance & Outlook", "Capital Returns"): "earn",
    ("M&A & Restructuring",): "acq",
    ("Currency & FX", "Monetary Policy", "Banking & Liquidity", "Interest Rates & Yields"): "money-fx",
    ("Interest Rates & Yields", "Monetary Policy"): "interest",
    ("Trade Policy & Supply Chain", "Tax & Tariffs", "Economic Data"): "trade bop",
    ("Transportation & Logistics",): "ship",
    ("Monetary Policy", "Economic Data", "Banking & Liquidity"): "money-supply",
    ("Currency & FX", "Economic Data", "Monetary Policy"): "reserves",
    ("Inflation",): "cpi wpi",
    ("Labor & Employment",): "jobs",
    ("Housing & Real Estate", "Economic Data"): "housing",
    ("Consumer Demand & Retail", "Economic Data"): "retail",
    ("Energy Markets & Prices", "Manufacturing & Industrials"): "pet-chem",
    ("Commodities & Raw Materials", "Manufacturing & Industrials"): "iron-steel",
    _STATISTICS: "gnp ipi income inventories instal-debt lei",
    _CURRENCY: "dlr yen dmk stg austdlr saudriyal rand nzdlr can cruzado dfl hk lit nkr peseta ringgit rupiah sfr skr",
    _ENERGY: "crude nat-gas gas fuel heat jet naphtha propane",
    _METALS: "gold silver copper tin zinc nickel lead alum strategic-metal platinum palladium",
    _CROPS: "grain wheat corn oilseed sugar coffee soybean veg-oil livestock carcass cocoa palm-oil rubber barley rice cotton sorghum "
    "meal-feed rapeseed oat hog sunseed soy-oil soy-meal orange coconut-oil l-cattle coconut tea rye red-bean groundnut-oil tapioca "
    "cornglutenfeed citruspulp rape-meal fishmeal lumber pork-belly sun-oil castorseed castor-oil sun-meal lin-meal groundnut wool "
    "cottonseed cotton-oil cotton-meal rape-oil palmkernel palm-meal lin-oil linseed copra-cake corn-oil f-cattle plywood potato",
}
_TOPICS = {category: topics for topics, categories in _GROUPS.items() for category in categories.split()}
_SYMBOL = re.compile(r"<([A-Z.]{1,8})>")


def _moment(written: object) -> object:
    """From the set's own way to write it, such as 9-JAN-1987 01:02:03.04."""
    if not isinstance(written, str):
        return written
    return datetime.strptime(written.strip().partition(".")[0], "%d-%b-%Y %H:%M:%S").replace(tzinfo=UTC)


class _Row(Row):
    id: int
    date: Annotated[datetime, BeforeValidator(_moment)]
    title: str
    topics: list[str]
    text: str


def _read(path: Path) -> Iterator[Sample]:
    rows = json_rows(path, _Row)
    keys = [[f"reuters {row.date.date()} {key}" for key in (row.title, *_SYMBOL.findall(row.title))] for row in rows]
    for row, cluster in zip(rows, clusters(keys), strict=True):
        groups = tuple(dict.fromkeys(_TOPICS[category] for category in row.topics if category in _TOPICS))
        article = Article(id=f"reuters21578-{row.id}", title=row.title, text=row.text, source="Reuters", published_at=row.date)
        yield sample(article, Gold(topic_groups=groups or None), cluster, row.topics[:1])


SET = DataSet(
    name="reuters21578",
    description="newswire of 1987 with the desk's categories, each taken for the topics of ours that carry it",
    licence="research use only",
    reader=_read,
    measures={"topics": "recall of the categories, any one of several topics of ours counting for each; not precision: theirs are fewer"},
    limits={
        "tickers": "symbols of 1987, before any symbol table",
        "abstain": "many items are tables or one-line notices, of which a card may rightly say nothing",
    },
)
