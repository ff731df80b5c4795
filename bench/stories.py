"""`python bench/stories.py`: how well copies of one story are told from other stories, on copies planted from the gold articles.

Each gold article is the first of its story; then comes one planted article of each kind. A copy should take the first one's draft over; an
article in which something was changed should not. Drafts are the extractive engine's, and are held against each text as in a run.
"""

from __future__ import annotations

import asyncio
import random
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from agent.article import Article
from agent.batch.stories import Stories
from agent.engines import Drafted
from agent.engines.extractive import ExtractiveEngine
from agent.grounding import ground
from agent.sentences import sentence_spans
from agent.symbols import load_symbols
from agent.taxonomy import load_taxonomy
from evals.goldset import load_gold
from evals.planted.intervals import wilson

MODES: dict[str, float | None] = {"boilerplate only": None, "near 0.9": 0.9, "near 0.8": 0.8}
PLACES = ("NEW YORK", "LONDON, June 18", "SINGAPORE", "CHICAGO, Illinois")
WIRES = ("Example Wire", "Daily Ledger", "MarketPost")

Change = Callable[[Article, random.Random], Article]


def framed(article: Article, rng: random.Random) -> Article:
    """The same words with another publisher's dateline, byline and footer."""
    wire = rng.choice(WIRES)
    head = rng.choice(["", "By Jane Doe\n", "Updated June 18, 2025\n"]) + f"{rng.choice(PLACES)} ({wire}) - "
    tail = rng.choice(
        ["\n(Reporting by Jane Doe; Editing by Max Moe)", f"\n© 2025 {wire}. All rights reserved.", "\nRead more: Ten shares"]
    )
    return retold(article, head + article.text + tail)


def retitled(article: Article, _: random.Random) -> Article:
    """Another title."""
    return Article(**{**article.model_dump(), "id": "", "title": f"Markets: {article.title.lower()}"})


def shortened(article: Article, _: random.Random) -> Article:
    """Without its last sentence."""
    found = sentence_spans(article.text)
    return retold(article, article.text[: found[-1].start].rstrip() if len(found) > 1 else article.text)


def extended(article: Article, rng: random.Random) -> Article:
    """With an agency's sentence of background at its end."""
    return retold(article, f"{article.text} The figures were collected by {rng.choice(WIRES)} from company statements.")


def refigured(article: Article, rng: random.Random) -> Article:
    """One digit of each figure of two digits or more is another."""

    def other(match: re.Match[str]) -> str:
        digit = rng.choice([d for d in "123456789" if d != match[0][-1]])
        return match[0][:-1] + digit

    return retold(article, re.sub(r"(?<![\d.,])\d[\d.,]*\d(?!\d)", other, article.text))


def renamed(article: Article, _: random.Random) -> Article:
    """The most frequent name is another company's."""
    names = re.findall(r"(?<=[a-z,] )[A-Z][a-z]{3,}", article.text)
    most = max(set(names), key=lambda name: (names.count(name), name)) if names else "The"
    return retold(article, re.sub(rf"\b{most}\b", "Quorvane", article.text))


def retold(article: Article, text: str) -> Article:
    """The article with that text."""
    return Article(**{**article.model_dump(), "id": "", "text": text})


COPIES: dict[str, Change] = {"another frame": framed, "another title": retitled, "last sentence cut": shortened, "sentence added": extended}
OTHERS: dict[str, Change] = {"other figures": refigured, "another name": renamed}


async def taken(change: Change, threshold: float | None, engine: ExtractiveEngine) -> tuple[int, int]:
    """How many planted articles took over the first one's draft, and how many there were."""
    symbols, taxonomy, rng = load_symbols(None), load_taxonomy(), random.Random(1)
    hits = tried = 0
    with tempfile.TemporaryDirectory() as folder:
        stories = Stories(Path(folder) / "stories.db", threshold=threshold)

        async def tell(article: Article) -> str | None:
            async def ask() -> Drafted:
                return await engine.draft(article, lambda _: ())

            return (await stories.tell(article, ask, lambda d: len(ground(article, d.draft, symbols, taxonomy).faults))).taken_from

        for first in [gold.read() for gold in load_gold() if gold.judged]:
            other = change(first, rng)
            if (other.title, other.text) == (first.title, first.text):
                continue
            await tell(first)
            tried += 1
            hits += await tell(other) == first.id
        stories.close()
    return hits, tried


async def main() -> None:
    """Print the table."""
    engine = ExtractiveEngine(load_symbols(None))
    out = sys.stdout.write
    out("share of planted articles that took the first one's draft over (95% intervals)\n| | " + " | ".join(MODES) + " |\n")
    out("| --- |" + " --- |" * len(MODES) + "\n")
    right: dict[str, list[int]] = {mode: [0, 0, 0] for mode in MODES}
    for name, change in (COPIES | OTHERS).items():
        row = []
        for mode, threshold in MODES.items():
            hits, tried = await taken(change, threshold, engine)
            low, high = wilson(hits, tried)
            row.append(f"{hits / tried:.1%} ({low:.1%} to {high:.1%}) of {tried}")
            counts = right[mode]
            counts[2] += hits
            if name in COPIES:
                counts[0] += hits
                counts[1] += tried
        out(f"| {'copy' if name in COPIES else 'no copy'}: {name} | " + " | ".join(row) + " |\n")
    out("| precision | " + " | ".join(f"{hits / found:.1%}" for hits, _, found in right.values()) + " |\n")
    out("| recall | " + " | ".join(f"{hits / tried:.1%}" for hits, tried, _ in right.values()) + " |\n")


if __name__ == "__main__":
    asyncio.run(main())
