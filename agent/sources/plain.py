"""Text and Markdown: the first line is the title where it reads like one."""

from __future__ import annotations

import re

from agent.article import HEADLINE_CHARS, Article, normalise
from agent.errors import SourceError

_MARKDOWN_TITLE = re.compile(r"#[ \t]+(\S.*?)[ \t#]*\Z")


def text_article(text: str, source: str, article_id: str = "") -> Article:
    """An article of plain text. Raises SourceError when there is none in it."""
    text = normalise(text)
    if not text:
        raise SourceError(source, "there is no text in it")
    title, body = split_title(text)
    return Article(id=article_id, title=title, text=body)


def split_title(text: str) -> tuple[str, str]:
    """Title and body of a normalised text; the title is empty when the first line doesn't read like one.

    It does when it is short, doesn't end like a sentence, and a blank line follows; or when it is a Markdown heading.
    """
    first, _, rest = text.partition("\n")
    first = first.strip()
    if not rest.strip():
        return "", text
    if heading := _MARKDOWN_TITLE.fullmatch(first):
        return heading[1], rest.strip()
    blank_line_follows = not rest.split("\n", 1)[0].strip()
    if blank_line_follows and len(first) <= HEADLINE_CHARS and not first.endswith((".", ",", ";", ":", "。")):
        return first, rest.strip()
    return "", text
