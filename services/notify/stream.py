"""notify's two stages: indicators are shown to the rules that watch them, and what each group sees is judged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

import orjson
from pydantic import ValidationError

from schemas import (
    Cause,
    Indicator,
    Measure,
    Observation,
    Primed,
    Retired,
    RuleCondition,
    RuleSet,
    Tick,
    Topic,
    parts_of,
    read_observation_record,
)
from schemas.topics import ALERTS, DECISIONS, INDICATORS, OBSERVATIONS, PARTITIONS
from services.stage import Invalid, Output, Recalling, Record, SlowDown, State

from . import generations, judging, recalling
from .memory import Memory
from .priming import MARK, Holdings, conditions, departure, observation, retirements, slice_of_round, tick
from .selection import placed
from .telling import alert_output, decision_output


class Split:
    """Indicators in, observations out: each indicator as every rule and group that watches it sees it.

    `rules` is set from outside, by whoever follows the rules topic: None until that was read to its end, and an empty set where nobody
    has published any. Until it is set, nothing is handled. Neither a worker nor a partition ever goes back to an older set: a worker that
    lags behind would hide from the newer rules what it handles by the older ones.
    """

    name = "notify.split"
    topic = INDICATORS
    version = 1

    def __init__(self, indicators: int = PARTITIONS, observations: int = PARTITIONS) -> None:
        self._of = indicators
        self._partitions = observations
        self._rules: RuleSet | None = None
        self.reaches: datetime | None = None
        """Since when all that was written to the observations stands there; None where nothing is gone, or nobody has looked."""
        self._conditions: dict[str, RuleCondition] = {}
        self._watching: dict[Measure, list[RuleCondition]] = {}

    @property
    def rules(self) -> RuleSet | None:
        """The rules in force; a set that is older than the one that was given changes nothing."""
        return self._rules

    @rules.setter
    def rules(self, rules: RuleSet) -> None:
        if self._rules is not None and rules.published_at < self._rules.published_at:
            return
        self._rules = rules
        self._conditions = conditions(rules.rules)
        self._watching = defaultdict(list)
        for rule in self._conditions.values():
            self._watching[rule.condition.select.measure].append(rule)

    def handle(self, record: Record, state: State) -> Iterable[Output]:
        """Show an indicator to the rules that watch it, and its leaving to those that did."""
        holdings = Holdings(state)
        if self._rules is None or not holdings.follow(self._rules.published_at):
            raise SlowDown("rules")
        if record.value is None:
            return self._expired(record, holdings)
        new = _indicator(record.value)
        old = holdings.indicator(new.id)
        if old is not None and (new.revision < old.revision or new == old):
            return []
        holdings.keep(new)
        clock = holdings.moment("clock")
        if clock is None or new.published_at > clock:
            holdings.keep_moment("clock", new.published_at)
        return list(self._shown(old, new))

    def idle(self, partition: int, state: State, now: datetime) -> Iterable[Output]:
        """Retire rules, show changed ones what stands, a slice at a time, and let time pass."""
        holdings = Holdings(state)
        if self._rules is None or not holdings.follow(self._rules.published_at):
            return
        mark = f"{self._rules.published_at.isoformat()} {now.date()} {self.reaches}"
        if holdings.settled != mark:
            yield from retirements(holdings, self._rules, self._partitions)
            shown = list(slice_of_round(holdings, self._conditions, partition, self._of, self._partitions, now, self.reaches))
            if not shown:
                holdings.settle(mark)
            yield from shown
        yield from tick(holdings, partition, self._of, self._partitions, now)

    def current(self, state: State) -> Iterator[Output]:
        """Nothing: a state folded anew shows every rule all that it holds, by itself."""
        return iter(())

    def _shown(self, old: Indicator | None, new: Indicator) -> Iterator[Output]:
        for rule in self._watching.get(new.measure, ()):
            before = placed(rule.condition, old)
            after = placed(rule.condition, new)
            if before is not None and before != after:
                yield departure(rule, before, new.id, new.revision)
            if after is not None:
                yield observation(rule, after, new)

    def _expired(self, record: Record, holdings: Holdings) -> list[Output]:
        book, fact = _parts(record)
        old = holdings.indicator(Indicator.identify(book, fact))
        if old is None:
            return []
        holdings.forget(old.id)
        groups = [(rule, placed(rule.condition, old)) for rule in self._watching.get(old.measure, ())]
        return [departure(rule, labels, old.id, old.revision) for rule, labels in groups if labels is not None]


class Fold(Recalling):
    """Observations in, alerts and decisions out: what each rule makes of each of its groups."""

    name: str = "notify.fold"
    topic: Topic = OBSERVATIONS
    version: int | None = 1
    tells: tuple[Topic, ...] = (ALERTS, DECISIONS)

    def handle(self, record: Record, state: State) -> Iterable[Output]:
        """Let the clock move, do what has become due, and judge what is seen."""
        message = _observation(record)
        memory = Memory(state, record.offset)
        clock = _moved(memory, message)
        if memory.recalling is not None:
            recalling.absorb(memory, message, record, clock)
            return []
        outputs = list(judging.settle(memory, clock))
        if isinstance(message, Observation):
            outputs += judging.observe(memory, message, clock)
        elif isinstance(message, Primed):
            generations.shown(memory, message, clock)
            outputs += judging.settle(memory, clock)
        elif isinstance(message, Retired):
            generations.retire(memory, message)
            outputs += judging.settle(memory, clock)
        return outputs

    def recall(self, told: Record, before: int, state: State) -> None:
        """Take in an alert or a decision that was told."""
        recalling.recall(told, before, state)

    def reconcile(self, position: int, state: State) -> Iterable[Output] | None:
        """Judge some groups of which alerts or decisions were recalled, as all of the log leaves them."""
        return recalling.reconcile(Memory(state, position - 1))

    def idle(self, partition: int, state: State, now: datetime) -> Iterable[Output]:
        """Where more is due than one record could do, put the clock's own moment into the log, so that it goes on."""
        memory = Memory(state)
        clock = memory.clock
        if clock is not None and memory.due(clock) is not None:
            yield Output(OBSERVATIONS, MARK, Tick(at=clock), partition)

    def current(self, state: State) -> Iterator[Output]:
        """Each group's last alert and last decision."""
        memory = Memory(state)
        for text, told in memory.all_told():
            yield alert_output(text, told)
        for text, decided in memory.all_decisions():
            yield decision_output(decided.rule, text, decided)


def _moved(memory: Memory, message: Observation | Primed | Retired | Tick) -> datetime:
    """The data's clock after this message; before anything is known of the data, it stands at the beginning of time."""
    if isinstance(message, Tick):
        if message.heard is not None:
            memory.hear(message.heard)
        return memory.advance(message.at)
    if isinstance(message, Observation) and message.seen is not None:
        return memory.advance(message.seen.published_at)
    return memory.clock or generations.FIRST


def _indicator(value: bytes) -> Indicator:
    try:
        return Indicator.from_bytes(value)
    except orjson.JSONDecodeError as error:
        raise Invalid(Cause.UNDECODABLE, f"not JSON: {error}") from error
    except ValidationError as error:
        raise Invalid(Cause.INVALID, _first(error)) from error


def _observation(record: Record) -> Observation | Primed | Retired | Tick:
    if record.value is None:
        raise Invalid(Cause.INVALID, "the observations topic has no tombstones")
    try:
        return read_observation_record(record.value)
    except orjson.JSONDecodeError as error:
        raise Invalid(Cause.UNDECODABLE, f"not JSON: {error}") from error
    except ValidationError as error:
        raise Invalid(Cause.INVALID, _first(error)) from error


def _parts(record: Record) -> tuple[str, str]:
    try:
        book, fact = parts_of((record.key or b"").decode())
    except (UnicodeDecodeError, ValueError) as error:
        raise Invalid(Cause.INVALID, "a tombstone's key must be a book and a fact") from error
    return book, fact


def _first(error: ValidationError) -> str:
    """What is wrong, and with which field; never the value, which may be anything."""
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    return f"{'.'.join(str(part) for part in first['loc']) or 'message'}: {first['msg']}"
