"""Names that only speak or act for others: the house an analyst works for, the bank that advises a buyer."""

from __future__ import annotations

from functools import lru_cache

from agent.engines.extractive.gathering import Place
from agent.engines.extractive.lexicons import read_lexicon
from agent.engines.extractive.reading import Reading
from agent.engines.extractive.terms import Terms, phrases


def voiced(reading: Reading, place: Place) -> bool:
    """Whether what follows a name says so: `X analysts`, `X advised`, `X is acting as`."""
    if not reading.gaps[place.last - 1 : place.last] or reading.gaps[place.last - 1] not in {" ", "' ", "’ "}:
        return False
    return _serving().at(reading.words, place.last, len(reading.words)) is not None


@lru_cache(maxsize=1)
def _serving() -> Terms[bool]:
    return Terms((phrase, True) for phrase in phrases(read_lexicon("words")["organisations"]["serving"]))
