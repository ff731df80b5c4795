"""The whole program in a process of its own, against an endpoint on the loopback: nothing is scripted but the endpoint's words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agent.article import Article
from agent.card import Card
from tests.cli.commands import NEWSCARD, ROOT, run, said
from tests.engines.samples import DRAFT_REPLY, EXAMPLE
from tests.faults.answers import error
from tests.faults.server import FaultServer

IMPORTS = """
import sys
from agent.cli import main
try:
    main()
finally:
    print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with the article."""
    (tmp_path / "article.json").write_text(EXAMPLE.model_dump_json(), "utf-8")
    return tmp_path


def endpoint(server: FaultServer) -> dict[str, str]:
    """The settings of a run against `server`."""
    return {
        "NEWSCARD_BASE_URL": server.base_url,
        "NEWSCARD_MODEL": "example-model-1",
        "OPENAI_API_KEY": "sk-made-up",
        "NEWSCARD_CACHE_DIR": "drafts",
    }


def test_a_card_whose_quotes_slice_out_of_the_text(home: Path, fault_server: FaultServer) -> None:
    """One request, one card, every quote at its place; the second run makes no request and says it is from the cache."""
    fault_server.reply(DRAFT_REPLY)
    first = run(NEWSCARD, "enrich", "--format", "json", "article.json", home=home, env=endpoint(fault_server))
    assert first.returncode == 0, first.stderr
    card = Card.model_validate_json(first.stdout)
    quotes = [evidence for entity in card.entities for evidence in entity.evidence]
    assert quotes
    assert all(EXAMPLE.text[one.start : one.end] == one.quote for one in quotes)
    asked = len(fault_server.requests)
    second = run(NEWSCARD, "enrich", "--format", "json", "article.json", home=home, env=endpoint(fault_server))
    assert len(fault_server.requests) == asked
    assert json.loads(second.stdout)["provenance"]["cached"]
    assert json.loads(second.stdout) | {"provenance": None} == json.loads(first.stdout) | {"provenance": None}


def test_a_card_from_the_cache_imports_no_client(home: Path, fault_server: FaultServer) -> None:
    """What only a request or a web page needs stays out: a cached card is there in a fraction of the time."""
    fault_server.reply(DRAFT_REPLY)
    for _ in range(2):
        done = run((NEWSCARD[0], "-c", IMPORTS), "enrich", "--format", "json", "article.json", home=home, env=endpoint(fault_server))
    assert json.loads(done.stdout)["provenance"]["cached"]
    loaded = set(done.stderr.splitlines()[-1].split())
    assert "agent" in loaded
    assert loaded.isdisjoint({"openai", "instructor", "tenacity", "httpx", "aiohttp", "trafilatura", "rich"})


def test_a_wrong_key_is_one_line_and_exit_code_4(home: Path, fault_server: FaultServer) -> None:
    """The line says what to do and doesn't say the key."""
    fault_server.reply(error(401, "Incorrect API key provided: sk-made-up"))
    done = run(NEWSCARD, "enrich", "--quiet", "article.json", home=home, env=endpoint(fault_server))
    assert (done.returncode, done.stdout) == (4, "")
    assert len(done.stderr.splitlines()) == 1
    assert "sk-made-up" not in done.stderr


def test_no_model_is_one_line_before_anything_is_sent(home: Path, fault_server: FaultServer) -> None:
    """A default would be a guess."""
    done = run(NEWSCARD, "enrich", "--quiet", "article.json", home=home, env={"NEWSCARD_BASE_URL": fault_server.base_url})
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert fault_server.requests == []


@pytest.mark.parametrize("format_", ["card", "json", "html"])
def test_the_example_article_without_a_key(tmp_path: Path, format_: str) -> None:
    """META, GOOG and GOOGL, in every format, by the extractive engine; neither OpenAI nor Scale AI is a ticker."""
    done = run(NEWSCARD, "enrich", "--format", format_, ROOT / "examples" / "article.json", home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr == "newscard: extractive engine, because neither a key nor a base URL is set\n"
    assert all(ticker in done.stdout for ticker in ("META", "GOOG", "GOOGL"))
    if format_ == "json":
        assert sorted(json.loads(done.stdout)["tickers"]) == ["GOOG", "GOOGL", "META"]


def test_inputs_that_are_no_articles_have_a_line_each(tmp_path: Path) -> None:
    """Nothing of them is printed, and the one good article is."""
    (tmp_path / "empty.txt").touch()
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 8)
    (tmp_path / "notext.jsonl").write_text('{"title": "No text"}\n')
    example = ROOT / "examples" / "article.json"
    done = run(NEWSCARD, "enrich", "--format", "json", "empty.txt", "binary.txt", "notext.jsonl", "missing.txt", example, home=tmp_path)
    assert done.returncode == 2
    assert json.loads(done.stdout)["title"] == Article.model_validate_json(example.read_bytes()).title
    names = [line.partition(":")[0] for line in said(done.stderr)]
    assert names == ["empty.txt", "binary.txt", "notext.jsonl", "missing.txt", "1 card, 4 failed"]
