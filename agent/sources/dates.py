"""When a page says that it was published. Only what the page says of itself counts: news is full of dates that aren't its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

# The names under which sites and their publishing systems state it, the most exact first.
_NAMES = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "publish-date",
    "publish_date",
    "publication_date",
    "pubdate",
    "dc.date.issued",
    "dcterms.created",
    "dc.date",
    "citation_publication_date",
    "date",
)
_JSON_LD = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')
# Zones by name are those that the library knows. Any other (JST, CEST) it would take for UTC, which may be another day.
_RFC_2822 = re.compile(
    r"(?:[A-Z][a-z]{2},\s*)?\d{1,2} [A-Z][a-z]{2} \d{4} [\d:]+(?:\s*(?:[+-]\d{4}|(?i:UTC?|GMT|Z|[AECMP][SD]T)))?(?:\s*\([^()]*\))?"
)


def published_at(tree: Any) -> datetime | None:
    """The moment of publication that a page states, aware; None when it states none. `tree` is an lxml element."""
    for stated in _stated(tree):
        if moment := moment_of(stated):
            return moment
    return None


def moment_of(stated: str) -> datetime | None:
    """A date in ISO 8601 or in e-mail's form, as feeds write it; without a zone, UTC. None for anything else."""
    stated = stated.strip()
    try:
        moment = parsedate_to_datetime(stated) if _RFC_2822.fullmatch(stated) else datetime.fromisoformat(stated)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _stated(tree: Any) -> Iterator[str]:
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        yield from _JSON_LD.findall(script.text or "")
    metas = [(_named(meta), meta.get("content") or "") for meta in tree.iterfind(".//meta")]
    for name in _NAMES:
        yield from (content for found, content in metas if found == name)
    times = [time for time in tree.iterfind(".//time") if time.get("datetime")]
    yield from (time.get("datetime") for time in times if time.get("pubdate") is not None or "datepublished" in _named(time))
    # Of several times on a page nobody can say which is the article's.
    if len({time.get("datetime") for time in times}) == 1:
        yield times[0].get("datetime")


def _named(element: Any) -> str:
    return str(element.get("property") or element.get("name") or element.get("itemprop") or "").lower()
