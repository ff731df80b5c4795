"""The command line: parse, call, print.

Exit codes: 0 all cards made, 1 some article failed or the output couldn't be written, 2 wrong usage or unreadable input, 3 stopped by
the budget, 4 key, model or endpoint wrong, 130 interrupted. Of several outcomes the gravest, which is the highest, decides. An
evaluation's gate ends with 5 when its run says nothing.

Nothing here imports more than typer before a command runs, so that `newscard --help` answers at once; typer goes without rich for the
same reason.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from agent.cli import batch, cache, enrich, keys, plugins, reference, serve, symbols
from agent.cli.messages import PLAIN, examples, say
from agent.cli.output import ReaderGone, let_go_of_stdout
from agent.errors import NewscardError

INTERRUPTED = 130


def main(args: list[str] | None = None) -> None:
    """Run `newscard` with `args`, or with the arguments of this process, and end the process."""
    try:
        code = run(sys.argv[1:] if args is None else args)
        if sys.stdout is not None:
            sys.stdout.flush()
    except KeyboardInterrupt:
        code = INTERRUPTED
    except ReaderGone:
        code = 0
    except NewscardError as exc:
        say(str(exc))
        code = exc.exit_code
    except OSError as exc:
        say(f"{exc.filename or 'standard output'}: {exc.strerror or exc}")
        code = 1
    let_go_of_stdout()
    sys.exit(code)


def run(args: list[str]) -> int:
    """The exit code of `newscard` with `args`. Raises NewscardError, and OSError where a stream fails."""
    try:
        return int(build()(args or ["--help"], prog_name="newscard", standalone_mode=False) or 0)
    except typer.TyperException as exc:
        where = getattr(getattr(exc, "ctx", None), "command_path", "newscard")
        problem = exc.format_message().replace("Value error, ", "").rstrip(".")
        say(f"{problem}; see `{where} --help`")
        return 2
    except typer.Abort:
        say("nothing was done")
        return 1


def build() -> typer.Typer:
    """The whole command line, as typer knows it."""
    app = typer.Typer(pretty_exceptions_enable=False, **PLAIN)
    app.callback(epilog=examples("newscard enrich article.txt", "newscard enrich --help"))(_newscard)
    enrich.register(app)
    batch.register(app)
    serve.register(app)
    reference.register(app)
    app.add_typer(symbols.build(), name="symbols")
    app.add_typer(cache.build(), name="cache")
    app.add_typer(keys.build(), name="keys")
    for name, command_group in plugins.groups():
        app.add_typer(command_group, name=name)
    return app


def _version(wanted: bool) -> None:  # noqa: FBT001  typer calls it
    if wanted:
        reference.version()
        raise typer.Exit


def _newscard(
    *,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end.")] = False,
) -> None:
    """Read financial news articles; write cards whose every claim is checked against the article."""
    del version  # its callback has done it all
