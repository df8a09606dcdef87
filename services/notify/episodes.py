"""From a verdict to what is told: an episode opens, worsens, eases, is corrected, ends. A pure machine; time is an argument."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field

from schemas import AlertStatus, Condition, Kind, Part, Reason, Severity, Utc

from .crossing import mildest
from .moments import later
from .verdict import Verdict


class Episode(Part):
    """Where one group of one rule stands, as it was told."""

    severity: Severity | None = None
    """How bad it was told to be; None: nothing is open."""
    certain: bool = False
    """Whether it was told as certain."""
    value: int | None = None
    """The number that was told."""
    indicator: str | None = None
    """Id of the indicator of which it was told."""
    opened: Utc | None = None
    """Event time that opened this episode, or the last one."""
    number: Annotated[int, Field(ge=0)] = 0
    """Transitions told in it."""
    first: bool = True
    """Whether it has never been judged to be silent: what is beyond the line then was so at first sight."""
    crossed_at: Utc | None = None
    """Event time at which the line was crossed, while nothing is told of it yet."""
    told_at: Utc | None = None
    """The data's clock when something was last told."""
    told_severity: Severity | None = None
    """How bad that was."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a judgement led to."""

    episode: Episode
    """Where the group stands now."""
    status: AlertStatus | None
    """What is to be told; None: nothing."""
    reason: Reason
    """Why."""
    detail: str
    """Why, in a sentence."""
    severity: Severity | None
    """How bad what is told is; of an end, how bad it was."""
    initial: bool = False
    """Whether the line was crossed at first sight."""
    wake: datetime | None = None
    """When it must be judged again though nothing new is heard."""


def step(episode: Episode, verdict: Verdict, condition: Condition, *, now: datetime, event_time: datetime) -> Step:
    """Judge once more.

    `now` is the data's clock, by which `for` and the cooldown run; `event_time` is when what caused this was published.
    `for` is asked of the opening only; a worse severity is told at once.
    """
    wanted = _wanted(episode, verdict)
    if episode.severity is None:
        return _closed(episode, verdict, condition, wanted, now, event_time)
    if wanted is None:
        return _ended(episode, verdict, now)
    return _open(episode, verdict, condition, wanted, now)


def _wanted(episode: Episode, verdict: Verdict) -> Severity | None:
    """Where the group ought to stand: hysteresis keeps it until it is surely back, then the worst level that is crossed outright."""
    current, reached = episode.severity, verdict.severity
    if current is None or (reached is not None and reached.rank >= current.rank):
        return reached
    if current in verdict.kept:
        return current
    return reached or mildest(frozenset(severity for severity in verdict.kept if severity.rank < current.rank))


def _closed(
    episode: Episode, verdict: Verdict, condition: Condition, wanted: Severity | None, now: datetime, event_time: datetime
) -> Step:
    if wanted is None:
        return Step(episode.model_copy(update={"first": False, "crossed_at": None}), None, verdict.reason, verdict.detail, None)
    crossed_at = episode.crossed_at or event_time
    waiting = episode.model_copy(update={"crossed_at": crossed_at})
    due = later(crossed_at, condition.hold)
    if now < due:
        return Step(waiting, None, Reason.PENDING, f"{verdict.detail}, not yet for as long as the rule wants", None, wake=due)
    if quiet := _quiet_until(episode, condition, wanted, now):
        return Step(waiting, None, Reason.COOLDOWN, f"{verdict.detail}, but told of it before, quiet until {quiet:%Y-%m-%d %H:%M}", None, wake=quiet)
    opened = max(event_time, episode.opened or event_time)
    number = episode.number + 1 if opened == episode.opened else 1
    told = Episode(
        severity=wanted,
        certain=verdict.certain,
        value=verdict.figure.value,
        indicator=verdict.subject.id if verdict.subject else None,
        opened=opened,
        number=number,
        first=False,
        told_at=now,
        told_severity=wanted,
    )
    return Step(told, AlertStatus.FIRED, Reason.FIRED, verdict.detail, wanted, initial=episode.first)


def _ended(episode: Episode, verdict: Verdict, now: datetime) -> Step:
    status, reason = (AlertStatus.RETRACTED, Reason.RETRACTED) if verdict.taken_back else (AlertStatus.RESOLVED, Reason.RESOLVED)
    told = Episode(opened=episode.opened, number=episode.number + 1, first=False, told_at=now, told_severity=episode.severity)
    return Step(told, status, reason, verdict.detail, episode.severity)


def _open(episode: Episode, verdict: Verdict, condition: Condition, wanted: Severity, now: datetime) -> Step:
    assert episode.severity is not None
    certain = verdict.certain if wanted is verdict.severity else episode.certain and wanted is episode.severity
    status, reason = _change(episode, verdict, condition, wanted, certain=certain)
    if status is None:
        return Step(episode, None, Reason.STILL_FIRING, verdict.detail, wanted)
    if status is not AlertStatus.ESCALATED and (quiet := _quiet_until(episode, condition, wanted, now)):
        detail = f"{verdict.detail}, but told of it before, quiet until {quiet:%Y-%m-%d %H:%M}"
        return Step(episode, None, Reason.COOLDOWN, detail, episode.severity, wake=quiet)
    told = episode.model_copy(
        update={
            "severity": wanted,
            "certain": certain,
            "value": verdict.figure.value,
            "indicator": verdict.subject.id if verdict.subject else None,
            "number": episode.number + 1,
            "told_at": now,
            "told_severity": wanted,
        }
    )
    return Step(told, status, reason, verdict.detail, wanted)


def _change(
    episode: Episode, verdict: Verdict, condition: Condition, wanted: Severity, *, certain: bool
) -> tuple[AlertStatus | None, Reason]:
    """What has changed since it was told; that it has become certain counts as worse."""
    assert episode.severity is not None
    if wanted.rank > episode.severity.rank or (wanted is episode.severity and certain and not episode.certain):
        return AlertStatus.ESCALATED, Reason.ESCALATED
    if wanted.rank < episode.severity.rank:
        return AlertStatus.DEESCALATED, Reason.DEESCALATED
    if condition.line.window is None and _contradicted(episode, verdict):
        return AlertStatus.CORRECTED, Reason.CORRECTED
    return None, Reason.STILL_FIRING


def _contradicted(episode: Episode, verdict: Verdict) -> bool:
    """Whether the number that was told is no longer believed: what has happened can become more, and less only by correction."""
    subject, high = verdict.subject, verdict.figure.high
    if subject is None or subject.kind is Kind.STOCK or subject.id != episode.indicator:
        return False
    return episode.value is not None and high is not None and high < episode.value


def _quiet_until(episode: Episode, condition: Condition, wanted: Severity, now: datetime) -> datetime | None:
    """Until when the cooldown keeps this quiet; None where it does not."""
    if episode.told_at is None or episode.told_severity is None or wanted.rank > episode.told_severity.rank:
        return None
    until = later(episode.told_at, condition.cooldown)
    return until if now < until else None
