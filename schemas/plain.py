"""Reads a message by the very rules of its model, but as dictionaries: for those who read millions and keep a few fields of each."""

from __future__ import annotations

from typing import Any, cast

from pydantic_core import CoreSchema, SchemaValidator, core_schema

from .message import MAX_WORD, Part, Term, to_utc

WORDS = core_schema.str_schema(strict=True, max_length=MAX_WORD)
"""Any word that a reader carries."""


def plain_reader(model: type[Part], *, known: bool) -> SchemaValidator:
    """What `model_validate` takes while reading, as dictionaries with the defaults filled in; a period stays a model.

    It refuses a time that is not told in UTC and, with `known`, a word that this version does not declare; whoever is refused asks the model.
    """
    return SchemaValidator(_plain(model.__pydantic_core_schema__, known=known), core_schema.CoreConfig(allow_inf_nan=False))


def _plain(schema: CoreSchema, *, known: bool) -> CoreSchema:
    found = cast("dict[str, Any]", schema)
    match found["type"]:
        case "model":
            return _plain(found["schema"], known=known)
        case "model-fields":
            return core_schema.typed_dict_schema({name: _field(each["schema"], known=known) for name, each in found["fields"].items()})
        case "default" | "nullable":
            return cast("CoreSchema", {**found, "schema": _plain(found["schema"], known=known)})
        case "tuple":
            return cast("CoreSchema", {**found, "items_schema": [_plain(each, known=known) for each in found["items_schema"]]})
        case "function-after" if found["function"]["function"] is to_utc:
            return core_schema.datetime_schema(tz_constraint=0)
        case "function-plain" if (words := (found.get("metadata") or {}).get(Term.__name__)) is not None:
            return core_schema.literal_schema(list(words)) if known else WORDS
    return schema


def _field(schema: CoreSchema, *, known: bool) -> core_schema.TypedDictField:
    return core_schema.typed_dict_field(_plain(schema, known=known), required=schema["type"] != "default")
