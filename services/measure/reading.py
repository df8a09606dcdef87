"""What a record says, or why it can never be processed; and when it was published, as far as that is believed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

import orjson
from pydantic import ValidationError

from schemas import Cause, Extractor
from services.stage import Invalid, Record

T = TypeVar("T")

MAX_VERSION = 60
"""Longest version of an extractor in characters: Python reads no number of more than some thousand digits."""

AHEAD = timedelta(days=1)
"""How far a date may be ahead of the clock it is judged by: time zones, and clocks that go wrong a little."""


def read(record: Record, decode: Callable[[bytes], T]) -> T:
    """What a record says.

    Raises:
        Invalid: it is no JSON, or not what its topic carries.

    """
    if record.value is None:
        raise Invalid(Cause.UNDECODABLE, "a record without a value")
    try:
        return decode(record.value)
    except orjson.JSONDecodeError as error:
        raise Invalid(Cause.UNDECODABLE, f"no JSON: {error}") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Invalid(Cause.INVALID, f"{where or 'the record'}: {first['msg']} ({error.error_count()} errors in all)") from error
    except (ValueError, RecursionError) as error:
        raise Invalid(Cause.INVALID, f"cannot be read: {error}"[:500]) from error


def ordered(extractor: Extractor) -> tuple[tuple[int, ...], str]:
    """By what extractors are ordered: version, then name.

    Raises:
        Invalid: a version longer than any that was ever given.

    """
    return version_of(extractor.version), extractor.name


def version_of(version: str) -> tuple[int, ...]:
    """The version of an extractor as it is compared.

    Raises:
        Invalid: a version longer than any that was ever given.

    """
    if len(version) > MAX_VERSION:
        raise Invalid(Cause.INVALID, f"extractor.version: longer than {MAX_VERSION} characters")
    return Extractor.order_of(version)


def believed(published: datetime | None, collected: datetime) -> datetime:
    """When an article was published: as it says, unless that is later than it came in plus a day; otherwise when it came in."""
    return published if published is not None and published - collected <= AHEAD else collected


def believed_at(published: datetime | None, collected: datetime, record: Record) -> datetime:
    """The same, for what a record brings.

    Raises:
        Invalid: it came in later than the broker had the record: a wrong clock must not move the data's.

    """
    if collected - record.timestamp > AHEAD:
        raise Invalid(Cause.INVALID, f"article.collected_at: {collected} is later than its record, {record.timestamp}")
    return believed(published, collected)
