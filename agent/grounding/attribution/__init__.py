"""Who says what, and who does what to whom: what the prose gives to one and the article to another."""

from agent.grounding.attribution.deeds import Deeds, deed_findings
from agent.grounding.attribution.identity import Identities
from agent.grounding.attribution.quoted import Quoted, speaker_findings
from agent.grounding.attribution.saying import Saying
from agent.grounding.attribution.views import Views, view_findings

__all__ = ["Deeds", "Identities", "Quoted", "Saying", "Views", "deed_findings", "speaker_findings", "view_findings"]
