"""Both stages together: indicators in, alerts and decisions out, over partitions, whatever is repeated or interleaved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas import (
    Alert,
    Direction,
    Indicator,
    Measure,
    Observation,
    Primed,
    Retired,
    RuleSet,
    Selection,
    Severity,
    Tick,
    key_of,
)
from schemas.topics import ALERTS, DECISIONS, INDICATORS, OBSERVATIONS
from services.notify import judging
from services.notify.stream import Fold, Split
from services.notify.succession import succeed
from services.stage import Invalid, Record, SlowDown
from tests.support.state import MemoryState

from .wire import HAJIN, IRAQ, KILLED, START, SYRIA, Desk, Room, at, incident, indicator, known, quarter, record, rule, rule_set, said, seen

REMAINING = rule(name="remaining", since=at(0))
OPERATIONS = rule(Direction.AT_LEAST, 90, name="operations", select=Selection(measure=Measure.OPERATIONS), since=at(0))


def told(alerts: list[Alert]) -> list[tuple[str, str, int]]:
    return sorted((alert.rule.id, str(alert.status), alert.value) for alert in alerts)


def room() -> Room:
    """Four partitions, with three rules in force."""
    made = Room(4)
    made.split.rules = succeed(None, (REMAINING, OPERATIONS, KILLED), at(0))
    return made


def test_the_reference_figures_fire_both_rules() -> None:
    house = room()
    house.idle()
    house.publish(quarter(94, 1, places=(IRAQ, SYRIA)), indicator(2500, day=1))
    assert told(house.fold_all()) == [("operations", "fired", 94), ("remaining", "fired", 2500)]
    assert {decision.reason for decision in house.decisions.values()} == {"fired"}


def test_rules_published_after_the_figures_are_shown_them_and_speak_once() -> None:
    house = room()
    house.publish(quarter(94, 1), indicator(2500, day=1), incident(6, "a", 1), incident(7, "b", 1))
    assert house.fold_all() == []
    house.idle()
    alerts = house.fold_all()
    assert told(alerts) == [("killed", "fired", 13), ("operations", "fired", 94), ("remaining", "fired", 2500)]
    assert all(alert.initial for alert in alerts)
    house.idle(3)
    assert house.fold_all() == []


@given(order=st.permutations([0, 1, 2, 3] * 2), folds=st.lists(st.booleans(), min_size=8, max_size=8))
@settings(max_examples=15, deadline=None)
def test_priming_speaks_once_in_any_interleaving_of_partitions(order: list[int], folds: list[bool]) -> None:
    house = room()
    house.publish(*(incident(3, f"i{n}", 1) for n in range(6)), indicator(2500, day=1))
    alerts: list[Alert] = []
    for partition, fold in zip(order, folds, strict=True):
        house.idle(only=[partition])
        if fold:
            alerts += house.fold_all()
    assert told(alerts + house.fold_all()) == [("killed", "fired", 18), ("remaining", "fired", 2500)]


def test_the_next_quarter_does_not_resolve_the_alert_of_this_one() -> None:
    house = room()
    house.idle()
    house.publish(quarter(94, 1), quarter(40, 100, number=2))
    assert told(house.fold_all()) == [("operations", "fired", 94)]
    house.publish(quarter(95, 101, number=2))
    (alert,) = house.fold_all()
    assert (alert.group, alert.sequence) == ({"period": "2024-04-01..2024-06-30"}, 1)


def test_an_indicator_that_changes_its_group_leaves_the_old_one() -> None:
    house = room()
    house.idle()
    house.publish(incident(12, "near the border", 1))
    assert told(house.fold_all()) == [("killed", "fired", 12)]
    moved = incident(12, "near the border", 2, on=1).model_copy(
        update={"places": (HAJIN.model_copy(update={"country": "IQ", "admin1": "IQ-AN"}),)}
    )
    house.publish(moved)
    alerts = house.fold_all()
    assert told(alerts) == [("killed", "fired", 12), ("killed", "resolved", 0)]
    assert {alert.group["country"] for alert in alerts if alert.status == "fired"} == {"IQ"}


def test_a_figure_that_expires_ends_its_episode() -> None:
    house = room()
    house.idle()
    figure = indicator(2500, day=1)
    house.publish(figure)
    house.expire(figure)
    assert told(house.fold_all()) == [("remaining", "fired", 2500), ("remaining", "resolved", 2500)]
    house.expire(figure)
    house.put("no-such-book|fact", None)
    assert house.fold_all() == []


def test_what_is_not_newer_is_dropped_at_the_door() -> None:
    house = room()
    house.idle()
    house.publish(indicator(2500, day=2), indicator(2500, day=2), indicator(4000, day=1))
    observations = [each for log in house.log for each in log if orjson.loads(each.value or b"{}")["record"] == "observation"]
    assert len(observations) == 1


def test_a_new_version_of_the_ledger_tells_a_revision_anew() -> None:
    house = room()
    house.idle()
    house.publish(indicator(2500, day=2), indicator(4000, day=2))
    assert told(house.fold_all()) == [("remaining", "fired", 2500), ("remaining", "resolved", 4000)]


@pytest.fixture(scope="module")
def story() -> list[Observation]:
    """A log of one partition: figures that rise, fall, leave and come back."""
    made: list[Observation] = []
    for day, value in enumerate([5000, 2500, 1400, 3400, 2900]):
        made.append(seen(REMAINING, indicator(value, day=day)))
    made += [
        seen(OPERATIONS, quarter(value, day, number=number)) for day, value, number in [(1, 80, 1), (2, 94, 1), (3, 91, 2), (4, 85, 1)]
    ]
    made += [seen(KILLED, incident(value, name, day)) for value, name, day in [(6, "a", 1), (7, "b", 2), (3, "a", 3)]]
    gone = Observation(rule=known(REMAINING), indicator=indicator(2900).id, revision=indicator(2900, day=4).revision)
    return [*made, gone]


@given(data=st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_repetition_of_observations_gives_the_same_alerts(story: list[Observation], data: st.DataObject) -> None:
    once = Desk().prime(REMAINING, OPERATIONS, KILLED)
    once.hear(*story)
    again = Desk().prime(REMAINING, OPERATIONS, KILLED)
    position = 0
    while position < len(story):
        again.hear(story[position])
        position += 1
        if data.draw(st.integers(0, 3)) == 0:
            back = data.draw(st.integers(0, position))
            again.hear(*story[back:position])
    assert said(again.alerts) == said(once.alerts)
    assert said(again.decisions) == said(once.decisions)


@given(seed=st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_order_across_groups_does_not_matter(story: list[Observation], seed: object) -> None:
    """Where no rule counts time; each group's own order stays."""
    timeless = [each for each in story if each.rule.id != "killed"]
    groups: dict[str, list[Observation]] = {}
    for each in timeless:
        groups.setdefault(f"{each.rule.id}{each.group}", []).append(each)
    mixed: list[Observation] = []
    while any(groups.values()):
        name = seed.choice(sorted(name for name, left in groups.items() if left))  # type: ignore[attr-defined]  # random.Random
        mixed.append(groups[name].pop(0))
    straight, shuffled = Desk().prime(REMAINING, OPERATIONS), Desk().prime(REMAINING, OPERATIONS)
    straight.hear(*timeless)
    shuffled.hear(*mixed)

    def ids(desk: Desk) -> list[tuple[str, str]]:
        return sorted((alert.id, str(alert.status)) for alert in desk.alerts)

    assert ids(shuffled) == ids(straight)


def test_the_same_log_gives_the_same_bytes(story: list[Observation]) -> None:
    runs = []
    for _ in range(2):
        desk = Desk().prime(REMAINING, OPERATIONS, KILLED)
        desk.hear(*story)
        runs.append(([output.value.to_bytes() if output.value else b"" for output in desk.outputs], desk.state.rows))
    assert runs[0] == runs[1]


def test_decisions_are_written_when_the_reason_changes_only() -> None:
    desk = Desk().prime(REMAINING)
    desk.hear(*(seen(REMAINING, indicator(value, day=day)) for day, value in enumerate([5000, 4900, 4800, 2500, 2400, 2300, 5000])))
    assert desk.reasons == ["not_crossed", "fired", "still_firing", "resolved"]


def test_after_a_new_version_of_the_fold_each_groups_last_word_is_said_again(story: list[Observation]) -> None:
    desk = Desk().prime(REMAINING, OPERATIONS, KILLED)
    desk.hear(*story)
    last: dict[tuple[str, str], bytes] = {}
    for output in desk.outputs:
        assert output.value is not None
        last[output.topic.name, output.key] = output.value.to_bytes()
    current = {
        (output.topic.name, output.key): output.value.to_bytes() for output in Fold().current(desk.state) if output.value is not None
    }
    assert current == last
    assert {topic for topic, _ in current} == {ALERTS.name, DECISIONS.name}


def test_a_large_rule_change_is_worked_off_in_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """More groups than one record may judge: the fold puts its own clock into the log, and goes on."""
    monkeypatch.setattr(judging, "WORK", 20)
    each = rule(Direction.AT_LEAST, 1, name="each", select=Selection(measure=Measure.KILLED), since=at(0))
    desk = Desk()
    desk.hear(*(seen(each, incident(3, f"i{n}", 0), priming=True) for n in range(45)))
    desk.prime(each)
    assert 0 < len(desk.alerts) <= 20
    ticks = list(Fold().idle(7, desk.state, START))
    assert [(output.topic, output.partition, type(output.value)) for output in ticks] == [(OBSERVATIONS, 7, Tick)]
    while ticks := list(Fold().idle(0, desk.state, START)):
        desk.hear(*(output.value for output in ticks if isinstance(output.value, Tick)))
    assert len(desk.alerts) == len({alert.id for alert in desk.alerts}) == 45
    assert list(Fold().idle(7, desk.state, START)) == []


def test_what_was_due_in_a_group_is_done_before_it_hears_news_however_much_else_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    """More is due at one moment than a record may do; the group that hears next must not lose what was due in it."""
    patient = rule(Direction.AT_LEAST, 1, name="patient", select=Selection(measure=Measure.KILLED), hold=timedelta(days=2), since=at(0))
    desk = Desk().prime(patient)
    monkeypatch.setattr(judging, "WORK", 5)
    count = 30
    desk.hear(*(seen(patient, incident(3, f"i{n}", 0)) for n in range(count)))
    assert desk.alerts == []
    fired_at = len(desk.alerts)
    for n in range(count):
        desk.hear(seen(patient, incident(0, f"i{n}", 5)))
    statuses = [str(alert.status) for alert in desk.alerts[fired_at:]]
    assert (statuses.count("fired"), statuses.count("resolved")) == (count, count)
    assert {alert.event_time for alert in desk.alerts if alert.status == "fired"} == {at(2)}


def test_what_nobody_tells_starts_nothing() -> None:
    desk = Desk().prime(REMAINING)
    assert desk.hear(seen(REMAINING, indicator(2500, tellers=[]))) == []
    assert desk.reasons == ["too_few_tellers"]


def test_a_group_that_holds_nothing_is_forgotten_after_a_week() -> None:
    desk = Desk().prime(KILLED)
    killed = incident(3, "a", 0)
    desk.hear(seen(KILLED, killed), Observation(rule=known(KILLED), group={"country": "SY"}, indicator=killed.id, revision=killed.revision))
    assert any(key.startswith("group|") for key in desk.state.rows)
    desk.hear(Tick(at=at(40)))
    assert {"clock", "rule|killed"} <= set(desk.state.rows) <= {"began", "clock", "heard", "next", "rule|killed"}
    assert desk.outputs[-1].value is None


def test_nothing_is_split_before_the_rules_are_known() -> None:
    with pytest.raises(SlowDown, match="rules"):
        Split().handle(record(INDICATORS.name, 0, 0, "a|b", indicator(1)), MemoryState())
    assert list(Split().idle(0, MemoryState(), START)) == []


def test_a_partition_never_goes_back_to_an_older_set_of_rules() -> None:
    """A worker that lags behind takes a partition over from one that does not."""
    old, state = succeed(None, (REMAINING,), at(0)), MemoryState()
    new = succeed(old, (REMAINING, OPERATIONS), at(1))
    ahead, behind = Split(1, 1), Split(1, 1)
    ahead.rules, behind.rules = new, old
    assert [type(output.value) for output in ahead.idle(0, state, START)] == [Primed, Primed]
    with pytest.raises(SlowDown):
        behind.handle(record(INDICATORS.name, 0, 0, "a|b", indicator(1)), state)
    assert list(behind.idle(0, state, START)) == []
    behind.rules = new
    assert list(behind.handle(record(INDICATORS.name, 0, 0, "a|b", indicator(1)), state))
    behind.rules = old
    assert behind.rules is new


def test_a_withdrawn_rule_is_retired_on_every_partition() -> None:
    split, state = Split(1, 3), MemoryState()
    first = succeed(None, (REMAINING, OPERATIONS), at(0))
    split.rules = first
    list(split.idle(0, state, START))
    split.rules = succeed(first, (OPERATIONS,), at(1))
    outputs = list(split.idle(0, state, START))
    assert [(type(output.value), output.partition, output.key) for output in outputs] == [(Retired, n, "mark") for n in range(3)]
    assert list(split.idle(0, state, START)) == []


def test_a_worker_that_missed_the_withdrawal_and_lost_its_state_still_tells_of_it() -> None:
    first = succeed(None, (REMAINING, OPERATIONS), at(0))
    desk = Desk().prime(REMAINING)
    desk.hear(seen(REMAINING, indicator(2500)))
    split, state = Split(1, 1), MemoryState()
    split.rules = succeed(succeed(first, (OPERATIONS,), at(1)), (OPERATIONS, KILLED), at(2))
    retired = [output.value for output in split.idle(0, state, START) if isinstance(output.value, Retired)]
    assert retired == [Retired(rule="remaining", hash=REMAINING.condition.hash(), since=at(0))]
    desk.hear(*retired)
    assert [alert.status for alert in desk.alerts] == ["fired", "resolved"]
    assert not [output for output in split.idle(0, state, at(1)) if isinstance(output.value, Retired)]


def test_a_walk_in_slices_goes_on_where_it_was_and_takes_in_no_rule_halfway() -> None:
    split, state, long_after = Split(1, 1), MemoryState(), at(1_000)
    first = succeed(None, (REMAINING,), at(0))
    split.rules = first
    for n in range(650):
        split.handle(record(INDICATORS.name, 0, n, "a|b", indicator(n, name=f"f{n}")), state)
    shown = [len(list(split.idle(0, state, long_after)))]
    split.rules = succeed(first, (REMAINING, OPERATIONS), at(1))
    for _ in range(4):
        outputs = list(split.idle(0, state, long_after))
        shown.append(len(outputs))
        if outputs and isinstance(outputs[-1].value, Primed):
            shown.append(-1)
    assert shown == [300, 300, 51, -1, 1, -1, 0]


def test_a_rule_is_shown_all_again_from_time_to_time_and_does_not_speak_again() -> None:
    """So that a worker without a checkpoint finds all that it needs in the log, however long it is kept."""
    house = room()
    house.publish(indicator(2500, day=1))
    house.idle(now=at(10))
    assert len(house.fold_all()) == 1
    written = sum(map(len, house.log))
    house.idle(now=at(99))
    assert sum(map(len, house.log)) == written
    house.idle(2, now=at(101))
    assert sum(map(len, house.log)) == 2 * written - 1  # all but what was seen live
    assert house.fold_all() == []


def test_time_passes_in_the_log_while_the_data_is_live() -> None:
    split = Split(2, 2)
    split.rules = RuleSet(hash="", published_at=START)
    state = MemoryState()
    split.handle(record(INDICATORS.name, 0, 0, "a|b", indicator(1)), state)
    even = datetime(2024, 3, 1, 12, 30, 20, tzinfo=UTC)
    ticks = [output.value for output in split.idle(0, state, even)]
    assert ticks == [Tick(at=even.replace(second=0), heard=at(0))] * 2
    assert list(split.idle(0, state, even + timedelta(seconds=20))) == []
    assert list(split.idle(0, state, even + timedelta(minutes=1))) == []
    assert len(list(split.idle(0, state, even + timedelta(minutes=2)))) == 2
    assert list(split.idle(0, state, even + timedelta(days=2))) == []


@pytest.mark.parametrize("value", [b"\xff", b"[", b"null", b"{}", b'{"record":"observation"}', b'{"record":"new"}', None])
def test_what_is_no_observation_is_refused(value: bytes | None) -> None:
    with pytest.raises(Invalid):
        Fold().handle(Record(OBSERVATIONS.name, 0, 0, b"k", value, START), MemoryState())


@pytest.mark.parametrize("value", [b"\xff", b"null", b"{}", b'{"id":"x"}', b'{"revision":' + b"9" * 5_000 + b"}"])
def test_what_is_no_indicator_is_refused(value: bytes) -> None:
    split = Split()
    split.rules = rule_set()
    with pytest.raises(Invalid):
        split.handle(Record(INDICATORS.name, 0, 0, b"k", value, START), MemoryState())
    for key in (None, b"one", b"a|b|c", b"\xff"):
        with pytest.raises(Invalid):
            split.handle(Record(INDICATORS.name, 0, 0, key, None, START), MemoryState())


def test_dates_at_the_end_of_time_stop_nothing() -> None:
    last = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    patient = rule(name="patient", hold=timedelta(days=9), cooldown=timedelta(days=9))
    desk = Desk().prime(patient, KILLED)
    for published_at in (last, START):
        desk.hear(seen(patient, indicator(2500, revision=1).model_copy(update={"published_at": published_at})))
        killed: Indicator = incident(12, "a", 0).model_copy(update={"published_at": published_at, "period": None})
        desk.hear(seen(KILLED, killed))
    desk.hear(Tick(at=last))
    assert all(alert.severity is Severity.WARNING for alert in desk.alerts)


def test_keys_of_observations_choose_the_partition_by_rule_and_group() -> None:
    split, state = Split(1, 1), MemoryState()
    split.rules = rule_set(KILLED)
    killed = incident(3, "a", 0)
    (output,) = split.handle(record(INDICATORS.name, 0, 0, key_of(killed.book, killed.fact), killed), state)
    assert output.key == "killed+country=SY"
    assert output.partition is None
