"""One whole card, made by hand from an invented article: what the snapshots show."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from agent.article import Article
from agent.card import (
    Card,
    Checks,
    Dropped,
    Entity,
    Evidence,
    Finding,
    Instrument,
    Provenance,
    Rating,
    Sentiment,
    Tally,
    TickerCheck,
    TopicCheck,
    Usage,
)
from agent.taxonomy import SentimentLabel, load_taxonomy

ARTICLE = Article(
    id="halden-outlook",
    title="Halden Semiconductor cuts full-year outlook as Corvid Motors delays chip orders",
    source="Example Wire",
    url="https://news.example/halden-outlook?ref=a&b=1",
    published_at=datetime(2025, 10, 14, 8, 30, tzinfo=UTC),
    text="""\
Halden Semiconductor lowered its revenue outlook for the full year on Tuesday to between $4.1 billion and $4.3 billion, from \
$4.8 billion, after its largest automotive customer pushed back orders for power chips.

“We expect the pause to last two quarters,” chief executive Ingrid Solberg said on a call with analysts. Halden will close one \
of its two lines in Drammen until the spring, which affects about 600 jobs.

Corvid Motors, which accounts for roughly a fifth of Halden's sales, said it was working through stock it built up last year. \
The carmaker left its own delivery target unchanged and said the deferral would free about $350 million in cash.

Brightwater Instruments, a smaller rival, said it had not seen similar delays. Its order book for the first half of next year is \
<full>, a spokesperson said, “in spite of what one reads”.

Analysts had expected Halden to trim its outlook, though not by this much.""",
)


def quote(words: str) -> Evidence:
    """`words` where the article has them; a ValueError where it doesn't."""
    start = ARTICLE.text.index(words)
    return Evidence(quote=words, start=start, end=start + len(words))


def sentiment(label: SentimentLabel, reason: str) -> Sentiment:
    """A sentiment with the taxonomy's score for its label."""
    return Sentiment(label=label, score=load_taxonomy().scores[label], reason=reason)


ENTITIES = [
    Entity(
        name="Halden Semiconductor",
        kind="public company",
        tickers=["HLDN"],
        relevance=1.0,
        sentiment=sentiment("strongly negative", "The outlook falls by more than a tenth and a line stands still until the spring."),
        evidence=[
            quote("lowered its revenue outlook for the full year on Tuesday to between $4.1 billion and $4.3 billion, from $4.8 billion"),
            quote("We expect the pause to last two quarters"),
        ],
    ),
    Entity(
        name="Corvid Motors",
        kind="public company",
        tickers=["CVDM"],
        relevance=0.6,
        sentiment=sentiment("positive", "The deferral frees cash and the delivery target stands."),
        evidence=[quote("the deferral would free about $350 million in cash")],
    ),
    Entity(
        name="Brightwater Instruments",
        kind="public company",
        tickers=["BWIA", "BWIB"],
        relevance=0.6,
        sentiment=sentiment("neutral", "No delays so far, and no word of new orders won from Halden."),
        evidence=[quote("Its order book for the first half of next year is <full>, a spokesperson said, “in spite of what one reads”")],
    ),
    Entity(
        name="Ingrid Solberg",
        kind="person",
        tickers=[],
        relevance=0.3,
        sentiment=sentiment("negative", "She has to answer for an outlook that did not hold."),
        evidence=[],
    ),
]

CHECKS = Checks(
    numbers=Tally(
        stated=7,
        supported=6,
        unsupported=[Finding(where="analysis", claim="$700 million", reason="the article states no such figure", start=63, end=75)],
    ),
    names=Tally(stated=5, supported=5, unsupported=[]),
    quotes=Tally(stated=4, supported=4, unsupported=[]),
    tickers=TickerCheck(dropped=[Dropped(symbol="DRMN", reason="no listed security of that name")]),
    topics=TopicCheck(dropped=[]),
    coherence=None,
    injection=[],
    passed=False,
)

PROVENANCE: dict[str, Any] = {
    "engine": "llm",
    "model": "example-model-1",
    "endpoint": "llm.example",
    "prompt": "card.v1@3f2a9c1d77e0",
    "schema": "5b1e",
    "symbols": "2026-08-01",
    "newscard": "0.1.0",
    "article_digest": ARTICLE.digest,
    "truncated": False,
    "reasked": True,
    "created_at": datetime(2025, 10, 14, 8, 31, tzinfo=UTC),
    "cached": False,
    "usage": Usage(requests=2, input_tokens=6120, cached_input_tokens=2048, output_tokens=1480),
    "cost_usd": 0.0123,
    "uncached_cost_usd": 0.0123,
    "elapsed_s": 4.2,
}

CARD = Card(
    id=ARTICLE.id,
    status="ok",
    abstained_because=None,
    title=ARTICLE.title,
    url=ARTICLE.url,
    source=ARTICLE.source,
    published_at=ARTICLE.published_at,
    market_impact=0.4,
    tickers=["HLDN", "CVDM", "BWIA", "BWIB"],
    topics=["Corporate Guidance & Outlook", "Semiconductors", "Automotive & EV", "Labor & Employment"],
    summary=(
        "Halden Semiconductor cut its full-year revenue outlook to between $4.1 billion and $4.3 billion from $4.8 billion because its "
        "largest automotive customer pushed back orders for power chips. One of its two Drammen lines stops until the spring, which "
        "touches about 600 jobs, while Corvid Motors keeps its delivery target and frees about $350 million in cash."
    ),
    analysis=(
        "Halden Semiconductor lowered its outlook for the year by up to $700 million after Corvid Motors, which stands for "
        "roughly a fifth of its sales, deferred orders while it works through stock built up last year. Chief executive Ingrid "
        "Solberg expects the pause to last two quarters, and the company answers by closing one of its two lines in Drammen. The "
        "size of the cut is the news: analysts had expected a trim, not this much. For Corvid the deferral is a cash matter and "
        "its own target stands. Brightwater Instruments, a smaller rival, reports a full order book, so the delay may be one "
        "customer's stock rather than a weak market. Sentiment is strongly negative for Halden, positive for Corvid and neutral "
        "for Brightwater."
    ),
    sentiment=sentiment("negative", "The larger effect falls on Halden's holders; for its customer the same news is mildly good."),
    entities=ENTITIES,
    impact={
        "materiality": Rating(level=2, reason="A visible part of one issuer's revenue goes away for the year."),
        "breadth": Rating(level=2, reason="One chip maker, its customer and a rival."),
        "surprise": Rating(level=3, reason="A trim was expected, a cut of this size was not."),
        "immediacy": Rating(level=3, reason="The pause begins now and lasts two quarters."),
        "certainty": Rating(level=4, reason="The company said it itself."),
    },
    instruments=[
        Instrument(
            symbol="HLDN",
            exchange="NYSE",
            issuer="Halden Semiconductor Corp.",
            share_class=None,
            entity="Halden Semiconductor",
            expanded=False,
        ),
        Instrument(symbol="CVDM", exchange="Nasdaq", issuer="Corvid Motors Inc.", share_class=None, entity="Corvid Motors", expanded=False),
        Instrument(
            symbol="BWIA",
            exchange="NYSE",
            issuer="Brightwater Instruments",
            share_class="Class A",
            entity="Brightwater Instruments",
            expanded=True,
        ),
        Instrument(
            symbol="BWIB",
            exchange="NYSE",
            issuer="Brightwater Instruments",
            share_class="Class B",
            entity="Brightwater Instruments",
            expanded=True,
        ),
    ],
    checks=CHECKS,
    provenance=Provenance(**PROVENANCE),
)

ABSTAINED = CARD.model_copy(
    update={
        "status": "abstained",
        "abstained_because": "The article is a recipe; nothing in it touches a security.",
        "title": "Potato soup for a wet evening",
        "market_impact": None,
        "tickers": [],
        "topics": [],
        "summary": "",
        "analysis": "",
        "sentiment": None,
        "entities": [],
        "impact": {},
        "instruments": [],
        "checks": Checks(),
        "provenance": Provenance(**PROVENANCE | {"truncated": True, "cached": True, "cost_usd": 0.0}),
    }
)
