"""From a draft to the card."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from agent import making
from agent.article import Article
from agent.card import Card
from agent.enrich import Enricher
from agent.errors import UsageError
from agent.grounding import ground
from agent.settings import Settings
from tests.batch.made import EngineById
from tests.cache.made import an_entry


def test_a_draft_is_grounded_once_for_its_faults_and_its_card(monkeypatch: pytest.MonkeyPatch) -> None:
    """Held against another article, it is grounded again."""
    calls: list[str] = []

    def counted(article: Article, *rest: Any) -> Any:
        calls.append(article.id)
        return ground(article, *rest)

    monkeypatch.setattr(making, "ground", counted)
    enricher = Enricher(EngineById(), Settings())
    drafted = an_entry().drafted
    first, second = (Article(id=name, text="Acme raised its forecast on Monday. Shares rose 4%.") for name in "ab")
    enricher.faults(first, drafted)
    enricher.faults(first, drafted)
    enricher.card(first, drafted, cached=False, started=time.perf_counter())
    enricher.faults(second, drafted)
    enricher.card(second, drafted, cached=False, started=time.perf_counter())
    assert calls == ["a", "b"]


def test_groundings_are_not_kept_without_end() -> None:
    """Drafts that never become a card would fill the memory."""
    enricher = Enricher(EngineById(), Settings())
    article = Article(id="a", text="Acme raised its forecast on Monday. Shares rose 4%.")
    drafts = [an_entry().drafted for _ in range(making.KEPT + 10)]
    for drafted in drafts:
        enricher.faults(article, drafted)
    assert len(enricher._maker._grounded) == making.KEPT


@pytest.mark.parametrize("reason", [None, "it is no news"])
def test_a_card_is_what_validation_would_make_of_it(reason: str | None) -> None:
    """It is put together of parts that were checked, and not checked again."""
    drafted = an_entry().drafted
    drafted = drafted.model_copy(update={"draft": drafted.draft.model_copy(update={"abstain_because": reason})})
    article = Article(
        id="a", title="Acme", text="Acme raised its forecast on Monday. Shares rose 4%.", published_at=datetime(2025, 6, 18, tzinfo=UTC)
    )
    card = Enricher(EngineById(), Settings()).card(article, drafted, cached=True, started=time.perf_counter())
    again = Card.model_validate_json(card.to_json())
    assert again == card
    assert again.to_json().encode() == card.to_json_bytes()
    assert card.model_copy() == card
    assert list(json.loads(card.to_json())) == list(Card.model_fields)


def test_a_file_of_prices_that_cannot_be_used_is_found_before_anything_is_paid_for(tmp_path: Path) -> None:
    """It is first looked at when a reply has come, and with the error the reply would be lost."""
    settings = Settings(engine="llm", model="m", base_url="http://127.0.0.1:9/v1", cache=False, prices=tmp_path / "gone.yaml")
    with pytest.raises(UsageError, match=r"^NEWSCARD_PRICES: .*gone\.yaml can't be read: No such file"):
        Enricher.from_settings(settings)
