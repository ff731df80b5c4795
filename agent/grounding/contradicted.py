"""Where prose says what the article doesn't: a "not" dropped or put in, the open told as certain, a word told as its contrary."""

from __future__ import annotations

from agent.card import Finding
from agent.grounding.clauses import Text
from agent.grounding.contraries import contrary_findings
from agent.grounding.hedges import Hedged
from agent.grounding.negation import Denied, negation_findings


class Contradicted:
    """What one article denies, states and leaves open; made once a card. Linear in the article's length."""

    def __init__(self, article: Text) -> None:
        self.text = article
        self.denied = Denied(article)
        self.hedged = Hedged(article)


def contradiction_findings(where: str, text: Text, article: Contradicted) -> list[Finding]:
    """What each of these checks finds in a prose, in the order of the prose; no clause twice."""
    kept: list[Finding] = []
    for found in (
        *negation_findings(where, text, article.denied),
        *article.hedged.findings(where, text),
        *contrary_findings(where, text, article.text),
    ):
        if not any(_overlap(found, other) for other in kept):
            kept.append(found)
    return sorted(kept, key=lambda found: found.start or 0)


def _overlap(one: Finding, other: Finding) -> bool:
    return (one.start or 0) < (other.end or 0) and (other.start or 0) < (one.end or 0)
