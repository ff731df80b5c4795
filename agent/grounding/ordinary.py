"""An ordinary word that is a company's name too: where an article plainly means the company that a draft names.

The symbol table asks a text alone for support ("shares of Target"). That a draft names the company is support of its own, but a capital
that only begins a sentence is none: "Visa rules changed" and "Snap elections" are no mention of a company, whoever says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.grounding.common import OPENERS
from agent.symbols.lexicon import load_lexicon
from agent.symbols.names import tokens

_SAID_OF_A_COMPANY = re.compile(
    r"(?:['’]s)?, (?:whose|which|who|an?|the (?:[\w-]+ ){0,3}(?:company|operator|maker|group|firm|bank|retailer|rival|chain|owner|insurer"
    r"|giant|start-?up|carrier|airline|lender|brand|business|provider|producer|supplier|developer|network|platform|app))\b"
    r"|(?:['’]s)? (?:CEO|CFO|[Cc]hief [Ee]xecutive|spokes(?:man|woman|person))\b"
)
_BEFORE_IN_A_ROW = re.compile(r"[A-Z][\w&'’.-]*(?:,|,? and|,? or) $")
_AFTER_IN_A_ROW = re.compile(r"(?:,|,? and|,? or) [A-Z]")
_BACK = 30


def is_ordinary(name: str) -> bool:
    """Whether a name, without its legal form, is a word that texts also write large without meaning anybody."""
    return load_lexicon().ordinary("".join(tokens(name)))


def reads_as_company(text: str, name: str) -> bool:
    """Whether some place of `text` has `name` as a company's: explained right behind it, or in a row of names."""
    if name.isupper() or not name[:1].isupper():
        return False
    return any(
        (name.lower() not in OPENERS and _SAID_OF_A_COMPANY.match(text, end) is not None)
        or (_AFTER_IN_A_ROW.match(text, end) is not None and _BEFORE_IN_A_ROW.search(text, max(0, start - _BACK), start) is not None)
        for start, end in _places(text, name)
    )


def _places(text: str, name: str) -> Iterator[tuple[int, int]]:
    at = text.find(name)
    while at >= 0:
        end = at + len(name)
        if not text[at - 1 : at].isalnum() and not text[end : end + 1].isalnum():
            yield at, end
        at = text.find(name, end)
