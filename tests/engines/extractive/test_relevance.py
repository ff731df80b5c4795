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
        ("Rival Salesforce, which reports in a week, was down 0.6%.", "Salesforce", "involved"),
        ("Salesforce and Oracle report in the coming week.", "Oracle", "involved"),
        ("Oppenheimer analyst Jo Quist lowered a target.", "Oppenheimer", "background"),
        ("JPMorgan analysts told clients to buy on the drop.", "JPMorgan", "background"),
        ("Bank of America advised the seller of the unit.", "Bank of America", "background"),
        ("Goldman Sachs and Credit Suisse advised the seller of the unit.", "Goldman Sachs", "background"),
        ("Lazard is advising the seller of the unit.", "Lazard", "background"),
    ],
)
def test_who_is_told_of_is_involved(sentence: str, name: str, relevance: str, draft: Drafter) -> None:
    """A move of its shares or a sentence of its own makes an issuer involved; a place in a list or judging or advising others doesn't."""
    assert by_name(draft(LEAD + sentence + " The meeting ended at noon.", "Microsoft raises its dividend"))[name].relevance == relevance


def test_a_house_whose_analysts_speak_is_judged_by_nothing_they_say(draft: Drafter) -> None:
    """What analysts think of one company is no news of their employer."""
    text = LEAD + "JPMorgan analysts called the drop a buying opportunity and kept their overweight rating. The meeting ended at noon."
    assert by_name(draft(text, "Microsoft raises its dividend"))["JPMorgan"].sentiment == "neutral"
