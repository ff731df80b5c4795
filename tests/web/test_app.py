"""The application as a whole, over real HTTP."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

from agent.settings import Settings
from agent.web.app import create_app
from tests.present.sample import ARTICLE
from tests.web.serving import served

ROOT = Path(__file__).parents[2]


def test_a_fresh_service_shows_the_examples_card(tmp_path: Path) -> None:
    """Without a key; it is the extractive engine's, whatever engine serves."""
    settings = Settings(data_dir=tmp_path, engine="llm", model="any", base_url="http://127.0.0.1:1/v1")
    with served(create_app(settings)) as client:
        (card,) = client.get("/v1/cards").json()["cards"]
        assert card["id"] == "openai-drops-scale-ai"
        assert client.get(f"/v1/cards/{card['id']}").json()["provenance"]["engine"] == "extractive"


def test_whoever_asks_for_the_head_gets_the_head(tmp_path: Path) -> None:
    """As GET would answer, without the body; monitors and proxies ask so."""
    with served(create_app(Settings(data_dir=tmp_path))) as client:
        for path in ("/", "/new", "/healthz", "/v1/cards", "/v1/cards/openai-drops-scale-ai", "/nowhere"):
            asked, whole = client.head(path), client.get(path)
            assert (asked.status_code, asked.content) == (whole.status_code, b"")
            assert asked.headers["content-type"] == whole.headers["content-type"]
        assert 'method="HEAD",route="/healthz"' in client.get("/metrics").text


def test_the_example_is_shown_in_an_empty_list_only(tmp_path: Path) -> None:
    """Started again, the list is as it was."""
    for _ in range(2):
        with served(create_app(Settings(data_dir=tmp_path))) as client:
            client.post("/v1/cards", json={"article": ARTICLE.model_dump(mode="json")})
            assert len(client.get("/v1/cards").json()["cards"]) == 2


def test_the_example_is_the_projects() -> None:
    """The packaged file is examples/article.json."""
    assert files("agent.web").joinpath("example.json").read_bytes() == (ROOT / "examples" / "article.json").read_bytes()


def test_the_description_has_an_example_of_everything_and_no_page_from_elsewhere(tmp_path: Path) -> None:
    """OpenAPI names each error's code with its body; the example card is a card."""
    from agent.card import Card
    from agent.web.problems import PROBLEMS

    app = create_app(Settings(data_dir=tmp_path))
    text = json.dumps(app.openapi())
    assert all(f'"code": "{code}"' in text for code in PROBLEMS if code not in {"not_ready", "method_not_allowed"}), [
        code for code in PROBLEMS if f'"code": "{code}"' not in text
    ]
    Card.model_validate(app.openapi()["components"]["schemas"]["Card"]["examples"][0])
    assert not {"/docs", "/redoc"} & {getattr(route, "path", "") for route in app.routes}


def test_the_description_says_how_a_key_is_sent_and_what_needs_none(tmp_path: Path) -> None:
    """So a generated client has a place for it."""
    found = create_app(Settings(data_dir=tmp_path)).openapi()
    assert found["components"]["securitySchemes"]["key"] | {"description": ""} == {"type": "http", "scheme": "bearer", "description": ""}
    assert found["security"] == [{"key": []}, {}]
    assert found["paths"]["/healthz"]["get"]["security"] == []
