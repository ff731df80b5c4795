"""`newscard cache`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.commands import SCRIPTED, articles, run, said


def test_stats_says_how_much_how_old_and_whose(tmp_path: Path) -> None:
    """The folder, the figures, a line for each model."""
    done = run(SCRIPTED, "cache", "stats", home=tmp_path, env={"NEWSCARD_CACHE_DIR": "drafts"})
    assert done.stdout.splitlines() == [
        "drafts: 3 drafts, 41.5 kB",
        "made between 1 Mar 2026, 08:00 UTC and 2 Mar 2026, 09:30 UTC",
        "  example-model-1: 2 drafts",
        "  example-model-2: 1 draft",
    ]


def test_explain_says_hit_or_which_ingredient_made_a_miss(tmp_path: Path) -> None:
    """One block an article."""
    done = run(SCRIPTED, "cache", "explain", "-", home=tmp_path, stdin=articles("cached-1", "ok-2"))
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "cached-1: hit",
        "  kept on 1 Mar 2026",
        "ok-2: miss",
        "  model: example-model-1 is kept, example-model-2 is asked for",
    ]


def test_explain_of_a_missing_file_is_exit_code_2(tmp_path: Path) -> None:
    """The same line as for `enrich`."""
    done = run(SCRIPTED, "cache", "explain", "missing.txt", home=tmp_path)
    assert (done.returncode, said(done.stderr)) == (2, ["missing.txt: it can't be read: No such file or directory"])


@pytest.mark.parametrize(
    ("args", "asked"),
    [
        (["--article", "a-1"], "purge article_id=a-1 older_than_days=None everything=False"),
        (["--older-than", "30"], "purge article_id=None older_than_days=30 everything=False"),
        (["--older-than", "0"], "purge article_id=None older_than_days=0 everything=False"),
        (["--all", "--yes"], "purge article_id=None older_than_days=None everything=True"),
    ],
)
def test_purge_deletes_what_it_is_told(tmp_path: Path, args: list[str], asked: str) -> None:
    """One article's drafts, old ones, or all."""
    done = run(SCRIPTED, "cache", "purge", *args, home=tmp_path)
    assert done.returncode == 0
    assert asked in done.stderr
    assert done.stdout.endswith(" deleted\n")


@pytest.mark.parametrize("args", [[], ["--all", "--article", "a-1"], ["--article", "a-1", "--older-than", "3"]])
def test_purge_wants_exactly_one_thing_to_delete(tmp_path: Path, args: list[str]) -> None:
    """Nothing is deleted by guessing."""
    done = run(SCRIPTED, "cache", "purge", *args, home=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "newscard: say what to delete: one of --article ID, --older-than DAYS or --all\n"


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 1), ("", 1)])
def test_deleting_everything_asks_first(tmp_path: Path, answer: str, code: int) -> None:
    """A no, and no answer at all, leave everything."""
    done = run(SCRIPTED, "cache", "purge", "--all", home=tmp_path, stdin=answer, env={"NEWSCARD_CACHE_DIR": "drafts"})
    assert done.returncode == code
    assert "Delete all 3 drafts in drafts?" in done.stderr
    assert ("everything=True" in done.stderr) == (code == 0)
    assert ("newscard: nothing was done" in done.stderr) == (code == 1)
