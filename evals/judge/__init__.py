"""A model judges analyses: closed questions, two at a time in both orders, blind to who wrote them.

What it says is one more opinion, whose own agreement with planted faults is measured (`python -m evals.judge`). No gate stands on it.
"""
