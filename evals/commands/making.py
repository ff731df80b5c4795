"""`newscard eval run`: make a run, or go on with one."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agent.card import Usage
from agent.cli.messages import say
from agent.enrich import Enricher, make_engine
from agent.errors import NewscardError, UsageError
from agent.present.words import count, dollars
from agent.prices import Prices
from agent.prompts import estimate_tokens, load_prompts
from agent.settings import Settings
from agent.symbols import load_symbols
from evals.commands.progress import Progress
from evals.extra import require_extra
from evals.runs.engines import RecordingEngine
from evals.runs.folder import RunFolder
from evals.runs.manifest import Manifest, SplitChoice, digest_of, named
from evals.runs.running import Making, Price, make, tasks
from evals.runs.scoring import chosen
from evals.samples import Sample

RUNS = Path("evals-runs")
AT_ONCE = 64
"""Articles in hand where no setting says how many; the engine's pacer sends no more than the endpoint takes."""
REPLY_TOKENS = 1_100
"""Output tokens of a card, for the estimate before a run; the replies of the recorded runs average about that."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a run is to be made of. `data`: `gold` or NAME=PATH each; `out` None: a folder named by engine and fingerprint."""

    data: Sequence[str]
    split: SplitChoice
    repeats: int
    limit: int | None
    out: Path | None


def make_run(order: Order, flags: Mapping[str, Any]) -> Path:
    """Make the run and return its folder; settings come from the environment with `flags` over them.

    Raises UsageError, BudgetExceeded or EndpointError; what was made is kept, and the same call goes on from there.
    """
    require_extra()
    settings = Settings.from_env(**flags)
    _refuse_idle(settings, flags)
    samples = _samples(order)
    symbols = load_symbols(settings.symbols)
    engine = make_engine(settings, symbols)
    manifest = _manifest(order, samples, engine.name, dict(engine.ingredients))
    folder = RunFolder(order.out or RUNS / f"{engine.name}-{manifest.fingerprint[:8]}")
    flat = [(name, sample) for name, found in samples.items() for sample in found]
    wanted = tasks(flat, order.repeats)
    told = f"{manifest.engine} {named(manifest.ingredients)}".strip()
    say(f"{told}: {count(len(wanted), 'card')}{_estimated(settings, flat, order.repeats)}; {folder.path}")

    async def go(progress: Progress) -> None:
        with folder.writing(manifest) as writer:
            async with Enricher(RecordingEngine(engine), settings, symbols=symbols) as enricher:
                price = _price(settings)
                await make(wanted, writer, Making(enricher, settings.concurrency or AT_ONCE, price, progress.show))

    with Progress() as progress:
        _run(go(progress), folder)
    return folder.path


def _run(work: Any, folder: RunFolder) -> None:
    try:
        asyncio.run(work)
    except NewscardError as exc:
        say(f"stopped; what was made is kept in {folder.path}, and the same command goes on from there")
        raise exc from None


def _refuse_idle(settings: Settings, flags: Mapping[str, Any]) -> None:
    """Another prompt or model changes nothing where no model is asked; the figures would look as if it did no harm."""
    chosen_engine, why = settings.choose_engine()
    idle = [f"--{name}" for name in ("model", "prompt") if flags.get(name)]
    if chosen_engine == "extractive" and idle:
        raise UsageError(f"{' and '.join(idle)}: the extractive engine, chosen because {why}, has none; set a key or --base-url")


def _samples(order: Order) -> dict[str, list[Sample]]:
    found: dict[str, list[Sample]] = {}
    for text in order.data:
        name, _, place = text.partition("=")
        name = name.strip()
        if name in found:
            raise UsageError(f"--data {name} was given twice; give each set once")
        found[name] = chosen(name, place, split=order.split, limit=order.limit)
    ids = [sample.id for samples in found.values() for sample in samples]
    if len(ids) != len({*ids}):
        raise UsageError("two of the sets have an article of the same id; run them apart")
    return found


def _manifest(order: Order, samples: Mapping[str, Sequence[Sample]], engine: str, ingredients: dict[str, str]) -> Manifest:
    places = {text.partition("=")[0].strip(): text.partition("=")[2] for text in order.data}
    return Manifest(
        name=order.out.name if order.out else f"{engine} {named(ingredients)} on {', '.join(samples)} ({order.split})",
        created_at=datetime.now(UTC).replace(microsecond=0),
        data={name: digest_of(found) for name, found in samples.items()},
        places={name: str(Path(place.strip()).expanduser().absolute()) if place else "" for name, place in places.items()},
        split=order.split,
        limit=order.limit,
        samples=sum(map(len, samples.values())),
        repeats=order.repeats,
        engine=engine,
        ingredients=ingredients,
    )


def _estimated(settings: Settings, flat: Sequence[tuple[str, Sample]], repeats: int) -> str:
    """What the run may cost, in words; nothing for an engine that costs nothing."""
    if settings.choose_engine()[0] == "extractive":
        return ""
    system = estimate_tokens(load_prompts(settings.prompt).system())
    texts = sum(min(estimate_tokens(sample.article.text), settings.max_input_tokens) for _, sample in flat)
    requests = len(flat) * repeats
    usage = Usage(requests=requests, input_tokens=repeats * (texts + system * len(flat)), output_tokens=requests * REPLY_TOKENS)
    cost = _price(settings)(usage)
    return f", about {dollars(cost)}" if cost is not None else ", at an unknown price"


def _price(settings: Settings) -> Price:
    prices = Prices.load(settings.prices)

    def price(usage: Usage) -> float | None:
        cost = prices.cost(settings.model or "", settings.endpoint, usage, datetime.now(UTC).date())
        return None if cost is None else float(cost)

    return price
