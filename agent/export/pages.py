"""One HTML page of all cards, for as many as a browser opens; failed articles are listed below them."""

from __future__ import annotations

from html import escape
from pathlib import Path

from agent.batch.reading import Runs
from agent.batch.rows import card_json, read_row
from agent.card import Card
from agent.errors import UsageError
from agent.present.page import CLOSING, opening, section
from agent.present.words import clean, count

MOST = 5_000
"""Cards on one page: more, and no browser opens it in comfort."""


def write(runs: Runs, path: Path) -> None:
    """Write the cards of `runs` to `path`. Raises UsageError when there are more than a page holds."""
    if runs.cards > MOST:
        raise UsageError(f"{count(runs.cards, 'card')} are too many for one page ({MOST:,}); export .sqlite, .parquet or .csv")
    failed: list[str] = []
    with path.open("x", encoding="utf-8", newline="\n") as stream:
        stream.write(opening(count(runs.cards, "card")))
        number = 0
        for line in runs.lines():
            row = read_row(line)
            if row.card is None:
                failed.append(f"<li>{escape(clean(f'{row.id}: {row.problem}'))}</li>\n")
                continue
            number += 1
            stream.write(section(Card.model_validate_json(card_json(line)), None, number))
        if failed:
            title = f"{count(len(failed), 'article')} without a card"
            stream.write(f'<article class="card">\n<h2>{title}</h2>\n<ul>\n{"".join(failed)}</ul>\n</article>\n')
        stream.write(CLOSING)
