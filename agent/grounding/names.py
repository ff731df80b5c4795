"""Whether a name stands in the article: as it is, or as another name of the same.

The other names come from the symbol table (Google for Alphabet), from the short list below, from legal forms left off, and from
initials that the article spells out or the other way round. Nothing is close enough that isn't one of these: "Elon Musk" isn't
in an article that only has "Musk", and "Goldman" isn't "Golden".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache

from agent.draft import EntityKind
from agent.grounding.fold import FoldedText, fold, stands_whole, word_set
from agent.grounding.negation_words import FUNCTION_WORDS
from agent.symbols.names import LEGAL_FORMS

Aliases = Callable[[str], Iterable[str]]
"""Other names of what a name stands for, in any case; none for an unknown name."""

PROPER: frozenset[EntityKind] = frozenset({"public company", "private company", "fund", "person"})
"""Kinds whose names need a capital letter in the article: "target" is no mention of Target."""

_IN_SMALL_LETTERS: frozenset[EntityKind] = frozenset({"commodity", "other"})
"""Kinds whose initials may be of words in small letters (LNG): an authority is written large wherever it is spelled out."""

_SAME = (
    "United States|United States of America|U.S.|US|USA|U.S.A.|America|American|Americans",
    "United Kingdom|U.K.|UK|Britain|Great Britain|British",
    "European Union|EU|E.U.",
    "euro zone|eurozone|euro area",
    "United Arab Emirates|UAE|U.A.E.|Emirates|Emirati",
    "China|Chinese|People's Republic of China",
    "Japan|Japanese",
    "Germany|German",
    "France|French",
    "Italy|Italian",
    "Spain|Spanish",
    "Russia|Russian|Russian Federation",
    "Ukraine|Ukrainian",
    "India|Indian",
    "Brazil|Brazilian",
    "Mexico|Mexican",
    "Canada|Canadian",
    "Australia|Australian",
    "South Korea|Korea|South Korean|Republic of Korea",
    "Taiwan|Taiwanese",
    "Switzerland|Swiss",
    "Netherlands|Dutch|the Netherlands",
    "Turkey|Türkiye|Turkish",
    "Saudi Arabia|Saudi",
    "Israel|Israeli",
    "Iran|Iranian",
    "Federal Reserve|Fed|U.S. Federal Reserve|US Federal Reserve|Federal Reserve System|Federal Reserve Board|FOMC",
    "U.S. Treasury|Treasury|Treasury Department|U.S. Department of the Treasury|US Treasury|U.S. Treasury Department",
    "Department of Justice|Justice Department|DOJ|U.S. Department of Justice|U.S. Justice Department|US Department of Justice",
    "Securities and Exchange Commission|SEC|U.S. Securities and Exchange Commission|US Securities and Exchange Commission",
    "Federal Trade Commission|FTC|U.S. Federal Trade Commission",
    "Food and Drug Administration|FDA|U.S. Food and Drug Administration",
    "Commerce Department|Department of Commerce|U.S. Commerce Department|U.S. Department of Commerce",
    "Labor Department|Department of Labor|U.S. Labor Department|U.S. Department of Labor",
    "People's Bank of China|PBOC|PBoC",
    "Bank of England|BoE|BOE",
    "Bank of Japan|BoJ|BOJ",
    "S&P 500|S&P 500 Index|Standard & Poor's 500|S&P",
    "Dow Jones Industrial Average|Dow|Dow Jones|Dow Jones Industrials|Dow industrials",
    "Nasdaq Composite|Nasdaq|Nasdaq Composite Index|Nasdaq index",
    "Nasdaq 100|Nasdaq-100|Nasdaq 100 Index",
    "FTSE 100|FTSE|FTSE 100 Index",
    "STOXX 600|STOXX Europe 600|Stoxx 600|STOXX 600 Index|pan-European STOXX 600",
    "Nikkei 225|Nikkei|Nikkei 225 Index|Nikkei share average",
    "U.S. dollar|dollar|US dollar|greenback|USD",
    "pound sterling|sterling|pound|British pound|GBP",
    "Japanese yen|yen|JPY",
    "Chinese yuan|yuan|renminbi|CNY",
    "euro|EUR",
    "Bitcoin|bitcoin|BTC",
    "Ether|ether|Ethereum|ETH",
    "crude oil|crude|oil",
    "Brent crude|Brent|Brent crude oil",
    "West Texas Intermediate|WTI|U.S. crude|US crude|WTI crude|West Texas Intermediate crude",
    "COVID-19|COVID19|COVID|coronavirus|pandemic",
    "Treasuries|U.S. Treasuries|Treasury bonds|U.S. Treasury bonds|Treasury notes",
)
"""Canonical forms that the symbol table can't know; each line names one thing."""

_LEGAL_FORM = re.compile(r"[,\s]+(?:" + "|".join(sorted(map(re.escape, LEGAL_FORMS), key=len, reverse=True)) + r")\.?$", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_][^\W_]*")
_ARTICLE = re.compile(r"^the ", re.IGNORECASE)
_IN_BRACKETS = re.compile(r" ?\(([^()]{1,60})\)$")
_MIN_INITIALS = 3
_STEM = 4
"""So many letters a people and its land have in common: Indian, India."""
_STRANGE = frozenset("\u017f\u0131\u0130")


class Mentions:
    """The names of one article, title and text; made once an article. Look-ups are linear in its length."""

    def __init__(self, title: str, body: FoldedText, aliases: Aliases) -> None:
        # No folded text holds a line end, so no name is found across this one.
        self.text = f"{fold(title)}\n{body.folded}"
        self._raw = f"{title}\n{body.text}"
        self._lower = self.text.lower()
        self._aliases = aliases
        # Letters that a pattern takes for one of ASCII when it ignores case, and `lower` doesn't; and one that grows in small letters.
        self._is_plain = self.text.isascii() or _STRANGE.isdisjoint(self.text)

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the article in small letters."""
        # In ASCII folding changes no letter and no digit.
        return word_set(self._raw.lower()) if self._raw.isascii() else frozenset(_WORD.findall(self._lower))

    def named(self, name: str, kind: EntityKind = "other") -> bool:
        """Whether the article names `name`, of that kind, in any of the ways this module's docstring lists."""
        proper, name = kind in PROPER, fold(name)
        if any(self._stands(form, proper=proper) for form in self._forms(name.strip())) or self._initials(name):
            return True
        return (kind == "currency" and self._has_currency(name)) or (kind in _IN_SMALL_LETTERS and self._spells_out(name))

    def _forms(self, name: str) -> Iterator[str]:
        for form in _shorter(name):
            yield form
            for other in (*canonical_forms(form), *self._aliases(form)):
                yield from _shorter(fold(other))

    def _stands(self, form: str, *, proper: bool) -> bool:
        if not form or form.lower() not in self._lower:
            return False
        any_case = " " in form if proper else len(form) > _MIN_INITIALS and not form.isupper()
        for written in self._written(form):
            # Shouted in a headline (NVIDIA) or written the owner's way (eBay): one capital is enough, but "Us" isn't the US.
            as_it_stands = written == form and not proper  # "oil" and "yen" are names of what they are
            if (
                any_case
                or as_it_stands
                or (any(map(str.isupper, written)) and (written == form or len(form) >= _MIN_INITIALS or written.isupper()))
            ):
                return True
        return False

    def _written(self, form: str) -> Iterator[str]:
        """How the article writes `form`, at each place where it stands as whole words."""
        if not (self._is_plain and form.isascii()):
            yield from (found.group() for found in re.finditer(rf"(?<!\w){re.escape(form)}(?!\w)", self.text, re.IGNORECASE))
            return
        lower = form.lower()
        at = self._lower.find(lower)
        while at >= 0:
            end = at + len(form)
            before, after = self.text[at - 1 : at], self.text[end : end + 1]
            whole = not (before.isalnum() or before == "_" or after.isalnum() or after == "_")
            if whole:
                yield self.text[at:end]
            at = self._lower.find(lower, end if whole else at + 1)

    def _whole(self, pattern: str) -> bool:
        return re.search(rf"(?<!\w){pattern}(?!\w)", self.text) is not None

    def _initials(self, name: str) -> bool:
        """Whether the article has the initials of `name`, or spells out the initials that `name` is."""
        if name.isalpha() and name.isupper() and len(name) >= _MIN_INITIALS:
            return self._whole(r"[\w.'&]{0,30} (?:(?:of|the|and|for|on|de|&) ){0,2}".join(name) + r"\w*+")
        initials = "".join(word[0] for word in name.replace("-", " ").split(" ") if word[:1].isupper())
        return len(initials) >= _MIN_INITIALS and stands_whole(initials, self.text)

    def _spells_out(self, name: str) -> bool:
        """Whether words in a row that tell something have the initials that `name` is: LNG for "liquefied natural gas"."""
        if not (name.isascii() and name.isalpha() and name.isupper() and len(name) >= _MIN_INITIALS):
            return False
        # Each as long as a word that tells something mostly is, so that chance seldom makes any.
        pattern = r"\b" + "[ -]".join(rf"{letter}[a-z]{{2,20}}" for letter in name.lower()) + r"\b"
        return any(FUNCTION_WORDS.isdisjoint(found.group().split(" ")) for found in re.finditer(pattern, self._lower))

    def _has_currency(self, name: str) -> bool:
        """Whether the article has the currency's own word, and the country of which the name says that it is: rupee, India."""
        country, _, unit = name.lower().rpartition(" ")
        stem = country[:_STEM]
        return len(stem) == _STEM and unit in self.words and any(word.startswith(stem) for word in self.words)


def _shorter(name: str) -> Iterator[str]:
    """`name`, then without what may be left off: "The", "(ECB)" or what the brackets hold, and the legal form."""
    yield name
    name = _ARTICLE.sub("", name)
    yield name
    if (brackets := _IN_BRACKETS.search(name)) is not None:
        yield brackets[1]
        name = name[: brackets.start()]
        yield name
    while (form := _LEGAL_FORM.search(name)) is not None and form.start() > 0:
        name = name[: form.start()].removesuffix(" &").removesuffix(" and").rstrip(", ")
        yield name


def canonical_forms(name: str) -> tuple[str, ...]:
    """The other forms of a country, an authority, an index or a price whose name may be in any case; none for what isn't in the list."""
    return _same().get(name.casefold(), ())


@lru_cache(maxsize=1)
def _same() -> dict[str, tuple[str, ...]]:
    return {name.casefold(): tuple(line.split("|")) for line in _SAME for name in line.split("|")}
