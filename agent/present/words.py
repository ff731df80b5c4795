"""What a card says to a person, in words; the terminal and the page lay out the same ones.

Every text of a card may hold an author's or a model's own characters: `clean` takes out those that would steer a screen.
"""

from __future__ import annotations

import re
from datetime import datetime

from agent.card import Card, Provenance
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

IMPACT_WORDS = ((0.2, "slight"), (0.4, "modest"), (0.6, "moderate"), (0.8, "high"), (1.01, "very high"))
"""Market impact below each limit, in a word."""


def clean(text: str) -> str:
    """`text` on one line, without escape sequences and characters that can't be seen or that reorder others."""
    return " ".join(seen(text).split())


def seen(text: str) -> str:
    """A piece of a text, its spaces as they are, without the characters that `clean` takes out."""
    return _UNSEEN.sub("", _ESCAPES.sub("", text))


def impact_word(impact: float) -> str:
    """Market impact 0..1 in a word."""
    return next(word for limit, word in IMPACT_WORDS if impact < limit)


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


def lost_at_kills(articles: int, usd: float | None) -> str:
    """What was in flight when runners were killed. Nobody here knows which of it was sent and billed; `usd` is what all of it costs."""
    cost = f"$0 to {dollars(usd)} for " if usd else ""
    return f"{cost}{count(articles, 'article')} in flight when a runner was killed"


def estimated_in(requests: int) -> str:
    """What of a cost isn't known exactly."""
    return f"the tokens of {count(requests, 'request')} estimated, since the endpoint didn't count them"


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
    tokens = f"about {tokens}, estimated" if usage.estimated else tokens
    asked = count(usage.requests, "request") + (" with a re-ask" if provenance.reasked else "")
    return [asked, tokens, dollars(provenance.cost_usd)]
