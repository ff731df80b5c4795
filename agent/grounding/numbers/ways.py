"""Words that say a direction: what changed (rose, cut), and how one thing stands to another (above, missed)."""

from __future__ import annotations

CHANGE, LEVEL, QUALITY, REVISION = 1, 2, 3, 4
"""Families: a change, a comparison with what was expected or paid, a judgement, a change of a forecast (a forecast of growth may be cut).
A word only gainsays one of its own family."""

_CHANGES = (
    (
        "rose rise rises rising risen gained gain gains gaining up climbed climb climbs climbing jumped jump jumps jumping surged surge "
        "surges surging grew grow grows growing grown growth increased increase increases increasing higher advance advances "
        "soared soar soars soaring rallied rally rallies improved improve improves improvement raised raises raise raising lifted lifts "
        "lifting expanded expand expands expanding expansion swelled swell swells widened widen widens widening doubled doubles "
        "doubling tripled upward upwards rebounded rebound recovered recovers accelerated accelerates accelerate boosted boosts boosting "
        "boost mounted spiked leapt leaped hiked hike hikes upgraded upgrade larger bigger greater fattened"
    ),
    (
        "fell fall falls falling fallen declined decline declines declining dropped drop drops dropping down lower lowered lowers lowering "
        "decreased decrease decreases decreasing lost loses losing slipped slip slips slid slide slides sank sink sinks tumbled tumble "
        "tumbles tumbling plunged plunge plunges plunging shed sheds cut cuts cutting reduced reduce reduces reducing reduction dipped dip "
        "dips shrank shrink shrinks shrunk shrinking contracted contract contracts contraction slumped slump slumps retreated "
        "eased ease eases easing narrowed narrow narrows narrowing halved halves halving downward downwards smaller plummeted collapsed "
        "crashed slashed slash slashes trimmed trim trims downgraded slowed slows slowing shaved"
    ),
)
_LEVELS = (
    "above exceeded exceeds exceed exceeding beat beats beating topped tops topping surpassed surpass surpasses outperformed ahead",
    "below missed misses miss missing short undershot trailed lagged behind",
)
_QUALITIES = (
    "stronger better strong stronger-than-expected better-than-expected strengthened strengthen strengthens",
    "weaker worse weak weaker-than-expected worse-than-expected weakened weaken weakens deteriorated worsened worsen worsens softer",
)
_EXTREMES = (
    ("highest", "lowest"),
    ("biggest largest greatest", "smallest fewest"),
    ("strongest best", "weakest worst"),
    ("widest", "narrowest"),
    ("fastest quickest", "slowest"),
)
"""Each a family of its own: what had its biggest fall may well be the weakest."""
_SHARES = (("gross", "net"), ("pre-tax pretax", "after-tax post-tax"))
"""Before and after what comes off, families of their own as well."""

WAYS: dict[str, tuple[int, int]] = {
    word: (family, way)
    for family, pair in (
        (CHANGE, _CHANGES),
        (LEVEL, _LEVELS),
        (QUALITY, _QUALITIES),
        *enumerate((*_EXTREMES, *_SHARES), start=REVISION + 1),
    )
    for way, words in zip((1, -1), pair, strict=True)
    for word in words.split()
}
"""Each word's family and way: 1 up, -1 down."""

REVISES = frozenset(
    "raised raises raise raising lifted lifts lift lifting hiked hikes boosted increased cut cuts cutting lowered lowers lower "
    "lowering reduced reduces trimmed trims slashed slashes".split()
)
"""Words of change that revise a forecast where one stands right behind them."""

_SAME = {
    "expect": "expected expectation expectations estimate estimates estimated consensus expects expecting analysts analyst",
    "forecast": "forecasts outlook guidance forecasting target targets predicted predicts projection projections projected",
    "revenue": "revenues sales turnover sale",
    "share": "shares stock stocks shareholders shareholder",
    "profit": "profits earnings income earned earning earn earns",
    "dividend": "dividends payout payouts payment payments",
    "job": "jobs positions staff workforce employees",
    "crude": "oil brent barrel barrels",
    "price": "prices pricing priced",
    "volume": "volumes",
    "yield": "yields",
    "cost": "costs costing expenses expense spending",
}
_STOP = frozenset(
    "the a an and or but of in on at to for by with as from that which who whose than is are was were be been being has have had having it "
    "its their his her they he she this these those there not no nor while when after before also about around almost nearly roughly some "
    "any each other another all most much many just only even still already now then so if because since until during into out off would "
    "could should may might will can said says say told company group firm year years month months per cent percent dollars dollar we our "
    "you your i my us them him one two what how where why both either between over".split()
)
_STEM_OF = {form: stem for stem, forms in _SAME.items() for form in (stem, *forms.split())}
_SHORT = 4


def stem_of(word: str) -> str:
    """The word's crude stem, the same for words that mean one thing on a market; empty for a word that tells nothing."""
    if word in _STOP:
        return ""
    if (known := _STEM_OF.get(word)) is not None:
        return known
    word = word.removesuffix("'s").removesuffix("'")
    for ending in ("ing", "ed", "es", "s", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= _SHORT:
            word = word[: -len(ending)]
            break
    return _STEM_OF.get(word, word)
