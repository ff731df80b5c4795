"""`newscard schema`, `taxonomy` and `version`: what a card can say, and who says it."""

from __future__ import annotations

import typer

from agent.cli.messages import examples
from agent.cli.output import print_out


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command("schema", epilog=examples("newscard schema > card.schema.json"))(schema)
    app.command("taxonomy", epilog=examples("newscard taxonomy"))(taxonomy)
    app.command("version", epilog=examples("newscard version"))(version)


def schema() -> None:
    """Print the JSON Schema of a card."""
    import json

    from agent.card import card_schema

    print_out(json.dumps(card_schema(), indent=2, ensure_ascii=False))


def taxonomy() -> None:
    """Print topics, sentiment labels and the impact scale."""
    from agent.taxonomy import load_taxonomy

    found = load_taxonomy()
    lines = [f"Taxonomy version {found.version}"]
    group = None
    for topic in found.topics:
        if topic.group != group:
            group = topic.group
            lines += ["", f"Topics: {group}"]
        lines.append(f"  {topic.name}: {topic.use}" + (f" (instead: {topic.unless})" if topic.unless else ""))
    lines += ["", "Sentiment"]
    lines += [f"  {label}: {score:+.1f}" for label, score in found.scores.items()]
    for component, anchors in found.anchors.items():
        lines += ["", f"Impact: {component}", *(f"  {level}  {anchor}" for level, anchor in enumerate(anchors))]
    print_out("\n".join(lines))


def version() -> None:
    """Print the version of newscard."""
    from agent import __version__

    print_out(f"newscard {__version__}")
