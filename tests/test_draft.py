"""The draft: a portable schema on the wire, bounds after the reply."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from agent.draft import MAX_ENTITIES, MAX_QUOTES, Draft, wire_schema, wire_schema_digest
from agent.taxonomy import load_taxonomy
from tests.grounding.drafts import draft, entity

PORTABLE = {"type", "properties", "required", "additionalProperties", "items", "enum", "anyOf", "$ref", "$defs"}


def objects(node: Any) -> Iterator[dict[str, Any]]:
    """Every schema of an object within `node`."""
    if isinstance(node, dict):
        if node.get("type") == "object":
            yield node
        for value in node.values():
            yield from objects(value)
    elif isinstance(node, list):
        for value in node:
            yield from objects(value)


def keywords(node: Any, *, names: bool = False) -> set[str]:
    """Every keyword in a schema; what stands directly under `properties` and `$defs` are names, not keywords."""
    if isinstance(node, list):
        return set().union(*(keywords(item) for item in node))
    if not isinstance(node, dict):
        return set()
    found = set() if names else set(node)
    for key, value in node.items():
        found |= keywords(value, names=not names and key in {"properties", "$defs"})
    return found


def depth(node: Any, definitions: dict[str, Any]) -> int:
    """Levels of objects and arrays, references followed."""
    if isinstance(node, list):
        return max((depth(item, definitions) for item in node), default=0)
    if not isinstance(node, dict):
        return 0
    if "$ref" in node:
        return depth(definitions[node["$ref"].removeprefix("#/$defs/")], definitions)
    below = max((depth(value, definitions) for key, value in node.items() if key != "$defs"), default=0)
    return below + (node.get("type") in {"object", "array"})


def test_the_wire_schema_has_only_keywords_that_every_endpoint_takes() -> None:
    """No numeric, length, pattern or default keyword, no title or description."""
    assert keywords(wire_schema()) <= PORTABLE


def test_every_object_requires_every_field_and_no_other() -> None:
    """Strict structured output demands it."""
    found = list(objects(wire_schema()))
    assert len(found) == 5
    for schema in found:
        assert schema["required"] == list(schema["properties"])
        assert schema["additionalProperties"] is False


def test_the_wire_schema_is_within_the_endpoints_limits() -> None:
    """At most 5 levels and 100 properties."""
    schema = wire_schema()
    assert depth(schema, schema["$defs"]) <= 5
    assert sum(len(s["properties"]) for s in objects(schema)) <= 100


def test_topics_on_the_wire_are_the_taxonomys() -> None:
    """A strict endpoint can write no other topic."""
    assert wire_schema()["properties"]["topics"]["items"]["enum"] == list(load_taxonomy().topic_names)


def test_evidence_comes_before_judgement() -> None:
    """A model writes in the schema's order: quotes before sentiment, reasons before labels, summary and analysis last."""
    schema = wire_schema()
    assert list(schema["properties"]) == ["entities", "topics", "impact", "overall", "abstain_because", "summary", "analysis"]
    of_entity = list(schema["$defs"]["DraftEntity"]["properties"])
    assert of_entity.index("quotes") < of_entity.index("reason") < of_entity.index("sentiment")
    for name in ("DraftRating", "DraftSentiment"):
        assert next(iter(schema["$defs"][name]["properties"])) == "reason"


def test_the_wire_schema_has_one_digest() -> None:
    """64 hex digits, the same at every call."""
    assert wire_schema_digest() == wire_schema_digest()
    assert len(bytes.fromhex(wire_schema_digest())) == 32


def test_a_whole_draft_is_taken_and_comes_out_as_it_went_in() -> None:
    """JSON in, JSON out."""
    whole = draft()
    assert Draft.model_validate_json(whole.model_dump_json()) == whole


def with_field(path: str, value: object) -> dict[str, Any]:
    """A draft as JSON data with one field changed; `path` is dotted, with numbers for places in a list."""
    data: Any = json.loads(draft().model_dump_json())
    *way, last = path.split(".")
    node = data
    for step in way:
        node = node[int(step)] if step.isdecimal() else node[step]
    node[last] = value
    return dict(data)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("impact.materiality.level", 5),
        ("impact.materiality.level", -1),
        ("impact.materiality.level", 2.5),
        ("impact.materiality.level", "3"),
        ("impact.materiality.level", None),
        ("impact.materiality.reason", ""),
        ("impact.materiality.reason", " \n "),
        ("overall.label", "very negative"),
        ("overall.label", "Negative"),
        ("overall.score", 0.4),
        ("entities.0.kind", "company"),
        ("entities.0.relevance", 0.9),
        ("entities.0.name", " "),
        ("entities.0.name", "x" * 121),
        ("entities.0.quotes", ["a quote"] * (MAX_QUOTES + 1)),
        ("entities.0.quotes", [""]),
        ("entities.0.quotes", ["x" * 1_001]),
        ("entities.0.quotes", "a quote"),
        ("entities.0.ticker", "META"),
        ("entities", [entity()] * (MAX_ENTITIES + 1)),
        ("entities", None),
        ("topics", ["Inflation"] * 19),
        ("summary", None),
        ("summary", "x" * 2_001),
        ("analysis", "x" * 6_001),
        ("extra", 1),
    ],
)
def test_what_is_out_of_bounds_is_no_draft(path: str, value: object) -> None:
    """Wrong types, labels and lengths, additional fields and numbers out of range are all refused."""
    with pytest.raises(ValidationError):
        Draft.model_validate_json(json.dumps(with_field(path, value)))


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity", "1e999", "1e400"])
def test_numbers_that_are_none_are_refused(literal: str) -> None:
    """NaN, infinities and overflowing exponents are no level."""
    text = json.dumps(with_field("impact.breadth.level", "HERE")).replace('"HERE"', literal)
    with pytest.raises(ValidationError):
        Draft.model_validate_json(text)


@pytest.mark.parametrize("field", list(draft().model_dump()))
def test_every_field_is_required(field: str) -> None:
    """A draft with a field missing isn't one."""
    data = json.loads(draft().model_dump_json())
    del data[field]
    with pytest.raises(ValidationError):
        Draft.model_validate(data)


def test_prose_and_names_are_put_on_one_line_and_quotes_are_not_touched() -> None:
    """White space of prose is the model's accident, that of a quote may be the article's."""
    tidy = draft(summary=" a\n b ", entities=[entity(name=" A\n B ", quotes=[" a\n b "])])
    assert (tidy.summary, tidy.entities[0].name, tidy.entities[0].quotes) == ("a b", "A B", [" a\n b "])


@settings(deadline=None)
@given(
    st.text(st.one_of(st.sampled_from(" \n\t\x1c\x1f\x85\xa0\u2003\u3000\u200b"), st.characters(exclude_categories=["Cs"])), max_size=30)
)
def test_any_white_space_is_tidied_alike(text: str) -> None:
    """A text that pydantic's own code lets pass is one that Python would have left alone."""
    tidy = " ".join(text.split())
    assert draft(summary=text).summary == tidy
    assert Draft.model_validate_json(json.dumps(with_field("summary", text))).summary == tidy


def test_a_text_out_of_bounds_is_told_its_bounds() -> None:
    """The model reads it in the re-ask."""
    with pytest.raises(ValidationError, match="a string of 1 to 120 characters"):
        Draft.model_validate_json(json.dumps(with_field("entities.0.name", "x" * 121)))


def test_an_error_never_shows_what_the_model_wrote() -> None:
    """Replies hold article text, and errors end up in logs."""
    with pytest.raises(ValidationError) as caught:
        Draft.model_validate(with_field("overall.label", "SECRET"))
    assert "SECRET" not in str(caught.value)
