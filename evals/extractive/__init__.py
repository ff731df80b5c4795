"""How good the extractive engine is, on public sets and gold: `python -m evals.extractive --data-dir PATH`.

Read in this order: `table` (what a measure is, and how it is printed), `asking` (the engine on names that are given), `vader` (a lexicon
to beat), one file for what is measured, `measures` (all of them).
"""
