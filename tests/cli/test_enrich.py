"""`newscard enrich`: exit codes, streams, order; in processes of their own, with a scripted enricher."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path

import pytest

from tests.cli.commands import ROOT, SCRIPTED, articles, environment, ids, run, said
from tests.cli.conftest import Newscard

JSON = ("enrich", "--format", "json", "--engine", "llm")


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["ok-1", "abstain-1"], 0),
        (["ok-1", "fail-1"], 1),
        (["budget-1", "fail-1"], 3),
        (["fail-1", "key-1", "budget-1"], 4),
    ],
)
def test_the_gravest_outcome_decides_the_exit_code(newscard: Newscard, names: list[str], code: int) -> None:
    """0 cards and abstentions, 1 a failed article, 3 the budget, 4 the endpoint; the highest wins."""
    assert newscard(*JSON, "-", stdin=articles(*names)).returncode == code


def test_an_unreadable_source_is_exit_code_2_and_the_others_are_made(tmp_path: Path) -> None:
    """One missing file doesn't take the others with it."""
    (tmp_path / "a.jsonl").write_text(articles("ok-1", "fail-1"))
    done = run(SCRIPTED, *JSON, "missing.jsonl", "a.jsonl", home=tmp_path)
    assert done.returncode == 2
    assert ids(done.stdout) == ["ok-1"]
    assert said(done.stderr)[0] == "missing.jsonl: no such file"


def test_input_without_an_article_is_exit_code_2(tmp_path: Path) -> None:
    """Nothing in, nothing out, and a line that says so."""
    done = run(SCRIPTED, *JSON, "-", home=tmp_path)
    assert (done.returncode, done.stdout, said(done.stderr)) == (2, "", ["standard input: there is no text in it"])


def test_cards_are_on_standard_output_and_nothing_else_is(tmp_path: Path) -> None:
    """Every line of standard output is a card's JSON; problems, abstentions and the sum are on standard error."""
    done = run(SCRIPTED, *JSON, "-", home=tmp_path, stdin=articles("ok-1", "abstain-1", "fail-1", "cached-1"))
    assert ids(done.stdout) == ["ok-1", "abstain-1", "cached-1"]
    assert said(done.stderr) == [
        "abstain-1: abstained: The article is a recipe; nothing in it touches a security.",
        "fail-1: no usable reply in 5 attempts",
        "3 cards, 1 abstained, 1 from the cache, 1 failed, cost $0.0246, besides 5 requests for what failed",
    ]


def test_an_unpriced_card_makes_the_sum_unpriced(newscard: Newscard) -> None:
    """An unknown price is never counted as nothing."""
    done = newscard(*JSON, "-", stdin=articles("ok-1", "unpriced-1"))
    assert said(done.stderr)[-1] == "2 cards, cost unpriced"


def test_quiet_leaves_only_problems(newscard: Newscard) -> None:
    """`--quiet` takes away the engine's line, abstentions and the sum, not what went wrong."""
    done = newscard(*JSON, "--quiet", "-", stdin=articles("ok-1", "abstain-1", "fail-1"))
    lines = [line for line in done.stderr.splitlines() if line.startswith("newscard")]
    assert lines == ["newscard: fail-1: no usable reply in 5 attempts"]


def test_the_engine_line_says_which_and_why(newscard: Newscard) -> None:
    """Before anything is paid for, a user can read who drafts."""
    done = newscard("enrich", "--format", "json", "-", stdin=articles("ok-1"))
    assert done.stderr.splitlines()[0] == "newscard: extractive engine, because neither a key nor a base URL is set"
    env = {"OPENAI_API_KEY": "sk-made-up", "NEWSCARD_MODEL": "example-model-1"}
    done = newscard("enrich", "--format", "json", "-", stdin=articles("ok-1"), env=env)
    assert done.stderr.splitlines()[0] == "newscard: llm engine (example-model-1 at api.openai.com), because a key is set"
    assert "sk-made-up" not in done.stderr + done.stdout


def test_cards_keep_the_order_of_the_input(newscard: Newscard) -> None:
    """A slow first article holds its place; the others are made meanwhile."""
    done = newscard(*JSON, "--concurrency", "2", "-", stdin=articles("slow-1", "ok-2", "fail-3", "ok-4"))
    assert ids(done.stdout) == ["slow-1", "ok-2", "ok-4"]


def test_a_card_is_printed_before_the_next_article_is_there(tmp_path: Path) -> None:
    """A producer that writes an article now and then gets each card as soon as it is made."""
    command = [*SCRIPTED, *JSON, "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=tmp_path, env=environment(tmp_path)) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for name in ("ok-1", "ok-2"):
            process.stdin.write(articles(name).encode())
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == name
        process.stdin.close()
        assert process.wait(30) == 0


def test_a_rejected_key_stops_the_run_and_counts_what_is_left(tmp_path: Path) -> None:
    """No call can succeed, so none is tried; the message comes once, with the number of articles without a card."""
    (tmp_path / "a.jsonl").write_text(articles("ok-1", "key-2", "key-3", *(f"ok-{n}" for n in range(4, 24))))
    done = run(SCRIPTED, *JSON, "--concurrency", "1", "a.jsonl", home=tmp_path)
    assert ids(done.stdout) == ["ok-1"]
    assert said(done.stderr) == [
        "the key was rejected; set OPENAI_API_KEY",
        "stopped: 22 articles left without a card",
        "1 card, cost $0.0123",
    ]
    assert "began key-3" not in done.stderr


def test_a_stopped_run_does_not_wait_for_the_pipe_to_close(tmp_path: Path) -> None:
    """With the key rejected, an open standard input is left alone."""
    command = [*SCRIPTED, *JSON, "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path, env=environment(tmp_path)) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write(articles("key-1").encode())
        process.stdin.flush()
        assert process.wait(30) == 4
        assert said(process.stderr.read().decode()) == [
            "the key was rejected; set OPENAI_API_KEY",
            "stopped: at least 1 article left without a card",
        ]


def test_an_interrupt_ends_quietly_with_130(tmp_path: Path) -> None:
    """Ctrl-C closes the enricher and prints no traceback, even while a pipe is being read."""
    command = [*SCRIPTED, *JSON, "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path, env=environment(tmp_path)) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write(articles("hang-1").encode())
        process.stdin.flush()
        while process.stderr.readline() != b"began hang-1\n":
            pass
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
        assert process.stderr.read() == b"closed\n"


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    """`newscard enrich ... | head -1` ends without a word."""
    (tmp_path / "a.jsonl").write_text(articles(*(f"ok-{n}" for n in range(40))))
    shell = f"{' '.join(SCRIPTED)} enrich --quiet --format json a.jsonl | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["/bin/bash", "-c", shell], capture_output=True, text=True, cwd=tmp_path, env=environment(tmp_path), check=True, timeout=60
    )
    card, code = done.stdout.splitlines()
    assert (json.loads(card)["id"], code) == ("ok-0", "0")
    assert [line for line in done.stderr.splitlines() if not line.startswith(("began", "closed"))] == []


@pytest.mark.parametrize("format_", ["card", "json", "html"])
def test_a_full_standard_output_is_one_line_and_exit_code_1(tmp_path: Path, format_: str) -> None:
    """A full disk behind a redirection is said once, and what is in flight is given up."""
    shell = f"{' '.join(SCRIPTED)} enrich --quiet --format {format_} - > /dev/full"
    done = subprocess.run(
        ["/bin/sh", "-c", shell],
        input=articles("ok-1", "ok-2"),
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environment(tmp_path),
        check=False,
    )
    assert done.returncode == 1
    assert said(done.stderr) == ["standard output: No space left on device"]
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


def test_closed_streams_end_with_a_line_or_a_code(tmp_path: Path) -> None:
    """A process started without standard input or output says so; one without standard error keeps its exit code."""
    (tmp_path / "a.jsonl").write_text(articles("ok-1", "fail-1"))
    shell = f"{' '.join(SCRIPTED)} enrich --quiet --format json a.jsonl"
    done = subprocess.run(
        ["/bin/sh", "-c", f"{shell} >&-"], capture_output=True, text=True, cwd=tmp_path, env=environment(tmp_path), check=False
    )
    assert (done.returncode, said(done.stderr)) == (1, ["standard output: it is closed"])
    done = subprocess.run(
        ["/bin/sh", "-c", f"{shell} - <&-"], capture_output=True, text=True, cwd=tmp_path, env=environment(tmp_path), check=False
    )
    assert (done.returncode, said(done.stderr)) == (2, ["standard input is closed; give the articles another way"])
    done = subprocess.run(
        ["/bin/sh", "-c", f"{shell} 2>&-"], capture_output=True, text=True, cwd=tmp_path, env=environment(tmp_path), check=False
    )
    assert (done.returncode, ids(done.stdout)) == (1, ["ok-1"])


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (["enrich"], "Missing argument 'SOURCE'; see `newscard enrich --help`"),
        (
            ["enrich", "--engine", "guess", "-"],
            "Invalid value for '--engine': 'guess' is not one of 'llm', 'extractive'; see `newscard enrich --help`",
        ),
        (
            ["enrich", "--concurrency", "0", "-"],
            "--concurrency: Input should be greater than or equal to 1; see `newscard --help` or docs/settings.md",
        ),
        (
            ["enrich", "--base-url", "localhost", "-"],
            "--base-url: it must start with http:// or https://; see `newscard --help` or docs/settings.md",
        ),
        (["enrich", "--xyzzy", "-"], "No such option: --xyzzy; see `newscard enrich --help`"),
        (["frobnicate"], "No such command 'frobnicate'; see `newscard --help`"),
        (
            ["enrich", "--model", "m", "--engine", "extractive", "-"],
            "--model is for the llm engine, but the engine is extractive, because it was asked for; add --engine llm or leave --model out",
        ),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(newscard: Newscard, args: list[str], line: str) -> None:
    """Nothing is read, nothing is sent, and the line says what to look up."""
    done = newscard(*args, stdin=articles("ok-1"))
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"newscard: {line}\n")


def test_a_wrong_variable_is_named(newscard: Newscard) -> None:
    """What came from the environment is called by its name there."""
    done = newscard("enrich", "-", env={"NEWSCARD_CONCURRENCY": "many"})
    assert done.returncode == 2
    assert done.stderr.startswith("newscard: NEWSCARD_CONCURRENCY: ")


def test_the_html_format_is_one_page_for_all_cards(newscard: Newscard) -> None:
    """The page begins and ends once, and has each card."""
    done = newscard("enrich", "--format", "html", "-", stdin=articles("ok-1", "ok-2"))
    assert done.stdout.count("<!doctype html>") == done.stdout.count("</html>") == 1
    assert done.stdout.count('<article class="card"') == 2


def test_json_is_utf_8_whatever_the_terminal_speaks(tmp_path: Path) -> None:
    """A latin-1 terminal is no reason for another encoding of JSON."""
    env = environment(tmp_path, PYTHONIOENCODING="latin-1") | {"PYTHONUTF8": "0"}
    done = subprocess.run([*SCRIPTED, *JSON, "-"], input=articles("ok-1").encode(), capture_output=True, cwd=tmp_path, env=env, check=True)
    assert "“" in json.loads(done.stdout.decode("utf-8"))["entities"][2]["evidence"][0]["quote"]


def test_a_card_fits_an_ascii_terminal(tmp_path: Path) -> None:
    """Where the terminal can't show a symbol, a plain one stands for it."""
    env = environment(tmp_path, PYTHONIOENCODING="ascii") | {"PYTHONUTF8": "0"}
    done = subprocess.run(
        [*SCRIPTED, "enrich", "-"], input=articles("ok-1").encode(), capture_output=True, cwd=tmp_path, env=env, check=True
    )
    assert b"########............" in done.stdout
    assert b"vv strongly negative  -0.8" in done.stdout


def test_python_m_agent_is_newscard(tmp_path: Path) -> None:
    """Both doors lead to the same program."""
    assert (ROOT / "agent" / "__main__.py").is_file()
    done = run((SCRIPTED[0], "-m", "agent"), "version", home=tmp_path)
    assert (done.returncode, done.stdout) == (0, "newscard 0.1.0\n")
