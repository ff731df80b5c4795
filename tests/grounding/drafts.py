"""Drafts for these tests: a whole one, and ways to change a field of it."""

from __future__ import annotations

from typing import Any

from agent.article import Article
from agent.draft import Draft

ARTICLE = Article(
    id="harbour",
    title="Harbour Foods cuts its forecast as wheat prices bite",
    text=(
        "Harbour Foods lowered its full-year profit forecast on Tuesday, saying that wheat at a nine-year high had eaten into margins at "
        "its bakeries. "
        "The company now expects an operating profit of $410 million to $430 million, down from an earlier range of $480 million to $500 "
        "million.\n\n"
        "“We did not raise prices fast enough,” chief executive Maria Lindqvist said on a call with analysts. "
        "She said the company wouldn’t close plants. Shares of Harbour fell 8.4% in early trading, their worst day since March 2020.\n\n"
        "Rival Northmill Group, which buys its grain a year ahead, kept its own outlook and said orders rose 3% in the second quarter. "
        "Its shares rose 2.1%. Analysts at Calder Bank said that supermarkets in Canada were unlikely to accept a second round of price "
        "increases before the autumn, "
        "and that Harbour Foods would have to find savings of about C$90 million elsewhere. "
        "The grain market gives little hope of relief: a drought in the northern plains has cut the harvest by 12%, the agriculture "
        "ministry said, "
        "and importers have begun to bid for next season's crop. Harbour Foods said it had hedged two thirds of its needs for the coming "
        "quarter, "
        "against none at the same time a year ago. It will publish its half-year results on 14 August. "
        "Northmill, whose chief financial officer Tom Reyes called the quarter “steady, not spectacular”, will report a week later."
    ),
)

SUMMARY = (
    "Harbour Foods lowered its full-year operating profit forecast to a range of $410 million to $430 million because wheat at a "
    "nine-year high has "
    "eaten into its margins. Its shares fell 8.4% in early trading, while those of its rival Northmill Group, which buys grain a year "
    "ahead "
    "and kept its outlook, rose 2.1%."
)

ANALYSIS = (
    "Harbour Foods now expects an operating profit of $410 million to $430 million for the full year, down from an earlier range of $480 "
    "million "
    "to $500 million, after wheat at a nine-year high ate into the margins of its bakeries. Chief executive Maria Lindqvist said that "
    "the company "
    "did not raise prices fast enough, and that it would not close plants. The lower forecast puts pressure on the company to find "
    "savings of about "
    "C$90 million elsewhere, according to analysts at Calder Bank, who consider supermarkets in Canada unlikely to accept another round "
    "of price "
    "increases before the autumn. A drought in the northern plains has cut the harvest by 12%, so that the grain market gives little "
    "hope of relief. "
    "Harbour Foods responds with hedges that cover two thirds of its needs for the coming quarter. Northmill Group, which buys its grain "
    "a year "
    "ahead, kept its own outlook and said orders rose 3% in the second quarter. The overall sentiment is negative because the lower "
    "forecast and the "
    "fall of 8.4% in the shares of Harbour Foods outweigh the better position of Northmill Group, for which the news is positive."
)


def draft(**changes: Any) -> Draft:
    """A faithful draft of `ARTICLE`, with whole fields changed."""
    reason = "The lower forecast changes the case for the company."
    fields: dict[str, Any] = {
        "entities": [entity(), northmill()],
        "topics": ["Corporate Guidance & Outlook", "Agriculture & Food"],
        "impact": {
            name: {"reason": reason, "level": level}
            for name, level in {"materiality": 2, "breadth": 1, "surprise": 3, "immediacy": 4, "certainty": 4}.items()
        },
        "overall": {"reason": "The larger company's loss outweighs its rival's gain.", "label": "negative"},
        "abstain_because": None,
        "summary": SUMMARY,
        "analysis": ANALYSIS,
    }
    return Draft.model_validate(fields | changes)


def entity(**changes: Any) -> dict[str, Any]:
    """The draft's first entity, with fields changed."""
    fields = {
        "name": "Harbour Foods",
        "kind": "public company",
        "quotes": ["Harbour Foods lowered its full-year profit forecast", "Shares of Harbour fell 8.4% in early trading"],
        "relevance": "central",
        "reason": "It earns less than it said.",
        "sentiment": "negative",
    }
    return fields | changes


def northmill(**changes: Any) -> dict[str, Any]:
    """The draft's second entity, with fields changed."""
    fields = {
        "name": "Northmill Group",
        "kind": "public company",
        "quotes": ["kept its own outlook and said orders rose 3% in the second quarter"],
        "relevance": "involved",
        "reason": "It bought its grain ahead.",
        "sentiment": "positive",
    }
    return fields | changes
