"""What `newscard batch` says before, while and after it runs: the forecast, the figures, the health report."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from agent.batch.rows import Spent, Total
from agent.batch.watching import Standing
from agent.cli.togo import ToGo
from agent.present.words import duration
from tests.batch.killing import write_articles
from tests.cli.test_batch import BATCH, Place, place  # noqa: F401  a fixture


def rewrite(place: Place, *rows: dict[str, str]) -> None:  # noqa: F811  pytest's way
    """Other articles."""
    (place.home / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))


def test_a_dry_run_asks_for_nothing_and_writes_nothing(place: Place) -> None:  # noqa: F811
    """It says how many requests, tokens and dollars a run would take."""
    done = place.newscard(*BATCH, "--dry-run", "--rpm", "6")
    assert done.returncode == 0, done.stderr
    assert place.server.ledger.requests == 0
    assert not (place.home / "run").exists()
    said = dict(line.split(":", 1) for line in done.stdout.splitlines())
    assert said["articles"].strip() == "12"
    assert said["requests"].strip().startswith("12,")
    assert said["price"].strip().startswith("about $0.")
    assert "at least 2 min by --rpm and --tpm" in said["time"]


def test_a_dry_run_knows_what_is_done_and_what_the_cache_saves(place: Place) -> None:  # noqa: F811
    """Of the run that is there, and of runs before it."""
    assert place.newscard(*BATCH).returncode == 0
    write_articles(place.home / "in.jsonl", 14)
    here = place.newscard(*BATCH, "--dry-run", "--log-json")
    elsewhere = place.newscard("batch", "in.jsonl", "--out", "other", "--dry-run", "--log-json")
    one, other = json.loads(here.stderr), json.loads(elsewhere.stderr)
    assert (one["done"], one["cached"], one["ask"]) == (12, 0, 2)
    assert (other["done"], other["cached"], other["ask"]) == (0, 12, 2)
    assert other["saved"]["requests"] == 12
    assert other["saved_usd"] == pytest.approx(place.server.ledger.as_json()["dollars"])


def test_a_dry_run_of_another_fingerprint_is_refused_as_the_run_would_be(place: Place) -> None:  # noqa: F811
    """With the way out."""
    assert place.newscard(*BATCH).returncode == 0
    done = place.newscard(*BATCH, "--dry-run", "--model", "another")
    assert done.returncode == 2
    assert "--new-run" in done.stderr


def test_a_forecast_comes_near_what_the_run_takes(place: Place) -> None:  # noqa: F811
    """Input tokens within a fifth; replies are shorter or longer than a rule of thumb."""
    found = json.loads(place.newscard(*BATCH, "--dry-run", "--log-json").stderr)
    assert place.newscard(*BATCH).returncode == 0
    assert found["ask"] == place.server.ledger.requests
    assert found["usage"]["input_tokens"] >= place.server.billed[0] * 0.8


BODY = (
    "Halden Semiconductor lowered its outlook for the year on Tuesday. It now sees sales of 40 million dollars in its largest market. "
    "Analysts had expected more from the maker of power chips, whose shares fell in early trading. The company blamed weak demand from "
    "makers of cars, and said that it would close one of its plants in the spring. It employs 900 people there, and will move some of "
    "them to another site. The rest will be offered a package, the company said in a statement. Its chief executive leaves in June."
)


def test_near_copies_share_a_draft_where_that_is_asked_for(place: Place) -> None:  # noqa: F811
    """Both have their cards; the second says whose draft it was."""
    rewrite(place, {"id": "a", "title": "Halden", "text": BODY}, {"id": "b", "title": "Halden", "text": f"{BODY} Rivals were not reached."})
    dry = json.loads(place.newscard(*BATCH, "--dry-run", "--log-json").stderr)
    assert dry["ask"] == 2
    assert place.newscard(*BATCH, "--near-copies", "0.8", "--concurrency", "1").returncode == 0
    assert place.server.ledger.requests == 1
    assert place.newscard("export", "run", "--to", "out.csv").returncode == 0
    text = (place.home / "out.csv").read_text("utf-8-sig")
    assert {row["id"] for row in place.exported().values()} == {"a", "b"}
    assert ",a,llm," in text.splitlines()[2]


@pytest.mark.parametrize("value", ["0.2", "1.5", "x"])
def test_a_threshold_that_is_none_is_refused(value: str, place: Place) -> None:  # noqa: F811
    """Before anything is read."""
    assert place.newscard(*BATCH, "--near-copies", value).returncode == 2


def test_the_health_of_the_run_is_told_and_written(place: Place) -> None:  # noqa: F811
    """With the cost of everything, failures too; a run with nothing to do leaves the page as it is."""
    done = place.newscard(*BATCH)
    assert "Health of the run" in done.stderr
    page = (place.home / "run" / "health.html").read_text()
    assert "Health of the run" in page
    assert "<script" not in page
    again = place.newscard(*BATCH)
    assert "Health of the run" not in again.stderr


def test_a_run_that_said_nothing_wrong_is_quiet_when_told_to_be(place: Place) -> None:  # noqa: F811
    """The page is there all the same."""
    done = place.newscard(*BATCH, "--quiet")
    assert done.stderr == ""
    assert (place.home / "run" / "health.html").exists()


def test_on_a_terminal_the_figures_are_drawn_and_taken_away(place: Place) -> None:  # noqa: F811
    """A real pseudo-terminal; the summary stays."""
    import os
    import pty
    import re
    import subprocess

    from tests.cli.commands import NEWSCARD

    ours, theirs = pty.openpty()
    place.server.plan.latency_s = 0.6
    with subprocess.Popen([*NEWSCARD, *BATCH], cwd=place.home, env=place.env | {"TERM": "xterm"}, stderr=theirs) as process:
        os.close(theirs)
        seen = b""
        while True:
            try:
                block = os.read(ours, 65_536)
            except OSError:
                break
            if not block:
                break
            seen += block
        assert process.wait(30) == 0
    os.close(ours)
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", seen.decode())
    assert "in flight" in shown
    assert "to go" in shown
    assert "12 cards" in shown


def test_what_is_to_go_follows_from_what_was_done() -> None:
    """Articles, seconds at the present rate, dollars at the mean cost."""
    now = [0.0]
    togo = ToGo(lambda _: 100, clock=lambda: now[0])
    standing = Standing(cards=20, skipped=5, total_now=Total(Spent(cost_usd=0.4)))
    while togo.articles(standing) is None:
        pass
    now[0] = 10.0
    assert togo.rate(standing) == pytest.approx(2.0)
    assert togo.articles(standing) == 75
    assert togo.seconds(standing) == pytest.approx(37.5)
    assert togo.usd(standing) == pytest.approx(1.5)


@pytest.mark.parametrize(("seconds", "words"), [(4.4, "4 s"), (720, "12 min"), (11_100, "3 h 05 min")])
def test_a_time_is_told_in_two_units_at_most(seconds: float, words: str) -> None:
    """Rounded."""
    assert duration(seconds) == words


def test_articles_are_counted_without_being_read(tmp_path: Path) -> None:
    """Lines, rows, files; None where only reading tells."""
    from agent.sources.counting import count_articles

    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.txt").write_text("text")
    (tmp_path / "news" / "b.csv").write_text('title,text\nx,"a\nb"\ny,c\n')
    (tmp_path / "news" / "c.jsonl").write_text('{"text": "a"}\n{"text": "b"}')
    (tmp_path / "news" / "d.json").write_text('[{"text": "a"}, {"text": "b"}, {"text": "c"}]')
    (tmp_path / "news" / "logo.svg").write_text("no article")
    assert count_articles([str(tmp_path / "news")]) == 8
    assert count_articles([str(tmp_path / "news"), "-"]) is None
    assert count_articles([str(tmp_path / "gone.jsonl")]) is None
    (tmp_path / "deep.json").write_text("[" * 100_000)
    assert count_articles([str(tmp_path / "deep.json")]) is None


def test_folders_of_one_name_do_not_share_ids(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two files of one stem in different folders are two articles."""
    from agent.article import Article
    from agent.sources import read_sources

    monkeypatch.chdir(tmp_path)
    for folder in ("one/news", "two/news"):
        Path(folder).mkdir(parents=True)
        Path(folder, "story.txt").write_text(BODY)
    found = [item.id for item in read_sources(["one/news", "two/news"]) if isinstance(item, Article)]
    assert found == ["one/news/story", "two/news/story"]


def test_counting_takes_nothing_out_of_a_pipe(tmp_path: Path) -> None:
    """What it read there, the run would never see."""
    from agent.sources.counting import count_articles

    os.mkfifo(pipe := tmp_path / "news.jsonl")
    assert count_articles([str(pipe)]) is None
