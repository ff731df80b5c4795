"""Measures the grounding checks.

`python bench/grounding.py ectsum PATH [--seed N] [--half seen|held-back]`: PATH is a file of ECTSum transcripts and bullets (JSON lines
with `text` and `bullets`). Rules were mended on every second transcript, from the first on; those between are held back.
Human-written bullets against the transcript of the same call: how many are flagged, and how many planted faults are caught in
those that aren't. A literal look-up of each number is measured beside ours, on the same bullets and the same faults.

`python bench/grounding.py speed`: milliseconds of processor time for all checks of a recorded card, by length of the article (its own,
and other recorded ones behind it): the first time that an article is seen, and again. Beside them how many turns of a fixed loop take as
long, which a slow or busy machine changes little; and for 6,000 characters, what each check takes.

`python bench/grounding.py slow`: articles made to be slow (what the checks' patterns match, over and over), of 10,000 and 40,000
characters: how much longer the longer ones take. In linear time it is four times as long.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from types import ModuleType

sys.path.insert(0, str(Path(__file__).parents[1]))

from agent.grounding.numbers import Source, number_findings
from bench.loop import turn
from evals.planted.intervals import wilson

Flag = Callable[[str], bool]
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_CALENDAR = re.compile(
    r"\b(?:q[1-4]|[1-4]q|fy|h[12])\b|\b(?:19|20)\d\d\b|\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b"
)


def ectsum(path: Path, *, seed: int, half: str | None) -> None:
    """Print the table, of all transcripts or of one half."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()][HALVES[half]]
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


HALVES = {None: slice(None), "seen": slice(0, None, 2), "held-back": slice(1, None, 2)}
CHECKS = {
    "folding": ("FoldedText",),
    "quotes": ("_quotes", "quotation_findings"),
    "names": ("Mentions", "_entities", "Named", "Roles", "name_findings"),
    "topics": ("ground_topics",),
    "tickers": ("ground_tickers",),
    "numbers": ("subject_forms", "Source", "number_findings"),
    "coherence": ("coherence_findings",),
    "contradictions": ("Text", "Contradicted", "contradiction_findings"),
    "exchanged names": ("Bearers", "exchanged_findings"),
    "speakers": ("Identities", "Quoted", "Saying", "Views", "Deeds", "speaker_findings", "view_findings", "deed_findings"),
    "form": ("form_findings",),
    "injection": ("injection_findings",),
}
"""What `agent.grounding.ground` calls for each check. A reading that two checks share counts for the one that asks for it first."""
LENGTHS = (1_500, 6_000, 24_000, 96_000, 1_000_000)
BY_CHECK_CHARS = 6_000


def speed() -> None:
    """Print what all checks of one card take, the best of many runs: by length of the article, and by check."""
    import agent.grounding
    from agent.article import Article
    from agent.symbols import load_symbols
    from agent.taxonomy import load_taxonomy
    from evals.planted.pairs import load_pairs

    pairs = load_pairs()
    card = next(pair for pair in pairs if pair.article.id == "dicks-buys-foot-locker")
    others = dict.fromkeys(pair.article.text for pair in pairs if pair.article.id not in {card.article.id, "long-call"})
    text = "\n\n".join((card.article.text, *others))
    tables = load_symbols(), load_taxonomy()
    for chars in LENGTHS:
        article = Article(title=card.article.title, text=(f"{text}\n\n" * (chars // len(text) + 1))[:chars])

        def hold(article: Article = article) -> None:
            agent.grounding.ground(article, card.draft, *tables)

        runs = max(3, 1_200_000 // chars)
        first, again, loop = _best(runs, _forget, hold, None, hold, None, turn)
        print(f"{chars:>9,} characters: first {first:7.2f} ms, {first / loop:6.1f} loops; again {again:7.2f} ms, {again / loop:6.1f} loops")
        if chars == BY_CHECK_CHARS:
            taken = sorted(_by_check(agent.grounding, hold, runs).items(), key=lambda pair: -pair[1])
            print(f"{'':>10}first, by check: {', '.join(f'{check} {ms:.2f}' for check, ms in taken)}")


def slow() -> None:
    """Print how the time of all checks grows with articles made to be slow, and the pieces that are worst."""
    from agent.article import Article
    from agent.grounding import ground
    from agent.symbols import load_symbols
    from agent.taxonomy import load_taxonomy
    from evals.planted.pairs import load_pairs
    from evals.pumped import pieces

    draft, tables = load_pairs()[0].draft, (load_symbols(), load_taxonomy())
    found: list[tuple[float, float, str]] = []
    for piece in pieces():
        times = []
        for chars in (10_000, 40_000):
            article = Article(title="", text=piece * (chars // len(piece)) + "!")
            times += _best(3, _forget, partial(ground, article, draft, *tables))
        found.append((times[1] / times[0], times[1], piece))
    found.sort(reverse=True)
    print(f"{len(found)} pieces: four times as long an article takes {median(growth for growth, _, _ in found):.1f} times as long (median)")
    for growth, ms, piece in found[:5]:
        print(f"  {growth:5.1f} times, {ms:7.1f} ms for 40,000 characters of {piece!r}")
    slowest = max(found, key=lambda row: row[1])
    print(f"slowest: {slowest[1]:.1f} ms for 40,000 characters of {slowest[2]!r}")


def _best(runs: int, *steps: Callable[[], object] | None) -> list[float]:
    """Milliseconds of processor time of every second step, the best of `runs`; the step before it isn't timed."""
    best = [float("inf")] * (len(steps) // 2)
    for _ in range(runs):
        for index, (prepare, step) in enumerate(zip(steps[::2], steps[1::2], strict=True)):
            if prepare is not None:
                prepare()
            started = time.process_time()
            assert step is not None
            step()
            best[index] = min(best[index], 1000 * (time.process_time() - started))
    return best


def _forget() -> None:
    """Make the next card the first of its article, in a process that has seen others."""
    from agent.grounding.fold import word_set
    from agent.grounding.numbers.source import read

    read.cache_clear()
    word_set.cache_clear()
    re.purge()


def _by_check(module: ModuleType, hold: Callable[[], None], runs: int) -> dict[str, float]:
    """Milliseconds that each check takes in the best of many runs: each is called through a clock, which takes a little itself."""
    spent: dict[str, float] = {}

    def clocked(check: str, call: Callable[..., object]) -> Callable[..., object]:
        def timed(*args: object, **kwargs: object) -> object:
            started = time.process_time()
            try:
                return call(*args, **kwargs)
            finally:
                spent[check] = spent.get(check, 0.0) + 1000 * (time.process_time() - started)

        return timed

    plain = {name: getattr(module, name) for names in CHECKS.values() for name in names}
    best = {"": float("inf")}
    try:
        for check, names in CHECKS.items():
            for name in names:
                setattr(module, name, clocked(check, plain[name]))
        for _ in range(runs):
            spent.clear()
            [whole] = _best(1, _forget, hold)
            if whole < sum(best.values()):
                best = spent | {"the rest": whole - sum(spent.values())}
    finally:
        for name, call in plain.items():
            setattr(module, name, call)
    return best


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["ectsum", "speed", "slow"])
    parser.add_argument("path", type=Path, nargs="?")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--half", choices=[half for half in HALVES if half])
    return parser.parse_args(argv)


if __name__ == "__main__":
    arguments = _arguments(None)
    if arguments.what == "speed":
        speed()
    elif arguments.what == "slow":
        slow()
    elif arguments.path is None:
        sys.exit("ectsum needs the path of its file")
    else:
        ectsum(arguments.path, seed=arguments.seed, half=arguments.half)
