"""How deep a JSON text is nested, found out without parsing it."""

from __future__ import annotations

import re
from itertools import accumulate

MAX_DEPTH = 32
"""What the service takes is five deep; parsers give up, or worse, at several hundred."""

# A string that never ends is one too: so each byte is looked at once, whatever was sent.
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
_OTHERS = bytes(set(range(256)) - set(b"[]{}"))
_STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_AT_ONCE = 65_536


def is_too_deep(text: bytes, depth: int = MAX_DEPTH) -> bool:
    """Whether arrays and objects of `text` are more than `depth` deep. What isn't JSON may be called either; parsing it says so."""
    if text.count(b"[") + text.count(b"{") <= depth:
        return False
    brackets = _STRING.sub(b"", text).translate(None, _OTHERS)
    level = 0
    for start in range(0, len(brackets), _AT_ONCE):
        levels = list(accumulate(map(_STEPS.__getitem__, brackets[start : start + _AT_ONCE]), initial=level))
        if max(levels) > depth:
            return True
        level = levels[-1]
    return False
