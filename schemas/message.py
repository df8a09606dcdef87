"""Base of everything that crosses a topic: a frozen model, JSON by orjson, and lists that may grow."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Self

import orjson
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    FailFast,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

STRANGERS: Counter[str] = Counter()
"""Name of a closed list -> unknown words of it that this process has carried; told by the runtime's metrics."""

FIRST_FAULT = FailFast()
"""On a tuple: only its first bad member is told. One record has room for 170,000 of them, and to tell them all takes a second."""

READING = {"reading": True}
"""Validation context of a reader: unknown members of closed lists are carried instead of refused."""


def to_utc(moment: datetime) -> datetime:
    """The same moment by the clock of UTC."""
    if moment.tzinfo is None:
        raise PydanticCustomError("naive_time", "a time needs its offset from UTC, such as 2024-04-06T12:00:00Z")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise PydanticCustomError("time_out_of_range", "by the clock of UTC this time lies before the year 1 or after 9999") from None


def iso(moment: datetime) -> str:
    """The one spelling of a time on the wire: UTC, ISO 8601, `Z`; microseconds only where there are any."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


Utc = Annotated[
    datetime,
    AfterValidator(to_utc),
    PlainSerializer(iso, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""A moment in UTC. Naive times are refused."""


class Term(StrEnum):
    """A closed list of words that a later version may lengthen.

    Whoever *writes* a message may use the declared members only. Whoever *reads* one (`Message.from_bytes`) takes an
    unknown word as a member with `known == False`: it is counted, carried on unchanged, and nothing is decided by it.
    So two versions can run side by side.
    """

    __hash__ = str.__hash__  # as its word, to which it is equal; that of an enumeration is told by its name, and slow

    @property
    def known(self) -> bool:
        """Whether this version declares the word."""
        return self._value_ in type(self)._value2member_map_

    @classmethod
    def carry(cls, word: str) -> Self:
        """The declared member, or a stand-in that carries an unknown word through."""
        member = cls._value2member_map_.get(word)
        if member is not None:
            return member  # type: ignore[return-value]  # the map holds members of this very class
        STRANGERS[cls.__name__] += 1
        stranger = str.__new__(cls, word)
        stranger._name_ = "UNKNOWN"
        stranger._value_ = word
        return stranger

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[Any], handler: GetCoreSchemaHandler) -> CoreSchema:
        def read(word: object, info: core_schema.ValidationInfo) -> Term:
            if isinstance(word, cls):
                return word
            if not isinstance(word, str) or isinstance(word, Term) or len(word) > MAX_WORD:
                raise PydanticCustomError("term", "expected one of: {members}", {"members": ", ".join(cls)})
            member = cls._value2member_map_.get(word)
            if member is not None:
                return member  # type: ignore[return-value]  # the map holds members of this very class
            if info.context is not None and info.context.get("reading"):
                return cls.carry(word)
            raise PydanticCustomError("term", "'{word}' is not one of: {members}", {"word": word, "members": ", ".join(cls)})

        return core_schema.with_info_plain_validator_function(
            read,
            serialization=core_schema.plain_serializer_function_ser_schema(str, return_schema=core_schema.str_schema()),
            metadata={Term.__name__: tuple(map(str, cls))},
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        if handler.mode == "serialization":
            return {"type": "string", "enum": list(cls)}
        return {"type": "string", "maxLength": MAX_WORD, "examples": list(cls)}


MAX_WORD = 64
"""Longest word of a closed list that a reader carries; more is no word of any version."""


class Part(BaseModel):
    """A value inside a message: frozen, and read by the same rules."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        frozen=True, extra="ignore", use_attribute_docstrings=True, allow_inf_nan=False, ser_json_timedelta="iso8601"
    )


class Message(Part):
    """One record of a topic: `to_bytes` writes it, `from_bytes` reads it, the same message is always the same bytes."""

    def to_bytes(self) -> bytes:
        """The wire form: JSON in the order in which the fields are declared."""
        return orjson.dumps(self.model_dump(mode="json"))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read a message, ignoring unknown fields and carrying unknown words of closed lists.

        Raises:
            orjson.JSONDecodeError: what came is no JSON (a ValueError).
            pydantic.ValidationError: it is JSON, but not this message (a ValueError).

        """
        return cls.model_validate(orjson.loads(data), context=READING)
