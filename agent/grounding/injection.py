"""What in an article isn't news but aimed at a machine: orders, role markers, invisible characters, hidden HTML, ready-made replies.

Flagging changes nothing else: the article is read as it stands, and no ticker, label or level depends on what is found here. An
ordinary question ("What is the capital of Brazil?") is nobody's order, and isn't flagged; nor are the words that news has in common
with orders: the regulator's instructions, "ignore the noise", an assistant general counsel. One soft hyphen is typesetting, as are
joiners inside an emoji or beside the scripts that need them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

from agent.article import Article
from agent.card import Finding
from agent.grounding.fold import word_set
from agent.grounding.injection_rules import MARKERS, REPLY, RULES, Marker, Rule

CLAIM_CHARS = 120
MAX_FINDINGS = 20
"""At most so many findings a field and rule; a text of nothing but markers would otherwise make a card larger than itself."""

INVISIBLE = "invisible characters"
ENCODED = "a long run of encoded data"

_Found = tuple[int, int, str]

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff9-\ufffb\U000e0000-\U000e0fff]++"
)
_SOFT_HYPHEN, _EMOJI_STYLE, _BLACK_FLAG = "\u00ad", "\ufe0f", "\U0001f3f4"
_JOINERS = frozenset("\u200c\u200d\u200e\u200f\u061c\ufe0e\ufe0f")
_FLAG_TAGS = re.compile("[\U000e0030-\U000e0039\U000e0061-\U000e007a]{2,6}\U000e007f")
_MAX_JOINERS = 2
_FIRST_FOREIGN = "\u0590"
"""From here on are the scripts that are written from right to left or with joiners, and the emoji."""

_SPAN_CHARS = 4_000
_BRACE = re.compile(r"[{}]")
_KEY = re.compile(
    r"[\"'](?:sentiment|tickers?|entities|topics|summary|analysis|overall|label|impact|market_impact|materiality|abstain_because|relevance"
    r"|quotes|status)\\?[\"']\s{0,5}:"
)
_RUN = re.compile(r"(?<![A-Za-z0-9+/_=.:-])[A-Za-z0-9+/_-]{64,}+={0,2}")
_RUN_PIECE = 18
"""Encoded data has a stretch of letters and digits as long as this; few words are."""

_SENTENCE_OPENS = re.compile(r"(?:^|[.!?:;…\n>])[\"')\]*]{0,3}\s{0,3}[\"'(\[*_#-]{0,3} ?$")
_TYPOGRAPHY = dict(zip("’‘“”\u00a0–—…•€£®™", "''\"\" --.*$$  ", strict=True))
_LOOKALIKES = (
    dict(zip("аеорсухіѕјԁһԛԝᴏοιαν", "aeopcyxisjdhqwooiav", strict=True))
    | dict.fromkeys("‚‛´", "'")
    | dict.fromkeys("„‟«»", '"')
    | dict.fromkeys("\u2002\u2003\u2009\u202f\u3000", " ")
    | {chr(code): chr(code - 0xFEE0).lower() for code in range(0xFF01, 0xFF5F)}
)
_WORD_CHARS = bytes(code if chr(code).isalnum() or code == ord("_") else ord(" ") for code in range(128)).ljust(256)


def injection_findings(article: Article) -> list[Finding]:
    """What in the title and the text is aimed at a machine, title first, each in order and with its slice of that field.

    Linear in the length of the article. At most `MAX_FINDINGS` of one rule are listed a field.
    """
    whole = f"{article.title}\n{article.text}"
    # The set that other checks ask for, too, says of most articles that there is little to look for.
    words = word_set(whole.lower()) if whole.isascii() and "_" not in whole else _words(_level(whole))
    rules = [(rule, starts) for rule in RULES if not any(map(words.isdisjoint, rule.needs)) and (starts := rule.starts & words)]
    is_long = max(map(len, words), default=0) >= _RUN_PIECE
    return [
        finding
        for where, text in (("title", article.title), ("text", article.text))
        for finding in _findings(where, text, rules, is_long=is_long)
    ]


def _findings(where: str, text: str, rules: Sequence[tuple[Rule, frozenset[str]]], *, is_long: bool) -> Iterator[Finding]:
    markers = [marker for marker in MARKERS if marker.sign[0] in text and marker.sign in text]
    level = _level(text) if rules or markers else ""
    found = [*_invisibles(text), *(_encoded(text) if is_long else ())]
    for rule, starts in rules:
        found += _worded(rule, starts, level, text)
    for marker in markers:
        found += _marked(marker, level)
    done = -1
    for start, end, reason in sorted(found, key=lambda place: (place[0], -place[1])):
        if start >= done:
            yield Finding(where=where, claim=_claim(text[start:end]), reason=reason, start=start, end=end)
            done = end


def _words(level: str) -> frozenset[str]:
    return frozenset(level.encode("ascii", "replace").translate(_WORD_CHARS).decode("ascii").split())


def _level(text: str) -> str:
    """`text` for the rules, letter for letter: lower case, plain quotation marks and spaces, Latin letters for their lookalikes."""
    level = text.replace("\n\n", "\v\v").replace("\n", " ").replace("\t", " ")
    if not level.isascii():
        for char, plain in _TYPOGRAPHY.items():
            level = level.replace(char, plain)
    if level.isascii():
        return level.lower()
    # The one letter whose small form is two characters long would shift every offset after it.
    level = level.replace("İ", "i").lower()
    for char in _LOOKALIKES.keys() & set(level):
        level = level.replace(char, _LOOKALIKES[char])
    return level


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compiled when its first word stands in a text: most texts need none, and all together take longer than a card's other checks."""
    return re.compile(pattern)


def _worded(rule: Rule, starts: frozenset[str], level: str, text: str) -> Iterator[_Found]:
    count = 0
    for word in sorted(starts):
        at = level.find(word)
        while at >= 0 and count < MAX_FINDINGS:
            end, before = at + len(word), level[at - 1 : at]
            if not (before.isalnum() or before == "_") and (not rule.opens_sentence or _SENTENCE_OPENS.search(text[max(0, at - 10) : at])):
                match = _compiled(rule.pattern).match(level, at)
                if match is not None:
                    yield at, match.end(), rule.reason
                    count += 1
                    end = match.end()
            at = level.find(word, end)


def _marked(marker: Marker, level: str) -> Iterator[_Found]:
    count = 0
    match = _compiled(marker.pattern).search(level)
    while match is not None and count < MAX_FINDINGS:
        start, end = match.span()
        if marker.reason == REPLY and match.group().startswith("{"):
            end = _object_end(level, start)
            is_found = _KEY.search(level, start, end) is not None
        else:
            if match.group() == "<!--":
                end = max(end, level.find("-->", start, start + _SPAN_CHARS) + 3)
            is_found = True
        if is_found:
            yield start, end, marker.reason
            count += 1
        # What was gone through isn't gone through again, or nested braces would cost their square.
        match = _compiled(marker.pattern).search(level, end)


def _object_end(level: str, start: int) -> int:
    """Where the brace at `start` is closed; where it isn't soon, as far as was looked."""
    depth = 0
    for brace in _BRACE.finditer(level[start : start + _SPAN_CHARS]):
        depth += 1 if brace.group() == "{" else -1
        if depth == 0:
            return start + brace.end()
    return min(len(level), start + _SPAN_CHARS)


def _invisibles(text: str) -> Iterator[_Found]:
    if text.isascii() or _INVISIBLE.search("".join(set(text))) is None:
        return
    count = 0
    for run in _INVISIBLE.finditer(text):
        if not _is_typesetting(run, text) and count < MAX_FINDINGS:
            yield run.start(), run.end(), INVISIBLE
            count += 1


def _is_typesetting(run: re.Match[str], text: str) -> bool:
    """Whether the run is what good typesetting leaves: a soft hyphen, or what an emoji or another script needs."""
    chars, before, after = run.group(), text[run.start() - 1 : run.start()], text[run.end() : run.end() + 1]
    if chars in {_SOFT_HYPHEN, _EMOJI_STYLE}:
        return True
    if before == _BLACK_FLAG and _FLAG_TAGS.fullmatch(chars):
        return True
    return len(chars) <= _MAX_JOINERS and _JOINERS.issuperset(chars) and (before >= _FIRST_FOREIGN or after >= _FIRST_FOREIGN)


def _encoded(text: str) -> Iterator[_Found]:
    count = 0
    for run in _RUN.finditer(text):
        if count < MAX_FINDINGS and _is_mixed(run.group()[:200]):
            yield run.start(), run.end(), ENCODED
            count += 1


def _is_mixed(run: str) -> bool:
    """Whether capitals, small letters and digits alternate as they do in encoded data and nowhere in words, paths or sums."""
    kinds = "".join("a" if char.islower() else "A" if char.isupper() else "0" if char.isdigit() else "-" for char in run)
    changes = sum(1 for left, right in pairwise(kinds) if left != right)
    return {"a", "A"} <= set(kinds) and 3 * changes > len(run)


def _claim(stretch: str) -> str:
    """`stretch` as a reader can see it: one line, at most `CLAIM_CHARS` characters, characters without a glyph by their code points."""
    if _INVISIBLE.fullmatch(stretch):
        shown = " ".join(f"U+{ord(char):04X}" for char in stretch[:CLAIM_CHARS])
    else:
        shown = " ".join(stretch[: 4 * CLAIM_CHARS].split())
    return shown if len(shown) <= CLAIM_CHARS else shown[: CLAIM_CHARS - 1] + "…"
