"""Coherence: the prose agrees with the labels, the labels with each other, and all of it is about this article."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.article import Article
from agent.card import Finding
from agent.draft import ANALYSIS_CHARS, Draft
from agent.grounding.coherence import coherence_findings
from agent.grounding.overlap import Overlap, overlap, source_words
from agent.grounding.stated import stated_labels
from tests.grounding.drafts import ANALYSIS, ARTICLE, SUMMARY, draft, entity, northmill

OPENED = "The sentiments differ. "
"""A sentence after which the prose speaks of sentiment."""

NAMED = {
    "Meta Platforms": "negative",
    "Alphabet Inc.": "positive",
    "Federal Deposit Insurance Corporation": "neutral",
    "Dick's Sporting Goods": "strongly negative",
    "sterling": "strongly positive",
}


def of_five(**changes: Any) -> Draft:
    """A draft with five entities, one of each label, strongly negative overall."""
    entities = [entity(name=name, sentiment=label, kind="public company") for name, label in NAMED.items()]
    entities[-1]["kind"] = "currency"
    return draft(entities=entities, overall={"reason": "It loses.", "label": "strongly negative"}, **changes)


def against_fields(prose: str) -> list[Finding]:
    """What a draft of five entities with this analysis contradicts in its labels."""
    changed = of_five(analysis=prose)
    return [f for f in coherence_findings(Article(text="Der Umsatz stieg."), changed) if f.where == "analysis"]


AGREEING = [
    "Overall sentiment is strongly negative because sales fell.",
    "The overall sentiment of the article is therefore strongly negative.",
    "Overall, the news is strongly negative.",
    "Sentiment overall remains strongly negative.",
    "It is negative for Meta Platforms, positive for Alphabet and neutral for the Federal Deposit Insurance Corporation.",
    "It is strongly negative for Dick’s, whose shares fell, and strongly positive for Sterling.",
    "Overall sentiment is strongly negative, as it is for Dick's Sporting Goods, which lost a third.",
    "Overall sentiment is strongly negative and follows Dick's, for which the news is strongly negative too.",
    "Meta is negative, while Alphabet and its peers gain.",
    "Alphabet's sentiment is positive and that of the FDIC is neutral.",
    "For Meta Platforms the news is negative, for Alphabet it is positive.",
    "Overall sentiment and the sentiment of Dick's Sporting Goods do not differ: both are strongly negative.",
    "It is very negative for Meta, and slightly positive for Alphabet.",
    "The strongly positive view of sterling, which rose, follows.",
    "Dick's, also strongly negative, closes shops.",
    "It is Positive for the owner Alphabet (GOOG).",
]

CONTRADICTING = {
    "Overall sentiment is negative because sales fell.": "overall",
    "The overall sentiment is positive.": "overall",
    "Overall, the news is therefore neutral.": "overall",
    "The overall sentiment of the card is strongly positive.": "overall",
    "It is positive for Meta Platforms.": "Meta Platforms",
    "It is strongly negative for Meta.": "Meta Platforms",
    "It is only negative for Dick's, whose shares fell.": "Dick's Sporting Goods",
    "It is positive for Alphabet, sterling and the Federal Reserve.": "sterling",
    "It is positive for Alphabet and also for the FDIC.": "Federal Deposit Insurance Corporation",
    "It is negative for Meta, as it is for Alphabet, which lost.": "Alphabet Inc.",
    "It follows Alphabet, for which the news is negative too.": "Alphabet Inc.",
    "Alphabet, which is neutral, keeps its plans.": "Alphabet Inc.",
    "Alphabet is negative because sales fell.": "Alphabet Inc.",
    "Alphabet's sentiment is strongly positive.": "Alphabet Inc.",
    "For Alphabet, the news is negative.": "Alphabet Inc.",
    "Meta shares that label of positive news, and it is very positive for Meta.": "Meta Platforms",
    "It is negative for Meta, which fell, and for Alphabet, which fell too.": "Alphabet Inc.",
    "It is negative for Meta, and Alphabet shares that label.": "Alphabet Inc.",
    "It is negative for the shareholders of Alphabet.": "Alphabet Inc.",
    "The negative view of Alphabet, which gained, remains.": "Alphabet Inc.",
    "Sterling, also neutral, falls.": "sterling",
}

NO_STATEMENTS = [
    "It is not positive for Meta, and never was neutral for Alphabet.",
    "It could be positive for Meta, and would be negative for Alphabet.",
    "It is positive for Meta's suppliers and for rivals of Alphabet.",
    "It is less negative for Alphabet than feared, and neither positive nor negative for sterling.",
    "It is positive or neutral for Meta.",
    "It turned from positive to negative for Alphabet.",
    "Free cash flow at Meta is positive, growth in Alphabet's cloud is negative.",
    "It is positive for Meta-backed firms and positive for Metals.",
    "Positive and negative are the labels of Meta and Alphabet, respectively.",
    "The drug is positive, and Meta rose.",
    "It is positive news for buyers, negative news for sellers.",
    "It is positive for Meta Materials.",
]


@pytest.mark.parametrize("statement", AGREEING)
def test_labels_that_agree_are_no_finding(statement: str) -> None:
    """The same label in the prose and in the field, however the name is shortened, is right."""
    assert against_fields(OPENED + statement) == []


@pytest.mark.parametrize("statement", AGREEING)
def test_every_agreeing_statement_is_read(statement: str) -> None:
    """What agrees is agreed because it was read, not because it was passed over."""
    assert stated_labels(OPENED + statement, of_five().entities)


@pytest.mark.parametrize(("statement", "whose"), CONTRADICTING.items())
def test_a_label_other_than_the_fields_is_found(statement: str, whose: str) -> None:
    """The finding names whose label it is, and its slice holds the statement."""
    prose = OPENED + statement
    (finding,) = against_fields(prose)
    assert whose in finding.reason
    assert prose[finding.start : finding.end] == finding.claim
    assert any(label in finding.claim.lower() for label in ("positive", "negative", "neutral", "for alphabet", "shares that label"))


def test_two_statements_in_one_are_two_findings() -> None:
    """A list that shares a wrong label is a finding for each that it is wrong for."""
    found = against_fields(OPENED + "It is neutral for Meta and Alphabet, and for nobody else.")
    assert sorted(f.reason.split('"')[1] for f in found) == ["negative", "positive"]


@pytest.mark.parametrize("prose", NO_STATEMENTS)
def test_what_states_no_label_of_the_entity_is_let_be(prose: str) -> None:
    """Denied, compared, possible, alternative, or said of something else: none of it is a label."""
    assert against_fields(OPENED + prose) == []


@pytest.mark.parametrize(
    "prose",
    [
        "Analysts called the deal positive for Meta. Margins were negative.",
        "The test was positive for Meta, the company said.",
        "Investor sentiment is positive for Meta and market sentiment is neutral.",
    ],
)
def test_before_sentiment_is_spoken_of_the_article_may_be_quoted(prose: str) -> None:
    """What somebody called positive for a company isn't the card's label."""
    assert against_fields(prose) == []


def test_a_verdict_on_the_news_counts_anywhere() -> None:
    """What the news "is" for a company is the card's own word, though no sentence speaks of sentiment."""
    (finding,) = against_fields("Sales fell. The news is positive for Meta.")
    assert finding.claim == "positive for Meta"


def test_the_last_sentence_may_be_the_verdict() -> None:
    """There the order, the ruling or the outcome is good or bad for somebody; before it that is one side of the news."""
    assert [f.claim for f in against_fields("Sales fell. The large order is positive for Meta and negative for Alphabet.")] == [
        "positive for Meta",
        "negative for Alphabet",
    ]
    assert against_fields("The order is positive for Meta. Sales fell.") == []
    assert against_fields("Sales fell. Analysts said the order is positive for Meta.") == []
    assert against_fields("Sales fell. The order is negative for Meta.") == []


def test_the_summary_is_held_against_the_fields_too() -> None:
    """A label in the summary counts like one in the analysis, and the finding says where it stands."""
    prose = "Overall sentiment is positive."
    found = coherence_findings(Article(text="Der Umsatz stieg."), of_five(summary=prose, analysis="Sales fell."))
    assert [(f.where, f.claim) for f in found] == [("summary", "Overall sentiment is positive")]


def test_a_short_form_of_two_is_nobodys() -> None:
    """Meta of "Meta Platforms" and "Meta Materials" is neither, the whole names are."""
    two = draft(
        entities=[entity(name="Meta Platforms", sentiment="positive"), northmill(name="Meta Materials", sentiment="negative")]
    ).entities
    assert stated_labels("Sentiment is neutral for Meta.", two) == []
    assert [s.entity for s in stated_labels("Sentiment is neutral for Meta Materials.", two)] == [1]


def test_one_whole_name_that_shortens_another_is_its_own() -> None:
    """Berkshire Hathaway is itself beside Berkshire Hathaway Energy."""
    two = draft(entities=[entity(name="Berkshire Hathaway"), northmill(name="Berkshire Hathaway Energy")]).entities
    assert [s.entity for s in stated_labels("Sentiment is positive for Berkshire Hathaway and Berkshire Hathaway Energy.", two)] == [0, 1]


def test_a_person_is_known_by_the_last_name() -> None:
    """Without the first name a person is still the same."""
    one = draft(entities=[entity(name="Maria Lindqvist", kind="person")]).entities
    assert [s.labels for s in stated_labels("Sentiment is neutral for Lindqvist.", one)] == [{"neutral"}]


def test_a_faithful_draft_has_no_finding() -> None:
    """A draft whose prose, labels and levels agree is let be."""
    assert coherence_findings(ARTICLE, draft()) == []


@pytest.mark.parametrize("label", ["strongly negative", "neutral", "positive", "strongly positive"])
def test_an_overall_label_that_was_changed_is_seen(label: str) -> None:
    """The analysis of a faithful draft gives a changed overall label away."""
    found = coherence_findings(ARTICLE, draft(overall={"reason": "It loses.", "label": label}))
    assert [f.claim for f in found if f.where == "analysis"] == ["overall sentiment is negative"]


@pytest.mark.parametrize(
    ("overall", "labels", "found"),
    [
        ("strongly negative", ["positive", "strongly positive"], True),
        ("strongly positive", ["negative", "strongly negative"], True),
        ("strongly negative", ["positive", "neutral"], False),
        ("strongly negative", ["positive", "negative"], False),
        ("negative", ["positive", "positive"], False),
        ("strongly positive", ["positive", "strongly positive"], False),
    ],
)
def test_a_strong_overall_label_needs_one_entity_on_its_side(overall: str, labels: list[str], found: bool) -> None:  # noqa: FBT001
    """Strongly negative overall while every entity gains is a finding, and the mirror image; a mixed card is none."""
    entities = [entity(sentiment=labels[0]), northmill(sentiment=labels[1])]
    changed = draft(entities=entities, overall={"reason": "It is.", "label": overall}, analysis="Sales fell.", summary="Sales fell.")
    assert ("overall.label" in [f.where for f in coherence_findings(ARTICLE, changed)]) is found


def test_a_draft_without_entities_contradicts_none() -> None:
    """A strong overall label needs no entity."""
    changed = draft(entities=[], overall={"reason": "It is.", "label": "strongly negative"}, analysis="Sales fell.")
    assert "overall.label" not in [f.where for f in coherence_findings(ARTICLE, changed)]


def levelled(component: str, level: int, **changes: Any) -> list[str]:
    """Where a draft with one level changed has findings, its first entity changed too."""
    impact = draft().model_dump()["impact"] | {component: {"reason": "It is.", "level": level}}
    changed = draft(impact=impact, entities=[entity(**changes), northmill(relevance="background")])
    return [f.where for f in coherence_findings(ARTICLE, changed)]


def test_breadth_0_is_not_for_a_central_public_company() -> None:
    """Level 0, "no listed security", contradicts a public company without which there would be no story."""
    assert levelled("breadth", 0) == ["impact.breadth.level"]
    assert levelled("breadth", 1) == []
    assert levelled("breadth", 0, kind="private company") == []
    assert levelled("breadth", 0, relevance="involved") == []


def test_materiality_0_is_not_for_a_company_that_the_news_changes() -> None:
    """Level 0, "no bearing on value", contradicts a strong label of a central public company."""
    assert "impact.materiality.level" in levelled("materiality", 0, sentiment="strongly negative")
    assert "impact.materiality.level" not in levelled("materiality", 0)


ELSEWHERE = (
    "Orion Shipyards won an order for six ferries from the Norwegian operator Fjordlink, worth 1.85 billion kroner, and will hire 900 "
    "welders at its yard in Gdynia, chief executive Pavel Nowak said. Delivery begins in the spring of 2027, and the shares gained 6.2%."
)


@pytest.mark.parametrize("field", ["summary", "analysis"])
def test_prose_about_another_article_is_found(field: str) -> None:
    """The finding covers the whole field and says how little of it the article has."""
    (finding,) = coherence_findings(ARTICLE, draft(**{field: ELSEWHERE}))
    assert (finding.where, finding.start, finding.end, finding.claim) == (field, 0, len(ELSEWHERE), ELSEWHERE)
    assert "% of its content words" in finding.reason


def test_a_card_is_not_held_against_the_words_of_another_language() -> None:
    """An English summary of a German article shares few words with it, and that is no fault."""
    german = Article(
        text="Harbour Foods hat seine Prognose gesenkt, weil der Weizenpreis auf den höchsten Stand seit neun Jahren gestiegen ist. "
        "Der Vorstand erwartet nun einen Gewinn von 410 bis 430 Millionen Dollar, wie das Unternehmen am Dienstag mitteilte."
    )
    assert source_words(german) is None
    assert coherence_findings(german, draft()) == []


def test_a_table_without_prose_is_not_measured() -> None:
    """Figures in columns aren't a text whose words a summary would share."""
    assert source_words(Article(text="Wheat 2.55 2.40 IV 4.65\nCorn 1.35 1.92 IV 3.15\n" * 9)) is None


def test_a_draft_that_abstains_is_not_checked() -> None:
    """There is nothing in it to agree or to disagree."""
    assert coherence_findings(ARTICLE, draft(abstain_because="It is a fragment.", summary=ELSEWHERE)) == []


def test_the_share_counts_figures_and_names_more_than_words() -> None:
    """Of "Harbour sold 47 ships" with one of the four wrong, the figure costs most, a word least."""
    source = source_words(Article(text="The ferry of Harbour was sold, and the 47 ships of the fleet that it has were sold to the yard."))
    assert source is not None
    shares = [
        overlap(text, source).share for text in ("It is Harbour 47 ships sunk", "It is Norman 47 ships sold", "It is Harbour 48 ships sold")
    ]
    assert shares == sorted(shares, reverse=True)
    assert len(set(shares)) == 3


def test_words_count_by_their_beginning() -> None:
    """Another ending isn't another word."""
    source = source_words(
        Article(text="The yard acquired the ferries of the line, and the workers of the yard welded that hull to the keel.")
    )
    assert source is not None
    assert overlap("ferry acquiring welding", source).share == pytest.approx(1 / 3)
    assert overlap("acquires ferries", source).share == 1


def test_a_short_text_needs_a_clearer_case() -> None:
    """The same share is about another article in a long text and may be chance in a short one."""
    assert Overlap(0.5, 60).is_of_another
    assert not Overlap(0.5, 6).is_of_another
    assert not Overlap(0.0, 0).is_of_another


@pytest.mark.parametrize(
    "piece",
    [
        "positive for Meta and ",
        "positive ",
        "Meta, Meta and Meta is ",
        "overall sentiment ",
        "Meta ",
        "for the the the ",
        "as it is for Meta ",
        "- ",
    ],
)
def test_prose_made_to_be_slow_is_read(piece: str) -> None:
    """As much prose as a draft may have, made to match almost everywhere, is read in time: a test that hangs fails."""
    prose = OPENED + piece * ((ANALYSIS_CHARS - 100) // len(piece))
    for finding in coherence_findings(Article(text=ARTICLE.text * 100), of_five(analysis=prose)):
        assert finding.end is None or finding.end <= ANALYSIS_CHARS


WORDS = st.sampled_from(
    "Overall sentiment is|positive|negative|strongly|neutral|for|and|,|.|as it is for|Meta|Alphabet|FDIC|Dick’s|which is|both are|not|is|"
    "the news|İ|—|😀|’s|all|shares that label".split("|")
)


@given(st.lists(WORDS, max_size=40).map(" ".join), st.text(max_size=40))
def test_whatever_is_stated_is_a_slice_of_the_prose(prose: str, after: str) -> None:
    """Over any prose, every finding's slice is its claim and speaks of a label that the field isn't."""
    changed = of_five(analysis=prose + after, summary=after)
    for finding in coherence_findings(ARTICLE, changed):
        if finding.start is not None:
            assert getattr(changed, finding.where)[finding.start : finding.end] == finding.claim
            assert finding.claim


@given(st.permutations(list(NAMED)), st.sampled_from(sorted(set(NAMED.values()))))
def test_a_list_of_names_has_each_read_once(names: list[str], label: str) -> None:
    """In any order, a list of all five contradicts exactly those whose label it isn't."""
    found = against_fields(f"{OPENED}It is {label} for {', '.join(names[:-1])} and {names[-1]}.")
    assert {name for name in NAMED if NAMED[name] != label} == {
        name for name in NAMED if any(f.reason.startswith(f"the label of {name} ") for f in found)
    }


def test_findings_are_the_same_each_time() -> None:
    """The check is pure: nothing but its arguments decides."""
    changed = of_five(analysis=ELSEWHERE, summary=SUMMARY + ANALYSIS)
    assert coherence_findings(ARTICLE, changed) == coherence_findings(ARTICLE, changed)


@pytest.mark.parametrize("prose", ["Overall sentiment is strongly neutral.", "Overall sentiment is po\u017fitive.", "STRONGLY NEUTRAL"])
def test_words_that_are_nearly_a_label_are_none(prose: str) -> None:
    """They state no other label than the draft's, and break nothing."""
    assert all(stated.entity is None for stated in stated_labels(prose, []))
