"""`python -m evals.planted`: how many planted faults the checks catch, and what they find where there is none."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from typing import Any

from evals.planted.intervals import Interval, wilson
from evals.planted.kinds import KINDS
from evals.planted.measuring import FalseAlarms, KindResult, Report, measure
from evals.planted.pairs import load_pairs
from evals.planted.plant import Plant, read

_AROUND = 50


def as_json(report: Report) -> dict[str, Any]:
    """The report as JSON values; rates are 0..1, times milliseconds."""
    alarms = report.false_alarms
    return {
        "seed": report.seed,
        "per_pair": report.per_pair,
        "kinds": [_kind_values(result) for result in report.kinds],
        "false_alarms": {
            "pairs": alarms.pairs,
            "cards": alarms.cards,
            "summaries": alarms.summaries,
            "findings": dict(alarms.findings),
            "flagged": dict(alarms.flagged),
            "wilson_cards": wilson(alarms.cards, alarms.pairs),
        },
        "median_ms": round(report.median_ms, 3),
        "p95_ms": round(report.p95_ms, 3),
    }


def as_text(report: Report) -> str:
    """The report as a table."""
    lines = [f"{'kind':24} {'n':>4} {'art.':>4} {'caught':>6} {'rate':>7}  {'Wilson 95%':14} {'by article 95%':14} {'reach':>6}  caught by"]
    lines += [_kind_line(result) for result in report.kinds]
    return "\n".join(
        [*lines, "", *_alarm_lines(report.false_alarms), "", f"time per card: median {report.median_ms:.2f} ms, p95 {report.p95_ms:.2f} ms"]
    )


def missed(result: KindResult, count: int) -> list[str]:
    """Up to `count` plants of a kind that no check points at, one line each."""
    return [_described(outcome.plant) for outcome in result.outcomes if not outcome.caught_by][:count]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m evals.planted", description=__doc__)
    parser.add_argument("--seed", type=int, default=0, help="which plants are drawn (default 0)")
    parser.add_argument("--per-pair", type=int, default=3, metavar="K", help="at most K plants of a kind in one pair (default 3)")
    parser.add_argument("--kind", action="append", choices=[kind.name for kind in KINDS], help="only this kind; may be repeated")
    parser.add_argument(
        "--misses", type=int, default=0, metavar="N", help="list N missed plants of each kind, and what was found on untouched cards"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    kinds = [kind for kind in KINDS if not options.kind or kind.name in options.kind]
    report = measure(load_pairs(), seed=options.seed, per_pair=options.per_pair, kinds=kinds)
    if options.json:
        values = as_json(report)
        if options.misses:
            values["misses"] = {result.kind.name: missed(result, options.misses) for result in report.kinds}
        sys.stdout.write(json.dumps(values, indent=1, ensure_ascii=False) + "\n")
        return 0
    sys.stdout.write(as_text(report) + "\n")
    if options.misses:
        for result in report.kinds:
            sys.stdout.writelines(f"missed, {result.kind.name}: {line}\n" for line in missed(result, options.misses))
        sys.stdout.writelines(f"false alarm: {line}\n" for line in report.false_alarms.examples)
    return 0


def _kind_values(result: KindResult) -> dict[str, Any]:
    return {
        "kind": result.kind.name,
        "n": len(result.outcomes),
        "articles": result.articles,
        "caught": result.caught,
        "rate": result.caught / len(result.outcomes) if result.outcomes else None,
        "wilson": result.wilson,
        "clustered": result.clustered,
        "reach": result.kind.reach,
        "by_check": _by_check(result),
    }


def _by_check(result: KindResult) -> dict[str, int]:
    """How many each check points at; several may point at one."""
    counted = Counter(check for outcome in result.outcomes for check in outcome.caught_by)
    return dict(sorted(counted.items()))


def _kind_line(result: KindResult) -> str:
    count = len(result.outcomes)
    rate = f"{result.caught / count:7.1%}" if count else "      -"
    reach = f">={result.kind.reach:.0%}" if result.kind.reach else "-"
    return (
        f"{result.kind.name:24} {count:4} {result.articles:4} {result.caught:6} {rate}  "
        f"{_interval(result.wilson):14} {_interval(result.clustered):14} {reach:>6}  "
        + ", ".join(f"{check} {times}" for check, times in _by_check(result).items())
    ).rstrip()


def _alarm_lines(alarms: FalseAlarms) -> list[str]:
    cards, summaries = (
        f"{count} of {alarms.pairs} ({_interval(wilson(count, alarms.pairs))})" for count in (alarms.cards, alarms.summaries)
    )
    lines = [f"untouched cards with a finding: {cards}; summaries: {summaries}; reach <= 3%"]
    return lines + [f"  {check:12} {count} findings on {alarms.flagged[check]} cards" for check, count in sorted(alarms.findings.items())]


def _interval(interval: Interval) -> str:
    return f"{interval[0]:.1%}-{interval[1]:.1%}"


def _described(plant: Plant) -> str:
    head = f"{plant.pair.id}, {plant.variant}: "
    place = plant.places[0]
    text = read(plant.draft.model_dump(), place.where) if place.where else ""
    if place.start is None or place.end is None or not isinstance(text, str):
        return head + "; ".join(f"{edit.where} {edit.old[:_AROUND]!r} -> {edit.new[:_AROUND]!r}" for edit in plant.edits)
    around = (
        text[max(0, place.start - _AROUND) : place.start]
        + "["
        + text[place.start : place.end]
        + "]"
        + text[place.end : place.end + _AROUND]
    )
    changes = ", ".join(f"{edit.old!r} -> {edit.new!r}" for edit in plant.edits)
    return f"{head}{place.where}: {changes} in …{around}…"


if __name__ == "__main__":
    sys.exit(main())
