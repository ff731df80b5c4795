"""Judgements kept, so that what a judge said once can be counted again without a network.

JSON lines: `question` (sha256 of the messages, 32 hex digits), `label` (who judged: `bridge`, or a model's name), `judgement`.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from agent.errors import UsageError
from evals.judge.asking import JudgeFailed
from evals.judge.questions import Judgement, Messages
from evals.judge.verdicts import Ask


def question_of(messages: Messages) -> str:
    """What the judge was shown, as one number: a changed prompt, article or analysis is another question."""
    return hashlib.sha256(json.dumps(messages, ensure_ascii=False).encode()).hexdigest()[:32]


class RecordedJudge:
    """Answers what is recorded in `path` of one judge; asks `live` for the rest and records it, where there is one.

    `label` says whose judgements count; unset, there may be those of one judge alone. Raises UsageError when there are others, or when a
    line is damaged; a last line that a crash tore is passed over, and cut off before the next one is written.
    """

    def __init__(self, path: Path, live: Ask | None = None, *, label: str = "") -> None:
        self._path = path
        self._live = live
        recorded, self._torn_at = _read(path)
        labels = sorted({line.label for line in recorded})
        if not label and len(labels) > 1:
            raise UsageError(f"{path}: it holds judgements of {' and '.join(labels)}; say whose with --model")
        self.label = label or next(iter(labels), "")
        self._known = {line.question: line.judgement for line in recorded if line.label == self.label}

    async def __call__(self, messages: Messages) -> Judgement:
        """The judgement of these messages. Raises JudgeFailed when it isn't recorded and nobody can be asked."""
        question = question_of(messages)
        if question not in self._known:
            if self._live is None:
                raise JudgeFailed(f"no judgement of this pair is recorded in {self._path.name}; judge it with a model first")
            self._keep(_Line(question=question, label=self.label, judgement=await self._live(messages)))
        return self._known[question]

    def _keep(self, line: _Line) -> None:
        with self._path.open("ab") as file:
            if self._torn_at is not None:
                file.truncate(self._torn_at)
                self._torn_at = None
            file.write(line.model_dump_json().encode() + b"\n")
        self._known[line.question] = line.judgement


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    question: str
    label: str
    judgement: Judgement


def _read(path: Path) -> tuple[list[_Line], int | None]:
    """The whole lines, and where they end if a torn one follows."""
    if not path.exists():
        return [], None
    text = path.read_bytes()
    whole = text[: text.rfind(b"\n") + 1]
    found = []
    for number, line in enumerate(whole.splitlines(), start=1):
        try:
            found.append(_Line.model_validate_json(line))
        except ValidationError:
            raise UsageError(f"{path}:{number}: the judgement is damaged; delete the line, and it is asked for again") from None
    return found, len(whole) if len(whole) < len(text) else None
