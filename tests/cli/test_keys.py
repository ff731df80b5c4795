"""`newscard keys`, and what `newscard serve` says without one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from agent.web.callers import Limits
from agent.web.security.keys import Known
from agent.web.store import open_database
from agent.web.store.access import AccessStore, ApiKey
from tests.cli.conftest import Newscard


def kept(folder: Path) -> list[ApiKey]:
    """The keys of the service whose data is in `folder`."""
    database = open_database(f"sqlite:///{folder}/cards.db")
    keys = AccessStore(database).all_keys()
    database.dispose()
    return keys


def test_add_prints_the_key_once_and_nothing_else(newscard: Newscard, tmp_path: Path) -> None:
    """So that a script can take it; all that is kept is its digest."""
    done = newscard("keys", "add", "desk", "--data-dir", "data")
    assert (done.returncode, done.stdout) == (0, done.stdout.strip() + "\n")
    assert re.fullmatch(r"nck_[0-9a-f]{12}_[A-Za-z0-9_-]{43}\n", done.stdout)
    secret = done.stdout.strip()
    assert secret not in done.stderr
    (key,) = kept(tmp_path / "data")
    assert Known({key.prefix: key}, 0.0).find(secret) == key
    assert secret[17:].encode() not in b"".join(path.read_bytes() for path in (tmp_path / "data").iterdir())


def test_a_key_has_the_limits_it_was_given(newscard: Newscard, tmp_path: Path) -> None:
    """Some by default; 0 is none."""
    newscard("keys", "add", "a", "--data-dir", "data")
    newscard(
        "keys", "add", "b", "--tenant", "acme", "--concurrency", "2", "--per-minute", "0", "--usd-per-day", "0.5", "--data-dir", "data"
    )
    found = {key.name: (key.tenant, Limits(key.concurrency, key.per_minute, key.usd_per_day)) for key in kept(tmp_path / "data")}
    assert found == {"a": ("", Limits(8, 120, None)), "b": ("acme", Limits(2, None, 0.5))}


def test_list_shows_what_is_public(newscard: Newscard) -> None:
    """Prefix, name, tenant, limits, what was spent today; no secret and no digest."""
    secret = newscard("keys", "add", "desk", "--usd-per-day", "5").stdout.strip()
    head, row = newscard("keys", "list").stdout.splitlines()
    assert head.split() == "PREFIX NAME TENANT AT ONCE A MINUTE A DAY SPENT TODAY MADE REVOKED".split()
    assert row.split()[:7] == [secret.split("_")[1], "desk", "-", "8", "120", "$5.00", "$0"]
    assert secret[17:] not in row


def test_without_keys_the_list_is_empty_and_says_what_that_means(newscard: Newscard) -> None:
    """On standard error: a script counts lines."""
    done = newscard("keys", "list")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "newscard: there is no key; without one, `newscard serve` serves this machine only\n"


@pytest.mark.parametrize("whole", [True, False])
def test_revoke_takes_the_public_part_or_the_whole_key(newscard: Newscard, whole: bool) -> None:  # noqa: FBT001
    """A second time there is nothing to revoke."""
    secret = newscard("keys", "add", "desk").stdout.strip()
    prefix = secret.split("_")[1]
    assert newscard("keys", "revoke", secret if whole else prefix).stdout == f"{prefix} revoked\n"
    again = newscard("keys", "revoke", prefix)
    assert (again.returncode, again.stdout) == (2, "")
    assert again.stderr == f"newscard: '{prefix}': no key in use begins so; `newscard keys list` shows them\n"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["", "--data-dir", "d"], "is no name for a key"),
        (["desk", "--tenant", "a/b"], "is no tenant"),
        (["desk", "--usd-per-day", "nan"], "--usd-per-day"),
        (["desk", "--usd-per-day", "inf"], "--usd-per-day: it is an amount of dollars"),
        (["desk", "--usd-per-day", "-1"], "--usd-per-day"),
        (["desk", "--concurrency", "-1"], "--concurrency"),
        (["desk", "--data-dir", "/proc/none"], "can't be used"),
    ],
)
def test_what_cannot_be_is_one_clear_line_and_no_key(newscard: Newscard, args: list[str], said: str) -> None:
    """Exit code 2; standard output holds nothing that could be taken for a key."""
    done = newscard("keys", "add", *args)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert said in done.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "cards.example"])  # noqa: S104
def test_serve_listens_to_nobody_else_without_a_key(newscard: Newscard, host: str) -> None:
    """One line that says how to make one; a revoked key is none."""
    secret = newscard("keys", "add", "desk").stdout.strip()
    newscard("keys", "revoke", secret)
    done = newscard("serve", "--host", host, "--quiet")
    assert (done.returncode, done.stdout) == (2, "")
    said = f"newscard: --host {host}: others could reach it, and there is no key yet; make one first: newscard keys add NAME\n"
    assert done.stderr == said
