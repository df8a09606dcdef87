"""Where the log has lost its head, groups begin from the last alert and decision that were told of them.

An alert says which episode it is of and where that stands, a decision why the group is as it is. Rules and figures are not recalled: the
log shows them again, at the latest when the split has seen that it lacks them. What is folded up to the committed offset is not judged,
since it was; then every group whose rule is complete is judged once, and tells only what is otherwise than was told.
"""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from typing import TypeVar

import orjson
from pydantic import ValidationError

from schemas import Alert, AlertStatus, Cause, Certainty, Decision, Message, Observation, Primed, Retired, Tick, parts_of
from schemas.topics import ALERTS
from services.stage import Invalid, Output, Record, State

from . import generations, judging
from .episodes import Episode, Opening
from .memory import GroupState, InForce, Memory, Recalled, generation_of
from .selection import group_text

M = TypeVar("M", bound=Message)

TOGETHER = 200
"""Groups looked through at once, in some ten milliseconds."""

TAKING_IN, JUDGING = b"taking in", b"judging"
"""What is done with what was recalled: first nothing is judged, then all is."""

ENDS = (AlertStatus.RESOLVED, AlertStatus.RETRACTED)
"""After these nothing is open."""


def recall(record: Record, before: int, state: State) -> None:
    """Take in an alert or a decision that was told before an offset; what was told beyond it is about to be told again.

    Raises:
        Invalid: it is neither.

    """
    memory = Memory(state)
    if record.topic == ALERTS.name:
        if record.value is not None:
            _alert(memory, _read(Alert, record.value), before)
    elif record.value is not None:
        _decision(memory, _read(Decision, record.value), before)
    else:
        _forgotten(memory, parts_of((record.key or b"").decode(errors="replace"))[0])


def absorb(memory: Memory, message: Observation | Primed | Retired | Tick, record: Record, clock: datetime) -> None:
    """Take in what was folded, judged and told before."""
    memory.reach(record.timestamp)
    if isinstance(message, Observation):
        judging.absorb(memory, message, clock)
    elif isinstance(message, Primed):
        generations.shown(memory, message, clock)
    elif isinstance(message, Retired):
        generations.retire(memory, message)


def reconcile(memory: Memory) -> list[Output] | None:
    """Look through some groups, then judge some; None where all are."""
    clock = memory.clock or generations.FIRST
    if memory.recalling == TAKING_IN:
        if (found := memory.unsorted()) is not None:
            _sort(memory, *found)
        else:
            _judge_all(memory, clock)
            memory.recall(JUDGING)
        return []
    outputs = list(judging.settle(memory, clock)) if memory.recalling == JUDGING else None
    if not outputs and memory.due(clock) is None:
        memory.recall(None)
    return outputs


# What was told


def _alert(memory: Memory, alert: Alert, before: int) -> None:
    if alert.opened_at is None or alert.told_at is None or alert.revision is None or alert.revision >= before:
        return  # one of a version that did not say which episode it is of cannot be gone on with
    memory.advance(alert.told_at)
    rule, text = alert.rule, group_text(alert.group)
    generation = _keep(memory, rule.id, Recalled(hash=rule.hash, since=rule.since))
    for other, _ in memory.recalled(rule.id):
        if other != generation:
            memory.forget_group(rule.id, other, text)  # this one is what became of the group
    memory.keep_group(rule.id, generation, text, GroupState(labels=alert.group, episode=_episode(alert, alert.told_at)))
    memory.keep_told(rule.id, generation, text, alert)


def _episode(alert: Alert, told_at: datetime) -> Episode:
    """Where an episode stands after an alert."""
    opening = Opening(
        severity=alert.severity, certain=alert.certainty is Certainty.CERTAIN, value=alert.value, indicator=alert.indicator.id
    )
    return Episode(
        open=None if alert.status in ENDS else opening,
        opened=alert.opened_at,
        number=alert.sequence,
        first=False,
        told_at=told_at,
        told_severity=alert.severity,
    )


def _decision(memory: Memory, decision: Decision, before: int) -> None:
    if decision.revision is None or decision.revision >= before:
        return
    memory.advance(decision.at)
    rule, text = decision.rule, group_text(decision.group)
    generation = _keep(memory, rule, Recalled(hash=decision.hash, since=decision.since))
    group = memory.group(rule, generation, text)
    if group is None:
        group = GroupState(labels=decision.group)
    if group.episode.open is None:
        update = {"crossed_at": decision.crossed_at, "first": decision.initial}
        group = group.model_copy(update={"episode": group.episode.model_copy(update=update)})
    why = {"reason": decision.reason, "reason_severity": decision.severity}
    memory.keep_group(rule, generation, text, group.model_copy(update=why))
    memory.keep_decision(rule, generation, text, decision)


def _forgotten(memory: Memory, key: str) -> None:
    rule, _, text = key.partition("+")
    for generation, _ in memory.recalled(rule):
        group = memory.group(rule, generation, text)
        if group is not None and group.episode.open is None:
            memory.forget_group(rule, generation, text)


def _keep(memory: Memory, rule: str, recalled: Recalled) -> str:
    generation = generation_of(recalled)
    memory.keep_recalled(rule, generation, recalled)
    memory.recall(TAKING_IN)
    return generation


# What becomes of it


def _sort(memory: Memory, rule: str, generation: str, recalled: Recalled) -> None:
    """Look through the next groups of a generation: what the fold has forgotten by itself is forgotten here."""
    known = memory.rule(rule)
    current = known is not None and known.generation == generation and not known.retired
    ended = known is not None and not current and _ended(known, recalled)
    groups = list(islice(memory.groups(rule, generation, recalled.after), TOGETHER))
    for _, text in groups:
        group = memory.group(rule, generation, text)
        if group is not None and group.episode.open is None and (ended or group.reason is None):
            _begin_anew(memory, rule, generation, text, group, keep=current)
    if groups:
        memory.keep_recalled(rule, generation, recalled.model_copy(update={"after": groups[-1][0]}))
    elif ended:
        generations.outlive(memory, rule, generation)
    elif current:
        memory.forget_recalled(rule, generation)
    else:
        memory.keep_recalled(rule, generation, recalled.model_copy(update={"sorted": True}))


def _ended(known: InForce, recalled: Recalled) -> bool:
    """Whether a rule's present condition came after the one that was recalled, or none is in force."""
    since = known.rule.since
    return known.retired or recalled.since is None or (since is not None and since > recalled.since)


def _begin_anew(memory: Memory, rule: str, generation: str, text: str, group: GroupState, *, keep: bool) -> None:
    """Nothing is open in a group, and no decision stands: what was told of it was long ago, and only its figures count."""
    if keep and (group.members or memory.days(rule, generation, text) or memory.presence(rule, generation, text) is not None):
        memory.keep_group(rule, generation, text, group.model_copy(update={"episode": Episode()}))
    else:
        memory.forget_group(rule, generation, text)


def _judge_all(memory: Memory, clock: datetime) -> None:
    """Let every group of every complete rule be judged once, as of now."""
    for due in list(memory.all_due("2judge")):
        memory.unschedule(due.at, due.kind, due.rule, due.generation)
    for known in list(memory.rules()):
        if known.complete and not known.retired:
            memory.schedule(clock, "2judge", known.id, known.generation)


def _read(kind: type[M], value: bytes) -> M:
    try:
        return kind.from_bytes(value)
    except (orjson.JSONDecodeError, ValidationError) as error:
        raise Invalid(Cause.INVALID, f"no {kind.__name__.lower()}: {type(error).__name__}") from error
