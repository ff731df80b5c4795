"""How long the symbol table takes: `python bench/symbols.py`.

Load: the packaged table, from the file, in a fresh process each time. Mentions: an article of about 6,000 characters, made of sentences
written for this, as the median of many runs in one process; and the same text many times over, to see that time grows with length alone.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable

LOAD_LIMIT_MS = 60
MENTIONS_LIMIT_MS = 5
CHARS = 6_000

SENTENCES = (
    "Meta Platforms and Alphabet, the owner of Google, said on Tuesday that spending on data centres would rise again next year. ",
    "Shares of Target fell 4% after the retailer cut its forecast, while Walmart (NYSE: WMT) and Costco held theirs. ",
    "Analysts at J.P. Morgan and Goldman Sachs expect Delta Air Lines, United Airlines and Southwest to raise fares. ",
    "The chief executive of Berkshire Hathaway spoke of higher insurance costs, and of rates that may stay where they are. ",
    "OpenAI and Scale AI aren't listed; Microsoft, Nvidia and Advanced Micro Devices are, and $TSLA rose with them. ",
    "Investors who had sold bonds in March bought them back in May, as the Federal Reserve left its policy rate unchanged. ",
)

_LOAD = """
import time
from pathlib import Path
from agent.symbols.load import PACKAGED, load_symbols
start = time.perf_counter()
load_symbols(PACKAGED)
print((time.perf_counter() - start) * 1000)
"""
_FIRST = _LOAD.replace("load_symbols(PACKAGED)", "load_symbols(PACKAGED).mentions('Google rose.')")


def _fresh(code: str, runs: int = 7) -> float:
    """Median milliseconds that `code` prints in a fresh process."""
    return statistics.median(
        float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout) for _ in range(runs)
    )


def _median_ms(call: Callable[[], object], runs: int) -> float:
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        call()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def main() -> None:
    """Measure and print."""
    from agent.symbols.load import PACKAGED, load_symbols

    table = load_symbols(PACKAGED)
    text = "".join(SENTENCES * 20)[:CHARS]
    found = len(table.mentions(text))
    table.resolve("Google")
    print(f"table {table.version}: {len(table)} issuers, {PACKAGED.stat().st_size / 1000:.0f} kB")
    print(f"load, fresh process           {_fresh(_LOAD):8.1f} ms   (limit {LOAD_LIMIT_MS})")
    print(f"load and first mentions       {_fresh(_FIRST):8.1f} ms")
    once = _median_ms(lambda: table.mentions(text), 200)
    print(f"mentions, {CHARS} characters    {once:8.2f} ms   (limit {MENTIONS_LIMIT_MS}), {found} found")
    for times in (10, 100):
        print(f"mentions, {times:3} times the text  {_median_ms(lambda times=times: table.mentions(text * times), 5):8.1f} ms")  # type: ignore[misc]
    print(f"resolve, a known name         {_median_ms(lambda: table.resolve('Alphabet Inc.'), 2000) * 1000:8.1f} µs")


if __name__ == "__main__":
    main()
