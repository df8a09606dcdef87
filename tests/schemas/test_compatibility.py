"""Which changes of a schema are breaks, for those who read what we write and for us who read what was written."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from schemas.compatibility import Side, breaks

OLD: dict[str, Any] = {
    "title": "Thing",
    "type": "object",
    "properties": {
        "id": {"type": "string", "maxLength": 80, "pattern": "^[a-z]+$"},
        "value": {"anyOf": [{"type": "integer", "minimum": 0, "maximum": 9}, {"type": "null"}]},
        "kind": {"type": "string", "enum": ["flow", "stock"]},
        "record": {"type": "string", "const": "thing"},
        "spans": {"type": "array", "maxItems": 3, "items": {"$ref": "#/$defs/Span"}},
        "labels": {"type": "object", "additionalProperties": {"type": "string", "maxLength": 9}},
    },
    "required": ["id", "value", "kind"],
    "$defs": {
        "Span": {
            "title": "Span",
            "type": "object",
            "properties": {"start": {"type": "integer"}, "inner": {"anyOf": [{"$ref": "#/$defs/Span"}, {"type": "null"}]}},
            "required": ["start"],
        }
    },
}


def changed(path: str, value: object) -> dict[str, Any]:
    """OLD with the value at a path (dots between) replaced, or removed where it is None."""
    schema = deepcopy(OLD)
    *way, last = path.split(".")
    place: Any = schema
    for step in way:
        place = place[int(step)] if isinstance(place, list) else place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return schema


@pytest.mark.parametrize("side", ["written", "read"])
def test_nothing_changed_breaks_nothing(side: Side) -> None:
    assert breaks(OLD, deepcopy(OLD), side) == []


@pytest.mark.parametrize("side", ["written", "read"])
@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("properties.extra", {"type": "string"}),
        ("properties.kind.enum", ["flow", "stock", "cumulative"]),
        ("properties.id.description", "Other words."),
        ("$defs.Span.properties.end", {"type": "integer"}),
    ],
    ids=["a field more", "a word more", "other words", "a field more inside"],
)
def test_what_may_be_added(path: str, value: object, side: Side) -> None:
    assert breaks(OLD, changed(path, value), side) == []


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        ("properties.id", None, "/id: removed"),
        ("$defs.Span.properties.start", None, "/spans/*/start: removed"),
        ("required", ["id", "value"], "/kind: no longer always there"),
        ("properties.kind.enum", ["flow"], "/kind: the list lost 'stock'"),
        ("properties.value", {"type": "string"}, "/value: may now be string"),
        (
            "properties.id",
            {"anyOf": [{"type": "string", "maxLength": 80, "pattern": "^[a-z]+$"}, {"type": "null"}]},
            "/id: may now be null",
        ),
        ("properties.id.maxLength", 81, "/id: maxLength was 80, is 81"),
        ("properties.id.maxLength", None, "/id: maxLength was 80, is open"),
        ("properties.value.anyOf.0.minimum", -1, "/value: minimum was 0, is -1"),
        ("properties.id.pattern", "^[a-z0-9]+$", "/id: pattern was '^[a-z]+$', is '^[a-z0-9]+$'"),
        ("properties.record.const", "other", "/record: const was 'thing', is 'other'"),
        ("properties.spans.maxItems", 4, "/spans: maxItems was 3, is 4"),
        ("properties.labels.additionalProperties.maxLength", 10, "/labels/*: maxLength was 9, is 10"),
    ],
)
def test_what_breaks_a_subscriber(path: str, value: object, line: str) -> None:
    assert line in breaks(OLD, changed(path, value), "written")


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        ("required", ["id", "value", "kind", "labels"], "/labels: newly required"),
        ("$defs.Span.required", ["start", "inner"], "/spans/*/inner: newly required"),
        ("properties.value", {"type": "integer", "minimum": 0, "maximum": 9}, "/value: can no longer be null"),
        ("properties.id.maxLength", 79, "/id: maxLength was 80, is 79"),
        ("properties.value.anyOf.0.minimum", 1, "/value: minimum was 0, is 1"),
        ("properties.kind.minLength", 1, "/kind: minLength was open, is 1"),
        ("properties.kind.pattern", "^f", "/kind: pattern was open, is '^f'"),
    ],
)
def test_what_refuses_old_records(path: str, value: object, line: str) -> None:
    assert line in breaks(OLD, changed(path, value), "read")


@pytest.mark.parametrize(
    ("path", "value", "side"),
    [
        ("properties.id.maxLength", 79, "written"),
        ("properties.id.maxLength", 81, "read"),
        ("properties.id.pattern", None, "read"),
        ("required", ["id"], "read"),
        ("required", ["id", "value", "kind", "labels"], "written"),
    ],
)
def test_a_promise_that_gets_tighter_and_a_reader_that_takes_more_break_nothing(path: str, value: object, side: Side) -> None:
    assert breaks(OLD, changed(path, value), side) == []


def test_schemas_that_hold_themselves_come_to_an_end() -> None:
    newer = changed("$defs.Span.properties.start", {"type": "string"})
    assert "/spans/*/start: may now be string" in breaks(OLD, newer, "written")
