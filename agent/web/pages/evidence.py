"""A card's prose cut at its claims, and the article cut at what carries them.

Every piece of evidence is a span of the article with a number: quotes first, in the card's order, then the places of the prose's claims.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from agent.article import Article
from agent.card import Card, Finding
from agent.grounding.located import Claim, Kind, Located
from agent.present.checked import reason
from agent.present.page import Segment, segments

_WHOLE = 0.8
"""A finding over more of a prose than this is told below it: what marks everything marks nothing."""


class Piece(NamedTuple):
    """Some of a prose. A claim that is carried leads to `spans`; one without ground has the number of its `note`.

    A `sentence` has no text: it ends a sentence that is the article's own.
    """

    text: str
    kind: Kind | Literal["sentence"] | None = None
    spans: tuple[int, ...] = ()
    note: int | None = None


class Note(NamedTuple):
    """Why a claim has no ground; `number` None: of the whole prose."""

    number: int | None
    claim: str
    reasons: tuple[str, ...]


class Prose(NamedTuple):
    """A field of the card, joined again its text, and the notes below it."""

    pieces: Sequence[Piece]
    notes: Sequence[Note]


class Evidence(NamedTuple):
    """What the card page needs to show each claim in its article."""

    summary: Prose
    analysis: Prose
    article: Sequence[Segment]


def gather(card: Card, article: Article) -> Evidence:
    """Find it all. Spans that don't fit the article's text are left out, so nothing else is ever marked."""
    spans = [(evidence.start, evidence.end) for entity in card.entities for evidence in entity.evidence]
    located = Located(article)
    prose = _Prose(card, located, spans)
    summary, analysis = prose.cut("summary", card.summary), prose.cut("analysis", card.analysis)
    return Evidence(summary, analysis, segments(article.text, spans))


class _Prose:
    """Cuts one field after the other; numbers of spans and notes go on."""

    def __init__(self, card: Card, located: Located, spans: list[tuple[int, int]]) -> None:
        self._findings = findings(card)
        self._located = located
        self._spans = spans
        self._numbers: dict[tuple[int, int], int] = {}
        self._notes = 0

    def cut(self, where: str, text: str) -> Prose:
        found = [one for one in self._findings if one.where == where and one.start is not None and one.end is not None]
        whole = [one for one in found if _is_of_the_whole(one, text)]
        parts = [one for one in found if one not in whole]
        pieces: list[Piece] = []
        notes: list[Note] = []
        done = 0
        claims = self._located.claims(text, parts)
        ends = [one for one in self._located.sentences(text) if not any(claim.start < one[0] < claim.end for claim in claims)]
        for claim in [*claims, None]:
            until = len(text) if claim is None else claim.start
            while ends and ends[0][0] <= until:
                end, place = ends.pop(0)
                pieces += [Piece(text[done:end]), Piece("", "sentence", (self._number(place),))]
                done = end
            pieces.append(Piece(text[done:until]))
            if claim is not None:
                pieces.append(self._piece(text, claim, notes))
                done = claim.end
        notes += [Note(None, "", (reason(one.reason),)) for one in whole]
        return Prose([piece for piece in pieces if piece.text or piece.kind], notes)

    def _piece(self, text: str, claim: Claim, notes: list[Note]) -> Piece:
        written = text[claim.start : claim.end]
        if claim.kind != "unsupported":
            return Piece(written, claim.kind, tuple(self._number(place) for place in claim.places))
        self._notes += 1
        notes.append(Note(self._notes, written, tuple(map(reason, claim.reasons))))
        return Piece(written, claim.kind, note=self._notes)

    def _number(self, place: tuple[int, int]) -> int:
        """The number of a span; places of several claims have one."""
        if place not in self._numbers:
            self._numbers[place] = len(self._spans)
            self._spans.append((place[0], place[1]))
        return self._numbers[place]


def findings(card: Card) -> list[Finding]:
    """Everything that the checks found in the card's prose."""
    checks = card.checks
    tallies = [tally.unsupported for tally in (checks.numbers, checks.names, checks.quotes) if tally is not None]
    return [one for found in (*tallies, checks.coherence or [], checks.form) for one in found]


def _is_of_the_whole(finding: Finding, text: str) -> bool:
    return (finding.end or 0) - (finding.start or 0) > _WHOLE * len(text)
