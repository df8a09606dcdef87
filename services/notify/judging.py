"""Observations into alerts and decisions: what is heard is remembered, its group is judged, and what is due is done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from schemas import Condition, Indicator, Observation, Reason
from services.stage import Output

from . import generations, windows
from .episodes import Step, step
from .hearing import lacking, whole
from .memory import Due, GroupState, InForce, Known, Memory
from .moments import later, read_back, sortable
from .selection import group_text
from .telling import alert, alert_output, decision, decision_output
from .verdict import Verdict, nothing, of_figure, of_sum, worst_of

WORK = 100
"""Groups judged for one record because they are due: some tens of milliseconds; the rest waits for the next record."""

FORGET = timedelta(days=7)
"""How long an empty group is remembered, by the data's clock: so long what is repeated is known to be."""

CITED = 20
"""Incidents of a sum whose words are looked up for an alert."""


def observe(memory: Memory, message: Observation, clock: datetime) -> Iterator[Output]:
    """Hear of one indicator in one group, and judge the group; nothing follows from what was heard before."""
    known = generations.admit(memory, message.rule)
    if known is None:
        return
    text = group_text(message.group)
    before = memory.figure(known.id, known.generation, text, message.indicator)
    if not _news(message, before):
        return
    if known.complete:
        yield from _overdue(memory, known, text, clock)
    _remember(memory, known, text, message, before, clock)
    group = _join(memory, known, text, message)
    if known.complete:
        cause = message.seen or (before.seen if before else None)
        event_time = message.seen.published_at if message.seen else clock
        yield from judge(memory, known, text, clock, cause=cause, event_time=event_time)
    elif not message.priming and group.reason is not Reason.PRIMING:
        detail = f"the rule is not judged yet: {len(known.primed)} of {known.of} partitions have shown it what stands"
        decided = decision(known.rule, group.labels, Reason.PRIMING, detail, None, None, (), at=clock, revision=memory.offset, initial=True)
        memory.keep_group(known.id, known.generation, text, group.model_copy(update={"reason": Reason.PRIMING}))
        memory.keep_decision(known.id, known.generation, text, decided)
        yield decision_output(known.id, text, decided)


def absorb(memory: Memory, message: Observation, clock: datetime) -> None:
    """Hear of one indicator in one group without judging it: what followed was told before, and is recalled."""
    known = generations.admit(memory, message.rule)
    if known is None:
        return
    text = group_text(message.group)
    before = memory.figure(known.id, known.generation, text, message.indicator)
    if _news(message, before):
        _remember(memory, known, text, message, before, clock)
        _join(memory, known, text, message)


def settle(memory: Memory, clock: datetime) -> Iterator[Output]:
    """Do what is due by the clock, in its order, as of the moment at which it was; no more than so many groups at once."""
    work = WORK
    while work > 0 and (due := memory.due(clock)) is not None:
        work -= 1
        if due.kind == "3group":
            yield from _wake(memory, due)
        else:
            for text in _slice(memory, due, work):
                work -= 1
                if due.kind == "1retire":
                    yield from generations.close(memory, due.rule, due.generation, text, clock)
                elif (known := _current(memory, due)) is not None:
                    yield from judge(memory, known, text, due.at, cause=None, event_time=None)


def judge(
    memory: Memory, known: InForce, text: str, now: datetime, *, cause: Indicator | None, event_time: datetime | None
) -> Iterator[Output]:
    """Judge one group as of a moment; `cause` is the indicator that moved it, `event_time` when that was published."""
    if known.before is not None:
        yield from generations.close(memory, known.id, known.before, text, now)
    group = memory.group(known.id, known.generation, text)
    if group is None:
        return
    weighed = _weigh(memory, known, text, group.members, now, cause)
    verdict = weighed.verdict
    if event_time is None:
        event_time = min(now, verdict.subject.published_at) if verdict.subject else now
    done = step(group.episode, verdict, known.rule.condition, now=now, event_time=event_time)
    decided = (done.reason, done.episode.severity) != (group.reason, group.reason_severity)
    behind = _behind(memory, known, text, weighed, cause) if decided or done.told is not None else []
    if done.told is not None:
        told = alert(
            known.rule, group.labels, text, done.told, verdict.figure, behind, event_time=event_time, at=now, revision=memory.offset
        )
        memory.keep_told(known.id, known.generation, text, told)
        yield alert_output(text, told)
    if decided:
        said = decision(
            known.rule,
            group.labels,
            done.reason,
            done.detail,
            done.episode.severity,
            verdict,
            behind,
            at=now,
            revision=memory.offset,
            crossed_at=done.episode.crossed_at,
            initial=done.episode.first,
        )
        memory.keep_decision(known.id, known.generation, text, said)
        yield decision_output(known.id, text, said)
    _go_on(memory, known, text, group, done, weighed, now)


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A group's figures, judged."""

    verdict: Verdict
    days: tuple[date, ...]
    """Of a sum, the days in it that hold incidents, the newest first."""
    empty: bool
    """Whether the group holds nothing."""
    wake: datetime | None = None
    """When a sum changes by itself."""


def _weigh(memory: Memory, known: InForce, text: str, members: tuple[str, ...], now: datetime, cause: Indicator | None) -> _Weighed:
    condition = known.rule.condition
    if condition.line.window is not None:
        return _weigh_sum(memory, known, condition, condition.line.window, text, now, cause)
    held = (memory.figure(known.id, known.generation, text, name) for name in members)
    seen = [figure.seen for figure in held if figure is not None and figure.seen is not None]
    figures = [figure for figure in seen if not figure.retracted]
    if figures:
        return _Weighed(worst_of([of_figure(condition, figure, now) for figure in figures]), (), empty=False)
    told = memory.told(known.id, known.generation, text)
    last = next((figure for figure in seen if told is not None and figure.id == told.indicator.id), told.indicator if told else None)
    return _Weighed(nothing(condition, cause or last), (), empty=True)


def _weigh_sum(
    memory: Memory, known: InForce, condition: Condition, window: timedelta, text: str, now: datetime, cause: Indicator | None
) -> _Weighed:
    place = (known.id, known.generation, text)
    days = memory.days(*place)
    for day in [day for day in days if day < windows.forgotten(window, now)]:
        del days[day]
        for indicator in memory.day(*place, day):
            memory.forget_figure(*place, indicator)
        memory.keep_day(*place, day, {})
    first, last = windows.covered(window, now)
    inside = {day: share for day, share in days.items() if first <= day <= last}
    subject, published_at = None, None
    if inside:
        newest = windows.together(inside.values())
        kept = memory.figure(*place, newest.indicator)
        subject, published_at = kept.seen if kept else None, read_back(newest.published_at)
    aside = sum(share.aside for share in inside.values())
    verdict = of_sum(condition, windows.total(inside.values()), aside, subject, published_at, now)
    if cause is not None and cause.retracted:
        verdict = replace(verdict, taken_back=True)
    return _Weighed(verdict, tuple(sorted(inside, reverse=True)), empty=not days, wake=windows.changes_at(window, days, now))


def _behind(memory: Memory, known: InForce, text: str, weighed: _Weighed, cause: Indicator | None) -> list[Indicator]:
    """The indicators behind a verdict: the one it is about first, then, of a sum, the others in it, by day, the newest first."""
    names: list[str] = []
    for day in weighed.days:
        shares = memory.day(known.id, known.generation, text, day)
        names += sorted(shares, key=lambda name: (not shares[name].aside, shares[name].published_at, name), reverse=True)
        if len(names) >= CITED:
            break
    if (
        cause is not None
        and (day := windows.day_of(cause)) in weighed.days
        and cause.id in memory.day(known.id, known.generation, text, day)
    ):
        names = [cause.id, *(name for name in names if name != cause.id)]
    figures = (memory.figure(known.id, known.generation, text, name) for name in names[:CITED])
    held = [figure.seen for figure in figures if figure is not None and figure.seen is not None]
    if held:
        return held
    told = memory.told(known.id, known.generation, text)
    subject = weighed.verdict.subject or cause or (told.indicator if told else None)
    return [subject] if subject is not None else _newest_of_all(memory, known, text)


def _newest_of_all(memory: Memory, known: InForce, text: str) -> list[Indicator]:
    """The newest incident that a sum remembers, be it out of the window: a line that is crossed by less and less has no other."""
    days = memory.days(known.id, known.generation, text)
    last = memory.figure(known.id, known.generation, text, days[max(days)].indicator) if days else None
    return [last.seen] if last is not None and last.seen is not None else []


def _go_on(memory: Memory, known: InForce, text: str, group: GroupState, done: Step, weighed: _Weighed, now: datetime) -> None:
    """Remember where the group stands, and when it is due again."""
    wake = min((moment for moment in (done.wake, weighed.wake) if moment is not None and moment > now), default=None)
    cleanup = weighed.empty and done.episode.severity is None and wake is None
    if cleanup:
        wake = later(now, max(FORGET, known.rule.condition.cooldown))
    if group.wake is not None and group.wake != wake:
        memory.unschedule(group.wake, "3group", known.id, known.generation, text)
    if wake is not None:
        memory.schedule(wake, "3group", known.id, known.generation, text)
    state = group.model_copy(
        update={"episode": done.episode, "reason": done.reason, "reason_severity": done.episode.severity, "wake": wake, "cleanup": cleanup}
    )
    memory.keep_group(known.id, known.generation, text, state)


def _join(memory: Memory, known: InForce, text: str, message: Observation) -> GroupState:
    """The group, with the indicator in it, or without it where it left."""
    before = memory.group(known.id, known.generation, text)
    members = set(before.members) if before is not None else set()
    if known.rule.condition.line.window is None:
        (members.add if message.seen is not None else members.discard)(message.indicator)
    listed = tuple(sorted(members))
    group = GroupState(labels=message.group, members=listed) if before is None else before.model_copy(update={"members": listed})
    if group != before:
        memory.keep_group(known.id, known.generation, text, group)
    return group


def _news(message: Observation, before: Known | None) -> bool:
    """Whether this was not heard before: newer, or as new and different (a new version of the ledger's fold tells it again)."""
    if before is None:
        return message.seen is not None
    revision = message.seen.revision if message.seen else message.revision
    if revision is None or revision > before.revision:
        return True
    return revision == before.revision and before.seen is not None and _slim(before.seen) != _slim(message.seen)


def _remember(memory: Memory, known: InForce, text: str, message: Observation, before: Known | None, clock: datetime) -> None:
    revision = message.seen.revision if message.seen else message.revision
    if revision is None:
        revision = before.revision if before else 0
    place = (known.id, known.generation, text)
    window = known.rule.condition.line.window
    if window is None:
        memory.keep_figure(*place, message.indicator, Known(revision, message.seen))
        return
    seen = message.seen
    memory.keep_figure(*place, message.indicator, Known(revision, _slim(seen)))
    days = {windows.day_of(figure) for figure in (seen, before.seen if before else None) if figure is not None}
    for day in sorted(days):
        shares = memory.day(*place, day)
        shares.pop(message.indicator, None)
        if seen is not None and not seen.retracted and day == windows.day_of(seen) and day >= windows.forgotten(window, clock):
            shares[message.indicator] = _share(known.rule.condition, seen)
        memory.keep_day(*place, day, shares)
    if seen is not None and windows.day_of(seen) < windows.forgotten(window, clock):
        memory.forget_figure(*place, message.indicator)


def _share(condition: Condition, indicator: Indicator) -> windows.Share:
    """What an incident adds to a sum: nothing, where too little stands behind it."""
    published_at = sortable(indicator.published_at)
    figure = whole(condition, indicator)
    if lacking(condition, indicator) is not None:
        return windows.Share(0, 0, 0, published_at, indicator.id, aside=figure.value)
    return windows.Share(figure.value, figure.low, figure.high, published_at, indicator.id)


def _slim(indicator: Indicator | None) -> Indicator | None:
    """An incident as a sum keeps it: with the newest words of few tellers, because a sum may hold thousands."""
    if indicator is None:
        return None
    tellers = tuple(teller.model_copy(update={"citations": teller.citations[:1]}) for teller in indicator.tellers[:3])
    return indicator.model_copy(update={"tellers": tellers})


def _overdue(memory: Memory, known: InForce, text: str, clock: datetime) -> Iterator[Output]:
    """What was due in this group before now, where more was due than could be done."""
    while (group := memory.group(known.id, known.generation, text)) is not None and group.wake is not None and group.wake <= clock:
        at = group.wake
        yield from _wake(memory, Due("3group", known.id, known.generation, text, at, ""))


def _wake(memory: Memory, due: Due) -> Iterator[Output]:
    memory.unschedule(due.at, due.kind, due.rule, due.generation, due.group)
    known = _current(memory, due)
    group = memory.group(due.rule, due.generation, due.group)
    if known is None or group is None or group.wake != due.at:
        return
    if group.cleanup:
        memory.forget_group(due.rule, due.generation, due.group)
        yield decision_output(due.rule, due.group, None)
    else:
        memory.keep_group(due.rule, due.generation, due.group, group.model_copy(update={"wake": None}))
        yield from judge(memory, known, due.group, due.at, cause=None, event_time=due.at)


def _current(memory: Memory, due: Due) -> InForce | None:
    """The rule, if it is this very generation of it that is in force."""
    known = memory.rule(due.rule)
    return known if known is not None and known.generation == due.generation and not known.retired else None


def _slice(memory: Memory, due: Due, work: int) -> list[str]:
    """The next groups of a long work; it is due again from where this leaves it, until none is left."""
    texts: list[str] = []
    last = due.cursor
    for key, text in memory.groups(due.rule, due.generation, due.cursor):
        if len(texts) == work:
            break
        texts.append(text)
        last = key
    else:
        memory.unschedule(due.at, due.kind, due.rule, due.generation)
        return texts
    memory.schedule(due.at, due.kind, due.rule, due.generation, cursor=last)
    return texts
