"""What the program itself writes of its documentation; cog puts it into the pages, and its check fails when they differ."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Any, Literal, Union, get_args, get_origin

WIDTH = 88
"""Columns of a help text on a page."""


def commands() -> Iterator[tuple[str, str]]:
    """Every command, parents first, with its help."""
    import typer

    from agent.cli import build

    def walk(command: Any, name: str, parent: Any) -> Iterator[tuple[str, str]]:
        context = command.make_context(name, [], parent=parent, resilient_parsing=True, terminal_width=WIDTH)
        yield context.command_path, command.get_help(context)
        for child, subcommand in getattr(command, "commands", {}).items():
            yield from walk(subcommand, child, context)

    yield from walk(typer.main.get_command(build()), "newscard", None)


def command_line() -> str:
    """Markdown: a section for each command."""
    return "\n".join(f"## {path}\n\n```text\n{help_.strip()}\n```\n" for path, help_ in commands())


def settings() -> Iterator[tuple[str, str, str, str]]:
    """Every setting: its variable, what it may be, its default, what it does."""
    from agent.settings import Settings

    for name, field in Settings.model_fields.items():
        yield f"NEWSCARD_{name.upper()}", _kind(field.annotation), _default(field.default), field.description or ""


def settings_table() -> str:
    """Markdown: a table of the settings."""
    rows = (f"| `{name}` | {kind} | {default} | {text} |" for name, kind, default, text in settings())
    return "\n".join(["| Variable | Value | Default | What it does |", "| --- | --- | --- | --- |", *rows])


def problems_table() -> str:
    """Markdown: a table of the service's errors."""
    from agent.web.problems import PROBLEMS

    rows = (f"| `{code}` | {kind.status} | {kind.title} |" for code, kind in sorted(PROBLEMS.items(), key=lambda item: item[1].status))
    return "\n".join(["| Code | Status | What it means |", "| --- | --- | --- |", *rows])


def metrics_table() -> str:
    """Markdown: a table of the evaluation's metrics."""
    from evals.metrics import METRICS

    better = {True: "higher", False: "lower", None: "-"}
    rows = (f"| `{m.name}` | {m.family} | {m.unit} | {better[m.higher_is_better]} | {m.about} |" for m in METRICS)
    return "\n".join(["| Metric | Family | Unit | Better | What it says |", "| --- | --- | --- | --- | --- |", *rows])


def data_sets() -> str:
    """Markdown: a section for each data set, with what it measures and can't."""
    from evals.datasets import DATASETS

    def section(name: str) -> str:
        dataset = DATASETS[name]
        measures = "".join(f"- measures **{field}**: {how}\n" for field, how in dataset.measures.items())
        cannot = "".join(f"- can't measure {field}: {why}\n" for field, why in dataset.cannot_measure.items())
        return f"### {name}\n\n{dataset.description.capitalize()}. Licence: {dataset.licence}.\n\n{measures}{cannot}"

    return "\n".join(map(section, DATASETS))


def env_example() -> str:
    """The text of `.env.example`: every setting, commented out, with its default."""
    head = "# Copy to .env and take the # away from what you set. docs/settings.md says more.\n"
    return head + "".join(f"\n# {text.replace('`', '')}\n# {name}={default.strip('`')}\n" for name, _, default, text in settings())


def _kind(annotation: Any) -> str:
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return ", ".join(f"`{part}`" for part in parts)
    if origin in {Union, types.UnionType}:
        return ", ".join(_kind(part) for part in parts if part is not types.NoneType)
    if hasattr(annotation, "__metadata__"):
        return _kind(parts[0])
    return {"str": "text", "SecretStr": "secret", "int": "whole number", "float": "number", "bool": "`true`, `false`", "Path": "path"}[
        annotation.__name__
    ]


def _default(value: Any) -> str:
    if value is None or value == "":
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"
