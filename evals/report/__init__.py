"""An evaluation on one page: figures with their intervals, where they come from, and every card beside its gold, the worst first."""

from evals.report.evaluated import Evaluated
from evals.report.page import page

__all__ = ["Evaluated", "page"]
