"""The report's page."""

from __future__ import annotations

import re

from evals.report import page
from evals.report.plots import Point, calibration_plot, frontier_plot
from evals.report.tables import bins, confusion, figure, rows, slices, unscorable
from tests.evals.report.made import EVIL, a_card, a_sample, evaluated
from tests.present.sample import CARD

SAMPLES = [a_sample(name) for name in "abcd"]
RUN = evaluated(SAMPLES, [a_card(name) for name in "abc"], {"d": "NoReply: nothing came"})


def test_the_page_fetches_nothing_and_runs_nothing() -> None:
    """No script, no address, no style outside its one sheet."""
    html = page(RUN)
    assert not re.search(r"<script|<link|<img|<iframe|\son\w+=|\sstyle=|url\((?!#)|@import", html)
    assert "default-src 'none'" in html


def test_the_same_run_gives_the_same_bytes() -> None:
    """Plots included."""
    assert page(RUN) == page(RUN)


def test_every_metric_is_there_with_its_figures_or_with_a_reason() -> None:
    """None goes missing."""
    html = page(RUN)
    for metric in RUN.metrics:
        assert f">{metric.name}<" in html
    assert {row.metric.name for family in ("quality", "detail", "cost") for row in rows(RUN, family)} | {
        name for name, _ in unscorable(RUN)
    } == {metric.name for metric in RUN.metrics}


def test_every_article_is_there_and_the_failed_one_says_why() -> None:
    """Also those without a card."""
    html = page(RUN)
    assert html.count('class="report beside"') == len(SAMPLES)
    assert "No card: NoReply: nothing came" in html


def test_texts_are_inert() -> None:
    """Of articles, cards, failures and names alike."""
    evil = [a_card("a", title=EVIL, summary=EVIL, analysis=EVIL, tickers=[EVIL], topics=[EVIL])]
    html = page(evaluated([a_sample("a"), a_sample("b", summary=EVIL)], evil, {"b": EVIL}))
    assert "<script" not in html
    assert "\x1b" not in html


def test_the_confusion_counts_gold_against_card() -> None:
    """Three cards with the right label, one failure."""
    cells = {gold: [cell.count for cell in found] for gold, found in confusion(RUN)}
    label = CARD.sentiment.label  # type: ignore[union-attr]
    assert sum(map(sum, cells.values())) == 3
    assert max(cells[label]) == 3


def test_a_slice_needs_three_cards() -> None:
    """A tag of two says nothing."""
    assert [(one.tag, one.cards) for one in slices(RUN)] == [("brief", 4)]
    assert slices(evaluated(SAMPLES[:2], [])) == []


def test_a_run_without_cards_has_a_page() -> None:
    """Every provider was down."""
    html = page(evaluated(SAMPLES, [], dict.fromkeys("abcd", "NoReply")))
    assert html.count("No card: NoReply") == 4
    assert bins(evaluated(SAMPLES, [])) == ()


def test_plots_say_what_they_are_to_those_who_cannot_see_them() -> None:
    """And have neither dates nor inline styles."""
    point = Point("model", 0.01, 0.8, 0.7, 0.9, on_frontier=True)
    for svg in (calibration_plot(bins(RUN)), frontier_plot([point], "topics.f1")):
        assert svg.startswith('<svg role="img" aria-label="')
        assert not re.search(r"style=|<style|<metadata|<!DOCTYPE|\d{4}-\d{2}-\d{2}", svg)


def test_figures_are_shown_in_their_unit() -> None:
    """And a missing one as a dash."""
    assert [figure(0.5, "share"), figure(0.5, "usd"), figure(0.5, "kappa"), figure(1234.5, "tokens"), figure(None, "share")] == [
        "50.0%",
        "$0.5000",
        "0.50",
        "1,234.5",
        "-",
    ]
