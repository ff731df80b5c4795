"""Where the article carries what a card's prose states, for readers who want to see for themselves.

The checks say whether a figure, a name or a quotation has ground; this says where. Nothing is judged here: what was found to have no
ground comes in as findings, and a claim that is carried in other words (a ratio, an alias) has no place to show.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Literal, NamedTuple

from agent.article import Article
from agent.card import Finding
from agent.grounding.fold import FoldedText, fold
from agent.grounding.numbers import Source, stated_figures
from agent.grounding.numbers.figures import Figure
from agent.grounding.people import stated_names
from agent.grounding.quotes import locate, places
from agent.grounding.said import stated_quotations
from agent.sentences import Span, sentence_spans

Kind = Literal["unsupported", "quotation", "number", "name"]

MOST_PLACES = 12
"""Of one claim; a reader wants a place to look at, not all places of a name."""


class Claim(NamedTuple):
    """`prose[start:end]`, and the slices of the article's text that carry it; `reasons`: why nothing does."""

    start: int
    end: int
    kind: Kind
    places: tuple[Span, ...] = ()
    reasons: tuple[str, ...] = ()


class Located:
    """Finds claims in one article; made once a card."""

    def __init__(self, article: Article) -> None:
        self._folded = FoldedText(article.text)
        self._source = Source(article.title, article.text, article.published_at)
        # The figures' offsets count the title and a line end before the text.
        self._before = len(article.title) + 1

    def claims(self, prose: str, findings: Iterable[Finding]) -> list[Claim]:
        """What `prose` states, in order and without overlap; `findings` are those of this prose, and come before all else.

        Of a name only the first mention is told. Claims that stand nowhere as such are left out.
        """
        taken = _unsupported(prose, findings)
        for claim in self._carried(prose):
            if claim.places and not any(claim.start < other.end and other.start < claim.end for other in taken):
                taken.append(claim)
        return sorted(taken)

    def sentences(self, prose: str) -> list[tuple[int, Span]]:
        """Where each sentence of `prose` ends that is the article's own, word for word, and where the article has it."""
        found = [(span.end, locate(prose[span.start : span.end], self._folded)) for span in sentence_spans(prose)]
        return [(end, place) for end, place in found if place is not None]

    def _carried(self, prose: str) -> Iterator[Claim]:
        for start, end in stated_quotations(prose):
            yield Claim(start, end, "quotation", self._words(prose[start:end]))
        for figure in stated_figures(prose):
            found = self._figures(figure) or self._words(prose[figure.start : figure.end])
            yield Claim(figure.start, figure.end, "number", found)
        named: set[str] = set()
        for start, end in stated_names(prose):
            name = prose[start:end]
            if name not in named:
                named.add(name)
                yield Claim(start, end, "name", self._words(name))

    def _words(self, written: str) -> tuple[Span, ...]:
        folded = fold(written).strip(" ,.;:'")
        return tuple(islice(places(folded, self._folded), MOST_PLACES)) if folded else ()

    def _figures(self, figure: Figure) -> tuple[Span, ...]:
        starts = {(found.start - self._before, found.end - self._before) for found in self._source.occurrences(figure)}
        return tuple(Span(*place) for place in sorted(starts) if place[0] >= 0)[:MOST_PLACES]


def _unsupported(prose: str, findings: Iterable[Finding]) -> list[Claim]:
    """The findings that have a place in `prose`; those that overlap are one, with all their reasons."""
    claims: list[Claim] = []
    placed = [
        (one.start, one.end, one.reason)
        for one in findings
        if one.start is not None and one.end is not None and one.start < one.end <= len(prose) and prose[one.start : one.end] == one.claim
    ]
    for start, end, reason in sorted(placed):
        if claims and start < claims[-1].end:
            last = claims[-1]
            reasons = (*last.reasons, reason) if reason not in last.reasons else last.reasons
            claims[-1] = Claim(last.start, max(last.end, end), "unsupported", (), reasons)
        else:
            claims.append(Claim(start, end, "unsupported", (), (reason,)))
    return claims
