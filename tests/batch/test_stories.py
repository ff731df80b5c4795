"""One story, one call."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.article import Article
from agent.batch.stories import Stories, Told
from agent.engines import Drafted
from agent.errors import DraftRefused, SinkFailed
from tests.batch.test_boilerplate import BODY
from tests.cache.made import an_entry

LONGER = BODY + " " + BODY.replace("Monday", "Tuesday").replace("5%", "7%")


class Model:
    """Counts how often it is asked; refuses while told to."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.refusals = 0

    def of(self, article_id: str) -> Callable[[], object]:
        """What asks for that article."""

        async def ask() -> Drafted:
            self.asked.append(article_id)
            await asyncio.sleep(0.01)
            if self.refusals:
                self.refusals -= 1
                raise DraftRefused(article_id, "declined")
            return an_entry().drafted

        return ask


@pytest.fixture
def model() -> Model:
    """A model of the test's own."""
    return Model()


async def tell(stories: Stories, model: Model, article_id: str, text: str, faults: int = 0) -> Told:
    """Tell the story of such an article, against which every draft has so many faults."""
    return await stories.tell(Article(id=article_id, title="Harbor", text=text), model.of(article_id), lambda _: faults)  # type: ignore[arg-type]


async def test_a_copy_takes_the_draft_over(tmp_path: Path, model: Model) -> None:
    """And says whose it was."""
    stories = Stories(tmp_path / "stories.db")
    first = await tell(stories, model, "a", BODY)
    second = await tell(stories, model, "b", "LONDON -- " + BODY)
    assert (first.taken_from, second.taken_from, model.asked) == (None, "a", ["a"])
    assert first.story_id == second.story_id
    assert first.drafted == second.drafted


async def test_a_draft_that_another_version_kept_and_this_one_cannot_read_is_asked_for(tmp_path: Path, model: Model) -> None:
    """Once; its copies take the new one."""
    stories = Stories(tmp_path / "stories.db")
    await tell(stories, model, "a", BODY)
    with sqlite3.connect(tmp_path / "stories.db") as database:
        database.execute("""UPDATE stories SET drafted = '{"draft": {}, "of": "tomorrow"}'""")
    told = [await tell(stories, model, name, BODY) for name in ("b", "c")]
    assert (model.asked, [one.taken_from for one in told]) == (["a", "b"], [None, "b"])


async def test_copies_at_once_make_one_call(tmp_path: Path, model: Model) -> None:
    """All but the first wait for it."""
    stories = Stories(tmp_path / "stories.db")
    told = await asyncio.gather(*(tell(stories, model, f"a{number}", BODY) for number in range(50)))
    assert model.asked == ["a0"]
    assert [one.taken_from for one in told] == [None, *["a0"] * 49]


async def test_another_story_is_asked_for(tmp_path: Path, model: Model) -> None:
    """One figure makes it another."""
    stories = Stories(tmp_path / "stories.db")
    await tell(stories, model, "a", BODY)
    await tell(stories, model, "b", BODY.replace("5%", "6%"))
    assert model.asked == ["a", "b"]


async def test_a_draft_that_fits_a_copy_worse_is_not_taken_over(tmp_path: Path, model: Model) -> None:
    """The copy is asked for itself."""
    stories = Stories(tmp_path / "stories.db")
    await tell(stories, model, "a", BODY)
    told = await tell(stories, model, "b", BODY, faults=1)
    assert (told.taken_from, model.asked) == (None, ["a", "b"])


async def test_when_the_first_fails_the_next_is_asked_for(tmp_path: Path, model: Model) -> None:
    """A failure isn't taken over."""
    stories = Stories(tmp_path / "stories.db")
    model.refusals = 1
    told = await asyncio.gather(*(tell(stories, model, name, BODY) for name in "abc"), return_exceptions=True)
    assert isinstance(told[0], DraftRefused)
    assert model.asked == ["a", "b"]
    assert isinstance(told[2], Told)
    assert told[2].taken_from == "b"


async def test_a_resumed_run_knows_its_stories(tmp_path: Path, model: Model) -> None:
    """They are in the file."""
    before = Stories(tmp_path / "stories.db", threshold=0.7)
    await tell(before, model, "a", BODY)
    before.close()
    after = Stories(tmp_path / "stories.db", threshold=0.7)
    assert (await tell(after, model, "b", BODY)).taken_from == "a"
    assert (await tell(after, model, "c", BODY + " It has twelve depots.")).taken_from == "a"


async def test_the_same_article_again_is_its_own(tmp_path: Path, model: Model) -> None:
    """No call, and taken from nobody."""
    stories = Stories(tmp_path / "stories.db")
    await tell(stories, model, "a", BODY)
    assert (await tell(stories, model, "a", BODY)).taken_from is None
    assert model.asked == ["a"]


async def test_near_copies_only_when_asked_for(tmp_path: Path, model: Model) -> None:
    """A sentence more is another story without a threshold, and the same with one."""
    longer = LONGER + " It has twelve depots."
    exact, near = Stories(tmp_path / "exact.db"), Stories(tmp_path / "near.db", threshold=0.8)
    for stories in (exact, near):
        await tell(stories, model, "a", LONGER)
    assert (await tell(exact, model, "b", longer)).taken_from is None
    assert (await tell(near, model, "b", longer)).taken_from == "a"


async def test_copies_of_a_near_copy_that_does_not_fit_share_one_call(tmp_path: Path, model: Model) -> None:
    """It becomes a story of its own."""
    stories = Stories(tmp_path / "stories.db", threshold=0.8)
    await tell(stories, model, "a", LONGER)
    variant = LONGER + " It has twelve depots."
    assert (await tell(stories, model, "b", variant, faults=1)).taken_from is None
    assert (await tell(stories, model, "c", variant, faults=1)).taken_from == "b"
    assert model.asked == ["a", "b"]


async def test_a_file_that_cannot_be_read_stops_before_the_next_call(tmp_path: Path, model: Model) -> None:
    """Nothing is paid for that copies couldn't share."""
    stories = Stories(tmp_path / "stories.db")
    stories._db.execute("DROP TABLE stories")
    with pytest.raises(SinkFailed, match=r"stories\.db: the run's stories can't be kept"):
        await tell(stories, model, "a", BODY)
    assert model.asked == []


async def test_a_story_that_cannot_be_kept_costs_its_own_article_nothing(tmp_path: Path, model: Model) -> None:
    """It was paid for when that was found out."""
    stories = Stories(tmp_path / "stories.db")
    stories._db.execute("PRAGMA query_only = 1")
    assert (await tell(stories, model, "a", BODY)).taken_from is None


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    """And the run ends as for a disk that fails."""
    (tmp_path / "stories.db").write_bytes(b"not a database, but long enough to be taken for one" * 40)
    with pytest.raises(SinkFailed, match="not a database"):
        Stories(tmp_path / "stories.db")
