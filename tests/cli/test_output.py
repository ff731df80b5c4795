"""`--out`: the whole file or none of it, at the name that was given."""

from __future__ import annotations

import os
import resource
import stat
import subprocess
from pathlib import Path

import pytest

from tests.cli.commands import NEWSCARD, SCRIPTED, articles, environment, ids, run, said

JSON = ("enrich", "--quiet", "--format", "json")


def test_the_file_has_what_standard_output_would_have(tmp_path: Path) -> None:
    """`--out` changes where cards go, nothing else, and leaves no other file behind."""
    done = run(SCRIPTED, *JSON, "--out", "cards.jsonl", "-", home=tmp_path, stdin=articles("ok-1", "ok-2"))
    assert (done.returncode, done.stdout) == (0, "")
    assert ids((tmp_path / "cards.jsonl").read_text()) == ["ok-1", "ok-2"]
    assert [path.name for path in tmp_path.iterdir()] == ["cards.jsonl"]


def test_the_cards_that_were_made_are_kept_when_others_fail(tmp_path: Path) -> None:
    """What was paid for is delivered, with the exit code of what failed."""
    done = run(SCRIPTED, *JSON, "--out", "cards.jsonl", "-", home=tmp_path, stdin=articles("ok-1", "fail-2", "budget-3"))
    assert done.returncode == 3
    assert ids((tmp_path / "cards.jsonl").read_text()) == ["ok-1"]


def test_a_run_without_a_card_leaves_the_file_alone(tmp_path: Path) -> None:
    """An earlier result isn't replaced by nothing."""
    target = tmp_path / "cards.jsonl"
    target.write_text("before")
    assert run(SCRIPTED, *JSON, "--out", target, "-", home=tmp_path, stdin=articles("fail-1")).returncode == 1
    assert target.read_text() == "before"


@pytest.mark.parametrize("format_", ["card", "json", "html"])
def test_a_full_disk_leaves_the_file_alone(tmp_path: Path, format_: str) -> None:
    """When the disk fails after a part was written, the old file stands, the part is gone, and one line says so."""
    target = tmp_path / "cards"
    target.write_text("before")

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1500, 1500))

    done = subprocess.run(
        [*SCRIPTED, "enrich", "--quiet", "--format", format_, "--out", str(target), "-"],
        input=articles("ok-1", "ok-2"),
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environment(tmp_path, PYTHONDONTWRITEBYTECODE="1"),
        preexec_fn=little_room,
        check=False,
    )
    assert done.returncode == 1
    assert said(done.stderr) == [f"{target}: File too large"]
    assert target.read_text() == "before"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(
    ("out", "line"),
    [
        ("missing/cards.jsonl", "missing/cards.jsonl: there is no folder {home}/missing; make it first"),
        (".", ".: it is a folder; give --out the name of a file"),
        ("file/cards.jsonl", "file/cards.jsonl: there is no folder {home}/file; make it first"),
        ("n" * 300, "n" * 300 + ": File name too long; give --out another name"),
    ],
)
def test_an_impossible_target_is_refused_before_any_article_is_read(tmp_path: Path, out: str, line: str) -> None:
    """Nobody pays for cards that can't be written."""
    (tmp_path / "file").touch()
    done = run(SCRIPTED, *JSON, "--out", out, "-", home=tmp_path, stdin=articles("ok-1"))
    assert (done.returncode, done.stderr) == (2, f"newscard: {line.format(home=tmp_path)}\n")


def test_an_interrupted_run_leaves_nothing(tmp_path: Path) -> None:
    """A reader of the file never sees the half of it."""
    command = [*SCRIPTED, *JSON, "--out", "cards.jsonl", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path, env=environment(tmp_path)) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write(articles("ok-1", "hang-2").encode())
        process.stdin.flush()
        while process.stderr.readline() != b"began hang-2\n":
            pass
        process.send_signal(2)
        assert process.wait(30) == 130
    assert list(tmp_path.iterdir()) == []


def test_a_symbolic_link_stays_one(tmp_path: Path) -> None:
    """The file behind the link is replaced, not the link."""
    (tmp_path / "real").mkdir()
    link = tmp_path / "cards.jsonl"
    link.symlink_to("real/cards.jsonl")
    assert run(SCRIPTED, *JSON, "--out", link, "-", home=tmp_path, stdin=articles("ok-1")).returncode == 0
    assert link.is_symlink()
    assert ids((tmp_path / "real" / "cards.jsonl").read_text()) == ["ok-1"]


def test_the_mode_of_a_file_is_kept_and_a_new_one_obeys_the_umask(tmp_path: Path) -> None:
    """A file shared with a group stays shared; a new file is no more private than any other."""
    old, new = tmp_path / "old.jsonl", tmp_path / "new.jsonl"
    old.touch()
    old.chmod(0o664)
    umask = os.umask(0o027)
    try:
        for target in (old, new):
            assert run(SCRIPTED, *JSON, "--out", target, "-", home=tmp_path, stdin=articles("ok-1")).returncode == 0
    finally:
        os.umask(umask)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (old, new)] == [0o664, 0o640]


def test_a_device_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    """`--out /dev/stdout` is standard output, to a pipe as to a file that is being appended to."""
    done = run(SCRIPTED, *JSON, "--out", "/dev/stdout", "-", home=tmp_path, stdin=articles("ok-1"))
    assert (done.returncode, ids(done.stdout)) == (0, ["ok-1"])
    kept = tmp_path / "kept.jsonl"
    kept.write_text(articles("before"))
    shell = f"{' '.join(SCRIPTED)} {' '.join(JSON)} --out /dev/stdout - >> kept.jsonl"
    subprocess.run(
        ["/bin/sh", "-c", shell],
        input=articles("ok-1"),
        text=True,
        cwd=tmp_path,
        env=environment(tmp_path),
        check=True,
        capture_output=True,
    )
    assert ids(kept.read_text()) == ["before", "ok-1"]


def test_a_full_device_is_one_line(tmp_path: Path) -> None:
    """`--out /dev/full` fails like a full standard output."""
    done = run(SCRIPTED, *JSON, "--out", "/dev/full", "-", home=tmp_path, stdin=articles("ok-1", "ok-2"))
    assert (done.returncode, said(done.stderr)) == (1, ["/dev/full: No space left on device"])


def test_a_name_that_the_terminal_has_no_letters_for_is_spelled(tmp_path: Path) -> None:
    """It was a traceback."""
    (tmp_path / "café.txt").write_text("Halden Semiconductor lowered its outlook on Tuesday.")
    env = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii", "LC_ALL": "C.UTF-8"}
    done = run(NEWSCARD, "cache", "explain", "café.txt", home=tmp_path, env=env)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "caf\\xe9: miss")


def test_a_dash_is_standard_output(tmp_path: Path) -> None:
    """As it is standard input among the sources; no file of that name appears."""
    done = run(NEWSCARD, "enrich", "--format", "json", "--out", "-", "-", home=tmp_path, stdin=articles("a"))
    assert (done.returncode, ids(done.stdout)) == (0, ["a"])
    assert not (tmp_path / "-").exists()
