"""Renders prompts/*.jinja to messages.

A prompt is three files: `NAME.system.jinja` holds everything that doesn't change from article to article, so that a provider's prefix
cache serves it from the second one on; `NAME.user.jinja` ends with the article; `NAME.reask.jinja` names a draft's faults. Worked examples
stand in `NAME.examples.json`. An article is a value here, never a template.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from agent.article import Article
from agent.draft import wire_schema
from agent.errors import UsageError
from agent.sentences import sentence_spans
from agent.taxonomy import load_taxonomy

_PARTS = ("system.jinja", "user.jinja", "reask.jinja", "examples.json")
BYTES_PER_TOKEN = 4
"""A rule of thumb for prose in any script; what was really used stands in the reply's usage block."""


def estimate_tokens(text: str) -> int:
    """About how many tokens `text` is: counted from its bytes, since a tokeniser costs more time than all the rest of an article."""
    return -(-len(text.encode("utf-8", "replace")) // BYTES_PER_TOKEN)


def cut_to_tokens(text: str, max_tokens: int) -> str:
    """The longest beginning of `text` that ends with a sentence and stays within `max_tokens`; all of it, if it fits.

    A first sentence that is too long itself is cut at a word.
    """
    if estimate_tokens(text) <= max_tokens:
        return text
    room = text.encode("utf-8", "replace")[: max_tokens * BYTES_PER_TOKEN].decode("utf-8", "ignore")
    # The last span of `room` may be half a sentence; only those that end before it are whole.
    whole = sentence_spans(room)[:-1]
    if whole:
        return room[: whole[-1].end]
    words = room.rsplit(maxsplit=1)
    return words[0] if len(words) > 1 else room


def mark_of(article: Article) -> str:
    """The delimiter around an article: a part of its own digest.

    It is the same at every run, so caches hold; and nobody can write an article's digest into that article.
    """
    return f"article-{article.digest[:20]}"


@dataclass(frozen=True)
class Templates:
    """One version of a prompt's files: `sources` by what follows the name. `digest` is the sha256 (64 hex digits) over them."""

    name: str
    sources: dict[str, str]

    @cached_property
    def digest(self) -> str:
        """sha256 over the prompt's files, in the order of their names."""
        return hashlib.sha256("\x1f".join(self.sources.values()).encode()).hexdigest()

    @cached_property
    def _templates(self) -> Any:
        from jinja2 import DictLoader, Environment, StrictUndefined, TemplateSyntaxError

        loader = DictLoader(self.sources)
        # Prompts aren't HTML: escaping would turn AT&T into AT&amp;T.
        found = Environment(loader=loader, undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True)  # noqa: S701
        for part in self.sources:
            try:
                if part.endswith(".jinja"):
                    found.get_template(part)  # a slip in any file is told before the first article
            except TemplateSyntaxError as exc:
                raise UsageError(f"prompts/{self.name}.{part}, line {exc.lineno}: {exc.message}") from None
        return found

    def render(self, part: str, **values: object) -> str:
        """One file with its values filled in. Raises UsageError for a variable that has none, or a file that is no template."""
        from jinja2 import TemplateError

        template = self._templates.get_template(part)
        try:
            # `template.render` would copy the environment's globals for each article; no prompt uses any.
            return "".join(template.root_render_func(template.new_context(values, shared=True))).strip()
        except TemplateError as exc:
            raise UsageError(f"prompts/{self.name}.{part}: {exc.message}; its variables are {', '.join(values)}") from None


class Prompts(Templates):
    """The files that make a card. Their digest is an ingredient of the cache's key."""

    def system(self, *, with_schema: bool = False) -> str:
        """The part that is the same for every article; `with_schema` adds the reply's form, for endpoints not told it otherwise."""
        schema = json.dumps(wire_schema(), separators=(",", ":")) if with_schema else ""
        return self.render("system.jinja", taxonomy=load_taxonomy(), examples=self.examples, schema=schema)

    @property
    def examples(self) -> list[dict[str, Any]]:
        """The worked examples: `article` as a mapping, `draft` as the JSON text of a reply."""
        try:
            return [
                {"article": example["article"], "draft": json.dumps(example["draft"], ensure_ascii=False)}
                for example in json.loads(self.sources["examples.json"])
            ]
        except json.JSONDecodeError as exc:
            raise UsageError(f"prompts/{self.name}.examples.json, line {exc.lineno}: {exc.msg}") from None
        except (KeyError, TypeError):
            raise UsageError(f"prompts/{self.name}.examples.json: it must be a list of objects with `article` and `draft`") from None

    def user(self, article: Article, *, max_tokens: int) -> tuple[str, bool]:
        """The message that carries the article, and whether its text had to be cut to `max_tokens`."""
        text = cut_to_tokens(article.text, max_tokens)
        cut = len(text) < len(article.text)
        published = article.published_at.strftime("%Y-%m-%d") if article.published_at else ""
        values = {
            "mark": mark_of(article),
            "cut": cut,
            "text": text,
            "title": article.title,
            "source": article.source,
            "published": published,
        }
        return self.render("user.jinja", **values), cut

    def reask(self, problems: Sequence[str]) -> str:
        """The message that names a draft's faults, one line each."""
        return self.render("reask.jinja", problems=problems)


@cache
def load_prompts(name: str = "card.v1") -> Prompts:
    """The packaged prompt of that name and version. Raises UsageError when there is none."""
    sources = read_files(name, _PARTS)
    if sources is None:
        names = {path.name.removesuffix(f".{_PARTS[0]}") for path in files("prompts").iterdir() if path.name.endswith(f".{_PARTS[0]}")}
        known = sorted(name for name in names if read_files(name, _PARTS))
        missing = [f"{name}.{part}" for part in _PARTS if read_files(name, [part]) is None]
        if len(missing) < len(_PARTS):
            raise UsageError(f"prompt {name!r} isn't whole: {', '.join(missing)} can't be read beside its other files")
        raise UsageError(f"there is no prompt {name!r}; NEWSCARD_PROMPT can be {', '.join(known)}")
    return Prompts(name, sources)


def read_files(name: str, parts: Sequence[str]) -> dict[str, str] | None:
    """The packaged files of that prompt by part; None when one of them isn't there."""
    folder = files("prompts")
    try:
        return {part: folder.joinpath(f"{name}.{part}").read_text("utf-8") for part in parts}
    except (FileNotFoundError, ValueError):
        return None
