"""`newscard serve`: cards over HTTP, and pages to read them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.cli.enrich import Engine, Mode, checked_settings, engine_line
from agent.cli.messages import examples, say
from agent.errors import UsageError


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    lines = ("newscard serve", "newscard serve --port 9000 --model gpt-5.4-mini")
    app.command("serve", epilog=examples(*lines))(serve)


def serve(  # noqa: PLR0913  a command's parameters are its flags
    *,
    host: Annotated[str | None, typer.Option(metavar="ADDRESS", show_default=False, help="Where to listen. Unset: 127.0.0.1.")] = None,
    port: Annotated[int | None, typer.Option(metavar="N", show_default=False, help="The port. Unset: 8000; 0: any free one.")] = None,
    engine: Annotated[Engine | None, typer.Option(show_default=False, help="Who drafts. Unset: as for `enrich`.")] = None,
    model: Annotated[str | None, typer.Option(metavar="NAME", show_default=False, help="The model, by its name at the endpoint.")] = None,
    base_url: Annotated[
        str | None, typer.Option(metavar="URL", show_default=False, help="An OpenAI-compatible endpoint, up to and with /v1.")
    ] = None,
    mode: Annotated[Mode | None, typer.Option(show_default=False, help="How structured output is asked for. Unset: by endpoint.")] = None,
    data_dir: Annotated[Path | None, typer.Option(metavar="FOLDER", show_default=False, help="Where cards and batches are kept.")] = None,
    concurrency: Annotated[
        int | None, typer.Option(metavar="N", show_default=False, help="Most requests to the endpoint at once. Unset: found out.")
    ] = None,
    max_cost_usd: Annotated[
        float | None, typer.Option(metavar="USD", show_default=False, help="Stop before a call that could cost more than this in all.")
    ] = None,
    fetch: Annotated[bool, typer.Option("--fetch", help="Let callers give the address of an article.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only problems on standard error.")] = False,
) -> int:
    """Serve cards over HTTP, and pages to read them.

    Without a key or an endpoint it serves the extractive engine. Ctrl-C and SIGTERM wait for what is in hand (NEWSCARD_DRAIN_S).
    """
    settings = checked_settings(
        host=host,
        port=port,
        engine=engine,
        model=model,
        base_url=base_url,
        mode=mode,
        data_dir=data_dir,
        concurrency=concurrency,
        max_cost_usd=max_cost_usd,
        fetch=True if fetch else None,
    )
    try:
        from agent.web.running import run
    except ModuleNotFoundError as exc:
        raise UsageError(f"`newscard serve` needs {exc.name}; install it with: pip install 'newscard[web]'") from None
    if not quiet:
        say(engine_line(settings))
    return run(settings, None if quiet else say)
