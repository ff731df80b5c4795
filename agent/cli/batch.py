"""`newscard batch` and `newscard export`: articles in any number into a run directory, and rows out of it."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from agent.cli.enrich import Engine, Mode, checked_settings, placed
from agent.cli.messages import examples, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agent.batch.folder import RunFolder
    from agent.batch.rows import Spent
    from agent.batch.runner import Options, Runner
    from agent.batch.watching import Watcher
    from agent.enrich import Enricher
    from agent.settings import Settings

INTERRUPTED = {signal.SIGINT: 130, signal.SIGTERM: 143}


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    lines = (
        "newscard batch news.jsonl --out my-run",
        "newscard batch news/ more.parquet --out my-run --max-cost-usd 20",
        "newscard batch news.jsonl --out my-run --retry-failed",
        "newscard batch news.jsonl --out my-run-2 --shard 2/8",
    )
    app.command("batch", epilog=examples(*lines))(batch)
    exports = ("newscard export my-run --to cards.parquet", "newscard export my-run-1 my-run-2 --to cards.csv")
    app.command("export", epilog=examples(*exports))(export)


def batch(  # noqa: PLR0913  a command's parameters are its flags
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT",
            show_default=False,
            help="JSON lines, CSV, Parquet, a folder, any file `enrich` reads, or `-` for standard input.",
        ),
    ],
    *,
    out: Annotated[Path, typer.Option(metavar="RUN_DIR", show_default=False, help="The run directory; one that is there is gone on with.")],
    engine: Annotated[Engine | None, typer.Option(show_default=False, help="Who drafts. Unset: as for `enrich`.")] = None,
    model: Annotated[str | None, typer.Option(metavar="NAME", show_default=False, help="The model, by its name at the endpoint.")] = None,
    base_url: Annotated[
        str | None, typer.Option(metavar="URL", show_default=False, help="An OpenAI-compatible endpoint, up to and with /v1.")
    ] = None,
    mode: Annotated[Mode | None, typer.Option(show_default=False, help="How structured output is asked for. Unset: by endpoint.")] = None,
    concurrency: Annotated[
        int | None, typer.Option(metavar="N", show_default=False, help="Most articles in flight. Unset: found out as it goes.")
    ] = None,
    rpm: Annotated[int | None, typer.Option(metavar="N", show_default=False, help="Most requests a minute.")] = None,
    tpm: Annotated[int | None, typer.Option(metavar="N", show_default=False, help="Most tokens a minute.")] = None,
    max_cost_usd: Annotated[
        float | None, typer.Option(metavar="USD", show_default=False, help="Stop before a call that could take the run past this.")
    ] = None,
    max_tokens: Annotated[
        int | None, typer.Option(metavar="N", show_default=False, help="The same in tokens, input and output together.")
    ] = None,
    max_input_tokens: Annotated[
        int | None, typer.Option(metavar="N", show_default=False, help="Cut longer articles at a sentence; their cards say so.")
    ] = None,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Take only the articles that failed before.")] = False,
    new_run: Annotated[
        bool, typer.Option("--new-run", help="Set a run that is in RUN_DIR aside, as RUN_DIR.1 or so, and begin anew.")
    ] = False,
    shard: Annotated[
        str | None, typer.Option(metavar="I/N", show_default=False, help="Only part I of N (1/8 to 8/8), split by the articles' ids.")
    ] = None,
    runner: Annotated[Literal["local"], typer.Option(help="Where the articles are worked on.")] = "local",
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Neither read nor keep drafts.")] = False,
    no_copies: Annotated[bool, typer.Option("--no-copies", help="Ask for copies of one story one by one, too.")] = False,
    log_json: Annotated[bool, typer.Option("--log-json", help="Events as JSON lines on standard error.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only problems on standard error.")] = False,
) -> int:
    """Make a card of each article, in any number, into a run directory.

    The same command again goes on where it stopped. Ctrl-C and SIGTERM wait for what is in flight (NEWSCARD_DRAIN_S); twice, they don't.
    Nothing that was paid for is lost either way.

    Exit codes: 0 every article has its card, 1 some have none, 2 wrong usage, 3 stopped by the budget, 4 key, model or endpoint wrong,
    5 the run directory can't be written, 130 interrupted, 143 terminated. After 3, 4, 5, 130 and 143 the same command goes on.
    """
    del runner  # there is one
    from agent.batch.runner import Options
    from agent.batch.sharding import Shard
    from agent.loops import run
    from agent.sources import check_sources

    part = Shard.parse(shard) if shard else Shard()
    check_sources(inputs)
    settings = checked_settings(
        engine=engine,
        model=model,
        base_url=base_url,
        mode=mode,
        concurrency=concurrency,
        rpm=rpm,
        tpm=tpm,
        max_cost_usd=max_cost_usd,
        max_tokens=max_tokens,
        max_input_tokens=max_input_tokens,
        cache=False if no_cache else None,
    )
    options = Options(shard=part, retry_failed=retry_failed, drain_s=settings.drain_s)
    watcher = _watcher(settings, log_json=log_json, quiet=quiet)
    return run(_Batch(settings, options, watcher, out, copies=not no_copies).run(inputs, new_run=new_run))


def export(
    runs: Annotated[list[Path], typer.Argument(metavar="RUN_DIR", show_default=False, help="A run directory; several are read as one.")],
    *,
    to: Annotated[
        Path, typer.Option(metavar="FILE", show_default=False, help="Its suffix is the format: .jsonl, .csv, .parquet, .sqlite or .html.")
    ],
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only problems on standard error.")] = False,
) -> None:
    """Write the rows of runs to one file: a row for each article, those without a card included. The whole file or none of it."""
    from agent.cli.output import OutputFailed
    from agent.export import export as export_runs
    from agent.present.words import count

    try:
        found = export_runs(runs, to)
    except OSError as exc:
        raise OutputFailed(f"{to}: {exc.strerror or exc}") from None
    if not quiet:
        say(f"{to}: {count(found.cards, 'card')}, {found.failed:,} without one")


class _Batch:
    """One call of `newscard batch`."""

    def __init__(self, settings: Settings, options: Options, watcher: Watcher, out: Path, *, copies: bool) -> None:
        self._settings = settings
        self._options = options
        self._watcher = watcher
        self._out = out
        self._copies = copies
        self._signal: signal.Signals | None = None

    async def run(self, inputs: Sequence[str], *, new_run: bool) -> int:
        """The exit code."""
        from agent.batch.folder import RunFolder
        from agent.enrich import Enricher

        enricher = Enricher.from_settings(self._settings)
        folder = RunFolder.open(self._out, enricher.fingerprint, new_run=new_run)
        try:
            if folder.spent.requests:
                enricher = Enricher.from_settings(what_is_left(self._settings, folder.spent))
            async with enricher:
                return await self._go(enricher, folder, inputs)
        finally:
            folder.close()

    async def _go(self, enricher: Enricher, folder: RunFolder, inputs: Sequence[str]) -> int:
        from agent.batch.index import State
        from agent.batch.runner import Runner
        from agent.batch.stories import Stories

        # What costs nothing is made for each copy by itself.
        stories = Stories(folder.path / "stories.db") if self._copies and enricher.engine_name == "llm" else None
        runner = Runner(enricher, folder, self._options, watcher=self._watcher, stories=stories)
        self._listen(runner)
        try:
            await runner.run(placed(inputs))
        finally:
            if stories is not None:
                stories.close()
        if problem := enricher.cache_problem:
            say(problem)
        return max(
            INTERRUPTED[self._signal] if self._signal else 0,
            runner.stopped.exit_code if runner.stopped else 0,
            1 if folder.index.counts[State.FAILED] else 0,
        )

    def _listen(self, runner: Runner) -> None:
        import asyncio

        def hear(number: signal.Signals) -> None:
            self._signal = number
            runner.interrupt()

        for number in INTERRUPTED:
            asyncio.get_running_loop().add_signal_handler(number, hear, number)


def what_is_left(settings: Settings, spent: Spent) -> Settings:
    """The settings with their budgets less what earlier runners of the directory spent."""
    left: dict[str, float] = {}
    if settings.max_cost_usd is not None and spent.cost_usd is not None:
        left["max_cost_usd"] = max(settings.max_cost_usd - spent.cost_usd, 1e-9)
    if settings.max_tokens is not None:
        left["max_tokens"] = max(settings.max_tokens - spent.input_tokens - spent.output_tokens, 1)
    return settings.model_copy(update=left)


def _watcher(settings: Settings, *, log_json: bool, quiet: bool) -> Watcher:
    from agent.cli.batch_log import JsonLog, PlainLog
    from agent.cli.enrich import engine_line

    if log_json:
        return JsonLog()
    if not quiet:
        say(engine_line(settings))
    return PlainLog(quiet=quiet)
