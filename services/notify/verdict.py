"""What a rule makes of the figures of one group: how bad, how surely, and if it is silent, why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from schemas import Condition, Direction, Indicator, Line, Reason, Severity

from .crossing import Bounds, Standing, standing, worst
from .hearing import lacking, stale, voices, whole


@dataclass(frozen=True, slots=True)
class Verdict:
    """One group's figures before one line."""

    severity: Severity | None
    """The level at which an episode may open, or to which it may rise; None: it is silent, for `reason`."""
    certain: bool
    """Whether the line is surely crossed there."""
    kept: frozenset[Severity]
    """Levels from which the figures are not surely back."""
    reason: Reason
    """Why it is silent."""
    detail: str
    """The figures that decided, in a sentence."""
    figure: Bounds
    """What was judged."""
    subject: Indicator | None
    """The indicator that was judged; of a sum, the newest of those that are in it."""
    taken_back: bool = False
    """Whether what was seen here was taken back by those who told it."""


def nothing(condition: Condition, subject: Indicator | None) -> Verdict:
    """The verdict where no figure is left; `subject` is the last one that was."""
    taken_back = subject is not None and subject.retracted
    detail = "what was told has been taken back" if taken_back else "the figure has expired, or no longer belongs here"
    figure = Bounds(0, None, None) if subject is None else whole(condition, subject)
    return Verdict(None, False, frozenset(), Reason.GONE, detail, figure, subject, taken_back)


def of_figure(condition: Condition, indicator: Indicator, now: datetime) -> Verdict:
    """One figure before the line, each teller heard."""
    figure = whole(condition, indicator)
    stands = standing(condition.line, condition.tellers, voices(condition, indicator, now))
    verdict = _verdict(condition, stands, figure, indicator)
    return _supported(condition, verdict, indicator, indicator.published_at, now)


def of_sum(
    condition: Condition, total: Bounds, aside: int, newest: Indicator | None, published_at: datetime | None, now: datetime
) -> Verdict:
    """A sum of incidents before the line.

    `aside` is what incidents with too little behind them would add, `published_at` is when the newest incident was published.
    """
    verdict = _verdict(condition, standing(condition.line, condition.tellers, (total,)), total, newest)
    if verdict.severity is not None and published_at is not None and stale(condition, published_at, now):
        return _silenced(verdict, Reason.STALE, f"published {published_at:%Y-%m-%d}, older than the rule's max_age")
    if verdict.severity is None and aside and condition.line.direction.upward:
        more = Bounds(total.value + aside, (total.low or 0) + aside, None if total.high is None else total.high + aside)
        if standing(condition.line, condition.tellers, (more,)).sure:
            return replace(
                verdict, reason=_wanting(condition), detail=f"{verdict.detail}; {aside:,} more are told by too few or too unsurely"
            )
    return verdict


def _wanting(condition: Condition) -> Reason:
    """What incidents that are left out must lack: what the rule asks for first."""
    if condition.min_publishers > 1:
        return Reason.TOO_FEW_PUBLISHERS
    return Reason.TOO_FEW_TELLERS if condition.min_tellers > 1 else Reason.TOO_UNSURE


def worst_of(verdicts: Sequence[Verdict]) -> Verdict:
    """The worst of several figures speaks for the group; the group is back only when all of them are."""
    first = max(verdicts, key=_weight)
    return replace(first, kept=frozenset[Severity]().union(*(verdict.kept for verdict in verdicts)))


def _weight(verdict: Verdict) -> tuple[int, bool, int, str, str]:
    rank = -1 if verdict.severity is None else verdict.severity.rank
    subject = verdict.subject
    published_at, identity = ("", "") if subject is None else (subject.published_at.isoformat(), subject.id)
    return rank, verdict.certain, len(verdict.kept), published_at, identity


def _verdict(condition: Condition, stands: Standing, figure: Bounds, subject: Indicator | None) -> Verdict:
    reached = worst(stands.possible if condition.possible else stands.sure)
    said = _said(condition.line, figure)
    if reached is not None:
        certain = reached in stands.sure
        level = condition.line.levels[reached]
        sides = _side(condition.line.direction, level)
        detail = f"{said} is surely {sides} ({reached})" if certain else f"{said} may be {sides} ({reached})"
        return Verdict(reached, certain, stands.kept, Reason.FIRED, detail, figure, subject)
    reason, detail = _silence(condition.line, stands, said)
    return Verdict(None, False, stands.kept, reason, detail, figure, subject)


def _silence(line: Line, stands: Standing, said: str) -> tuple[Reason, str]:
    if disputed := worst(stands.disputed):
        return Reason.TELLERS_DISAGREE, f"{said}: not as many tellers are {_side(line.direction, line.levels[disputed])} as the rule wants"
    if possible := worst(stands.possible):
        return Reason.ONLY_POSSIBLE, f"{said} may be {_side(line.direction, line.levels[possible])}, but need not"
    nearest = min(line.levels, key=lambda severity: severity.rank)
    return Reason.NOT_CROSSED, f"{said} is not {_side(line.direction, line.levels[nearest])}"


def _supported(condition: Condition, verdict: Verdict, indicator: Indicator, published_at: datetime, now: datetime) -> Verdict:
    if verdict.severity is None:
        return verdict
    if missing := lacking(condition, indicator):
        return _silenced(verdict, *missing)
    if stale(condition, published_at, now):
        return _silenced(verdict, Reason.STALE, f"published {published_at:%Y-%m-%d}, older than the rule's max_age")
    return verdict


def _silenced(verdict: Verdict, reason: Reason, detail: str) -> Verdict:
    return replace(verdict, severity=None, certain=False, reason=reason, detail=f"{verdict.detail}, but {detail}")


def _side(direction: Direction, level: int) -> str:
    words = {Direction.AT_LEAST: "at or above", Direction.ABOVE: "above", Direction.BELOW: "below", Direction.AT_MOST: "at or below"}
    return f"{words.get(direction, str(direction))} {level:,}"


def _said(line: Line, figure: Bounds) -> str:
    number = f"{figure.value:,}"
    if (figure.low, figure.high) != (figure.value, figure.value):
        low = "no least" if figure.low is None else f"{figure.low:,}"
        high = "no most" if figure.high is None else f"{figure.high:,}"
        number += f" ({low} to {high})"
    return number if line.window is None else f"a sum of {number} in {line.window.days} days"
