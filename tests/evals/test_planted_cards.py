"""One drafted lie of each kind goes the whole way of an article, and its card shows it in `checks`, at the right place."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from agent import Card, Enricher, Settings
from agent.card import Finding
from agent.draft import Draft
from agent.engines import Drafted
from evals.planted.judging import OF_FORM, OF_THE_ARTICLE, within
from evals.planted.kinds import KINDS
from evals.planted.pairs import Pair, load_pairs
from evals.planted.plant import read, replaced
from tests.engines.scripted import ScriptedEngine

PAIRS = {pair.id: pair for pair in load_pairs()}


class Lie(NamedTuple):
    """In that pair's draft, `old` became `new`; a finding should overlap `wrong` (else `new`) there."""

    kind: str
    pair: str
    where: str
    old: str
    new: str
    wrong: str = ""


LIES = (
    Lie("digit swap", "apple-record-buyback.3", "summary", "$90.8 billion", "$60.8 billion"),
    Lie("scale swap", "apple-record-buyback.3", "summary", "$110 billion", "$110 million"),
    Lie("percent or bps", "ups-job-cuts.2", "analysis", "7.8%", "7.8 basis points"),
    Lie("percent or points", "ups-job-cuts.2", "analysis", "7.8%", "7.8 percentage points"),
    Lie("direction flip", "intel-beats-cuts-outlook.3", "summary", "net income dropped 85%", "net income rose 85%"),
    Lie("moved number", "silicon-valley-bank-fails.2", "summary", "fell 38%, Western Alliance 21%", "fell 21%, Western Alliance 38%"),
    Lie("name swap", "google-search-monopoly-ruling.2", "analysis", "Attorney General Merrick Garland", "Attorney General Kent Walker"),
    Lie("name swap", "nektar-melanoma-trial-fails.1", "summary", "Nektar Therapeutics shares fell", "Bristol Myers Squibb shares fell"),
    Lie(
        "invented name",
        "nektar-melanoma-trial-fails.1",
        "analysis",
        "a Mizuho analyst",
        "a Brackwater Capital analyst",
        "Brackwater Capital",
    ),
    Lie("dropped not, prose", "openai-drops-scale-ai.1", "analysis", "would get no preferential", "would get preferential"),
    Lie("added not, prose", "dicks-buys-foot-locker.3", "analysis", "would give Dick's", "would not give Dick's"),
    Lie("dropped not, evidence", "openai-drops-scale-ai.1", "entities[2].quotes[1]", "would get no preferential", "would get preferential"),
    Lie("altered quote, evidence", "berkshire-record-cash.1", "entities[1].quotes[0]", "more than doubled", "more than halved"),
    Lie(
        "altered quote, prose",
        "google-search-monopoly-ruling.1",
        "analysis",
        '"an historic win for',
        '"an historic loss for',
        "historic loss",
    ),
)


async def the_card(pair: Pair, draft: Draft) -> Card:
    """The card of the pair's article when an engine drafts that."""
    return await Enricher(ScriptedEngine(Drafted(draft=draft)), Settings()).enrich(pair.article)


def findings(card: Card) -> list[Finding]:
    """All that its checks found on what it says."""
    return [finding for name, check in card.checks if name not in {OF_FORM, OF_THE_ARTICLE} for finding in within(check)]


def with_entity(pair: Pair, name: str, quote: str) -> Draft:
    """The pair's draft with one more listed company on it."""
    dumped = pair.draft.model_dump()
    entity = dumped["entities"][0] | {"name": name, "kind": "public company", "quotes": [quote], "relevance": "involved"}
    return Draft.model_validate(dumped | {"entities": [*dumped["entities"], entity]})


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.kind)
async def test_a_lie_shows_where_it_stands(lie: Lie) -> None:
    """The card says that it didn't pass, and a finding's span or quote holds the false words."""
    pair = PAIRS[lie.pair]
    text = read(pair.draft.model_dump(), lie.where)
    lied = text.replace(lie.old, lie.new, 1)
    draft = replaced(pair.draft, {lie.where: lied})
    assert draft is not None
    card = await the_card(pair, draft)
    assert not card.checks.passed
    wrong = lie.wrong or lie.new
    start = lied.index(lie.new) + lie.new.index(wrong)
    here = [finding for finding in findings(card) if finding.where == lie.where]
    if lie.where.startswith("entities"):
        assert [finding.claim for finding in here] == [lied]
        return
    spans = [(finding.start, finding.end) for finding in here if finding.start is not None and finding.end is not None]
    assert any(begin < start + len(wrong) and start < end for begin, end in spans), here
    assert all(lied[begin:end].strip() for begin, end in spans)


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.kind)
async def test_the_truth_shows_nothing(lie: Lie) -> None:
    """The same draft without the lie passes."""
    pair = PAIRS[lie.pair]
    card = await the_card(pair, pair.draft)
    assert findings(card) == []
    assert card.checks.passed


@pytest.mark.parametrize(
    ("pair", "name", "symbol", "quote"),
    [
        pytest.param(
            "apple-record-buyback.1",
            "Netflix",
            "NFLX",
            "The stock rose about 6% in extended trading",
            id="an invented ticker",
        ),
        pytest.param(
            "bank-of-england-second-vote.1",
            "Target",
            "TGT",
            "a higher summit than it foresaw in May and twice its target",
            id="a word that is a company's name",
        ),
        pytest.param(
            "opec-plus-surprise-cut.1",
            "NOW",
            "NOW",
            "the pledges now amount to roughly 3.66 million barrels a day",
            id="a word that is a symbol",
        ),
        pytest.param(
            "apple-record-buyback.1",
            "Apple Hospitality REIT",
            "APLE",
            "The stock rose about 6% in extended trading",
            id="a company that shares a word",
        ),
    ],
)
async def test_a_strange_ticker_is_kept_off_the_card(pair: str, name: str, symbol: str, quote: str) -> None:
    """It is listed, with its reason, as an entity or a symbol that was dropped; the card's own tickers stay."""
    faithful = await the_card(PAIRS[pair], PAIRS[pair].draft)
    card = await the_card(PAIRS[pair], with_entity(PAIRS[pair], name, quote))
    assert symbol not in card.tickers
    assert card.tickers == faithful.tickers
    refused = {dropped.symbol for dropped in card.checks.tickers.dropped} | {finding.claim for finding in findings(card)}
    assert refused & {symbol, name}


async def test_another_articles_card_is_struck_out() -> None:
    """Every quote of it is listed, and none of its entities or tickers is published."""
    card = await the_card(PAIRS["apple-record-buyback.1"], PAIRS["ups-job-cuts.1"].draft)
    assert not card.checks.passed
    assert card.checks.quotes is not None
    assert card.checks.quotes.supported == 0
    assert card.tickers == []
    assert card.entities == []


async def test_another_articles_prose_is_a_finding() -> None:
    """With this article's own entities above it, both fields are pointed at."""
    pair, other = PAIRS["nektar-melanoma-trial-fails.1"], PAIRS["ups-job-cuts.1"]
    draft = replaced(pair.draft, {"summary": other.draft.summary, "analysis": other.draft.analysis})
    assert draft is not None
    card = await the_card(pair, draft)
    assert {"summary", "analysis"} <= {finding.where for finding in findings(card)}
    assert not card.checks.passed


def test_every_kind_has_its_lie() -> None:
    """A kind of the generator that no card here shows would be a claim without a proof."""
    shown = {lie.kind for lie in LIES} | {"invented ticker", "namesake ticker", "cross-wired card", "cross-wired prose"}
    assert {kind.name for kind in KINDS} == shown
