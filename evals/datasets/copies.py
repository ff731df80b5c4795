"""Texts on the two sides of a split that are nearly the same, though no key of their set says that they tell one story."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from evals.samples import Sample

RUN = 5
"""Words in a row that two texts have in common."""
NEAR = 0.5
"""Share of the shorter text's runs that are the other's too, from which it is a near copy."""
COMMON = 30
"""A run that so many texts have is a phrase of the trade."""


def near_copies(samples: Sequence[Sample]) -> list[Sample]:
    """The `gate` samples of which a near copy is in `dev`, in their order."""
    runs = [_runs(sample) for sample in samples]
    holding: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, own in enumerate(runs):
        for run in own:
            holding[run].append(place)
    found = []
    for place, sample in enumerate(samples):
        if sample.split == "gate":
            shared = Counter(other for run in runs[place] for other in _few(holding[run]) if samples[other].split == "dev")
            if any(count >= NEAR * min(len(runs[place]), len(runs[other])) for other, count in shared.items()):
                found.append(sample)
    return found


def _runs(sample: Sample) -> set[tuple[str, ...]]:
    words = f"{sample.article.title} {sample.article.text}".lower().split()
    return {*zip(*(words[start:] for start in range(RUN)), strict=False)}


def _few(places: list[int]) -> list[int]:
    return places if len(places) < COMMON else []
