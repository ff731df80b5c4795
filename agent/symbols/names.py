"""One spelling for company names and one for symbols, so that what people write differently compares equal.

A name or symbol that isn't plain Latin script has no key at all: zero-width characters, homoglyphs and full-width letters are
how one company is made to look like another, and mending them would finish the trick. Ordinary accents (Nestlé) fold away.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_TYPOGRAPHY = str.maketrans(
    {"’": "'", "‘": "'", "‐": "-", "‑": "-", "–": "-", "—": "-", "\u00a0": " ", "\u2009": " ", "\u202f": " ", "®": "", "™": ""}
)
_LATIN = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "Æ": "AE", "Œ": "OE", "Ø": "O", "Đ": "D", "Ł": "L"})

FORMS = frozenset(
    "inc incorporated corp corporation co company companies cos ltd limited plc llc lp llp nv sa ag se spa asa ab as oyj oy kgaa kg gmbh "
    "bv kk tbk bhd sab sapi de cv aktiengesellschaft adr ads etf and com".split()
)
"""Words that say how a company is set up, or that are left over when such words go ("& Co", "S.A. de C.V.")."""
_GROUPS = frozenset("group grp holding holdings hldgs".split())
LEGAL_FORMS = FORMS - {"and", "com", "de", "as", "se"} | _GROUPS
"""Words that after a capitalised word say: this is a company."""

_STATE = re.compile(r"(?<!\b[ASas])\s*[/\\]\s*[A-Za-z]{0,4}\s*[/\\]?\s*$| DE$")
_SHARES = re.compile(
    r",?\s+(?:class [a-z]|series [a-z]|common stock|ordinary shares?|common shares?|american depositary .*)$",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"[a-z0-9]+|&")
_SYMBOL = re.compile(r"\$?(?:[A-Za-z]{2,8}\s?:\s?)?([A-Za-z0-9]{1,6}(?:[.\-/][A-Za-z]{1,3})?)")


def fold(text: str) -> str | None:
    """`text` in lower-case ASCII; None when a character isn't plain Latin script, a digit or ordinary punctuation."""
    text = text.translate(_TYPOGRAPHY)
    if text.isascii():
        return text.lower() if text.isprintable() or text.isspace() else None
    composed = unicodedata.normalize("NFC", text).translate(_LATIN)
    letters = []
    for char in composed:
        base, marks = (parts := unicodedata.normalize("NFD", char))[0], parts[1:]
        if not base.isascii() or not base.isprintable() or (marks and not base.isalpha()):
            return None
        letters.append(base)
    return "".join(letters).lower()


def tokens(name: str) -> tuple[str, ...]:
    """The words of `name` as they are compared: folded, without punctuation, "&" as "and", initials joined ("J. P." -> "jp").

    Empty when the name isn't plain Latin script or has no letter or digit.
    """
    folded = fold(name)
    return _words(folded) if folded else ()


def _words(folded: str) -> tuple[str, ...]:
    words: list[str] = []
    initials = ""
    for word in _TOKEN.findall(folded.replace("'", "")):
        if len(word) == 1 and word.isalpha():
            initials += word
            continue
        if initials:
            words.append(initials)
            initials = ""
        words.append("and" if word == "&" else word)
    return (*words, initials) if initials else tuple(words)


def without_state(filed: str) -> str:
    """`filed` without the mark of a state or country that the SEC puts after some names: "/DE/", "/NEW/", "/ADR"."""
    return _STATE.sub("", _STATE.sub("", filed))


@lru_cache(maxsize=4096)
def name_key(name: str) -> str:
    """`name` without its legal form, "The", state marks and class of shares: "BANK OF AMERICA CORP /DE/" -> "bank of america".

    "Group" and "Holdings" stay; `short_key` drops them too. Empty when there is nothing plain to compare.
    """
    words = tokens(_SHARES.sub("", without_state(name)))
    return " ".join(_without(words, FORMS))


def short_key(key: str) -> str:
    """A `name_key` without "Group" and "Holdings" at its end: "ubs group" -> "ubs"."""
    words = key.split()
    return " ".join(_without(tuple(words), FORMS | _GROUPS)) if words and words[-1] in _GROUPS else key


def _without(words: tuple[str, ...], endings: frozenset[str]) -> tuple[str, ...]:
    start, end = 0, len(words)
    if end > 1 and words[0] == "the":
        start = 1
    while end - start > 1 and words[end - 1] in endings:
        end -= 1
    return words[start:end]


def symbol_key(written: str) -> str | None:
    """A symbol in the form it is published in: "BRK-B", "BRK/B", "$brk.b" and "NYSE: BRK.B" are all "BRK.B".

    None when `written` isn't shaped like a symbol in plain ASCII.
    """
    if not written.isascii():
        return None
    match = _SYMBOL.fullmatch(written.strip())
    return match.group(1).upper().replace("-", ".").replace("/", ".") if match else None
