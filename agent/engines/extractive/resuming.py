"""Where a sentence goes on after `, which ...,`: `Boeing, which pays a dividend, fell 6%` speaks of Boeing."""

from __future__ import annotations

from functools import lru_cache

from agent.engines.extractive.lexicons import read_lexicon
from agent.engines.extractive.reading import Reading
from agent.engines.extractive.terms import phrases
from agent.engines.extractive.vocabulary import BE

REACH = 25
"""Tokens within which the clause must end."""
_RELATIVES = frozenset({"which", "who", "whose"})
_HAVE = frozenset({"has", "have", "had"})


def resumptions(reading: Reading) -> dict[int, int]:
    """The verb after the clause's closing comma -> its `which`, both as tokens. Only verbs that tell of a move or help to."""
    found = {}
    for opened in reading.tokens_of(_RELATIVES):
        if not opened or not reading.gaps[opened - 1].startswith(","):
            continue
        stop = min(reading.sentence_of(opened).last, opened + REACH)
        closed = (token for token in range(opened + 2, stop) if reading.gaps[token - 1].startswith(","))
        token = next((token for token in closed if reading.words[token] in _verbs()), None)
        if token is not None:
            found[token] = opened
    return found


@lru_cache(maxsize=1)
def _verbs() -> frozenset[str]:
    moving = (phrase[0] for phrase in phrases(read_lexicon("impact")["moves"]["directions"]))
    return frozenset({*moving, *BE, *_HAVE})
