"""`python -m evals.extractive --data-dir PATH [SET ...]`: the table of docs/extractive.md.

PATH is a folder with a folder for each set, by its name in `python -m evals.datasets`; a set that isn't there is left out, and said so.
A fifth of each set, by a hash of its clusters, is held back: rules, words and weights are made on the rest (`--part rest`).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from agent.errors import UsageError
from evals.datasets import DATASETS
from evals.datasets.registry import parse_data
from evals.extractive.measures import MEASURES
from evals.extractive.table import Measure, Parts, head, printed
from evals.statistics import Resampling


def parts_of(dataset: str, folder: Path, part: str) -> Parts:
    """The samples of a set, parted. Raises UsageError when it isn't there or isn't in its format."""
    place = dataset if dataset == "gold" else f"{dataset}={folder / dataset}"
    samples = list(parse_data(place).read())
    held, rest = ([sample for sample in samples if (sample.split == "gate") is gate] for gate in (True, False))
    return Parts(held, rest) if part == "held-back" else Parts(rest, rest)


def main(arguments: Sequence[str]) -> int:
    """Print the table; 2 when something can't be used."""
    parser = argparse.ArgumentParser(prog="python -m evals.extractive", description=__doc__)
    parser.add_argument("sets", nargs="*", metavar="SET", help="these only")
    parser.add_argument("--data-dir", type=Path, required=True, metavar="PATH", help="where the sets are")
    parser.add_argument("--part", choices=("held-back", "rest"), default="held-back", help="what is measured (held-back)")
    options = parser.parse_args(arguments)
    try:
        wanted = _wanted(options.sets)
        sys.stdout.write("\n".join(head()) + "\n")
        for measure in wanted:
            if measure.dataset != "gold" and not options.sets and not (options.data_dir / measure.dataset).exists():
                sys.stderr.write(f"{measure.dataset}: left out, {options.data_dir / measure.dataset} isn't there\n")
                continue
            lines = measure.lines(parts_of(measure.dataset, options.data_dir, options.part))
            for line in printed(measure.dataset, lines, Resampling()):
                sys.stdout.write(f"{line}\n")
                sys.stdout.flush()
    except UsageError as exc:
        sys.stderr.write(f"error: {exc}\n")
        return exc.exit_code
    return 0


def _wanted(names: Sequence[str]) -> list[Measure]:
    known = {measure.dataset for measure in MEASURES}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise UsageError(f"{unknown[0]}: nothing is measured on it; known are {', '.join(name for name in DATASETS if name in known)}")
    return [measure for measure in MEASURES if not names or measure.dataset in names]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
