"""A "not" that was dropped or put in: the prose states what the article denies, or denies what it states.

Each denial of the one text is looked for in the other by its verb or noun; what stands around that must be the same clause, in other forms
of its words at most (agent.grounding.alike). A finding needs besides that nothing in the stating clause could turn it round, that the prose
has no other place that says it rightly, and that the article says it in one way only. Whatever is left open is let be.
"""

from __future__ import annotations

from collections.abc import Iterator

from agent.card import Finding
from agent.grounding.alike import Alike, alike, means_the_same
from agent.grounding.clauses import Clause, Text

DENIED = "the article denies this; say it with the article's negation, or leave it out"
STATED = "the article states this; say it without the negation, or leave it out"

_ASKED = 160
_TOLD = 2


class Denied:
    """What one article denies and states; made once a card, read when prose is held against it. Linear in the article's length."""

    def __init__(self, article: Text) -> None:
        self.text = article
        self._beside: dict[tuple[str, bool], frozenset[str]] = {}

    def says(self, match: Alike, *, turned: bool) -> bool:
        """Whether the article has the head of `match` with another of its words, and what may turn them round (`turned`) or not."""
        key = match.head, turned
        if key not in self._beside:
            told = (clause for clause in self.text.everywhere(match.head) if self.text.is_turned(clause) is turned)
            self._beside[key] = frozenset(root for clause in told if turned or not self._is_asked(clause) for root in clause.near)
        return not match.others.isdisjoint(self._beside[key])

    def _is_asked(self, clause: Clause) -> bool:
        return "whether" in self.text.lower[max(0, clause.word_start - _ASKED) : clause.word_start]


def negation_findings(where: str, text: Text, denied: Denied) -> list[Finding]:
    """The clauses of a prose that state what the article denies, or deny what it states, with their places in it."""
    spans: list[tuple[int, int, str]] = []
    for found in (*_dropped(text, denied), *_put_in(text, denied)):
        if not any(found[0] < end and start < found[1] for start, end, _ in spans):
            spans.append(found)
    return [
        Finding(where=where, claim=text.original[start:end], reason=reason, start=start, end=end) for start, end, reason in sorted(spans)
    ]


def _dropped(text: Text, denied: Denied) -> Iterator[tuple[int, int, str]]:
    seen: set[int] = set()
    for denial in denied.text.denials(text):
        matches = [match for match in alike(denial, text) if match.clause.start not in seen]
        stating = [match for match in matches if means_the_same(denial, denied.text, match, text)]
        if not stating or any(text.is_turned(match.clause, denial.written) for match in matches):
            continue
        for match in stating:
            if not denied.says(match, turned=False):
                seen.add(match.clause.start)
                yield match.clause.start, match.clause.end, DENIED


def _put_in(text: Text, denied: Denied) -> Iterator[tuple[int, int, str]]:
    for denial in text.denials(denied.text):
        matches = [] if denial.cue == "without" else alike(denial, denied.text)
        if any(
            len(match.after) >= _TOLD and means_the_same(denial, text, match, denied.text) and not denied.says(match, turned=True)
            for match in matches
        ):
            yield denial.first, denial.last, STATED
