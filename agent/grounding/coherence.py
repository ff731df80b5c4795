"""Whether a draft agrees with itself and with its article: the prose with the labels, the labels with each other, the text's subject.

Only what is surely wrong is a finding: a label stated in plain words other than the field's, an overall label that no entity shares
in the least, a level whose anchor the entities refute, and prose that shares so few words with the article that it must be about
another. An English card of an article in another language isn't held against its words.
"""

from __future__ import annotations

from collections.abc import Iterator

from agent.article import Article
from agent.card import Finding
from agent.draft import Draft
from agent.grounding.overlap import is_plainly_of, overlap, source_words
from agent.grounding.stated import stated_labels

_GOOD = frozenset({"positive", "strongly positive"})
_BAD = frozenset({"negative", "strongly negative"})
_STRONG = frozenset({"strongly negative", "strongly positive"})


def coherence_findings(article: Article, draft: Draft) -> list[Finding]:
    """Where `draft` contradicts itself or is about something else; `where` is a path in the draft, offsets are slices of that field.

    A draft that abstains has nothing to contradict. Linear in the length of the article.
    """
    if draft.abstain_because is not None:
        return []
    return [
        *_of_another_article(article, draft),
        *_against_fields(draft),
        *_overall_against_entities(draft),
        *_levels_against_entities(draft),
    ]


def _of_another_article(article: Article, draft: Draft) -> Iterator[Finding]:
    lower = f"{article.title}\n\n{article.text}".lower()
    doubtful = [(where, prose) for where, prose in _prose(draft) if not is_plainly_of(prose, lower)]
    source = source_words(article) if doubtful else None
    if source is None:
        return
    for where, prose in doubtful:
        found = overlap(prose, source)
        if found.is_of_another:
            reason = f"only {found.share:.0%} of its content words, names and figures are in the article; write about this article alone"
            yield Finding(where=where, claim=prose, reason=reason, start=0, end=len(prose))


def _against_fields(draft: Draft) -> Iterator[Finding]:
    for where, prose in _prose(draft):
        for stated in stated_labels(prose, draft.entities):
            if stated.entity is None:
                label, whose = draft.overall.label, "the overall label"
            else:
                label, whose = draft.entities[stated.entity].sentiment, f"the label of {draft.entities[stated.entity].name}"
            if label not in stated.labels:
                reason = f'{whose} is "{label}"; state the label that is given, or give the one that is meant'
                yield Finding(where=where, claim=prose[stated.start : stated.end], reason=reason, start=stated.start, end=stated.end)


def _prose(draft: Draft) -> tuple[tuple[str, str], ...]:
    return ("summary", draft.summary), ("analysis", draft.analysis)


def _overall_against_entities(draft: Draft) -> Iterator[Finding]:
    labels = {entity.sentiment for entity in draft.entities}
    overall = draft.overall.label
    if labels and ((overall == "strongly negative" and labels <= _GOOD) or (overall == "strongly positive" and labels <= _BAD)):
        side = "positive" if overall == "strongly negative" else "negative"
        yield Finding(where="overall.label", claim=overall, reason=f"the label of every entity is {side} or strongly {side}")


def _levels_against_entities(draft: Draft) -> Iterator[Finding]:
    """Level 0 of breadth is "no listed security", of materiality "no bearing on value"."""
    listed = [entity for entity in draft.entities if entity.kind == "public company" and entity.relevance == "central"]
    if listed and draft.impact.breadth.level == 0:
        reason = f"level 0 is for news of no listed security, but {listed[0].name} is a public company and central"
        yield Finding(where="impact.breadth.level", claim="0", reason=reason)
    changed = [entity for entity in listed if entity.sentiment in _STRONG]
    if changed and draft.impact.materiality.level == 0:
        reason = f"level 0 is for news without bearing on value, but {changed[0].name} is rated {changed[0].sentiment}"
        yield Finding(where="impact.materiality.level", claim="0", reason=reason)
