"""What an answer, or the lack of one, means: the attempt's outcome and what may follow."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Final

from schemas import Outcome

HEARD: Final = frozenset({429, 503})
"""Statuses whose Retry-After is heard."""

MAX_RETRY_AFTER: Final = 100
"""Characters; a date has 29."""


class Then(StrEnum):
    """What follows from an attempt."""

    DONE = "done"
    RETRY = "retry"
    """On the whole schedule."""
    RETRY_BRIEFLY = "retry_briefly"
    """On the short schedule: it may be a deployment."""
    GIVE_UP = "give_up"
    """Nothing would help."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One attempt, judged."""

    outcome: Outcome
    then: Then
    detail: str
    """In our own words: nothing of the answer, the URL or the secret."""
    status: int | None = None
    retry_after: float | None = None
    """Seconds that the receiver asks to be left alone, where it is heard."""


_BY_CLASS: Final = {
    2: (Outcome.OK, Then.DONE, ""),
    3: (Outcome.REDIRECTED, Then.RETRY, "redirects are not followed"),
    4: (Outcome.REFUSED, Then.RETRY_BRIEFLY, ""),
    5: (Outcome.SERVER_ERROR, Then.RETRY, ""),
}
"""First digit of a status -> what it means; what is none of these is an error of the server's."""

_MOVED: Final = (Outcome.REDIRECTED, Then.RETRY, "the receiver has moved for good; put its new URL into the endpoint file")
_UNBELIEVED: Final = (Outcome.UNAUTHORIZED, Then.RETRY_BRIEFLY, "the receiver does not believe us; check the secret")

_BY_STATUS: Final = {
    301: _MOVED,
    308: _MOVED,
    401: _UNBELIEVED,
    403: _UNBELIEVED,
    408: (Outcome.TIMEOUT, Then.RETRY, ""),
    410: (Outcome.GONE, Then.GIVE_UP, "the receiver wants no more; take the endpoint out of the file"),
    425: (Outcome.THROTTLED, Then.RETRY, ""),
    429: (Outcome.THROTTLED, Then.RETRY, ""),
}
"""The statuses that mean something else than their class; 408, 425 and 429 say "later", not "no"."""


def of_status(status: int, headers: Mapping[str, str], now: datetime) -> Verdict:
    """Judge an answer by its status; `headers` by any case that the mapping knows."""
    outcome, then, words = _judge(status)
    asked = seconds_of(headers.get("Retry-After"), now) if status in HEARD else None
    return Verdict(outcome, then, f"{_named(status)}: {words}" if words else _named(status), status, asked)


def of_silence(outcome: Outcome, detail: str) -> Verdict:
    """Judge an attempt that got no answer."""
    return Verdict(outcome, Then.GIVE_UP if outcome in (Outcome.BLOCKED, Outcome.UNCONFIGURED) else Then.RETRY, detail)


def _judge(status: int) -> tuple[Outcome, Then, str]:
    return _BY_STATUS.get(status) or _BY_CLASS.get(status // 100) or _BY_CLASS[5]


def _named(status: int) -> str:
    try:
        return f"HTTP {status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"HTTP {status}"


def seconds_of(retry_after: str | None, now: datetime) -> float | None:
    """A Retry-After in seconds from now, never negative; either form (seconds, a date); None where it is neither."""
    if retry_after is None or len(retry_after) > MAX_RETRY_AFTER:
        return None
    try:
        seconds = float(retry_after)
    except ValueError:
        seconds = _until(retry_after, now)
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _until(date: str, now: datetime) -> float:
    try:
        moment = parsedate_to_datetime(date)
    except (ValueError, OverflowError):
        return math.nan
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - now).total_seconds()
