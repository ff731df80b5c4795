"""A run's health: a page for the terminal, and one for the browser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agent.batch.health import IMPACT_BINS, Health, label_counts
from agent.present.page import CLOSING, opening, render
from agent.present.words import clean, count, dollars, estimated_in, lost_at_kills

if TYPE_CHECKING:
    from rich.console import RenderableType

_TOPICS = 12
_BAR = 24


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a distribution: `share` 0..1 of the whole."""

    name: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class Chart:
    """A distribution with its title."""

    title: str
    bars: Sequence[Bar]


def figures(health: Health) -> list[tuple[str, str]]:
    """The run in a few figures, each with its name."""
    cards = max(health.cards, 1)
    asked = health.usage["requests"] + health.wasted["requests"]
    estimated = health.usage["estimated"] + health.wasted["estimated"]
    shares = [
        ("cards with a dropped ticker", health.with_dropped_ticker),
        ("cards with an unsupported figure", health.with_unsupported_number),
        ("cards with any finding", health.with_any_finding),
        ("articles that give a model orders", health.injected),
    ]
    return [
        ("articles", f"{health.rows:,}"),
        ("cards", f"{health.cards:,}"),
        ("abstained", f"{health.abstained:,}"),
        ("failed", f"{health.failures.total():,}"),
        ("from the cache", f"{health.cached:,}"),
        ("copies of a story", f"{health.copies:,}"),
        ("requests", f"{asked:,}, {health.wasted['requests']:,} of them for what failed"),
        ("asked again", f"{health.reasked:,}"),
        ("cost", f"{dollars(health.cost_usd)}, without cache and copies {dollars(health.uncached_cost_usd)}"),
        *([("not counted", estimated_in(estimated))] if estimated else []),
        *([("lost at kills", lost_at_kills(health.lost, health.lost_usd))] if health.lost > 0 else []),
        *((name, f"{number / cards:.1%}") for name, number in shares),
    ]


def charts(health: Health) -> list[Chart]:
    """Failures by kind, labels, topics, impact; those without any row are left out."""
    width = 1 / IMPACT_BINS
    bins = [(f"{at * width:.1f} to {(at + 1) * width:.1f}", number) for at, number in enumerate(health.impact)]
    found = [
        Chart("Failures", _bars(health.failures.most_common())),
        Chart("Overall sentiment", _bars(label_counts(health))),
        Chart("Topics", _bars(health.topics.most_common(_TOPICS), whole=health.cards)),
        Chart("Market impact", _bars(bins)),
    ]
    return [chart for chart in found if any(bar.count for bar in chart.bars)]


def terminal(health: Health, width: int = 80) -> RenderableType:
    """The report for `width` columns, as rich prints it. Where they are few, bars give way and figures stay."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    parts: list[RenderableType] = [Text("Health of the run", "bold")]
    table = Table.grid(padding=(0, 2, 0, 0))
    for name, value in figures(health):
        table.add_row(Text(name, "dim"), Text(value))
    parts.append(table)
    for chart in charts(health):
        parts += ["", Text(chart.title, "bold underline")]
        rows = Table.grid(padding=(0, 2, 0, 0))
        beside = max(len(f"{bar.name}  {bar.count:,}  100%    ") for bar in chart.bars)
        cells = min(_BAR, max(width - beside, 0))
        for bar in chart.bars:
            filled = round(bar.share * cells)
            drawn = Text.assemble(("█" * filled, "cyan"), ("░" * (cells - filled), "dim"))
            rows.add_row(Text(bar.name), drawn, Text(f"{bar.count:,}"), Text(f"{bar.share:.0%}", "dim"))
        parts.append(rows)
    odd = [clean(line) for line in health.oddities()]
    parts += ["", Text("What looks wrong", "bold underline")]
    parts += [Text(f"! {line}", "bold yellow") for line in odd] or [Text("nothing", "green")]
    return Group(*parts)


def page(health: Health) -> str:
    """The report as one HTML document that fetches nothing."""
    odd = health.oddities()
    verdict = count(len(odd), "thing") + (" looks wrong" if len(odd) == 1 else " look wrong")
    body = render("health.html.jinja", figures=figures(health), charts=charts(health), oddities=odd, verdict=verdict)
    return opening("Health of the run") + body + CLOSING


def _bars(counts: Sequence[tuple[str, int]], *, whole: int | None = None) -> list[Bar]:
    total = max(sum(number for _, number in counts) if whole is None else whole, 1)
    return [Bar(clean(name), number, number / total) for name, number in counts]
