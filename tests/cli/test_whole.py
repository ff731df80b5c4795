"""The whole program in a process of its own, against an endpoint on the loopback: nothing is scripted but the endpoint's words."""

from __future__ import annotations

import json
import socket
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


def free_port() -> int:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


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


def test_an_unknown_model_is_one_line_and_exit_code_4(home: Path, fault_server: FaultServer) -> None:
    """The line names the model and the setting."""
    fault_server.reply(error(404, "The model `example-model-1` does not exist", code="model_not_found"))
    done = run(NEWSCARD, "enrich", "--quiet", "article.json", home=home, env=endpoint(fault_server))
    assert (done.returncode, done.stdout) == (4, "")
    assert "example-model-1" in done.stderr
    assert "NEWSCARD_MODEL" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_refused_connection_is_one_line_and_exit_code_4(home: Path, fault_server: FaultServer) -> None:
    """Nobody listens at the address; the line says which setting to look at."""
    settings = endpoint(fault_server) | {"NEWSCARD_BASE_URL": f"http://127.0.0.1:{free_port()}/v1", "NEWSCARD_MAX_ATTEMPTS": "2"}
    done = run(NEWSCARD, "enrich", "--quiet", "article.json", home=home, env=settings)
    assert (done.returncode, done.stdout) == (4, "")
    assert "NEWSCARD_BASE_URL" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_spent_budget_is_exit_code_3_before_anything_is_sent(home: Path, fault_server: FaultServer) -> None:
    """The price is the user's own; a request that could cost more than the budget isn't made."""
    price = {"model": "example-model-1", "endpoint": fault_server.host, "effective_from": "2020-01-01", "source": "made up"}
    row = price | {"input": "50", "cached_input": "50", "output": "500"}
    (home / "prices.yaml").write_text(json.dumps({"prices": [row]}))  # JSON is YAML
    settings = endpoint(fault_server) | {"NEWSCARD_PRICES": "prices.yaml"}
    done = run(NEWSCARD, "enrich", "--quiet", "--max-cost-usd", "0.01", "article.json", home=home, env=settings)
    assert (done.returncode, done.stdout) == (3, "")
    assert len(done.stderr.splitlines()) == 1
    assert fault_server.requests == []


def test_a_budget_for_an_unpriced_model_is_wrong_usage(home: Path, fault_server: FaultServer) -> None:
    """What has no known price can't be kept within a limit."""
    done = run(NEWSCARD, "enrich", "--quiet", "--max-cost-usd", "1", "article.json", home=home, env=endpoint(fault_server))
    assert (done.returncode, done.stdout) == (2, "")
    assert "NEWSCARD_PRICES" in done.stderr


def test_a_cut_article_says_so_on_its_card(home: Path, fault_server: FaultServer) -> None:
    """Never silently."""
    fault_server.reply(DRAFT_REPLY)
    done = run(NEWSCARD, "enrich", "--format", "json", "--max-input-tokens", "200", "article.json", home=home, env=endpoint(fault_server))
    assert json.loads(done.stdout)["provenance"]["truncated"]
    assert EXAMPLE.text not in fault_server.requests[0].json["messages"][1]["content"]


def test_an_article_in_another_language_is_abstained_from_without_a_model(tmp_path: Path) -> None:
    """The extractive engine reads English, and says so."""
    text = "Der Konzern hob am Dienstag seine Prognose an, nachdem der Umsatz im zweiten Quartal um acht Prozent gestiegen war. " * 3
    (tmp_path / "artikel.txt").write_text(text, "utf-8")
    done = run(NEWSCARD, "enrich", "--format", "json", "artikel.txt", home=tmp_path)
    card = json.loads(done.stdout)
    assert (done.returncode, card["status"]) == (0, "abstained")
    assert "English" in card["abstained_because"]
    assert "English" in done.stderr


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
