"""Moments as a person names them: `2024-04-06`, `2024-04-06T12:00:00+02:00`, or `2h` ago."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import click

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}

_AGO = re.compile(r"(\d{1,6})\s*([smhdw])")


def moment(text: str, now: datetime) -> datetime:
    """The moment that a person means, in UTC; what names no zone is in UTC.

    Raises:
        ValueError: it is no moment.

    """
    if ago := _AGO.fullmatch(text.strip().lower()):
        try:
            return now - timedelta(**{UNITS[ago[2]]: int(ago[1])})
        except OverflowError as error:
            raise ValueError(f"{text} ago is before all calendars") from error
    found = datetime.fromisoformat(text.strip())
    try:
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"{text} is no date by the clock of UTC") from error


class Moment(click.ParamType):
    """A moment as an option."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The moment; refused with how to write it."""
        if isinstance(value, datetime):
            return value
        try:
            return moment(value, datetime.now(UTC))
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is no time: write 2024-04-06, 2024-04-06T12:00 (UTC), or how long ago: 90s, 30m, 2h, 3d, 1w", param, ctx)
