"""The five impact components, each with the article's words behind it: stakes.py rates two of them, sharpness.py three."""

from __future__ import annotations

from collections.abc import Sequence

from agent.draft import DraftImpact
from agent.engines.extractive.entities import Found
from agent.engines.extractive.moves import Move
from agent.engines.extractive.reading import Reading
from agent.engines.extractive.sharpness import certainty, immediacy, surprise
from agent.engines.extractive.stakes import breadth, materiality
from agent.engines.extractive.story import story_of


def rate_impact(reading: Reading, entities: Sequence[Found], moves: Sequence[Move]) -> DraftImpact:
    """All five ratings; each reason names the words behind it, or says that there were none."""
    story = story_of(reading, entities, moves)
    return DraftImpact(
        materiality=materiality(story),
        breadth=breadth(story),
        surprise=surprise(story),
        immediacy=immediacy(story),
        certainty=certainty(story),
    )
