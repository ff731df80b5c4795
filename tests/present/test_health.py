"""The health of a run, shown."""

from __future__ import annotations

import io
import re

from rich.console import Console

from agent.batch.health import Health
from agent.present.health import charts, figures, page, terminal
from tests.batch.test_health import a_card, healthy


def shown(health: Health, width: int = 80) -> str:
    """What a terminal of that width shows."""
    console = Console(file=io.StringIO(), width=width, highlight=False, emoji=False, markup=False)
    console.print(terminal(health, width))
    text = console.file.getvalue()  # type: ignore[attr-defined]
    return str(text)


def test_the_terminal_shows_figures_charts_and_verdict() -> None:
    """Within eighty columns."""
    text = shown(healthy())
    assert re.search(r"articles +200 *\n", text)
    assert all(title in text for title in ("Overall sentiment", "Topics", "Market impact", "What looks wrong"))
    assert text.rstrip().endswith("nothing")
    assert max(map(len, text.splitlines())) <= 80


def test_a_narrow_terminal_takes_from_the_bars_and_not_from_the_figures() -> None:
    """At forty columns the counts were cut off."""
    wide, narrow = (re.findall(r"[\d,]+ +\d+%", shown(healthy(), width).partition("Overall sentiment")[2]) for width in (80, 40))
    assert narrow == wide
    assert len(wide) > 10


def test_the_page_shows_what_the_terminal_shows() -> None:
    """Every figure and every bar."""
    health = healthy()
    health.add_failure("NoReply")
    html = page(health)
    assert all(f"<dt>{name}</dt><dd>{value}</dd>" in html for name, value in figures(health))
    assert html.count('class="bar"') == sum(len(chart.bars) for chart in charts(health))
    assert "Nothing looks wrong" in html


def test_what_looks_wrong_comes_first_on_the_page() -> None:
    """Before any figure."""
    health = Health()
    for _ in range(40):
        health.add_card(a_card("positive"))
    html = page(health)
    assert html.index("100% of the cards are positive overall") < html.index("<dl")
    assert "2 things look wrong" in html


def test_names_from_outside_are_inert() -> None:
    """A source or topic is text: no tag, no escape sequence."""
    health = Health()
    evil = "<script>alert(1)</script>\x1b[31m"
    card = a_card()
    card["topics"] = [evil]
    health.add_card(card)
    health.add_failure(evil)
    assert "<script" not in page(health)
    assert "\x1b" not in shown(health)


def test_a_run_without_rows_has_a_page() -> None:
    """Nothing is divided by nothing."""
    assert "0 of them" in page(Health())
    assert charts(Health()) == []


def test_shares_of_a_chart_are_of_their_whole() -> None:
    """Labels add up to one; topics are shares of the cards, of which each has several."""
    by_title = {chart.title: chart for chart in charts(healthy())}
    assert abs(sum(bar.share for bar in by_title["Overall sentiment"].bars) - 1) < 1e-9
    assert all(bar.share == 1.0 for bar in by_title["Topics"].bars)
