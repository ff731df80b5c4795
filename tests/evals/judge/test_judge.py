"""The judge: what it is shown, what counts as its answer, and how far it is believed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.article import Article
from agent.errors import EndpointError, UsageError
from agent.settings import Settings
from evals.judge.__main__ import RECORDED, main, table
from evals.judge.agreement import CONTROL, KINDS_OF_PROSE, Trial, agreement, kappa, trials
from evals.judge.asking import JudgeFailed, JudgeModel
from evals.judge.questions import QUESTIONS, Judgement, Messages, judge_prompt, messages
from evals.judge.recorded import RecordedJudge
from evals.judge.verdicts import judged, verdict
from tests.faults.answers import completion, error
from tests.faults.server import FaultServer

ARTICLE = Article(title="Acme cuts its forecast", text="Acme cut its forecast on Monday. Its shares fell 4%.")
FIRST, SECOND = "Acme cut its forecast.", "Acme raised its forecast."
MARK = "{{ 7 * 7 }}"


def answers(**changed: str) -> dict[str, str]:
    """All good, but for what is changed."""
    return {"fault": "", **dict.fromkeys(QUESTIONS, "yes"), **changed}


def judgement(first: dict[str, str], second: dict[str, str], better: str = "neither") -> Judgement:
    """One reply."""
    return Judgement.model_validate({"first": first, "second": second, "better": better})


def hater_of(word: str) -> Callable[[Messages], Any]:
    """A judge that calls wrong whatever holds `word`, wherever it stands."""

    async def ask(shown: Messages) -> Judgement:
        user = shown[1]["content"]
        parts = [user.split(f"-{side}\n")[1].split(f"-{side}>>")[0] for side in ("first", "second")]
        bad = [word in part for part in parts]
        better = "neither" if bad[0] == bad[1] else "second" if bad[0] else "first"
        first, second = (answers(supported="no", fault=word) if wrong else answers() for wrong in bad)
        return judgement(first, second, better)

    return ask


def test_the_prompt_is_the_reviewed_text(snapshot: Callable[[str, str], None]) -> None:
    """Both messages."""
    system, user = messages(ARTICLE, FIRST, SECOND)
    snapshot("judge.v1.system.txt", system["content"])
    snapshot("judge.v1.user.txt", user["content"])


def test_every_question_is_asked_and_answered() -> None:
    """The file and the reply's form name the same ones."""
    assert [question["id"] for question in json.loads(judge_prompt().sources["questions.json"])] == list(QUESTIONS)


def test_what_is_judged_is_never_a_template() -> None:
    """Nor does it reach the system message."""
    system, user = messages(Article(title=MARK, text=MARK), MARK, MARK)
    assert user["content"].count(MARK) == 4
    assert MARK not in system["content"]


def test_an_answer_that_changes_with_the_order_is_none() -> None:
    """For the questions and for the preference."""
    biased = judgement(answers(), answers(explains="no"), "first")
    said = verdict(biased, biased)
    assert (said.a["explains"], said.b["explains"], said.better) == (None, None, None)
    assert said.a["supported"] == said.b["supported"] == "yes"


@pytest.mark.parametrize(
    ("ab", "ba", "better"), [("first", "second", "a"), ("second", "first", "b"), ("neither", "neither", "tie"), ("first", "neither", None)]
)
def test_a_preference_counts_in_both_orders(ab: str, ba: str, better: str | None) -> None:
    """The place is turned back to the analysis."""
    assert verdict(judgement(answers(), answers(), ab), judgement(answers(), answers(), ba)).better == better


async def test_both_orders_are_asked() -> None:
    """And the faults are told of the right one."""
    said = await judged(ARTICLE, FIRST, SECOND, hater_of("raised"))
    assert (said.a["supported"], said.b["supported"], said.better) == ("yes", "no", "a")
    assert (said.faults_a, said.faults_b) == ((), ("raised", "raised"))


async def test_agreement_counts_what_was_planted() -> None:
    """A judge that sees the fault, on one trial with a fault and one without."""
    found = [Trial("digit swap", ARTICLE, FIRST, SECOND), Trial(CONTROL, ARTICLE, FIRST, FIRST + " Shares fell.")]
    planted, control = await agreement(found, hater_of("raised"))
    assert (planted.caught, planted.preferred, planted.alarms, planted.faithful) == (1, 1, 0, 1)
    assert (control.caught, control.alarms, control.faithful) == (0, 0, 2)
    assert kappa([planted, control]) == 1.0


async def test_a_judge_that_calls_everything_wrong_agrees_by_chance_alone() -> None:
    """Kappa is nothing, however many faults it catches."""
    rows = await agreement([Trial("digit swap", ARTICLE, FIRST, SECOND), Trial(CONTROL, ARTICLE, FIRST, FIRST + " So.")], hater_of("Acme"))
    assert rows[0].caught == 1
    assert kappa(rows) == 0.0


async def test_a_trial_without_a_judgement_counts_for_nothing(tmp_path: Path) -> None:
    """But it is told."""
    (row,) = await agreement([Trial("digit swap", ARTICLE, FIRST, SECOND)], RecordedJudge(tmp_path / "none.jsonl"))
    assert (row.trials, row.faithful, row.unjudged) == (0, 0, 1)
    assert "Not judged: 1 trials" in table([row])


def test_trials_are_of_every_kind_and_the_same_each_time() -> None:
    """From different articles within a kind; the faulty analysis differs from the faithful one."""
    found = trials(2)
    assert found == trials(2)
    assert {trial.kind for trial in found} == {*KINDS_OF_PROSE, CONTROL}
    assert all(trial.a != trial.b for trial in found)


async def test_a_model_is_asked_through_its_endpoint(fault_server: FaultServer) -> None:
    """A failure on the way is repeated; the reply has the form that was asked for."""
    fault_server.script(error(503), completion(judgement(answers(), answers()).model_dump_json()))
    settings = Settings(model="judge-1", base_url=fault_server.base_url)
    async with JudgeModel(settings, longest_wait_s=0) as ask:
        said = await ask(messages(ARTICLE, FIRST, SECOND))
    assert said == judgement(answers(), answers())
    assert len(fault_server.requests) == 2
    assert fault_server.requests[-1].json["messages"][0]["content"] == messages(ARTICLE, FIRST, SECOND)[0]["content"]


async def test_a_wrong_key_ends_it_at_once(fault_server: FaultServer) -> None:
    """One request, one clear line."""
    fault_server.reply(error(401, "no such key"))
    async with JudgeModel(Settings(model="judge-1", base_url=fault_server.base_url)) as ask:
        with pytest.raises(EndpointError, match="401"):
            await ask(messages(ARTICLE, FIRST, SECOND))
    assert len(fault_server.requests) == 1


async def test_a_reply_out_of_form_is_no_judgement(fault_server: FaultServer) -> None:
    """After one more try; the article isn't quoted in the error."""
    fault_server.reply("I prefer the first.")
    async with JudgeModel(Settings(model="judge-1", base_url=fault_server.base_url)) as ask:
        with pytest.raises(JudgeFailed) as caught:
            await ask(messages(ARTICLE, FIRST, SECOND))
    assert "Acme" not in str(caught.value)
    assert len(fault_server.requests) == 2


def test_a_judge_needs_a_model() -> None:
    """And says how to name one."""
    with pytest.raises(UsageError, match="NEWSCARD_MODEL"):
        JudgeModel(Settings())


async def test_a_judgement_is_recorded_once_and_needs_no_model_then(tmp_path: Path) -> None:
    """The same question is the same record."""
    calls: list[Messages] = []

    async def live(shown: Messages) -> Judgement:
        calls.append(shown)
        return judgement(answers(), answers())

    path = tmp_path / "judgements.jsonl"
    await judged(ARTICLE, FIRST, SECOND, RecordedJudge(path, live, label="m"))
    again = await judged(ARTICLE, FIRST, SECOND, RecordedJudge(path))
    assert (len(calls), again.better) == (2, "tie")
    with pytest.raises(JudgeFailed, match="recorded"):
        await judged(ARTICLE, FIRST, "Another.", RecordedJudge(path))
    assert ARTICLE.text not in path.read_text("utf-8")


async def test_a_judgement_counts_for_its_judge_alone(tmp_path: Path) -> None:
    """What one model said is never shown as another's; where several judged, it must be said whose is wanted."""
    path = tmp_path / "judgements.jsonl"
    kind, strict = judgement(answers(), answers(), "first"), judgement(answers(supported="no"), answers(), "second")
    for label, reply in (("kind", kind), ("strict", strict)):

        async def live(_: Messages, reply: Judgement = reply) -> Judgement:
            return reply

        assert await RecordedJudge(path, live, label=label)(messages(ARTICLE, FIRST, SECOND)) == reply
    assert await RecordedJudge(path, label="kind")(messages(ARTICLE, FIRST, SECOND)) == kind
    with pytest.raises(UsageError, match="kind and strict; say whose with --model"):
        RecordedJudge(path)


async def test_a_torn_judgement_is_cut_off_and_asked_for_again(tmp_path: Path) -> None:
    """As a crash leaves it; a damaged one further up is named."""
    path = tmp_path / "judgements.jsonl"

    async def live(_: Messages) -> Judgement:
        return judgement(answers(), answers())

    await judged(ARTICLE, FIRST, SECOND, RecordedJudge(path, live, label="m"))
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    assert (await judged(ARTICLE, FIRST, SECOND, RecordedJudge(path, live, label="m"))).better == "tie"
    assert sorted(path.read_bytes().splitlines()) == sorted(whole.splitlines())
    path.write_bytes(b"{}\n" + whole)
    with pytest.raises(UsageError, match=r"judgements.jsonl:1: .*damaged"):
        RecordedJudge(path)


async def test_one_article_in_many_trials_is_one_article() -> None:
    """Eight trials of it don't make its faithful analysis eight analyses: the interval is that of a single one."""
    rows = await agreement([Trial(kind, ARTICLE, FIRST, SECOND) for kind in KINDS_OF_PROSE], hater_of("raised"))
    assert "Faithful analyses called wrong: 0 of 8; by article 0% (0% to 79%) of 1." in table(rows)


def test_the_recorded_judge_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    """From the package's own recordings, without a network; it must be better than chance to be shown at all."""
    assert RECORDED.stat().st_size > 0
    assert main([]) == 0
    printed = capsys.readouterr().out
    assert float(printed.split("kappa: ")[1].rstrip(".\n")) > 0.4
    assert all(kind in printed for kind in KINDS_OF_PROSE)


def test_the_table_of_nothing_is_a_table() -> None:
    """No division by nothing."""
    assert "Nothing was judged" in table([])
