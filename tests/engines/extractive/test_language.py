"""When there is nothing to draft from."""

from __future__ import annotations

import pytest

from agent.engines.extractive.language import english_share, why_abstain
from tests.engines.extractive.articles import Sample, samples, unfit
from tests.engines.extractive.conftest import reading

SPANISH = (
    "El banco anunció el lunes que recortará su dividendo después de que los beneficios cayeran un doce por ciento en el primer trimestre, "
    "por debajo de lo que esperaban los analistas. Las acciones perdieron un siete por ciento en la Bolsa de Madrid."
)
DUTCH = (
    "De bank meldde maandag dat de winst in het eerste kwartaal met twaalf procent is gedaald, meer dan analisten hadden verwacht. "
    "Het aandeel was de grootste daler in de index en verloor zeven procent op de beurs van Amsterdam."
)


@pytest.mark.parametrize("text", [SPANISH, DUTCH, unfit("german").text, unfit("french").text])
def test_other_languages_share_few_words_with_english(text: str) -> None:
    """Thirty words are enough to tell; the share stays well below the bound."""
    assert english_share(reading(text).words[:32])[0] < 0.14
    assert (why_abstain(reading(text), market_names=1) or "").startswith("not English")


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
def test_thirty_words_of_english_news_are_enough(sample: Sample) -> None:
    """The first thirty words of any sample pass for English."""
    assert english_share(reading(sample.article.text).words[:30])[0] > 0.18


def test_a_paywall_line_below_a_whole_article_is_passed_over() -> None:
    """With enough text beside it the line is furniture."""
    text = f"{samples()[0].article.text}\n\nAlready a subscriber? Sign in."
    assert why_abstain(reading(text), market_names=1) is None


def test_text_without_a_full_sentence_is_too_little() -> None:
    """A table of prices is no prose."""
    table = "\n".join(f"the price of the share and of the bond was {n} for it" for n in range(12))
    assert "full sentence" in (why_abstain(reading(table), market_names=1) or "")


def test_two_everyday_words_of_money_make_it_financial() -> None:
    """One such word may be chance."""
    words = "and then he went with them to the other side of the river where they had left it that day."
    assert "no finance" in (why_abstain(reading(f"He had a job to do for the king {words}"), market_names=0) or "")
    assert why_abstain(reading(f"The bank lost its contract and cut jobs at the company {words}"), market_names=0) is None


def test_a_table_of_figures_is_not_called_foreign() -> None:
    """Results in figures alone are too little prose, and that is the reason given."""
    table = "Shr 27 cts vs 29 cts. Net 13,555,000 vs 14,635,000. Revs 104,606,000 vs 110,311,000. Avg shrs 47.2 mln vs 46.1 mln. " * 3
    assert "figures" in (why_abstain(reading(table), market_names=1) or "")
