"""A card in a terminal."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from rich.cells import cell_len

from agent.card import Card
from agent.present.terminal import card_lines, show
from tests.present.sample import ABSTAINED, CARD

Snapshot = Callable[[str, str], None]


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """It says so."""
        return True


class Latin(io.TextIOWrapper):
    """A stream that knows only latin-1."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="latin-1")


@pytest.fixture(autouse=True)
def _eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm-256color")


@pytest.mark.parametrize(("name", "card", "columns"), [("card", CARD, 80), ("card-narrow", CARD, 44), ("card-abstained", ABSTAINED, 80)])
def test_the_card_is_the_reviewed_one(snapshot: Snapshot, name: str, card: Card, columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole card, letter for letter, as a reader without colours has it."""
    monkeypatch.setenv("COLUMNS", str(columns))
    snapshot(f"{name}.terminal.txt", show(card, io.StringIO()))


@pytest.mark.parametrize("columns", [24, 44, 63, 64, 80, 100, 250])
def test_no_line_is_wider_than_the_terminal(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Narrow or wide, nothing runs over the edge, and lines stop growing where reading gets hard."""
    monkeypatch.setenv("COLUMNS", str(columns))
    widest = max(cell_len(line) for line in show(CARD, io.StringIO()).splitlines())
    assert widest <= min(columns, 100)


def test_nothing_is_lost_in_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The narrow card has the same words as the wide one."""
    monkeypatch.setenv("COLUMNS", "44")
    narrow = show(CARD, io.StringIO()).split()
    for entity in CARD.entities:
        for word in (*entity.name.split(), *entity.sentiment.label.split(), *entity.tickers):
            assert word in narrow


def test_a_pipe_gets_no_escape_sequences() -> None:
    """What is piped or written to a file is text."""
    assert "\x1b" not in show(CARD, io.StringIO())


def test_a_terminal_gets_colour_and_no_color_takes_it_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Red and green in a terminal; none where NO_COLOR is set."""
    assert "\x1b[1;31m" in show(CARD, Terminal())
    monkeypatch.setenv("NO_COLOR", "1")
    assert "31m" not in show(CARD, Terminal())


def test_colour_is_never_the_only_carrier() -> None:
    """Without colour each sentiment still has its symbol, its words and its figure."""
    shown = show(CARD, io.StringIO())
    for line in ("▼▼ strongly negative  −0.8", "▲  positive           +0.4", "●  neutral             0.0"):
        assert line in shown


def test_markup_and_escape_sequences_in_texts_are_inert() -> None:
    """An author's brackets are shown, an author's escape sequences aren't obeyed."""
    hostile = CARD.model_copy(
        update={"title": "[red]Buy[/red] \x1b[2J\x1b]0;owned\x07now :smile:", "summary": "[link=https://e.example]x[/link]"}
    )
    shown = show(hostile, Terminal())
    assert "[red]Buy[/red] now :smile:" in shown
    assert "[link=https://e.example]x[/link]" in shown
    assert "\x1b[2J" not in shown
    assert "\x1b]" not in shown


def test_a_stream_that_lacks_a_symbol_gets_a_plain_one() -> None:
    """A latin-1 stream shows `v`, not a crash."""
    stream = Latin()
    shown = show(CARD, stream)
    shown.encode("latin-1")
    assert "vv strongly negative  -0.8" in shown
    stream.close()


def test_a_cut_article_is_said_loudly() -> None:
    """A card that knows half of its article says so at the top."""
    lines = [line.strip() for line in show(ABSTAINED, io.StringIO()).splitlines()]
    assert lines.index("! CUT SHORT: only the beginning of this article was read; the card knows") < 6


def test_a_card_without_anything_still_prints() -> None:
    """Every field that may be empty is empty."""
    bare = CARD.model_copy(
        update={
            "title": "",
            "url": None,
            "source": None,
            "published_at": None,
            "market_impact": None,
            "tickers": [],
            "topics": [],
            "entities": [],
            "sentiment": None,
            "impact": {},
        }
    )
    shown = show(bare, io.StringIO())
    assert "(no title)" in shown
    assert "no listed security" in shown


def test_a_topic_stays_on_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Topics have spaces in them; a line of them breaks where one ends."""
    topics = ["Management & Governance", "Private Markets & Venture", "Cybersecurity & Data Privacy"]
    for columns in (40, 80, 100):
        monkeypatch.setenv("COLUMNS", str(columns))
        printed = show(CARD.model_copy(update={"topics": topics}), io.StringIO())
        assert all(topic in printed for topic in topics)


def test_more_than_two_quotes_of_an_entity_are_counted() -> None:
    """A card in a terminal stays readable, and doesn't hide that there is more."""
    first = CARD.entities[0]
    evidence = [*first.evidence, *CARD.entities[1].evidence, *CARD.entities[2].evidence]
    shown = show(CARD.model_copy(update={"entities": [first.model_copy(update={"evidence": evidence})]}), io.StringIO())
    assert "and 2 more quotes" in shown
    assert "more quote" not in show(CARD, io.StringIO())


def test_the_lines_fit_the_width_they_are_made_for() -> None:
    """A caller with a console of its own can print them."""
    from rich.console import Console

    out = io.StringIO()
    Console(file=out, width=60).print(card_lines(CARD, 60))
    assert "Halden Semiconductor" in out.getvalue()
