"""What turns a statement round, plainly or in passing, and what makes one conditional; all in small letters with unified typography."""

from __future__ import annotations

import re

CUES = (" not ", "n't ", " never ", " no ", " none of ", " without ", " cannot ")
"""What plainly denies the words after it."""
PLAIN = frozenset(("not", "never", "no", "none", "without", "cannot", "neither", "nor"))

UNTOLD = re.compile(
    r" ?(?:not|n't|never) (?:as|so|enough|very|immediately|directly|often|exactly|really|solely|alone|without|an?|only|just|merely|simply"
    r"|least|yet|necessarily|all|every|always|much|quite|entirely|fully|far|ruled?|exclude|un\w+)\b"
    r"| ?(?:no|not|never) (?:longer|more|less|fewer|later|sooner|earlier|doubt|matter|one|\d|other|better|higher|lower|stranger"
    r"|mean|way|case)\b"
    r"|none other|no\. ?\d|without (?:doubt|question)\b"
)
"""Cues that deny something else than what follows, or only its degree."""
HEDGED = re.compile(r"\b(?:or|whether|why|almost|nearly|hardly|virtually|practically|has yet|denied that(?: \w+){1,3}) ?$")
"""Right before a cue: it is no denial, or not a whole one."""
VERBAL = re.compile(
    r"(?:\b(?:is|are|was|were|be|been|am|do|does|did|has|have|had|will|would|can|could|may|might|must|should|shall|need)|'s|to)$"
)
"""What stands before a "not" that denies a sentence; "supply and not demand" sets one thing against another."""
SUPPOSED = re.compile(r"\b(?:if|unless|in case|should)\b[^,.;]*$")
NARROWED = re.compile(
    r"\b(?:due to|alone|enough|only|other than|except|besides|beyond|apart|as (?:much|many|fast|far|well|strong|strongly|high|quickly))\b"
)
"""In what is denied: a part of it may hold."""
COMPARED = re.compile(r"\b(?:larger|bigger|greater|smaller|higher|lower|better|worse|faster|slower|stronger|weaker|more|fewer|less)\b")
"""With one of these in what no one of many is or did, something is said of the one that is or did."""
LIMITED = re.compile(r"\b(?:until|unless|because|before)\b")
"""A denial up to here: a statement that doesn't go as far may hold."""

_MAY_TURN = (
    r"not|no|none|never|neither|nor|cannot|without|nothing|nobody|nowhere|hardly|barely|scarcely|few|fewer|little|less|least"
    r"|zero|nil|might|may|whether|if|only|too|almost|nearly|ever|still|rather|instead|against|despite|until|outside|beyond|away|off|out"
    r"|open|former|half|apart|besides|impossible|inability|incapable|insufficient"
    r"|un[a-z]{4,}|dis[a-z]{5,}|non\w*|lack\w*|absen\w+|fail\w*|den(?:y|ied|ies|ying|ial)|refus\w+|reject\w+"
    r"|declin\w+|exclud\w+|avoid\w*|prevent\w*|block\w*|bar(?:red|s)?|ban\w*|forb\w+|halt\w*|stop\w*|end(?:ed|s|ing)?|drop\w*|cancel\w*"
    r"|abandon\w*|doubt\w*|miss\w*|withh\w+|withdr\w+|scrap\w*|shelv\w*|ceas\w+|quit|deprive\w*|oppos\w+|exempt\w*|escap\w+"
    r"|spar(?:e|ed|es|ing)|skip\w*|forgo\w*|waiv\w+|omit\w*|los(?:e|es|ing|t)|suspend\w*|delay\w*|postpon\w+|defer\w*|paus\w+|frozen"
    r"|freez\w+|froze|clos\w+|shut\w*|collaps\w*|broke\w*|break\w*|except\w*|refut\w*|contest\w*|keep\w*|kept|remain\w*|resist\w*"
    r"|revers\w+|stay\w*|leav\w+|left|differ\w*|contrar\w+"
)
MAY_TURN = re.compile(rf"{_MAY_TURN}|yet|free|short|far|other|from|would|had")
"""A word that may turn a clause round, or with which such words begin."""
PERHAPS = re.compile(rf"n't\b|\b(?:{_MAY_TURN}|yet to|free of|short of|far from|other than|from(?= \w+ing\b)|would have|had hoped)\b")
"""What may turn a clause round, or say that another time or part is meant; whoever writes one isn't held to have dropped a "not"."""
GOVERNING = re.compile(r"\b(?:den(?:y|ied|ies|ying|ial)|reject\w*|doubt\w*|disput\w*|dismiss\w*|refut\w*|contest\w*|contradict\w*)\b")
"""What denies all that follows in its sentence, through any "that"."""
GOVERNING_SIGNS = ("den", "reject", "doubt", "disput", "dismiss", "refut", "contest", "contradict")
"""One of these is in every word that does."""

CLAUSE_END = re.compile(
    r"[.;:!?\n()\s-](?:(?<=[.;:!?])(?=\s|$|['\"])|(?<=[\n()])|(?<=-)-|(?<= )- "
    r"|(?<=\s)(?:but|while|although|though|whereas|unless|because|until|instead|rather)\s)"
)
"""It begins with one set of characters, which the engine looks for much faster than for several things."""
NEXT_STATEMENT = re.compile(
    r", (?:that|and|but|while|which|who|as|because|so|though|although|with|after|before|it|he|she|they|the|its|a|an|one|will|would|has|had"
    r"|is|was|others|some|this|these|such|his|her|to)\b"
    r"|\band (?:that|is|was|are|were|will|would|has|had|have|could|can|does|did|do|may|\w+s? that)\b"
)
"""Where what one negation covers ends for sure."""
NEXT_PART = re.compile(r"[,;:]|\b(?:and|that|which|who|or)\b")

MOODS = re.compile(
    r"\b(?:(will|would(?:n't)?|won't|'ll)|(can|cannot|can't|could(?:n't)?|able)|(may|might)"
    r"|((?:should|must)(?:n't)?|need\w*|require\w*|ought|has to|have to|had to)"
    r"|(want\w*|hope\w*|hoping|seek\w*|sought|plan\w*|aim\w*|intend\w*|wish\w*|ask\w*|demand\w*|urg\w+|propos\w+|consider\w*"
    r"|try|tries|tried"
    r"|trying|call(?:s|ed|ing)? for|await\w*|pending|possib\w*|talks?|prepar\w+|pledg\w+|promis\w+|agree\w*|offer\w*)"
    r"|(if|once|whether|unless|in case)"
    r"|(likely|expect\w*|forecast\w*|fear\w*|risk\w*|worr\w+|threat\w*|bet\w*|chance\w*|odds|prospect\w*))\b"
)
"""By group: what is meant to be, may be, must be, is wanted, supposed or foreseen. What is wanted and isn't contradict nothing."""

FUNCTION_WORDS = frozenset(
    "a an the and or of to in on for with by at from as that which who whom whose its it it's is was were be been being are am has have "
    "having had do does did would will could can may might must shall should this these those their his her our my your they he she we i "
    "you into so than then there here said says say saying told tell tells added adds adding wrote writes according any all at also just "
    "still even own such other up out if when while where what how yet once again over about very too mr mrs ms not no nor neither never "
    "none n't cannot without".split()
)
LIGHT = frozenset(
    "mak hav get giv tak see com go be receiv put keep hold find expect new company compan year more much many one two first last "
    "time "
    "after before since during between".split()
)
"""Roots that tell little of what is spoken of."""
