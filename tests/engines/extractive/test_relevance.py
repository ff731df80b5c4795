"""Which issuers, named once, are more than named in passing."""

from __future__ import annotations

import pytest

from tests.engines.extractive.conftest import Drafter, by_name

LEAD = "Microsoft reported revenue of $60 billion on Tuesday. Microsoft raised its dividend and said that demand for its software grew. "


@pytest.mark.parametrize(
    ("sentence", "name", "relevance"),
    [
        ("In the same hour Oracle shares dropped 5% in New York.", "Oracle", "involved"),
        ("Salesforce sells much the same to other customers in Europe.", "Salesforce", "involved"),
        ("The talk was broadcast live to users of Twitter and Reddit from a hall.", "Reddit", "background"),
        ("Moody's lowered its rating of a competitor in the same week.", "Moody's", "background"),
    ],
)
def test_who_is_told_of_is_involved(sentence: str, name: str, relevance: str, draft: Drafter) -> None:
    """A move of its shares or a sentence of its own makes an issuer involved; a place in a list doesn't, nor does judging others."""
    assert by_name(draft(LEAD + sentence + " The meeting ended at noon.", "Microsoft raises its dividend"))[name].relevance == relevance
