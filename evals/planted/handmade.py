"""`python -m evals.planted.handmade`: lies of the kinds that a language model tells, each put by hand into a faithful draft.

The articles, drafts and lies under `handmade/` are made up for this; `handmade/README.md` says how. Checks may be mended on the part
`seen`; `held back` is only counted.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from agent.article import Article
from agent.draft import Draft
from agent.grounding import ground
from agent.symbols import load_symbols
from agent.taxonomy import COMPONENTS, load_taxonomy
from evals.planted.intervals import wilson
from evals.planted.judging import caught_by
from evals.planted.measuring import FalseAlarms, Outcome, false_alarms
from evals.planted.pairs import Cast, Pair
from evals.planted.plant import Edit, Plant, in_text

FOLDER = Path(__file__).parent / "handmade"

Part = Literal["seen", "held back"]
PARTS: tuple[Part, ...] = get_args(Part)

REACH = 40
"""A check may point so many characters to the left or right of the words that lie: at the figure that they are about."""
_REASON = "The article's news."


@dataclass(frozen=True)
class Handmade:
    """A faithful pair and the lies to be told in its draft, each alone."""

    pair: Pair
    part: Part
    lies: tuple[Plant, ...]


@dataclass(frozen=True)
class PartReport:
    """What the checks say of one part of the set."""

    part: Part
    outcomes: tuple[Outcome, ...]
    alarms: FalseAlarms


def load_handmade(folder: Path = FOLDER) -> tuple[Handmade, ...]:
    """The set, by file name; a lie whose true words don't stand in its draft exactly once is a ValueError that names the file."""
    return tuple(_handmade(path) for path in sorted(folder.glob("*.toml")))


def measure_part(handmade: Sequence[Handmade], part: Part) -> PartReport:
    """Hold each draft of a part against its article, as it is and with each of its lies."""
    symbols, taxonomy = load_symbols(), load_taxonomy()
    chosen = [made for made in handmade if made.part == part]
    untouched = {made.pair.label: ground(made.pair.article, made.pair.draft, symbols, taxonomy) for made in chosen}
    outcomes = tuple(
        Outcome(lie, caught_by(lie, ground(lie.article, lie.draft, symbols, taxonomy), untouched[made.pair.label]))
        for made in chosen
        for lie in made.lies
    )
    return PartReport(part, outcomes, false_alarms(untouched))


def as_lines(reports: Sequence[PartReport]) -> Iterator[str]:
    """A table: a row for each kind, all kinds, and the cards without a lie; a column for each part."""
    yield f"{'':45} " + "  ".join(f"{report.part:28}" for report in reports).rstrip()
    kinds = sorted({outcome.plant.kind for report in reports for outcome in report.outcomes})
    for kind in [*kinds, "all"]:
        rates = []
        for report in reports:
            told = [bool(outcome.caught_by) for outcome in report.outcomes if kind in {"all", outcome.plant.kind}]
            rates.append(_rate(sum(told), len(told)))
        yield f"{kind:45} " + "  ".join(f"{rate:28}" for rate in rates).rstrip()
    alarms = (_rate(report.alarms.cards, report.alarms.pairs) for report in reports)
    yield f"{'faithful cards with a finding':45} " + "  ".join(f"{rate:28}" for rate in alarms).rstrip()


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m evals.planted.handmade", description=__doc__)
    parser.add_argument(
        "--list",
        choices=PARTS,
        help="list what passes of one part, and what is found on its faithful drafts; that of `held back` only to report it",
    )
    options = parser.parse_args()
    handmade = load_handmade()
    reports = [measure_part(handmade, part) for part in PARTS]
    sys.stdout.writelines(f"{line}\n" for line in as_lines(reports))
    for report in reports:
        if report.part == options.list:
            sys.stdout.writelines(f"false alarm: {example}\n" for example in report.alarms.examples)
            sys.stdout.writelines(f"missed, {_described(outcome.plant)}\n" for outcome in report.outcomes if not outcome.caught_by)
    return 0


def _handmade(path: Path) -> Handmade:
    values = tomllib.loads(path.read_text(encoding="utf-8"))
    published = datetime.fromisoformat(values["published"]).replace(tzinfo=UTC)
    article = Article(title=values["title"], text=values["text"], published_at=published)
    pair = Pair(article, _draft(values), Cast(), label=path.stem, round=1)
    return Handmade(pair, values["part"], tuple(_lie(pair, lie) for lie in values["lies"]))


def _draft(values: dict[str, Any]) -> Draft:
    """The draft; what no check holds against the article (reasons, levels) is the same in all."""
    entities = [
        {**{name: entity[name] for name in ("name", "kind", "relevance", "sentiment")}, "quotes": [entity["quote"]], "reason": _REASON}
        for entity in values["entities"]
    ]
    return Draft.model_validate(
        {
            "entities": entities,
            "topics": [values["topic"]],
            "impact": {name: {"reason": _REASON, "level": 2} for name in COMPONENTS},
            "overall": {"reason": _REASON, "label": values["overall"]},
            "abstain_because": None,
            "summary": values["summary"],
            "analysis": values["analysis"],
        }
    )


def _lie(pair: Pair, values: dict[str, str]) -> Plant:
    where, true = values["where"], values["true"]
    prose: str = getattr(pair.draft, where)
    start = prose.find(true)
    edit = Edit(where, true, values["false"], start, start + len(true))
    lie = in_text(values["kind"], "by hand", pair, edit, reach=(REACH, REACH)) if prose.count(true) == 1 else None
    if lie is None:
        message = f'{pair.label}.toml: "{true}" must stand in the {where} once, and the lie must change it'
        raise ValueError(message)
    return lie


def _rate(hits: int, count: int) -> str:
    if not count:
        return "-"
    low, high = wilson(hits, count)
    return f"{hits} of {count}, {hits / count:.0%} ({low:.0%} to {high:.0%})"


def _described(lie: Plant) -> str:
    return f"{lie.kind}: {lie.pair.label}, {lie.edits[0].where}: {lie.edits[0].old!r} -> {lie.edits[0].new!r}"


if __name__ == "__main__":
    sys.exit(main())
