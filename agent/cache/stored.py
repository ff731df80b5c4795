"""Reading back what was validated when it was written: everything is validated again but for tidying, which is done already.

A draft's texts are tidied by a function of ours, and a bound behind such a function is a function too. Called from Rust one by one, they
take two thirds of the time of reading a draft. In the validators made here the bounds stand with the string itself.
"""

from __future__ import annotations

from functools import lru_cache, partial
from typing import Any, TypeVar, cast

from pydantic import BaseModel
from pydantic_core import CoreConfig, SchemaValidator

from agent.draft import tidy

M = TypeVar("M", bound=BaseModel)

_NO_INPUT: CoreConfig = {"hide_input_in_errors": True}
_BOUNDS = frozenset({"min_length", "max_length"})


def validate_stored(model: type[M], stored: bytes) -> M:
    """What `model.model_validate_json` gives for texts that are tidy; others come back as they are. Raises ValueError."""
    return cast("M", _validator(model).validate_json(stored))


@lru_cache(maxsize=4)
def _validator(model: type[BaseModel]) -> SchemaValidator:
    try:
        # Unless told otherwise it takes the classes' own validators, and none of what was changed here.
        return SchemaValidator(_quick(model.__pydantic_core_schema__), _NO_INPUT, _use_prebuilt=False)
    except TypeError:  # a pydantic that has no such argument: slower, and as right
        return cast("SchemaValidator", model.__pydantic_validator__)


def _quick(node: Any) -> Any:
    if isinstance(node, list):
        return [_quick(item) for item in node]
    if not isinstance(node, dict):
        return node
    bounds = _tidied(node)
    return {name: _quick(value) for name, value in node.items()} if bounds is None else {"type": "str", **bounds}


def _tidied(node: dict[str, Any]) -> dict[str, int] | None:
    """The bounds of a text that is tidied; None for everything else."""
    bounds: dict[str, int] = {}
    while node.get("type") == "function-after":
        function = node["function"]["function"]
        if function is tidy:
            return bounds if node["schema"] == {"type": "str"} else None
        if not isinstance(function, partial) or not function.keywords.keys() <= _BOUNDS:
            return None
        bounds |= function.keywords
        node = node["schema"]
    return None
