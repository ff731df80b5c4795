"""The runner: one row an id, whatever comes between."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from agent import making
from agent.article import Article
from agent.batch.folder import RunFolder
from agent.batch.rows import Spent, article_key, no_articles_id
from agent.batch.runner import Runner
from agent.batch.sharding import Shard
from agent.engines import Drafted
from agent.enrich import Enricher
from agent.errors import ArticleError, BudgetExceeded, KeyRejected, RunRefused, SinkFailed, SourceError, UsageError
from agent.grounding import ground
from agent.sources import Placed
from tests.batch.made import TEXT, USAGE, EngineById, Run, an_enricher, articles, options, some_prices


async def test_every_article_has_a_row_a_card_or_why_not(tmp_path: Path) -> None:
    """With its place and what it took, failures too."""
    run = Run(tmp_path / "run")
    await run.go(articles("a", "fail-b", "c"))
    assert run.states == {"a": "ok", "fail-b": "failed", "c": "ok"}
    failure = run.rows["fail-b"]
    assert (failure.error, failure.problem, failure.place) == ("NoReply", "no usable reply in 5 requests", "in.jsonl:2")
    assert failure.spent.input_tokens == USAGE.input_tokens


async def test_a_finished_run_makes_no_call(tmp_path: Path) -> None:
    """Failures are not asked for again either."""
    run = Run(tmp_path / "run")
    await run.go(articles("a", "fail-b"))
    await run.go(articles("a", "fail-b"))
    assert sorted(run.engine.asked) == ["a", "fail-b"]


async def test_a_row_added_is_one_call(tmp_path: Path) -> None:
    """One beside a hundred."""
    run = Run(tmp_path / "run")
    await run.go(articles(*map(str, range(100))))
    await run.go(articles(*map(str, range(50)), "new", *map(str, range(50, 100))))
    assert run.engine.asked[100:] == ["new"]


async def test_one_row_added_to_a_hundred_cached_is_one_call_in_a_new_run_too(tmp_path: Path) -> None:
    """The cache goes by the article, not by the input."""
    await Run(tmp_path / "run", drafts=tmp_path / "drafts").go(articles(*map(str, range(100))))
    run = Run(tmp_path / "run-2", drafts=tmp_path / "drafts")
    await run.go(articles("new", *map(str, range(100))))
    assert run.engine.asked == ["new"]
    assert run.rows["7"].card is not None
    assert run.rows["7"].card["provenance"]["cached"] is True
    assert run.rows["7"].spent.cost_usd == 0


async def test_retry_failed_takes_the_failures_alone(tmp_path: Path) -> None:
    """A card that comes of it counts in their place; what the failure took stays in the accounts."""
    run = Run(tmp_path / "run")
    await run.go(articles("a", "fail-b", "fail-c"))
    run.engine.mended = True
    runner = await run.go(articles("a", "fail-b", "new"), retry_failed=True)
    assert run.engine.asked[3:] == ["fail-b"]
    assert run.states == {"a": "ok", "fail-b": "ok", "fail-c": "failed"}
    assert runner.standing.spent.requests == 4
    assert runner.standing.done == 3


async def test_an_id_that_stands_twice_with_the_same_content_is_one_row(tmp_path: Path) -> None:
    """And one call."""
    run = Run(tmp_path / "run")
    runner = await run.go([*articles("a", "b"), *articles("a")])
    assert sorted(run.engine.asked) == ["a", "b"]
    assert runner.standing.skipped == 1


@pytest.mark.parametrize("before", ["in flight", "done"])
async def test_an_id_that_stands_twice_with_other_content_is_an_error_that_names_both_places(before: str, tmp_path: Path) -> None:
    """The first one has its card; a resume says nothing new."""
    run = Run(tmp_path / "run")
    other = Placed("more.csv row 9", Article(id="a", text="Borealis cut a fifth of its jobs on Tuesday, it said."))
    if before == "done":
        await run.go(articles("a"))
    for _ in range(2):
        await run.go([*articles("a"), other])
    assert run.states == {"a": "ok", no_articles_id("more.csv row 9"): "failed"}
    row = run.rows[no_articles_id("more.csv row 9")]
    assert row.error == "SameId"
    assert row.problem == "it stands at in.jsonl:1 and, with other content, at more.csv row 9; give one another id"


async def test_what_cannot_be_read_has_a_row_until_it_can(tmp_path: Path) -> None:
    """Mended in the input, its failure is none any more, and nobody need ask for a retry."""
    run = Run(tmp_path / "run")
    bad = Placed("in.jsonl:1", ArticleError("in.jsonl:1", "it has no text"))
    for _ in range(2):
        await run.go([bad, *articles("x", "b")[1:]])
    assert run.states == {no_articles_id("in.jsonl:1"): "failed", "b": "ok"}
    await run.go(articles("a", "b"))
    assert run.states == {"a": "ok", "b": "ok"}


async def test_an_article_that_is_called_like_a_place_is_not_taken_for_it(tmp_path: Path) -> None:
    """Its row and the one of what can't be read there are two, of two ids."""
    run = Run(tmp_path / "run")
    bad = Placed("in.jsonl:1", ArticleError("in.jsonl:1", "it has no text"))
    await run.go([bad, *articles("x", "in.jsonl:1")[1:]])
    assert sorted(run.states.values()) == ["failed", "ok"]
    assert run.states["in.jsonl:1"] == "ok"


async def test_a_source_that_could_not_be_read_has_a_row_until_it_can(tmp_path: Path) -> None:
    """Whole files and folders too, once all of them was read; what still can't be read, or wasn't reached, stays as it is."""
    run = Run(tmp_path / "run")
    named = ("in.jsonl", "news", "empty/", "other.csv")
    bad = [Placed(name, SourceError(name, "there is no text in it")) for name in named]
    await run.go(bad)
    assert run.states == dict.fromkeys(map(no_articles_id, named), "failed")
    in_folder = [Placed(f"{folder}/a.txt", Article(id=folder, text=TEXT.format(folder))) for folder in ("news/today", "empty")]
    runner = await run.go([*articles("key-a"), *in_folder])
    assert runner.stopped is not None
    assert set(map(no_articles_id, named)) <= run.states.keys()
    run.engine.mended = True
    for _ in range(2):
        again = [*articles("key-a"), *in_folder, Placed("other.csv row 1", Article(id="o", text=TEXT.format("o"))), bad[3]]
        runner = await run.go(again)
        assert run.states == {"key-a": "ok", "news/today": "ok", "empty": "ok", "o": "ok", no_articles_id("other.csv"): "failed"}
        assert runner.standing.done == 5


async def test_a_failed_article_that_was_mended_in_its_place_is_tried_as_it_is_now(tmp_path: Path) -> None:
    """A failure holds no content fast. A card does: what has changed since says so."""
    run = Run(tmp_path / "run")
    await run.go(articles("fail-a"))
    (placed,) = articles("fail-a")
    changed = placed._replace(item=Article(id="fail-a", text="Borealis cut a fifth of its jobs on Tuesday, it said."))
    await run.go([changed])
    assert run.states == {"fail-a": "failed"}
    run.engine.mended = True
    await run.go([changed], retry_failed=True)
    assert run.states == {"fail-a": "ok"}
    await run.go([placed])
    problem = "it has other content than when its card was made; give it another id, or begin a new run"
    row = run.rows[no_articles_id("in.jsonl:1")]
    assert (row.error, row.problem) == ("SameId", problem)


async def test_a_failed_article_that_was_mended_and_has_moved_is_tried_as_it_is_now(tmp_path: Path) -> None:
    """A row before it was taken out. It doesn't stand where it did, so nothing goes by its id twice."""
    run = Run(tmp_path / "run")
    await run.go(articles("a", "fail-b"))
    run.engine.mended = True
    moved = Placed("in.jsonl:1", Article(id="fail-b", text="Borealis cut a fifth of its jobs on Tuesday, it said."))
    await run.go([moved])
    assert run.states == {"a": "ok", "fail-b": "failed"}
    await run.go([moved], retry_failed=True)
    assert run.states == {"a": "ok", "fail-b": "ok"}


async def test_two_articles_of_one_id_stay_two_whichever_of_them_failed(tmp_path: Path) -> None:
    """A retry takes the one that stands first, and goes on telling of the other."""
    run = Run(tmp_path / "run")
    other = Placed("in.jsonl:2", Article(id="fail-a", text="Borealis cut a fifth of its jobs on Tuesday, it said."))
    for retry_failed in (False, False, True, True):
        await run.go([*articles("fail-a"), other], retry_failed=retry_failed)
        assert run.states == {"fail-a": "failed", no_articles_id("in.jsonl:2"): "failed"}
    assert len(run.engine.asked) == 3


async def test_what_could_not_be_read_and_is_gone_from_its_source_failed_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row that was taken out of its file, a file out of its folder; not what was merely not asked about, nor what still can't be read."""
    monkeypatch.chdir(tmp_path)
    run = Run(tmp_path / "run")
    (tmp_path / "news").mkdir()
    names = ("news/there.txt", "news/gone.txt", "more.csv row 4", "in.jsonl:3", "in.jsonl:4", "https://a.example/b")
    (tmp_path / "news" / "there.txt").touch()
    await run.go([*articles("a"), *(Placed(name, ArticleError(name, "it has no text")) for name in names)])
    in_folder = Placed("news/good.txt", Article(id="good", text=TEXT.format("good")))
    still = Placed("in.jsonl:4", ArticleError("in.jsonl:4", "it has no text"))
    page = Placed("https://a.example/c", Article(id="c", text=TEXT.format("c")))
    runner = await run.go([*articles("a", "b"), still, in_folder, page])
    left = ("news/there.txt", "more.csv row 4", "in.jsonl:4", "https://a.example/b")
    assert run.states == dict.fromkeys(("a", "b", "good", "c"), "ok") | dict.fromkeys(map(no_articles_id, left), "failed")
    assert runner.standing.done == 8


async def test_an_id_that_stands_twice_is_told_by_the_shard_that_has_it(tmp_path: Path) -> None:
    """Wherever its places would belong."""
    others = [
        Placed(f"more.csv row {row}", Article(id="a", text=f"Borealis cut {row} of its jobs on Tuesday, it said.")) for row in range(9)
    ]
    told: list[str] = []
    for number in (1, 2):
        run = Run(tmp_path / str(number))
        await run.go([*articles("a"), *others], shard=Shard(number, 2))
        told += run.states
    assert sorted(told) == ["a", *(no_articles_id(placed.place) for placed in others)]


async def test_shards_split_the_input_among_them(tmp_path: Path) -> None:
    """Every id in exactly one, whatever the input's order."""
    ids = [f"id-{number}" for number in range(60)]
    runs = [Run(tmp_path / str(number)) for number in (1, 2, 3)]
    for number, run in enumerate(runs, 1):
        await run.go(articles(*(ids if number == 1 else reversed(ids))), shard=Shard(number, 3))
    assert sorted(name for run in runs for name in run.states) == sorted(ids)
    assert all(10 < len(run.states) < 30 for run in runs)


@pytest.mark.parametrize("text", ["0/4", "5/4", "1", "a/b", "1/0", "-1/4"])
def test_a_shard_that_is_none_is_refused(text: str) -> None:
    """The message shows the form."""
    with pytest.raises(UsageError, match="write it like 2/8"):
        Shard.parse(text)


@pytest.mark.parametrize(("name", "error"), [("key-x", KeyRejected), ("budget-x", BudgetExceeded)])
async def test_an_error_of_the_whole_run_stops_it_within_what_is_in_flight(name: str, error: type[Exception], tmp_path: Path) -> None:
    """Checklist A5: nothing begins after it, what is in flight ends, and the next runner goes on."""
    run = Run(tmp_path / "run")
    runner = await run.go(articles(name, *map(str, range(100))))
    assert isinstance(runner.stopped, error)
    assert len(run.engine.asked) <= 16
    assert name not in run.states
    run.engine.mended = True
    await run.go(articles(name, *map(str, range(100))))
    assert len(run.states) == 101


async def test_a_budget_that_stops_an_article_halfway_keeps_what_it_took(tmp_path: Path) -> None:
    """In the accounts of the run, for the budget of the next one."""

    class Halfway(EngineById):
        async def draft(self, article: Article, _find_faults: object) -> Drafted:
            self.asked.append(article.id)
            error = BudgetExceeded("too much")
            error.usage = USAGE
            raise error

    run = Run(tmp_path / "run", Halfway())
    await run.go(articles("a"))
    run.engine = EngineById()
    runner = await run.go(articles("a"))
    assert runner.standing.spent.requests == 2
    assert runner.standing.lost == 0


async def test_a_fault_of_our_own_fails_one_article_and_tells_none_of_its_words(tmp_path: Path) -> None:
    """The others go on."""
    run = Run(tmp_path / "run")
    await run.go(articles("bug-a", "b"))
    assert run.states == {"bug-a": "failed", "b": "ok"}
    row = run.rows["bug-a"]
    assert row.error == "OwnFault"
    assert row.problem is not None
    assert row.problem.startswith("TypeError in made.py:")
    assert "Acme" not in row.problem


async def test_a_cached_draft_that_cannot_be_grounded_fails_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others of its group have their cards."""
    names = [str(number) for number in range(40)]
    await Run(tmp_path / "run", drafts=tmp_path / "drafts").go(articles(*names))

    def flawed(article: Article, *rest: Any) -> Any:
        if article.id == "7":
            raise TypeError(article.text)
        return ground(article, *rest)

    monkeypatch.setattr(making, "ground", flawed)
    run = Run(tmp_path / "run-2", drafts=tmp_path / "drafts")
    await run.go(articles(*names))
    assert run.states == dict.fromkeys(names, "ok") | {"7": "failed"}
    assert run.rows["7"].error == "OwnFault"
    assert run.engine.asked == []


async def test_an_interruption_among_cached_articles_leaves_the_rest_for_the_next_runner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Grounding a whole group isn't waited for, and nothing is asked for."""
    names = [str(number) for number in range(100)]
    await Run(tmp_path / "run", drafts=tmp_path / "drafts").go(articles(*names))
    run = Run(tmp_path / "run-2", drafts=tmp_path / "drafts")
    look, looks = Enricher.look, list[int]()

    def interrupted_look(enricher: Enricher, found: Sequence[tuple[Article, Drafted]]) -> None:
        look(enricher, found)
        looks.append(len(found))
        if len(looks) == 2:
            assert run.runner is not None
            run.runner.interrupt()

    monkeypatch.setattr(Enricher, "look", interrupted_look)
    runner = await run.go(articles(*names))
    assert len(looks) == 2
    assert 0 < runner.standing.left <= 100 - runner.standing.cards
    monkeypatch.undo()
    await run.go(articles(*names))
    assert run.states == dict.fromkeys(names, "ok")
    assert run.engine.asked == []


async def interrupted(run: Run, names: list[str], *, times: int) -> Runner:
    """`names`, interrupted when all are in flight."""
    going = asyncio.create_task(run.go(articles(*names)))
    while len(run.engine.asked) < len(names):  # noqa: ASYNC110  the engine tells nobody
        await asyncio.sleep(0.01)
    assert run.runner is not None
    for _ in range(times):
        run.runner.interrupt()
    await asyncio.sleep(0.02)
    run.engine.go.set()
    return await asyncio.wait_for(going, 5)


async def test_an_interruption_lets_what_is_in_flight_end(tmp_path: Path) -> None:
    """Checklist C33."""
    run = Run(tmp_path / "run")
    await interrupted(run, ["slow-a", "slow-b"], times=1)
    assert run.states == {"slow-a": "ok", "slow-b": "ok"}


async def test_what_is_not_there_at_the_deadline_is_left_for_the_next_runner(tmp_path: Path) -> None:
    """Checklist C33: and counted, since it may have been paid for."""
    run = Run(tmp_path / "run")
    runner = await interrupted(run, ["hang-a", "slow-b"], times=1)
    assert run.states == {"slow-b": "ok"}
    assert runner.standing.left == runner.standing.lost == 1
    run.engine.mended = True
    runner = await run.go(articles("hang-a", "slow-b"))
    assert run.states == {"hang-a": "ok", "slow-b": "ok"}
    assert runner.standing.lost == 1


async def test_a_second_interruption_ends_at_once_and_loses_no_row(tmp_path: Path) -> None:
    """What was made before it is there."""
    run = Run(tmp_path / "run")
    await run.go(articles("a"))
    await interrupted(run, ["hang-a", "slow-b"], times=2)
    assert run.states == {"a": "ok"}


async def test_a_draft_that_came_just_before_a_kill_is_counted_once_and_not_asked_for_again(tmp_path: Path) -> None:
    """It is in the cache, its row is not written: this run paid for it."""
    run = Run(tmp_path / "run", drafts=tmp_path / "drafts")
    enricher = an_enricher(run.engine, run.drafts)
    folder = RunFolder.open(run.path, enricher.fingerprint)
    ((_, article),) = articles("a")
    assert isinstance(article, Article)
    folder.note_asked(article_key("a"))
    async with enricher:
        await enricher.draft(article)
    folder.close()
    runner = await run.go(articles("a"))
    assert run.engine.asked == ["a"]
    assert runner.standing.spent == Spent(1, 1, USAGE.input_tokens, 0, USAGE.output_tokens, None, None)
    assert runner.standing.lost == 0


async def test_what_was_in_flight_at_a_kill_is_told_with_what_it_cost_at_most(tmp_path: Path) -> None:
    """The ledger may have billed it or not; the article's own answer says how much. Without one, the mean of the others does."""
    run = Run(tmp_path / "run", prices=some_prices(tmp_path / "prices.yaml"))
    folder = RunFolder.open(run.path, an_enricher(run.engine).fingerprint)
    for name in ("a", "a", "b"):
        folder.note_asked(article_key(name))
    folder.close()
    runner = await run.go(articles("a"))
    one = run.rows["a"].spent.cost_usd
    assert one
    assert run.rows["a"].spent == Spent(1, 1, USAGE.input_tokens, 0, USAGE.output_tokens, one, one, 2, 2 * one)
    assert runner.standing.lost == 3
    assert runner.standing.lost_usd == pytest.approx(3 * one)
    runner = await run.go(articles("a", "b"))
    assert (runner.standing.spent.asked, runner.standing.spent.lost, runner.standing.lost) == (2, 3, 3)
    assert runner.standing.lost_usd == pytest.approx(3 * one)


async def test_what_was_lost_before_a_failure_is_told_once(tmp_path: Path) -> None:
    """A later success has nothing to add to it."""
    run = Run(tmp_path / "run", prices=some_prices(tmp_path / "prices.yaml"))
    folder = RunFolder.open(run.path, an_enricher(run.engine).fingerprint)
    for _ in range(2):
        folder.note_asked(article_key("fail-a"))
        folder.note_asked(article_key("b"))
    folder.close()
    await run.go(articles("fail-a"))
    assert run.rows["fail-a"].spent.lost == 2
    run.engine.mended = True
    runner = await run.go(articles("fail-a"), retry_failed=True)
    assert run.rows["fail-a"].spent.lost == 0
    assert (runner.standing.spent.lost, runner.standing.lost) == (2, 4)


async def test_a_sink_that_fails_stops_before_the_next_paid_call(tmp_path: Path) -> None:
    """Checklist A7: and the run goes on when the disk has room again."""
    run = Run(tmp_path / "run")
    segment = run.path / "rows" / "000001.jsonl"

    def slowly() -> Iterator[Placed]:
        segment.symlink_to("/dev/full")
        for placed in articles(*map(str, range(200))):
            time.sleep(0.005)
            yield placed

    with pytest.raises(SinkFailed, match="No space left on device"):
        await run.go(slowly())
    assert len(run.engine.asked) < 150
    segment.unlink()
    await run.go(articles(*map(str, range(200))))
    assert len(run.states) == 200


async def test_an_error_of_the_reader_surfaces_with_all_rows_kept(tmp_path: Path) -> None:
    """It isn't taken for the end of the input."""

    def broken() -> Iterator[Placed]:
        yield from articles("a", "b")
        raise OSError("the disk is gone")

    run = Run(tmp_path / "run")
    with pytest.raises(OSError, match="the disk is gone"):
        await run.go(broken())
    assert len(run.states) <= 2


async def test_what_is_in_flight_when_the_reader_fails_comes_to_its_end(tmp_path: Path) -> None:
    """It is paid for, whatever became of the input."""
    run = Run(tmp_path / "run")

    def broken() -> Iterator[Placed]:
        yield from articles("slow-a", "slow-b")
        while len(run.engine.asked) < 2:
            time.sleep(0.01)
        raise OSError("the disk is gone")

    going = asyncio.create_task(run.go(broken()))
    await asyncio.sleep(0.3)
    run.engine.go.set()
    with pytest.raises(OSError, match="the disk is gone"):
        await going
    assert run.states == {"slow-a": "ok", "slow-b": "ok"}


async def test_a_card_that_cannot_be_written_fails_alone(tmp_path: Path) -> None:
    """One odd article among a million doesn't end their run."""
    odd = Article(id="odd", text=TEXT.format("odd")).model_copy(update={"url": "\ud800"})
    run = Run(tmp_path / "run")
    await run.go([Placed("in.jsonl:9", odd), *articles("b")])
    assert run.states == {"odd": "failed", "b": "ok"}
    assert run.rows["odd"].error == "OwnFault"
    assert run.rows["odd"].spent.input_tokens == USAGE.input_tokens


async def test_the_window_follows_the_limit(tmp_path: Path) -> None:
    """Never more in flight than it is worth."""
    run = Run(tmp_path / "run")
    enricher = an_enricher(run.engine)
    folder = RunFolder.open(run.path, enricher.fingerprint)
    most = 0

    class Watched(EngineById):
        async def draft(self, article: Article, find_faults: Callable[..., object]) -> Drafted:
            nonlocal most
            most = max(most, len(runner._tasks))
            return await super().draft(article, find_faults)  # type: ignore[arg-type]

    enricher._engine = Watched()
    runner = Runner(enricher, folder, options())
    await runner.run(iter(articles(*map(str, range(100)))))
    folder.close()
    assert most == enricher.limit == 8


@dataclass
class _Told:
    drafted: Drafted
    story_id: str
    taken_from: str | None


class OneStory:
    """A teller for whom all articles tell one story."""

    def __init__(self) -> None:
        self.first: tuple[str, Drafted] | None = None
        self.lock = asyncio.Lock()

    async def tell(self, article: Article, ask: Callable[[], Awaitable[Drafted]], _faults: Callable[[Drafted], int]) -> _Told:
        """The first one's draft for all."""
        async with self.lock:
            if self.first is None:
                self.first = (article.id, await ask())
                return _Told(self.first[1], "s-1", None)
            return _Told(self.first[1], "s-1", self.first[0])


async def test_copies_of_a_story_have_their_cards_and_cost_one_call(tmp_path: Path) -> None:
    """Their rows name the story and the article whose draft it was; a later run finds them in the cache."""
    run = Run(tmp_path / "run", drafts=tmp_path / "drafts")
    runner = await run.go(articles("a", "b", "c"), stories=OneStory())
    assert run.engine.asked == ["a"]
    assert [(row.story_id, row.taken_from) for row in run.rows.values()] == [("s-1", None), ("s-1", "a"), ("s-1", "a")]
    assert runner.standing.copies == 2
    assert runner.standing.spent.requests == 1
    again = Run(tmp_path / "run-2", drafts=tmp_path / "drafts")
    await again.go(articles("a", "b", "c"), stories=OneStory())
    assert again.engine.asked == []


async def test_another_engine_in_the_same_directory_is_refused(tmp_path: Path) -> None:
    """Cards of two models would stand side by side."""
    await Run(tmp_path / "run").go(articles("a"))
    with pytest.raises(RunRefused, match="model was m-1, is m-2"):
        await Run(tmp_path / "run", EngineById(model="m-2")).go(articles("a"))
