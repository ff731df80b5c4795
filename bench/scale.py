"""What ten million articles would take, three ways; docs/scale.md shows what came out.

python bench/scale.py [--articles 10000000] [--model gpt-5.4-mini] [--rpm 10000] [--tpm 10000000] [--queued 1000000000] [--gpus 8] ...

What an article is (tokens, bytes, requests) is counted over the recorded run of the gold articles, and the size of a row over their cards;
prices are agent/prices.yaml's. Limits, turnaround and a GPU's speed are the reader's to set: the defaults are round figures, not
anybody's promise. The limits are simulated second by second (real time) and lot by lot (the Batch API), the same for the same --seed.
"""

from __future__ import annotations

import argparse
import asyncio
import heapq
import json
import random
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean

sys.path.insert(0, str(Path(__file__).parents[1]))

from agent.batch.remote.lots import MOST_BYTES, MOST_LINES
from agent.card import Usage
from agent.prices import Prices
from agent.prompts import load_prompts
from evals.recordings import FOLDER
from evals.runs import load_run

RUN = FOLDER / "runs" / "bridge-gold"
BYTES_PER_TOKEN = 4
DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Measured:
    """Means over the recorded run, an article each. `shared`: input tokens that all requests have in common."""

    requests: float
    input_tokens: float
    output_tokens: float
    shared: float
    row_bytes: float
    draft_bytes: float


def main() -> None:
    """Print the plan."""
    options = _options()
    measured = asyncio.run(_measure())
    usage = Usage(input_tokens=round(measured.input_tokens), output_tokens=round(measured.output_tokens))
    cached = usage.model_copy(update={"cached_input_tokens": round(measured.requests * measured.shared)})
    price = Prices.load().find(options.model, "api.openai.com", datetime.now(UTC).date())
    sizes = f"a row of {measured.row_bytes / 1000:.1f} kB, a draft in the cache of {measured.draft_bytes / 1000:.1f} kB"
    print(
        f"an article: {measured.requests:.2f} requests, {measured.input_tokens:,.0f} input and {measured.output_tokens:,.0f} output tokens;"
    )
    print(f"  {measured.shared:,.0f} tokens are the same in all requests; {sizes}")
    n = options.articles
    print(f"{n:,} articles, {options.model}:")
    live_s = real_time(n, measured, options)
    _line("real time", live_s, None if price is None else (float(price.cost(cached)) * n, float(price.cost(usage)) * n))
    batch_s, lots = batch_api(n, measured, options)
    _line(f"Batch API, {lots:,} lots", batch_s, None if price is None else (float(price.cost(usage)) * n / 2,))
    own_s = self_hosted(n, measured, options)
    print(f"  {f'self-hosted, {options.gpus} GPUs':28}{_time(own_s):>12}   {own_s / 3600 * options.gpus:,.0f} GPU hours")
    cpu_s = n * options.cpu_ms / 1000
    cores = max(1, round(cpu_s / live_s))
    print("our side, whichever way:")
    print(f"  CPU {_time(cpu_s)} of one core at {options.cpu_ms} ms an article: {cores} keep up with real time")
    rows, drafts = n * measured.row_bytes / 1e9, n * measured.draft_bytes / 1e9
    print(f"  rows {rows:,.0f} GB, cache {drafts:,.0f} GB, ids {n * 42 / 1e9:.1f} GB of memory")
    print(f"  a resume reads for {_time(n * options.resume_us / 1e6)}; with --shard I/8 an eighth of all of these, eight times")


def real_time(articles: int, measured: Measured, options: argparse.Namespace) -> float:
    """Seconds: requests as the limits let them, of which some fail and are repeated; concurrency grows until the limits hold it."""
    chance = random.Random(options.seed)
    waiting, now = articles * measured.requests, 0.0
    most = min(options.rpm / 60, options.tpm / 60 / ((measured.input_tokens + measured.output_tokens) / measured.requests))
    in_flight = 8.0
    while waiting > 0:
        if chance.random() < options.outages_a_day / DAY_S:
            now += options.outage_s
            in_flight = 8.0
        sent = min(in_flight / options.latency_s, most, waiting)
        waiting -= sent * (1 - options.failing)
        in_flight = min(in_flight + in_flight / options.latency_s / 8, most * options.latency_s * 1.1)
        now += 1
    return now


def batch_api(articles: int, measured: Measured, options: argparse.Namespace) -> tuple[float, int]:
    """Seconds, and lots: as many at once as the queue of tokens holds; some expire half done, and their rest goes out again."""
    chance = random.Random(options.seed)
    size = measured.input_tokens / measured.requests * BYTES_PER_TOKEN
    lines = int(min(MOST_LINES, MOST_BYTES / size))
    tokens = lines * measured.input_tokens / measured.requests
    waiting, now, queued, handed = articles * measured.requests, 0.0, 0.0, 0
    ends: list[tuple[float, float]] = []
    while waiting > 0 or ends:
        while waiting > 0 and (queued + tokens <= options.queued or not ends):
            part = min(lines, waiting)
            expired = chance.random() < options.expiring
            took = DAY_S if expired else chance.lognormvariate(0, 0.5) * options.turnaround_h * 3600
            heapq.heappush(ends, (now + min(took, DAY_S), part / 2 if expired else 0))
            waiting -= part
            queued += tokens
            handed += 1
        now, left = heapq.heappop(ends)
        queued -= tokens
        waiting += left
    return now, handed


def self_hosted(articles: int, measured: Measured, options: argparse.Namespace) -> float:
    """Seconds: what requests don't share is read, and all output is written; what they share is in the server's prefix cache."""
    read = measured.input_tokens - measured.requests * measured.shared
    seconds: float = articles * (read / options.gpu_reads + measured.output_tokens / options.gpu_writes) / options.gpus
    return seconds


async def _measure() -> Measured:
    run = await load_run(RUN)
    lines = [json.loads(line) for line in (RUN / "rows.jsonl").read_bytes().splitlines()]
    drafts = [line["drafted"] for line in lines]
    usages = [draft["usage"] for draft in drafts]
    requests = sum(usage["requests"] for usage in usages) / len(usages)
    prompts = load_prompts()
    return Measured(
        requests,
        fmean(usage["input_tokens"] for usage in usages),
        fmean(usage["output_tokens"] for usage in usages),
        len(prompts.system().encode()) / BYTES_PER_TOKEN,
        fmean(len(card.to_json()) for card in run.cards.values()),
        fmean(len(json.dumps(draft)) for draft in drafts),
    )


def _line(what: str, seconds: float, usd: tuple[float, ...] | None) -> None:
    cost = "unpriced" if usd is None else " to ".join(f"${amount:,.0f}" for amount in usd)
    print(f"  {what:28}{_time(seconds):>12}   {cost}")


def _time(seconds: float) -> str:
    return (
        f"{seconds / DAY_S:.1f} days" if seconds > 2 * DAY_S else f"{seconds / 3600:.1f} h" if seconds > 5400 else f"{seconds / 60:.0f} min"
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--articles", type=int, default=10_000_000)
    add("--model", default="gpt-5.4-mini")
    add("--rpm", type=float, default=10_000, help="requests a minute")
    add("--tpm", type=float, default=10_000_000, help="tokens a minute")
    add("--latency-s", type=float, default=6.0, help="of one request")
    add("--failing", type=float, default=0.02, help="share of requests that are repeated")
    add("--outages-a-day", type=float, default=2.0)
    add("--outage-s", type=float, default=300.0)
    add("--queued", type=float, default=1_000_000_000, help="tokens that may wait in the Batch API's queue")
    add("--turnaround-h", type=float, default=4.0, help="middle of a batch's time; 24 at most")
    add("--expiring", type=float, default=0.02, help="share of batches that end half done after 24 hours")
    add("--gpus", type=int, default=8)
    add("--gpu-reads", type=float, default=20_000, help="tokens a second that one GPU reads")
    add("--gpu-writes", type=float, default=2_000, help="tokens a second that one GPU writes, all its requests together")
    add(
        "--cpu-ms",
        type=float,
        default=5.0,
        help="CPU of an article on our side, checks included; bench/throughput.py and bench/grounding.py",
    )
    add("--resume-us", type=float, default=15.0, help="CPU of a finished row; bench/batch.py resume")
    add("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
