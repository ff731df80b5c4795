"""A page as a browser and a screen reader have it: its elements, their texts, and whether every tag is closed in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset("meta br rect path circle link img input hr".split())


@dataclass
class Element:
    """One element; `text` is what stands in it, its descendants' included."""

    tag: str
    attributes: dict[str, str | None]
    text: str = ""
    inside: list[Element] = field(default_factory=list)

    def is_a(self, kind: str) -> bool:
        """Whether its class is one of these."""
        return kind in (self.attributes.get("class") or "").split()


class Page(HTMLParser):
    """A parsed page. Fails where a tag isn't closed, or not in order."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One more element."""
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice"
        element = Element(tag, dict(attrs), inside=list(self._open))
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        """It has to be the innermost open one."""
        if tag not in VOID:
            assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        """Text of all open elements."""
        for element in self._open:
            element.text += data

    def all(self, tag: str, kind: str = "") -> list[Element]:
        """The elements of that tag, of that class where one is given."""
        return [one for one in self.elements if one.tag == tag and (not kind or one.is_a(kind))]

    def texts(self, tag: str, kind: str = "") -> list[str]:
        """Their texts, on one line each."""
        return [" ".join(one.text.split()) for one in self.all(tag, kind)]

    def links(self) -> dict[str, str]:
        """Where each link leads, by its text; of two equal texts the first."""
        found: dict[str, str] = {}
        for one in self.all("a"):
            found.setdefault(" ".join(one.text.split()), one.attributes.get("href") or "")
        return found

    @property
    def text(self) -> str:
        """All of it, on one line."""
        return " ".join(self.all("body")[0].text.split())
