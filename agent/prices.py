"""What a token costs: a dated table, read from prices.yaml and from a file of the user's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from agent.card import Usage
from agent.errors import UsageError
from agent.settings import Settings

_MILLION = Decimal(1_000_000)
_SNAPSHOT = re.compile(r"(?P<family>.+)-\d{4}-\d{2}-\d{2}")

Rate = Annotated[Decimal, Field(ge=0, allow_inf_nan=False, max_digits=12)]


class Price(BaseModel):
    """One row: US dollars per million tokens of one model at one endpoint (host, and port if any), from a day on."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    model: str = Field(min_length=1)
    endpoint: str = Field(min_length=1)
    effective_from: date
    input: Rate
    cached_input: Rate
    output: Rate
    not_for: tuple[str, ...] = ()
    source: str = Field(min_length=1, description="Where the price was read, and when.")

    @field_validator("input", "cached_input", "output", mode="before")
    @classmethod
    def _exact(cls, value: object) -> object:
        # YAML reads 0.075 as a binary float; its shortest decimal form is what was written.
        return str(value) if isinstance(value, float) else value

    def holds_for(self, model: str, endpoint: str, on: date) -> bool:
        """Whether the row covers that endpoint and day, and doesn't leave this very model out."""
        return self.endpoint.lower() == endpoint.lower() and self.effective_from <= on and model not in self.not_for

    def cost(self, usage: Usage) -> Decimal:
        """US dollars for `usage`, whose cached input tokens are part of its input tokens."""
        cached = min(usage.cached_input_tokens, usage.input_tokens)
        dollars = (usage.input_tokens - cached) * self.input + cached * self.cached_input + usage.output_tokens * self.output
        return dollars / _MILLION


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    prices: tuple[Price, ...]


@dataclass(frozen=True, slots=True)
class Prices:
    """Known prices, in tables of which an earlier one overrides a later one."""

    tables: tuple[tuple[Price, ...], ...]

    @classmethod
    def load(cls, extra: Path | None = None) -> Prices:
        """The built-in table, extended and overridden by the file `extra`. Raises UsageError when that file can't be used."""
        return cls((_read(extra), _built_in()) if extra is not None else (_built_in(),))

    def find(self, model: str, endpoint: str, on: date, *, asked: str = "") -> Price | None:
        """The row that holds for `model` at `endpoint` on that day.

        A dated snapshot without a row of its own goes by its family's. No other likeness counts: a name that only looks like a known one
        has no price. Without either, the user's own row for the name that was `asked` for holds: a deployment answers by its model's.
        """
        snapshot = _SNAPSHOT.fullmatch(model)
        names = (model, snapshot["family"]) if snapshot else (model,)
        for table in self.tables:
            for name in names:
                rows = [row for row in table if row.model == name and row.holds_for(model, endpoint, on)]
                if rows:
                    return max(rows, key=lambda row: row.effective_from)
        own = self.tables[0] if len(self.tables) > 1 else ()
        rows = [row for row in own if row.model == asked and row.holds_for(model, endpoint, on)]
        return max(rows, key=lambda row: row.effective_from, default=None)

    def cost(self, model: str, endpoint: str, usage: Usage, on: date) -> Decimal | None:
        """US dollars for `usage` at that day's prices; None when there is no price for that model at that endpoint."""
        row = self.find(model, endpoint, on)
        return None if row is None else row.cost(usage)


def price_today(settings: Settings) -> Price | None:
    """What the model that is asked for costs now. Raises UsageError when the settings' file of prices can't be used."""
    return Prices.load(settings.prices).find(settings.model or "", settings.endpoint, datetime.now(UTC).date())


@cache
def _built_in() -> tuple[Price, ...]:
    return _File.model_validate(_yaml(files("agent").joinpath("prices.yaml").read_bytes())).prices


def _read(path: Path) -> tuple[Price, ...]:
    import yaml

    try:
        return _File.model_validate(_yaml(path.read_bytes())).prices
    except OSError as exc:
        raise UsageError(f"NEWSCARD_PRICES: {path} can't be read: {exc.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError):
        raise UsageError(f"NEWSCARD_PRICES: {path} isn't YAML; its shape is that of agent/prices.yaml") from None
    except ValidationError as exc:
        problem = exc.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(part) for part in problem["loc"]) or "the file"
        raise UsageError(f"NEWSCARD_PRICES: {path}: {place}: {problem['msg']}; its shape is that of agent/prices.yaml") from None


def _yaml(source: bytes) -> Any:
    import yaml

    return yaml.load(source, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  both are safe loaders
