"""What holds for any text at all."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.article import Article
from agent.engines.extractive.drafting import draft_article
from agent.symbols import SymbolTable
from agent.taxonomy import load_taxonomy
from tests.engines.extractive.articles import samples

WORDS = sorted({word for sample in samples() for word in sample.article.text.split(" ")})
PIECES = st.sampled_from(
    [*WORDS, "\n\n", "U.S.", "“", '"', "(", ")", "'s", "A.", "$", "…", "- ", "it's", "I'm", "S&P", "株価", "ﬁ", "İ", "ß", "\u200b"]
)
PROSE = st.lists(PIECES, max_size=160).map(" ".join)
TEXTS = st.one_of(st.text(max_size=300), PROSE, st.tuples(st.sampled_from([s.article.text for s in samples()]), PROSE).map(" ".join))


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(text=TEXTS, title=st.one_of(st.just(""), st.text(max_size=60), PROSE))
def test_any_text_gives_a_draft_made_of_its_own_words(table: SymbolTable, text: str, title: str) -> None:
    """Whatever comes, there is a valid draft or an abstention; quotes and names are slices of the text, topics the taxonomy's."""
    article = Article(title=title, text=text)
    draft = draft_article(article, table)
    if draft.abstain_because is not None:
        assert draft.entities == []
        return
    tidy = " ".join(article.text.split())
    for entity in draft.entities:
        assert entity.name in tidy
        assert all(quote in article.text and 0 < len(quote) <= 300 for quote in entity.quotes)
        assert len(entity.quotes) <= 3
    assert len(draft.entities) <= 8
    assert set(draft.topics) <= set(load_taxonomy().topic_names)
    assert draft.summary
    assert "Overall sentiment is " in draft.analysis
