"""`newscard keys`: who may use the service."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.messages import PLAIN, examples, say
from agent.cli.output import print_out
from agent.errors import UsageError

if TYPE_CHECKING:
    from agent.web.store.access import AccessStore, ApiKey

CONCURRENCY = 8
PER_MINUTE = 120
"""What a new key may do unless it is told otherwise."""

_HEAD = ("PREFIX", "NAME", "TENANT", "AT ONCE", "A MINUTE", "A DAY", "SPENT TODAY", "MADE", "REVOKED")

DataDir = Annotated[
    Path | None, typer.Option(metavar="FOLDER", show_default=False, help="Where the service keeps its cards. Unset: as for `serve`.")
]


def build() -> typer.Typer:
    """The command group."""
    app = typer.Typer(help="Make, list and revoke the keys of `newscard serve`.", **PLAIN)
    app.command("add", epilog=examples("newscard keys add desk", "newscard keys add partner --tenant partner --usd-per-day 5"))(add)
    app.command("list", epilog=examples("newscard keys list"))(list_)
    app.command("revoke", epilog=examples("newscard keys revoke 1f0c3a9b77e2"))(revoke)
    return app


def add(  # noqa: PLR0913  a command's parameters are its flags
    name: Annotated[str, typer.Argument(metavar="NAME", show_default=False, help="Who will have it; for you to know it by.")],
    *,
    tenant: Annotated[
        str, typer.Option(metavar="NAME", show_default=False, help="Whose cards and drafts it sees. Unset: those made without a key.")
    ] = "",
    concurrency: Annotated[int, typer.Option(metavar="N", min=0, help="Requests in hand at once; 0: no limit.")] = CONCURRENCY,
    per_minute: Annotated[int, typer.Option(metavar="N", min=0, help="Requests a minute; 0: no limit.")] = PER_MINUTE,
    usd_per_day: Annotated[
        float | None, typer.Option(metavar="USD", min=0, show_default=False, help="What its calls may cost in a day, UTC. Unset: no limit.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Make a key and print it, once: only its digest is kept.

    From the first key on, every caller needs one. Standard output holds the key and nothing else.
    """
    _check_installed()
    from agent.web.callers import Limits
    from agent.web.security.keys import new_key

    if usd_per_day is not None and not math.isfinite(usd_per_day):
        raise UsageError("--usd-per-day: it is an amount of dollars, such as 5 or 0.50; leave it out for no limit")
    secret, key = new_key(name, tenant, Limits(concurrency or None, per_minute or None, usd_per_day))
    with _store(data_dir) as store:
        store.add_key(key)
    print_out(secret)
    say(f"key {key.prefix} for {key.name!r} is kept as a digest; this was the only time it was shown")


def list_(*, data_dir: DataDir = None) -> None:
    """Print the keys: what is public of each, its limits, and what it has spent today (UTC)."""
    with _store(data_dir) as store:
        rows = [_row(key, store) for key in store.all_keys()]
    if not rows:
        say("there is no key; without one, `newscard serve` serves this machine only")
        return
    widths = [max(map(len, column)) for column in zip(_HEAD, *rows, strict=True)]
    print_out("\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in (_HEAD, *rows)))


def revoke(
    prefix: Annotated[str, typer.Argument(metavar="PREFIX", show_default=False, help="The public part of the key, as `keys list` has it.")],
    *,
    data_dir: DataDir = None,
) -> None:
    """Refuse a key from now on, and end its sessions; a running service knows it within a second.

    A key stays needed when the last one is revoked.
    """
    from datetime import UTC, datetime

    public = prefix.removeprefix("nck_")[:12]  # whoever pastes the whole key means the same
    with _store(data_dir) as store:
        if not store.revoke(public, datetime.now(UTC)):
            raise UsageError(f"{public!r}: no key in use begins so; `newscard keys list` shows them")
    print_out(f"{public} revoked")


@contextmanager
def _store(data_dir: Path | None) -> Iterator[AccessStore]:
    _check_installed()
    from agent.settings import Settings
    from agent.web.state import store_address
    from agent.web.store import open_database
    from agent.web.store.access import AccessStore

    database = open_database(store_address(Settings.from_env(data_dir=data_dir)))
    try:
        yield AccessStore(database)
    finally:
        database.dispose()


def _check_installed() -> None:
    try:
        import alembic
        import fastapi
        import sqlalchemy
    except ModuleNotFoundError as exc:
        raise UsageError(f"`newscard keys` needs {exc.name}; install it with: pip install 'newscard[web]'") from None
    del alembic, fastapi, sqlalchemy


def _row(key: ApiKey, store: AccessStore) -> tuple[str, ...]:
    from agent.present.words import dollars
    from agent.web.security.purse import spent_today_usd

    return (
        key.prefix,
        key.name,
        key.tenant or "-",
        str(key.concurrency or "-"),
        str(key.per_minute or "-"),
        "-" if key.usd_per_day is None else dollars(key.usd_per_day),
        dollars(spent_today_usd(store, key.prefix)),
        f"{key.created_at:%Y-%m-%d}",
        "-" if key.revoked_at is None else f"{key.revoked_at:%Y-%m-%d}",
    )
