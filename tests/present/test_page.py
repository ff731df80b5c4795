"""A card as a page."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.article import Article
from agent.card import Card, Entity, Evidence
from agent.present.page import page, segments
from tests.present.sample import ABSTAINED, ARTICLE, CARD, sentiment

VOID = frozenset("meta br rect link img input hr".split())


class Parsed(HTMLParser):
    """A page's tags with their attributes, its marks by quote number, and whether every tag is closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.quotes: dict[int, str] = {}
        self.text = ""
        self._open: list[str] = []
        self._marked: tuple[int, ...] = ()
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag."""
        self.tags.append((tag, dict(attrs)))
        if tag == "mark":
            self._marked = tuple(int(number) for number in (dict(attrs)["data-quotes"] or "").split())
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """It has to be the innermost open one."""
        if tag in VOID:
            return
        assert self._open.pop() == tag
        if tag == "mark":
            self._marked = ()

    def handle_data(self, data: str) -> None:
        """Text, inside a mark or not."""
        self.text += data
        for number in self._marked:
            self.quotes[number] = self.quotes.get(number, "") + data

    def attributes(self, name: str) -> list[str]:
        """All values of an attribute."""
        return [value or "" for _, attributes in self.tags for key, value in attributes.items() if key == name]


def with_quotes(article: Article, *spans: tuple[int, int]) -> Card:
    """The sample card with one entity that has these slices of `article` as evidence."""
    evidence = [Evidence(quote=article.text[start:end], start=start, end=end) for start, end in spans]
    entity = Entity(name="E", kind="other", tickers=[], relevance=1, sentiment=sentiment("neutral", "r"), evidence=evidence)
    return CARD.model_copy(update={"entities": [entity]})


def test_each_mark_is_its_quote() -> None:
    """The text marked in the article is, for each piece of evidence, the quote itself; each quote's link leads to it."""
    parsed = Parsed(page([(CARD, ARTICLE)]))
    quotes = [evidence.quote for entity in CARD.entities for evidence in entity.evidence]
    assert [parsed.quotes[number] for number in range(len(quotes))] == quotes
    anchors = [href.removeprefix("#") for href in parsed.attributes("href") if href.startswith("#")]
    assert len(anchors) == len(quotes)
    assert set(anchors) <= set(parsed.attributes("id"))


def test_overlapping_quotes_are_each_whole() -> None:
    """Two entities may quote the same words; both marks come out whole."""
    article = Article(text="One two three four five.")
    parsed = Parsed(page([(with_quotes(article, (0, 13), (4, 18), (4, 18)), article)]))
    assert parsed.quotes == {0: "One two three", 1: "two three four", 2: "two three four"}
    assert len(set(parsed.attributes("id"))) == len(parsed.attributes("id"))


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70)), max_size=6))
def test_segments_are_the_text_and_each_span_is_its_slice(text: str, spans: list[tuple[int, int]]) -> None:
    """Joined, the segments are the text; joined by number, the slice; a span that isn't one is left out."""
    pieces = segments(text, spans)
    assert "".join(piece.text for piece in pieces) == text
    for number, (start, end) in enumerate(spans):
        whole = text[start:end] if 0 <= start < end <= len(text) else ""
        assert "".join(piece.text for piece in pieces if number in piece.quotes) == whole
        assert sum(number in piece.first for piece in pieces) == bool(whole)


@pytest.mark.parametrize("field", ["title", "summary", "analysis", "source", "abstained_because", "id"])
def test_a_card_s_texts_are_text(field: str) -> None:
    """A script in any of them is shown, not run."""
    hostile = '<script>alert("x")</script><img src=https://e.example/x onerror=alert(1)> ![x](https://e.example/y) {{ 7*7 }}'
    for card in (CARD, ABSTAINED):
        parsed = Parsed(page([(card.model_copy(update={field: hostile}), ARTICLE)]))
        assert {tag for tag, _ in parsed.tags}.isdisjoint({"script", "img", "iframe", "object", "form"})
        assert "49" not in parsed.text
        assert all(not name.startswith("on") for _, attributes in parsed.tags for name in attributes)


def test_the_article_s_text_is_text() -> None:
    """Tags in the article are shown where they stand, and marks around them stay right."""
    article = Article(
        title="</style><script>x</script>", text="Before <b>bold & 'quoted'</b> </div></article> after <script>alert(1)</script>."
    )
    start = article.text.index("<b>")
    parsed = Parsed(page([(with_quotes(article, (start, start + 24)).model_copy(update={"title": article.title}), article)]))
    assert parsed.quotes[0] == article.text[start : start + 24]
    assert article.text in parsed.text
    assert "script" not in {tag for tag, _ in parsed.tags}


def test_characters_that_reorder_others_are_left_out_of_the_article_too() -> None:
    """Behind an override, "up 31%" reads as another figure."""
    article = Article(title="t", text="Shares rose \u202e%31\u202c on Monday.")
    assert "Shares rose %31 on Monday." in Parsed(page([(CARD, article)])).text


def test_what_an_author_wrote_runs_in_its_own_direction() -> None:
    """A headline in Arabic begins at the right."""
    parsed = Parsed(page([(CARD, ARTICLE)]))
    directed = {tag for tag, attributes in parsed.tags if attributes.get("dir") == "auto"}
    assert directed == {"h1", "p", "blockquote", "div"}


def test_the_page_needs_nothing_from_elsewhere() -> None:
    """No script, no image, no font, no frame; the only address is the link that a reader may follow."""
    html = page([(CARD, ARTICLE), (ABSTAINED, None)])
    parsed = Parsed(html)
    assert {tag for tag, _ in parsed.tags}.isdisjoint(
        {"script", "link", "img", "iframe", "object", "embed", "audio", "video", "base", "form"}
    )
    assert parsed.attributes("src") == parsed.attributes("srcset") == parsed.attributes("style") == []
    style = html.split("<style>")[1].split("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style
    assert set(re.findall(r"https?://[^\s\"'<&]+", html)) == {"https://news.example/halden-outlook?ref=a"}


def test_the_policy_allows_the_page_s_own_style_and_nothing_else() -> None:
    """The hash in the policy is the hash of the style, so a browser applies it, and runs no script that slipped in."""
    html = page([(CARD, None)])
    style = html.split("<style>")[1].split("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = next(attributes["content"] for tag, attributes in Parsed(html).tags if tag == "meta" and "http-equiv" in attributes)
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", " javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//e.example", "JAVASCRIPT:x"]
)
def test_only_web_addresses_become_links(url: str) -> None:
    """Any other address isn't even shown as one."""
    parsed = Parsed(page([(CARD.model_copy(update={"url": url}), None)]))
    assert parsed.attributes("href") == []


def test_the_source_s_link_tells_it_nothing() -> None:
    """It opens without a referrer and without a handle on this page."""
    link = next(attributes for tag, attributes in Parsed(page([(CARD, None)])).tags if tag == "a")
    assert link == {"href": CARD.url, "rel": "noopener noreferrer"}


def test_the_page_has_a_language_a_title_and_headings_in_order() -> None:
    """What a screen reader goes by."""
    parsed = Parsed(page([(CARD, ARTICLE)]))
    assert parsed.tags[0] == ("html", {"lang": "en"})
    levels = [int(tag[1]) for tag, _ in parsed.tags if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert f"{CARD.title} · newscard" in parsed.text
    named = {attributes.get("aria-labelledby") for tag, attributes in parsed.tags if tag in {"section", "article"}}
    assert named <= set(parsed.attributes("id"))


def test_several_cards_share_no_anchor() -> None:
    """The same article twice on a page: each quote's link leads to its own."""
    parsed = Parsed(page([(CARD, ARTICLE), (CARD, ARTICLE)]))
    assert len(set(parsed.attributes("id"))) == len(parsed.attributes("id"))


def test_without_the_article_quotes_are_no_links() -> None:
    """There is nowhere to lead to."""
    parsed = Parsed(page([(CARD, None)]))
    assert [href for href in parsed.attributes("href") if href.startswith("#")] == []
    assert CARD.entities[0].evidence[0].quote in parsed.text


def test_an_abstained_card_says_why_and_shows_no_impact() -> None:
    """No sentiment, no bar, no empty headings."""
    parsed = Parsed(page([(ABSTAINED, None)]))
    assert "newscard abstained: The article is a recipe" in parsed.text
    assert "Market Impact" not in parsed.text
    assert "Cut short." in parsed.text
    assert "h2" not in {tag for tag, _ in parsed.tags}


def test_no_cards_are_an_empty_page() -> None:
    """Still a document."""
    assert Parsed(page([])).tags[0][0] == "html"


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb` or `#rgb`, as WCAG defines it."""
    digits = colour.lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [0, 1, 2])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [(i, "paper") for i in ("ink", "quiet", "accent", "good", "bad", "warn")]
    + [("accent", "chip"), ("ink", "mark"), ("warn", "warn-ground")],
)
def test_text_has_the_contrast_that_wcag_aa_asks_for(scheme: int, ink: str, ground: str) -> None:
    """4.5 to 1 for each text colour on its ground: light, dark, print."""
    style = page([]).split("<style>")[1]
    palettes = [dict(re.findall(r"--([\w-]+): (#\w+)", block)) for block in re.findall(r":root \{[^}]+\}", style) if "--paper" in block]
    light, dark = sorted((luminance(palettes[scheme][ink]), luminance(palettes[scheme][ground])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5
