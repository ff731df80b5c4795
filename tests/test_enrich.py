"""Enricher: the line from article to card, with a scripted engine at the seam."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from agent import Article, Enricher, Settings, enrich_sync, making
from agent.cache import DiskDrafts
from agent.card import Card, Usage
from agent.draft import Draft
from agent.engines import Drafted
from agent.engines.aloud import AskedAgain, Told
from agent.errors import DraftRefused, UsageError
from agent.grounding import ground
from tests.engines.scripted import ScriptedEngine

TEXT = (
    "Meta Platforms raised its spending forecast on Wednesday, and its shares fell 3% in late trading. "
    "The company said that it would spend up to $72 billion this year on data centres. "
    "Google, a unit of Alphabet, was said to be weighing a similar step."
)
ARTICLE = Article(id="a-1", title="Meta raises spending forecast", text=TEXT)


def rating(level: int) -> dict[str, object]:
    """An impact component at that level."""
    return {"reason": "as the article says", "level": level}


def a_draft(**changes: object) -> Draft:
    """A draft that ARTICLE supports, but for `changes`."""
    entity = {
        "name": "Meta Platforms",
        "kind": "public company",
        "quotes": ["its shares fell 3% in late trading"],
        "relevance": "central",
        "reason": "Its shares fell.",
        "sentiment": "negative",
    }
    google = entity | {
        "name": "Google",
        "quotes": ["Google, a unit of Alphabet, was said to be weighing a similar step"],
        "relevance": "involved",
        "sentiment": "neutral",
    }
    values: dict[str, object] = {
        "entities": [entity, google],
        "topics": ["Artificial Intelligence", "Corporate Guidance & Outlook"],
        "impact": {
            "materiality": rating(2),
            "breadth": rating(2),
            "surprise": rating(2),
            "immediacy": rating(4),
            "certainty": rating(4),
        },
        "overall": {"reason": "Shares fell.", "label": "negative"},
        "abstain_because": None,
        "summary": "Meta Platforms raised its spending forecast on Wednesday. Its shares fell 3% in late trading.",
        "analysis": "Meta Platforms raised its spending forecast. Its shares fell 3%. The overall sentiment is negative.",
    }
    return Draft.model_validate(values | changes)


def an_enricher(engine: ScriptedEngine, tmp_path: Path, **settings: object) -> Enricher:
    """An Enricher around `engine`, with a cache of its own."""
    return Enricher(engine, Settings.model_validate(settings), drafts=DiskDrafts(tmp_path / "drafts"))


async def test_a_draft_becomes_a_grounded_card(tmp_path: Path) -> None:
    """Entities, share classes and evidence come out of the article; labels become scores, levels an impact."""
    engine = ScriptedEngine(Drafted(draft=a_draft(), usage=Usage(requests=1, input_tokens=10, output_tokens=5), model="m-1"))
    card = await an_enricher(engine, tmp_path).enrich(ARTICLE)
    assert card.tickers == ["META", "GOOG", "GOOGL"]
    assert card.sentiment is not None
    assert card.sentiment.score == -0.4
    assert card.market_impact == 0.45
    assert all(ARTICLE.text[e.start : e.end] == e.quote for entity in card.entities for e in entity.evidence)


async def test_a_second_card_of_the_same_article_asks_nobody(tmp_path: Path) -> None:
    """The draft was paid for once; the card says what it would have cost."""
    engine = ScriptedEngine(Drafted(draft=a_draft(), usage=Usage(requests=1, input_tokens=10, output_tokens=5), model="m-1"))
    async with an_enricher(engine, tmp_path) as enricher:
        first = await enricher.enrich(ARTICLE)
        second = await enricher.enrich(ARTICLE)
    assert len(engine.history) == 1
    assert (first.provenance.cached, second.provenance.cached) == (False, True)
    assert second.provenance.usage == Usage()
    assert second.provenance.cost_usd == 0
    assert second.model_dump(exclude={"provenance"}) == first.model_dump(exclude={"provenance"})


async def test_repeats_are_independent(tmp_path: Path) -> None:
    """Five repeats are five drafts, never one draft five times."""
    engine = ScriptedEngine(Drafted(draft=a_draft()), Drafted(draft=a_draft()))
    async with an_enricher(engine, tmp_path) as enricher:
        await enricher.enrich(ARTICLE, repeat=0)
        await enricher.enrich(ARTICLE, repeat=1)
    assert len(engine.history) == 2


async def test_equal_articles_at_once_are_asked_for_once(tmp_path: Path) -> None:
    """Single flight: the others wait for the one that pays."""
    engine = ScriptedEngine(Drafted(draft=a_draft(), usage=Usage(requests=1)))
    async with an_enricher(engine, tmp_path) as enricher:
        cards = await asyncio.gather(*(enricher.enrich(ARTICLE) for _ in range(20)))
    assert len(engine.history) == 1
    assert sum(card.provenance.usage.requests for card in cards) == 1


async def test_a_failure_is_never_kept(tmp_path: Path) -> None:
    """After a refusal the article is asked again."""
    engine = ScriptedEngine(DraftRefused("a-1", "declined"), Drafted(draft=a_draft()))
    async with an_enricher(engine, tmp_path) as enricher:
        with pytest.raises(DraftRefused):
            await enricher.enrich(ARTICLE)
        card = await enricher.enrich(ARTICLE)
    assert card.status == "ok"


@pytest.mark.parametrize(("text", "reason"), [("", "no text"), ("  \n ", "no text"), ("x", "too short"), ("Shares rose.", "too short")])
async def test_too_little_text_abstains_without_asking(text: str, reason: str, tmp_path: Path) -> None:
    """Nothing to say is a card that says so, and costs nothing."""
    engine = ScriptedEngine()
    card = await an_enricher(engine, tmp_path).enrich(Article(id="a-2", text=text))
    assert card.status == "abstained"
    assert reason in (card.abstained_because or "")
    assert (card.sentiment, card.market_impact, card.tickers) == (None, None, [])
    assert engine.history == []


async def test_a_draft_that_abstains_makes_an_abstained_card(tmp_path: Path) -> None:
    """Never a fake neutral."""
    engine = ScriptedEngine(Drafted(draft=a_draft(abstain_because="There is no financial news in it."), usage=Usage(requests=1)))
    card = await an_enricher(engine, tmp_path).enrich(ARTICLE)
    assert (card.status, card.abstained_because) == ("abstained", "There is no financial news in it.")
    assert card.sentiment is None
    assert card.provenance.usage.requests == 1


async def test_an_unpriced_model_has_no_cost_rather_than_none_at_all(tmp_path: Path) -> None:
    """None says "unpriced"; 0 would say that it was free."""
    engine = ScriptedEngine(Drafted(draft=a_draft(), usage=Usage(requests=1, input_tokens=9), model="nobody-s-model"))
    card = await an_enricher(engine, tmp_path).enrich(ARTICLE)
    assert (card.provenance.cost_usd, card.provenance.uncached_cost_usd) == (None, None)


async def test_an_ungrounded_quote_is_dropped_and_listed(tmp_path: Path) -> None:
    """A card never shows evidence that the article doesn't hold."""
    lie = a_draft().entities[0].model_copy(update={"quotes": ["its shares rose 30% in late trading"]})
    engine = ScriptedEngine(Drafted(draft=a_draft(entities=[lie.model_dump(), a_draft().entities[1].model_dump()])))
    card = await an_enricher(engine, tmp_path).enrich(ARTICLE)
    assert card.checks.quotes is not None
    assert [f.claim for f in card.checks.quotes.unsupported] == ["its shares rose 30% in late trading"]
    assert not card.checks.passed


async def test_without_a_context_the_engine_is_closed_when_the_last_call_ends(tmp_path: Path) -> None:
    """`await Enricher.from_settings().enrich(article)` leaves no open connection."""
    engine = ScriptedEngine(Drafted(draft=a_draft()))
    await an_enricher(engine, tmp_path).enrich(ARTICLE)
    assert engine.closed


async def test_within_a_context_connections_stay_open(tmp_path: Path) -> None:
    """A new TLS connection for each article costs more than all the rest."""
    engine = ScriptedEngine(Drafted(draft=a_draft()))
    async with an_enricher(engine, tmp_path) as enricher:
        await enricher.enrich(ARTICLE)
        assert not engine.closed
    assert engine.closed


def test_the_llm_engine_needs_a_model() -> None:
    """A default model would be a guess that costs money."""
    with pytest.raises(UsageError, match="NEWSCARD_MODEL"):
        Enricher.from_settings(Settings(engine="llm"))


def test_the_synchronous_twin_makes_the_same_card() -> None:
    """For scripts."""
    card = enrich_sync(ARTICLE, Settings(engine="extractive"))
    assert (card.status, card.provenance.engine) == ("ok", "extractive")


async def test_the_synchronous_twin_works_inside_a_running_loop() -> None:
    """A notebook has a loop of its own."""
    assert isinstance(enrich_sync(ARTICLE, Settings(engine="extractive")), Card)


async def test_a_draft_is_told_whether_it_is_made_kept_or_anothers(tmp_path: Path) -> None:
    """By an engine that doesn't tell by itself: all of it, to everyone who listens."""
    enricher = an_enricher(ScriptedEngine(Drafted(draft=a_draft())), tmp_path)
    heard: list[list[Told | AskedAgain]] = [[], [], []]
    first = asyncio.gather(*(enricher.enrich(ARTICLE, hear=one.append) for one in heard[:2]))
    await first
    await enricher.enrich(ARTICLE, hear=heard[2].append)
    assert heard[0] == heard[1] == heard[2]
    assert [one.field for one in heard[0] if isinstance(one, Told)] == ["entities", *Draft.model_fields]


async def test_a_fresh_one_takes_the_place_of_what_is_kept(tmp_path: Path) -> None:
    """It is asked for, and found the next time."""
    other = a_draft(summary="Meta Platforms raised its spending forecast on Wednesday.")
    engine = ScriptedEngine(Drafted(draft=a_draft()), Drafted(draft=other))
    enricher = an_enricher(engine, tmp_path)
    await enricher.enrich(ARTICLE)
    fresh = await enricher.enrich(ARTICLE, fresh=True)
    again = await enricher.enrich(ARTICLE)
    assert (fresh.provenance.cached, again.provenance.cached) == (False, True)
    assert fresh.summary == again.summary == other.summary


async def test_work_aside_leaves_the_loop_alone_and_the_card_as_it_is() -> None:
    """Articles are drafted and drafts checked in the threads given, and nowhere else; the claims are the same."""
    from agent.engines.extractive import ExtractiveEngine, drafting
    from agent.symbols import load_symbols

    enricher = Enricher(ExtractiveEngine(load_symbols(None)), Settings())
    here = await enricher.enrich(ARTICLE)
    worked_in: list[str] = []

    def watched(work: Callable[..., object]) -> Callable[..., object]:
        def noted(*args: object) -> object:
            worked_in.append(threading.current_thread().name)
            return work(*args)

        return noted

    with ThreadPoolExecutor(1, thread_name_prefix="aside") as threads, pytest.MonkeyPatch.context() as patch:
        patch.setattr(making, "ground", watched(ground))
        patch.setattr(drafting, "draft_article", watched(drafting.draft_article))
        enricher.work_aside(threads)
        aside = await enricher.enrich(ARTICLE)
    assert worked_in == ["aside_0", "aside_0"]
    assert aside.model_dump(exclude={"provenance"}) == here.model_dump(exclude={"provenance"})
