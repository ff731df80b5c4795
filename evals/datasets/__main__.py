"""`python -m evals.datasets [gold | NAME=PATH] ...`: what each data set measures and can't; with a path, what is in it."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence

from agent.errors import UsageError
from evals.datasets.base import DataSet
from evals.datasets.copies import near_copies
from evals.datasets.registry import DATASETS, parse_data
from evals.samples import Sample


def described(dataset: DataSet) -> Iterator[str]:
    """The lines that say what a set is good for."""
    yield f"{dataset.name}: {dataset.description} ({dataset.licence})"
    yield from (f"  measures {name}: {how}" for name, how in dataset.measures.items())
    yield from (f"  cannot measure {name}: {why}" for name, why in dataset.cannot_measure.items())


def counted(samples: Sequence[Sample]) -> Iterator[str]:
    """The lines that say what a file holds."""
    splits = Counter(sample.split for sample in samples)
    stories = len({sample.cluster for sample in samples})
    yield f"  {len(samples)} samples ({splits['dev']} dev, {splits['gate']} gate) in {stories} clusters"
    yield f"  gate samples with a near copy in dev: {len(near_copies(samples))}"
    golds = [sample.gold for sample in samples]
    entities = [entity for gold in golds for entity in gold.entities or ()]
    held = {
        "abstain": sum(gold.abstain is not None for gold in golds),
        "tickers": sum(gold.tickers is not None for gold in golds),
        "topics": sum(gold.topics is not None or gold.topic_groups is not None for gold in golds),
        "sentiment": sum(gold.sentiment is not None for gold in golds),
        "entities": sum(gold.entities is not None for gold in golds),
        "impact": sum(gold.impact is not None for gold in golds),
        "facts": sum(gold.facts is not None for gold in golds),
        "forbid": sum(bool(gold.forbid) for gold in golds),
        "summary": sum(gold.summary is not None for gold in golds),
        "analysis": sum(gold.analysis is not None for gold in golds),
    }
    yield "  samples with gold: " + ", ".join(f"{name} {count}" for name, count in held.items() if count)
    for what, labels in (
        ("overall labels", Counter(gold.sentiment.label for gold in golds if gold.sentiment)),
        (f"labels of {len(entities)} entities", Counter(entity.sentiment for entity in entities)),
    ):
        if labels:
            yield f"  {what}: " + ", ".join(f"{label} {count}" for label, count in labels.most_common())


def main(arguments: Sequence[str]) -> int:
    """Print; 2 when an argument can't be used."""
    try:
        for argument in arguments:
            data = parse_data(argument)
            sys.stdout.write("\n".join([*described(data.dataset), *counted(list(data.read()))]) + "\n\n")
    except UsageError as exc:
        sys.stderr.write(f"error: {exc}\n")
        return exc.exit_code
    if not arguments:
        sys.stdout.write("\n\n".join("\n".join(described(dataset)) for dataset in DATASETS.values()) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
