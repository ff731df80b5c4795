"""What a metric makes of many scores: means, ratios, F1, kappa, rank correlation, quantiles.

Each is an `Aggregate`, and beyond that knows `resampled`: its values over many resamples at once, each of which counts a card as often
as a row of weights says. That is the bootstrap as a few products of matrices, and gives the same as calling it on repeated scores.
Formulas are the ones of scikit-learn and SciPy, which the tests hold them to; computing from sums makes them quick.
"""

from evals.aggregates.agreement import bin_of, calibration_error, kappa
from evals.aggregates.columns import SEPARATOR, members, pair, pairs
from evals.aggregates.f1 import label_f1, macro_f1, micro_f1
from evals.aggregates.ranked import Quantile, Ranked
from evals.aggregates.summed import Resampling, Summed, mean, ratio

__all__ = [
    "SEPARATOR",
    "Quantile",
    "Ranked",
    "Resampling",
    "Summed",
    "bin_of",
    "calibration_error",
    "kappa",
    "label_f1",
    "macro_f1",
    "mean",
    "members",
    "micro_f1",
    "pair",
    "pairs",
    "ratio",
]
