"""The application as a whole, over real HTTP."""

from __future__ import annotations

from pathlib import Path

from agent.settings import Settings
from agent.web.app import create_app
from tests.present.sample import ARTICLE
from tests.web.serving import served


def test_a_card_is_made_kept_and_found(tmp_path: Path) -> None:
    """Without a key, by the extractive engine."""
    with served(create_app(Settings(data_dir=tmp_path))) as client:
        made = client.post("/v1/cards", content=ARTICLE.model_dump_json(), headers={"content-type": "application/json"})
        assert made.status_code == 200, made.text
        assert made.json()["provenance"]["engine"] == "extractive"
        assert client.get(f"/v1/cards/{ARTICLE.id}").content == made.content
        assert [card["id"] for card in client.get("/v1/cards").json()["cards"]] == [ARTICLE.id]
