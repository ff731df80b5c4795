"""`newscard cache`: the drafts that were paid for."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.messages import PLAIN, examples, say
from agent.cli.output import print_out
from agent.errors import NewscardError, UsageError

if TYPE_CHECKING:
    from agent.settings import Settings


def build() -> typer.Typer:
    """The command group."""
    app = typer.Typer(help="See, explain and empty the cache of drafts.", **PLAIN)
    app.command("stats", epilog=examples("newscard cache stats"))(stats)
    app.command("explain", epilog=examples("newscard cache explain article.txt"))(explain)
    app.command("purge", epilog=examples("newscard cache purge --older-than 30", "newscard cache purge --all --yes"))(purge)
    return app


def stats() -> None:
    """Print how many drafts the cache holds, how large and how old they are, and which models made them."""
    from agent.cache import stats as cache_stats
    from agent.present.words import count, moment

    _, folder = _settings_and_folder()
    found = cache_stats(folder)
    lines = [f"{folder}: {count(found.entries, 'draft')}, {_size(found.bytes)}"]
    if found.oldest and found.newest:
        lines.append(f"made between {moment(found.oldest)} and {moment(found.newest)}")
    lines += [f"  {model or 'a model without a name'}: {count(number, 'draft')}" for model, number in sorted(found.by_model.items())]
    print_out("\n".join(lines))


def explain(
    source: Annotated[str, typer.Argument(metavar="SOURCE", show_default=False, help="Articles, as for `newscard enrich`.")],
) -> int:
    """Say whether the cache holds an article's draft and, if not, which ingredient differs.

    What would be asked for is taken from the environment. Nothing is sent.
    """
    from agent.cli.enrich import read
    from agent.enrich import Enricher
    from agent.settings import Settings

    _refuse_redis(settings := Settings.from_env())
    enricher = Enricher.from_settings(settings)
    if enricher.engine_name == "extractive":
        say("the extractive engine makes drafts for nothing and keeps none")
    code = 0
    for item in read([source]):
        if isinstance(item, NewscardError):
            say(str(item))
            code = max(code, item.exit_code)
        else:
            explanation = enricher.explain(item)
            print_out("\n".join([f"{item.id}: {'hit' if explanation.hit else 'miss'}", *(f"  {line}" for line in explanation.lines())]))
    return code


def purge(
    *,
    article: Annotated[str | None, typer.Option(metavar="ID", show_default=False, help="The drafts of this article.")] = None,
    older_than: Annotated[int | None, typer.Option(metavar="DAYS", min=0, show_default=False, help="Drafts made longer ago.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All drafts. Asks first.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,
) -> None:
    """Delete drafts: one article's, old ones, or all of them."""
    from agent.cache import purge as purge_cache
    from agent.cache import stats as cache_stats
    from agent.present.words import count

    if sum((article is not None, older_than is not None, everything)) != 1:
        raise UsageError("say what to delete: one of --article ID, --older-than DAYS or --all")
    settings, folder = _settings_and_folder()
    if everything and not yes:
        if sys.stdin is None:
            raise UsageError("--all asks first, and standard input is closed; add --yes")
        typer.confirm(f"Delete all {count(cache_stats(folder).entries, 'draft')} in {folder}?", abort=True, err=True)
    gone = purge_cache(folder, article_id=article, older_than_days=older_than, everything=everything, tenant=settings.tenant)
    print_out(f"{count(gone, 'draft')} deleted")


def _settings_and_folder() -> tuple[Settings, Path]:
    from agent.enrich import cache_folder
    from agent.settings import Settings

    settings = Settings.from_env()
    _refuse_redis(settings)
    return settings, cache_folder(settings)


def _refuse_redis(settings: Settings) -> None:
    if settings.cache_url is not None:
        raise UsageError("NEWSCARD_CACHE_URL is set: the drafts are in Redis, and this command looks after a disk's; use redis-cli there")


def _size(size_bytes: int) -> str:
    size = float(size_bytes)
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:  # noqa: PLR2004  SI prefixes
            return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"
