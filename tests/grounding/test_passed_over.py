"""What a check passes over unread, to be quick, is nothing that it could have found."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.article import Article
from agent.grounding.alike import alike
from agent.grounding.clauses import Text, _may_turn
from agent.grounding.denials import read_denial
from agent.grounding.exchanged import Bearers
from agent.grounding.fold import FoldedText, fold, matches_at, starts_of
from agent.grounding.form import _MARKUP, MAX_SENTENCES, form_findings
from agent.grounding.inflection import words
from agent.grounding.injection_rules import RULES, Rule
from agent.grounding.negation_words import PERHAPS
from agent.grounding.overlap import is_plainly_of, overlap, source_words
from agent.grounding.people import stated_names
from agent.grounding.roles import _FIRST_WORDS, _ROLES
from agent.grounding.stated import _AS_FOR, _FOR, _LABEL_WORDS, _SAME, _TAKES_UP, _said_for
from agent.grounding.tickers import _stands_large
from agent.sentences import sentence_spans
from agent.symbols.scan import mentions_any
from agent.symbols.words import Wording
from tests.grounding.drafts import draft


def _texts(pieces: str, joints: str = " ") -> st.SearchStrategy[str]:
    """Texts of some words, with something between them."""
    return st.lists(st.tuples(st.sampled_from(pieces.split()), st.sampled_from([*joints, " "])), max_size=40).map(
        lambda found: "".join(part for pair in found for part in pair)
    )


CONTENT = _texts(
    "Harbour ferry ferries agreed agreement The of and to 24 24.5 24,500 24.5m 2025 7 q1 Top.10 abc.5 é5 K sold Sold. x-47", " .,\n"
)


@given(CONTENT, CONTENT)
def test_a_text_that_is_plainly_of_an_article_is_about_no_other(prose: str, article: str) -> None:
    """Whatever the quick look passes, the whole one does."""
    source = source_words(Article(text=f"x{article} the of and to that with"))
    assert source is not None
    if is_plainly_of(prose, f"\nx{article} the of and to that with".lower()):
        assert not overlap(prose, source).is_of_another


@given(_texts("The Harbour Foods iPhone 4K 7up eBay x3X U S St J _A B2b of and o'Brien al-Saud É in", " .,-&'"))
def test_names_are_the_same_where_every_word_is_looked_at(prose: str) -> None:
    """A letter that isn't ASCII, or initials, behind the prose make all of it be gone through."""
    assert stated_names(prose) == stated_names(f"{prose} é") == stated_names(f"{prose} u.k.")


@pytest.mark.parametrize("role", _ROLES)
@given(data=st.data())
@settings(max_examples=30)
def test_every_role_begins_with_one_of_the_first_words(role: str, data: st.DataObject) -> None:
    """They are looked for by these alone."""
    form = data.draw(st.from_regex(re.compile(_ROLES[role], re.ASCII), fullmatch=True))
    assert re.findall(r"[a-z0-9]+", form)[0] in _FIRST_WORDS


@given(
    _texts("It not n't will never no without sell sold selling shares Harbour the banks find found plan. 3.5 staff, see", " ,."), st.data()
)
def test_denials_that_are_not_read_are_nowhere_spoken_of(article: str, data: st.DataObject) -> None:
    """Those that turn on a word which the other text hasn't got."""
    text, other = Text(article), Text(data.draw(_texts("will sell sold shares banks finding 3.5 staff see the no not re-sold", " ,.")))
    read = list(text.denials(other))
    every = [denial for cue in text._cues if (denial := read_denial(text.lower, cue)) is not None]
    assert all(denial in read for denial in every if alike(denial, other))


@given(st.from_regex(PERHAPS))
def test_what_may_turn_a_clause_round_is_seen_by_its_words(text: str) -> None:
    """Or by a contraction."""
    assert "n't" in text or any(map(_may_turn, re.findall(r"\w+", text)))


@given(_texts("Harbour Northmill Calder sold its the shares re-sold of bought and grew Harbour's", " ,.\n"))
def test_what_is_said_right_after_a_name_is_seen(article: str) -> None:
    """Of whom a verb is told, the words after their names have it."""
    entities = [
        draft().entities[0].model_copy(update={"name": name, "kind": "public company"}) for name in ("Harbour", "Northmill", "Calder")
    ]
    bearers = Bearers(Text(article), entities, [])
    for word in words(article.lower(), 0, len(article)):
        told = {who for _, who in bearers._told(word.root)} - {None}
        for entity in range(len(entities)):
            assert bearers._is_said_of_another(word.root, entity) is bool(told - {entity})


@given(_texts("Up 3% by 2025; - -- * __x__ www.x.io a|b https://x ``` <b> 1) • x@y – “q” #1 \x07", " \n."))
def test_plain_prose_has_no_markup(summary: str) -> None:
    """Whatever a pattern finds in a field is a finding."""
    drafted = draft(summary=summary)
    found = [finding for finding in form_findings(drafted, 300) if finding.where == "summary" and finding.start is not None]
    assert len(found) == sum(pattern.search(drafted.summary) is not None for pattern in _MARKUP.values())


@given(_texts('It rose. Really? "Yes!" (So.) U.S. 3.5 No… x', " \n"))
def test_sentences_are_counted_where_there_may_be_too_many(summary: str) -> None:
    """However they end."""
    drafted = draft(summary=summary)
    found = any("sentences" in finding.claim for finding in form_findings(drafted, 300))
    assert found is (len(sentence_spans(drafted.summary)) > MAX_SENTENCES + 1)


@given(_texts("a ' '' . .. ... - -- \" ` \t … é", " "))
def test_what_is_folded_already_is_what_folding_gives(text: str) -> None:
    """Seen by a few signs."""
    assert fold(text) == FoldedText(text).folded


@pytest.mark.parametrize("name", ["Foot Locker", "Macy's", "Dick's Sporting Goods", "A", "O'Neal Steel", "AT&T", "J Crew"])
@given(text=_texts("Foot Locker Macy's Dick's Sporting Goods A O'Neal Steel AT&T J Crew x", " '-.&("))
def test_a_name_that_stands_as_it_is_is_mentioned(name: str, text: str) -> None:
    """By the symbol table's own rules."""
    if _stands_large(name, text):
        assert mentions_any(Wording(text), [name])


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.needs and "begin" not in rule.starts], ids=lambda rule: min(rule.starts))
@given(data=st.data())
@settings(max_examples=5, deadline=None)
def test_every_match_of_a_rule_has_the_words_that_it_needs(rule: Rule, data: st.DataObject) -> None:
    """So that a word elsewhere in the article never makes one."""
    found = data.draw(st.from_regex(re.compile(rule.pattern, re.ASCII), fullmatch=True).filter(lambda text: "_" not in text))
    stated = set(re.findall(r"[a-z0-9]+", found))
    assert all(needed & stated for needed in rule.needs)


LINE = _texts(
    "\ue000 \ue003 \ue100 \ue101 very every highly for the same as it is overall sentiment and both all are that label which", " ,."
)


@given(LINE)
def test_labels_are_found_wherever_they_are_stated(line: str) -> None:
    """What is tried at some places alone is what is found at any."""

    def spans(found: object) -> list[tuple[int, int]]:
        return [match.span() for match in found]  # type: ignore[attr-defined]

    assert spans(_said_for(line)) == spans(_FOR.finditer(line))
    assert any(sign in line for sign in _TAKES_UP) or not (_AS_FOR.search(line) or _SAME.search(line))


@given(_texts("strongly Positive NEGATIVE neutral non-neutral positively strongly", " .,-"))
def test_label_words_are_found_wherever_they_stand(text: str) -> None:
    """In any case."""
    lower = text.lower()
    starts = sorted(
        at - back for word in ("positive", "negative", "neutral") for at in starts_of(word, lower) for back in (9, 0) if back <= at
    )
    assert [match.span() for match in matches_at(_LABEL_WORDS, text, starts)] == [match.span() for match in _LABEL_WORDS.finditer(text)]
