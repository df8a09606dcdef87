"""From a verdict to what is told: an episode opens, worsens, eases, is corrected, ends. A pure machine; time is an argument."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field

from schemas import AlertStatus, Condition, Kind, Part, Reason, Reckoned, Severity, Utc

from .crossing import mildest
from .moments import later
from .verdict import Verdict


class Opening(Part):
    """What is open, as it was told."""

    severity: Severity
    """How bad."""
    certain: bool = True
    """Whether as certain."""
    value: int
    """Of which number."""
    indicator: str | None = None
    """Of which indicator, by its id."""


class Episode(Part):
    """Where one group of one rule stands."""

    open: Opening | None = None
    """What is open; None: nothing."""
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

    @property
    def severity(self) -> Severity | None:
        """How bad what is open was told to be."""
        return None if self.open is None else self.open.severity


@dataclass(frozen=True, slots=True)
class Told:
    """A transition that is to be told."""

    status: AlertStatus
    severity: Severity
    """How bad it is; of an end, how bad it was."""
    certain: bool
    """Whether the words leave no room for the other side."""
    opened: datetime
    """Event time that opened the episode."""
    number: int
    """Which transition of the episode this is."""
    initial: bool = False
    """Whether the line was crossed at first sight."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a judgement led to."""

    episode: Episode
    """Where the group stands now."""
    told: Told | None
    """What is to be told; None: nothing."""
    reason: Reason
    """Why."""
    detail: str
    """Why, in a sentence."""
    wake: datetime | None = None
    """When it must be judged again though nothing new is heard."""


def step(episode: Episode, verdict: Verdict, condition: Condition, *, now: datetime, event_time: datetime) -> Step:
    """Judge once more.

    `now` is the data's clock, by which `for` and the cooldown run; `event_time` is when what caused this was published.
    `for` is asked of the opening only; a worse severity is told at once.
    """
    wanted = _wanted(episode, verdict)
    if episode.open is None:
        return _closed(episode, verdict, condition, wanted, now, event_time)
    if wanted is None:
        return _ended(episode, episode.open, verdict, now)
    return _open(episode, episode.open, verdict, condition, wanted, now)


def _wanted(episode: Episode, verdict: Verdict) -> Severity | None:
    """Where the group ought to stand: hysteresis keeps it until it is surely back, then the worst level that is crossed outright."""
    current, reached = episode.severity, verdict.severity
    if current is None or (reached is not None and reached.rank >= current.rank):
        return reached
    if current in verdict.kept:
        return current
    return reached or mildest(frozenset(severity for severity in verdict.kept if severity.rank < current.rank))


def _closed(episode: Episode, verdict: Verdict, condition: Condition, wanted: Severity | None, now: datetime, event_time: datetime) -> Step:
    if wanted is None:
        return Step(episode.model_copy(update={"first": False, "crossed_at": None}), None, verdict.reason, verdict.detail)
    crossed_at = episode.crossed_at or event_time
    waiting = episode.model_copy(update={"crossed_at": crossed_at})
    due = later(crossed_at, condition.hold)
    if now < due:
        return Step(waiting, None, Reason.PENDING, f"{verdict.detail}, not yet for as long as the rule wants", wake=due)
    if quiet := _quiet_until(episode, condition, wanted, now):
        return Step(waiting, None, Reason.COOLDOWN, _quietly(verdict, quiet), wake=quiet)
    opened = max(event_time, episode.opened or event_time)
    number = episode.number + 1 if opened == episode.opened else 1
    after = Episode(
        open=_opening(verdict, wanted, certain=verdict.certain),
        opened=opened,
        number=number,
        first=False,
        told_at=now,
        told_severity=wanted,
    )
    initial = episode.first and condition.line.of is not Reckoned.ABSENCE  # that it was seen for the first time is what is told
    told = Told(AlertStatus.FIRED, wanted, verdict.certain, opened, number, initial=initial)
    return Step(after, told, Reason.FIRED, verdict.detail)


def _ended(episode: Episode, opening: Opening, verdict: Verdict, now: datetime) -> Step:
    status, reason = (AlertStatus.RETRACTED, Reason.RETRACTED) if verdict.taken_back else (AlertStatus.RESOLVED, Reason.RESOLVED)
    after = Episode(opened=episode.opened, number=episode.number + 1, first=False, told_at=now, told_severity=opening.severity)
    told = Told(status, opening.severity, certain=True, opened=episode.opened or now, number=after.number)
    return Step(after, told, reason, verdict.detail)


def _open(episode: Episode, opening: Opening, verdict: Verdict, condition: Condition, wanted: Severity, now: datetime) -> Step:
    certain = verdict.certain if wanted is verdict.severity else opening.certain and wanted is opening.severity
    plain = condition.line.window is None and condition.line.of is Reckoned.ITSELF
    contradicted = plain and _contradicted(opening, verdict)
    status, reason = _change(opening, wanted, certain=certain, contradicted=contradicted)
    if status is None:
        return Step(episode, None, Reason.STILL_FIRING, verdict.detail)
    if status is not AlertStatus.ESCALATED and (quiet := _quiet_until(episode, condition, wanted, now)):
        return Step(episode, None, Reason.COOLDOWN, _quietly(verdict, quiet), wake=quiet)
    after = episode.model_copy(
        update={"open": _opening(verdict, wanted, certain=certain), "number": episode.number + 1, "told_at": now, "told_severity": wanted}
    )
    return Step(after, Told(status, wanted, certain, episode.opened or now, after.number), reason, verdict.detail)


def _opening(verdict: Verdict, severity: Severity, *, certain: bool) -> Opening:
    subject = verdict.subject.id if verdict.subject else None
    return Opening(severity=severity, certain=certain, value=verdict.figure.value, indicator=subject)


def _change(opening: Opening, wanted: Severity, *, certain: bool, contradicted: bool) -> tuple[AlertStatus | None, Reason]:
    """What has changed since it was told; that it has become certain counts as worse."""
    if wanted.rank > opening.severity.rank or (wanted is opening.severity and certain and not opening.certain):
        return AlertStatus.ESCALATED, Reason.ESCALATED
    if wanted.rank < opening.severity.rank:
        return AlertStatus.DEESCALATED, Reason.DEESCALATED
    if contradicted:
        return AlertStatus.CORRECTED, Reason.CORRECTED
    return None, Reason.STILL_FIRING


def _contradicted(opening: Opening, verdict: Verdict) -> bool:
    """Whether the number that was told is no longer believed: what has happened can become more, and less only by correction."""
    subject, high = verdict.subject, verdict.figure.high
    if subject is None or subject.kind is Kind.STOCK or subject.id != opening.indicator:
        return False
    return high is not None and high < opening.value


def _quiet_until(episode: Episode, condition: Condition, wanted: Severity, now: datetime) -> datetime | None:
    """Until when the cooldown keeps this quiet; None where it does not."""
    if episode.told_at is None or episode.told_severity is None or wanted.rank > episode.told_severity.rank:
        return None
    until = later(episode.told_at, condition.cooldown)
    return until if now < until else None


def _quietly(verdict: Verdict, until: datetime) -> str:
    return f"{verdict.detail}, but told of it before, quiet until {until:%Y-%m-%d %H:%M}"
