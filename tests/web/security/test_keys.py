"""What a key is, what is kept of it, and how it is recognised."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from agent.errors import UsageError
from agent.web.callers import Limits
from agent.web.security.keys import REFRESH_S, STALE_S, Keyring, Known, digest_of, new_key
from agent.web.store.access import AccessStore, ApiKey
from agent.web.threads import Threads


def known(*secrets_and_keys: tuple[str, ApiKey]) -> Known:
    """What a service knows of those keys."""
    return Known({key.prefix: key for _, key in secrets_and_keys}, 0.0)


def test_a_key_holds_256_random_bits_and_nothing_of_them_is_kept() -> None:
    """Only their digest; the public part is no part of the secret."""
    made = [new_key("desk", "acme", Limits()) for _ in range(100)]
    assert len({secret.rpartition("_")[0] for secret, _ in made}) == 100
    for secret, kept in made:
        assert len(secret) == len("nck_") + 12 + 1 + 43  # 43 characters of base64 hold 258 bits
        assert kept.digest == digest_of(secret)
        assert secret[17:] not in repr(kept)
        assert kept.digest.hex() not in repr(kept)


def test_a_key_is_found_by_itself_alone() -> None:
    """Not by its public part with another's secret, nor by a part or a longer text."""
    one, other = new_key("one", "", Limits()), new_key("other", "", Limits())
    found = known(one, other)
    assert found.find(one[0]) == one[1]
    mixed = one[0][:17] + other[0][17:]
    for wrong in (mixed, one[0][:-1], one[0] + "x", one[0].upper(), f" {one[0]}", one[0].replace("nck", "ncq"), one[1].prefix, "", "nck_"):
        assert found.find(wrong) is None


@pytest.mark.parametrize("presented", ["known prefix", "unknown prefix", "no key at all", ""])
def test_d38_a_wrong_key_takes_the_same_steps_whatever_is_wrong_with_it(presented: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One digest, one comparison that takes the same time wherever the first difference is."""
    secret, kept = new_key("one", "", Limits())
    other, _ = new_key("other", "", Limits())
    compared: list[tuple[int, int]] = []

    def compare(one: bytes, two: bytes) -> bool:
        compared.append((len(one), len(two)))
        return one == two

    monkeypatch.setattr("hmac.compare_digest", compare)
    wrong = {"known prefix": secret[:17] + other[17:], "unknown prefix": other}.get(presented, presented)
    assert known((secret, kept)).find(wrong) is None
    assert compared == [(32, 32)]


@given(st.text())
def test_no_text_is_a_key_by_chance(text: str) -> None:
    """And none breaks the check: lone surrogates don't come over HTTP, all else does."""
    assert known(new_key("one", "", Limits())).find(text.encode("utf-8", "replace").decode()) is None


def test_a_revoked_key_is_none_and_the_door_stays_closed() -> None:
    """Else taking the last key away would let everybody in."""
    secret, kept = new_key("one", "", Limits())
    revoked = replace(kept, revoked_at=datetime.now(UTC))
    found = known((secret, revoked))
    assert (found.find(secret), found.by_prefix(kept.prefix), found.closed) == (None, None, True)


@pytest.mark.parametrize("name", ["", " ", "x" * 101, "a\nb", "\x1b[31m"])
def test_a_name_that_cannot_be_one_is_refused(name: str) -> None:
    """It is printed in lists."""
    with pytest.raises(UsageError, match="no name for a key"):
        new_key(name, "", Limits())


@pytest.mark.parametrize("tenant", [" ", "a b", "../x", "-x", "x" * 65, "ä"])
def test_a_tenant_that_cannot_be_one_is_refused(tenant: str) -> None:
    """It stands in keys of caches and rows."""
    with pytest.raises(UsageError, match="no tenant"):
        new_key("desk", tenant, Limits())


def test_keys_come_back_from_the_store_as_they_were(engine: Engine) -> None:
    """With every limit, in each kind of database; a key can be revoked once."""
    store = AccessStore(engine)
    _, full = new_key("desk", "acme", Limits(3, 60, 1.5))
    _, bare = new_key("other", "", Limits())
    store.add_key(full)
    store.add_key(bare)
    assert {key.prefix: key for key in store.all_keys()} == {full.prefix: full, bare.prefix: bare}
    now = datetime.now(UTC).replace(microsecond=0)
    assert store.revoke(full.prefix, now)
    assert not store.revoke(full.prefix, now)
    assert [key.revoked_at for key in store.all_keys() if key.prefix == full.prefix] == [now]


class Reads(AccessStore):
    """A store that counts how often its keys were read, and fails when it is told to."""

    reads = 0
    broken = False

    def all_keys(self) -> list[ApiKey]:
        """Counted."""
        self.reads += 1
        if self.broken:
            raise ConnectionError
        return super().all_keys()


async def test_keys_are_read_once_a_second_however_many_ask(engine: Engine) -> None:
    """Requests go on with what is known meanwhile; a revoked key is refused when the new is there."""
    store, clock = Reads(engine), [0.0]
    secret, kept = new_key("desk", "", Limits())
    store.add_key(kept)
    ring = Keyring(store, Threads(), lambda: clock[0])
    answers = await asyncio.gather(*(ring.known() for _ in range(20)))
    assert all(found.find(secret) for found in answers)
    store.revoke(kept.prefix, datetime.now(UTC))
    clock[0] += REFRESH_S - 0.01
    assert (await ring.known()).find(secret)
    assert store.reads == 1
    clock[0] += 0.01
    assert (await ring.known()).find(secret)
    await until_so(lambda: store.reads == 2)
    assert (await ring.known()).find(secret) is None
    assert store.reads == 2


async def test_nobody_is_let_in_by_what_is_too_old(engine: Engine) -> None:
    """After five seconds without an answer of the database the last one doesn't count any more."""
    store, clock = Reads(engine), [0.0]
    secret, kept = new_key("desk", "", Limits())
    store.add_key(kept)
    ring = Keyring(store, Threads(), lambda: clock[0])
    await ring.known()
    store.broken = True
    clock[0] = STALE_S - 0.01
    assert (await ring.known()).find(secret)
    await until_so(lambda: store.reads == 2)
    clock[0] = STALE_S
    with pytest.raises(ConnectionError):
        await ring.known()
    store.broken = False
    assert (await ring.known()).find(secret)


async def until_so(holds: Callable[[], bool]) -> None:
    """And a little longer, for what is done then."""
    while not holds():  # noqa: ASYNC110  a thread's work, which sets no event
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.2)
