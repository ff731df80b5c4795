"""Measures the grounding checks.

`python bench/grounding.py ectsum PATH [--seed N]`: PATH is a file of ECTSum transcripts and bullets (JSON lines with `text` and `bullets`).
Human-written bullets against the transcript of the same call: how many are flagged, and how many planted faults are caught in
those that aren't. A literal look-up of each number is measured beside ours, on the same bullets and the same faults.

`python bench/grounding.py speed`: milliseconds of processor time for all checks of a card, by length of the article;
the first time that an article is seen, and again.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

from agent.grounding.numbers import Source, number_findings
from evals.planted.intervals import wilson

Flag = Callable[[str], bool]
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_CALENDAR = re.compile(
    r"\b(?:q[1-4]|[1-4]q|fy|h[12])\b|\b(?:19|20)\d\d\b|\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b"
)


def ectsum(path: Path, *, seed: int) -> None:
    """Print the table."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    pairs = [(row["text"], bullet) for row in rows for bullet in row["bullets"] if _NUMBER.search(bullet)]
    print(f"{len(pairs)} bullets with numbers, {len(rows)} transcripts, seed {seed}")
    for name, make in (("literal", _literal), ("ours", _ours)):
        _report(name, pairs, make, random.Random(seed))


def _report(name: str, pairs: list[tuple[str, str]], make: Callable[[str], Flag], rng: random.Random) -> None:
    checkers = {text: make(text) for text in {text for text, _ in pairs}}
    flagged = [checkers[text](bullet) for text, bullet in pairs]
    print(f"\n{name}: human bullets flagged {_share(sum(flagged), len(flagged))}")
    supported = [pair for pair, flag in zip(pairs, flagged, strict=True) if not flag]
    for fault, plant in FAULTS.items():
        planted = [(text, changed) for text, bullet in supported if (changed := plant(bullet, rng)) is not None]
        caught = sum(checkers[text](changed) for text, changed in planted)
        print(f"  {fault:<22} caught {_share(caught, len(planted))}")


def _ours(text: str) -> Flag:
    source = Source("", text)
    return lambda bullet: bool(number_findings("summary", bullet, source)[1])


def _literal(text: str) -> Flag:
    tokens = set(_NUMBER.findall(text))
    return lambda bullet: any(token not in tokens for token in _NUMBER.findall(bullet))


def _digit(bullet: str, rng: random.Random) -> str | None:
    """One digit of one number that isn't a date changed to another."""
    places = [match for match in _NUMBER.finditer(bullet) if not _in_calendar(bullet, match)]
    if not places:
        return None
    match = rng.choice(places)
    at = rng.choice([i for i in range(*match.span()) if bullet[i].isdecimal()])
    other = rng.choice([d for d in "123456789" if d != bullet[at]])
    return bullet[:at] + other + bullet[at + 1 :]


def _in_calendar(bullet: str, match: re.Match[str]) -> bool:
    around = bullet[max(0, match.start() - 10) : match.end() + 3]
    return _CALENDAR.search(around) is not None or bullet[max(0, match.start() - 2) : match.start()].strip().endswith(("q", "fy", "h"))


def _scale(bullet: str, _: random.Random) -> str | None:
    if "million" in bullet:
        return bullet.replace("million", "billion", 1)
    return bullet.replace("billion", "million", 1) if "billion" in bullet else None


def _bps(bullet: str, _: random.Random) -> str | None:
    changed = re.sub(r"(\d) ?(?:percent|%)", r"\1 basis points", bullet, count=1)
    return changed if changed != bullet else None


def _currency(bullet: str, _: random.Random) -> str | None:
    return bullet.replace("$", "€", 1) if "$" in bullet else None


def _percent(bullet: str, _: random.Random) -> str | None:
    """An amount told as a percentage."""
    changed = re.sub(r"\$(\d+(?:\.\d+)?)(?: (?:million|billion))?(?![\d,])", r"\1%", bullet, count=1)
    return changed if changed != bullet else None


FAULTS: dict[str, Callable[[str, random.Random], str | None]] = {
    "digit change": _digit,
    "million<->billion": _scale,
    "percent->basis points": _bps,
    "dollars->euros": _currency,
    "amount->percent": _percent,
}


def _share(count: int, of: int) -> str:
    """A share in percent with its 95% Wilson interval."""
    if not of:
        return "none to plant"
    low, high = wilson(count, of)
    return f"{100 * count / of:5.1f}% ({100 * low:.1f} to {100 * high:.1f}) of {of}"


def speed() -> None:
    """Print the time that grounding takes, the best of many runs, for the project's own example article at several lengths."""
    from agent.article import Article
    from agent.draft import Draft
    from agent.grounding import ground
    from agent.grounding.numbers.source import read
    from agent.symbols import load_symbols
    from agent.taxonomy import load_taxonomy

    root = Path(__file__).parents[1]
    example = json.loads((root / "prompts" / "card.v1.examples.json").read_text("utf-8"))[0]
    draft, text = Draft.model_validate(example["draft"]), example["article"]["text"]
    symbols, taxonomy = load_symbols(), load_taxonomy()
    for chars in (1_500, 6_000, 24_000, 96_000, 1_000_000):
        article = Article(title=example["article"]["title"], text=(f"{text}\n\n" * (chars // len(text) + 1))[:chars])
        times: dict[str, list[float]] = {"first": [], "again": []}
        for _ in range(max(3, 600_000 // chars)):
            read.cache_clear()
            for taken in times.values():
                started = time.process_time()
                ground(article, draft, symbols, taxonomy)
                taken.append(1000 * (time.process_time() - started))
        told = "; ".join(f"{when} {min(taken):8.2f} ms, median {median(taken):8.2f} ms" for when, taken in times.items())
        print(f"{chars:>9,} characters: {told}")


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["ectsum", "speed"])
    parser.add_argument("path", type=Path, nargs="?")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(argv)


if __name__ == "__main__":
    arguments = _arguments(None)
    if arguments.what == "speed":
        speed()
    elif arguments.path is None:
        sys.exit("ectsum needs the path of its file")
    else:
        ectsum(arguments.path, seed=arguments.seed)
