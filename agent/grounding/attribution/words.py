"""Words around who speaks: of saying, of roles, and of what a phrase is made of; in small letters."""

from __future__ import annotations

from agent.grounding.common import KIN

SAYS = frozenset(
    "say says said tell tells told add adds added calls called write writes wrote warn warns warned argue argues argued describe "
    "describes described complain complains complained speak speaks spoke promise promises promised pledges pledged insist insists "
    "insisted notes noted explain explains explained dismiss dismisses dismissed denounce denounces denounced criticise criticises "
    "criticised criticize criticizes criticized praises praised hails hailed admit admits admitted concede concedes conceded "
    "acknowledge acknowledges acknowledged stated commented declare declares declared predict predicts predicted think thinks thought "
    "believe believes believed labelled labeled termed branded claimed replied responded vow vows vowed cautioned joked stressed reckon "
    "reckons reckoned estimated expect expects expected sees saw foresee foresees foresaw characterised characterized reiterated remarked "
    "urged accuses accused saying calling adding telling warning arguing describing citing quoting quoted cited cites writing asked reject "
    "rejects rejected assumes assumed suggests suggested wanted mocked likened told".split()
)
"""Words of saying that are seldom nouns. One whose subject is nobody's name hides those before it."""
VIEWS = SAYS | frozenset(
    "estimates forecast forecasts projects projected plans intends looks wants puts values valued raise raised raises lift lifted lifts "
    "reduce reduced reduces cut cuts lower lowered lowers increased increases upgraded downgraded keeps kept".split()
)
"""Words of a view, too: what a figure goes with."""
ROLES = frozenset(
    "adviser advisor analyst analysts attorney banker boss ceo cfo chair chairman chairperson chairwoman chancellor chief cio cmo "
    "co-founder commissioner congressman congresswoman coo counsel cso cto director directors dr economist economists evp executive "
    "executives founder governor head judge lawyer lawyers manager mayor minister miss mr mrs ms negotiator officer premier president "
    "professor representative researcher researchers secretary senator sir spokesman spokesperson spokeswoman strategist strategists "
    "svp trader traders treasurer vp".split()
)
OFFICIALS = frozenset("minister governor senator congressman congresswoman judge chancellor premier mayor commissioner".split())
"""Roles that no company gives."""
TITLES = frozenset(
    "chief finance prime vice deputy general executive senior lead acting interim foreign trade economy mines energy labor labour health "
    "defence defense interior home investment operating financial research managing union".split()
)
"""What titles are written with, in front of a role."""
BODIES = frozenset("union family ministry administration government board agency fund management committee council court".split())
"""What a name goes before as before a role: the Carver family, Brellan's commerce ministry."""
ORGS = frozenset(
    "bank banks capital partners group holdings securities research management asset assets ministry department commission union board "
    "authority agency association council committee fund funds institute university court company corp inc ltd plc co ag sa nv llc lp "
    "trust investments advisors advisers brokerage analytics insurance energy motors motor steel foods brands pharma therapeutics "
    "technologies systems international global markets futures commodities mining re airlines airways air petroleum oil gas federation "
    "industries services solutions media entertainment society party bloc house reserve treasury equity ventures exchange".split()
)
"""What no person's name has."""
PARTICLES = frozenset("de van von der al bin la &".split())
ROLE_LINKS = frozenset("at of for from with".split())
ADVERBS = frozenset("also later then has had have again still now previously separately earlier even once himself herself itself".split())
WHEN = ADVERBS | frozenset("late yesterday today afterwards".split())
NO_PHRASE = frozenset(
    "and or but while whereas when as after that before if because since than by to on in about against into over nor".split()
)
"""Where a speaker's phrase ends for sure."""
VAGUE = frozenset[str]().union(*KIN)
"""Lands, capitals and governments: who speaks for which can't be told by name."""
