"""Which sentiment labels a text states, and of whom: "overall sentiment is negative", "positive for A and B, neutral for C".

Only plain statements count. What is denied, compared, only possible or said of somebody's suppliers isn't one, nor is "positive" said
of a cash flow or a test: labels of entities are looked for from the sentence on that speaks of sentiment, and before it only where
the news itself is called positive or negative.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from agent.draft import DraftEntity
from agent.grounding.fold import matches_at, starts_of
from agent.grounding.numbers.source import same_length_lower
from agent.sentences import sentence_spans
from agent.symbols.names import LEGAL_FORMS
from agent.taxonomy import SentimentLabel


class Stated(NamedTuple):
    """`text[start:end]` says that the label of `entity` (an index; None: the whole card) is one of `labels`."""

    entity: int | None
    labels: frozenset[SentimentLabel]
    start: int
    end: int


# Each sentence is written anew with one character for each label and for each entity named, so that the patterns stay readable.
_LABELS: tuple[SentimentLabel, ...] = ("strongly negative", "negative", "neutral", "positive", "strongly positive")
_LABEL_NAMES = ("positive", "negative", "neutral")
_FIRST_LABEL, _FIRST_ENTITY = 0xE000, 0xE100
_MIN_FORM_CHARS, _MIN_INITIALS, _PAIR = 3, 3, 2

_L = "[\ue000-\ue004]"
_E = "[\ue100-\ue1ff]"
_A_LABEL, _AN_ENTITY = re.compile(_L), re.compile(_E)
_IN_BRACKETS = re.compile(r" ?\([^()]*\)$")
_ADVERBS = (
    r"(?:(?:also|only|too|still|therefore|thus|likewise|hence|both|all|each|equally|itself|in turn|instead|rated|labelled|labeled|marked|"
    r"judged|seen as|as) ){0,3}"
)
_A_DEGREE = "(?:very|highly|deeply|extremely|slightly|mildly|moderately|somewhat|modestly|broadly|mostly|largely|clearly|cautiously) "
_DEGREES = rf"(?:{_A_DEGREE})?"
_DEGREE_AT_END = re.compile(f"{_A_DEGREE}$")
_LONGEST_DEGREE = 12
_IS = r"(?:is|are|was|were|remains?|stays?|carries|carry|gets?|receives?)(?: an?)? "
_STATES = rf"{_IS}{_ADVERBS}(?P<degree>{_DEGREES})(?P<label>{_L})"
_WORD_AFTER = (
    r" (?:and|or|because|as|since|while|whereas|but|yet|which|who|whose|whom|where|after|though|although|given|due|too|also|likewise|in|on|"
    r"with|despite|thanks|owing|when|that|by|at|from|alone|alike|so|overall|even|if|if only|here|now|today|both|is|are|were|was|has|have)\b"
)
_END = rf"(?= ?(?:[.,;:!?)–—]|--|$)|{_WORD_AFTER})"
_HOLDERS = r"(?:'s?)?(?: (?:share|stock|bond)?holders| investors)?"
_BEFORE_NAME = (
    r"(?:(?:the|its|their|both|all|his|other|rivals?|partners?|owner|parent|target|buyer|bidder|seller|acquirer|lenders?|banks?|retailers?|"
    r"chipmakers?|company|companies|smaller|larger|former|two|three|four|holders of|shareholders of|investors in|sister) ){0,3}"
)
_BRACKETS = r"(?: \([^()]{1,20}\))?"
_ONE = rf"{_BEFORE_NAME}{_E}{_HOLDERS}{_BRACKETS}"
_MORE = rf"(?:(?:,? and |, |,? as well as | & )(?:also )?(?:for )?{_ONE}){{0,12}}"
_LIST = rf"(?P<list>{_ONE}{_MORE})"
_SUBJECT = rf"(?P<list>{_E}{_HOLDERS}{_BRACKETS}{_MORE})"
_NEWS = r"(?:the news|news|it|sentiment|the sentiment|the (?:picture|outcome|article|label|card))"

_OVERALL = re.compile(
    r"\boverall,? (?:the )?(?:sentiment|label|tone|picture|verdict|view|news|card)?"
    rf"(?: (?:of|for) (?:the|this) (?:article|news|card|story))?,? ?{_STATES}(?! (?:for|towards?) {_BEFORE_NAME}{_E})"
    rf"|\b(?:the )?sentiment overall {_STATES.replace('<label>', '<label2>').replace('<degree>', '<degree2>')}"
)
_FOR = re.compile(
    rf"(?P<degree>{_DEGREES})(?P<label>{_L})(?: (?:too|also|as well|only|overall))?"
    rf"(?: (?:for|towards?)| (?:view|sentiment|label|rating|reading|assessment) (?:for|of|on|towards?)) {_LIST}{_END}"
)
_AS_FOR = re.compile(
    r"(?:\b(?:as (?:it|they|that|the news) (?:is|are) (?:also )?for|as well as for|the same (?:goes|holds|is true|applies) for)|, and for)"
    rf" {_LIST}(?!,? (?:{_NEWS} )?(?:{_IS}|{_L})){_END}"
)
_SAME = re.compile(
    rf"{_SUBJECT}(?:, [^,.;]{{1,40}})?,?(?: which)? (?:shares?|carries|carry|has|have|gets?) "
    r"(?:that|the same|this) (?:label|sentiment|rating)\b"
)
_IS_LABEL = re.compile(rf"{_SUBJECT}(?: (?:sentiment|label|rating))? {_STATES}(?! for\b){_END}")
_FOR_IS = re.compile(rf"for(?<!\wfor) {_LIST},? {_NEWS} {_STATES}(?! for\b){_END}")
_WHICH = re.compile(rf"(?P<list>{_E}){_BRACKETS},? (?:for )?(?:which|whom)(?: {_NEWS})? {_STATES}(?! for\b){_END}")
_WHICH_ARE = re.compile(rf"{_SUBJECT},? which (?:are|remain) {_ADVERBS}(?P<degree>{_DEGREES})(?P<label>{_L})(?! for\b){_END}")
_ALSO = re.compile(
    rf"{_SUBJECT}, (?:(?:both|all)(?: of (?:them|which))?(?: are)?(?: also| likewise)?|also|likewise|itself|themselves) "
    rf"(?P<degree>{_DEGREES})(?P<label>{_L})(?! for\b){_END}"
)
_BOTH = re.compile(rf"\b(?P<count>both|all|the two)(?: of them)? {_STATES}(?! for\b){_END}")
_BEFORE_OVERALL = (len("the sentiment "), len("sentiment "), 0)
_TAKES_UP = ("is for", "are for", "also for", "as well as for", "the same", ", and for", " that ", " this ")
"""One of these is in all that `_AS_FOR` and `_SAME` find."""
_SIMPLE = (_IS_LABEL, _FOR_IS, _WHICH, _WHICH_ARE, _ALSO)

_NO_STATEMENT = re.compile(
    r"(?:\b(?:not|never|neither|nor|no|without|than|less|more|most|hardly|from|to|or|if|whether|could|would|may|might|can|should|turn(?:s|ed)?"
    r"|become|becomes|instead of|seemingly|until)|n't)(?: [a-z]+){0,2} $"
)
_OF_ANOTHER = re.compile(
    r"(?<!sentiment )(?<!sentiments )(?<!label )(?<!labels )(?<!view )(?<!rating )(?<!that )(?<!those )"
    r"(?:at|of|in|by|from|on|to|with|against|over|about)(?: the)? $"
)
_EITHER = re.compile(rf" (?:or|to|nor|and) (?:{_L})")
_SPEAKS_OF_SENTIMENT = re.compile(
    "sentiment" + "".join(f"(?<!{whose} sentiment)" for whose in ("consumer", "investor", "market", "business", "economic", "customer"))
)
_CALLS_THE_NEWS = re.compile(rf"\b(?:news|this|it) (?:is|was) {_ADVERBS}{_DEGREES}{_L}")
_ENDS_ON = re.compile(
    rf"^(?:the|this|these|all(?: of)?(?: this| these)?) [^,.;:]{{0,60}}\b(?:is|are) {_ADVERBS}{_DEGREES}{_L} for {_BEFORE_NAME}{_E}"
)
"""The last sentence of a card's prose is its verdict: "the order is positive for A and negative for B"."""
_SOMEBODY_SAID = re.compile(r"\b(?:said|says|called|calls|wrote|according|analysts?|told|argued?|believes?|thinks?)\b")
# ASCII: the long s is an s to IGNORECASE, and no letter of a label.
_LABEL_WORDS = re.compile(r"(?<![\w-])(?:(?:strongly )?(?:positive|negative)|neutral)(?![\w-])", re.IGNORECASE | re.ASCII)


class _Line(NamedTuple):
    """A sentence with one character a label and a name, and where each of its characters stood; one offset more for its end."""

    text: str
    origins: list[int]


class _Mark(NamedTuple):
    """`char` stands for the label or the entity named at `start:end`."""

    start: int
    end: int
    char: str


def stated_labels(prose: str, entities: Sequence[DraftEntity]) -> list[Stated]:
    """What `prose` says of labels, each statement once, by place; names may be shortened where that leaves no doubt who is meant."""
    plain = prose.replace("’", "'")
    lower = _lower(plain)
    first = min((at for word in _LABEL_NAMES if (at := lower.find(word)) >= 0), default=-1)
    if first < 0:
        return []
    start = max(plain.rfind(". ", 0, first), 0)
    of_sentiment = _SPEAKS_OF_SENTIMENT.search(lower, 0, start) is not None
    plain = plain[start:]
    marks = _marks(plain, entities)
    found: list[Stated] = []
    spans = sentence_spans(plain)
    for span in spans:
        line = _line(plain, span.start, span.end, marks)
        of_sentiment = of_sentiment or _SPEAKS_OF_SENTIMENT.search(line.text) is not None
        if not _A_LABEL.search(line.text) or "respectively" in line.text:
            continue
        found += _of_the_card(line)
        is_verdict = _CALLS_THE_NEWS.search(line.text) or (span is spans[-1] and _ENDS_ON.match(line.text))
        if of_sentiment or (is_verdict and not _SOMEBODY_SAID.search(line.text)):
            found += _of_entities(line)
    found.sort(key=lambda stated: stated.start)
    once: dict[tuple[int | None, frozenset[SentimentLabel]], Stated] = {}
    for stated in found:
        once.setdefault((stated.entity, stated.labels), stated)
    return [Stated(one.entity, one.labels, start + one.start, start + one.end) for one in once.values()]


def _of_the_card(line: _Line) -> Iterator[Stated]:
    starts = (at - back for at in starts_of("overall", line.text) for back in _BEFORE_OVERALL if back <= at)
    for match in matches_at(_OVERALL, line.text, starts):
        label, degree = match["label"] or match["label2"], match["degree"] or match["degree2"]
        if not _EITHER.match(line.text, match.end()):
            yield _stated(line, match.span(), None, _labels(label, degree or ""))


def _of_entities(line: _Line) -> Iterator[Stated]:
    for pattern in (_FOR, *_SIMPLE):
        for match in _said_for(line.text) if pattern is _FOR else pattern.finditer(line.text):
            if not _is_denied(line.text, match) and not (pattern is _IS_LABEL and _OF_ANOTHER.search(line.text[: match.start()][-30:])):
                yield from _stated_of(line, match, _labels(match["label"], match["degree"]))
    takes_up = any(sign in line.text for sign in _TAKES_UP)
    for pattern in (_AS_FOR, _SAME) if takes_up else ():
        for match in pattern.finditer(line.text):
            # Which of several labels before it "as it is" takes up is the reader's guess, so any of them will do.
            said = frozenset(_LABELS[ord(char) - _FIRST_LABEL] for char in _A_LABEL.findall(line.text[: match.start()]))
            if said:
                yield from _stated_of(line, match, said)
    starts = (at for word in ("both", "all", "the two") for at in starts_of(word, line.text))
    for match in matches_at(_BOTH, line.text, sorted(starts)):
        yield from _of_both(line, match)


def _said_for(text: str) -> Iterator[re.Match[str]]:
    """What `_FOR` finds, which begins with what there may be before a label."""
    degrees = ((at, _DEGREE_AT_END.search(text, max(0, at - _LONGEST_DEGREE), at)) for at in map(re.Match.start, _A_LABEL.finditer(text)))
    return matches_at(_FOR, text, (degree.start() if degree else at for at, degree in degrees))


def _is_denied(text: str, match: re.Match[str]) -> bool:
    """Whether the label is denied, compared, only possible, or one of two."""
    before = text[: match.start("degree")][-40:]
    return _NO_STATEMENT.search(before) is not None or _EITHER.match(text, match.end("label")) is not None


def _of_both(line: _Line, match: re.Match[str]) -> Iterator[Stated]:
    """What "both are neutral" says of the two named before it, of which one may be the card; "all are" of as many as there are."""
    said = line.text[: match.start()]
    subjects: list[int | None] = [ord(char) - _FIRST_ENTITY for char in dict.fromkeys(_AN_ENTITY.findall(said))]
    if "overall" in said:
        subjects.append(None)
    if match["count"] == "all" or len(subjects) == _PAIR:
        for subject in subjects:
            yield _stated(line, match.span(), subject, _labels(match["label"], match["degree"]))


def _stated_of(line: _Line, match: re.Match[str], labels: frozenset[SentimentLabel]) -> Iterator[Stated]:
    for char in dict.fromkeys(_AN_ENTITY.findall(match["list"])):
        yield _stated(line, match.span(), ord(char) - _FIRST_ENTITY, labels)


def _stated(line: _Line, span: tuple[int, int], entity: int | None, labels: frozenset[SentimentLabel]) -> Stated:
    return Stated(entity, labels, line.origins[span[0]], line.origins[span[1]])


def _labels(char: str, degree: str) -> frozenset[SentimentLabel]:
    """The labels that fit; "slightly" or "very positive" is none of the taxonomy's, so all of that side do."""
    label = _LABELS[ord(char) - _FIRST_LABEL]
    if not degree or label == "neutral":
        return frozenset({label})
    return frozenset(other for other in _LABELS if other.endswith(label.removeprefix("strongly ")))


def _line(prose: str, start: int, end: int, marks: Sequence[_Mark]) -> _Line:
    parts: list[str] = []
    origins: list[int] = []
    at = start
    for mark in marks:
        if mark.start < at or mark.end > end:
            continue
        parts += [_lower(prose[at : mark.start]), mark.char]
        origins += [*range(at, mark.start), mark.start]
        at = mark.end
    parts.append(_lower(prose[at:end]))
    origins += range(at, end + 1)
    return _Line("".join(parts), origins)


def _lower(text: str) -> str:
    lower = text.lower()
    return lower if len(lower) == len(text) else text


def _marks(prose: str, entities: Sequence[DraftEntity]) -> list[_Mark]:
    """Every label and every name in `prose`, in order; of names that overlap the longest counts."""
    lower = same_length_lower(prose)
    starts = (at - back for word in _LABEL_NAMES for at in starts_of(word, lower) for back in (len("strongly "), 0) if back <= at)
    found = [
        _Mark(match.start(), match.end(), chr(_FIRST_LABEL + _LABELS.index(_label(match.group()))))
        for match in matches_at(_LABEL_WORDS, prose, sorted(starts))
    ]
    for form, index in _forms(entities).items():
        at = prose.find(form)
        while at >= 0:
            end = at + len(form)
            if _stands_alone(prose, at, end):
                found.append(_Mark(at, end, chr(_FIRST_ENTITY + index)))
            at = prose.find(form, end)
    found.sort(key=lambda mark: (mark.start, -mark.end))
    marks: list[_Mark] = []
    for mark in found:
        if not marks or mark.start >= marks[-1].end:
            marks.append(mark)
    return marks


def _label(words: str) -> SentimentLabel:
    label: SentimentLabel = next(label for label in _LABELS if label == words.lower())
    return label


def _stands_alone(prose: str, start: int, end: int) -> bool:
    """Whether no letter, digit or hyphenated word is joined to `prose[start:end]`."""
    before, after = prose[max(0, start - 2) : start], prose[end : end + 2]
    joined_before = before[-1:].isalnum() or (before[-1:] == "-" and before[:1].isalnum() and len(before) == len("x-"))
    joined_after = after[:1].isalnum() or (after[:1] == "-" and after[1:].isalnum())
    return not joined_before and not joined_after


def _forms(entities: Sequence[DraftEntity]) -> dict[str, int]:
    """Every form by which exactly one of the entities may be named, and its index; what is one's whole name shortens no other's."""
    whole: dict[str, set[int]] = {}
    short: dict[str, set[int]] = {}
    for index, entity in enumerate(entities):
        forms = [*_forms_of(entity)]
        whole.setdefault(forms[0], set()).add(index)
        for form in forms[1:]:
            short.setdefault(form, set()).add(index)
    return {form: min(indexes) for form, indexes in (short | whole).items() if len(indexes) == 1}


def _forms_of(entity: DraftEntity) -> Iterator[str]:
    """The name, in small letters too if it is no proper name; its first words; its initials; a person's last name."""
    name = entity.name.replace("’", "'").removeprefix("The ").removeprefix("the ")
    yield name
    if entity.kind in {"currency", "commodity", "index", "other", "crypto"}:
        yield from (name.lower(), name[:1].upper() + name[1:])
    words = _IN_BRACKETS.sub("", name).split()
    if words and entity.kind == "person":
        yield words[-1]
    for count in range(len(words) - 1, 0, -1):
        form = " ".join(words[:count]).rstrip(",")
        if len(form) >= _MIN_FORM_CHARS and form[0].isupper() and form.casefold() not in LEGAL_FORMS:
            yield form
    initials = "".join(word[0] for word in words if word[0].isupper())
    if len(initials) >= _MIN_INITIALS:
        yield initials
