"""`newscard enrich`: articles in, cards out."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TextIO

import typer

from agent.cli.messages import examples, say
from agent.cli.output import opened, put
from agent.errors import UsageError

if TYPE_CHECKING:
    from agent.article import Article
    from agent.card import Card
    from agent.cli.order import Item
    from agent.enrich import Enricher
    from agent.settings import Settings
    from agent.sources import Placed

Format = Literal["card", "json", "html"]
# The same names as in settings.py, written again because importing it costs more than `--help` may take; a test compares them.
Engine = Literal["llm", "extractive"]
Mode = Literal["json_schema", "tools", "json_object", "text"]

AT_ONCE = 8
"""Articles in flight without a setting: cards come out in the order of the input, so more would seldom be of use."""


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    lines = (
        "newscard enrich article.txt",
        "newscard enrich --engine extractive --format html --out card.html article.html",
        "newscard enrich --model gpt-5.4-mini --format json news.jsonl > cards.jsonl",
        "newscard enrich --base-url http://localhost:11434/v1 --model qwen3:14b https://example.com/news",
    )
    app.command("enrich", epilog=examples(*lines))(enrich)


def enrich(  # noqa: PLR0913  a command's parameters are its flags
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE",
            show_default=False,
            help="A .txt, .md, .html, .json, .jsonl, .csv or .parquet file, a folder of them, `-` for standard input, or an address.",
        ),
    ],
    *,
    engine: Annotated[
        Engine | None,
        typer.Option(show_default=False, help="Who drafts. Unset: llm when a key or a base URL is configured, else extractive."),
    ] = None,
    model: Annotated[str | None, typer.Option(metavar="NAME", show_default=False, help="The model, by its name at the endpoint.")] = None,
    base_url: Annotated[
        str | None, typer.Option(metavar="URL", show_default=False, help="An OpenAI-compatible endpoint, up to and with /v1.")
    ] = None,
    mode: Annotated[Mode | None, typer.Option(show_default=False, help="How structured output is asked for. Unset: by endpoint.")] = None,
    format: Annotated[Format, typer.Option(help="A card to read, one JSON object a line, or one HTML page.")] = "card",  # noqa: A002
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", show_default=False, help="Write there and not to standard output: the whole file or none of it."),
    ] = None,
    max_cost_usd: Annotated[
        float | None, typer.Option(metavar="USD", show_default=False, help="Stop before a call that could cost more than this in all.")
    ] = None,
    max_input_tokens: Annotated[
        int | None, typer.Option(metavar="N", show_default=False, help="Cut longer articles at a sentence; their cards say so.")
    ] = None,
    concurrency: Annotated[int | None, typer.Option(metavar="N", show_default=False, help="Articles in flight at once.")] = None,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Neither read nor keep drafts.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only problems on standard error.")] = False,
) -> int:
    """Make a card of each article.

    Cards go to standard output (or FILE) in the order of the input, everything else to standard error.
    Options override the environment, which docs/settings.md lists.

    Exit codes: 0 all cards made, 1 some article failed or the output couldn't be written, 2 wrong usage or unreadable input,
    3 stopped by the budget, 4 key, model or endpoint wrong. The highest decides.
    """
    from agent.loops import run

    settings = checked_settings(
        engine=engine,
        model=model,
        base_url=base_url,
        mode=mode,
        max_cost_usd=max_cost_usd,
        max_input_tokens=max_input_tokens,
        concurrency=concurrency,
        cache=False if no_cache else None,
    )
    if not quiet:
        say(engine_line(settings))
    encoding = None if format == "card" else "utf-8"
    with opened(out, encoding=encoding) as stream:
        return run(_run(settings, sources, Printer(format, stream, str(out or "standard output")), quiet=quiet))


class Printer:
    """Writes each card to `stream` as soon as it is there."""

    def __init__(self, format: Format, stream: TextIO, name: str) -> None:  # noqa: A002
        self._format = format
        self._stream = stream
        self._name = name
        self._printed = 0

    def card(self, card: Card, article: Article) -> None:
        """Write one card. Raises OutputFailed or ReaderGone."""
        self._printed += 1
        put(self._stream, self._text(card, article), self._name)

    def end(self) -> None:
        """Write what follows the last card."""
        if self._format == "html" and self._printed:
            from agent.present.page import CLOSING

            put(self._stream, CLOSING, self._name)

    def _text(self, card: Card, article: Article) -> str:
        if self._format == "json":
            return card.to_json() + "\n"
        if self._format == "card":
            from agent.present.terminal import show

            return show(card, self._stream)
        from agent.present.page import opening, section

        head = opening(card.title) if self._printed == 1 else ""
        return head + section(card, article, self._printed)


async def _run(settings: Settings, sources: list[str], printer: Printer, *, quiet: bool) -> int:
    from agent.cli.order import InOrder, Made
    from agent.cli.tally import Tally
    from agent.enrich import Enricher

    tally = Tally(quiet=quiet)
    async with Enricher.from_settings(settings) as enricher:
        live = any(source == "-" or "://" in source for source in sources)
        run = InOrder(read(sources), enricher.enrich, at_once=settings.concurrency or AT_ONCE, count_rest=not live)
        async with aclosing(run.outcomes()) as outcomes:
            async for outcome in outcomes:
                tally.add(outcome)
                if isinstance(outcome, Made):
                    printer.card(outcome.card, outcome.article)
        printer.end()
        _say_cache_problem(enricher)
    tally.end(exhausted=run.exhausted)
    return tally.exit_code


def read(sources: Sequence[str]) -> Iterator[Item]:
    """The articles of `sources`, and the errors of those that are none. An address that the user typed may be of this network."""
    return (found.item for found in placed(sources))


def placed(sources: Sequence[str]) -> Iterator[Placed]:
    """The same, each with its place."""
    from agent.sources import read_placed

    if "-" not in sources:
        return read_placed(sources, allow_private=True)
    if sys.stdin is None:
        raise UsageError("standard input is closed; give the articles another way")
    # A handle of our own: a thread that still waits in sys.stdin's would make Python abort at its end.
    stdin = open(sys.stdin.fileno(), "rb", closefd=False)  # noqa: SIM115
    return read_placed(sources, stdin=stdin, allow_private=True)


def _say_cache_problem(enricher: Enricher) -> None:
    if problem := enricher.cache_problem:
        say(problem)


def checked_settings(**flags: Any) -> Settings:
    """The environment's settings with the flags over them; an error names the flag that was given, not its variable."""
    from agent.settings import Settings

    try:
        settings = Settings.from_env(**flags)
    except UsageError as exc:
        message = str(exc)
        for name, value in flags.items():
            if value is not None:
                message = message.replace(f"NEWSCARD_{name.upper()}:", f"--{name.replace('_', '-')}:")
        raise UsageError(message) from None
    _check(settings, model=flags.get("model"), mode=flags.get("mode"))
    return settings


def _check(settings: Settings, *, model: str | None, mode: str | None) -> None:
    """A flag that only a model heeds says that a model is wanted; going on without one would be a surprise."""
    flag = "--model" if model else "--mode" if mode else None
    engine, reason = settings.choose_engine()
    if flag and engine == "extractive":
        raise UsageError(
            f"{flag} is for the llm engine, but the engine is extractive, because {reason}; add --engine llm or leave {flag} out"
        )


def engine_line(settings: Settings) -> str:
    """Which engine drafts, and why."""
    engine, reason = settings.choose_engine()
    what = f" ({settings.model} at {settings.endpoint})" if engine == "llm" and settings.model else ""
    return f"{engine} engine{what}, because {reason}"
