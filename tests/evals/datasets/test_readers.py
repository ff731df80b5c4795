"""The readers of public sets, on made-up rows in each set's format."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from evals.datasets import DATASETS, FIELDS, parse_data, read
from evals.samples import Gold, Sample

ROWS: dict[str, list[dict[str, Any]]] = {
    "finentity": [
        {
            "id": 1,
            "text": "Acme Widgets Inc rose while Bolt fell. [nL1N0AB1CD]",
            "entities": [
                {"name": "Acme Widgets Inc", "sentiment": "positive", "start": 0, "end": 16, "ric": "ACMW.N"},
                {"name": "Bolt", "sentiment": "negative", "start": 28, "end": 32},
                {"name": "Acme Widgets Inc", "sentiment": "neutral", "start": 0, "end": 16, "ric": "ACMW.N"},
            ],
            "rics": ["ACMW.N"],
        },
        {"id": 2, "text": "More on Acme. [nL1N0AB1CD]", "entities": [{"name": "Acme", "sentiment": "neutral", "start": 8, "end": 12}]},
    ],
    "sentfin": [
        {
            "id": 7,
            "title": "Acme Holdings up, Bolt down",
            "entities": [
                {"name": "Acme neutralings", "sentiment": "positive"},
                {"name": "Bolt", "sentiment": "negative"},
            ],
        }
    ],
    "financial_phrasebank": [
        {"label": "positive", "sentence": "Profit rose , Acme said ."},
        {"label": "neutral", "sentence": "Profit  rose , Acme said ."},
        {"label": "negative", "sentence": "Sales fell , Acme said ."},
    ],
    "sentivent": [
        {
            "id": "goog00",
            "main_company_symbol": "GOOG",
            "gics": "Technology",
            "text": "A headline\nThe body of it.",
            "events": [{"type": "Dividend"}, {"type": "Dividend"}, {"type": "Deal"}],
            "sentiments": [{"polarity": "positive"}, {"polarity": "positive"}, {"polarity": "negative"}],
        },
        {
            "id": "goog01",
            "main_company_symbol": "GOOG",
            "gics": "Technology",
            "text": "Another headline\nMixed news.",
            "events": [{"type": "Deal"}],
            "sentiments": [{"polarity": "positive"}, {"polarity": "negative"}],
        },
    ],
    "yahoo_fin_news": [
        {
            "id": "yfn-1",
            "url": "http://example.test/1",
            "published": "2019-03-01 10:00:00",
            "title": "Search rises",
            "text": "The search company rose.",
            "tickers_gold": ["GOOG"],
            "prices": {"GOOG": {"prev_close": float("nan")}},
        },
        {"id": "yfn-2", "published": "2019-03-01 12:00:00", "title": "Again", "text": "It rose again.", "tickers_gold": ["GOOG", "NOSUCH"]},
    ],
    "reuters21578": [
        {
            "id": 3,
            "date": "1-MAR-1987 01:02:03.04",
            "title": "ACME <ACM> QTLY DIVIDEND",
            "topics": ["earn", "madeup"],
            "text": "Ten cents.",
        },
        {"id": 4, "date": "26-MAR-1987 09:00:00.00", "title": "TEA UP", "topics": ["tea", "coffee"], "text": "Tea rose."},
    ],
    "ectsum": [{"id": "ACM_q1_2021", "ticker": "ACM", "text": "Sales rose.", "bullets": ["compname q1 sales $2.", "q1 eps $1."]}],
}


def put(folder: Path, name: str, rows: list[dict[str, Any]]) -> Path:
    """The rows as a file of that set."""
    path = folder / str(DATASETS[name].file)
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    else:
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def samples(folder: Path, name: str) -> list[Sample]:
    """The made-up rows as the reader has them."""
    return list(read(name, put(folder, name, ROWS[name])))


def known(gold: Gold) -> set[str]:
    """The fields that have gold."""
    fields = {name for name in FIELDS if name not in {"topics", "forbid"} and getattr(gold, name) is not None}
    topics = {"topics"} if gold.topics is not None or gold.topic_groups is not None else set()
    return fields | topics | ({"forbid"} if gold.forbid else set())


@pytest.mark.parametrize("name", ROWS)
def test_a_set_has_gold_for_what_it_measures(tmp_path: Path, name: str) -> None:
    """No more and no less, and ids that are no other set's."""
    found = samples(tmp_path, name)
    assert set().union(*(known(sample.gold) for sample in found)) == set(DATASETS[name].measures)
    assert len({sample.id for sample in found}) == len(found)


def test_the_gold_cards_have_gold_for_everything() -> None:
    """Our own set measures all fields."""
    found = list(parse_data("gold").read())
    assert set().union(*(known(sample.gold) for sample in found)) == set(FIELDS) == set(DATASETS["gold"].measures)
    assert {sample.split for sample in found} == {"dev", "gate"}
    assert any(sample.gold.abstain for sample in found)


def test_finentity_has_one_entity_a_name(tmp_path: Path) -> None:
    """Spans of one symbol are one entity, whose labels all count; the agency's references are cut."""
    first, second = samples(tmp_path, "finentity")
    assert first.article.text == "Acme Widgets Inc rose while Bolt fell."
    assert first.gold.entities is not None
    acme, bolt = first.gold.entities
    assert (acme.name, acme.tickers, acme.sentiment) == ("Acme Widgets Inc", ["ACMW"], "positive")
    assert {*acme.accept} == {"neutral", "strongly positive"}
    assert bolt.accept == ["strongly negative"]
    assert first.tags == ("split-sentiment",)
    assert (first.cluster, first.split) == (second.cluster, second.split)
    assert first.gold.entities_complete
    assert first.gold.folded


def test_sentfin_passes_over_spoilt_names(tmp_path: Path) -> None:
    """A name that isn't in the headline is no gold."""
    (only,) = samples(tmp_path, "sentfin")
    assert [entity.name for entity in only.gold.entities or ()] == ["Bolt"]
    assert not only.gold.entities_complete


def test_a_sentence_that_stands_twice_has_both_labels(tmp_path: Path) -> None:
    """One sample, the second label accepted."""
    first, second = samples(tmp_path, "financial_phrasebank")
    assert first.gold.sentiment is not None
    assert first.gold.sentiment.label == "positive"
    assert {*first.gold.sentiment.accept} == {"neutral", "strongly positive"}
    assert second.gold.sentiment is not None
    assert second.gold.sentiment.label == "negative"


def test_sentivent_labels_what_leans_clearly(tmp_path: Path) -> None:
    """Two to one is not yet neutral; one to one has no label. Frequent events name topics, every class of the company is gold."""
    clear, mixed = samples(tmp_path, "sentivent")
    assert clear.article.title == "A headline"
    assert clear.gold.sentiment is not None
    assert clear.gold.sentiment.label == "positive"
    assert clear.gold.topic_groups == (("Capital Returns",),)
    assert clear.gold.tickers is not None
    assert {*clear.gold.tickers.must} == {"GOOG", "GOOGL"}
    assert not clear.gold.tickers_complete
    assert mixed.gold.sentiment is None
    assert mixed.gold.topic_groups is None
    assert clear.cluster == mixed.cluster


def test_another_share_class_may_be_on_the_card(tmp_path: Path) -> None:
    """The journalist wrote one; a card lists all. Articles on one issuer's day are one story."""
    first, second = samples(tmp_path, "yahoo_fin_news")
    assert first.gold.tickers is not None
    assert first.gold.tickers.must == ["GOOG"]
    assert first.gold.tickers.may == ["GOOGL"]
    assert first.article.published_at is not None
    assert first.article.published_at.isoformat() == "2019-03-01T10:00:00+00:00"
    assert first.cluster == second.cluster


def test_reuters_categories_are_groups_of_our_topics(tmp_path: Path) -> None:
    """An unknown category is passed over; two that mean the same count once."""
    dividend, tea = samples(tmp_path, "reuters21578")
    assert dividend.gold.topic_groups is not None
    assert "Capital Returns" in dividend.gold.topic_groups[0]
    assert len(dividend.gold.topic_groups) == len(tea.gold.topic_groups or ()) == 1
    assert dividend.article.published_at is not None
    assert dividend.article.published_at.day == 1


def test_ectsum_has_its_mask_cut(tmp_path: Path) -> None:
    """No summary would write it."""
    (only,) = samples(tmp_path, "ectsum")
    assert only.gold.summary == "q1 sales $2. q1 eps $1."
    assert only.cluster == "ectsum ACM"


@pytest.mark.parametrize("name", ROWS)
def test_topics_are_of_the_taxonomy(tmp_path: Path, name: str) -> None:
    """A mapping to a topic that we don't have would count as a miss for ever."""
    from agent.taxonomy import load_taxonomy
    from evals.datasets import reuters21578, sentivent

    mapped = {topic for module in (reuters21578, sentivent) for group in module._TOPICS.values() for topic in group}
    assert mapped <= {*load_taxonomy().topic_names}
    assert samples(tmp_path, name)
