"""Holm's correction: a family of metrics looked at together must not cry wolf more often than one would."""

from __future__ import annotations

from collections.abc import Mapping


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """Adjusted p-values by name; compare them with the level itself.

    S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979), 65-70: the smallest
    is multiplied by the number of metrics, the next by one less, and none may become smaller than the one before.
    """
    adjusted: dict[str, float] = {}
    highest = 0.0
    for passed, (name, p) in enumerate(sorted(p_values.items(), key=lambda item: (item[1], item[0]))):
        highest = max(highest, min(1.0, p * (len(p_values) - passed)))
        adjusted[name] = highest
    return adjusted
