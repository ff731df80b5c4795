"""What a card says to a person, in words; the terminal and the page lay out the same ones.

Every text of a card may hold an author's or a model's own characters: `clean` takes out those that would steer a screen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from agent.card import Card, Checks, Finding, Provenance, Tally
from agent.taxonomy import SentimentLabel

# Controls, lone surrogates, invisible spaces, bidirectional overrides, tag characters. The joiners U+200C and U+200D stay:
# Persian, Hindi and emoji need them.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)
# A whole escape sequence goes, not its first byte alone: "\x1b[31m" would else leave "[31m" behind.
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])")

SYMBOLS: dict[SentimentLabel, str] = {
    "strongly negative": "▼▼",
    "negative": "▼",
    "neutral": "●",
    "positive": "▲",
    "strongly positive": "▲▲",
}

_IMPACT_WORDS = ((0.2, "slight"), (0.4, "modest"), (0.6, "moderate"), (0.8, "high"), (1.01, "very high"))

Verdict = Literal["passed", "attention", "noted", "not checked"]
"""`noted`: something was left off, which is what the checks are for; nothing false stands on the card because of it."""


class Check(NamedTuple):
    """One row of the checks: what was looked at, how it went in a few words, and each thing that was found."""

    name: str
    verdict: Verdict
    text: str
    details: tuple[str, ...] = ()


def clean(text: str) -> str:
    """`text` on one line, without escape sequences and characters that can't be seen or that reorder others."""
    return " ".join(seen(text).split())


def seen(text: str) -> str:
    """A piece of a text, its spaces as they are, without the characters that `clean` takes out."""
    return _UNSEEN.sub("", _ESCAPES.sub("", text))


def impact_word(impact: float) -> str:
    """Market impact 0..1 in a word."""
    return next(word for limit, word in _IMPACT_WORDS if impact < limit)


def signed(score: float) -> str:
    """A sentiment score -1..1 with its sign (a true minus) and one decimal; zero has none."""
    return "0.0" if abs(score) < 0.05 else f"{score:+.1f}".replace("-", "−")  # noqa: PLR2004  half of the last digit shown


def moment(value: datetime) -> str:
    """A time for reading, in UTC."""
    return f"{value.day} {value:%b %Y}, {value:%H:%M} UTC"


def count(number: int, noun: str) -> str:
    """`1 article`, `2,000 articles`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def dollars(amount: float | None) -> str:
    """US dollars: cents from one dollar up, below it two significant digits or more; None is unpriced."""
    if amount is None:
        return "unpriced"
    if amount == 0:
        return "$0"
    return f"${amount:,.2f}" if amount >= 1 else f"${amount:.4f}" if amount >= 0.001 else f"${amount:.2g}"  # noqa: PLR2004


def duration(seconds: float) -> str:
    """`45 s`, `12 min`, `3 h 05 min`."""
    if seconds < 100:  # noqa: PLR2004  two digits of seconds
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60:,} h {minutes % 60:02} min"  # noqa: PLR2004  the same of minutes


def byline(card: Card) -> str:
    """Source and date, as far as they are known."""
    parts = [clean(card.source or ""), moment(card.published_at) if card.published_at else ""]
    return " · ".join(part for part in parts if part)


def verdict(card: Card) -> str:
    """What the checks come to, in one sentence."""
    if not card.checks.passed:
        return "Not passed: the card says things that the article does not carry."
    return "Passed every check that ran." if ran(card) else "No claim was checked."


def ran(card: Card) -> bool:
    """Whether any check of the card's claims ran."""
    found = card.checks
    return any(check is not None for check in (found.numbers, found.names, found.quotes, found.coherence))


def checks(found: Checks) -> list[Check]:
    """The checks in the order a reader cares: claims first, then what was left off, then the text itself."""
    tickers = [f"{clean(drop.symbol)}: {clean(drop.reason)}" for drop in found.tickers.dropped]
    topics = [f"{clean(finding.claim)}: {clean(finding.reason)}" for finding in found.topics.dropped]
    return [
        _tally("Numbers", found.numbers),
        _tally("Names", found.names),
        _tally("Quotes", found.quotes),
        _left_off("Tickers", tickers),
        _left_off("Topics", topics),
        _findings("Form", found.form),
        _findings("Coherence", found.coherence),
        _findings("Instructions", found.injection),
    ]


def _tally(name: str, tally: Tally | None) -> Check:
    if tally is None:
        return Check(name, "not checked", "not checked")
    if not tally.stated:
        return Check(name, "passed", "none stated")
    text = f"{tally.supported} of {tally.stated} supported by the article"
    details = tuple(_finding(finding) for finding in tally.unsupported)
    whole = not details and tally.supported == tally.stated
    return Check(name, "passed" if whole else "attention", text, details)


def _left_off(name: str, details: Sequence[str]) -> Check:
    return Check(name, "noted", f"{len(details)} left off", tuple(details)) if details else Check(name, "passed", "none left off")


def _findings(name: str, findings: Sequence[Finding] | None) -> Check:
    if findings is None:
        return Check(name, "not checked", "not checked")
    if not findings:
        return Check(name, "passed", "nothing found")
    return Check(name, "attention", f"{len(findings)} found", tuple(_finding(finding) for finding in findings))


def _finding(finding: Finding) -> str:
    return f"“{clean(finding.claim)}” in {place(finding.where)}: {clean(finding.reason)}"


def place(where: str) -> str:
    """A field of a card or a draft, as findings name it, in words. A draft counts from 0, people from 1."""
    if where in _PLACES:
        return _PLACES[where]
    if (entity := _ENTITY.fullmatch(where)) is not None:
        return f"the {_ENTITY_FIELDS.get(entity['field'], entity['field'])} of drafted entity {int(entity['index']) + 1}"
    if (component := _RATING.fullmatch(where)) is not None:
        return f"the rating of {component[1]}"
    return clean(where)


_PLACES = {
    "summary": "the summary",
    "analysis": "the analysis",
    "overall.label": "the overall sentiment",
    "overall.reason": "the reason of the overall sentiment",
    "title": "the title",
    "text": "the article",
    "topics": "the topics",
}
_ENTITY = re.compile(r"entities\[(?P<index>\d{1,3})\]\.(?P<field>\w+)(?:\[\d{1,3}\])?")
_ENTITY_FIELDS = {"quotes": "evidence", "sentiment": "sentiment", "name": "name", "reason": "reason"}
_RATING = re.compile(r"impact\.(\w+)\.(?:level|reason)")


def cut_warning(provenance: Provenance) -> str | None:
    """The loud line of a card whose model didn't see the whole article."""
    return "CUT SHORT: only the beginning of this article was read; the card knows nothing of the rest." if provenance.truncated else None


def made_by(provenance: Provenance) -> list[str]:
    """Where the card comes from, as short phrases: engine, model, prompt, tokens, cost, versions."""
    parts = [f"{provenance.engine} engine"]
    if provenance.model:
        parts.append(clean(provenance.model) + (f" at {clean(provenance.endpoint)}" if provenance.endpoint else ""))
    if provenance.prompt:
        name, _, digest = clean(provenance.prompt).partition("@")
        parts.append(f"prompt {name}" + (f"@{digest[:8]}" if digest else ""))
    if provenance.engine == "llm":
        parts += _spent(provenance)
    elif provenance.cached:
        parts.append("from the cache")
    parts += [f"{provenance.elapsed_s:.1f} s", f"symbols {clean(provenance.symbols)}", f"newscard {clean(provenance.newscard)}"]
    return [*parts, f"made {moment(provenance.created_at)}"]


def origin(provenance: Provenance) -> list[tuple[str, str]]:
    """The same as names and values, with the digests whole."""
    endpoint = f" at {clean(provenance.endpoint)}" if provenance.endpoint else ""
    model = [("Model", clean(provenance.model) + endpoint)] if provenance.model else []
    prompt = [("Prompt", clean(provenance.prompt))] if provenance.prompt else []
    paid = [("Cost", ", ".join(_spent(provenance)))] if provenance.engine == "llm" else [("Cost", "none: no model was asked")]
    return [
        ("Engine", provenance.engine),
        *model,
        *prompt,
        ("Schema", clean(provenance.schema_)),
        ("Symbols", clean(provenance.symbols)),
        ("Made", f"{moment(provenance.created_at)}, in {provenance.elapsed_s:.1f} s"),
        *paid,
        ("newscard", clean(provenance.newscard)),
    ]


def _spent(provenance: Provenance) -> list[str]:
    usage = provenance.usage
    if provenance.cached:
        paid = provenance.uncached_cost_usd
        return ["from the cache, first made " + ("at an unknown price" if paid is None else f"for {dollars(paid)}")]
    saved = f" ({usage.cached_input_tokens:,} of them cached)" if usage.cached_input_tokens else ""
    tokens = f"{usage.input_tokens:,} tokens in{saved}, {usage.output_tokens:,} out"
    asked = count(usage.requests, "request") + (" with a re-ask" if provenance.reasked else "")
    return [asked, tokens, dollars(provenance.cost_usd)]
