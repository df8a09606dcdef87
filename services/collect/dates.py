"""Dates as publishers give them -> a moment that is believed, or the words they were."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from .cleaning import cut, line

AHEAD = timedelta(days=1)
"""How far a publisher's clock may be ahead of ours: a whole day, since dates are given without an offset, too."""

EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
"""Nothing was published on the web before: an empty field read as the number 0 is the first day of 1970."""

MAX_GIVEN = 200
"""Characters of a date that are kept as text; the longest honest spelling has about 40."""

_ISO = re.compile(r"\d{4}-?\d{2}-?\d{2}(?:[T ]\d.*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Dated:
    """What became of a date."""

    believed: datetime | None
    """The moment, in UTC."""
    as_given: str | None = None
    """The words, where they are not believed."""
    remark: str | None = None
    """Why not."""


NOTHING = Dated(None)
"""No date was given."""


def believe(given: str | None, collected_at: datetime) -> Dated:
    """Read a date as it was given (ISO 8601, or as in mail and RSS); one without an offset is taken as UTC, a day as its first moment.

    Not believed are dates that cannot be read, that are later than `collected_at` plus a day, or that are older than the web.
    """
    words = cut(line(given), MAX_GIVEN) if given else ""
    if not words:
        return NOTHING
    moment = read(words)
    if moment is None:
        return Dated(None, words, "it cannot be read; write it like 2024-04-06T12:00:00Z")
    if moment > collected_at + AHEAD:
        return Dated(None, words, "it lies in the future")
    if moment < EARLIEST:
        return Dated(None, words, "it lies before the web")
    return Dated(moment)


def read(words: str) -> datetime | None:
    """The moment that the words name; None where they name none, or one that no clock can show in UTC."""
    try:
        moment = datetime.fromisoformat(words) if _ISO.fullmatch(words) else parsedate_to_datetime(words)
        moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError, IndexError, TypeError):  # what either parser says of garbage, and of year 1 or 9999 with an offset
        return None
