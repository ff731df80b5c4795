"""Planted faults: one lie of a known kind put into a faithful draft, to see whether the checks point at it.

`python -m evals.planted` plants, grounds and prints the catch rate of each kind and the false alarms on the untouched drafts. The generator
knows nothing of the checks: it reads figures and names by its own, narrower rules and asks `ground` only for its answer.
"""
