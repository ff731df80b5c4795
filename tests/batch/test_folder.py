"""A run's folder: one fingerprint, one runner, nothing of anybody else's."""

from __future__ import annotations

import fcntl
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from agent import durable
from agent.batch.folder import RunFolder, read_manifest
from agent.errors import RunRefused, SinkFailed

PRINT = {"model": "m-1", "prompt": "card.v1@0"}


def opened_and_closed(path: Path, fingerprint: dict[str, str] | None = None, *, new_run: bool = False) -> None:
    """A runner that does nothing."""
    RunFolder.open(path, fingerprint or PRINT, new_run=new_run).close()


def test_another_fingerprint_is_refused_and_the_message_says_how_to_go_on(tmp_path: Path) -> None:
    """Checklist A13."""
    opened_and_closed(tmp_path / "run")
    with pytest.raises(RunRefused) as refused:
        opened_and_closed(tmp_path / "run", PRINT | {"model": "m-2"})
    assert "model was m-1, is m-2" in str(refused.value)
    assert f"--new-run to set that run aside as {tmp_path / 'run.1'}" in str(refused.value)
    assert refused.value.exit_code == 2


def test_a_second_runner_is_refused_by_name(tmp_path: Path) -> None:
    """Checklist A13."""
    first = RunFolder.open(tmp_path / "run", PRINT)
    with pytest.raises(RunRefused, match=f"process {os.getpid()} on {socket.gethostname()} is running it"):
        opened_and_closed(tmp_path / "run")
    with pytest.raises(RunRefused, match="is running it"):
        opened_and_closed(tmp_path / "run", new_run=True)
    first.close()
    opened_and_closed(tmp_path / "run")


def test_a_new_run_sets_the_old_one_aside(tmp_path: Path) -> None:
    """As often as one likes; nothing is deleted."""
    opened_and_closed(tmp_path / "run")
    for number in (1, 2):
        opened_and_closed(tmp_path / "run", PRINT | {"model": f"m-{number + 1}"}, new_run=True)
        assert read_manifest(tmp_path / f"run.{number}")["fingerprint"]["model"] == f"m-{number}"
    assert read_manifest(tmp_path / "run")["fingerprint"]["model"] == "m-3"


def test_the_working_folder_can_be_a_run_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the name `.` too: the run in it is refused and set aside as any other."""
    (tmp_path / "run").mkdir()
    monkeypatch.chdir(tmp_path / "run")
    opened_and_closed(Path())
    other = PRINT | {"model": "m-2"}
    with pytest.raises(RunRefused, match=f"to set that run aside as {tmp_path / 'run.1'}"):
        opened_and_closed(Path(), other)
    opened_and_closed(Path(), other, new_run=True)
    assert read_manifest(tmp_path / "run.1")["fingerprint"] == PRINT
    assert read_manifest(tmp_path / "run")["fingerprint"] == other


def test_a_runs_folders_are_on_disk_before_it_is_paid_for_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that are on disk, in a folder whose name isn't, are lost at a power cut; so would be a run that was set aside."""
    synced, real = set[str](), os.fsync

    def watched(handle: int) -> None:
        synced.add(str(Path(f"/proc/self/fd/{handle}").readlink()))
        real(handle)

    monkeypatch.setattr(os, "fsync", watched)
    opened_and_closed(tmp_path / "runs" / "today")
    assert {str(tmp_path), str(tmp_path / "runs"), str(tmp_path / "runs" / "today")} <= synced
    synced.clear()
    opened_and_closed(tmp_path / "runs" / "today", new_run=True)
    assert {str(tmp_path / "runs"), str(tmp_path / "runs" / "today")} <= synced


def test_a_lock_that_was_set_aside_is_no_lock_of_the_new_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opened before another process's --new-run, and had after it: two runners would write into one folder."""
    opened_and_closed(tmp_path / "run")
    real = fcntl.flock

    def late(handle: int, how: int) -> None:
        monkeypatch.setattr(fcntl, "flock", real)
        opened_and_closed(tmp_path / "run", new_run=True)
        real(handle, how)

    monkeypatch.setattr(fcntl, "flock", late)
    with pytest.raises(RunRefused, match="another process has just set it aside; give the same command again"):
        opened_and_closed(tmp_path / "run")
    opened_and_closed(tmp_path / "run")


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    """Nothing is added but a lock, which is empty of meaning."""
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(RunRefused, match="it holds other files and no run"):
        opened_and_closed(tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "mine"


def test_a_file_is_no_run_directory(tmp_path: Path) -> None:
    """One clear line."""
    (tmp_path / "run").write_text("")
    with pytest.raises(RunRefused, match="it is a file"):
        opened_and_closed(tmp_path / "run")


def test_a_start_that_was_killed_before_the_manifest_can_be_made_again(tmp_path: Path) -> None:
    """What it left is no other file."""
    (tmp_path / "lock").write_text("process 1 on gone\n")
    durable.beside(tmp_path / "run.json").write_text('{"form')
    opened_and_closed(tmp_path)
    assert read_manifest(tmp_path)["fingerprint"] == PRINT


@pytest.mark.parametrize("content", ['{"format": "newscard run 9", "fingerprint": {}}', "[]", '{"format": "newscard run 1"}'])
def test_a_manifest_of_another_version_is_refused(content: str, tmp_path: Path) -> None:
    """Its rows may mean something else."""
    (tmp_path / "run.json").write_text(content)
    with pytest.raises(RunRefused, match="another version of newscard made it"):
        opened_and_closed(tmp_path)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="there is no folder that nobody can write")
def test_a_place_that_cannot_be_written_is_a_failure_of_the_sink() -> None:
    """Exit code 5, before anything is asked."""
    with pytest.raises(SinkFailed, match="the run directory can't be used"):
        opened_and_closed(Path("/proc/self/run"))


def test_what_is_asked_is_written_down_whole_or_the_run_stops(tmp_path: Path) -> None:
    """A full disk may take a part of it."""
    script = (
        "import resource, signal; from pathlib import Path; from agent.batch.folder import RunFolder\n"
        f"folder = RunFolder.open(Path({str(tmp_path / 'run')!r}), {PRINT!r})\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (24, 24))\n"
        "folder.note_asked(b'a' * 16); folder.note_asked(b'b' * 16)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)
    assert "SinkFailed" in done.stderr
    assert "nothing more is asked for" in done.stderr
    assert RunFolder.open(tmp_path / "run", PRINT).orphans == {b"a" * 16: 1}
