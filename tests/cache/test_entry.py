"""The key and the entry."""

from __future__ import annotations

import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from agent import Article
from agent.cache import Entry, draft_key
from agent.cache.entry import article_part
from tests.cache.made import ARTICLE, INGREDIENTS, an_entry

# Text that could fool a key which merely strings its parts together.
tricky = st.text(alphabet=string.ascii_letters + '\x1f,:."[]{}=é', max_size=6)
ingredients = st.dictionaries(tricky, tricky, max_size=4)


@given(ingredients, st.randoms())
def test_the_order_of_ingredients_does_not_change_the_key(given: dict[str, str], random: object) -> None:
    """Two engines that list the same things in another order share their drafts."""
    items = list(given.items())
    random.shuffle(items)  # type: ignore[attr-defined]
    assert draft_key(ARTICLE, dict(items)) == draft_key(ARTICLE, given)


@given(ingredients, ingredients)
def test_other_ingredients_make_another_key(some: dict[str, str], others: dict[str, str]) -> None:
    """No two sets of ingredients share a key, whatever characters they hold."""
    assert (draft_key(ARTICLE, some) == draft_key(ARTICLE, others)) == (some == others)


@given(tricky, tricky, tricky, tricky)
def test_tenant_and_article_id_never_run_together(tenant: str, name: str, other_tenant: str, other_name: str) -> None:
    """Tenant "a" with article "bc" isn't tenant "ab" with article "c"."""
    same = (tenant, name) == (other_tenant, other_name)
    assert (article_part(name, tenant) == article_part(other_name, other_tenant)) == same


@given(st.integers(0, 50), st.integers(0, 50))
def test_each_repeat_has_a_key_of_its_own(one: int, other: int) -> None:
    """Five repeats are five drafts."""
    assert (draft_key(ARTICLE, INGREDIENTS, repeat=one) == draft_key(ARTICLE, INGREDIENTS, repeat=other)) == (one == other)


@pytest.mark.parametrize(
    "change",
    [{"id": "a-2"}, {"title": "Other"}, {"text": "Other."}, {"source": "Wire"}, {"published_at": "2025-06-18T21:00:00Z"}],
    ids=lambda change: next(iter(change)),
)
def test_each_field_that_a_prompt_shows_changes_the_key(change: dict[str, str]) -> None:
    """A corrected article is drafted anew."""
    other = Article.model_validate(ARTICLE.model_dump(exclude_none=True) | change)
    assert draft_key(other, INGREDIENTS) != draft_key(ARTICLE, INGREDIENTS)


def test_the_address_does_not_change_the_key() -> None:
    """No prompt shows it, so the answer can't depend on it."""
    other = Article.model_validate(ARTICLE.model_dump(exclude_none=True) | {"url": "https://example.com/a"})
    assert draft_key(other, INGREDIENTS) == draft_key(ARTICLE, INGREDIENTS)


def test_tenants_do_not_share_keys() -> None:
    """What one tenant paid for, another doesn't see."""
    assert draft_key(ARTICLE, INGREDIENTS, tenant="x") != draft_key(ARTICLE, INGREDIENTS)


def test_a_key_begins_with_the_part_of_its_article() -> None:
    """So that an article's drafts can be found and purged whatever they were made of."""
    assert draft_key(ARTICLE, INGREDIENTS, tenant="x").startswith(article_part("a-1", "x") + ".")


def test_an_entry_survives_its_bytes() -> None:
    """What comes out is what went in."""
    assert Entry.from_bytes(an_entry().to_bytes()) == an_entry()
    assert Entry.drafted_from(an_entry().to_bytes()) == an_entry().drafted


@pytest.mark.parametrize("change", [{"more": 1}, {"ingredients": []}, {"created_at": 1}], ids=lambda change: next(iter(change)))
def test_a_draft_is_not_read_from_an_entry_of_another_form(change: dict[str, object]) -> None:
    """What another version wrote is paid for again."""
    stored = json.loads(an_entry().to_bytes()) | change
    with pytest.raises(ValidationError):
        Entry.drafted_from(json.dumps(stored).encode())


@pytest.mark.parametrize(
    "stored", [b"", b"{}", b"\xff\xfe", b"[" * 100_000, b'{"ingredients": {}, "created_at": "2025-01-01", "drafted": {}}']
)
def test_bytes_that_are_no_entry_are_a_value_error(stored: bytes) -> None:
    """Whatever is wrong with them."""
    for read in (Entry.from_bytes, Entry.drafted_from):
        with pytest.raises(ValueError, match=r"."):
            read(stored)


REASONED = ("impact", "breadth", "reason")


@pytest.mark.parametrize(
    ("where", "value", "why"),
    [
        (("summary",), "x" * 2_001, "of 0 to 2000 characters"),
        (REASONED, "", "of 1 to 800 characters"),
        (REASONED, "x" * 801, "of 1 to 800 characters"),
        (("impact", "breadth", "level"), 5, "Input should be 0, 1, 2, 3 or 4"),
        (("overall", "label"), "glad", "Input should be"),
        (("topics",), "AI", "valid array"),
        (("more",), 1, "Extra inputs"),
    ],
)
def test_a_stored_draft_that_breaks_a_bound_is_refused_without_being_quoted(where: tuple[str, ...], value: object, why: str) -> None:
    """It is read quickly, and checked as one that comes from a model."""
    stored = json.loads(an_entry().to_bytes())
    part = stored["drafted"]["draft"]
    for name in where[:-1]:
        part = part[name]
    part[where[-1]] = value
    for read in (Entry.from_bytes, Entry.drafted_from):
        with pytest.raises(ValidationError, match=why) as caught:
            read(json.dumps(stored).encode())
        assert "input_value" not in str(caught.value)
