"""`python -m evals.replay`: makes the cards of all recorded replies again, offline, and says how they stand.

`--record BRIDGE_DIR` first takes the request and reply files of a bridge session into the recordings.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sys
from datetime import date
from pathlib import Path

from agent.article import Article
from agent.card import Card
from agent.enrich import Enricher
from agent.prompts import load_prompts, mark_of
from agent.settings import Settings
from evals.recordings import FOLDER, RecordedEngine, Recording, recorded_articles

_MARK = re.compile(r"<<(article-[0-9a-f]{20})\n")


async def replayed(folder: Path = FOLDER) -> list[tuple[Article, Card]]:
    """Every recorded article with the card that its recorded reply makes under today's checks."""
    async with Enricher(RecordedEngine(folder), Settings()) as enricher:
        return [(article, await enricher.enrich(article)) for article in recorded_articles(folder)]


def line(card: Card) -> str:
    """One row of the table."""
    quotes, numbers = card.checks.quotes, card.checks.numbers
    located = f"{quotes.supported}/{quotes.stated}" if quotes else "-"
    figures = f"{numbers.supported}/{numbers.stated}" if numbers else "-"
    words = f"{len(card.summary.split())}/{len(card.analysis.split())}"
    return (
        f"{card.id[:34]:34} {card.status:9} {card.market_impact if card.market_impact is not None else '-':>5} {located:>7} {figures:>7} "
        f"{words:>8} {'passed' if card.checks.passed else 'FAILED':7} {' '.join(card.tickers)}"
    )


def record(bridge: Path, folder: Path = FOLDER) -> int:
    """Take the replies of a bridge session into `folder`/replies; how many articles had one."""
    articles = {mark_of(article): article for article in recorded_articles(folder)}
    prompts = load_prompts()
    system = prompts.system()
    replies: dict[str, list[str]] = {}
    for path in sorted(bridge.glob("*.request.json"), key=lambda p: len(json.loads(p.read_bytes())["messages"])):
        messages = json.loads(path.read_bytes())["messages"]
        mark = _MARK.search(messages[1]["content"])
        reply = path.with_name(path.name.replace(".request.", ".reply."))
        # A session may hold replies to earlier wordings of the prompt; only today's are evidence for it.
        if mark and mark.group(1) in articles and messages[0]["content"] == system and reply.exists():
            replies.setdefault(mark.group(1), []).append(reply.read_text("utf-8").strip())
    (folder / "replies").mkdir(exist_ok=True)
    for mark_text, texts in replies.items():
        article = articles[mark_text]
        recording = Recording(
            label="bridge",
            prompt=prompts.name,
            prompt_digest=prompts.digest,
            mode="json_schema",
            recorded_on=date.today().isoformat(),  # noqa: DTZ011  the user's own day
            truncated=prompts.user(article, max_tokens=Settings().max_input_tokens)[1],
            article=article.id,
            replies=texts,
        )
        (folder / "replies" / f"{article.id}.json").write_text(recording.model_dump_json(indent=1) + "\n", "utf-8")
    return len(replies)


def main() -> int:
    """Replay, after recording if asked; 1 when an article has no recording."""
    parser = argparse.ArgumentParser(prog="python -m evals.replay", description=__doc__)
    parser.add_argument("--record", type=Path, metavar="BRIDGE_DIR", help="take the replies of a bridge session into the recordings first")
    options = parser.parse_args()
    if options.record:
        sys.stdout.write(f"{record(options.record)} recorded\n")
    sys.stdout.write(f"{'article':34} {'status':9} {'impact':>5} {'quotes':>7} {'figures':>7} {'words':>8} checks  tickers\n")
    for _, card in asyncio.run(replayed()):
        sys.stdout.write(line(card) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
