"""DiskDrafts: what it keeps, and that it never gets in the way."""

from __future__ import annotations

import asyncio
import json
import os
import pickle
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from agent.cache import DiskDrafts, draft_key
from agent.cache.disk import BytesDisk, Shelf
from agent.cache.drafts import MANY
from agent.cache.folder import BadRow
from tests.cache.made import ARTICLE, INGREDIENTS, an_entry, keep, put, run_sql

KEY = draft_key(ARTICLE, INGREDIENTS)

HOLD_THE_LOCK = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("PRAGMA locking_mode = EXCLUSIVE")
database.execute("BEGIN EXCLUSIVE")
database.execute("UPDATE Settings SET value = value WHERE key = 'count'")
print("locked", flush=True)
sys.stdin.read()
"""

FILL_A_SMALL_DISK = """
import asyncio, json, resource, sys
from pathlib import Path
from agent.cache import DiskDrafts
from tests.cache.made import an_entry

async def main():
    drafts = DiskDrafts(Path(sys.argv[1]))
    kept = [await drafts.put("first", an_entry())]
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
    big = {"note": "x" * 50_000}
    kept += [await drafts.put(f"k{n}", an_entry(big)) for n in range(12)]
    found = await drafts.get("first")
    print(json.dumps({"kept": kept, "failures": drafts.write_failures, "problem": drafts.problem, "found": found is not None}))

asyncio.run(main())
"""

PUT_FIVE_MEGABYTES = """
import sys
from pathlib import Path
from agent.cache.disk import Shelf

def resident_kb():
    return next(int(line.split()[1]) for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS"))

shelf = Shelf(Path(sys.argv[1]))
shelf.put("first", b"x" * 5_000, "m-1")
before = resident_kb()
for n in range(1_000):
    shelf.put(f"k{n}", b"x" * 5_000, "m-1")
print(resident_kb() - before)
"""


class Bomb:
    """A pickle that makes a file when it is loaded."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return (Path.touch, (self.path,))


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Another process holds the database for itself."""
    command = [sys.executable, "-c", HOLD_THE_LOCK, str(folder / "cache.db")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "locked\n"
        try:
            yield
        finally:
            other.communicate()


async def test_what_is_put_is_found_again(tmp_path: Path) -> None:
    """By another object too: it is on disk."""
    drafts, later = DiskDrafts(tmp_path / "c"), DiskDrafts(tmp_path / "c")
    assert await drafts.get(KEY) is None
    assert await drafts.put(KEY, an_entry())
    assert await later.get(KEY) == an_entry()
    assert (drafts.hits, drafts.misses, later.hits, later.misses) == (0, 1, 1, 0)
    assert drafts.problem is None
    await drafts.aclose()
    await later.aclose()


async def test_it_opens_again_after_it_was_closed(tmp_path: Path) -> None:
    """An Enricher without a context closes after each article."""
    drafts = DiskDrafts(tmp_path / "c")
    await drafts.aclose()
    assert await drafts.put(KEY, an_entry())
    await drafts.aclose()
    await drafts.aclose()
    assert await drafts.get(KEY) == an_entry()
    await drafts.aclose()


async def test_closing_ends_the_thread(tmp_path: Path) -> None:
    """Nothing is left behind."""
    drafts = DiskDrafts(tmp_path / "c")
    await drafts.get(KEY)
    (thread,) = [one for one in threading.enumerate() if one.name.startswith("newscard-cache")]
    await drafts.aclose()
    thread.join(5)
    assert not thread.is_alive()


def test_making_one_touches_nothing(tmp_path: Path) -> None:
    """A run that needs no cache leaves no folder."""
    DiskDrafts(tmp_path / "c")
    assert not (tmp_path / "c").exists()


async def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    """The folder is 0700 and each file in it 0600, whatever the umask; a folder that was open is closed."""
    (tmp_path / "c").mkdir(mode=0o755)
    before = os.umask(0)
    drafts = DiskDrafts(tmp_path / "c")
    try:
        assert await drafts.put(KEY, an_entry())
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "c").iterdir()}
    finally:
        os.umask(before)
        await drafts.aclose()
    assert stat.S_IMODE((tmp_path / "c").stat().st_mode) == 0o700
    assert "cache.db-wal" in modes
    assert set(modes.values()) == {0o600}


async def test_nothing_is_ever_evicted(tmp_path: Path) -> None:
    """A size limit of the library's, planted or by default, drops no paid answer."""
    await put(tmp_path / "c")
    run_sql(tmp_path / "c", "UPDATE Settings SET value = 1 WHERE key = 'size_limit'")
    run_sql(tmp_path / "c", "UPDATE Settings SET value = 'least-recently-stored' WHERE key = 'eviction_policy'")
    drafts = DiskDrafts(tmp_path / "c")
    for number in range(20):
        assert await drafts.put(f"k{number}", an_entry())
    assert [await drafts.get(f"k{number}") is not None for number in range(20)] == [True] * 20
    assert await drafts.get(KEY) is not None
    await drafts.aclose()


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system doesn't say there what is resident")
def test_an_open_cache_keeps_little_of_its_file_in_memory(tmp_path: Path) -> None:
    """A process that puts 5 MB into it grows by less than 2, also where the file was made by a version that kept more."""
    keep(tmp_path / "c")
    run_sql(tmp_path / "c", "UPDATE Settings SET value = 2048 WHERE key = 'sqlite_cache_size'")
    done = subprocess.run([sys.executable, "-c", PUT_FIVE_MEGABYTES, str(tmp_path / "c")], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 2_000


async def test_a_locked_cache_is_a_miss_and_the_loop_goes_on(tmp_path: Path) -> None:
    """Another process holds the file: lookups miss, writes fail, both are counted, and other tasks keep running. Later all is well."""
    drafts = DiskDrafts(tmp_path / "c")
    assert await drafts.put(KEY, an_entry())
    await drafts.aclose()
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.002)
            ticks += 1

    with locked(tmp_path / "c"):
        ticker = asyncio.create_task(tick())
        assert await drafts.get(KEY) is None
        assert not await drafts.put(KEY, an_entry())
        ticker.cancel()
    assert ticks > 20
    assert (drafts.misses, drafts.timeouts, drafts.write_failures) == (1, 2, 1)
    assert drafts.problem is not None
    assert "locked or slow 2 times" in drafts.problem
    assert await drafts.get(KEY) == an_entry()
    await drafts.aclose()


async def test_a_lock_that_comes_while_the_cache_is_open_is_a_failed_write(tmp_path: Path) -> None:
    """The write waits a moment and gives up; reading goes on beside the other's transaction."""
    drafts = DiskDrafts(tmp_path / "c")
    assert await drafts.put(KEY, an_entry())
    other = sqlite3.connect(tmp_path / "c" / "cache.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert not await drafts.put("other", an_entry())
    assert await drafts.get(KEY) == an_entry()
    other.execute("ROLLBACK")
    other.close()
    assert (drafts.write_failures, drafts.timeouts) == (1, 1)
    assert await drafts.put("other", an_entry())
    await drafts.aclose()


def slowly(method: Callable[..., Any], seconds: float) -> Callable[..., Any]:
    """The same, later."""

    def slow(*args: Any) -> Any:
        time.sleep(seconds)
        return method(*args)

    return slow


async def test_a_slow_cache_is_a_miss(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that doesn't answer holds up one thread and no article; lookups that wait behind it are given up too."""
    release = threading.Event()
    monkeypatch.setattr(Shelf, "get", lambda _self, _key: release.wait(30) and None)
    drafts = DiskDrafts(tmp_path / "c", patience_s=0.05)
    assert not any(await asyncio.gather(drafts.get("a"), drafts.get("b")))
    assert (drafts.misses, drafts.timeouts) == (2, 2)
    release.set()
    await drafts.aclose()


async def test_a_batch_waits_longer_for_its_drafts_than_an_article_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine is late; what isn't found is paid for again."""
    drafts = DiskDrafts(tmp_path / "c", patience_s=0.5)
    assert await drafts.put(KEY, an_entry())
    monkeypatch.setattr(Shelf, "get_many", slowly(Shelf.get_many, 1.0))
    assert await drafts.get_many([KEY]) == [an_entry().drafted]
    assert drafts.timeouts == 0
    await drafts.aclose()


async def test_a_batch_waits_long_for_a_hung_disk_once_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every article of a run would wait for it otherwise."""
    release = threading.Event()
    monkeypatch.setattr(Shelf, "get_many", lambda _self, _keys: release.wait(30) and {})
    drafts = DiskDrafts(tmp_path / "c", patience_s=0.05)
    began = asyncio.get_running_loop().time()
    assert await drafts.get_many(["a", "b"]) == [None, None]
    waited = asyncio.get_running_loop().time() - began
    assert await drafts.get_many(["c"]) == [None]
    assert waited >= MANY * 0.05
    assert (drafts.timeouts, drafts.misses, drafts._is_slow) == (2, 3, True)
    release.set()
    await drafts.aclose()


async def test_what_was_too_slow_is_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A draft that was kept late costs nothing today."""
    release = threading.Event()
    monkeypatch.setattr(Shelf, "put", lambda *_: release.wait(30))
    drafts = DiskDrafts(tmp_path / "c", patience_s=0.05)
    assert not await drafts.put(KEY, an_entry())
    assert drafts.problem == f"the cache {tmp_path / 'c'} was locked or slow 1 times; 1 drafts may not be kept"
    release.set()
    await drafts.aclose()


async def test_a_folder_that_cannot_be_made_switches_the_cache_off(tmp_path: Path) -> None:
    """Cards are made all the same; one line says why nothing is kept."""
    (tmp_path / "file").write_text("not a folder")
    drafts = DiskDrafts(tmp_path / "file" / "c")
    assert await drafts.get(KEY) is None
    assert not await drafts.put(KEY, an_entry())
    assert (drafts.misses, drafts.write_failures, drafts.timeouts) == (1, 1, 0)
    assert drafts.problem == f"the cache {tmp_path}/file/c can't be used: Not a directory; drafts that aren't kept are paid for again"
    await drafts.aclose()
    assert drafts.problem is not None


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only for root")
async def test_a_read_only_folder_switches_the_cache_off(tmp_path: Path) -> None:
    """The same."""
    (tmp_path / "c").mkdir(mode=0o500)
    drafts = DiskDrafts(tmp_path / "c")
    assert not await drafts.put(KEY, an_entry())
    assert "Permission denied" in (drafts.problem or "")


async def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path: Path) -> None:
    """A slip in NEWSCARD_CACHE_DIR neither closes the user's documents to others nor puts a database among them."""
    (tmp_path / "documents").mkdir(mode=0o755)
    (tmp_path / "documents" / "thesis.txt").write_text("mine")
    drafts = DiskDrafts(tmp_path / "documents")
    assert not await drafts.put(KEY, an_entry())
    assert "set NEWSCARD_CACHE_DIR to a folder of its own" in (drafts.problem or "")
    assert [path.name for path in (tmp_path / "documents").iterdir()] == ["thesis.txt"]
    assert stat.S_IMODE((tmp_path / "documents").stat().st_mode) == 0o755
    await drafts.aclose()


async def test_somebody_elses_database_is_left_alone(tmp_path: Path) -> None:
    """A diskcache of another program's isn't ours."""
    import diskcache

    with diskcache.Cache(str(tmp_path / "c")) as other:
        other["k"] = "v"
    drafts = DiskDrafts(tmp_path / "c")
    assert not await drafts.put(KEY, an_entry())
    assert "isn't a cache of ours" in (drafts.problem or "")
    await drafts.aclose()


@pytest.mark.parametrize("content", [b"not a database, but long enough to look like one " * 100, b"SQLite format 3\0" + b"\xff" * 5000])
async def test_a_damaged_file_switches_the_cache_off(content: bytes, tmp_path: Path) -> None:
    """It is the user's to delete."""
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "cache.db").write_bytes(content)
    drafts = DiskDrafts(tmp_path / "c")
    assert await drafts.get(KEY) is None
    assert not await drafts.put(KEY, an_entry())
    assert "can't be used" in (drafts.problem or "")
    assert (tmp_path / "c" / "cache.db").read_bytes() == content
    await drafts.aclose()


async def test_settings_that_are_not_ours_are_not_loaded(tmp_path: Path) -> None:
    """The library would make them attributes of itself, methods replaced included."""
    await put(tmp_path / "c")
    run_sql(tmp_path / "c", "INSERT INTO Settings VALUES ('get', 1)")
    drafts = DiskDrafts(tmp_path / "c")
    assert await drafts.get(KEY) is None
    assert "settings that aren't ours" in (drafts.problem or "")
    await drafts.aclose()


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_a_full_disk_is_a_failed_write_and_nothing_worse(tmp_path: Path) -> None:
    """Writes that find no room return False; what is there can still be read."""
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", FILL_A_SMALL_DISK, str(tmp_path / "c")], capture_output=True, text=True, cwd=root, check=True
    )
    said = json.loads(done.stdout)
    assert said["kept"][0]
    assert not said["kept"][-1]
    assert said["failures"] == said["kept"].count(False)
    assert said["found"]
    assert "can't be" in said["problem"]


def planted(tmp_path: Path) -> list[tuple[str, tuple[object, ...]]]:
    """Rows that this program didn't write: columns of our key's row, and what is put there."""
    bomb = pickle.dumps(Bomb(tmp_path / "went-off"))
    (tmp_path / "bomb.pickle").write_bytes(bomb)
    (tmp_path / "entry.json").write_bytes(an_entry().to_bytes())
    outside = str(tmp_path / "entry.json")
    return [
        ("mode = 4, value = ?", (bomb,)),
        ("mode = 4, value = NULL, filename = ?", (str(tmp_path / "bomb.pickle"),)),
        ("mode = 2, value = NULL, filename = ?", (outside,)),
        ("mode = 2, value = NULL, filename = ?", ("../entry.json",)),
        ("mode = 3, value = NULL, filename = ?", (outside,)),
        ("mode = 1, filename = ?", (outside,)),
        ("mode = 1, value = ?", ("text",)),
        ("mode = 1, value = ?", (7,)),
        ("mode = NULL, value = ?", (b"{}",)),
        ("mode = 9, value = ?", (b"{}",)),
        ("mode = 1, value = ?", (b"\x80\x04not json",)),
        ("mode = 1, value = ?", (b"{}",)),
        ("mode = 1, tag = ?, value = '{}'", (bomb,)),
    ]


@pytest.mark.parametrize("which", range(13))
async def test_a_planted_row_is_a_miss_and_nothing_is_executed(which: int, tmp_path: Path) -> None:
    """No pickle is loaded and no file outside is read; the next draft takes the row's place and no file is deleted."""
    columns, values = planted(tmp_path)[which]
    drafts = DiskDrafts(tmp_path / "c")
    await drafts.put(KEY, an_entry())
    await drafts.aclose()
    run_sql(tmp_path / "c", f"UPDATE Cache SET {columns}", *values)  # noqa: S608
    assert await drafts.get(KEY) is None
    assert (drafts.misses, drafts.corrupt, drafts.hits) == (1, 1, 0)
    assert await drafts.put(KEY, an_entry())
    assert await drafts.get(KEY) == an_entry()
    assert not (tmp_path / "went-off").exists()
    assert (tmp_path / "entry.json").exists()
    assert (tmp_path / "bomb.pickle").exists()
    await drafts.aclose()


def test_the_planted_pickle_would_have_gone_off(tmp_path: Path) -> None:
    """The test above can fail."""
    pickle.loads(pickle.dumps(Bomb(tmp_path / "went-off")))  # noqa: S301
    assert (tmp_path / "went-off").exists()


async def test_a_planted_pickled_key_is_not_loaded(tmp_path: Path) -> None:
    """Not by a lookup, and not by who lists the keys."""
    drafts = DiskDrafts(tmp_path / "c")
    await drafts.put(KEY, an_entry())
    await drafts.aclose()
    run_sql(tmp_path / "c", "UPDATE Cache SET key = ?, raw = 0", pickle.dumps(Bomb(tmp_path / "went-off")))
    assert await drafts.get(KEY) is None
    shelf = Shelf(tmp_path / "c")
    with pytest.raises(BadRow):
        list(shelf._cache)
    shelf.close()
    assert not (tmp_path / "went-off").exists()
    await drafts.aclose()


@pytest.mark.parametrize("value", ["text", 1, 1.5, None, ["list"], Bomb(Path("x")), bytearray(b"x")])
def test_only_bytes_are_stored(value: object, tmp_path: Path) -> None:
    """Where diskcache would reach for pickle, a TypeError."""
    with pytest.raises(TypeError):
        BytesDisk(str(tmp_path)).store(value, read=False)


@pytest.mark.parametrize("key", [1, 1.5, b"bytes", None, ("tuple",)])
def test_only_text_is_a_key(key: object, tmp_path: Path) -> None:
    """The same for keys."""
    with pytest.raises(TypeError):
        BytesDisk(str(tmp_path)).put(key)


def test_importing_the_cache_loads_no_diskcache() -> None:
    """It is imported in the cache's own thread, when a draft is first looked up."""
    program = (
        "import sys, agent.cache; print([m for m in ('diskcache', 'openai', 'instructor', 'trafilatura', 'httpx') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=Path(__file__).parents[2], check=True)
    assert done.stdout == "[]\n"


async def test_many_processes_can_open_a_new_cache_at_once(tmp_path: Path) -> None:
    """The first open makes tables; those who come second wait for it or do without, and no file is damaged."""
    program = (
        "import asyncio, sys\nfrom pathlib import Path\nfrom agent.cache import DiskDrafts\nfrom tests.cache.made import an_entry\n"
        "async def main():\n    drafts = DiskDrafts(Path(sys.argv[1]), patience_s=20)\n    await drafts.put(sys.argv[2], an_entry())\n"
        "    print(drafts.problem)\n    await drafts.aclose()\nasyncio.run(main())"
    )
    root = Path(__file__).parents[2]
    others = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", program, str(tmp_path / "c"), f"k{n}", stdout=subprocess.PIPE, cwd=root)
        for n in range(4)
    ]
    said = [(await other.communicate())[0].decode().strip() for other in others]
    assert all(line == "None" or "locked" in line for line in said), said
    drafts = DiskDrafts(tmp_path / "c")
    found = [await drafts.get(f"k{n}") is not None for n in range(4)]
    assert found == [line == "None" for line in said]
    await drafts.aclose()
