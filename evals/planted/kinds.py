"""The kinds of fault, with what the project means to catch of each."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from evals.planted.crosswired import crosswired_cards, crosswired_prose
from evals.planted.moved import moved_numbers
from evals.planted.names import invented_names, name_swaps
from evals.planted.numbers import digit_swaps, percent_to_basis_points, percent_to_points, scale_swaps
from evals.planted.pairs import Pair
from evals.planted.plant import Plant, seeded
from evals.planted.quotes import altered_evidence, altered_in_prose
from evals.planted.securities import invented_tickers, namesake_tickers
from evals.planted.words import added_nots, direction_flips, dropped_nots, dropped_nots_in_quotes


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fault. `reach` is the share of them to be caught, 0..1; None where none is set."""

    name: str
    plants: Callable[[Pair, random.Random], Iterator[Plant | None]]
    reach: float | None = None


KINDS = (
    Kind("digit swap", digit_swaps, 0.97),
    Kind("scale swap", scale_swaps, 0.97),
    Kind("percent or bps", percent_to_basis_points, 0.97),
    Kind("percent or points", percent_to_points),
    Kind("direction flip", direction_flips, 0.80),
    Kind("moved number", moved_numbers, 0.80),
    Kind("name swap", name_swaps),
    Kind("invented name", invented_names, 0.98),
    Kind("dropped not, prose", dropped_nots),
    Kind("added not, prose", added_nots),
    Kind("dropped not, evidence", dropped_nots_in_quotes, 0.99),
    Kind("altered quote, evidence", altered_evidence, 0.99),
    Kind("altered quote, prose", altered_in_prose, 0.99),
    Kind("invented ticker", invented_tickers, 0.98),
    Kind("namesake ticker", namesake_tickers),
    Kind("cross-wired card", crosswired_cards, 0.99),
    Kind("cross-wired prose", crosswired_prose),
)


def plants(kind: Kind, pair: Pair, *, seed: int, count: int) -> list[Plant]:
    """Up to `count` different plants of a kind in one pair; the same for the same arguments."""
    found = (plant for plant in kind.plants(pair, seeded(seed, pair.id, kind.name)) if plant is not None)
    return list(islice(found, count))
