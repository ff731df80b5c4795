"""`newscard cache`, on a real cache."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cache.made import keep
from tests.cli.commands import article, articles, environment, said
from tests.cli.conftest import Newscard

HERE = {"NEWSCARD_CACHE_DIR": "drafts"}


def left(newscard: Newscard) -> str:
    """The first line of `cache stats`, without the size."""
    return newscard("cache", "stats", env=HERE).stdout.splitlines()[0].partition(",")[0]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with a cache of three drafts, of two articles and two models."""
    for name, model in (("ok-1", "m-1"), ("ok-2", "m-1"), ("ok-2", "m-2")):
        keep(tmp_path / "drafts", article(name), model=model)
    return tmp_path


@pytest.mark.usefixtures("home")
def test_stats_says_how_much_how_old_and_whose(newscard: Newscard) -> None:
    """The folder, the figures, a line for each model."""
    folder, made, *models = newscard("cache", "stats", env=HERE).stdout.splitlines()
    assert folder.startswith("drafts: 3 drafts, ")
    assert folder.endswith(" kB")
    assert made.startswith("made between ")
    assert models == ["  m-1: 2 drafts", "  m-2: 1 draft"]


def test_stats_of_a_cache_that_is_not_there_are_noughts(newscard: Newscard) -> None:
    """Nothing was kept yet, which is no error."""
    done = newscard("cache", "stats", env=HERE)
    assert (done.returncode, done.stdout) == (0, "drafts: 0 drafts, 0 bytes\n")


def test_explain_says_hit_or_which_ingredient_made_a_miss(home: Path, newscard: Newscard) -> None:
    """One block an article."""
    keep(home / "drafts", article("ok-3"), model="m-0")
    done = newscard("cache", "explain", "-", stdin=articles("ok-1", "ok-3", "ok-4"), env=HERE)
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "ok-1: hit",
        "  made by m-1, 2025-06-18 21:00 UTC",
        "ok-3: miss",
        "  the draft of 2025-06-18 21:00 UTC differs in model: m-0 -> m-1",
        "ok-4: miss",
        "  no draft of this article is kept",
    ]


def test_explain_of_a_missing_file_is_exit_code_2(newscard: Newscard) -> None:
    """The same line as for `enrich`."""
    done = newscard("cache", "explain", "missing.txt")
    assert (done.returncode, said(done.stderr)) == (2, ["missing.txt: no such file"])


@pytest.mark.parametrize(
    ("args", "said_", "left_"),
    [
        (["--article", "ok-2"], "2 drafts deleted", 1),
        (["--article", "nobody"], "0 drafts deleted", 3),
        (["--older-than", "30"], "0 drafts deleted", 3),
        (["--older-than", "0"], "3 drafts deleted", 0),
        (["--all", "--yes"], "3 drafts deleted", 0),
    ],
)
@pytest.mark.usefixtures("home")
def test_purge_deletes_what_it_is_told(newscard: Newscard, args: list[str], said_: str, left_: int) -> None:
    """One article's drafts, old ones, or all."""
    done = newscard("cache", "purge", *args, env=HERE)
    assert (done.returncode, done.stdout.strip()) == (0, said_)
    assert left(newscard) == f"drafts: {left_} draft{'' if left_ == 1 else 's'}"


def test_purge_of_an_article_stays_within_the_tenant(home: Path, newscard: Newscard) -> None:
    """Another tenant's draft of the same article is not ours to delete."""
    keep(home / "drafts", article("ok-1"), tenant="theirs")
    assert newscard("cache", "purge", "--article", "ok-1", env=HERE | {"NEWSCARD_TENANT": "theirs"}).stdout == "1 draft deleted\n"
    assert left(newscard) == "drafts: 3 drafts"


@pytest.mark.parametrize("args", [[], ["--all", "--article", "ok-1"], ["--article", "ok-1", "--older-than", "3"]])
@pytest.mark.usefixtures("home")
def test_purge_wants_exactly_one_thing_to_delete(newscard: Newscard, args: list[str]) -> None:
    """Nothing is deleted by guessing."""
    done = newscard("cache", "purge", *args, env=HERE)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "newscard: say what to delete: one of --article ID, --older-than DAYS or --all\n"
    assert left(newscard) == "drafts: 3 drafts"


@pytest.mark.parametrize(("answer", "code", "left_"), [("y\n", 0, 0), ("n\n", 1, 3), ("", 1, 3)])
@pytest.mark.usefixtures("home")
def test_deleting_everything_asks_first(newscard: Newscard, answer: str, code: int, left_: int) -> None:
    """A no, and no answer at all, leave everything."""
    done = newscard("cache", "purge", "--all", stdin=answer, env=HERE)
    assert done.returncode == code
    assert "Delete all 3 drafts in drafts?" in done.stderr
    assert ("newscard: nothing was done" in done.stderr) == (code == 1)
    assert left(newscard) == f"drafts: {left_} drafts"


@pytest.mark.parametrize("command", [["stats"], ["purge", "--all", "--yes"], ["explain", "article.txt"]])
def test_a_cache_in_redis_isnt_taken_for_one_on_disk(command: list[str], newscard: Newscard) -> None:
    """What would be told or deleted is another one."""
    done = newscard("cache", *command, env={"NEWSCARD_CACHE_URL": "redis://127.0.0.1:1/0"})
    assert done.returncode == 2
    assert "the drafts are in Redis" in said(done.stderr)[0]


def test_nobody_can_be_asked_on_a_closed_standard_input(tmp_path: Path) -> None:
    """The line says how to go without asking."""
    command = f"{sys.executable} -m agent cache purge --all <&-"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, cwd=tmp_path, env=environment(tmp_path), check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "newscard: --all asks first, and standard input is closed; add --yes\n"
