"""What leaves open whether a thing happens, or denies it in other words than "not"; all in small letters with unified typography."""

from __future__ import annotations

import re

from agent.grounding.inflection import root

MAY = frozenset("may might could can".split())
WILL = frozenset("will would shall should must won't wouldn't needs need".split())
NOT = frozenset("not never cannot can't won't wouldn't didn't doesn't don't hasn't haven't hadn't isn't wasn't aren't weren't".split())

BETWEEN = frozenset(
    "be been being have has also still even only now soon then yet once again not probably perhaps possibly well later eventually "
    "already since just recently today formally finally officially".split()
)
"""What may stand between an auxiliary and its verb, besides adverbs in "ly"."""

WANTED = frozenset(
    "plan plans planned planning intend intends intended intending intention aim aims aimed aiming want wants wanted hope hopes hoped "
    "hoping seek seeks sought seeking wish wishes expect expects expected expecting forecast forecasts projected scheduled set due poised "
    "likely supposed threatened threatens threatening vowed vows promised promises pledged pledges proposes proposed proposing proposal "
    "ready prepared preparing prepares trying tries need needs asked asks urged urges wanting bids bid "
    "effort efforts target targets".split()
)
"""Before a "to": what follows is still to come."""
MUST = frozenset("is are was were has have had".split())
"""Right before a "to": what follows is still to come."""
DID = frozenset(
    "forced managed began begun continued helped agreed started used led began obliged compelled permitted proceeded went said".split()
)
"""Before a "to": it did come."""
OPEN = frozenset(
    "consider considers considered considering weigh weighs weighing explore explores exploring discuss discusses discussed discussing "
    "mull mulls mulling mulled talks negotiate negotiates negotiating negotiations possible potential possibly option options "
    "possibility prospect risk threat talk discussions contemplating contemplates studying examining evaluating willing decide decides "
    "whether if unless reportedly rumoured rumored might could may chance hypothetical looking able allowed free right willingness awaits "
    "await awaiting pending subject needs requires require".split()
)
"""Before a "to", or shortly before a noun or a form in "ing": it may or may not come."""
COMING = frozenset(
    "planned proposed expected planning plans plan proposes prospective upcoming proposal proposals aims seeks wants".split()
)
"""Shortly before a noun or a form in "ing": it is meant to come."""
UNDONE = frozenset(
    "failed fails failing refused refuses refusing declined declines declining unable unlikely reluctant unwilling neither yet "
    "denied denies denying".split()
)
"""Before a "to": it didn't come."""
RULED_OUT = {
    "out": frozenset(("ruled", "rules", "ruling")),
    "of": frozenset(("short", "instead")),
    "than": frozenset(("rather",)),
    "longer": frozenset(("no",)),
} | dict.fromkeys("no without denied denies not never rejected nobody none nothing".split(), frozenset[str]())
"""Shortly before, behind one of these words where there are some: it isn't so."""
BARRIERS = frozenset(
    "and but after which who while said says as when since because though although where , ; however is are was were has had did "
    "will would that".split()
)
"""Nothing before one of these leaves open what follows it."""

HEDGED = re.compile(
    r"\b(?:(?<!since )(?<!in )(?<!of )(?<!until )may(?! \d)|might|could|can|would|should|must|if|unless|whether|possib\w*"
    r"|potential\w*|plan(?:s|ned|ning)?|intend\w*|intent\w*|aim(?:s|ed|ing)?"
    r"|propos\w+|seek\w*|sought|want\w*|hop(?:e|es|ed|ing)|expect\w*|likel\w+|unlikely|set to|due to|is to|are to|was to|were to"
    r"|probab\w+"
    r"|prospect\w*|risk\w*|threat\w*|chance\w*|option\w*|consider\w*|weigh(?:s|ed|ing)?|explor\w+|discuss\w*|talks (?:to|on|about"
    r"|with|over)|negotiat\w+|mull\w*"
    r"|reportedly|rumou?r\w*|alleg\w+|apparent\w*|perhaps|maybe|suggest\w*|forecast\w*|fear\w*|worr\w+|pending|await\w*"
    r"|prepared|ready|willing|urg\w+|call(?:s|ed|ing)? (?:for|on)|claim\w*|accus\w+|believ\w*|thinks?|thought"
    r"|assum\w+|suppos\w+|hypothe\w+|scenario\w*|ought|promis\w+|pledg\w+|vow\w*|target\w*|outlook|signal\w*"
    r"|impl(?:y|ies|ied)|moot\w*|speculat\w+|in case|warn\w*|predict\w*|project(?:s|ed|ions?)|estimat\w*)\b"
)
"""A clause of the prose with one of these says, or may say, that what it tells is open."""
TURNED = re.compile(
    r"n't\b|\b(?:not|no|none|never|neither|nor|cannot|without|nothing|nobody|hardly|fail\w*|refus\w+|declin\w+|den(?:y|ied|ies"
    r"|ying|ial)|reject\w*"
    r"|rul(?:es?|ed|ing) out|short of|unable|unlikely|yet|lack\w*|against|oppos\w+|disput\w+|dismiss\w*|instead|rather|abandon\w*"
    r"|scrap\w*)\b"
)
"""A clause of the prose with one of these denies something itself."""
OPENING = frozenset("set due is are was were talks call calls called calling case short rule rules ruled ruling".split())
"""Words that leave open or deny only with the one behind them."""
SUPPOSED = re.compile(r"\b(?:if|unless|once|subject to|pending|provided|assuming)\b")
"""A sentence with one of these makes what will be depend on something."""

PAST = frozenset(
    "made gave taken took held found bought sold paid rose fell lost left won met grew spent sent lent built brought became began begun "
    "broke broken wrote written run ran drew drawn withdrew withdrawn led laid struck cut shut put set hit quit seen shown chosen "
    "chose got".split()
)
"""Irregular forms that tell of what is past."""
PRESENT_TOO = frozenset("cut set run put hit shut quit".split())
"""Of these, those that the present has too."""
KEPT = PRESENT_TOO | {"added"}
"""Forms that an article may well have of something else: in the present, or for "said"."""
PARTICIPLES = frozenset("taken begun broken written run drawn withdrawn seen shown chosen shut put set hit quit".split())
"""Of these, those that tell so only behind an auxiliary."""
UNTOLD = frozenset(
    "said reported expected planned proposed based compared called asked related limited united increased estimated warned hoped "
    "intended considered discussed wanted aimed forecast projected listed noted stated announced named described unchanged mixed used "
    "supposed needed required supported concerned interested confirmed agreed".split()
)
"""Forms that tell of no deed without an auxiliary, or of one that is still open."""

NOT_PAST = frozenset("need feed speed indeed seed breed exceed proceed succeed red bed shed led embed hundred".split())
"""Words in "ed" that are no past forms."""
STATES = frozenset(
    "expect plan hop intend want aim forecas conside warn project estimat say tell warn thin believ fear see think anticip".split()
)
"""Roots of verbs that tell what somebody thinks or says."""
CONCLUDING = frozenset("mak giv sign reach strik secur conclud clinch win agr impos issu".split())
"""Roots of verbs that tell less than what they are done to: a contract that is signed is one."""

_SAME = (
    "begin start commence launch|cut reduce lower trim slash reduction|raise increase lift hike|sell divest dispose sale"
    "|buy acquire purchase acquisition takeover"
    "|close shut closure|delay postpone defer slip|approve clear authorise authorize approval grant|file submit apply seek"
    "|resign quit step leave depart resignation|impose levy fine|lay dismiss|move shift relocate|demand ask request|ban prohibit forbid"
    "|cancel scrap abandon|complete finish|merge combine merger|examine investigate probe|reject dismiss|propose nominate proposal"
    "|build construct"
    "|drop fall decline slide|withdraw pull|suspend suspension|expand expansion|sue lawsuit legal|rise grow climb increase"
)
_SAME_NOUNS = (
    "business unit division arm subsidiary|deal takeover merger acquisition|stake holding|staff job employee worker|store shop"
    "|plant factory|gdp domestic"
)


def _groups(written: str) -> dict[str, tuple[str, ...]]:
    groups = [tuple(map(root, group.split())) for group in written.split("|")]
    roots = {each for group in groups for each in group}
    return {each: tuple(dict.fromkeys((each, *(other for group in groups if each in group for other in group)))) for each in roots}


SAME = _groups(_SAME)
"""The roots of the verbs that tell of one deed, by each of them."""
SAME_NOUN = {root(each): root(group.split()[0]) for group in _SAME_NOUNS.split("|") for each in group.split()}
"""One root for several of nouns that tell of one thing."""
MEASURES = frozenset("million billion trillion percent percenta thousan year quarter month week day".split())
"""Roots of words that measure what is told of."""

CONJUNCTIONS = frozenset("as after before until since or but which that who where while when because although though and if".split())
PREPOSITIONS = frozenset(
    "in on at by for from with to as into after before over under between among during since until within without about against "
    "through than per via and or but which that who where while when because amid following despite although though".split()
)

SUBJECTS = frozenset("it they he she which who and".split())
"""Before a past form: it has a subject, told elsewhere."""

AUXILIARIES = frozenset("will would has have had is are was were".split())
TAIL = re.compile(r"\band (?:the|its|it|he|she|they|a|an|has|have)\b|\b(?:after|as|because|when|while|amid|if|where|although|though|but)\b")
"""Behind a verb: where what it tells ends."""
SPEECH = re.compile(r"\b(?:said|says|told|tells|added|adds|wrote|that)\b")
"""Before one of these stands who tells it."""

_CONTRARIES = (
    "likely=unlikely|able=unable|willing=unwilling reluctant|possible=impossible|certain=uncertain|affected=unaffected|changed=unchanged"
    "|profitable=unprofitable|accept=reject refuse decline|confirm announce admit acknowledge=deny|agree=refuse|support back welcome=oppose"
    "|include=exclude|approve authorise authorize clear=block veto reject|approval clearance acceptance=rejection refusal"
    "|succeed=fail|comply=breach|allow permit=ban forbid prohibit bar|disclose=withhold"
)


def _contraries(written: str) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for pair in written.split("|"):
        one, other = (frozenset(map(root, side.split())) for side in pair.split("="))
        for each in one:
            found[each] = found.get(each, frozenset()) | other
        for each in other:
            found[each] = found.get(each, frozenset()) | one
    return found


CONTRARY = _contraries(_CONTRARIES)
"""The roots of the words that say the contrary of a root."""
