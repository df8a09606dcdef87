"""What a change of a message would break: for subscribers who read what we write, and for us who read what was written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

Schema = Mapping[str, Any]
"""A JSON Schema as pydantic writes it: `$defs`, `$ref`, `anyOf`, and one `type` in each alternative."""

Side = Literal["written", "read"]
"""`written`: the schema says what stands on a topic. `read`: it says what is taken from one."""

UPPER = ("maxLength", "maxItems", "maxProperties", "maximum", "exclusiveMaximum")
LOWER = ("minLength", "minItems", "minProperties", "minimum", "exclusiveMinimum")
EXACT = ("pattern", "const", "format")


def breaks(old: Schema, new: Schema, side: Side) -> list[str]:
    """What a message's new schema breaks, one line each with the path of the field; empty where old and new can stand side by side.

    Written: no field is removed or made optional, nothing gets a type or a bound that subscribers were not told of, lists of
    words only grow (readers carry words that they do not know). Read: no field is newly required, no type, word or range that
    was taken is refused. Fields may be added on either side.
    """
    return list(_Comparison(old, new, side).schemas("", old, new))


class _Comparison:
    def __init__(self, old: Schema, new: Schema, side: Side) -> None:
        self.side = side
        self._old_definitions = old.get("$defs", {})
        self._new_definitions = new.get("$defs", {})
        self._seen: set[tuple[int, int]] = set()

    def schemas(self, path: str, old: Schema, new: Schema) -> Iterator[str]:
        before = _alternatives(old, self._old_definitions)
        after = _alternatives(new, self._new_definitions)
        added, gone = after.keys() - before.keys(), before.keys() - after.keys()
        if self.side == "written" and before:
            yield from (f"{path or '/'}: may now be {kind}" for kind in sorted(added))
        if after:
            yield from (f"{path or '/'}: can no longer be {kind}" for kind in sorted(gone))
        for kind in sorted(before.keys() & after.keys()):
            yield from self._alternative(path, before[kind], after[kind])

    def _alternative(self, path: str, old: Schema, new: Schema) -> Iterator[str]:
        if (id(old), id(new)) in self._seen:  # compared where it was first used; a schema may hold itself
            return
        self._seen.add((id(old), id(new)))
        yield from self._fields(path, old, new)
        yield from self._words(path, old, new)
        yield from self._bounds(path, old, new)
        for inner in ("items", "additionalProperties", "propertyNames"):
            if isinstance(old.get(inner), Mapping) and isinstance(new.get(inner), Mapping):
                yield from self.schemas(f"{path}/{'*' if inner != 'propertyNames' else '(key)'}", old[inner], new[inner])

    def _fields(self, path: str, old: Schema, new: Schema) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        must_before, must_after = set(old.get("required", ())), set(new.get("required", ()))
        for name in before:
            if name not in after:
                yield f"{path}/{name}: removed"
                continue
            yield from self.schemas(f"{path}/{name}", before[name], after[name])
        if self.side == "written":
            yield from (f"{path}/{name}: no longer always there" for name in sorted((must_before - must_after) & after.keys()))
        else:
            yield from (f"{path}/{name}: newly required" for name in sorted(must_after - must_before))

    def _words(self, path: str, old: Schema, new: Schema) -> Iterator[str]:
        if "enum" not in old:
            return
        gone = [word for word in old["enum"] if word not in new.get("enum", old["enum"])]
        yield from (f"{path}: the list lost '{word}'" for word in gone)

    def _bounds(self, path: str, old: Schema, new: Schema) -> Iterator[str]:
        for name in (*UPPER, *LOWER):
            before, after = old.get(name), new.get(name)
            if before != after and self._crosses(name in UPPER, before, after):
                yield f"{path}: {name} was {_told(before)}, is {_told(after)}"
        for name in EXACT:
            before, after = old.get(name), new.get(name)
            if before != after and not (self.side == "read" and after is None) and not (self.side == "written" and before is None):
                yield f"{path}: {name} was {_told(before)}, is {_told(after)}"

    def _crosses(self, upper: bool, before: float | None, after: float | None) -> bool:  # noqa: FBT001  # which of two tables it is from
        """Whether what is written now exceeds what was told, or what was taken is refused now."""
        if self.side == "read":
            before, after = after, before
        if before is None:
            return False
        return after is None or (after > before if upper else after < before)


def _alternatives(schema: Schema, definitions: Schema) -> dict[str, Schema]:
    """The forms that a value may have, by type; of objects, by name as well."""
    if "$ref" in schema:
        return _alternatives(definitions[str(schema["$ref"]).rsplit("/", 1)[-1]], definitions)
    for union in ("anyOf", "oneOf"):
        if union in schema:
            return {kind: form for each in schema[union] for kind, form in _alternatives(each, definitions).items()}
    kind = schema.get("type")
    if kind is None:
        return {}
    return {f"object {schema['title']}" if kind == "object" and "properties" in schema and "title" in schema else str(kind): schema}


def _told(bound: object) -> str:
    return "open" if bound is None else repr(bound)
