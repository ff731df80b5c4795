"""Data sets to evaluate on: our gold cards and seven public sets, whose text stays where the user keeps it.

Read in this order: `base` (what a data set is), `rows`, `clusters` and `labels` (what the readers share), one file a set, `registry`.
"""

from evals.datasets.base import FIELDS, Data, DataSet
from evals.datasets.registry import DATASETS, parse_data, read

__all__ = ["DATASETS", "FIELDS", "Data", "DataSet", "parse_data", "read"]
