"""A faithful draft of any article, made of the article's own sentences: the same words for the same article, always."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any

from tests.faults.answers import Answer, called, completion, tool_call

_ARTICLE = re.compile(r"<<(article-\w+)\n(.*)\n\1>>", re.DOTALL)
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?![\s\n])[^.!?\n]*)*[.!?]?")
_MARKUP = re.compile(r"https?://|www\.|[<>`*_#|\[\]{}•▪◦‣●]|(?:^|\s)[-+]\s|(?:^|\s)\d{1,2}\)\s")
_SUMMARY_WORDS = (45, 90)
_ANALYSIS_WORDS = (150, 240)
_COMPONENTS = ("materiality", "breadth", "surprise", "immediacy", "certainty")


def reply(request: dict[str, Any]) -> Answer:
    """A completion for a chat request: the draft of the article in it, in the form that was asked for."""
    messages = request.get("messages") or [{}]
    user = str(messages[1].get("content")) if len(messages) > 1 else ""
    found = _ARTICLE.search(user)
    draft = _draft_text(found[2].partition("\n\n")[2] if found else user)
    usage = (sum(len(str(message.get("content"))) for message in messages) // 4, 0, len(draft) // 4)
    model = str(request.get("model", "test-model"))
    return called(tool_call(draft), usage=usage, model=model) if request.get("tools") else completion(draft, usage=usage, model=model)


@lru_cache(maxsize=1_024)
def _draft_text(text: str) -> str:
    return json.dumps(draft_of(text))


def draft_of(text: str) -> dict[str, Any]:
    """A draft's values. It names no entity and sees no impact: what it doesn't say can't be wrong."""
    sentences = [s.strip() for s in _SENTENCE.findall(text) if s.strip() and not _MARKUP.search(s)]
    reason = "As the article has it."
    summary = _some(sentences[:4], _SUMMARY_WORDS)
    analysis = _some(sentences, _ANALYSIS_WORDS)
    return {
        "entities": [],
        "topics": [],
        "impact": {name: {"reason": reason, "level": 1} for name in _COMPONENTS},
        "overall": {"reason": reason, "label": "neutral"},
        "abstain_because": None,
        "summary": summary or "The article says little.",
        "analysis": analysis or "The article says little.",
    }


def _some(sentences: list[str], words: tuple[int, int]) -> str:
    """Whole sentences from the beginning: as many as reach the least words without passing the most."""
    taken: list[str] = []
    count = 0
    for sentence in sentences:
        length = len(sentence.split())
        if count >= words[0]:
            break
        if count + length > words[1]:
            continue
        taken.append(sentence)
        count += length
    return " ".join(taken)
