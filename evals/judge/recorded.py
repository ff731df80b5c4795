"""Judgements kept, so that what a judge said once can be counted again without a network.

JSON lines: `question` (sha256 of the messages, 32 hex digits), `label` (who judged: `bridge`, or a model's name), `judgement`.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from evals.judge.asking import JudgeFailed
from evals.judge.questions import Judgement, Messages
from evals.judge.verdicts import Ask


def question_of(messages: Messages) -> str:
    """What the judge was shown, as one number: a changed prompt, article or analysis is another question."""
    return hashlib.sha256(json.dumps(messages, ensure_ascii=False).encode()).hexdigest()[:32]


class RecordedJudge:
    """Answers what is recorded in `path`; asks `live` for the rest and records it, where there is one."""

    def __init__(self, path: Path, live: Ask | None = None, *, label: str = "") -> None:
        self._path = path
        self._live = live
        self._label = label
        self._known = _read(path)

    async def __call__(self, messages: Messages) -> Judgement:
        """The judgement of these messages. Raises JudgeFailed when it isn't recorded and nobody can be asked."""
        question = question_of(messages)
        if question not in self._known:
            if self._live is None:
                raise JudgeFailed(f"no judgement of this pair is recorded in {self._path.name}; judge it with a model first")
            judgement = await self._live(messages)
            line = {"question": question, "label": self._label, "judgement": judgement.model_dump()}
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
            self._known[question] = judgement
        return self._known[question]


def _read(path: Path) -> dict[str, Judgement]:
    if not path.exists():
        return {}
    lines = (json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip())
    return {line["question"]: Judgement.model_validate(line["judgement"]) for line in lines}
