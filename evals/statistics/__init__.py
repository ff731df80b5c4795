"""How sure a figure is: intervals of one run, verdicts between two, by resampling clusters of articles.

Everything is seeded: the same scores give the same intervals and verdicts, to the last digit. docs/evals.md tells it in prose.
"""

from evals.statistics.cells import Cell, Cells
from evals.statistics.comparing import MIN_CLUSTERS, Comparison, Verdict, compare
from evals.statistics.estimates import Estimate, estimate
from evals.statistics.resampling import Resampling

__all__ = ["MIN_CLUSTERS", "Cell", "Cells", "Comparison", "Estimate", "Resampling", "Verdict", "compare", "estimate"]
