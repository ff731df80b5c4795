"""A card in a terminal. All styling is rich's, and rich is imported here alone.

Colour never carries anything by itself: each sentiment has a word, a symbol and a figure. Texts go in as `Text`, never as markup, so
an article that says "[red]" shows "[red]".
"""

from __future__ import annotations

import shutil
from typing import TextIO

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from agent.card import Card, Entity, Sentiment
from agent.present import words
from agent.present.checked import rows
from agent.present.words import clean
from agent.taxonomy import COMPONENTS, SentimentLabel

PLAIN_WIDTH = 80
"""Columns when nobody looks at a terminal, unless COLUMNS says otherwise."""
WIDEST = 100
"""Lines longer than this are hard to read, however wide the terminal."""
_NARROW = 64
_BAR_CELLS = 20
_QUOTES = 2
"""Quotes shown of one entity; the page and the JSON have them all."""

_COLOURS: dict[SentimentLabel, str] = {
    "strongly negative": "bold red",
    "negative": "red",
    "neutral": "default",
    "positive": "green",
    "strongly positive": "bold green",
}
_MARKS = {"passed": ("✓", "green"), "attention": ("!", "bold yellow"), "noted": ("·", "yellow"), "not checked": ("–", "dim")}
_ASCII = str.maketrans(dict(zip("▼▲●○█░✓–—−“”‘’·", "v^o.#.+---\"\"''|", strict=True)) | {"…": "..."})


def show(card: Card, stream: TextIO) -> str:
    """The card as `stream` can take it: escape sequences only for a terminal with colours, characters only of its encoding."""
    terminal = stream.isatty()
    width = None if terminal else shutil.get_terminal_size((PLAIN_WIDTH, 0)).columns
    console = Console(file=stream, width=width, highlight=False, emoji=False, markup=False, force_terminal=None if terminal else False)
    with console.capture() as captured:
        console.print(card_lines(card, min(console.width, WIDEST)), width=min(console.width, WIDEST))
    text = "\n".join(line.rstrip() for line in captured.get().splitlines()) + "\n"
    return encodable(text, stream.encoding or "utf-8")


def card_lines(card: Card, width: int = PLAIN_WIDTH) -> RenderableType:
    """The card for `width` columns, as rich prints it."""
    body = _abstained(card) if card.status == "abstained" else _body(card, width)
    return Padding(Group(*_head(card), *body, *_checks(card), *_provenance(card)), (1, 1, 1, 1))


def _head(card: Card) -> list[RenderableType]:
    lines: list[RenderableType] = [Text(clean(card.title) or "(no title)", "bold")]
    lines += [Text(line, "dim") for line in (words.byline(card), clean(card.url or "")) if line]
    if warning := words.cut_warning(card.provenance):
        lines += ["", Text(f"! {warning}", "bold yellow")]
    return lines


def _abstained(card: Card) -> list[RenderableType]:
    reason = clean(card.abstained_because or "no reason was given")
    return ["", Text.assemble(("No card. ", "bold yellow"), "newscard abstained: ", reason)]


def _body(card: Card, width: int) -> list[RenderableType]:
    narrow = width < _NARROW
    parts: list[RenderableType] = [""]
    if card.market_impact is not None:
        parts.append(_impact_bar(card.market_impact, _BAR_CELLS // 2 if narrow else _BAR_CELLS))
    parts += ["", _tickers(card), _topics(card, width - 2)]
    parts += ["", Text(clean(card.summary)), *_section("Analysis"), Text(clean(card.analysis))]
    parts += [*_section("Sentiment"), *_sentiments(card, narrow=narrow)]
    # The last sentiment leaves a blank line behind it.
    return [*parts, Text("Why this impact", "bold underline"), _components(card, narrow=narrow), ""] if card.impact else parts


def _section(title: str) -> list[RenderableType]:
    return ["", Text(title, "bold underline")]


def _impact_bar(impact: float, cells: int) -> Text:
    filled = round(impact * cells)
    bar = ("█" * filled, "cyan"), ("░" * (cells - filled), "dim")
    return Text.assemble("Market impact  ", *bar, (f"  {impact:.2f} ", "bold"), words.impact_word(impact))


def _tickers(card: Card) -> Text:
    if not card.tickers:
        return Text("no listed security", "dim")
    return Text("  ").join(Text(f" {clean(ticker)} ", "bold reverse") for ticker in card.tickers)


def _topics(card: Card, width: int) -> Text:
    """The topics with dots between them; a line ends behind a dot, never within a topic that fits it."""
    lines: list[str] = []
    for topic in map(clean, card.topics):
        if lines and len(lines[-1]) + len(topic) + len(" · ·") <= width:
            lines[-1] += f" {topic} ·"
        else:
            lines.append(f"{topic} ·")
    return Text("\n".join(lines).removesuffix(" ·") or "no topics", "cyan")


def _sentiments(card: Card, *, narrow: bool) -> list[RenderableType]:
    rows: list[RenderableType] = []
    if card.sentiment is not None:
        rows.append(_sentiment_row(card.sentiment, [Text("Overall", "bold"), Text(clean(card.sentiment.reason))], narrow=narrow))
    rows += [_sentiment_row(entity.sentiment, _entity_lines(entity), narrow=narrow) for entity in card.entities]
    return rows


def _entity_lines(entity: Entity) -> list[Text]:
    parts = [(clean(entity.name), "bold"), *((clean(ticker), "bold cyan") for ticker in entity.tickers), (entity.kind, "dim")]
    name = Text("  ").join(Text(*part) for part in parts)
    quotes = [Text(f"“{clean(evidence.quote)}”", "dim italic") for evidence in entity.evidence[:_QUOTES]]
    if more := len(entity.evidence) - len(quotes):
        quotes.append(Text(f"and {words.count(more, 'more quote')}", "dim"))
    return [name, Text(clean(entity.sentiment.reason)), *quotes]


def _sentiment_row(sentiment: Sentiment, lines: list[Text], *, narrow: bool) -> RenderableType:
    colour = _COLOURS[sentiment.label]
    label = Text(f"{words.SYMBOLS[sentiment.label]:<2} {sentiment.label}", colour)
    score = Text(words.signed(sentiment.score), colour)
    if narrow:
        return Padding(Group(Text.assemble(label, "  ", score), Padding(Group(*lines), (0, 0, 0, 3))), (0, 0, 1, 0))
    row = Table.grid(padding=(0, 2, 0, 0), expand=True)
    row.add_column(width=20)
    row.add_column(width=4, justify="right")
    row.add_column(ratio=1)
    row.add_row(label, score, Group(*lines))
    return Padding(row, (0, 0, 1, 0))


def _components(card: Card, *, narrow: bool) -> RenderableType:
    table = Table.grid(padding=(0, 2, 0, 0), expand=True)
    table.add_column(width=11)
    table.add_column(width=3 if narrow else 11)
    table.add_column(ratio=1)
    for name in COMPONENTS:
        if rating := card.impact.get(name):
            dots = "" if narrow else "●" * rating.level + "○" * (4 - rating.level) + "    "
            table.add_row(Text(name), Text(f"{dots}{rating.level}/4", "cyan"), Text(clean(rating.reason)))
    return table


def _checks(card: Card) -> list[RenderableType]:
    if card.status == "abstained" and card.checks.passed:
        return [""]
    table = Table.grid(padding=(0, 1, 0, 0), expand=True)
    table.add_column(width=1)
    table.add_column(width=13)
    table.add_column(ratio=1)
    for check in rows(card.checks):
        mark, colour = _MARKS[check.verdict]
        said = "dim" if check.verdict == "not checked" else ""
        table.add_row(Text(mark, colour), Text(check.name, said), Group(Text(check.text, said), *map(Text, check.details)))
    style = "green" if card.checks.passed else "bold yellow"
    return [Text("Checks", "bold underline"), Text(words.verdict(card), style), table, ""]


def _provenance(card: Card) -> list[RenderableType]:
    return [Text(" · ".join(words.made_by(card.provenance)), "dim")]


def encodable(text: str, encoding: str) -> str:
    """`text` in the characters that `encoding` has, bars and signs in ASCII where it hasn't them."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(_ASCII).encode(encoding, "replace").decode(encoding)
    return text
