"""Whose words: a quotation of the article that the prose gives to another speaker.

Told only where both texts set a name beside it: before it in its sentence ("Vance called it", "according to Vance"), right behind it
("said Vance", "Vance said"), or behind the quotation before it, which it goes on with. What the article has nobody say is let be.
"""

from __future__ import annotations

from itertools import islice

from agent.card import Finding
from agent.grounding.attribution.identity import Identities
from agent.grounding.attribution.phrases import Speaker
from agent.grounding.attribution.saying import Saying
from agent.grounding.fold import FoldedText
from agent.grounding.quotes import everywhere
from agent.sentences import Span

_MOST_PLACES = 6
_PARAGRAPH = 1_500


class Quoted:
    """Who says what in one article; made once a card, and read only where the prose quotes."""

    def __init__(self, body: FoldedText, identities: Identities) -> None:
        self._body = body
        self._identities = identities

    def whose(self, quotation: str, speaker: Speaker, named: str) -> str | None:
        """Whom the article has say a quotation, if at each of its places that is another than the speaker, whose name is written so."""
        found = [self._other(span, speaker, named) for span in islice(everywhere(quotation, self._body), _MOST_PLACES)]
        return found[0] if found and None not in found else None

    def _other(self, span: Span, speaker: Speaker, named: str) -> str | None:
        """Who says what stands at a place of the article, if that is told and another."""
        start = self._paragraph(span.start)
        end = self._body.text.find("\n", span.start, span.start + _PARAGRAPH)
        saying = Saying(self._body.text[start : end if end >= 0 else span.start + _PARAGRAPH])
        place = span.start - start
        index = next((index for index, (begin, stop) in enumerate(saying.quotations) if begin <= place < stop), None)
        other = None if index is None else saying.who_says(index)
        if other is not None and not other.words:
            other = saying.antecedent(other.start) if self._identities.is_named_later(named, start + other.start) else None
        if other is None:
            return None
        also_named = saying.text[other.start : other.end]
        return also_named if self._identities.are_two(speaker, named, other, also_named) else None

    def _paragraph(self, at: int) -> int:
        return max(self._body.text.rfind("\n", max(0, at - _PARAGRAPH), at) + 1, at - _PARAGRAPH, 0)


def speaker_findings(where: str, prose: Saying, quoted: Quoted) -> tuple[int, list[Finding]]:
    """The speakers to whom a prose gives what the article has another say, with their places in it."""
    findings = []
    for index, (start, end) in enumerate(prose.quotations):
        speaker = prose.who_says(index)
        if speaker is None or not speaker.words:
            continue
        named = prose.text[speaker.start : speaker.end]
        if (other := quoted.whose(prose.original[start:end], speaker, named)) is not None:
            reason = f"the article has {other} say this; keep each quotation with its speaker"
            findings.append(
                Finding(where=where, claim=prose.original[speaker.start : speaker.end], reason=reason, start=speaker.start, end=speaker.end)
            )
    return 0, findings
