"""How often names lead to the right ticker, on two public corpora: `python bench/tickers.py --finentity FILE --yahoo FILE [--misses]`.

FinEntity (yixuantt/FinEntity): Reuters paragraphs whose companies carry a Reuters code. Each name that has a code of a US listing is
resolved as of 2022, when the paragraphs were written: in March, or in July where only then the code's symbol was in use. Precision: of
the names that resolve, those that give the code's issuer; recall: of all such names. Any share class of the right issuer is a hit.

Yahoo (FelixDrinkall/financial-news-dataset, 2017-2019): articles whose journalists wrote tickers beside names; these were cut from the
text. Recall: of the tickers, those that the names left in headline and text lead to, as of the article's day.

Both are read as JSON lines. A fifth of each, chosen by a hash of the id, is held back from whoever changes the rules, and `--misses`
doesn't show it. Intervals: 95%, bootstrap over documents, seeded.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from agent.symbols import SymbolTable
from agent.symbols.load import PACKAGED, load_symbols

FINENTITY_DAYS = (date(2022, 3, 1), date(2022, 7, 15))
"""The paragraphs have no dates; Facebook, Anthem and others changed their symbols in between."""
US_MARKETS = frozenset("N O OQ A K P PK OB Z".split())
HELD_OUT_OF = 5
RESAMPLES = 2000
SEED = 3

Counts = tuple[int, int, int]
"""Of one document: right, given, wanted."""


@dataclass(frozen=True, slots=True)
class Miss:
    """A wanted ticker that wasn't found, or a wrong one."""

    document: str
    symbol: str
    why: str


@dataclass(frozen=True, slots=True)
class Document:
    """What became of one document."""

    name: str
    counts: Counts
    misses: tuple[Miss, ...]

    @property
    def held(self) -> bool:
        """Whether it is in the fifth that is held back."""
        return hashlib.sha256(self.name.encode()).digest()[0] % HELD_OUT_OF == 0


def finentity(rows: Iterable[dict[str, Any]], table: SymbolTable) -> Iterator[Document]:
    """Names with a US code, resolved."""
    for row in rows:
        name = f"finentity-{row['id']}"
        right = given = wanted = 0
        misses = []
        for entity in row["entities"]:
            symbol = us_symbol(entity.get("ric", ""))
            if symbol is None:
                continue
            wanted += 1
            on = next((day for day in FINENTITY_DAYS if table.issuer_of(symbol, day)), FINENTITY_DAYS[0])
            issuer, gold = table.resolve(entity["name"], on), table.issuer_of(symbol, on)
            given += issuer is not None
            if issuer and gold and issuer.cik == gold.cik:
                right += 1
            else:
                unknown = "" if gold else "; the table hasn't that symbol"
                misses.append(Miss(name, symbol, (f"gave {'/'.join(issuer.symbols)}" if issuer else "gave nothing") + unknown))
        yield Document(name, (right, given, wanted), tuple(misses))


def us_symbol(code: str) -> str | None:
    """The symbol of a Reuters code of a US listing: "JNJ.N" -> JNJ, "BRKa.N" -> BRK.A; None for any other code."""
    root, _, market = code.rpartition(".")
    if not root or market not in US_MARKETS:
        return None
    return f"{root[:-1]}.{root[-1].upper()}" if root[-1].islower() else root


def yahoo(rows: Iterable[dict[str, Any]], table: SymbolTable) -> Iterator[Document]:
    """Tickers that the names in headline and text lead to."""
    for row in rows:
        on = date.fromisoformat(row["published"][:10])
        mentions = table.mentions(f"{row['title']}\n\n{row['text']}", on)
        found = {symbol for mention in mentions for symbol in mention.issuer.symbols}
        wanted = [symbol.replace("-", ".") for symbol in row["tickers_gold"]]
        missed = [symbol for symbol in wanted if symbol not in found]
        whys = ("its issuer isn't found in the text" if table.issuer_of(s, on) else "the table hasn't that symbol" for s in missed)
        misses = tuple(Miss(row["id"], symbol, why) for symbol, why in zip(missed, whys, strict=True))
        yield Document(row["id"], (len(wanted) - len(missed), len(found), len(wanted)), misses)


def precision(counts: Sequence[Counts]) -> float:
    """Right of given."""
    return sum(c[0] for c in counts) / max(1, sum(c[1] for c in counts))


def recall(counts: Sequence[Counts]) -> float:
    """Right of wanted."""
    return sum(c[0] for c in counts) / max(1, sum(c[2] for c in counts))


def with_interval(documents: Sequence[Document], measure: Callable[[Sequence[Counts]], float]) -> str:
    """The measure and its 95% interval, in per cent."""
    counts = [document.counts for document in documents if document.counts[2]]
    rng = random.Random(SEED)
    again = sorted(measure(rng.choices(counts, k=len(counts))) for _ in range(RESAMPLES)) if counts else [0.0]
    low, high = again[int(0.025 * len(again))], again[int(0.975 * len(again))]
    return f"{measure(counts):6.1%} [{low:.1%}, {high:.1%}]"


def report(title: str, documents: Sequence[Document], measures: dict[str, Callable[[Sequence[Counts]], float]], *, misses: bool) -> None:
    """Print the lines of one corpus."""
    for part, chosen in {
        "all": documents,
        "held-back fifth": [d for d in documents if d.held],
        "the rest": [d for d in documents if not d.held],
    }.items():
        wanted = sum(document.counts[2] for document in chosen)
        figures = "   ".join(f"{name} {with_interval(chosen, measure)}" for name, measure in measures.items())
        print(f"{title:10} {part:16} {wanted:5} tickers   {figures}")
    if misses:
        for miss in (miss for document in documents if not document.held for miss in document.misses):
            print(f"    {miss.document:16} {miss.symbol:8} {miss.why}")


def read(path: Path) -> list[dict[str, Any]]:
    """The rows of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="How often names lead to the right ticker.")
    parser.add_argument("--finentity", type=Path, help="FinEntity as JSON lines")
    parser.add_argument("--yahoo", type=Path, help="Yahoo Finance news as JSON lines")
    parser.add_argument("--misses", action="store_true", help="list what was missed, but for the held-back fifth")
    chosen = parser.parse_args()
    table = load_symbols(PACKAGED)
    print(f"symbols {table.version}")
    if chosen.finentity:
        found = list(finentity(read(chosen.finentity), table))
        report("finentity", found, {"precision": precision, "recall": recall}, misses=chosen.misses)
    if chosen.yahoo:
        report("yahoo", list(yahoo(read(chosen.yahoo), table)), {"recall": recall}, misses=chosen.misses)


if __name__ == "__main__":
    main()
