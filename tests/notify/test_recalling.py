"""A log that has lost its head: episodes go on under their own ids, nothing is told as if it were new, and what ended meanwhile ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from schemas import (
    Alert,
    AlertStatus,
    Decision,
    Indicator,
    Observation,
    Primed,
    Reason,
    Retired,
    Rule,
    Severity,
    Tick,
)
from schemas.message import iso
from schemas.topics import ALERTS, DECISIONS, OBSERVATIONS
from services.notify.stream import Fold
from services.stage import Invalid, Output, Record
from tests.support.state import MemoryState

from .wire import KILLED, at, incident, indicator, known, rule, seen

Said = Observation | Primed | Retired | Tick

LADDER = rule(levels={Severity.WARNING: 3_000, Severity.CRITICAL: 1_500}, name="ladder", since=at(0), cooldown=timedelta(days=2))
HELD = rule(levels=3_000, name="held", since=at(0), hold=timedelta(days=2))
RULES = (LADDER, HELD, KILLED)


@dataclass
class Log:
    """A partition of observations, with what the indicators say now."""

    records: list[Record] = field(default_factory=list)
    figures: dict[str, Indicator] = field(default_factory=dict)
    day: float = 0

    def write(self, *messages: Said, key: str = "key") -> Log:
        for message in messages:
            offset = len(self.records)
            self.records.append(Record(OBSERVATIONS.name, 0, offset, key.encode(), message.to_bytes(), at(self.day)))
        return self

    def tell(self, figure: Indicator, *rules: Rule) -> Log:
        self.figures[figure.id] = figure
        return self.write(*(seen(each, figure) for each in rules if each.condition.select.measure == figure.measure))

    def show(self, *rules: Rule, of: int = 1) -> Log:
        """A round: what stands is shown, then that it was."""
        for each in rules:
            figures = [figure for figure in self.figures.values() if figure.measure == each.condition.select.measure]
            self.write(*(seen(each, figure, priming=True) for figure in figures))
            self.write(*(Primed(rule=known(each), partition=number, of=of, began=at(self.day)) for number in range(of)))
        return self

    def copy(self) -> Log:
        return Log(list(self.records), dict(self.figures), self.day)


@dataclass
class Partition:
    """One partition's fold, and what it told."""

    state: MemoryState = field(default_factory=MemoryState)
    topic: list[Record] = field(default_factory=list)

    def hear(self, records: Iterable[Record]) -> Partition:
        for record in records:
            self._told(Fold().handle(record, self.state))
        return self

    def begin(self, log: Sequence[Record], start: int, committed: int, told: Sequence[Record]) -> Partition:
        """From what was told and a log that begins at `start`, as the runtime does it: nothing from the committed offset on."""
        for record in sorted(told, key=lambda record: record.topic):
            Fold().recall(record, committed, self.state)
        silent = [output for record in log[start:committed] for output in Fold().handle(record, self.state)]
        assert not told or silent == []
        while (outputs := Fold().reconcile(max(start, committed), self.state)) is not None:
            self._told(outputs)
        return self

    def _told(self, outputs: Iterable[Output]) -> None:
        for output in outputs:
            value = output.value.to_bytes() if output.value is not None else None
            self.topic.append(Record(output.topic.name, 0, len(self.topic), output.key.encode(), value, at(0)))

    @property
    def alerts(self) -> list[Alert]:
        return [Alert.from_bytes(each.value) for each in self.topic if each.topic == ALERTS.name and each.value]


def standing(*topics: Sequence[Record]) -> list[Record]:
    """The last of each key, as compaction leaves it, tombstones among them."""
    last: dict[tuple[str, bytes | None], Record] = {}
    for record in (record for topic in topics for record in topic):
        last.pop((record.topic, record.key), None)
        last[record.topic, record.key] = record
    return list(last.values())


def severities(*topics: Sequence[Record]) -> dict[bytes | None, str | None]:
    """How bad each group is, as its last decision says."""
    decisions = [(record.key, record.value) for record in standing(*topics) if record.topic == DECISIONS.name]
    return {key: Decision.from_bytes(value).severity for key, value in decisions if value is not None}


def cut(log: Log, start: int, committed: int, further: Log) -> tuple[Partition, Partition, list[Record]]:
    """What follows in `further`, as the fold tells it that has its state, and as one that begins from what was told before."""
    whole = Partition().hear(log.records[:committed])
    before, whole.topic = whole.topic, []
    begun = Partition().begin(log.records, start, committed, standing(before))
    rest = further.records[max(start, committed) :]
    return whole.hear(rest), begun.hear(rest), before


@st.composite
def stories(draw: st.DrawFn) -> tuple[Log, Log]:
    """Figures that rise and fall, with time passing; and a log that goes on from there, first showing all again, as the split sees to."""
    log = Log().show(*RULES)
    _steps(draw, log, 12)
    further = log.copy()
    further.day += 0.25
    further.show(*RULES)
    _steps(draw, further, 8)
    return log, further


def _steps(draw: st.DrawFn, log: Log, most: int) -> None:
    for _ in range(draw(st.integers(1, most))):
        log.day += draw(st.sampled_from([0.25, 1, 1, 3]))
        match draw(st.integers(0, 5)):
            case 0:
                log.write(Tick(at=at(log.day)))
            case 1 | 2:
                name = draw(st.sampled_from(["a", "b", "c"]))
                log.tell(incident(draw(st.sampled_from([1, 6, 12])), name, log.day), KILLED)
            case 3 if draw(st.booleans()):
                log.show(*RULES)
            case _:
                log.tell(indicator(draw(st.sampled_from([5_000, 2_900, 2_500, 1_400])), day=log.day), *RULES)


@given(stories(), st.data())
@settings(max_examples=150, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
def test_wherever_the_log_is_cut_the_same_alerts_follow(story: tuple[Log, Log], data: st.DataObject) -> None:
    """Byte by byte, their ids among them. All before the round that the split shows again may be gone.

    What may differ: the reason of a decision, since every group is judged once more where it begins (still firing, not just fired).
    """
    log, further = story
    committed = len(log.records)
    start = data.draw(st.integers(1, committed))
    whole, begun, before = cut(log, start, committed, further)
    assert begun.alerts == whole.alerts
    assert severities(before, begun.topic) == severities(before, whole.topic)


def test_an_open_episode_goes_on_and_ends_as_itself() -> None:
    log = Log().show(LADDER).tell(indicator(2_500), LADDER)
    further = log.copy()
    further.show(LADDER).tell(indicator(1_400, day=1), LADDER).tell(indicator(5_000, day=4), LADDER)
    whole, begun, before = cut(log, 2, 2, further)
    first = next(Alert.from_bytes(each.value) for each in before if each.topic == ALERTS.name and each.value)
    assert [(str(alert.status), alert.sequence, alert.opened_at) for alert in begun.alerts] == [
        ("escalated", 2, first.opened_at),
        ("resolved", 3, first.opened_at),
    ]
    assert begun.alerts == whole.alerts
    assert first.opened_at is not None
    assert begun.alerts[-1].id == Alert.identify("ladder", LADDER.condition.hash(), "", iso(first.opened_at), 3)


def test_an_alert_whose_figure_is_gone_is_resolved_once_all_that_stands_was_shown() -> None:
    log = Log().show(LADDER).tell(indicator(2_500), LADDER)
    further = log.copy()
    further.figures.clear()
    further.write(Tick(at=at(1)))
    quiet = len(further.records)
    further.show(LADDER)
    _, begun, _ = cut(log, 2, 2, further)
    ((status, reason),) = [(alert.status, alert.sequence) for alert in begun.alerts]
    assert (status, reason) == (AlertStatus.RESOLVED, 2)
    _, still, _ = cut(log, 2, 2, Log(further.records[:quiet]))
    assert still.alerts == []


def test_a_figure_that_is_taken_back_before_all_was_shown_takes_its_alert_back() -> None:
    log = Log().show(LADDER).tell(indicator(2_500), LADDER)
    further = log.copy()
    further.day = 1
    further.tell(indicator(2_500, revision=9, retracted=True), LADDER)
    further.day = 2
    further.show(LADDER)
    whole, begun, _ = cut(log, 2, 2, further)
    assert [(alert.id, alert.status, alert.indicator.retracted) for alert in begun.alerts] == [
        (whole.alerts[0].id, AlertStatus.RETRACTED, True)
    ]


def test_what_was_shown_in_part_before_the_log_begins_does_not_count() -> None:
    """Of a round only its end may be left: its figures are not all, and nothing is judged by them."""
    log = Log()
    log.figures = {figure.id: figure for figure in (indicator(2_500, name="one"), indicator(5_000, name="two"))}
    log.show(LADDER)
    log.day = 1
    log.show(LADDER)
    further = log.copy()
    further.day = 2
    further.tell(indicator(5_000, name="two", day=2), LADDER)
    _, begun, _ = cut(log, len(log.records) - 2, len(log.records), further)
    assert begun.alerts == []
    assert [Decision.from_bytes(each.value or b"").reason for each in begun.topic] == [Reason.PRIMING]


def test_alerts_told_beyond_the_committed_offset_come_again_as_they_were() -> None:
    log = Log().show(LADDER).tell(indicator(2_500), LADDER)
    log.day = 1
    log.show(LADDER)
    committed = len(log.records)
    log.tell(indicator(1_400, day=1), LADDER).tell(indicator(5_000, day=4), LADDER)
    whole = Partition().hear(log.records)
    begun = Partition().begin(log.records, 1, committed, whole.topic).hear(log.records[committed:])
    assert [str(alert.status) for alert in whole.alerts] == ["fired", "escalated", "resolved"]
    assert begun.alerts == whole.alerts[1:]


@pytest.mark.parametrize("changed", [True, False])
def test_a_rule_that_was_changed_or_withdrawn_since_ends_what_is_open_of_it(changed: bool) -> None:
    new = rule(levels=2_000, name="ladder", since=at(5))
    log = Log().show(LADDER).tell(indicator(2_500), LADDER)
    further = log.copy()
    if changed:
        further.show(new)
    else:
        further.write(Retired(rule="ladder", hash=LADDER.condition.hash(), since=LADDER.since))
    whole, begun, _ = cut(log, 2, 2, further)
    assert [str(alert.status) for alert in whole.alerts] == ["resolved"]
    assert begun.alerts == whole.alerts


def test_what_was_forgotten_stays_so() -> None:
    """A group that was resolved and cleaned up has no decision any more; its last alert stands on the topic for ever."""
    log = Log().show(LADDER).tell(indicator(2_500), LADDER)
    gone = Observation(rule=known(LADDER), indicator=indicator(2_500).id, revision=indicator(2_500, day=1).revision)
    log.figures.clear()
    log.write(gone, Tick(at=at(5)), Tick(at=at(30)))
    further = log.copy()
    further.day = 31
    further.show(LADDER).tell(indicator(2_400, day=31), LADDER)
    whole, begun, before = cut(log, len(log.records) - 1, len(log.records), further)
    assert any(each.value is None for each in before)
    assert [(str(alert.status), alert.sequence, alert.initial) for alert in begun.alerts] == [("fired", 1, True)]
    assert begun.alerts == whole.alerts


def test_an_alert_of_a_version_that_does_not_name_its_episode_is_left_out() -> None:
    state = MemoryState()
    log = Log().show(LADDER).tell(indicator(2_500), LADDER)
    (alert,) = Partition().hear(log.records).alerts
    old = alert.model_copy(update={"opened_at": None})
    Fold().recall(Record(ALERTS.name, 0, 0, b"ladder+|x", old.to_bytes(), at(0)), 9, state)
    assert state.rows == {}
    assert Fold().reconcile(9, state) is None


def test_what_is_neither_alert_nor_decision_is_refused() -> None:
    for topic in (ALERTS, DECISIONS):
        with pytest.raises(Invalid, match="no "):
            Fold().recall(Record(topic.name, 0, 0, b"k", b"{}", at(0)), 9, MemoryState())
