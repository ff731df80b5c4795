"""A card as a page: one HTML file that a browser opens by itself. jinja2 is imported here, when a page is made.

Everything is escaped, nothing is rendered as markdown, nothing is fetched: the style stands in the page, its hash in the page's own
content security policy, so even a hole in the escaping would run no script.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from agent.article import Article
from agent.card import Card
from agent.present import words
from agent.present.checked import rows
from agent.taxonomy import COMPONENTS

if TYPE_CHECKING:
    from jinja2 import Environment

CLOSING = "</main>\n</body>\n</html>\n"


class Segment(NamedTuple):
    """A piece of the article's text; `quotes` are the numbers of the pieces of evidence that it is part of, `first` those it begins."""

    text: str
    quotes: tuple[int, ...]
    first: tuple[int, ...]


def page(cards: Sequence[tuple[Card, Article | None]]) -> str:
    """The cards as one HTML document, each with its article's text below it where there is one."""
    title = cards[0][0].title if cards else ""
    return opening(title) + "".join(section(card, article, number) for number, (card, article) in enumerate(cards, 1)) + CLOSING


def opening(title: str) -> str:
    """The document's beginning, style and all; `title` names the window."""
    style = files("agent.present").joinpath("card.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return render("page.html.jinja", title=title, style=style, style_digest=digest)


def section(card: Card, article: Article | None, number: int = 1) -> str:
    """One card as an HTML `<article>`; `number` keeps anchors apart on a page of several."""
    spans = [(evidence.start, evidence.end) for entity in card.entities for evidence in entity.evidence]
    return render(
        "card.html.jinja",
        card=card,
        number=number,
        article_id=article.id if article else None,
        segments=segments(article.text, spans) if article else [],
        link=web_address(card.url),
        components=[(name, card.impact[name]) for name in COMPONENTS if name in card.impact],
        checks=rows(card.checks),
    )


def render(template: str, **values: Any) -> str:
    """A template of this folder, filled in and escaped."""
    return environment().get_template(template).render(**values)


def segments(text: str, spans: Iterable[tuple[int, int]]) -> list[Segment]:
    """`text` cut wherever one of `spans` begins or ends; joined again they are `text`. Spans are Python slices, numbered from 0.

    Overlapping quotes share segments, which nested elements couldn't. Spans outside the text are left out.
    """
    begin: dict[int, list[int]] = {}
    stop: dict[int, list[int]] = {}
    for number, (start, end) in enumerate(spans):
        if 0 <= start < end <= len(text):
            begin.setdefault(start, []).append(number)
            stop.setdefault(end, []).append(number)
    found: list[Segment] = []
    within: set[int] = set()
    for start, end in pairwise(sorted({0, len(text), *begin, *stop})):
        within.difference_update(stop.get(start, ()))
        first = begin.get(start, [])
        within.update(first)
        found.append(Segment(text[start:end], tuple(sorted(within)), tuple(first)))
    return found


def web_address(url: str | None) -> str | None:
    """`url` where a browser may be sent to it, else None."""
    return url if url and url.lower().startswith(("http://", "https://")) else None


@lru_cache(maxsize=2)
def environment(*folders: str) -> Environment:
    """Jinja's, for pages: what stands in `folders`, and this folder's parts; everything escaped, nothing undefined."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader([*folders, str(files("agent.present"))]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["clean"] = words.clean
    environment.filters["seen"] = words.seen
    environment.globals["words"] = words
    return environment
