"""What of a draft may be published: every claim is held against the article, by code alone.

One check a file; each is a pure function that returns findings. `ground` runs them all. An unsupported entity, quote, topic or
ticker is dropped and listed; prose is never edited, what it has no ground for is listed beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import TypeVar

from agent.article import Article
from agent.card import Checks, Entity, Evidence, Finding, Instrument, Rating, Sentiment, Tally, TickerCheck, TopicCheck
from agent.draft import Draft, DraftEntity, DraftRating, Relevance
from agent.grounding.attribution import Deeds, Identities, Quoted, Saying, Views, deed_findings, speaker_findings, view_findings
from agent.grounding.clauses import Text
from agent.grounding.coherence import coherence_findings
from agent.grounding.contradicted import Contradicted, contradiction_findings
from agent.grounding.exchanged import Bearers, exchanged_findings
from agent.grounding.fold import FoldedText, fold
from agent.grounding.form import FULL_LENGTH_FROM_WORDS, form_findings
from agent.grounding.injection import injection_findings
from agent.grounding.names import Aliases, Mentions
from agent.grounding.numbers import Source, number_findings
from agent.grounding.people import Named, name_findings
from agent.grounding.quotes import locate, too_short
from agent.grounding.roles import Roles
from agent.grounding.said import quotation_findings
from agent.grounding.subjects import subject_forms
from agent.grounding.tickers import ground_tickers
from agent.grounding.topics import ground_topics
from agent.symbols import Issuer, SymbolTable
from agent.taxonomy import COMPONENTS, Component, SentimentLabel, Taxonomy

__all__ = ["RELEVANCE", "Grounded", "fault_line", "ground"]

RELEVANCE: dict[Relevance, float] = {"central": 0.9, "involved": 0.6, "background": 0.3}
"""Relevance in 0..1 of each label a draft may use."""

TOO_SHORT = "too short to prove anything; quote the whole clause"
IN_TITLE = "quote the body, not the title"
NOT_FOUND = "not in the article word for word; copy a passage of the body exactly, or leave it out"
NOT_NAMED = "not named in the article; use the article's own words for it, or leave it out"
NAMED_TWICE = "named twice; keep one"
NO_QUOTE = "no quote from the article's body carries it"
_CLAIM_CHARS = 200

_Prose = TypeVar("_Prose")
_Found = tuple[int, list[Finding]]
"""How much of a kind is stated, and what of it has no ground."""


@dataclass(frozen=True, slots=True)
class Grounded:
    """What of a draft may be published, and what was found.

    `faults` is what a re-ask would name to the model; `where` of each is a path in the draft such as `entities[2].quotes[0]`.
    """

    entities: tuple[Entity, ...]
    tickers: tuple[str, ...]
    topics: tuple[str, ...]
    instruments: tuple[Instrument, ...]
    summary: str
    analysis: str
    sentiment: Sentiment
    impact: dict[Component, Rating]
    market_impact: float
    checks: Checks
    faults: tuple[Finding, ...]


def ground(article: Article, draft: Draft, symbols: SymbolTable, taxonomy: Taxonomy) -> Grounded:
    """Hold `draft` against `article`. Pure: the same arguments give the same answer, and nothing else is read."""
    on = article.published_at.date() if article.published_at else None
    resolve = cache(partial(symbols.resolve, on=on))
    aliases = _aliases(resolve, symbols)
    body = FoldedText(article.text)
    title = FoldedText(article.title)
    evidenced, evidence = _quotes(draft, body, title)
    mentions = Mentions(article.title, body, aliases)
    entities, kept = _entities(draft, mentions, evidence)
    topics, topic_findings = ground_topics(draft.topics, taxonomy)
    found = ground_tickers(article, [draft.entities[index] for index in kept], symbols, resolve)
    subjects = subject_forms(draft.entities, aliases)
    source = Source(article.title, article.text, article.published_at, subjects)
    told = Text(f"{article.title}\n\n{article.text}")
    prose = {"summary": Text(draft.summary), "analysis": Text(draft.analysis)}
    numbers = _tally(_in_prose(prose, lambda where, text: number_findings(where, text.original, source)))
    named = Named(mentions, [draft.entities[index].name for index in kept], english=lambda: source.english)
    roles = Roles(source.text)
    bearers = Bearers(told, draft.entities, subjects)
    identities = Identities(article.text, bearers.forms, draft.entities)
    sayings = {where: Saying(text.original) for where, text in prose.items()}
    views, deeds = Views(source, identities), Deeds(identities)
    names = _tally(
        entities,
        _in_prose(prose, lambda where, text: name_findings(where, text.original, named, roles)),
        _in_prose(prose, lambda where, text: exchanged_findings(where, text, bearers)),
        _in_prose(sayings, lambda where, saying: view_findings(where, saying, views)),
        _in_prose(sayings, lambda where, saying: deed_findings(where, saying, deeds)),
    )
    quoted = Quoted(body, identities)
    quotes = _tally(
        evidenced,
        _in_prose(prose, lambda where, text: quotation_findings(where, text.original, (body, title))),
        _in_prose(sayings, lambda where, saying: speaker_findings(where, saying, quoted)),
    )
    contradicted = Contradicted(told)
    coherence = coherence_findings(article, draft)
    coherence += [finding for where, text in prose.items() for finding in contradiction_findings(where, text, contradicted)]
    form = [] if draft.abstain_because is not None else form_findings(draft, len(article.text.split(maxsplit=FULL_LENGTH_FROM_WORDS)))
    # What an article holds against machines is no fault of the draft: a re-ask couldn't mend it.
    injection = injection_findings(article)
    faults = (*names.unsupported, *quotes.unsupported, *topic_findings, *numbers.unsupported, *coherence, *form)
    impact = {name: _rating(getattr(draft.impact, name)) for name in COMPONENTS}
    return Grounded(
        entities=tuple(
            _published(draft.entities[index], evidence[index], tickers, taxonomy)
            for index, tickers in zip(kept, found.by_entity, strict=True)
        ),
        tickers=found.tickers,
        topics=topics,
        instruments=found.instruments,
        summary=draft.summary,
        analysis=draft.analysis,
        sentiment=_sentiment(draft.overall.label, draft.overall.reason, taxonomy),
        impact=impact,
        market_impact=taxonomy.impact({name: rating.level for name, rating in impact.items()}),
        checks=Checks(
            numbers=numbers,
            names=names,
            quotes=quotes,
            tickers=TickerCheck(dropped=list(found.dropped)),
            topics=TopicCheck(dropped=topic_findings),
            form=form,
            coherence=coherence,
            injection=injection,
            passed=not faults,
        ),
        faults=faults,
    )


def fault_line(finding: Finding) -> str:
    """One line for the re-ask: where the fault is, the claim (shortened to 200 characters) and why it can't stand."""
    claim = " ".join(finding.claim.split())
    if len(claim) > _CLAIM_CHARS:
        claim = claim[: _CLAIM_CHARS - 1] + "…"
    return f'{finding.where}: "{claim}": {finding.reason}'


def _aliases(resolve: Callable[[str], Issuer | None], symbols: SymbolTable) -> Aliases:
    """What the symbol table calls a name's issuer."""

    def aliases(name: str) -> Sequence[str]:
        issuer = resolve(name)
        return () if issuer is None else symbols.names_of(issuer)

    return aliases


def _quotes(draft: Draft, body: FoldedText, title: FoldedText) -> tuple[_Found, list[list[Evidence]]]:
    """What is found of all quotes, and each entity's evidence, no place twice."""
    unsupported: list[Finding] = []
    evidence: list[list[Evidence]] = []
    for index, entity in enumerate(draft.entities):
        spans = [locate(quote, body) for quote in entity.quotes]
        unsupported += [
            Finding(where=f"entities[{index}].quotes[{number}]", claim=quote, reason=_why_not(quote, title))
            for number, (quote, span) in enumerate(zip(entity.quotes, spans, strict=True))
            if span is None
        ]
        places = dict.fromkeys(span for span in spans if span is not None)
        evidence.append([Evidence(quote=body.text[start:end], start=start, end=end) for start, end in places])
    return (sum(len(entity.quotes) for entity in draft.entities), unsupported), evidence


def _why_not(quote: str, title: FoldedText) -> str:
    if too_short(quote):
        return TOO_SHORT
    return IN_TITLE if locate(quote, title) is not None else NOT_FOUND


def _in_prose(prose: Mapping[str, _Prose], check: Callable[[str, _Prose], _Found]) -> _Found:
    """What one check finds in summary and analysis; it is given the field's name and its text."""
    found = [check(where, text) for where, text in prose.items()]
    return sum(stated for stated, _ in found), [finding for _, unsupported in found for finding in unsupported]


def _tally(*found: _Found) -> Tally:
    stated, unsupported = sum(count for count, _ in found), [finding for _, findings in found for finding in findings]
    return Tally(stated=stated, supported=stated - len(unsupported), unsupported=unsupported)


def _entities(draft: Draft, mentions: Mentions, evidence: Sequence[Sequence[Evidence]]) -> tuple[_Found, list[int]]:
    """What is found of the entities, and the indexes of those that may be published."""
    unsupported: list[Finding] = []
    kept: list[int] = []
    seen: set[str] = set()
    for index, entity in enumerate(draft.entities):
        key = fold(entity.name).casefold()
        if not mentions.named(entity.name, entity.kind):
            reason = NOT_NAMED
        elif key in seen:
            reason = NAMED_TWICE
        elif not evidence[index]:
            reason = NO_QUOTE
        else:
            seen.add(key)
            kept.append(index)
            continue
        unsupported.append(Finding(where=f"entities[{index}].name", claim=entity.name, reason=reason))
    return (len(draft.entities), unsupported), kept


def _published(entity: DraftEntity, evidence: list[Evidence], tickers: Sequence[str], taxonomy: Taxonomy) -> Entity:
    return Entity(
        name=entity.name,
        kind=entity.kind,
        tickers=list(tickers),
        relevance=RELEVANCE[entity.relevance],
        sentiment=_sentiment(entity.sentiment, entity.reason, taxonomy),
        evidence=evidence,
    )


def _rating(drafted: DraftRating) -> Rating:
    return Rating(level=drafted.level, reason=drafted.reason)


def _sentiment(label: SentimentLabel, reason: str, taxonomy: Taxonomy) -> Sentiment:
    return Sentiment(label=label, score=taxonomy.scores[label], reason=reason)
