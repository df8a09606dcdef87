"""Observations into alerts and decisions: what is heard is remembered, its group is judged, and what is due is done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from schemas import Indicator, Observation, Reason
from services.stage import Output

from . import generations
from .episodes import Step, step
from .memory import Due, GroupState, InForce, Memory
from .moments import later
from .remembering import is_news, join, remember
from .selection import group_text
from .telling import alert, alert_output, decision, decision_output
from .weighing import Weighed, behind, weigh

WORK = 100
"""Groups judged for one record because they are due: some tens of milliseconds; the rest waits for the next record."""

FORGET = timedelta(days=7)
"""How long an empty group is remembered, by the data's clock: so long what is repeated is known to be."""


def observe(memory: Memory, message: Observation, clock: datetime) -> Iterator[Output]:
    """Hear of one indicator in one group, and judge the group; nothing follows from what was heard before."""
    known = generations.admit(memory, message.rule)
    if known is None:
        return
    text = group_text(message.group)
    before = memory.figure(known.id, known.generation, text, message.indicator)
    if not is_news(message, before):
        return
    if known.complete:
        yield from _overdue(memory, known, text, clock)
    remember(memory, known, text, message, before, clock)
    group = join(memory, known, text, message)
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
    if is_news(message, before):
        remember(memory, known, text, message, before, clock, absorbing=True)
        join(memory, known, text, message)


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
    weighed = weigh(memory, known, text, group.members, now, cause)
    verdict = weighed.verdict
    if event_time is None:
        event_time = min(now, verdict.subject.published_at) if verdict.subject else now
    done = step(group.episode, verdict, known.rule.condition, now=now, event_time=event_time)
    decided = (done.reason, done.episode.severity) != (group.reason, group.reason_severity)
    cited = behind(memory, known, text, weighed, cause) if decided or done.told is not None else []
    if done.told is not None:
        told = alert(known.rule, group.labels, text, done.told, verdict, cited, event_time=event_time, at=now, revision=memory.offset)
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
            cited,
            at=now,
            revision=memory.offset,
            crossed_at=done.episode.crossed_at,
            initial=done.episode.first,
        )
        memory.keep_decision(known.id, known.generation, text, said)
        yield decision_output(known.id, text, said)
    _go_on(memory, known, text, group, done, weighed, now)


def _go_on(memory: Memory, known: InForce, text: str, group: GroupState, done: Step, weighed: Weighed, now: datetime) -> None:
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
