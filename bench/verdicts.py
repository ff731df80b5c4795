"""`python bench/verdicts.py aa|drop|cover|replay|open`: whether verdicts and intervals can be trusted, how long a replay and a report take.

`aa` and `drop` draw articles from the extractive engine's run over the gold cards, with replacement, and make two sides of each. A model
that is asked twice doesn't answer the same twice: on either side a share of the articles (`--noise`) gets the scores of another article.
`aa` counts how often such a pair, between which nothing was changed, passes the gate. `drop` takes 10 points from one metric of side B.
`cover` counts how often the 95% interval of a share holds the true one, beside the percentiles of the same draws.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from evals.aggregates import mean
from evals.commands.making import Order, make_run
from evals.gating import GATED
from evals.report import page
from evals.runs import Run, load_run
from evals.runs.scoring import ALL_METRICS
from evals.scores import Score
from evals.statistics import Cell, Resampling, compare, estimate

METRICS = [metric for metric in ALL_METRICS if metric.family == GATED]
DROPPED = "sentiment.accuracy"
DROP = 0.10

Scores = dict[str, Score]
"""Metric name -> the score of one article."""


def a_run(folder: Path, repeats: int = 1) -> Run:
    """The extractive engine over all gold cards."""
    return asyncio.run(load_run(make_run(Order(["gold"], "all", repeats, None, folder / "run"), {"engine": "extractive"})))


def scores_of(run: Run) -> list[Scores]:
    """The scores of each article."""
    return [{metric.name: run.scores[metric.name][0][place] for metric in METRICS} for place in range(len(run.samples))]


def side(drawn: Sequence[Scores], pool: Sequence[Scores], noise: float, rng: random.Random) -> list[Scores]:
    """One run over the drawn articles: some of them come out as another article's."""
    return [rng.choice(pool) if rng.random() < noise else scores for scores in drawn]


def dropped(scores: list[Scores], rng: random.Random) -> list[Scores]:
    """The same with 10 points taken from one metric: right labels become wrong ones."""
    right = [place for place, one in enumerate(scores) if one[DROPPED].value == 1.0]
    scored = sum(one[DROPPED].value is not None for one in scores)
    hit = set(rng.sample(right, round(DROP * scored)))
    return [one | {DROPPED: Score(0.0)} if place in hit else one for place, one in enumerate(scores)]


def worse(a: Sequence[Scores], b: Sequence[Scores], seed: int) -> set[str]:
    """The metrics that the gate would fail for."""
    cells = [
        {metric.name: [Cell(f"{place}", f"{place}", one[metric.name]) for place, one in enumerate(run)] for metric in METRICS}
        for run in (a, b)
    ]
    return {row.metric.name for row in compare(METRICS, cells[0], cells[1], Resampling(seed=seed)) if row.verdict == "worse"}


def trials(pool: Sequence[Scores], options: argparse.Namespace, noise: float, *, drop: bool) -> int:
    """How many of the seeds pass (A/A), or are caught at the metric that fell (drop)."""
    count = 0
    for seed in range(options.seeds):
        rng = random.Random(seed)
        drawn = rng.choices(pool, k=options.cards)
        a, b = side(drawn, pool, noise, rng), side(drawn, pool, noise, rng)
        found = worse(a, dropped(b, rng) if drop else b, seed)
        count += DROPPED in found if drop else not found
    return count


def covered(clusters: int, right: float, seeds: int) -> tuple[float, float]:
    """How often an interval holds the share that the articles were drawn with: as it is told, and between percentiles."""
    rng = random.Random(1)
    few = Resampling(draws=500)
    held = [0, 0]
    for _ in range(seeds):
        cells = [Cell(f"{place}", f"{place}", Score(float(rng.random() < right))) for place in range(clusters)]
        for kind in (0, 1):
            found = estimate(mean(), cells, few, share=kind == 0)
            held[kind] += (found.low or 0.0) <= right <= (found.high or 0.0)
    return held[0] / seeds, held[1] / seeds


def timed(folder: Path, cards: int) -> None:
    """Replay a run of so many cards and write its report."""
    repeats = -(-cards // 106)
    run = a_run(folder, repeats)
    began = time.process_time()
    again = asyncio.run(load_run(run.path))
    evaluated = again.evaluated(Resampling())
    replayed = time.process_time()
    html = page(evaluated)
    done = time.process_time()
    print(f"replay of {len(again.cards)} cards with all scores and intervals: {replayed - began:.1f} s of processor time")
    print(f"report of {len(evaluated.samples)} articles: {done - replayed:.1f} s, {len(html) / 1e6:.2f} MB")


def opened(folder: Path, cards: int) -> None:
    """Open a report of so many cards in Chromium five times, and print the best time until it is laid out, as the browser counts it."""
    from playwright.sync_api import sync_playwright

    run = a_run(folder)
    evaluated = run.evaluated(Resampling(draws=200))
    samples = [evaluated.samples[place % len(evaluated.samples)] for place in range(cards)]
    scores = {name: [found[place % len(found)] for place in range(cards)] for name, found in evaluated.scores.items()}
    path = folder / "report.html"
    path.write_text(page(replace(evaluated, samples=samples, scores=scores)), "utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        times = []
        for _ in range(5):
            tab = browser.new_page()
            tab.goto(path.as_uri())
            times.append(tab.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd"))
            tab.close()
        browser.close()
    print(f"report of {cards} cards: {path.stat().st_size / 1e6:.2f} MB, open in Chromium after {min(times) / 1e3:.2f} s")


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python bench/verdicts.py", description=__doc__)
    parser.add_argument("what", choices=["aa", "drop", "cover", "replay", "open"])
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--cards", type=int, default=200)
    parser.add_argument(
        "--noise", type=float, nargs="+", default=[0.0, 0.05, 0.1], help="share of articles that come out otherwise, on each side"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.what == "replay":
            timed(Path(folder), options.cards)
            return 0
        if options.what == "open":
            opened(Path(folder), options.cards)
            return 0
        if options.what == "cover":
            for clusters in (20, 45, 120):
                for right in (0.5, 0.8, 0.95, 0.99):
                    held, percentiles = covered(clusters, right, 10 * options.seeds)
                    print(f"{clusters} articles, true share {right:.0%}: held by {held:.1%}; by percentiles {percentiles:.1%}")
            return 0
        pool = scores_of(a_run(Path(folder)))
        for noise in options.noise:
            count = trials(pool, options, noise, drop=options.what == "drop")
            told = f"a drop of {DROP:.0%} in {DROPPED} is caught" if options.what == "drop" else "A/A passes"
            print(f"noise {noise:.0%} a side, {options.cards} cards: {told} {count} of {options.seeds} times")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
