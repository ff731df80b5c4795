"""What the judge is asked, and the only things it may answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from agent.article import Article
from agent.prompts import Templates, cut_to_tokens, mark_of, read_files

PROMPT = "judge.v1"
MAX_TOKENS = 6_000
"""Of the article that the judge is shown."""

QuestionId = Literal["supported", "faithful", "explains", "weighs", "restrained"]
QUESTIONS: tuple[QuestionId, ...] = ("supported", "faithful", "explains", "weighs", "restrained")

Answer = Literal["yes", "no"]
Side = Literal["first", "second", "neither"]
Messages = list[dict[str, str]]


class Answers(BaseModel):
    """What is said of one analysis: `yes` is good. `fault` quotes what is wrong, if anything is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fault: str
    supported: Answer
    faithful: Answer
    explains: Answer
    weighs: Answer
    restrained: Answer

    @property
    def by_question(self) -> Mapping[QuestionId, Answer]:
        """The answers by question."""
        return {question: getattr(self, question) for question in QUESTIONS}


class Judgement(BaseModel):
    """One reply of the judge."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first: Answers
    second: Answers
    better: Side


@cache
def judge_prompt() -> Templates:
    """The packaged files of the judge's prompt."""
    sources = read_files(PROMPT, ("system.jinja", "user.jinja", "questions.json"))
    assert sources is not None, "the judge's prompt is part of the package"
    return Templates(PROMPT, sources)


def messages(article: Article, first: str, second: str) -> Messages:
    """What the judge is shown: all that is the same each time comes first."""
    prompt = judge_prompt()
    questions = json.loads(prompt.sources["questions.json"])
    shown = {"title": article.title, "text": cut_to_tokens(article.text, MAX_TOKENS), "first": first, "second": second}
    return [
        {"role": "system", "content": prompt.render("system.jinja", questions=questions)},
        {"role": "user", "content": prompt.render("user.jinja", mark=mark_of(article), **shown)},
    ]
