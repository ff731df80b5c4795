"""Settings: where each value comes from, and what an error says."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from agent.errors import UsageError
from agent.settings import Settings


def test_names_are_the_fields_in_capitals_with_a_prefix() -> None:
    """Text from the environment becomes numbers, switches and paths."""
    settings = Settings.from_env(
        {
            "NEWSCARD_MODEL": "m",
            "NEWSCARD_CONCURRENCY": "16",
            "NEWSCARD_CACHE": "0",
            "NEWSCARD_TIMEOUT_S": "1.5",
            "NEWSCARD_PRICES": "p.yaml",
        }
    )
    assert (settings.model, settings.concurrency, settings.cache) == ("m", 16, False)
    assert (settings.timeout_s, settings.prices) == (1.5, Path("p.yaml"))


def test_openai_names_serve_where_ours_are_unset() -> None:
    """OPENAI_API_KEY and OPENAI_BASE_URL are fallbacks, ours win."""
    theirs = {"OPENAI_API_KEY": "theirs", "OPENAI_BASE_URL": "http://theirs/v1"}
    settings = Settings.from_env(theirs)
    assert (settings.api_key and settings.api_key.get_secret_value(), settings.base_url) == ("theirs", "http://theirs/v1")
    settings = Settings.from_env(theirs | {"NEWSCARD_API_KEY": "ours", "NEWSCARD_BASE_URL": "http://ours/v1"})
    assert (settings.api_key and settings.api_key.get_secret_value(), settings.base_url) == ("ours", "http://ours/v1")


def test_an_empty_variable_is_unset() -> None:
    """`NEWSCARD_MODEL=` is how people unset a variable."""
    assert Settings.from_env({"NEWSCARD_MODEL": " "}).model is None
    assert Settings.from_env({"NEWSCARD_MODEL": "", "NEWSCARD_API_KEY": "", "OPENAI_API_KEY": "k"}).api_key is not None


def test_a_dotenv_file_counts_and_the_environment_overrides_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file in the working directory fills what the environment leaves open."""
    (tmp_path / ".env").write_text("NEWSCARD_MODEL=from-file\nNEWSCARD_CONCURRENCY=3\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEWSCARD_MODEL", "from-environment")
    settings = Settings.from_env()
    assert (settings.model, settings.concurrency) == ("from-environment", 3)


def test_a_given_environment_reads_no_dotenv_file_unless_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever passes an environment gets that one alone."""
    (tmp_path / ".env").write_text("NEWSCARD_MODEL=from-file\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    assert Settings.from_env({}).model is None
    assert Settings.from_env({}, dotenv=tmp_path / ".env").model == "from-file"


def test_overrides_win_and_none_overrides_nothing() -> None:
    """Command-line options that weren't given leave the environment's value."""
    settings = Settings.from_env({"NEWSCARD_MODEL": "m", "NEWSCARD_MAX_REASKS": "1"}, model=None, max_reasks=0)
    assert (settings.model, settings.max_reasks) == ("m", 0)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("NEWSCARD_ENGINE", "magic"),
        ("NEWSCARD_MODE", "xml"),
        ("NEWSCARD_TEMPERATURE", "3"),
        ("NEWSCARD_TEMPERATURE", "nan"),
        ("NEWSCARD_CONCURRENCY", "0"),
        ("NEWSCARD_CONCURRENCY", "many"),
        ("NEWSCARD_TIMEOUT_S", "-1"),
        ("NEWSCARD_TIMEOUT_S", "inf"),
        ("NEWSCARD_MAX_REASKS", "2"),
        ("NEWSCARD_MAX_COST_USD", "0"),
        ("NEWSCARD_BASE_URL", "api.example.com"),
    ],
)
def test_an_error_names_the_variable_and_not_its_value(variable: str, value: str) -> None:
    """One line that says which variable can't be used."""
    with pytest.raises(UsageError) as caught:
        Settings.from_env({variable: value})
    message = str(caught.value)
    assert message.startswith(f"{variable}: ")
    assert "\n" not in message
    assert value not in message.removeprefix(variable) or len(value) < 4


def test_an_error_says_what_is_wrong_and_names_the_variable_that_was_set() -> None:
    """Also where it is OpenAI's; and without pydantic's own words."""
    for variable in ("NEWSCARD_BASE_URL", "OPENAI_BASE_URL"):
        with pytest.raises(UsageError, match=f"^{variable}: it must start with http:// or https://; see "):
            Settings.from_env({variable: "localhost"})


@pytest.mark.parametrize("value", ["secret-key", "X-Key: 1\nsecret-key"])
def test_a_header_without_a_colon_is_refused(value: str) -> None:
    """It would be left out without a word, and with it a gateway's key. The line isn't shown."""
    with pytest.raises(UsageError, match=r"^NEWSCARD_HEADERS: each line must be `Name: value`") as caught:
        Settings.from_env({"NEWSCARD_HEADERS": value})
    assert "secret" not in str(caught.value)


def test_a_value_that_is_not_text_is_refused() -> None:
    """A model's name in another encoding couldn't be sent."""
    with pytest.raises(UsageError, match=r"^NEWSCARD_MODEL: it isn't UTF-8 text"):
        Settings.from_env({"NEWSCARD_MODEL": os.fsdecode(b"mod\xe9l")})
    assert Settings.from_env({"NEWSCARD_PRICES": os.fsdecode(b"pr\xe9is.yaml")}).prices == Path(os.fsdecode(b"pr\xe9is.yaml"))


@pytest.mark.parametrize(("misspelt", "meant"), [("MAX_COST", "MAX_COST_USD"), ("CONCURENCY", "CONCURRENCY"), ("TIMEOUT", "TIMEOUT_S")])
def test_a_misspelt_variable_is_refused(misspelt: str, meant: str) -> None:
    """A budget that isn't read is no budget."""
    with pytest.raises(UsageError, match=f"^NEWSCARD_{misspelt}: there is no such setting; did you mean NEWSCARD_{meant}\\?"):
        Settings.from_env({f"NEWSCARD_{misspelt}": "5"})


def test_variables_that_resemble_none_of_ours_are_somebody_elses() -> None:
    """Kubernetes sets such for a service of that name."""
    others = {"NEWSCARD_SERVICE_HOST": "10.0.0.1", "NEWSCARD_PORT_8000_TCP_ADDR": "10.0.0.1", "NEWSCARD_IMAGE": "x"}
    assert Settings.from_env(others) == Settings()


@pytest.mark.parametrize("content", ["NEWSCARD_MODEL=café\n".encode("latin-1"), "NEWSCARD_MODEL=m\n".encode("utf-16")])
def test_a_dotenv_file_in_another_encoding_is_one_clear_line(tmp_path: Path, content: bytes) -> None:
    """Windows writes UTF-16."""
    (tmp_path / ".env").write_bytes(content)
    with pytest.raises(UsageError, match=r"\.env: not UTF-8 text; convert it with iconv$"):
        Settings.from_env({}, dotenv=tmp_path / ".env")


def test_a_dotenv_file_that_may_not_be_read_is_wrong_usage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Going on without it could cost money."""

    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    (tmp_path / ".env").write_text("NEWSCARD_MODEL=m\n")
    monkeypatch.setattr("dotenv.dotenv_values", refuse)  # root may read everything
    with pytest.raises(UsageError, match=r"\.env: it can't be read: Permission denied$"):
        Settings.from_env({}, dotenv=tmp_path / ".env")


def test_an_unknown_override_is_an_error() -> None:
    """A misspelt option isn't passed over."""
    with pytest.raises(UsageError, match="NEWSCARD_TEMPRATURE"):
        Settings.from_env({}, temprature=1)


def test_secrets_never_show() -> None:
    """Neither the key nor a password in the address is in the settings' repr, text or endpoint."""
    settings = Settings.from_env({"NEWSCARD_API_KEY": "sk-canary", "NEWSCARD_BASE_URL": "https://user:canary@host:8443/v1"})
    assert "canary" not in f"{settings!r} {settings} {settings.endpoint}"
    assert settings.endpoint == "host:8443"


def test_a_base_url_loses_its_last_slash() -> None:
    """Paths are appended to it."""
    assert Settings(base_url="http://localhost:11434/v1/").base_url == "http://localhost:11434/v1"


def test_the_endpoint_without_a_base_url_is_openais() -> None:
    """What provenance shows by default."""
    assert Settings().endpoint == "api.openai.com"


@pytest.mark.parametrize(
    ("given", "engine", "why"),
    [
        ({}, "extractive", "neither"),
        ({"api_key": "k"}, "llm", "key"),
        ({"base_url": "http://localhost/v1"}, "llm", "base URL"),
        ({"api_key": "k", "engine": "extractive"}, "extractive", "asked"),
        ({"engine": "llm"}, "llm", "asked"),
    ],
)
def test_the_engine_follows_from_what_is_set(given: dict[str, Any], engine: str, why: str) -> None:
    """A key or a base URL means llm, neither extractive, a wish beats both; the reason is said in words."""
    chosen, reason = Settings.model_validate(given).choose_engine()
    assert chosen == engine
    assert why in reason


def test_settings_are_frozen() -> None:
    """Nobody changes them on the way."""
    with pytest.raises(ValidationError):
        Settings().concurrency = 9  # type: ignore[misc]
