"""`python -m evals.extractive.training --data-dir PATH --out FILE`: the weights of the engine's entity sentiment.

Trained on four fifths of finentity (ODC-BY 1.0) and of sentfin (MIT): the fifth that is held back, financial_phrasebank and gold are never
read here. Each sentence that names a labelled entity is an example. Multinomial logistic regression over hashed features, its weights
rounded to whole numbers; the same data and versions give the same file.
"""

from __future__ import annotations

import argparse
import sys
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from agent.engines.extractive.features import features
from agent.engines.extractive.sentiment import LABELS
from agent.engines.extractive.weights import UNIT, Weights
from agent.errors import UsageError
from agent.taxonomy import SentimentLabel
from evals.datasets import read
from evals.extractive.asking import names_of, views_of
from evals.samples import Sample

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SETS = {"finentity": 2.0, "sentfin": 1.0}
"""What an example of each set counts: news prose is rarer than headlines, and what cards are made of."""
BITS = 17
INVERSE_PENALTY = 0.1
"""C of the regression, chosen on the other four fifths."""
LARGEST = 127


class Example(NamedTuple):
    """What one sentence says of one entity. `share`: how much it counts."""

    features: Sequence[str]
    label: SentimentLabel
    share: float


def examples(samples: Iterator[Sample], count: float) -> Iterator[Example]:
    """The examples of all samples that aren't held back."""
    for sample in samples:
        if sample.split != "gate":
            entities = sample.gold.entities or ()
            reading, views = views_of(sample.article, [names_of(entity) for entity in entities])
            for entity, seen in zip(entities, views, strict=True):
                yield from (Example(features(reading, view), entity.sentiment, count) for view in seen)


def trained(found: Sequence[Example]) -> Weights:
    """The weights that fit the examples best."""
    import numpy as np
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    plain = Weights(BITS, 1, (array("b"), array("b"), array("b")))
    rows = [plain.places(example.features) for example in found]
    ends = np.cumsum([0, *map(len, rows)])
    columns = np.concatenate([np.array(row, np.int32) for row in rows])
    table = csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(rows), 1 << BITS))
    table.sum_duplicates()
    model = LogisticRegression(C=INVERSE_PENALTY, max_iter=500)
    model.fit(table, [LABELS.index(example.label) for example in found], sample_weight=[example.share for example in found])
    return _rounded(model.coef_)


def _rounded(weights: NDArray[np.float64]) -> Weights:
    """As whole numbers of -127..127, in steps that are whole parts of a unit."""
    import numpy as np

    scale = max(1, int(np.ceil(np.abs(weights).max() * UNIT / LARGEST)))
    whole = np.rint(weights * UNIT / scale).astype(np.int8)
    negative, neutral, positive = (array("b", row.tobytes()) for row in whole)
    return Weights(BITS, scale, (negative, neutral, positive))


def main(arguments: Sequence[str]) -> int:
    """Train and write; 2 when a set can't be used."""
    parser = argparse.ArgumentParser(prog="python -m evals.extractive.training", description=__doc__)
    parser.add_argument("--data-dir", type=Path, required=True, metavar="PATH", help="where the folders finentity and sentfin are")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="the packaged one is agent/engines/extractive/sentiment.weights"
    )
    options = parser.parse_args(arguments)
    try:
        found = [example for name, count in SETS.items() for example in examples(read(name, options.data_dir / name), count)]
    except UsageError as exc:
        sys.stderr.write(f"error: {exc}\n")
        return exc.exit_code
    options.out.write_bytes(trained(found).to_bytes())
    sys.stdout.write(f"{options.out}: trained on {len(found)} examples\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
