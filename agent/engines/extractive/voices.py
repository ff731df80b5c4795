"""Names that only speak or act for others: the house an analyst works for, the bank that advises a buyer."""

from __future__ import annotations

from functools import lru_cache

from agent.engines.extractive.gathering import Place
from agent.engines.extractive.lexicons import read_lexicon
from agent.engines.extractive.names import MAX_NAME_TOKENS
from agent.engines.extractive.reading import Reading
from agent.engines.extractive.terms import Terms, phrases


def voiced(reading: Reading, place: Place) -> bool:
    """Whether what follows a name says so: `X analysts`, `X advised`, `X and Y are acting as`."""
    words, at = reading.words, place.last
    if at == len(words) or reading.gaps[at - 1] not in {" ", "' ", "’ "}:
        return False
    if words[at] == "and":
        stop = min(len(words), at + 1 + MAX_NAME_TOKENS)
        at = next((token for token in range(at + 1, stop) if not reading.capitals[token]), stop)
    return at < len(words) and _serving().at(words, at, len(words)) is not None


@lru_cache(maxsize=1)
def _serving() -> Terms[bool]:
    return Terms((phrase, True) for phrase in phrases(read_lexicon("words")["organisations"]["serving"]))
