"""A word told as its contrary: "likely" for "unlikely", "accepted" for "rejected", with the same words around both.

Nearly all of what the prose's clause tells must stand in the sentence of the article, and the article may have the prose's own word nowhere
with any of it; so "approval is likely" is let be beside "a rejection is unlikely".
"""

from __future__ import annotations

from collections.abc import Iterator

from agent.card import Finding
from agent.grounding.clauses import Text
from agent.grounding.denials import weight
from agent.grounding.fold import word_set
from agent.grounding.hedge_words import CONTRARY, MEASURES, SAME, STATES, TURNED
from agent.grounding.hedges import sentence_roots
from agent.grounding.inflection import root
from agent.grounding.standing import standing_at
from agent.grounding.told import part_of, roots_in

_ENOUGH = 2.0
_PER_MISSING = 6
_MOST_PLACES = 8


def contrary_findings(where: str, text: Text, article: Text) -> list[Finding]:
    """The clauses of a prose that say the contrary of the article by one word, with their places in it."""
    return [
        Finding(
            where=where,
            claim=text.original[start:end],
            reason=f'the article says the contrary ("{word}"); say it as the article does, or leave it out',
            start=start,
            end=end,
        )
        for start, end, word in sorted(_contrary(text, article))
    ]


def _contrary(text: Text, article: Text) -> Iterator[tuple[int, int, str]]:
    seen: set[int] = set()
    for head in sorted(set(map(root, word_set(text.lower))) & CONTRARY.keys()):
        if not any(map(article.places, CONTRARY[head])):
            continue
        for place in text.places(head):
            start, end = part_of(text, place)
            if start in seen or _is_turned(text.lower, (start, *place, end)):
                continue
            told = roots_in(text.lower, start, end) - STATES - MEASURES - {head}
            said = _said_of(told, head, article)
            if said is not None:
                seen.add(start)
                yield start, end, said


def _is_turned(lower: str, at: tuple[int, int, int, int]) -> bool:
    """Whether the prose turns the word round itself."""
    start, first, last, end = at
    return any(TURNED.search(lower, *span) for span in ((start, first), (last, end)))


def _said_of(told: frozenset[str], head: str, article: Text) -> str | None:
    """The article's contrary word, None where it says the same, doesn't speak of it or can't be told."""
    if any(told & sentence_roots(article, place) for place in article.places(head)):
        return None
    for contrary in sorted(CONTRARY[head]):
        places = article.places(contrary)
        if len(places) >= _MOST_PLACES:
            return None
        for place in places:
            sentence = sentence_roots(article, place)
            missing = {each for each in told if sentence.isdisjoint(SAME.get(each, (each,)))}
            if _is_about(told, missing, sentence) and standing_at(article, place) != "denied":
                return article.lower[slice(*place)]
    return None


def _is_about(told: frozenset[str], missing: set[str], sentence: frozenset[str]) -> bool:
    """Whether a sentence speaks of what is told, which may have a few words more but none that is turned round there, too."""
    if len(missing) > len(told) // _PER_MISSING or sum(map(weight, told - missing)) < _ENOUGH:
        return False
    return not any(each in CONTRARY and not CONTRARY[each].isdisjoint(sentence) for each in missing)
