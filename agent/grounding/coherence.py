"""Whether a draft agrees with itself, and is a draft of this article at all.

Three things are held together: the labels among themselves, what the analysis says of sentiment against the labels, and the words of
the prose against the article's. Only plain contradictions count: the other sign, never a shade.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from agent.card import Finding
from agent.draft import Draft
from agent.grounding.fold import unify
from agent.grounding.subjects import name_forms
from agent.sentences import sentence_spans
from agent.taxonomy import SentimentLabel

OVERLAP_FLOOR = 0.45
"""Least share of the prose's content words that a faithful card has from its article; docs/grounding.md says how it was found."""
_MIN_WORDS = 12
_STEM = 5
_WORD = re.compile(r"[a-z]{4,}")
_STOP = frozenset(
    "that this with from have which their there would could should about after before while where when were what will been being also "
    "than then they them these those into over under more most less such some other only because against between through overall sentiment "
    "negative positive neutral strongly analysis company companies market markets share shares year years said says".split()
)
_POLARITY = re.compile(r"\b(?P<label>negative|positive|neutral)\b", re.IGNORECASE)
_SIGNS = {"negative": -1, "positive": 1, "neutral": 0}
_NEGATED = re.compile(r"(?:\b(?:not|no|nor|neither|never|less|than|without|from|rather)|n't)\b[\w -]{0,14}$", re.IGNORECASE)
_CLAUSE = re.compile(r"[,;:]|\b(?:while|whereas|although|though|but|and|despite|because|since|as)\b", re.IGNORECASE)
_OVERALL = re.compile(r"\boverall\b", re.IGNORECASE)

ALL_OTHERWISE = "every entity's sentiment goes the other way"
NOT_THE_LABEL = "the draft's own label for it says otherwise"
NOTHING_AT_STAKE = "materiality is 0, which says that nothing is at stake"
ANOTHER_ARTICLE = "its words are hardly the article's; is it a card of another article?"


def coherence_findings(draft: Draft, article: str | None, scores: Mapping[SentimentLabel, float]) -> list[Finding]:
    """What contradicts what in a draft.

    `article` is the title and text, None when it isn't English and its words can't be compared.
    """
    return [
        *_labels(draft, scores),
        *_said_of_sentiment(draft, scores),
        *(() if article is None else _overlap(draft, article)),
    ]


def _labels(draft: Draft, scores: Mapping[SentimentLabel, float]) -> Iterator[Finding]:
    overall = scores[draft.overall.label]
    signs = [scores[entity.sentiment] for entity in draft.entities]
    if signs and all(overall * score < 0 for score in signs):
        yield Finding(where="overall.label", claim=draft.overall.label, reason=ALL_OTHERWISE)
    if draft.overall.label.startswith("strongly") and draft.impact.materiality.level == 0:
        yield Finding(where="overall.label", claim=draft.overall.label, reason=NOTHING_AT_STAKE)


def _said_of_sentiment(draft: Draft, scores: Mapping[SentimentLabel, float]) -> Iterator[Finding]:
    """Clauses of sentences about sentiment that name one label, and either the whole card or one entity."""
    forms = name_forms(draft.entities)
    text = unify(draft.analysis).replace("verall,", "verall ")  # "Overall, sentiment is ..." is one clause
    for start, end in sentence_spans(text):
        if "sentiment" not in text[start:end].lower():
            continue
        for low, high in _clauses(text, start, end):
            clause = text[low:high]
            said = list(_POLARITY.finditer(clause))
            if len(said) != 1 or _NEGATED.search(clause[: said[0].start()]) is not None:
                continue
            label = _label_of(draft, clause, forms)
            sign = _SIGNS[said[0]["label"].lower()]
            if label is not None and scores[label] * sign < 0:
                yield Finding(
                    where="analysis",
                    claim=draft.analysis[low:high].strip(),
                    reason=f"{NOT_THE_LABEL}: {label}",
                    start=low + len(clause) - len(clause.lstrip()),
                    end=low + len(clause.rstrip()),
                )


def _label_of(draft: Draft, clause: str, forms: Sequence[tuple[str, int]]) -> SentimentLabel | None:
    """The draft's label for what a clause speaks of; None when that is nothing, or several things."""
    named = {number for form, number in forms if re.search(rf"(?<!\w){re.escape(form)}(?!\w)", clause)}
    if _OVERALL.search(clause) is not None:
        return draft.overall.label if not named else None
    return draft.entities[named.pop()].sentiment if len(named) == 1 else None


def _clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for cut in _CLAUSE.finditer(text, start, end):
        yield start, cut.start()
        start = cut.end()
    yield start, end


def _overlap(draft: Draft, article: str) -> Iterator[Finding]:
    stems: set[str] | None = None
    for where, prose in (("summary", draft.summary), ("analysis", draft.analysis)):
        words = _content(prose)
        if len(words) < _MIN_WORDS:
            continue
        stems = _content(article) if stems is None else stems
        share = len(words & stems) / len(words)
        if share < OVERLAP_FLOOR:
            yield Finding(where=where, claim=f"{round(100 * share)}% of its words are the article's", reason=ANOTHER_ARTICLE)


def _content(text: str) -> set[str]:
    """The content words of a text, each by its first letters."""
    return {word[:_STEM] for word in _WORD.findall(text.lower()) if word not in _STOP}
