"""HTML reduced to its article, with trafilatura."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any

from agent.article import Article, normalise
from agent.errors import SourceError
from agent.sources.dates import published_at

_UPPER, _LOWER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ ", "abcdefghijklmnopqrstuvwxyz"
_STYLE = f"translate(@style,'{_UPPER}','{_LOWER}')"
# What a reader doesn't see must not speak to a model. Styles in sheets are beyond what can be known here.
_HIDDEN = [
    "//body//*[@hidden]",
    *(f"//body//*[contains({_STYLE},'{style}')]" for style in ("display:none", "visibility:hidden", "font-size:0", "opacity:0;")),
    f"//body//*[substring({_STYLE}, string-length({_STYLE}) - 8) = 'opacity:0']",
]
_DOCUMENT = re.compile(r"<(?:!doctype|html|head|body)[\s>]", re.IGNORECASE)
_BLOCKS = frozenset({"p", "head", "quote", "list", "item", "table", "row", "cell"})


def page_article(html: str, source: str, *, address: str | None = None, article_id: str = "") -> Article:
    """The article of a page, with title, date, source and canonical address where the page has them; `address` is where it came from.

    Paragraphs stand between blank lines. Menus, comments and hidden text are left out. Raises SourceError when no article is left.
    """
    if not html.strip():
        raise SourceError(source, "there is no text in it")
    tree = _parsed(html)
    document = None if tree is None else _extracted(tree, address)
    if document is None or document.body is None:
        raise SourceError(source, "no article text was found in the page")
    title = normalise(document.title or "")
    blocks = list(_blocks(document.body))
    if blocks and blocks[0].casefold() == title.casefold():
        del blocks[0]
    text = normalise("\n\n".join(blocks))
    if not text:
        raise SourceError(source, "no article text was found in the page")
    url = document.url if str(document.url or "").startswith(("http://", "https://")) else address
    return Article(id=article_id, title=title, text=text, url=url, source=document.sitename, published_at=published_at(tree))


def _parsed(html: str) -> Any:
    """The page as a tree of lxml elements, None when there is nothing in it."""
    import trafilatura

    # It logs what it discards, with addresses; we say it ourselves, once.
    for name in ("trafilatura", "htmldate", "courlan"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    if not _DOCUMENT.search(html, 0, 2000):
        html = f"<html><body>{html}</body></html>"
    return trafilatura.load_html(html)


def _extracted(tree: Any, address: str | None) -> Any:
    import trafilatura

    return trafilatura.bare_extraction(
        tree, url=address, include_comments=False, include_formatting=False, with_metadata=True, prune_xpath=_HIDDEN
    )


def _blocks(parent: Any) -> Iterator[str]:
    """The paragraphs under `parent`, an lxml element in trafilatura's own vocabulary."""
    yield from _paragraph(_spaced(parent.text))
    for child in parent:
        if child.tag == "list":
            yield from _paragraph("\n".join(f"- {line}" for item in child if (line := " ".join(_flat(item).split()))))
        elif child.tag == "table":
            rows = (" | ".join(" ".join(_flat(cell).split()) for cell in row) for row in child)
            yield from _paragraph("\n".join(row for row in rows if row.strip(" |")))
        elif any(grandchild.tag in _BLOCKS for grandchild in child):
            yield from _blocks(child)
        else:
            yield from _paragraph(_flat(child))
        yield from _paragraph(_spaced(child.tail))


def _flat(element: Any) -> str:
    """The words of `element`; a line break of the page's is one, those of its source are spaces."""
    inner = "".join(_inline(child) + _spaced(child.tail) for child in element)
    return _spaced(element.text) + inner


def _inline(child: Any) -> str:
    if child.tag == "lb":
        return "\n"
    return f" {_flat(child)} " if child.tag in _BLOCKS else _flat(child)


def _spaced(text: str | None) -> str:
    return (text or "").replace("\n", " ")


def _paragraph(text: str) -> Iterator[str]:
    lines = [" ".join(line.split()) for line in text.split("\n")]
    if found := "\n".join(lines).strip():
        yield found
