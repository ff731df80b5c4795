"""What the coherence check catches, what it flags without cause, and how long it takes.

    python bench/coherence.py [--folder DIR] [--bullets FILE] [--articles FILE ...]

Faithful pairs are the recorded articles with their replies; cross-wired ones are all replies under each other article (those under an
article that isn't English are left out: they aren't measured). `--bullets` adds JSON lines of a transcript and its bullet points, as in
ECTSum, faithful and shuffled. `--articles` adds JSON lines of articles with `topics`, `tickers_gold` or `sic`: the first 70 words of each
are held against others of the same topic, issuer or sector, a hard case of a cross-wired summary. Label statements are tested by
changing one label of a reply at a time, so that its analysis contradicts it. Intervals are Wilson's, 95%; pairs that share an article
aren't independent, so they are narrower than they should be.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from agent.article import Article
from agent.card import Finding
from agent.draft import Draft
from agent.grounding import overlap as overlaps
from agent.grounding.coherence import coherence_findings
from agent.grounding.overlap import Overlap, overlap, source_words
from agent.sentences import sentence_spans
from evals.planted.intervals import wilson
from evals.recordings import FOLDER, recorded_articles, recordings

FLOORS = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8)
LEAD_WORDS = 70
LABELS = ("strongly negative", "negative", "neutral", "positive", "strongly positive")


class Pairs(NamedTuple):
    """Overlaps of texts with their own article and with others."""

    name: str
    faithful: list[Overlap]
    crossed: list[Overlap]


def interval(hits: int, of: int) -> str:
    """Share and Wilson's 95% interval of `hits` of `of`."""
    if not of:
        return "-"
    low, high = wilson(hits, of)
    return f"{hits / of:.1%} [{low:.1%}, {high:.1%}]"


def replies(folder: Path) -> list[tuple[Article, Draft]]:
    """The recorded articles with the last reply to each."""
    articles = {article.id: article for article in recorded_articles(folder)}
    return [(articles[one.article], Draft.model_validate_json(one.replies[-1])) for one in recordings(folder)]


def of_replies(known: list[tuple[Article, Draft]]) -> Iterator[Pairs]:
    """Summaries, analyses, and whole cards of which the better of the two counts."""
    sources = [(article, words) for article, _ in known if (words := source_words(article)) is not None]
    for field in ("summary", "analysis"):
        faithful = [overlap(getattr(draft, field), words) for article, words in sources for own, draft in known if own.id == article.id]
        crossed = [overlap(getattr(draft, field), words) for article, words in sources for own, draft in known if own.id != article.id]
        yield Pairs(f"replies: {field}", faithful, crossed)


def of_bullets(path: Path) -> Pairs:
    """Bullet points against their transcript, and against eight others drawn at random."""
    rng = random.Random(1)
    rows = [json.loads(line) for line in path.open("rb")]
    texts = [" ".join(row["bullets"]) if isinstance(row["bullets"], list) else row["bullets"] for row in rows]
    sources = [source_words(Article(text=row["text"])) for row in rows]
    pairs = [(text, words) for text, words in zip(texts, sources, strict=True) if words is not None]
    crossed = [overlap(text, rng.choice([w for t, w in pairs if t is not text])) for text, _ in pairs for _ in range(8)]
    return Pairs(f"{path.parent.name}: bullets", [overlap(text, words) for text, words in pairs], crossed)


def keys(row: dict[str, Any]) -> list[str]:
    """What an article is grouped by."""
    values: list[str] = []
    for key in ("topics", "tickers_gold", "sic"):
        found = row.get(key) or []
        values += [f"{key}:{value}" for value in (found if isinstance(found, list) else [found])]
    return values


def of_articles(path: Path) -> Pairs:
    """The beginnings of articles against up to four others of the same group."""
    rng = random.Random(1)
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    rows = [row for line in path.open("rb") if len((row := json.loads(line))["text"].split()) > 2 * LEAD_WORDS]
    for row in rows:
        for key in keys(row):
            groups[key].append(row)
    crossed: list[Overlap] = []
    for row in rows[:600]:
        lead = " ".join(row["text"].split()[:LEAD_WORDS])
        others = [other for key in keys(row) for other in groups[key] if other["text"][:60] != row["text"][:60]]
        for other in rng.sample(others, min(4, len(others))):
            words = source_words(Article(title=other["title"] or "", text=other["text"]))
            crossed += [] if words is None else [overlap(lead, words)]
    return Pairs(f"{path.parent.name}: same group", [], crossed)


def print_floors(sets: list[Pairs]) -> None:
    """The table that the floor was picked from."""
    print(f"floor in force: {overlaps.FLOOR} on the upper end of an interval of {overlaps.DEVIATIONS} deviations")
    for pairs in sets:
        print(f"\n{pairs.name}: {len(pairs.faithful)} faithful, {len(pairs.crossed)} cross-wired")
        for floor in FLOORS:
            alarms = sum(found.upper < floor for found in pairs.faithful)
            caught = sum(found.upper < floor for found in pairs.crossed)
            mark = "<-" if floor == overlaps.FLOOR else ""
            false = interval(alarms, len(pairs.faithful))
            print(f"  floor {floor:.2f}   caught {interval(caught, len(pairs.crossed)):26} false alarms {false:26} {mark}")


def print_replies(known: list[tuple[Article, Draft]]) -> None:
    """What is found in faithful replies, and in those under another article."""
    found = [(article.id, finding) for article, draft in known for finding in coherence_findings(article, draft)]
    print(f"\nfindings on {len(known)} replies as they are: {len(found)}")
    for article_id, finding in found:
        print(f"  {article_id}: {finding.where}: {finding.claim[:100]}: {finding.reason}")
    english = [article for article, _ in known if source_words(article) is not None]
    wired = [coherence_findings(article, draft) for article in english for own, draft in known if own.id != article.id]
    print(f"cards under another article, caught: {interval(sum(is_of_another(findings) for findings in wired), len(wired))}")


def is_of_another(findings: list[Finding]) -> bool:
    """Whether one of the findings is that the prose is about another article."""
    return any(finding.where in {"summary", "analysis"} and finding.start == 0 for finding in findings)


def print_labels(known: list[tuple[Article, Draft]]) -> None:
    """How many changed labels the analysis is seen to contradict."""
    for whose in ("overall", "entity"):
        caught = changed = 0
        for article, draft in known:
            for other in relabelled(draft, whose):
                changed += 1
                caught += any(f.where == "analysis" for f in coherence_findings(article, other))
        print(f"{whose} label changed against the analysis, caught: {interval(caught, changed)} of {changed}")


def relabelled(draft: Draft, whose: str) -> Iterator[Draft]:
    """`draft` with one label changed to each of the other four."""
    values = draft.model_dump()
    places = [(values["overall"], "label")] if whose == "overall" else [(entity, "sentiment") for entity in values["entities"]]
    for place, key in places:
        own = place[key]
        for label in LABELS:
            if label != own:
                place[key] = label
                yield Draft.model_validate(values)
        place[key] = own


def print_times(known: list[tuple[Article, Draft]]) -> None:
    """Processor time of one check, by the length of the article."""
    article, draft = max((pair for pair in known if source_words(pair[0]) is not None), key=lambda pair: len(pair[1].entities))
    sentences = [article.text[start:end] for start, end in sentence_spans(article.text)]
    print()
    for size, runs in ((6_000, 300), (60_000, 50), (1_000_000, 5)):
        text = " ".join(sentences * (size // len(article.text) + 1))[:size]
        longer, times = Article(title=article.title, text=text), []
        for _ in range(runs):
            begun = time.process_time_ns()
            coherence_findings(longer, draft)
            times.append((time.process_time_ns() - begun) / 1e6)
        print(f"{size:>9,} characters, {len(draft.entities)} entities: {statistics.median(times):7.2f} ms")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="the recordings")
    parser.add_argument("--bullets", type=Path)
    parser.add_argument("--articles", type=Path, nargs="*", default=[])
    options = parser.parse_args()
    known = replies(options.folder)
    if not known:
        parser.error(f"no replies are recorded in {options.folder}")
    sets = [*of_replies(known)]
    sets += [of_bullets(options.bullets)] if options.bullets else []
    print_floors([*sets, *(of_articles(path) for path in options.articles)])
    print_replies(known)
    print_labels(known)
    print_times(known)


if __name__ == "__main__":
    main()
