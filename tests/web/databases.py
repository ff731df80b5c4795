"""Real databases for the tests: SQLite in a folder, and a PostgreSQL server of the test's own."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_DEBIAN = Path("/usr/lib/postgresql")


def postgres_programs() -> Path | None:
    """The folder of `initdb` and `pg_ctl`; None where PostgreSQL isn't installed."""
    found = sorted(_DEBIAN.glob("*/bin/pg_ctl"))
    if found:
        return found[-1].parent
    on_path = shutil.which("pg_ctl")
    return Path(on_path).parent if on_path else None


@contextmanager
def postgres(programs: Path) -> Iterator[str]:
    """A server with an empty database, on a socket of its own; its URL. It has no port, so that tests side by side don't meet."""
    folder = Path(tempfile.mkdtemp(prefix="newscard-pg-", dir="/tmp"))
    owner = _someone_else(folder)

    def run(*command: str) -> None:
        subprocess.run([str(programs / command[0]), *command[1:]], user=owner, check=True, stdout=subprocess.DEVNULL, cwd=folder)

    try:
        run("initdb", "--pgdata", str(folder / "data"), "--username", "newscard", "--auth", "trust", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
        run("pg_ctl", "--pgdata", str(folder / "data"), "--wait", "--log", str(folder / "log"), "--options", options, "start")
        try:
            yield f"postgresql+psycopg://newscard@/postgres?host={folder}"
        finally:
            run("pg_ctl", "--pgdata", str(folder / "data"), "--mode", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _someone_else(folder: Path) -> int | None:
    """PostgreSQL refuses to run as root, so root hands the folder to Debian's `postgres`."""
    if os.getuid() != 0:
        return None
    user = pwd.getpwnam("postgres")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return user.pw_uid
