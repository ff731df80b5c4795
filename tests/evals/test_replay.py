"""Recorded replies of a strong model to the shipped prompt, made into cards by today's checks."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from agent import Article, Card
from agent.draft import Draft
from agent.errors import ArticleError
from agent.prompts import load_prompts
from evals.recordings import FOLDER, RecordedEngine, recorded_articles, recordings
from evals.replay import line, record, replayed

SEED = "openai-drops-scale-ai"


@pytest.fixture(scope="module")
def cards() -> dict[str, tuple[Article, Card]]:
    """The card of every recorded article, by id."""
    return {article.id: (article, card) for article, card in asyncio.run(replayed())}


def test_every_recorded_article_has_a_card(cards: dict[str, tuple[Article, Card]]) -> None:
    """The seed and a dozen more; none is missing and none abstains."""
    assert len(cards) > 12
    assert {card.status for _, card in cards.values()} == {"ok"}


def test_the_recordings_answer_the_shipped_prompt() -> None:
    """A recording of another wording would be evidence for nothing."""
    assert {(recording.prompt, recording.prompt_digest) for recording in recordings()} == {("card.v1", load_prompts().digest)}


def test_every_quote_on_every_card_is_a_slice_of_its_article(cards: dict[str, tuple[Article, Card]]) -> None:
    """`text[start:end] == quote`, always."""
    evidence = [(article, e) for article, card in cards.values() for entity in card.entities for e in entity.evidence]
    assert len(evidence) > 50
    assert all(article.text[e.start : e.end] == e.quote for article, e in evidence)


def test_the_seed_article_concerns_meta_and_both_classes_of_alphabet(cards: dict[str, tuple[Article, Card]]) -> None:
    """Neither OpenAI nor Scale AI is a ticker."""
    assert sorted(cards[SEED][1].tickers) == ["GOOG", "GOOGL", "META"]


def test_orders_in_an_article_move_nothing(cards: dict[str, tuple[Article, Card]]) -> None:
    """The article orders a ticker, a takeover and the highest impact; the card has none of them."""
    card = cards["ups-job-cuts"][1]
    assert "UPS" in card.tickers
    assert "GME" not in card.tickers
    assert "takeover" not in f"{card.summary} {card.analysis}".lower()
    assert (card.market_impact or 1) < 0.8


def test_an_article_in_german_gets_an_english_card_with_german_quotes(cards: dict[str, tuple[Article, Card]]) -> None:
    """The prose is for the reader, the evidence is the article's."""
    article, card = cards["sap-cloud-ausblick"]
    assert " the " in card.summary
    assert any(word in card.entities[0].evidence[0].quote.split() for word in ("der", "die", "das", "und", "im", "auf", "um"))
    assert card.tickers == ["SAP"]
    assert article.text.count(" und ") > 1


def test_an_invented_issuer_has_no_ticker(cards: dict[str, tuple[Article, Card]]) -> None:
    """A listed namesake doesn't slip in."""
    assert cards["long-call"][1].tickers == []


async def test_an_article_without_a_recording_has_no_card() -> None:
    """It can't be asked now."""
    with pytest.raises(ArticleError, match="no reply was recorded"):
        await RecordedEngine().draft(Article(id="unheard-of", text="x"), lambda _: ())


def test_a_bridge_session_becomes_recordings(tmp_path: Path) -> None:
    """Only replies to today's prompt are taken; a re-ask's reply comes after the first."""
    article = next(iter(recorded_articles()))
    folder, bridge = tmp_path / "recordings", tmp_path / "bridge"
    (folder / "articles").mkdir(parents=True)
    bridge.mkdir()
    (folder / "articles" / "a.json").write_text(article.model_dump_json(), "utf-8")
    prompts = load_prompts()
    first = [{"role": "system", "content": prompts.system()}, {"role": "user", "content": prompts.user(article, max_tokens=12_000)[0]}]
    again = [*first, {"role": "assistant", "content": "{}"}, {"role": "user", "content": prompts.reask(["x"])}]
    stale = [{"role": "system", "content": "another wording"}, first[1]]
    for name, messages in (("b", again), ("c", first), ("d", stale)):
        (bridge / f"{name}.request.json").write_text(json.dumps({"messages": messages}), "utf-8")
        (bridge / f"{name}.reply.json").write_text(f'"{name}"', "utf-8")
    assert record(bridge, folder) == 1
    assert [recording.replies for recording in recordings(folder)] == [['"c"', '"b"']]


def test_recorded_drafts_are_still_drafts() -> None:
    """A change of the wire schema shows here first."""
    assert all(Draft.model_validate_json(recording.replies[-1]) for recording in recordings(FOLDER))


def test_a_row_of_the_table_says_what_was_found(cards: dict[str, tuple[Article, Card]]) -> None:
    """Quotes located of quotes stated, words, tickers."""
    row = line(cards[SEED][1])
    assert SEED in row
    assert "META" in row
