"""Who says what, and who does what to whom: what the prose gives to one and the article to another."""

from agent.grounding.attribution.identity import Identities
from agent.grounding.attribution.quoted import Quoted, speaker_findings
from agent.grounding.attribution.saying import Saying

__all__ = ["Identities", "Quoted", "Saying", "speaker_findings"]
