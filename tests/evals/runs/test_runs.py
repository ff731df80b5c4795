"""Runs: nothing asked twice, nothing lost, the same report from what was recorded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agent.errors import BudgetExceeded, UsageError
from evals.report import page
from evals.runs import RunFolder, load_run
from evals.runs.folder import MANIFEST, ROWS
from evals.statistics import Resampling
from tests.evals.runs.made import ChangedEngine, a_manifest, made, rejected, unanswered

FEW = Resampling(draws=50)


async def test_every_article_gets_a_row(tmp_path: Path) -> None:
    """In one run, with what it took."""
    counts = await made(tmp_path / "run", ChangedEngine())
    rows = RunFolder(tmp_path / "run").rows()
    assert (counts.done, counts.failed, len({row.key for row in rows})) == (12, 0, 12)
    assert all(row.drafted and row.drafted.usage.requests == 1 for row in rows)


async def test_the_same_run_again_asks_for_nothing(tmp_path: Path) -> None:
    """It is done."""
    await made(tmp_path / "run", ChangedEngine())
    again = ChangedEngine()
    counts = await made(tmp_path / "run", again)
    assert (again.asked, counts.done) == ([], 12)


async def test_a_torn_row_is_cut_off_and_asked_for_again(tmp_path: Path) -> None:
    """As a crash in the middle of a write leaves it; all others stay."""
    await made(tmp_path / "run", ChangedEngine())
    rows = tmp_path / "run" / ROWS
    lost = RunFolder(tmp_path / "run").rows()[-1].sample
    rows.write_bytes(rows.read_bytes()[:-40])
    assert len(RunFolder(tmp_path / "run").rows()) == 11
    again = ChangedEngine()
    await made(tmp_path / "run", again)
    assert again.asked == [lost]
    assert len(RunFolder(tmp_path / "run").rows()) == 12


async def test_a_damaged_row_is_named(tmp_path: Path) -> None:
    """By file and line, with what to do."""
    await made(tmp_path / "run", ChangedEngine())
    rows = tmp_path / "run" / ROWS
    lines = rows.read_bytes().splitlines(keepends=True)
    rows.write_bytes(b"".join([*lines[:3], b"{}\n", *lines[4:]]))
    with pytest.raises(UsageError, match=r"rows.jsonl:4: .*delete the line"):
        RunFolder(tmp_path / "run").rows()


async def test_a_repeat_is_another_draft_of_the_same_article(tmp_path: Path) -> None:
    """Each article is asked for as often as was ordered."""
    engine = ChangedEngine()
    await made(tmp_path / "run", engine, a_manifest(3, repeats=4))
    assert len(engine.asked) == 12
    assert len({*engine.asked}) == 3
    run = await load_run(tmp_path / "run")
    assert len(run.cards) == 12
    assert run.estimates(FEW)["cards.made"].scored == 12


async def test_another_run_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    """With the names of what differs."""
    await made(tmp_path / "run", ChangedEngine())
    other = a_manifest(ingredients={"model": "other", "prompt": "card.v1@test"})
    with pytest.raises(UsageError, match=r"another model; give another --out"):
        await made(tmp_path / "run", ChangedEngine(), other)


async def test_two_writers_of_one_run_are_refused(tmp_path: Path) -> None:
    """The second one pays for nothing."""
    with RunFolder(tmp_path / "run").writing(a_manifest()), pytest.raises(UsageError, match="another process"):
        await made(tmp_path / "run", ChangedEngine())


async def test_a_stop_keeps_what_was_made(tmp_path: Path) -> None:
    """And the run goes on from there."""

    class Broke(ChangedEngine):
        async def draft(self, article, find_faults):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202  as the engine's
            if len(self.asked) == 6:
                raise BudgetExceeded("the next request could cost too much")
            return await super().draft(article, find_faults)

    with pytest.raises(BudgetExceeded):
        await made(tmp_path / "run", Broke())
    kept = {row.sample for row in RunFolder(tmp_path / "run").rows()}
    assert 1 <= len(kept) <= 6
    again = ChangedEngine()
    await made(tmp_path / "run", again)
    assert {*again.asked}.isdisjoint(kept)
    assert len(kept) + len(again.asked) == 12


async def test_a_replay_gives_the_same_report_to_the_byte(tmp_path: Path) -> None:
    """From the rows alone, with times and costs as they were."""
    await made(tmp_path / "run", ChangedEngine())
    first, second = [page((await load_run(tmp_path / "run")).evaluated(FEW)) for _ in range(2)]
    assert first == second
    run = await load_run(tmp_path / "run")
    for (sample, repeat), card in run.cards.items():
        row = run.rows[sample, repeat]
        assert (card.provenance.elapsed_s, card.provenance.created_at) == (row.elapsed_s, row.created_at)


async def test_a_providers_errors_make_a_run_invalid_and_never_worse(tmp_path: Path) -> None:
    """One of twelve is above two percent; what has no reply isn't scored."""
    await made(tmp_path / "run", ChangedEngine(failing=unanswered([3])))
    run = await load_run(tmp_path / "run")
    assert run.provider_errors == 1
    assert "have no reply" in str(run.invalid_because)
    made_cards = run.estimates(FEW)["cards.made"]
    assert (made_cards.value, made_cards.scored, made_cards.unscored) == (1.0, 11, 1)


async def test_what_an_engine_gets_wrong_counts_against_it(tmp_path: Path) -> None:
    """A reply that is no draft is a card not made, and the run is valid. Its cost counts."""
    counts = await made(tmp_path / "run", ChangedEngine(failing=rejected([3, 5])))
    run = await load_run(tmp_path / "run")
    assert run.invalid_because is None
    assert run.estimates(FEW)["cards.made"].value == pytest.approx(10 / 12)
    failed = [row for row in run.rows.values() if row.trouble]
    assert [row.cost_usd for row in failed] == [0.1, 0.1]
    assert counts.cost_usd is None  # the cards' model has no known price


async def test_what_failed_in_a_later_repeat_is_told_too(tmp_path: Path) -> None:
    """A report shows the first repeat's cards, and says at its head how many rows of all have none."""
    await made(tmp_path / "run", ChangedEngine(failing=rejected([10])), a_manifest(6, repeats=2))
    run = await load_run(tmp_path / "run")
    assert ("no card", "1 of 12 rows: 1 DraftRejected") in run.evaluated(FEW).facts


async def test_an_unfinished_run_is_invalid(tmp_path: Path) -> None:
    """And says how to go on."""
    await made(tmp_path / "run", ChangedEngine())
    rows = tmp_path / "run" / ROWS
    rows.write_bytes(b"".join(rows.read_bytes().splitlines(keepends=True)[:-2]))
    run = await load_run(tmp_path / "run")
    assert "2 of its rows were not made" in str(run.invalid_because)


async def test_a_row_of_another_article_makes_up_for_none_that_is_missing(tmp_path: Path) -> None:
    """Rows are wanted by name, not by number."""
    await made(tmp_path / "run", ChangedEngine())
    rows = tmp_path / "run" / ROWS
    rows.write_bytes(rows.read_bytes().replace(RunFolder(tmp_path / "run").rows()[4].sample.encode(), b"another-article"))
    run = await load_run(tmp_path / "run")
    assert "1 of its rows were not made" in str(run.invalid_because)


async def test_a_row_without_a_draft_that_would_be_asked_for_today_is_no_card_made(tmp_path: Path) -> None:
    """An older newscard thought that the text says nothing: its article would silently be in no metric."""
    await made(tmp_path / "run", ChangedEngine())
    rows = tmp_path / "run" / ROWS
    lines = rows.read_text("utf-8").splitlines()
    rows.write_text("\n".join([json.dumps(json.loads(lines[0]) | {"drafted": None}), *lines[1:]]) + "\n", "utf-8")
    run = await load_run(tmp_path / "run")
    assert "1 of its rows hold no draft" in str(run.invalid_because)
    assert run.estimates(FEW)["cards.made"].scored == 11


async def test_rows_without_their_manifest_are_not_taken_over(tmp_path: Path) -> None:
    """Nobody knows who wrote them: another model's run would go on from them."""
    await made(tmp_path / "run", ChangedEngine())
    (tmp_path / "run" / MANIFEST).unlink()
    with pytest.raises(UsageError, match=r"manifest.json is gone; give another --out"):
        await made(tmp_path / "run", ChangedEngine(), a_manifest(ingredients={"model": "other", "prompt": "card.v1@test"}))
    assert not (tmp_path / "run" / MANIFEST).exists()


async def test_data_that_changed_since_is_refused(tmp_path: Path) -> None:
    """A report would mix two things."""
    await made(tmp_path / "run", ChangedEngine(), a_manifest(data={"gold": "0" * 32}))
    with pytest.raises(UsageError, match="aren't those of the run"):
        await load_run(tmp_path / "run")


def test_a_folder_without_a_run_says_how_to_make_one(tmp_path: Path) -> None:
    """In one line."""
    with pytest.raises(UsageError, match="newscard eval run --out"):
        RunFolder(tmp_path).manifest()
