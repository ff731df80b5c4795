"""stats, explain and purge."""

from __future__ import annotations

import pickle
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from agent import Article
from agent.cache import CacheStats, explain, purge, stats
from agent.errors import UsageError
from tests.cache.made import ARTICLE, INGREDIENTS, keep, run_sql

OTHER = Article(id="a-2", title="Other", text="Another article of some length.")
DAY = 86_400


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    """And looking doesn't make it."""
    assert stats(tmp_path / "c") == CacheStats(0, 0, None, None, {})
    assert purge(tmp_path / "c", everything=True) == 0
    assert explain(tmp_path / "c", ARTICLE, INGREDIENTS).lines() == ["no draft of this article is kept"]
    assert not (tmp_path / "c").exists()


def test_stats_count_by_model(tmp_path: Path) -> None:
    """Entries, size on disk, age, and who drafted."""
    keep(tmp_path)
    keep(tmp_path, OTHER)
    keep(tmp_path, OTHER, model="m-2")
    found = stats(tmp_path)
    assert (found.entries, dict(found.by_model)) == (3, {"m-1": 2, "m-2": 1})
    assert found.bytes >= (tmp_path / "cache.db").stat().st_size > 0
    assert found.oldest is not None
    assert found.newest is not None
    assert found.oldest <= found.newest
    assert abs(found.newest.timestamp() - time.time()) < 600


def test_explain_a_hit(tmp_path: Path) -> None:
    """Who made it and when."""
    keep(tmp_path)
    explanation = explain(tmp_path, ARTICLE, INGREDIENTS)
    assert explanation.hit
    assert explanation.lines() == ["made by m-1, 2025-06-18 21:00 UTC"]


def test_explain_names_the_ingredients_that_differ(tmp_path: Path) -> None:
    """Kept value, then the one that is asked for; the nearest draft comes first."""
    keep(tmp_path, prompt="card.v1@bb", endpoint="b.example.com")
    keep(tmp_path, model="m-0")
    explanation = explain(tmp_path, ARTICLE, INGREDIENTS | {"schema": "f" * 64})
    assert not explanation.hit
    nearest, other = explanation.lines()
    assert nearest == "the draft of 2025-06-18 21:00 UTC differs in model: m-0 -> m-1; schema: nothing -> ffffffffffff…"
    assert other.endswith("endpoint: b.example.com -> api.example.com; prompt: card.v1@bb -> card.v1@aa; schema: nothing -> ffffffffffff…")


def test_explain_says_that_the_article_changed(tmp_path: Path) -> None:
    """A corrected article under the same id."""
    keep(tmp_path)
    corrected = ARTICLE.model_copy(update={"text": "Acme lowered its forecast on Monday."})
    corrected = Article.model_validate(corrected.model_dump())
    assert explain(tmp_path, corrected, INGREDIENTS).lines() == [
        "the draft of 2025-06-18 21:00 UTC differs in the article's own title, text, source or date"
    ]


def test_explain_says_that_it_was_another_repeat(tmp_path: Path) -> None:
    """All else equal, nothing but the repeat is left."""
    keep(tmp_path, repeat=3)
    assert explain(tmp_path, ARTICLE, INGREDIENTS).lines() == ["the draft of 2025-06-18 21:00 UTC differs in repeat: another -> 0"]


def test_explain_shows_the_nearest_five(tmp_path: Path) -> None:
    """A cache that has seen many prompts doesn't fill the screen."""
    for number in range(7):
        keep(tmp_path, prompt=f"card.v1@{number}")
    lines = explain(tmp_path, ARTICLE, INGREDIENTS).lines()
    assert (len(lines), lines[-1]) == (6, "and 2 more")


def test_explain_sees_neither_other_articles_nor_other_tenants(tmp_path: Path) -> None:
    """What another tenant asked is not told."""
    keep(tmp_path, OTHER)
    keep(tmp_path, tenant="x")
    assert explain(tmp_path, ARTICLE, INGREDIENTS).kept == ()
    assert explain(tmp_path, ARTICLE, INGREDIENTS, tenant="x").hit


def test_explain_passes_over_what_it_cannot_read(tmp_path: Path) -> None:
    """A damaged entry is no hit: a lookup would miss it as well."""
    keep(tmp_path)
    run_sql(tmp_path, "UPDATE Cache SET value = ?", pickle.dumps("x"))
    assert not explain(tmp_path, ARTICLE, INGREDIENTS).hit


def test_purge_one_article(tmp_path: Path) -> None:
    """All of its drafts of that tenant, and nobody else's."""
    keep(tmp_path)
    keep(tmp_path, model="m-2")
    keep(tmp_path, OTHER)
    keep(tmp_path, tenant="x")
    assert purge(tmp_path, article_id="a-1") == 2
    assert stats(tmp_path).entries == 2
    assert explain(tmp_path, OTHER, INGREDIENTS).hit
    assert purge(tmp_path, article_id="a-1", tenant="x") == 1


def test_purge_what_is_old(tmp_path: Path) -> None:
    """By when it was kept."""
    keep(tmp_path)
    run_sql(tmp_path, "UPDATE Cache SET store_time = ?", time.time() - 31 * DAY)
    keep(tmp_path, OTHER)
    assert purge(tmp_path, older_than_days=30) == 1
    assert explain(tmp_path, OTHER, INGREDIENTS).hit


def test_purge_an_articles_old_drafts(tmp_path: Path) -> None:
    """Two conditions hold together."""
    keep(tmp_path)
    keep(tmp_path, OTHER)
    run_sql(tmp_path, "UPDATE Cache SET store_time = ?", time.time() - 31 * DAY)
    keep(tmp_path, model="m-2")
    assert purge(tmp_path, article_id="a-1", older_than_days=30) == 1
    assert stats(tmp_path).entries == 2


def test_purge_everything(tmp_path: Path) -> None:
    """The cache works on afterwards."""
    keep(tmp_path)
    keep(tmp_path, OTHER)
    assert purge(tmp_path, everything=True) == 2
    assert stats(tmp_path).entries == 0
    keep(tmp_path)
    assert stats(tmp_path).entries == 1


def test_what_is_purged_is_gone_from_the_file(tmp_path: Path) -> None:
    """Not merely from the table: sqlite leaves deleted rows in free pages unless told otherwise."""
    keep(tmp_path, endpoint="endpoint-to-be-forgotten")
    held = [b"endpoint-to-be-forgotten" in path.read_bytes() for path in sorted(tmp_path.glob("cache.db*"))]
    purge(tmp_path, article_id="a-1")
    left = [b"endpoint-to-be-forgotten" in path.read_bytes() for path in sorted(tmp_path.glob("cache.db*"))]
    assert any(held)
    assert not any(left)


@pytest.mark.parametrize("arguments", [{}, {"everything": True, "article_id": "a-1"}])
def test_purge_wants_to_be_told_what(arguments: dict[str, object], tmp_path: Path) -> None:
    """Nothing named isn't everything; everything and one article is a slip."""
    keep(tmp_path)
    with pytest.raises(UsageError, match="say which drafts"):
        purge(tmp_path, **arguments)  # type: ignore[arg-type]
    assert stats(tmp_path).entries == 1


def documents(folder: Path) -> None:
    """Files of the user's."""
    (folder / "thesis.txt").write_text("mine")


def other_database(folder: Path) -> None:
    """Another program's cache.db."""
    with sqlite3.connect(folder / "cache.db") as database:
        database.execute("CREATE TABLE Cache (key, raw, store_time, tag, value)")
    database.close()


@pytest.mark.parametrize("content", [documents, other_database])
def test_a_folder_that_is_not_ours_is_not_purged(content: Callable[[Path], None], tmp_path: Path) -> None:
    """A slip in NEWSCARD_CACHE_DIR deletes nothing."""
    content(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(UsageError, match="nothing was touched"):
        purge(tmp_path, everything=True)
    with pytest.raises(UsageError, match="nothing was touched"):
        stats(tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_damaged_file_is_one_clear_line(tmp_path: Path) -> None:
    """The command ends with what is wrong."""
    (tmp_path / "cache.db").write_bytes(b"not a database at all " * 100)
    with pytest.raises(UsageError, match="can't be used: file is not a database"):
        stats(tmp_path)


def test_an_empty_folder_holds_nothing(tmp_path: Path) -> None:
    """It may have been made for the cache."""
    assert stats(tmp_path).entries == 0
    assert purge(tmp_path, everything=True) == 0
