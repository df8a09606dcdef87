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


def of_status(status: int, headers: Mapping[str, str], now: datetime) -> Verdict:
    """Judge an answer by its status; `headers` by any case that the mapping knows."""
    outcome, then, words = _judge(status)
    asked = seconds_of(headers.get("Retry-After"), now) if status in HEARD else None
    return Verdict(outcome, then, f"{_named(status)}: {words}" if words else _named(status), status, asked)


def of_silence(outcome: Outcome, detail: str) -> Verdict:
    """Judge an attempt that got no answer."""
    return Verdict(outcome, Then.GIVE_UP if outcome in (Outcome.BLOCKED, Outcome.UNCONFIGURED) else Then.RETRY, detail)


def _judge(status: int) -> tuple[Outcome, Then, str]:
    match status:
        case _ if 200 <= status < 300:
            return Outcome.OK, Then.DONE, ""
        case 301 | 308:
            return Outcome.REDIRECTED, Then.RETRY, "the receiver has moved for good; put its new URL into the endpoint file"
        case _ if 300 <= status < 400:
            return Outcome.REDIRECTED, Then.RETRY, "redirects are not followed"
        case 401 | 403:
            return Outcome.UNAUTHORIZED, Then.RETRY_BRIEFLY, "the receiver does not believe us; check the secret"
        case 410:
            return Outcome.GONE, Then.GIVE_UP, "the receiver wants no more; take the endpoint out of the file"
        case 429:
            return Outcome.THROTTLED, Then.RETRY, ""
        case 408:
            return Outcome.TIMEOUT, Then.RETRY, ""
        case 425:
            return Outcome.THROTTLED, Then.RETRY, ""
        case _ if 400 <= status < 500:
            return Outcome.REFUSED, Then.RETRY_BRIEFLY, ""
        case _:
            return Outcome.SERVER_ERROR, Then.RETRY, ""


def _named(status: int) -> str:
    try:
        return f"HTTP {status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"HTTP {status}"


def seconds_of(retry_after: str | None, now: datetime) -> float | None:
    """A Retry-After in seconds from now, never negative; either form (seconds, a date); None where it is neither."""
    if retry_after is None or len(retry_after) > 100:
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
