"""What stands before and after a number: currencies, scales, units, and words that say how exact it is."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

Kind = Literal["number", "amount", "percent", "points", "fraction", "multiple", "ordinal", "year", "quarter", "half", "date", "label"]
"""`points` are percentage points; basis points are hundredths of them. `fraction` counts in percent ("a third": 33.3).
`date` is month * 100 + day. `label` is a name with digits in it (COVID-19, 5G), which has no value."""
Bound = Literal["", "about", "more", "less"]

SCALES = {
    **dict.fromkeys("hundred".split(), 1e2),
    **dict.fromkeys("thousand k".split(), 1e3),
    **dict.fromkeys("lakh lakhs".split(), 1e5),
    **dict.fromkeys("million millions mln mn mm m".split(), 1e6),
    **dict.fromkeys("crore crores".split(), 1e7),
    **dict.fromkeys("billion billions bln bn b".split(), 1e9),
    **dict.fromkeys("trillion trillions trln tln trn tn t".split(), 1e12),
    # An article may be in another language than its card. "Billion" is a thousand times more in some.
    **dict.fromkeys("tausend mille mil".split(), 1e3),
    **dict.fromkeys("millionen mio millones millón milioni milione milhões milhão".split(), 1e6),
    **dict.fromkeys(
        ("milliarde", "milliarden", "mrd", "milliard", "milliards", "miliardi", "miliardo", "mil millones", "bilhões", "bilhão"), 1e9
    ),
    **dict.fromkeys("billionen billones billón trilhões".split(), 1e12),
    "万": 1e4,
    "萬": 1e4,
    "億": 1e8,
    "亿": 1e8,
    "兆": 1e12,
}
_DOLLARS = frozenset({"$", "usd", "cad", "aud", "hkd", "nzd", "sgd", "brl", "twd", "mxn"})
_SIGNS = {
    "$": "$",
    "us$": "usd",
    "c$": "cad",
    "ca$": "cad",
    "a$": "aud",
    "au$": "aud",
    "hk$": "hkd",
    "nz$": "nzd",
    "s$": "sgd",
    "r$": "brl",
    "nt$": "twd",
    "€": "eur",
    "£": "gbp",
    "¥": "yen or yuan",
    "₹": "inr",
    "₩": "krw",
    "₽": "rub",
    "₺": "try",
    "rs": "inr",
    "rmb": "cny",
}
_NAMES = {
    **dict.fromkeys("dollar dollars buck bucks dólares dollari".split(), "$"),
    **dict.fromkeys("euro euros".split(), "eur"),
    **dict.fromkeys("pound pounds sterling pfund".split(), "gbp"),
    **dict.fromkeys("yen".split(), "jpy"),
    **dict.fromkeys("yuan renminbi".split(), "cny"),
    **dict.fromkeys("franc francs franken".split(), "chf"),
    **dict.fromkeys("rupee rupees".split(), "inr"),
    **dict.fromkeys("rouble roubles ruble rubles".split(), "rub"),
    "won": "krw",
    **dict.fromkeys("reais".split(), "brl"),
    **dict.fromkeys("peso pesos".split(), "mxn"),
    **dict.fromkeys("lira".split(), "try"),
    **dict.fromkeys("rand".split(), "zar"),
    **dict.fromkeys("crown crowns krona kronor krone kroner".split(), "crowns"),
}
_CODES = "USD EUR GBP JPY CNY RMB CHF CAD AUD HKD NZD SGD INR KRW BRL MXN RUB SEK NOK DKK ZAR TRY TWD".split()
_HUNDREDTHS = {"cent": "$", "cents": "$", "¢": "$", "pence": "gbp", "penny": "gbp"}

_PREFIX = re.compile(
    r"(?P<outer>[-+(]?)(?:(?P<sign>(?:\b(?:US|CA?|AU?|HK|NZ|S|R|NT))?\$|[€£¥₹₩₽₺]|\bRs\.?)|\b(?P<code>"
    + "|".join(_CODES)
    + r"))? ?(?P<inner>[-+(]?)$",
    re.IGNORECASE,
)
_PREFIX_ENDS = frozenset("-+($€£¥₹₩₽₺.sdryfk")
"""What a currency, its code in any case, or a sign can end with."""
_CODE_ENDS = frozenset((*map(str.lower, _CODES), "rs."))
"""The last three characters of a code and of "Rs.", which tell them from other words; "Rs" has two."""
_SCALE = re.compile(
    r"[ -]?(?P<word>hundred|thousand|millions?|billions?|trillions?|mln|bln|trln|tln|trn|lakhs?|crores?)\b"
    r"|[ -]?(?P<short>mm|mn|bn|tn|[kKmMbBtT])(?![\w%])"
    r"|[ -]?(?P<foreign>tausend|millionen|mio|milliarden?|mrd|billionen|mille|milliards?|mil millones|millones|millón|mil|billones|billón"
    r"|milion[ei]|miliard[io]|milh(?:ões|ão)|bilh(?:ões|ão)|trilhões)\b\.?|(?P<wide>[万萬億亿兆])",
    re.IGNORECASE,
)
_NEXT_SCALE = re.compile(r" (?P<word>million|billion|trillion)\b", re.IGNORECASE)
_UNIT = re.compile(
    r"[ -]?(?:"
    r"(?P<points>percentage[ -]points?\b|prozentpunkten?\b|points? de pourcentage\b|puntos? porcentual(?:es)?\b"
    r"|percent points?\b|%[ -]points?\b|pp\b|ppts?\b|pps\b)"
    r"|(?P<bps>basis[ -]points?\b|basispunkten?\b|points? de base\b|puntos? básicos?\b|bps?\b)"
    r"|(?P<percent>%|prozent\b|pour cent\b|por ciento\b|por cento\b|per cento\b|percent\b|per cent\b|pct\b|percentage\b)"
    r"|(?P<hundredths>cents?\b|pence\b|¢)"
    r"|(?P<currency>(?:(?:U\.?S\.?|Canadian|Australian|Hong Kong|New Zealand|Singapore|Swiss|British|Japanese|Chinese) )?(?:"
    + "|".join(_NAMES)
    + r"|"
    + "|".join(_CODES)
    + r")\b|€)"
    r"|(?P<multiple>x\b|times\b|fold\b)"
    r"|(?P<ordinal>st\b|nd\b|rd\b|th\b)"
    r")",
    re.IGNORECASE,
)
_KINDS: dict[str, tuple[Kind, float]] = {
    "points": ("points", 1.0),
    "bps": ("points", 0.01),
    "percent": ("percent", 1.0),
    "multiple": ("multiple", 1.0),
    "ordinal": ("ordinal", 1.0),
}
_FEW = re.compile(r"(?<![\d.,])\d{1,2}$")
_NATIONS = {"us": "usd", "canadian": "cad", "australian": "aud", "hong kong": "hkd", "new zealand": "nzd", "singapore": "sgd"}
_BOUND = re.compile(
    r"(?P<more>more than|over|above|at least|exceed(?:s|ed|ing)|in excess of|upwards of|north of|top(?:s|ped|ping)|greater than"
    r"|surpass(?:ed|ing))"
    r"|(?P<less>nearly|almost|less than|under|below|up to|as much as|as many as|at most|just shy of|close to|fewer than|short of)"
    r"|(?P<about>about|around|roughly|approximately|some|circa|an estimated|estimated|~|≈|approx\.?)",
    re.IGNORECASE,
)
_BOUND_AT_END = re.compile(rf"(?:^|(?<=\W))(?:{_BOUND.pattern})(?: (?:an? |the )| ?)$", re.IGNORECASE)


_JOINING = frozenset(" -")
_SHORT_SCALES = frozenset("kKmMbBtT")
_PAIR_SCALES = frozenset("mm mn bn tn".split())
_SHORT_UNITS = frozenset("%xX")
_PAIR_UNITS = frozenset("u. us pp bp".split())
_ORDINAL_ENDS = frozenset("st nd rd th".split())
_SCALE_STARTS = frozenset("hun tho mil bil tri mln bln trl tln trn lak cro tau mio mrd".split())
_UNIT_STARTS = frozenset(
    (
        *(word[:3].lower() for word in (*_NAMES, *_CODES, *_HUNDREDTHS)),
        *"per pro poi pun ppt pps bas bps pou por pct can aus hon new sin swi bri jap chi tim fol".split(),
    )
)
_BOUND_ENDS = frozenset(
    "than over above least exceeds exceeded exceeding of tops topped topping surpassed surpassing nearly almost under below to as most "
    "about around roughly approximately some circa estimated approx a an the".split()
)
_BOUND_PAIRS: dict[str, frozenset[str]] = {
    "than": frozenset("more greater less fewer".split()),
    "of": frozenset("excess upwards north shy short".split()),
    "to": frozenset("up close".split()),
    "as": frozenset("much many".split()),
    **dict.fromkeys(("least", "most"), frozenset({"at"})),
    **dict.fromkeys(("a", "an", "the"), _BOUND_ENDS),
}
"""What stands before some of these ends: most that end so are no bounds."""
# What these patterns begin or end with; a look at it spares most figures the pattern. Letters beyond ASCII always go to the pattern, which
# takes some for others (a long s for an s).


class Prefix(NamedTuple):
    """What stands before a number: its length, the currency, and whether the number is negative."""

    length: int
    currency: str | None
    negative: bool


_NO_PREFIX = Prefix(0, None, negative=False)
_PLAIN_SIGNS = {sign: Prefix(1, _SIGNS[sign], negative=False) for sign in "$€£"}
_APART = frozenset(("", " ", "\n"))


class Unit(NamedTuple):
    """What stands after a number: where it ends, its kind if it says one, the currency, and what the number is multiplied by."""

    end: int
    kind: Kind | None
    currency: str | None
    factor: float


def prefix_before(text: str, start: int) -> Prefix:
    """Currency and sign that end at `start`. A bracket is a minus sign only if one closes after the number, as the caller must see."""
    end = start - 1 if text[start - 1 : start] == " " else start
    last = text[max(0, end - 1) : end]
    if last in _PLAIN_SIGNS and end == start and text[max(0, end - 2) : end - 1] in _APART:
        return _PLAIN_SIGNS[last]
    if last not in _PREFIX_ENDS and not last.isupper():
        return _NO_PREFIX
    tail = text[max(0, end - 3) : end]
    if (last == "." or last.isalpha()) and tail.isascii() and tail.lower() not in _CODE_ENDS and tail[-2:].lower() != "rs":
        return _NO_PREFIX
    match = _PREFIX.search(text, max(0, start - 6), start)
    if match is None:
        return _NO_PREFIX
    found = (match["sign"] or match["code"] or "").lower().rstrip(".")
    currency = _SIGNS.get(found, found) or None
    at = match.start() + match.group().find("-")
    # A hyphen after a word joins (pre-5%, 3-5%); only after a space or bracket it is a sign.
    negative = "-" in match.group() and not text[at - 1 : at].isalnum()
    if currency is None:
        return Prefix(start - at if negative else 0, None, negative=negative)
    written = match.group().lstrip()
    joins = written.startswith("-") and not negative
    return Prefix(len(written) - joins, currency, negative=negative)


def scale_after(text: str, end: int) -> tuple[int, float]:
    """Where the scale word after a number ends, and its factor: "1.2 hundred million" has two."""
    at = end + 1 if text[end : end + 1] in _JOINING else end
    match = _SCALE.match(text, end) if _may_be_scale(text[at : at + 3]) else None
    if match is None:
        return end, 1.0
    factor = SCALES.get((match["word"] or match["short"] or match["foreign"] or match["wide"]).lower())
    if factor is None:
        return end, 1.0  # to a pattern that ignores case a long s is an s, and a dotless i is an i
    end = match.end()
    if match["word"] and (second := _NEXT_SCALE.match(text, end)) is not None:
        return second.end(), factor * SCALES.get(second["word"].lower(), 1.0)
    return end, factor


def unit_after(text: str, end: int, currency: str | None) -> Unit:
    """The unit that begins at `end`, if one does."""
    after = text[end : end + 1]
    at = end + 1 if after in _JOINING else end
    three = text[at : at + 3]
    if after == "%" and three[1:2] not in _JOINING:
        return Unit(at + 1, "percent", None, 1.0)
    match = _UNIT.match(text, end) if _may_be_unit(three) else None
    if match is None:
        return Unit(end, None, currency, 1.0)
    family = match.lastgroup or ""
    found = match[family].lower()
    if family == "hundredths":
        return Unit(match.end(), "amount", currency or _HUNDREDTHS.get(found), 0.01)
    if found == "won" and _FEW.search(text, max(0, end - 4), end) is not None:
        return Unit(end, None, currency, 1.0)  # "No. 1 won two seats"
    if family == "currency":
        return Unit(match.end(), "amount", currency or _currency_named(found), 1.0)
    kind, factor = _KINDS[family]
    return Unit(match.end(), kind, None, factor)


@lru_cache(maxsize=4096)
def may_be_unit(behind: str) -> bool:
    """Whether a word right behind a number, with the space or hyphen between them, may be a scale or a unit, or make it a label."""
    at = behind[:1] in _JOINING
    three = behind[at : at + 3]
    return not at or not behind.isascii() or "%" in behind or _may_be_scale(three) or _may_be_unit(three)


def _may_be_scale(three: str) -> bool:
    """Whether a scale may begin with these characters."""
    if three[:1] in _SHORT_SCALES and not three[1:2].isalnum():
        return True
    lower = three.lower()
    return lower in _SCALE_STARTS or (lower[:2] in _PAIR_SCALES and not lower[2:].isalnum()) or not three.isascii()


def _may_be_unit(three: str) -> bool:
    """Whether a unit may begin with these characters."""
    lower = three.lower()
    if lower in _UNIT_STARTS or lower[:1] in _SHORT_UNITS or not three.isascii():
        return True
    return lower[:2] in _PAIR_UNITS or (lower[:2] in _ORDINAL_ENDS and not lower[2:].isalnum())


def _currency_named(found: str) -> str:
    nation, _, name = found.rpartition(" ")
    if found == "€":
        return "eur"
    return _NATIONS.get(nation.replace(".", ""), _NAMES.get(name, _SIGNS.get(name, name)))


def bound_before(text: str, start: int) -> Bound:
    """Whether the words right before `start` say that the number is a round one, and on which side of it the truth lies."""
    *_, before, last = ("", *text[max(0, start - 20) : start].rstrip(" ").lower().rsplit(" ", 2))
    if _is_plain(last) and (last not in _BOUND_ENDS or (_is_plain(before) and before not in _BOUND_PAIRS.get(last, (before,)))):
        return ""
    match = _BOUND_AT_END.search(text, max(0, start - 20), start)
    if match is None:
        return ""
    return "more" if match["more"] else "less" if match["less"] else "about"


def _is_plain(word: str) -> bool:
    return word.isascii() and word.isalpha()


def same_currency(one: str | None, other: str | None) -> bool:
    """Whether two currencies may be the same: unknown fits all, `$` every dollar, `¥` yen and yuan, and a cent any that has cents."""
    if one is None or other is None or one == other:
        return True
    if "$" in {one, other}:
        return {one, other} <= _DOLLARS
    if "yen or yuan" in {one, other}:
        return {one, other} <= {"yen or yuan", "jpy", "cny"}
    return "crowns" in {one, other} and {one, other} <= {"crowns", "sek", "nok", "dkk"}
