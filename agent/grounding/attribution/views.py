"""Whose view: a figure that the prose has one expect, forecast or raise to, and the article another.

Told only where in both texts a name is the subject of a word of such a view before the figure, in one clause; at each place that the
article has the figure it is another's, and the prose's name isn't in that clause.
"""

from __future__ import annotations

from agent.card import Finding
from agent.grounding.attribution.identity import Identities
from agent.grounding.attribution.phrases import Speaker
from agent.grounding.attribution.saying import NEXT_CLAUSE, Saying
from agent.grounding.attribution.words import VIEWS
from agent.grounding.numbers import Source, stated_figures
from agent.grounding.numbers.figures import MEASURES, Figure

_MOST_PLACES = 4
_AROUND = 400


class Views:
    """Whose views the figures of one article are; made once a card, and read only where the prose gives a figure to somebody."""

    def __init__(self, source: Source, identities: Identities) -> None:
        self._source = source
        self._identities = identities

    def whose(self, figure: Figure, speaker: Speaker, named: str) -> str | None:
        """Whose view the article has a figure be, if at each of its places that is another than the speaker, whose name is written so."""
        places = self._source.occurrences(figure)
        if not 0 < len(places) <= _MOST_PLACES:
            return None
        found = [self._other(place, speaker, named) for place in places]
        return found[0] if None not in found else None

    def _other(self, figure: Figure, speaker: Speaker, named: str) -> str | None:
        start = max(0, figure.start - _AROUND, self._source.text.rfind("\n", 0, figure.start) + 1)
        saying = Saying(self._source.text[start : figure.end + _AROUND])
        place = figure.start - start
        other = saying.before(place, VIEWS)
        if other is None or not other.words or ":" in saying.text[other.end : place]:
            return None
        behind = NEXT_CLAUSE.search(saying.text, place, saying.sentence(place).end)
        clause = saying.text[other.start : behind.start() if behind else saying.sentence(place).end].lower()
        also_named = saying.text[other.start : other.end]
        if any(word in clause for word in speaker.words) or not self._identities.are_two(speaker, named, other, also_named):
            return None
        return also_named


def view_findings(where: str, prose: Saying, views: Views) -> tuple[int, list[Finding]]:
    """Those to whom a prose gives a view that the article has another take, with their places in it."""
    findings: dict[int, Finding] = {}
    for figure in stated_figures(prose.original):
        if figure.readings[0].kind not in MEASURES:
            continue
        speaker = prose.before(figure.start, VIEWS)
        if speaker is None or not speaker.words or ":" in prose.text[speaker.end : figure.start]:
            continue
        named = prose.text[speaker.start : speaker.end]
        if (other := views.whose(figure, speaker, named)) is not None:
            reason = f"the article gives this to {other}; keep each view with who holds it"
            claim = prose.original[speaker.start : speaker.end]
            findings[speaker.start] = Finding(where=where, claim=claim, reason=reason, start=speaker.start, end=speaker.end)
    return len(findings), list(findings.values())
