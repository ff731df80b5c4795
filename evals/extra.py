"""The libraries of the extra `evals`, which the command line does without."""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec

from agent.errors import UsageError

_MODULES = {
    "numpy": "numpy",
    "sacrebleu": "sacrebleu",
    "rouge_score": "rouge-score",
    "nltk": "nltk",
    "scipy": "scipy",
    "sklearn": "scikit-learn",
}


@lru_cache(maxsize=1)
def require_extra() -> None:
    """Raise UsageError that says what to install when a library of the extra isn't there."""
    missing = [name for module, name in _MODULES.items() if find_spec(module) is None]
    if missing:
        how = "pip install 'newscard[evals]', or in a checkout: pip install -e '.[evals]'"
        raise UsageError(f"an evaluation needs {', '.join(missing)}; install them with: {how}")
