"""Builders for the tests of notify: rules, indicators, and a run of both stages over partitions in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from schemas import (
    Alert,
    Citation,
    Condition,
    Decision,
    Direction,
    Indicator,
    Kind,
    Line,
    Measure,
    Message,
    Observation,
    Period,
    PeriodPrecision,
    Place,
    PlacePrecision,
    Primed,
    Qualifier,
    Retired,
    Rule,
    RuleCondition,
    RuleSet,
    Scope,
    Selection,
    Severity,
    Teller,
    Tick,
    key_of,
    partition_of,
)
from schemas.rule import GroupBy
from schemas.topics import ALERTS, DECISIONS, INDICATORS, OBSERVATIONS
from services.notify.priming import conditions, observation
from services.notify.selection import placed
from services.notify.stream import Fold, Split
from services.stage import Output, Record
from tests.support.state import MemoryState

START = datetime(2024, 3, 1, 12, tzinfo=UTC)
"""Day 0 of the tests' timelines."""

SYRIA = Place(name="Syria", country="SY", precision=PlacePrecision.COUNTRY)
IRAQ = Place(name="Iraq", country="IQ", precision=PlacePrecision.COUNTRY)
HAJIN = Place(name="Hajin", country="SY", admin1="SY-DY", precision=PlacePrecision.SITE)
KIRKUK = Place(name="Kirkuk", country="IQ", admin1="IQ-KI", precision=PlacePrecision.SITE)


def at(days: float) -> datetime:
    """So many days after the start."""
    return START + timedelta(days=days)


def teller(value: int, who: str = "claimant:centcom", **changes: Any) -> Teller:
    """Somebody who tells a figure exactly, unless said otherwise."""
    published_at = changes.pop("published_at", START)
    citation = Citation(
        claim=f"claim-{who}-{value}",
        article=f"article-{who}-{value}",
        url=f"https://wire.example/{value}",
        source="Example Wire",
        publisher="example-wire",
        published_at=published_at,
        words=str(value),
        sentence=f"It was {value}, they said.",
    )
    exact = {"qualifier": Qualifier.EXACT, "low": value, "high": value} if "qualifier" not in changes else {}
    given = {"as_of": published_at, "publishers": 1, "citations": (citation,), "claims": 1, "confidence": 0.9, **exact, **changes}
    return Teller(who=who, value=value, published_at=published_at, **given)


def indicator(
    value: int,
    *,
    measure: Measure = Measure.FIGHTERS_REMAINING,
    scope: Scope = Scope.CAMPAIGN,
    kind: Kind = Kind.STOCK,
    day: float = 0,
    revision: int | None = None,
    name: str = "fact",
    places: tuple[Place, ...] = (IRAQ, SYRIA),
    tellers: Sequence[Teller] | None = None,
    **changes: Any,
) -> Indicator:
    """A believed figure of one teller, published on a day of the timeline; its revision grows with the day unless given."""
    told = tuple(tellers) if tellers is not None else (teller(value, published_at=at(day)),)
    newest = told[0] if told else None
    book = f"{measure}:{'+'.join(sorted(place.country or 'ZZ' for place in places))}"
    given = {
        "qualifier": newest.qualifier if newest else Qualifier.EXACT,
        "low": newest.low if newest else value,
        "high": newest.high if newest else value,
        "side": "isis",
        "teller_count": len(told),
        "publisher_count": sum(each.publishers for each in told),
        **changes,
    }
    return Indicator(
        id=Indicator.identify(book, name),
        revision=round(day * 1_000) + 1 if revision is None else revision,
        book=book,
        fact=name,
        measure=measure,
        places=places,
        kind=kind,
        scope=scope,
        value=value,
        tellers=told,
        published_at=at(day),
        **given,
    )


def incident(value: int, name: str, day: float, *, on: float | None = None, place: Place = HAJIN, **changes: Any) -> Indicator:
    """So many killed in one place; `on` is the day on which it happened, that of its publication unless given."""
    happened: date = at(day if on is None else on).date()
    period = Period(start=happened, end=happened, precision=PeriodPrecision.DAY)
    given: dict[str, Any] = {"measure": Measure.KILLED, "kind": Kind.FLOW, "scope": Scope.INCIDENT, "period": period, **changes}
    return indicator(value, name=name, day=day, places=(place,), **given)


def quarter(value: int, day: float, *, number: int = 1, **changes: Any) -> Indicator:
    """So many operations in a quarter of 2024."""
    starts = [date(2024, 1, 1), date(2024, 4, 1), date(2024, 7, 1), date(2024, 10, 1), date(2025, 1, 1)]
    period = Period(start=starts[number - 1], end=starts[number] - timedelta(days=1), precision=PeriodPrecision.QUARTER)
    name = changes.pop("name", f"quarter-{number}")
    return indicator(value, measure=Measure.OPERATIONS, kind=Kind.FLOW, scope=Scope.PERIOD, period=period, name=name, day=day, **changes)


def rule(
    direction: Direction = Direction.BELOW,
    levels: dict[Severity, int] | int = 3_000,
    *,
    name: str = "a-rule",
    select: Selection | None = None,
    resolve: dict[Severity, int] | None = None,
    window: timedelta | None = None,
    since: datetime | None = None,
    **changes: Any,
) -> Rule:
    """A rule on fighters remaining, below 3,000 unless said otherwise."""
    line = Line(
        direction=direction,
        levels={Severity.WARNING: levels} if isinstance(levels, int) else levels,
        resolve=resolve or {},
        window=window,
    )
    condition = Condition(select=select or Selection(measure=Measure.FIGHTERS_REMAINING), line=line, **changes)
    return Rule(id=name, summary="Something an analyst wants to know", condition=condition, since=since)


KILLED = rule(
    Direction.AT_LEAST,
    10,
    name="killed",
    select=Selection(measure=Measure.KILLED),
    window=timedelta(days=7),
    group_by=(GroupBy.COUNTRY,),
    since=at(0),
)
"""Ten or more killed within a week in one country."""


def rule_set(*rules: Rule) -> RuleSet:
    """A set of rules, as published."""
    return RuleSet(hash=RuleSet.fingerprint(rules), rules=rules, published_at=START)


def known(given: Rule) -> RuleCondition:
    """A rule as the fold is told of it."""
    return conditions((given,))[given.id]


def seen(given: Rule, figure: Indicator, *, priming: bool = False) -> Observation:
    """An indicator as the group of a rule sees it, in which it counts."""
    labels = placed(given.condition, figure)
    assert labels is not None, "the rule does not watch this indicator"
    message = observation(known(given), labels, figure, priming=priming).value
    assert isinstance(message, Observation)
    return message


def record(topic: str, partition: int, offset: int, key: str, value: Message | None) -> Record:
    """A record as it is read."""
    return Record(topic, partition, offset, key.encode(), None if value is None else value.to_bytes(), START)


def said(told: Sequence[Alert] | Sequence[Decision]) -> list[bytes]:
    """As it stands on the topic, but for the offset that it came of: what is repeated moves that."""
    return [each.model_copy(update={"revision": None}).to_bytes() for each in told]


@dataclass
class Desk:
    """One partition of the fold, and what it told."""

    state: MemoryState = field(default_factory=MemoryState)
    alerts: list[Alert] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    outputs: list[Output] = field(default_factory=list)
    offset: int = 0

    def prime(self, *rules: Rule, of: int = 1) -> Desk:
        """Let every partition show the rules what stands: nothing more than was shown before."""
        for given in rules:
            for partition in range(of):
                self.hear(Primed(rule=known(given), partition=partition, of=of))
        return self

    def hear(self, *messages: Observation | Primed | Retired | Tick) -> list[Alert]:
        """Fold messages; the alerts that came of them."""
        told: list[Alert] = []
        for message in messages:
            outputs = list(Fold().handle(record(OBSERVATIONS.name, 0, self.offset, "key", message), self.state))
            self.offset += 1
            self.outputs += outputs
            told += [output.value for output in outputs if output.topic is ALERTS and isinstance(output.value, Alert)]
            self.decisions += [output.value for output in outputs if output.topic is DECISIONS and isinstance(output.value, Decision)]
        self.alerts += told
        return told

    @property
    def reasons(self) -> list[str]:
        """The decisions' reasons, in order."""
        return [str(decision.reason) for decision in self.decisions]


@dataclass
class Room:
    """Both stages over so many partitions, with the topic between them."""

    partitions: int = 4
    alerts: list[Alert] = field(default_factory=list)
    decisions: dict[str, Decision] = field(default_factory=dict)
    log: list[list[Record]] = field(init=False)

    def __post_init__(self) -> None:
        self.split_states = [MemoryState() for _ in range(self.partitions)]
        self.fold_states = [MemoryState() for _ in range(self.partitions)]
        self.log = [[] for _ in range(self.partitions)]
        self.split = Split(self.partitions, self.partitions)
        self.fold = Fold()
        self._folded = [0] * self.partitions
        self._offset = 0

    def publish(self, *figures: Indicator) -> None:
        """Put indicators on their topic, and split them."""
        for figure in figures:
            self.put(key_of(figure.book, figure.fact), figure)

    def expire(self, figure: Indicator) -> None:
        """Take an indicator off its topic."""
        self.put(key_of(figure.book, figure.fact), None)

    def put(self, key: str, value: Indicator | None) -> None:
        """One record of the indicators topic."""
        partition = partition_of(key, self.partitions)
        self._offset += 1
        self._write(self.split.handle(record(INDICATORS.name, partition, self._offset, key, value), self.split_states[partition]))

    def idle(self, times: int = 1, now: datetime = datetime(2026, 1, 1, tzinfo=UTC), only: Iterable[int] | None = None) -> None:
        """Let the splits do what is due without a record."""
        for _ in range(times):
            for partition in only if only is not None else range(self.partitions):
                self._write(self.split.idle(partition, self.split_states[partition], now))

    def fold_all(self) -> list[Alert]:
        """Fold what stands on the observations topic and was not folded; the alerts that came of it."""
        told: list[Alert] = []
        for partition in range(self.partitions):
            while self._folded[partition] < len(self.log[partition]):
                each = self.log[partition][self._folded[partition]]
                self._folded[partition] += 1
                for output in self.fold.handle(each, self.fold_states[partition]):
                    if isinstance(output.value, Alert):
                        told.append(output.value)
                    elif isinstance(output.value, Decision):
                        self.decisions[output.key] = output.value
                    elif output.topic is DECISIONS:
                        self.decisions.pop(output.key, None)
        self.alerts += told
        return told

    def _write(self, outputs: Iterable[Output]) -> None:
        for output in outputs:
            assert output.topic is OBSERVATIONS
            partition = partition_of(output.key, self.partitions) if output.partition is None else output.partition
            self.log[partition].append(record(OBSERVATIONS.name, partition, len(self.log[partition]), output.key, output.value))
