"""Runs: what an engine made of a data set, recorded so that it can be resumed, scored again and replayed without a network."""

from evals.runs.folder import RunFolder
from evals.runs.manifest import Manifest
from evals.runs.rows import Row, Trouble
from evals.runs.scoring import Run, load_run

__all__ = ["Manifest", "Row", "Run", "RunFolder", "Trouble", "load_run"]
