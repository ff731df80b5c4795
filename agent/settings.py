"""The settings of one process. This file alone reads the environment.

Names are `NEWSCARD_` and the field's name in capitals; `OPENAI_API_KEY` and `OPENAI_BASE_URL` serve where ours are unset.
A `.env` file in the working directory counts as environment that the real one overrides.
Durations are seconds (`_s`), money is US dollars (`_usd`).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from agent.errors import UsageError

OPENAI_BASE_URL = "https://api.openai.com/v1"

EngineName = Literal["llm", "extractive"]
Mode = Literal["json_schema", "tools", "json_object", "text"]
Effort = Literal["none", "minimal", "low", "medium", "high", "xhigh"]

_PREFIX = "NEWSCARD_"
_ALIKE = 0.75
"""From here on (difflib's ratio, without the prefix) a name is taken for a misspelt one: MAX_COST is, SERVICE_HOST isn't."""
_FALLBACKS = {
    "api_key": "OPENAI_API_KEY",
    "base_url": "OPENAI_BASE_URL",
    "organization": "OPENAI_ORG_ID",
    "project": "OPENAI_PROJECT_ID",
    "headers": "OPENAI_CUSTOM_HEADERS",
}


class Settings(BaseModel):
    """Everything a user can set. Frozen; made by `Settings.from_env()` or by keyword in tests and notebooks."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, allow_inf_nan=False)

    engine: EngineName | None = Field(None, description="Who drafts: `llm` or `extractive`. Unset: `llm` when a key or a base URL is set.")
    api_key: SecretStr | None = Field(None, description="The endpoint's key. Unset: `OPENAI_API_KEY`. Local servers need none.")
    base_url: str | None = Field(
        None,
        repr=False,  # it may hold a user and a password
        description="Address of an OpenAI-compatible endpoint, up to and with `/v1`. Unset: `OPENAI_BASE_URL`, else OpenAI.",
    )
    organization: str | None = Field(None, description="Sent as `OpenAI-Organization`. Unset: `OPENAI_ORG_ID`.")
    project: str | None = Field(None, description="Sent as `OpenAI-Project`. Unset: `OPENAI_PROJECT_ID`.")
    headers: str | None = Field(
        None,
        repr=False,  # they may hold a gateway's key
        description="Headers to send with each request, one `Name: value` a line. Unset: `OPENAI_CUSTOM_HEADERS`.",
    )
    model: str | None = Field(None, description="The model's name at the endpoint. There is no default: a guess would cost you money.")
    mode: Mode | None = Field(
        None,
        description="How structured output is asked for: `json_schema` (strict), `tools`, `json_object` or `text`. Unset: by endpoint.",
    )
    temperature: Annotated[float, Field(ge=0, le=2)] | None = Field(
        None, description="Sampling temperature. Unset: 0, or left out for models that refuse it."
    )
    max_output_tokens: int | None = Field(
        None,
        ge=256,
        description="Cap on the tokens of one reply, reasoning included. Unset: by model family; doubled once when a reply is cut off.",
    )
    reasoning_effort: Effort | None = Field(
        None, description="Reasoning effort, for models that have one. Unset: `low` for reasoning models."
    )
    max_input_tokens: int = Field(
        12_000, ge=200, description="Token budget of one article's text. A longer one is cut at a sentence, and its card says so."
    )
    prompt: str = Field("card.v1", description="Name and version of the prompt files.")
    timeout_s: float = Field(90.0, gt=0, description="Longest silence of the endpoint during one request.")
    deadline_s: float = Field(
        240.0, gt=0, description="Longest time for one article, all attempts and their waits together; not counted: being held back."
    )
    max_attempts: int = Field(5, ge=1, le=20, description="Requests for one article that may fail before it is given up.")
    max_reasks: int = Field(1, ge=0, le=1, description="Re-asks that name a draft's faults to the model: 1, or 0 to save the call.")
    concurrency: Annotated[int, Field(ge=1, le=10_000)] | None = Field(
        None, description="Most requests in flight at once. Unset: as many as the endpoint turns out to take; `newscard enrich` has 8."
    )
    rpm: Annotated[int, Field(ge=1)] | None = Field(None, description="Most requests a minute. Unset: as many as the endpoint takes.")
    tpm: Annotated[int, Field(ge=1)] | None = Field(
        None, description="Most tokens a minute, input and output together. Unset: as many as the endpoint takes."
    )
    outage_s: float = Field(
        300.0, ge=0, description="How long to wait for an endpoint that has stopped answering before the run ends. No article's time runs."
    )
    max_cost_usd: Annotated[float, Field(gt=0)] | None = Field(
        None, description="Stop before the call that could take this process past so many dollars. Needs a priced model."
    )
    max_tokens: Annotated[int, Field(gt=0)] | None = Field(
        None, description="Stop before the call that could take this process past so many tokens, input and output together."
    )
    poll_s: float = Field(
        30.0, gt=0, description="With `--runner openai-batch`: how often the provider is asked whether its batches have ended."
    )
    drain_s: float = Field(30.0, ge=0, description="After Ctrl-C or SIGTERM, how long a batch waits for what is in flight.")
    prices: Path | None = Field(None, description="A YAML file of prices that extends and overrides the built-in table.")
    cache: bool = Field(True, description="Keep validated drafts on disk, so that the same article isn't paid for twice.")
    cache_dir: Path | None = Field(None, description="Folder of the cache. Unset: `newscard` in the user's cache folder.")
    cache_url: SecretStr | None = Field(
        None, description="A Redis server (`redis://`, `rediss://`) that keeps drafts for many machines instead of a disk."
    )
    budget: str | None = Field(
        None,
        min_length=1,
        max_length=100,
        description="Name of a budget in that Redis: all workers that give it share `NEWSCARD_MAX_COST_USD` and `NEWSCARD_MAX_TOKENS`.",
    )
    workers: int = Field(8, ge=1, description="Workers that share the rates as long as Redis hasn't told how many there are.")
    tenant: str = Field("", description="Drafts are shared only within one tenant.")
    symbols: Path | None = Field(None, description="A symbol table to use instead of the built-in or updated one.")
    host: str = Field("127.0.0.1", description="Where `newscard serve` listens.")
    port: int = Field(8000, ge=0, le=65_535, description="The port it listens at; 0: any free one.")
    data_dir: Path | None = Field(
        None, description="Folder of the service's cards and batches. Unset: `newscard` in the user's data folder."
    )
    store_url: str | None = Field(
        None,
        repr=False,  # it may hold a password
        description="Where the service keeps cards, as SQLAlchemy writes it: `postgresql+psycopg://…`. Unset: SQLite in the data folder.",
    )
    queue: int = Field(
        1_000, ge=1, description="Requests for a card that the service has in hand at once, waiting ones included; past it they get a 503."
    )
    fetch: bool = Field(False, description="Let the service read articles from addresses that callers give.")
    max_body_bytes: int = Field(2_000_000, ge=1_000, description="Longest body of a request to the service.")
    max_upload_bytes: int = Field(200_000_000, ge=1_000, description="The same for a batch of articles.")
    batch_days: float = Field(
        30.0,
        ge=0,
        le=36_500,
        description="Days that the service keeps a batch's articles and rows after its end. Its cards stay in the list.",
    )
    contact: str | None = Field(None, description="Your e-mail address; sec.gov wants it in the User-Agent of `newscard symbols update`.")

    @field_validator("base_url")
    @classmethod
    def _an_http_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        if not value.startswith(("http://", "https://")):
            raise ValueError("it must start with http:// or https://")
        return value.rstrip("/")

    @field_validator("headers")
    @classmethod
    def _one_header_a_line(cls, value: str | None) -> str | None:
        # A line that isn't one would be left out, and with it, say, a gateway's key.
        if any(line.strip() and ":" not in line for line in (value or "").splitlines()):
            raise ValueError("each line must be `Name: value`")
        return value

    @field_validator("*")
    @classmethod
    def _text_that_can_be_sent(cls, value: Any) -> Any:
        if isinstance(value, str) and not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError:
                raise ValueError("it isn't UTF-8 text") from None
        return value

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, *, dotenv: Path | None = None, **overrides: Any) -> Settings:
        """Read the environment (and `.env`), then apply `overrides` that are not None.

        Raises UsageError that names the variable when a value can't be used, or when a name is almost one of ours.
        """
        found = _dotenv(dotenv if dotenv is not None else Path(".env")) if environ is None or dotenv else {}
        found |= os.environ if environ is None else environ
        _refuse_misspelt(found, cls.model_fields)
        values: dict[str, Any] = {}
        variables: dict[str, str] = {}
        for name in cls.model_fields:
            for variable in (_PREFIX + name.upper(), _FALLBACKS.get(name, "")):
                if name not in values and found.get(variable, "").strip():
                    values[name], variables[name] = found[variable], variable
        given = {name: value for name, value in overrides.items() if value is not None}
        try:
            return cls.model_validate(values | given)
        except ValidationError as exc:
            problem = exc.errors(include_input=False, include_url=False)[0]
            name = str(problem["loc"][0])
            variable = _PREFIX + name.upper() if name in given else variables.get(name, _PREFIX + name.upper())
            what = problem["msg"].removeprefix("Value error, ")
            raise UsageError(f"{variable}: {what}; see `newscard --help` or docs/settings.md") from None

    @property
    def endpoint(self) -> str:
        """Host (and port, if any) of the endpoint: what provenance shows and the cache's key holds."""
        from urllib.parse import urlsplit

        return urlsplit(self.base_url or OPENAI_BASE_URL).netloc.rpartition("@")[2]

    def choose_engine(self) -> tuple[EngineName, str]:
        """The engine to use, and why, in words for the user."""
        if self.engine is not None:
            return self.engine, "it was asked for"
        if self.base_url is not None:
            return "llm", "a base URL is set"
        if self.api_key is not None:
            return "llm", "a key is set"
        return "extractive", "neither a key nor a base URL is set"


def _dotenv(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    from dotenv import dotenv_values

    try:
        return {name: value for name, value in dotenv_values(path).items() if value is not None}
    except OSError as exc:
        raise UsageError(f"{path}: it can't be read: {exc.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path}: not UTF-8 text; convert it with iconv") from None


def _refuse_misspelt(found: Mapping[str, str], fields: Iterable[str]) -> None:
    """A budget under a name that is almost right would be no budget. Names that resemble none are somebody else's."""
    known = {_PREFIX + name.upper() for name in fields}
    for variable in sorted(name for name in found.keys() - known if name.startswith(_PREFIX)):
        from difflib import get_close_matches

        meant = get_close_matches(variable.removeprefix(_PREFIX), [name.removeprefix(_PREFIX) for name in known], n=1, cutoff=_ALIKE)
        if meant:
            raise UsageError(f"{variable}: there is no such setting; did you mean {_PREFIX}{meant[0]}?")
