"""What a group keeps of an indicator that it sees: the figure, its share of a window, what its tellers said before, or when it was told of."""

from __future__ import annotations

from datetime import datetime

from schemas import Condition, Indicator, Line, Observation, Total
from schemas.rule import OF_CHANGE, OF_PRESENCE, OF_RECORDS

from . import presence as presences
from . import windows
from .crossing import Bounds
from .hearing import lacking, whole
from .history import told
from .memory import GroupState, InForce, Known, Memory
from .moments import sortable
from .reckoning import reach


def join(memory: Memory, known: InForce, text: str, message: Observation) -> GroupState:
    """The group, with the indicator in it, or without it where it left."""
    before = memory.group(known.id, known.generation, text)
    members = set(before.members) if before is not None else set()
    line = known.rule.condition.line
    if line.window is None and line.of not in OF_PRESENCE:
        (members.add if message.seen is not None else members.discard)(message.indicator)
    listed = tuple(sorted(members))
    group = GroupState(labels=message.group, members=listed) if before is None else before.model_copy(update={"members": listed})
    if group != before:
        memory.keep_group(known.id, known.generation, text, group)
    return group


def is_news(message: Observation, before: Known | None) -> bool:
    """Whether this was not heard before: newer, or as new and different (a new version of the ledger's fold tells it again)."""
    if before is None:
        return message.seen is not None
    revision = message.seen.revision if message.seen else message.revision
    if revision is None or revision > before.revision:
        return True
    return revision == before.revision and before.seen is not None and _slim(before.seen) != _slim(message.seen)


def remember(
    memory: Memory, known: InForce, text: str, message: Observation, before: Known | None, clock: datetime, *, absorbing: bool = False
) -> None:
    """Keep what was seen, as the rule's line needs it; while `absorbing`, nothing is new, because the log has lost what came before."""
    revision = message.seen.revision if message.seen else message.revision
    if revision is None:
        revision = before.revision if before else 0
    line = known.rule.condition.line
    if message.seen is not None:
        memory.begin(message.seen.published_at)
        memory.hear(message.seen.published_at)
    if line.of in OF_PRESENCE:
        _presence(memory, known, text, message, revision, old=absorbing or message.priming or not known.complete)
    elif line.window is not None:
        _incident(memory, known, line, text, message, revision, before, clock)
    else:
        _figure(memory, known, text, message, revision)


def _figure(memory: Memory, known: InForce, text: str, message: Observation, revision: int) -> None:
    place, condition = (known.id, known.generation, text), known.rule.condition
    memory.keep_figure(*place, message.indicator, Known(revision, message.seen))
    if condition.line.of not in OF_CHANGE | OF_RECORDS:
        return
    if message.seen is None:
        memory.keep_history(*place, message.indicator, {})
    elif not message.seen.retracted:
        history = memory.history(*place, message.indicator)
        memory.keep_history(*place, message.indicator, told(history, condition, message.seen))


def _presence(memory: Memory, known: InForce, text: str, message: Observation, revision: int, *, old: bool) -> None:
    place, line = (known.id, known.generation, text), known.rule.condition.line
    kept, seen = memory.presence(*place), message.seen
    after = kept
    if seen is None or seen.retracted:
        after = kept and presences.taken_back(kept, message.indicator)
    else:
        after = presences.told(kept, message.indicator, seen.published_at, line, known=old)
    memory.keep_presence(*place, after)
    if seen is not None:
        memory.keep_figure(*place, message.indicator, Known(revision, _slim(seen)))
    wanted = {after.indicator, after.opener} if after is not None else set()
    for name in {message.indicator, *({kept.indicator, kept.opener} if kept is not None else ())} - wanted:
        memory.forget_figure(*place, name)


def _incident(
    memory: Memory, known: InForce, line: Line, text: str, message: Observation, revision: int, before: Known | None, clock: datetime
) -> None:
    place, seen = (known.id, known.generation, text), message.seen
    total = line.reckoning.total if line.reckoning is not None else Total.SUM
    forgotten = windows.forgotten(reach(line), clock)
    memory.keep_figure(*place, message.indicator, Known(revision, _slim(seen)))
    days = {windows.day_of(figure) for figure in (seen, before.seen if before else None) if figure is not None}
    for day in sorted(days):
        shares = memory.day(*place, day)
        shares.pop(message.indicator, None)
        if seen is not None and not seen.retracted and day == windows.day_of(seen) and day >= forgotten:
            shares[message.indicator] = _share(known.rule.condition, seen, total)
        memory.keep_day(*place, day, shares, total)
    if seen is not None and windows.day_of(seen) < forgotten:
        memory.forget_figure(*place, message.indicator)


def _share(condition: Condition, indicator: Indicator, total: Total) -> windows.Share:
    """What an incident adds to a window: nothing, where too little stands behind it."""
    published_at = sortable(indicator.published_at)
    figure = Bounds(1, 1, 1) if total is Total.INCIDENTS else whole(condition, indicator)
    if lacking(condition, indicator) is not None:
        return windows.Share(0, 0, 0, published_at, indicator.id, aside=figure.value)
    return windows.Share(figure.value, figure.low, figure.high, published_at, indicator.id)


def _slim(indicator: Indicator | None) -> Indicator | None:
    """An incident as a sum keeps it: with the newest words of few tellers, because a sum may hold thousands."""
    if indicator is None:
        return None
    tellers = tuple(teller.model_copy(update={"citations": teller.citations[:1]}) for teller in indicator.tellers[:3])
    return indicator.model_copy(update={"tellers": tellers})
