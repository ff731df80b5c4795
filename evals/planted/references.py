"""`python -m evals.planted.references`: the checks on the gold cards' reference prose, on articles that none of them was built on.

What is found on the prose as it stands is a false alarm, or a fault of the reference; then directions are turned round in it and figures
moved between entities, to see how many of those are found. Checks may be tuned on the `dev` part; `gate` is only counted.
"""

from __future__ import annotations

import argparse
import sys

from evals.goldset import Split, load_gold
from evals.planted.golds import gold_pairs
from evals.planted.intervals import wilson
from evals.planted.kinds import KINDS
from evals.planted.measuring import FalseAlarms, KindResult, measure

PLANTED = ("direction flip", "moved number")
"""The kinds that need no cast but the card's own entities."""
SPLITS: tuple[Split, ...] = ("dev", "gate")


def alarm_line(name: str, alarms: FalseAlarms) -> str:
    """What was found on one part as it stands."""
    (low, high), (low_summary, high_summary) = (wilson(count, alarms.pairs) for count in (alarms.cards, alarms.summaries))
    by_check = ", ".join(f"{check} {count}" for check, count in sorted(alarms.flagged.items())) or "none"
    return (
        f"{name:5} {alarms.pairs:3} cards: with a finding {alarms.cards} ({low:.1%}-{high:.1%}); in the summary {alarms.summaries} "
        f"({low_summary:.1%}-{high_summary:.1%}); by check: {by_check}"
    )


def kind_line(name: str, result: KindResult) -> str:
    """How many plants of one kind were caught in one part."""
    low, high = result.wilson
    count = len(result.outcomes)
    rate = f"{result.caught / count:.1%}" if count else "-"
    return f"{name:5} {result.kind.name}: caught {result.caught} of {count}, {rate} ({low:.1%}-{high:.1%}), in {result.articles} articles"


def main() -> int:
    """Measure and print both parts."""
    parser = argparse.ArgumentParser(prog="python -m evals.planted.references", description=__doc__)
    parser.add_argument(
        "--findings", choices=SPLITS, help="list the findings of one part as it stands; read those of `gate` only to report them"
    )
    parser.add_argument("--seed", type=int, default=0, help="which plants are drawn (default 0)")
    options = parser.parse_args()
    golds, kinds = load_gold(), [kind for kind in KINDS if kind.name in PLANTED]
    for split in SPLITS:
        report = measure(gold_pairs(golds, split), seed=options.seed, per_pair=3, kinds=kinds)
        lines = [alarm_line(split, report.false_alarms), *(kind_line(split, result) for result in report.kinds)]
        sys.stdout.writelines(f"{line}\n" for line in lines)
        if options.findings == split:
            sys.stdout.writelines(f"  {example}\n" for example in report.false_alarms.examples if " form: " not in example)
    return 0


if __name__ == "__main__":
    sys.exit(main())
