"""What in an article isn't news but aimed at a machine: orders, role markers, invisible characters, hidden HTML, ready-made replies.

Flagging changes nothing else: the article is read as it stands, and no ticker, label or level depends on what is found here. An
ordinary question ("What is the capital of Brazil?") is nobody's order, and isn't flagged; nor are the words that news has in common
with orders: the regulator's instructions, "ignore the noise", an assistant general counsel. One soft hyphen is typesetting, as are
joiners inside an emoji or beside the scripts that need them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.article import Article
from agent.card import Finding
from agent.grounding.injection_rules import HIDDEN, REPLY, RULES, Rule
from agent.sentences import Span

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
_TYPESETTING = "\u00ad"
_JOINERS = frozenset("\u200c\u200d\ufe0e\ufe0f")
_DIRECTION_MARKS = frozenset("\u200e\u200f\u061c")
_FLAG = re.compile("[\U000e0030-\U000e0039\U000e0061-\U000e007a]{2,6}\U000e007f")
_COMMENT_CHARS = 4_000
_DATA_CHARS = 4_000
_RUN = re.compile(r"(?<![A-Za-z0-9+/_=.:-])[A-Za-z0-9+/_-]{64,}+={0,2}")
_BOUNDARY = re.compile(r"[.!?:;…\n>](?:[\"')\]*]{0,3})\s{0,3}[\"'(\[*_-]{0,3}\s{0,2}$|^[\s\"'(\[*_-]*$")

_LOOKALIKES = dict(zip("аеорсухіѕјԁһԛԝᴏοιαν", "aeopcyxisjdhqwooiav", strict=True))
_LEVELLED = (
    _LOOKALIKES
    | dict.fromkeys("‘’‚‛`´", "'")
    | dict.fromkeys("“”„‟«»", '"')
    | dict.fromkeys("\u00a0\u2002\u2003\u2009\u202f\u3000", " ")
    | {chr(code): chr(code - 0xFEE0).lower() for code in range(0xFF01, 0xFF5F)}
)


def injection_findings(article: Article) -> list[Finding]:
    """What in the title and the text is aimed at a machine, title first, each in order and with its slice of that field.

    Linear in the length of the article. At most `MAX_FINDINGS` of one rule are listed a field.
    """
    return [*_findings("title", article.title), *_findings("text", article.text)]


def _findings(where: str, text: str) -> Iterator[Finding]:
    level = _level(text)
    found = [*_invisibles(text), *_comments(text), *_encoded(text)]
    for rule in RULES:
        if any(literal in level for literal in rule.literals):
            found += _ruled(rule, level)
    done = -1
    for start, end, reason in sorted(found, key=lambda place: (place[0], -place[1])):
        if start >= done:
            yield Finding(where=where, claim=_claim(text[start:end]), reason=reason, start=start, end=end)
            done = end


def _level(text: str) -> str:
    """`text` for the rules, letter for letter: lower case, plain quotation marks and spaces, Latin letters for their lookalikes."""
    level = text.replace("İ", "i").lower()
    if not level.isascii():
        for char in _LEVELLED.keys() & set(level):
            level = level.replace(char, _LEVELLED[char])
    return level


def _ruled(rule: Rule, level: str) -> Iterator[_Found]:
    count = 0
    for match in rule.pattern.finditer(level):
        if rule.first_word and not _BOUNDARY.search(level[max(0, match.start() - 12) : match.start()]):
            continue
        span: Span | None = Span(*match.span())
        if rule.reason == REPLY and match.group()[0] in "\\\"'":
            span = _braces(level, match.start())
        if span is None:
            continue
        yield span.start, span.end, rule.reason
        count += 1
        if count == MAX_FINDINGS:
            return


def _braces(level: str, at: int) -> Span | None:
    """The JSON object around the key at `at`; None when no brace was opened before it."""
    start = level.rfind("{", max(0, at - _DATA_CHARS // 10), at)
    if start < 0:
        return None
    depth = 0
    for brace in re.finditer(r"[{}]", level[start : start + _DATA_CHARS]):
        depth += 1 if brace.group() == "{" else -1
        if depth == 0:
            return Span(start, start + brace.end())
    return Span(start, min(len(level), start + _DATA_CHARS))


def _invisibles(text: str) -> Iterator[_Found]:
    if text.isascii():
        return
    count = 0
    for run in _INVISIBLE.finditer(text):
        if _is_typesetting(run, text):
            continue
        yield run.start(), run.end(), INVISIBLE
        count += 1
        if count == MAX_FINDINGS:
            return


def _is_typesetting(run: re.Match[str], text: str) -> bool:
    """Whether the run is what good typesetting leaves: a soft hyphen, or what an emoji or another script needs."""
    chars, before, after = run.group(), text[run.start() - 1 : run.start()], text[run.end() : run.end() + 1]
    if chars == _TYPESETTING:
        return True
    foreign = before > "\u0590" or after > "\u0590"
    if len(chars) <= 2 and foreign and all(char in _JOINERS or char in _DIRECTION_MARKS for char in chars):
        return True
    return chars == "\ufe0f" or (before == "\U0001f3f4" and _FLAG.fullmatch(chars) is not None)


def _comments(text: str) -> Iterator[_Found]:
    at = text.find("<!--")
    for _ in range(MAX_FINDINGS):
        if at < 0:
            return
        close = text.find("-->", at, at + _COMMENT_CHARS)
        end = close + 3 if close >= 0 else at + 4
        yield at, end, HIDDEN
        at = text.find("<!--", end)


def _encoded(text: str) -> Iterator[_Found]:
    count = 0
    for run in _RUN.finditer(text):
        if _is_mixed(run.group()[:200]):
            yield run.start(), run.end(), ENCODED
            count += 1
            if count == MAX_FINDINGS:
                return


def _is_mixed(run: str) -> bool:
    """Whether capitals, small letters and digits alternate as they do in encoded data and nowhere in words, paths or sums."""
    kinds = "".join("a" if char.islower() else "A" if char.isupper() else "0" if char.isdigit() else "-" for char in run)
    changes = sum(1 for left, right in zip(kinds, kinds[1:], strict=False) if left != right)
    return {"a", "A"} <= set(kinds) and 3 * changes > len(run)


def _claim(stretch: str) -> str:
    """`stretch` as a reader can see it: one line, at most `CLAIM_CHARS` characters, characters without a glyph by their code points."""
    if _INVISIBLE.fullmatch(stretch):
        shown = " ".join(f"U+{ord(char):04X}" for char in stretch[:CLAIM_CHARS])
    else:
        shown = " ".join(stretch[: 4 * CLAIM_CHARS].split())
    return shown if len(shown) <= CLAIM_CHARS else shown[: CLAIM_CHARS - 1] + "…"
