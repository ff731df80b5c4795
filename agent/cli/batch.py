"""`newscard batch` and `newscard export`: articles in any number into a run directory, and rows out of it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from agent.cli.enrich import Engine, Mode, checked_settings
from agent.cli.messages import examples, say
from agent.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from agent.batch.sharding import Shard
    from agent.cli.batch_log import JsonLog, PlainLog


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    lines = (
        "newscard batch news.jsonl --out my-run",
        "newscard batch news/ more.parquet --out my-run --max-cost-usd 20",
        "newscard batch news.jsonl --out my-run --dry-run",
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
    runner: Annotated[
        Literal["local", "openai-batch", "ray"],
        typer.Option(help="Who asks: this process, the provider's Batch API at half the price, or workers of a Ray cluster."),
    ] = "local",
    stage: Annotated[
        Literal["wait", "submit", "status", "collect"],
        typer.Option(help="With openai-batch: all of it; or hand over, look, or fetch what is done, and leave."),
    ] = "wait",
    ray_workers: Annotated[
        int | None, typer.Option(metavar="N", min=1, show_default=False, help="With ray: how many workers. Unset: NEWSCARD_WORKERS.")
    ] = None,
    ray_address: Annotated[
        str | None, typer.Option(metavar="ADDRESS", show_default=False, help="With ray: a cluster's address. Unset: started here.")
    ] = None,
    finish_now: Annotated[
        bool, typer.Option("--finish-now", help="With openai-batch: ask at once, at the full price, for what the batches couldn't do.")
    ] = False,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Neither read nor keep drafts.")] = False,
    no_copies: Annotated[bool, typer.Option("--no-copies", help="Ask for copies of one story one by one, too.")] = False,
    near_copies: Annotated[
        float | None,
        typer.Option(
            metavar="THRESHOLD", min=0.5, max=1.0, show_default=False, help="Texts that share so much (0.5 to 1) are copies too; try 0.8."
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would take and cost, and ask for nothing.")] = False,
    log_json: Annotated[bool, typer.Option("--log-json", help="Events as JSON lines on standard error.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only problems on standard error.")] = False,
) -> int:
    """Make a card of each article, in any number, into a run directory.

    The same command again goes on where it stopped. Ctrl-C and SIGTERM wait for what is in flight (NEWSCARD_DRAIN_S); twice, they don't.
    Nothing that was paid for is lost either way.

    Exit codes: 0 every article has its card, 1 some have none, 2 wrong usage, 3 stopped by the budget, 4 key, model or endpoint wrong,
    5 the run directory can't be written, 6 the provider's batches haven't ended, 130 interrupted, 143 terminated. After 3 and above the
    same command goes on.
    """
    from contextlib import nullcontext

    from agent.cli.batch_log import errors_as_json

    with errors_as_json() if log_json else nullcontext():
        from agent.batch.runner import Options
        from agent.batch.sharding import Shard
        from agent.cli.batch_run import BatchRun, Wanted
        from agent.cli.enrich import engine_line
        from agent.loops import run
        from agent.sources import check_sources

        part = Shard.parse(shard) if shard else Shard()
        check_sources(inputs)
        if near_copies is not None and no_copies:
            raise UsageError("--near-copies: it can't go with --no-copies")
        _refuse_idle(runner, {"--stage": stage != "wait", "--finish-now": finish_now}, "openai-batch")
        _refuse_idle(runner, {"--ray-workers": ray_workers is not None, "--ray-address": ray_address is not None}, "ray")
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
            workers=ray_workers,
        )
        options = Options(shard=part, retry_failed=retry_failed, drain_s=settings.drain_s)
        if not (log_json or quiet):
            say(engine_line(settings))
        log = _log(inputs, part, log_json=log_json, quiet=quiet)
        wanted = Wanted(inputs, out, new_run=new_run, copies=not no_copies, near_copies=near_copies)
        if runner == "local":
            going = BatchRun(settings, options, wanted, log)
        elif runner == "ray":
            from agent.cli.batch_ray import RayRun

            going = RayRun(settings, options, wanted, log, address=ray_address)
        else:
            from agent.cli.batch_remote import AtProvider, RemoteRun

            going = RemoteRun(settings, options, wanted, log, AtProvider(stage, finish_now))
        if not dry_run:
            return run(going.run())
        log.forecast(run(going.forecast()), settings)
        return 0


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
        read = exc.filename is not None and any(Path(exc.filename).is_relative_to(run / "rows") for run in runs)
        raise OutputFailed(f"{exc.filename if read else to}: {exc.strerror or exc}") from None
    if not quiet:
        say(f"{to}: {count(found.cards, 'card')}, {found.failed:,} without one")


def _refuse_idle(runner: str, flags: dict[str, bool], needed: str) -> None:
    """A flag that another runner heeds would do nothing; `--stage submit` alone would ask for everything at once, at the full price."""
    for flag, given in flags.items():
        if given and runner != needed:
            raise UsageError(f"{flag} is for --runner {needed}; add that, or leave {flag} out")


def _log(inputs: list[str], part: Shard, *, log_json: bool, quiet: bool) -> PlainLog | JsonLog:
    from agent.cli.batch_log import JsonLog, PlainLog
    from agent.cli.togo import ToGo
    from agent.sources.counting import count_articles

    def counted(is_wanted: Callable[[], bool]) -> int | None:
        total = count_articles(inputs, is_wanted)
        return None if total is None else round(total / part.of)

    togo = ToGo(counted)
    if log_json:
        return JsonLog(togo)
    if not quiet and sys.stderr is not None and sys.stderr.isatty():
        from agent.cli.batch_live import LiveLog

        return LiveLog(togo)
    return PlainLog(togo, quiet=quiet)
