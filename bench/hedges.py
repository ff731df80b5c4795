"""How often what is told as done, as the contrary or otherwise beside a figure or name is found where nobody lied.

    python bench/hedges.py FILE...

Each FILE holds JSON lines with a text and perhaps a title, as Reuters-21578 and Yahoo news. The first two sentences of an article are held
against its title and the rest, as if they were a summary; then every other sentence against those between, both ways. Nearly all that
is found there is a false alarm: news says the same twice. Intervals are Wilson's, 95%.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from agent.card import Finding
from agent.grounding.clauses import Text
from agent.grounding.contraries import contrary_findings
from agent.grounding.hedges import Hedged
from agent.grounding.numbers import OTHER_BASIS, OTHER_KIND, OTHER_RANK, OTHER_TIME, OTHER_UNIT, Source, number_findings
from agent.grounding.roles import NO_HOLDER, Roles, role_findings
from agent.sentences import sentence_spans
from evals.planted.intervals import wilson

LEAST_SENTENCES = 6
LEAD = 2
MOST_CHARS = 2_500
"""About as long as a card's prose may be."""


def articles(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Title and sentences of the articles that have enough of them."""
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        sentences = [" ".join(row["text"][start:end].split()) for start, end in sentence_spans(row["text"])]
        if len(sentences) >= LEAST_SENTENCES:
            yield row.get("title") or "", sentences


BESIDE = {OTHER_TIME, OTHER_BASIS, OTHER_UNIT, OTHER_KIND, OTHER_RANK, NO_HOLDER}
"""Of figures and roles, what has to stand in both texts to be found; most figures stand in one sentence only."""


def found(prose: list[str], title: str, rest: list[str]) -> list[Finding]:
    """What is found on some sentences of an article, held against others."""
    told, other = " ".join(prose)[:MOST_CHARS], " ".join(rest)
    text, article = Text(told), Text(f"{title}\n\n{other}")
    numbers, roles = number_findings("summary", told, Source(title, other))[1], role_findings("summary", told, Roles(other))
    beside = [finding for finding in (*numbers, *roles) if finding.reason in BESIDE]
    return [*Hedged(article).findings("summary", text), *contrary_findings("summary", text, article), *beside]


def main() -> None:
    """Count and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    leads, others, count = 0, 0, 0
    for path in parser.parse_args().files:
        for title, sentences in articles(path):
            count += 1
            leads += bool(found(sentences[:LEAD], title, sentences[LEAD:]))
            others += sum(bool(found(sentences[part::2], title, sentences[1 - part :: 2])) for part in (0, 1))
    for name, hits, held in (("the lead against the rest", leads, count), ("every other sentence", others, 2 * count)):
        low, high = wilson(hits, held)
        print(f"{name:26} {hits} of {held} with a finding ({low:.2%} to {high:.2%})")


if __name__ == "__main__":
    main()
