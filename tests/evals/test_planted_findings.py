"""Whatever the checks find, on planted faults and on recorded drafts: each finding has its place, the field's own words, and a reason."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from agent.article import Article
from agent.card import Finding
from agent.draft import Draft
from agent.grounding import ground
from agent.symbols import load_symbols
from agent.taxonomy import load_taxonomy
from evals.planted.judging import findings
from evals.planted.kinds import KINDS, Kind, plants
from evals.planted.pairs import load_pairs
from evals.planted.plant import PROSE, read
from evals.recordings import recorded_articles, recordings

PAIRS = load_pairs()[::5]
ARTICLES = {article.id: article for article in recorded_articles()}


def found(article: Article, draft: Draft) -> Iterator[Finding]:
    """All findings of a draft, with those of form and injection, each once."""
    for _, finding in findings(ground(article, draft, load_symbols(), load_taxonomy())):
        yield finding


def holds(finding: Finding, article: Article, draft: Draft) -> None:
    """Assert that a finding is where it says it is."""
    assert finding.reason
    assert (finding.start is None) == (finding.end is None)
    field = getattr(article, finding.where) if finding.where in {"title", "text"} else read(draft.model_dump(), finding.where)
    if finding.start is None:
        # The whole field is meant: a list's entry, a label, a name, or prose of the wrong length.
        assert finding.where not in {*PROSE, "title", "text"} or finding.claim.split()[0].isdigit(), finding
        return
    assert finding.end is not None
    assert 0 <= finding.start < finding.end <= len(field)
    if finding.where not in {"title", "text"}:  # what an article hides is shown by its code points, and long orders are shortened
        assert field[finding.start : finding.end] == finding.claim


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_is_found_of_a_plant_is_where_it_says(kind: Kind) -> None:
    """`field[start:end] == claim` wherever prose is spoken of."""
    for pair in PAIRS:
        for plant in plants(kind, pair, seed=4, count=1):
            for finding in found(plant.article, plant.draft):
                holds(finding, plant.article, plant.draft)


def test_what_is_found_of_a_recorded_draft_is_where_it_says() -> None:
    """First drafts included, before a re-ask mended them."""
    for recording in recordings():
        for reply in recording.replies:
            draft = Draft.model_validate_json(reply)
            for finding in found(ARTICLES[recording.article], draft):
                holds(finding, ARTICLES[recording.article], draft)
