"""What a rule makes of the figures of one group: how bad, how surely, and if it is silent, why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from schemas import Condition, Indicator, Line, Reason, Severity

from .crossing import Bounds, Standing, standing, worst
from .hearing import lacking, stale, voices, whole
from .reckoning import Amount, Unreckoned
from .wording import said, side


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
    amount: Amount | None = None
    """How `figure` was reckoned, where it is neither a figure nor a sum."""


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
    verdict = _verdict(condition, stands, Amount(figure, figure), indicator)
    return _supported(condition, verdict, indicator, indicator.published_at, now)


def of_moved_figure(condition: Condition, indicator: Indicator, amounts: Sequence[Amount | Unreckoned], now: datetime) -> Verdict:
    """One figure before a line on how far it has moved: each teller is compared with what the same teller said before."""
    heard = [amount for amount in amounts if isinstance(amount, Amount)]
    if not heard:
        first = amounts[0]
        figure = first.figure
        reason, detail = (first.reason, first.detail) if isinstance(first, Unreckoned) else (Reason.TOO_LITTLE_HISTORY, "")
        return Verdict(None, False, frozenset(), reason, detail, figure, indicator)
    spoken = max(heard, key=lambda amount: amount.bounds.value)
    stands = standing(condition.line, condition.tellers, [amount.bounds for amount in heard])
    return _supported(condition, _verdict(condition, stands, spoken, indicator), indicator, indicator.published_at, now)


def of_window(
    condition: Condition,
    reckoned: Amount | Unreckoned,
    aside: int,
    newest: Indicator | None,
    published_at: datetime | None,
    now: datetime,
) -> Verdict:
    """What a window comes to before a line.

    `aside` is what incidents with too little behind them would add, `published_at` is when the newest incident was published.
    """
    if isinstance(reckoned, Unreckoned):
        return Verdict(None, False, frozenset(), reckoned.reason, reckoned.detail, reckoned.figure, newest)
    verdict = _verdict(condition, standing(condition.line, condition.tellers, (reckoned.bounds,)), reckoned, newest)
    if verdict.severity is not None and published_at is not None and stale(condition, published_at, now):
        return _silenced(verdict, Reason.STALE, f"published {published_at:%Y-%m-%d}, older than the rule's max_age")
    if verdict.severity is None and aside and reckoned.base is None and condition.line.direction.upward:
        total = reckoned.bounds
        more = Bounds(total.value + aside, (total.low or 0) + aside, None if total.high is None else total.high + aside)
        if standing(condition.line, condition.tellers, (more,)).sure:
            return replace(
                verdict, reason=_wanting(condition), detail=f"{verdict.detail}; {aside:,} more are told by too few or too unsurely"
            )
    return verdict


def of_presence(condition: Condition, amount: Amount, subject: Indicator | None, heard_at: datetime, now: datetime) -> Verdict:
    """How long nothing was told of a group before a line; `subject` is what was told of it last, or again, at `heard_at`."""
    stands = standing(condition.line, condition.tellers, (amount.bounds,))
    verdict = _verdict(condition, stands, amount, subject)
    return verdict if subject is None else _supported(condition, verdict, subject, heard_at, now)


def unheard(condition: Condition, amount: Amount, subject: Indicator | None, heard: datetime) -> Verdict:
    """The verdict on a silence while nothing is heard of anybody: what is open stays so, and nothing begins."""
    kept = standing(condition.line, condition.tellers, (amount.bounds,)).kept
    detail = f"{said(condition.line, amount)}, but nothing is heard of anybody since {heard:%Y-%m-%d %H:%M}"
    return Verdict(None, False, kept, Reason.FEED_SILENT, detail, amount.bounds, subject, amount=amount)


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


def _verdict(condition: Condition, stands: Standing, amount: Amount, subject: Indicator | None) -> Verdict:
    reached = worst(stands.possible if condition.possible else stands.sure)
    words = said(condition.line, amount)
    if reached is not None:
        certain = reached in stands.sure
        sides = side(condition.line, reached)
        detail = f"{words} is surely {sides} ({reached})" if certain else f"{words} may be {sides} ({reached})"
        return Verdict(reached, certain, stands.kept, Reason.FIRED, detail, amount.bounds, subject, amount=amount)
    reason, detail = _silence(condition.line, stands, words)
    return Verdict(None, False, stands.kept, reason, detail, amount.bounds, subject, amount=amount)


def _silence(line: Line, stands: Standing, words: str) -> tuple[Reason, str]:
    if disputed := worst(stands.disputed):
        return Reason.TELLERS_DISAGREE, f"{words}: not as many tellers are {side(line, disputed)} as the rule wants"
    if possible := worst(stands.possible):
        return Reason.ONLY_POSSIBLE, f"{words} may be {side(line, possible)}, but need not"
    nearest = min(line.levels, key=lambda severity: severity.rank)
    return Reason.NOT_CROSSED, f"{words} is not {side(line, nearest)}"


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
