"""The rows of the extractive engine's table on topics, summaries and market impact."""

from __future__ import annotations

import pytest

from agent.article import Article
from evals.extractive import impact, topics
from evals.extractive.summaries import facts_carried, figures_carried, lines
from evals.extractive.table import ENGINE, Parts
from evals.goldset import Choice, GoldImpact
from evals.samples import Gold, Sample
from evals.statistics import Resampling, estimate
from tests.evals.made import made_sample

STORIES = {
    "crash": (
        "Stocks sink",
        (
            "The S&P 500 lost 6% on Monday as stocks fell worldwide on fears of a recession, and investors all over the world bought "
            "the bonds of states that they hold to be safe."
        ),
    ),
    "dividend": (
        "Coca-Cola raises dividend",
        (
            "Coca-Cola raised its quarterly dividend to 42 cents a share on Monday, the 59th yearly increase in a row, and will pay it "
            "in April to those who hold its shares in March."
        ),
    ),
}


def sample(name: str, **gold: object) -> Sample:
    """One of the stories with this gold."""
    title, text = STORIES[name]
    return Sample(Article(id=name, title=title, text=text), Gold(**gold), cluster=name)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("summary", "carried"),
    [("Revenue was 1.5 billion dollars in all.", 1.0), ("Revenue was $1.5bn, up 12 percent.", 1.0), ("In 2021 nothing was said.", 0.0)],
)
def test_a_figure_counts_in_any_spelling(summary: str, carried: float) -> None:
    """Values are compared, not letters; years are no figures."""
    score = figures_carried(summary, made_sample(summary="q1 2021 revenue $1.5 billion."))
    assert score.value == carried
    assert score.counts["wanted"] == 1.0


def test_a_reference_without_figures_isnt_scored() -> None:
    """There is nothing to carry."""
    assert figures_carried("Anything.", made_sample(summary="names a new chief executive.")).value is None


def test_a_fact_counts_in_one_of_its_ways() -> None:
    """Two facts, one carried."""
    assert facts_carried("Intel sank.", made_sample(facts=(("Intel",), ("16%", "a sixth")))).value == 0.5


def test_baselines_are_as_long_as_the_summary() -> None:
    """Each system gets a cell a sample, the engine first."""
    parts = Parts([sample("crash", facts=(("S&P 500",),))], [])
    (line,) = lines("facts", facts_carried)(parts)
    assert list(line.cells) == [ENGINE, "lead-3", "lead of equal length", "TextRank of equal length"]
    assert all(len(cells) == 1 for cells in line.cells.values())


def test_topics_of_gold_and_of_groups() -> None:
    """Must, may and groups are counted as the scorers of cards count them."""
    gold = Choice(must=["Capital Returns"], may=[])
    recall, f1, tags = topics.of_gold(Parts([sample("dividend", topics=gold)], [sample("dividend", topics=gold)]))
    assert estimate(recall.aggregate, recall.cells[ENGINE], Resampling()).value == 1.0
    assert estimate(f1.aggregate, f1.cells[topics.COMMONEST], Resampling()).value == 1.0
    assert estimate(tags.aggregate, tags.cells[topics.COMMONEST], Resampling()).value == 1.0
    grouped = sample("dividend", topic_groups=(("Capital Raising", "Capital Returns"), ("Insurance",)))
    recall, _ = topics.of_groups(Parts([grouped], [grouped]))
    assert estimate(recall.aggregate, recall.cells[ENGINE], Resampling()).value == 0.5


def test_impact_is_ranked_against_gold() -> None:
    """A crash is more than a dividend; the median of the rest says the same of all, so it has no rank."""
    judged = [
        sample("crash", impact=GoldImpact(value=0.95, low=0.8, high=1)),
        sample("dividend", impact=GoldImpact(value=0.25, low=0.15, high=0.35)),
    ]
    ranks, within = impact.lines(Parts(judged, judged))
    assert estimate(ranks.aggregate, ranks.cells[ENGINE], Resampling()).value == pytest.approx(1.0)
    assert estimate(within.aggregate, within.cells[impact.MEDIAN], Resampling()).value == 0.0
    assert impact.MEDIAN not in ranks.cells
