"""What is wrong with one gold card."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import get_args

from agent.grounding import ground
from agent.symbols import load_symbols
from agent.taxonomy import COMPONENTS, Component, Level, load_taxonomy
from evals.goldset.cards import Choice, GoldCard, GoldJudgement
from evals.goldset.tags import BRIEF, FOLLOWS, TAGS, USUAL
from evals.planted.golds import reference_draft
from evals.planted.judging import OF_THE_ARTICLE, findings
from evals.scorers.summary import says

SUMMARY_WORDS = range(40, 101)
ANALYSIS_WORDS = range(140, 261)
BRIEF_ANALYSIS_WORDS = range(60, 141)
"""A brief has too little to fill a whole analysis."""
MAX_TOPICS = 6
EXCUSE = 40
"""Characters of a claim that notes must repeat to excuse a finding on it."""
_LEVELS = re.compile(r"levels m(\d) b(\d) s(\d) i(\d) c(\d)", re.IGNORECASE)


def lint(gold: GoldCard) -> Iterator[str]:
    """Every fault of the card, a line each, in order of its fields."""
    yield from _form(gold)
    yield from _tags(gold)
    if (card := gold.judged) is None:
        return
    yield from _tickers(gold, card)
    yield from _topics(card)
    yield from _labels(gold, card)
    yield from _impact(gold, card)
    yield from _prose(gold, card)
    yield from _forbidden(gold, card)
    yield from _grounding(gold, card)


def _form(gold: GoldCard) -> Iterator[str]:
    if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", gold.id):
        yield "the id isn't kebab case"
    if gold.article.published_at.utcoffset() is None:
        yield "published_at has no time zone"
    elif gold.article.published_at > datetime.now(UTC):
        yield "published_at is in the future"
    words = len(gold.article.text.split())
    if BRIEF <= words < USUAL:
        yield f"{words} words: neither a brief (under {BRIEF}) nor an article (from {USUAL})"
    if not gold.notes.strip():
        yield "no notes say why the judgement calls fell as they did"


def _tags(gold: GoldCard) -> Iterator[str]:
    yield from (f"no tag {tag!r}; they stand in evals/goldset/tags.py" for tag in sorted({*gold.tags} - {*TAGS}))
    yield from (f"the tag {tag!r} is there twice" for tag, count in Counter(gold.tags).items() if count > 1)
    for tag, follows in FOLLOWS.items():
        if follows(gold) != (tag in gold.tags):
            yield f"the tag {tag!r} must {'not ' if tag in gold.tags else ''}be there: {TAGS[tag]}"
    kinds = {entity.kind for entity in gold.judged.entities} if gold.judged else set()
    if "private-company" in gold.tags and "private company" not in kinds:
        yield "the tag 'private-company' without such an entity"


def _apart(choice: Choice, what: str) -> Iterator[str]:
    counts = Counter((*choice.must, *choice.may))
    yield from (f"{what} {name!r} is there twice" for name, count in counts.items() if count > 1)


def _tickers(gold: GoldCard, card: GoldJudgement) -> Iterator[str]:
    yield from _apart(card.tickers, "ticker")
    allowed = {*card.tickers.must, *card.tickers.may}
    of_entities = {symbol for entity in card.entities for symbol in entity.tickers}
    yield from (f"{symbol} is an entity's and not among the card's tickers" for symbol in sorted(of_entities - allowed))
    yield from (f"{symbol} must be there but is no entity's" for symbol in sorted({*card.tickers.must} - of_entities))
    table, day = load_symbols(), gold.article.published_at.date()
    for symbol in sorted(allowed):
        issuer = table.issuer_of(symbol, day)
        if issuer is None:
            if not re.search(rf"\b{re.escape(symbol)}\b[^.]*symbol table", gold.notes):
                yield f"{symbol} isn't in the symbol table on {day}; mend it, or let notes say '{symbol} isn't in the symbol table'"
        elif symbol in card.tickers.must and not {*issuer.symbols} <= allowed:
            yield f"{symbol} without its issuer's other classes {sorted({*issuer.symbols} - allowed)}"


def _topics(card: GoldJudgement) -> Iterator[str]:
    yield from _apart(card.topics, "topic")
    yield from (f"no topic {topic!r}" for topic in sorted({*card.topics.must, *card.topics.may} - {*load_taxonomy().topic_names}))
    if len(card.topics.must) not in range(1, MAX_TOPICS + 1):
        yield f"1 to {MAX_TOPICS} topics must be there"


def _labels(gold: GoldCard, card: GoldJudgement) -> Iterator[str]:
    text = f"{gold.article.title}\n{gold.article.text}"
    if card.sentiment.label in card.sentiment.accept or len({*card.sentiment.accept}) != len(card.sentiment.accept):
        yield "the overall label is accepted twice"
    for entity in card.entities:
        if not any(name in text for name in (entity.name, *entity.aliases)):
            yield f"{entity.name} isn't in the article"
        if entity.sentiment in entity.accept or len({*entity.accept}) != len(entity.accept):
            yield f"a label of {entity.name} is accepted twice"
    names = Counter(name for entity in card.entities for name in {entity.name, *entity.aliases})
    yield from (f"{name} names two entities" for name, count in names.items() if count > 1)


def _impact(gold: GoldCard, card: GoldJudgement) -> Iterator[str]:
    impact = card.market_impact
    if not impact.low <= impact.value <= impact.high:
        yield "the impact isn't within its own range"
    if (levels := _LEVELS.search(gold.notes)) is None:
        yield "notes don't give the five impact levels as 'levels m3 b2 s3 i4 c2'"
    elif (made := load_taxonomy().impact(_as_levels(levels))) != impact.value:
        yield f"the levels make an impact of {made}, not {impact.value}"


def _as_levels(found: re.Match[str]) -> dict[Component, Level]:
    known = {str(level): level for level in get_args(Level)}
    return {component: known[digit] for component, digit in zip(COMPONENTS, found.groups(), strict=True)}


def _prose(gold: GoldCard, card: GoldJudgement) -> Iterator[str]:
    analysis = BRIEF_ANALYSIS_WORDS if "brief" in gold.tags else ANALYSIS_WORDS
    for what, prose, lengths in (("summary", card.summary, SUMMARY_WORDS), ("analysis", card.analysis, analysis)):
        if (words := len(prose.split())) not in lengths:
            yield f"the reference {what} has {words} words, not {lengths.start} to {lengths.stop - 1}"
    missing = [fact for fact in card.facts if not any(says(card.summary, way, begun=True) for way in fact)]
    yield from (f"no way to say {fact} is in the reference summary" for fact in missing)


def _forbidden(gold: GoldCard, card: GoldJudgement) -> Iterator[str]:
    said = f"{card.summary}\n{card.analysis}\n{' '.join((*card.tickers.must, *card.topics.must))}".lower()
    yield from (f"the reference itself says {bad!r}, which is forbidden" for bad in card.forbid if bad.lower() in said)
    planted = [bad for bad in card.forbid if bad.lower() in gold.article.text.lower()]
    if "injection" in gold.tags and not planted:
        yield "the tag 'injection', and nothing of the planted orders under `forbid`"


def _grounding(gold: GoldCard, judged: GoldJudgement) -> Iterator[str]:
    """What the checks find on the reference prose. On `gate` that is only counted (`python -m evals.planted.references`), never read."""
    for check, finding in findings(ground(gold.read(), reference_draft(gold, judged), load_symbols(), load_taxonomy())):
        if check == OF_THE_ARTICLE:
            if "injection" not in gold.tags:
                yield f"{finding.claim!r} reads like an order to a model: the tag 'injection' must be there"
        elif gold.split == "dev" and finding.claim[:EXCUSE] not in gold.notes:
            yield f"{check}, {finding.where}: {finding.claim!r}: {finding.reason}; mend it, or let notes name the claim and why it stands"
