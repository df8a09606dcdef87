"""What could not be processed: the original bytes, where they came from, and why."""

from __future__ import annotations

import base64
from typing import Annotated, Self

from pydantic import Field

from .identity import identify
from .message import Message, Term, Utc

MAX_ORIGINAL = 512 * 1024
"""Largest original in bytes that is kept whole; a larger one is kept by its topic, partition and offset."""


class Cause(Term):
    """Why."""

    UNDECODABLE = "undecodable"
    """Not JSON, not UTF-8, or nothing at all."""
    INVALID = "invalid"
    """JSON, but not the message that the topic carries."""
    TOO_LARGE = "too_large"
    """It, or what came of it, is over the limit."""
    FAILED = "failed"
    """The handler raised, again and again."""
    REFUSED = "refused"
    """Came in by HTTP or a feed and cannot be an article."""


class DeadLetter(Message):
    """One message that could not be processed; `tallywire dead-letters replay` puts it back."""

    id: str
    """From topic, partition and offset, or from the bytes where it was on none."""
    service: str
    """Who gave up on it."""
    cause: Cause
    """Why."""
    detail: Annotated[str, Field(max_length=2_000)] = ""
    """What was wrong, and with which field."""
    topic: str | None = None
    """Topic that it was read from."""
    partition: int | None = None
    """Partition."""
    offset: int | None = None
    """Offset."""
    key: str | None = None
    """Original key, base64."""
    original: str | None = None
    """Original bytes, base64; None where they are too large: read them at topic, partition and offset."""
    size: Annotated[int, Field(ge=0)] = 0
    """Bytes of the original."""
    attempts: Annotated[int, Field(ge=0)] = 0
    """How often it was tried."""
    at: Utc
    """When it was given up: broker time of the record, or the clock of who received it."""

    @classmethod
    def of_record(
        cls,
        service: str,
        cause: Cause,
        detail: str,
        *,
        topic: str,
        partition: int,
        offset: int,
        key: bytes | None,
        value: bytes | None,
        attempts: int,
        at: Utc,
    ) -> Self:
        """The dead letter of a record of a topic."""
        return cls(
            id=identify("dead-letter", service, topic, partition, offset),
            service=service,
            cause=cause,
            detail=detail[:2_000],
            topic=topic,
            partition=partition,
            offset=offset,
            key=None if key is None else base64.b64encode(key).decode(),
            original=None if value is None or len(value) > MAX_ORIGINAL else base64.b64encode(value).decode(),
            size=len(value or b""),
            attempts=attempts,
            at=at,
        )

    @classmethod
    def of_request(cls, service: str, cause: Cause, detail: str, *, original: bytes, at: Utc) -> Self:
        """The dead letter of something that never was on a topic (a request, an entry of a feed)."""
        kept = original[:MAX_ORIGINAL]
        return cls(
            id=identify("dead-letter", service, base64.b64encode(kept).decode(), len(original)),
            service=service,
            cause=cause,
            detail=detail[:2_000],
            original=base64.b64encode(kept).decode(),
            size=len(original),
            at=at,
        )
