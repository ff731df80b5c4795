"""The taxonomy: names that others stand on, and the impact formula."""

from __future__ import annotations

import hashlib
from itertools import pairwise, product
from typing import get_args

import pytest

from agent.draft import MAX_TOPICS
from agent.taxonomy import COMPONENTS, Level, SentimentLabel, load_taxonomy


@pytest.mark.parametrize(
    ("ratings", "impact"),
    [
        ((0, 0, 0, 0, 0), 0.0),
        ((4, 4, 4, 4, 4), 1.0),
        ((4, 4, 0, 0, 0), 0.5),
        ((0, 0, 4, 4, 4), 0.0),
        ((4, 0, 0, 0, 0), 0.3),  # 0.6 * 0.5
        ((0, 4, 0, 0, 0), 0.2),  # 0.4 * 0.5
        ((3, 2, 3, 3, 3), 0.55),  # 0.65 * 0.875 = 0.56875
        ((3, 3, 3, 2, 3), 0.65),  # 0.75 * 0.84375 = 0.6328
        ((1, 1, 1, 1, 1), 0.15),  # 0.25 * 0.625 = 0.15625
        ((2, 1, 3, 4, 4), 0.4),  # 0.4 * 0.9375 = 0.375, half way: up
    ],
)
def test_impact_is_the_formula_of_the_taxonomy(ratings: tuple[Level, ...], impact: float) -> None:
    """The score is base * (0.5 + 0.5 * sharpness), rounded to 0.05: worked out by hand, components in the taxonomy's order."""
    assert load_taxonomy().impact(dict(zip(COMPONENTS, ratings, strict=True))) == impact


def test_impact_is_a_step_of_a_twentieth_and_grows_with_every_level() -> None:
    """Over all 3,125 ratings, impact lies in 0..1 on a grid of 0.05, and no level raised lowers it."""
    taxonomy = load_taxonomy()
    impacts: dict[tuple[int, ...], float] = {}
    for levels in product(get_args(Level), repeat=5):
        impacts[levels] = taxonomy.impact(dict(zip(COMPONENTS, levels, strict=True)))
    assert {*impacts.values()} <= {round(step / 20, 2) for step in range(21)}
    for levels, impact in impacts.items():
        for place in range(5):
            if levels[place] < 4:
                raised = (*levels[:place], levels[place] + 1, *levels[place + 1 :])
                assert impacts[raised] >= impact


def test_the_topics_are_those_that_gold_cards_and_prompts_use() -> None:
    """Names are a contract: who changes one changes the taxonomy's version and this digest."""
    names = load_taxonomy().topic_names
    assert load_taxonomy().version == "1"
    assert (len(names), hashlib.sha256("\n".join(names).encode()).hexdigest()[:16]) == (63, "cd89fd41a4cf8035")


def test_topics_are_distinct_and_say_when_they_apply() -> None:
    """No name twice in any case, each with a definition; a card has room for fewer than there are."""
    topics = load_taxonomy().topics
    assert len({topic.name.casefold() for topic in topics}) == len(topics) > MAX_TOPICS
    assert all(topic.use and topic.group for topic in topics)


def test_a_near_neighbour_that_a_topic_names_exists() -> None:
    """`unless` begins with another topic's name."""
    names = load_taxonomy().topic_names
    unless = [topic.unless for topic in load_taxonomy().topics if topic.unless]
    assert unless
    assert all(text.startswith(names) for text in unless)


def test_sentiment_scores_rise_from_label_to_label_around_zero() -> None:
    """Five labels, symmetric scores in -1..1, neutral at 0."""
    scores = load_taxonomy().scores
    assert tuple(scores) == get_args(SentimentLabel)
    assert all(low < high for low, high in pairwise(scores.values()))
    assert [-score for score in reversed(scores.values())] == list(scores.values())
    assert scores["neutral"] == 0


def test_weights_sum_to_one_and_cover_each_component_once() -> None:
    """Base and sharpness part the five components between them."""
    taxonomy = load_taxonomy()
    assert sum(taxonomy.base.values()) == pytest.approx(1)
    assert sum(taxonomy.sharpness.values()) == pytest.approx(1)
    assert sorted([*taxonomy.base, *taxonomy.sharpness]) == sorted(COMPONENTS)


def test_every_component_has_five_anchors() -> None:
    """Levels 0 to 4 each say what they mean."""
    for anchors in load_taxonomy().anchors.values():
        assert len(set(anchors)) == 5


def test_the_digest_is_of_the_file() -> None:
    """64 hex digits; the taxonomy is read once a process."""
    assert len(bytes.fromhex(load_taxonomy().digest)) == 32
    assert load_taxonomy() is load_taxonomy()
