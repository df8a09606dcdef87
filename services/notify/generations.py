"""Which condition of a rule is in force: a changed one begins anew, and what comes late for an older one is known as such.

A generation is a condition together with when it came into force. Its state is its own: when the next generation is heard of, or the
rule is retired, the alerts that are open under it are resolved, with a decision that says why, and all else of it is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from schemas import AlertStatus, Decision, Primed, Reason, Retired, RuleCondition, iso
from schemas.alert import Alert
from services.stage import Output

from .episodes import Episode
from .memory import InForce, Memory, Recalled, generation_of
from .telling import alert_output, decision_output

FIRST = datetime(1, 1, 1, tzinfo=UTC)
"""Due before all else: what is left of an old generation goes before the new one is judged."""

MAX_PAST = 50
"""Old conditions remembered of a rule whose publisher does not say since when they hold."""


def admit(memory: Memory, rule: RuleCondition) -> InForce | None:
    """The rule as it is in force, changed by what is heard of it; None where this is about an older condition, or a retired one."""
    known = memory.rule(rule.id)
    if known is None:
        return _begin(memory, InForce(rule=rule, before=_outlived(memory, rule)))
    if generation_of(rule) == known.generation:
        if known.retired:
            return None
        return known if rule == known.rule else _begin(memory, known.model_copy(update={"rule": rule}))
    if not _supersedes(rule, known):
        return None
    if not known.retired:
        memory.schedule(FIRST, "1retire", known.id, known.generation)
    past = (*known.past, known.rule.hash)[-MAX_PAST:] if rule.since == known.rule.since else ()
    return _begin(memory, InForce(rule=rule, past=past, before=known.generation))


def shown(memory: Memory, message: Primed, clock: datetime) -> None:
    """One partition has shown a condition what stands; when all have, it is due to be judged."""
    known = admit(memory, message.rule)
    if known is None or known.complete or not _all_is_there(memory, message):
        return
    primed = known.primed if known.of == message.of else ()
    primed = tuple(sorted({*primed, message.partition}))
    complete = len(primed) == message.of
    memory.keep_rule(known.model_copy(update={"of": message.of, "primed": primed, "complete": complete}))
    if complete:
        memory.schedule(clock, "2judge", known.id, known.generation)


def retire(memory: Memory, message: Retired) -> None:
    """A rule is no longer in force: its state is due to be dropped."""
    known = memory.rule(message.rule)
    if known is None:
        for generation, recalled in memory.recalled(message.rule):
            if (recalled.hash, recalled.since) == (message.hash, message.since):
                outlive(memory, message.rule, generation)
        return
    if known.retired or known.rule.hash != message.hash or known.rule.since != message.since:
        return
    memory.keep_rule(known.model_copy(update={"retired": True, "complete": False}))
    memory.schedule(FIRST, "1retire", known.id, known.generation)


def close(memory: Memory, rule: str, generation: str, text: str, clock: datetime) -> Iterator[Output]:
    """Forget one group of an old generation; an alert that is open in it is resolved."""
    group = memory.group(rule, generation, text)
    if group is None:
        return
    known = memory.rule(rule)
    told = memory.told(rule, generation, text)
    if group.episode.severity is not None and told is not None:
        withdrawn = known is None or known.retired
        yield alert_output(text, _resolved(told, text, group.episode, clock, memory.offset))
        yield decision_output(rule, text, _ended(told, clock, memory.offset, withdrawn=withdrawn))
    elif group.reason is not None:
        yield decision_output(rule, text, None)
    if group.wake is not None:
        memory.unschedule(group.wake, "3group", rule, generation, text)
    memory.forget_group(rule, generation, text)


def outlive(memory: Memory, rule: str, generation: str) -> None:
    """A generation that was recalled is no longer in force: its state is due to be dropped."""
    memory.schedule(FIRST, "1retire", rule, generation)
    memory.forget_recalled(rule, generation)


def _outlived(memory: Memory, rule: RuleCondition) -> str | None:
    """Of a rule that is heard of for the first time, the last generation before this one that was recalled."""
    older = [(recalled.since or FIRST, generation) for generation, recalled in memory.recalled(rule.id) if _follows(rule, recalled)]
    for _, generation in older:
        outlive(memory, rule.id, generation)
    return max(older)[1] if older else None


def _follows(rule: RuleCondition, recalled: Recalled) -> bool:
    if (rule.hash, rule.since) == (recalled.hash, recalled.since):
        return False
    return recalled.since is None or (rule.since is not None and rule.since > recalled.since)


def _all_is_there(memory: Memory, message: Primed) -> bool:
    """Whether nothing of what was shown can lie in a lost head of the log."""
    reaches = memory.reaches
    began = message.began or message.rule.since
    return reaches is None or (began is not None and began > reaches)


def _begin(memory: Memory, known: InForce) -> InForce:
    memory.keep_rule(known)
    return known


def _supersedes(rule: RuleCondition, known: InForce) -> bool:
    if rule.since is not None and known.rule.since is not None and rule.since != known.rule.since:
        return rule.since > known.rule.since
    if (rule.since is None) != (known.rule.since is None):
        return rule.since is not None
    return rule.hash not in known.past


def _resolved(told: Alert, text: str, episode: Episode, clock: datetime, revision: int | None) -> Alert:
    number, opened = episode.number + 1, episode.opened or told.event_time
    return told.model_copy(
        update={
            "id": Alert.identify(told.rule.id, told.rule.hash, text, iso(opened), number),
            "status": AlertStatus.RESOLVED,
            "initial": False,
            "event_time": clock,
            "sequence": number,
            "opened_at": opened,
            "told_at": clock,
            "revision": revision,
        }
    )


def _ended(told: Alert, clock: datetime, revision: int | None, *, withdrawn: bool) -> Decision:
    return Decision(
        rule=told.rule.id,
        hash=told.rule.hash,
        group=told.group,
        reason=Reason.RESOLVED,
        detail="the rule was withdrawn" if withdrawn else "the rule's condition was changed, and the figures are judged anew",
        indicator=told.indicator.id,
        value=told.value,
        at=clock,
        since=told.rule.since,
        revision=revision,
    )
