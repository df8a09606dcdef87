"""Conditions that change, come back or go, while observations of older ones are still under way."""

from __future__ import annotations

from schemas import Primed, Reason, Retired, Rule, Severity

from .wire import Desk, at, indicator, known, rule, seen

OLD = rule(since=at(0))
NEW = rule(levels=2_700, since=at(10))


def retired(given: Rule) -> Retired:
    return Retired(rule=given.id, hash=given.condition.hash(), since=given.since)


def told(desk: Desk) -> list[tuple[str, int, str]]:
    return [(str(alert.status), alert.sequence, alert.rule.hash) for alert in desk.alerts]


def test_nothing_is_judged_before_all_partitions_have_shown_what_stands() -> None:
    desk = Desk()
    desk.hear(
        seen(OLD, indicator(2500), priming=True), Primed(rule=known(OLD), partition=0, of=3), Primed(rule=known(OLD), partition=2, of=3)
    )
    desk.hear(Primed(rule=known(OLD), partition=2, of=3))
    assert desk.outputs == []
    desk.hear(seen(OLD, indicator(2400, day=1)))
    assert desk.reasons == ["priming"]
    assert "2 of 3 partitions" in desk.decisions[-1].detail
    (alert,) = desk.hear(Primed(rule=known(OLD), partition=1, of=3))
    assert (alert.status, alert.initial, alert.value) == ("fired", True, 2400)
    assert desk.reasons == ["priming", "fired"]


def test_a_changed_condition_ends_what_was_open_and_judges_anew() -> None:
    desk = Desk().prime(OLD)
    desk.hear(seen(OLD, indicator(2500)))
    desk.hear(seen(NEW, indicator(2500), priming=True), Primed(rule=known(NEW), partition=0, of=1))
    assert told(desk) == [("fired", 1, OLD.condition.hash()), ("resolved", 2, OLD.condition.hash()), ("fired", 1, NEW.condition.hash())]
    assert len({alert.fingerprint for alert in desk.alerts}) == 1
    assert len({alert.id for alert in desk.alerts}) == 3
    assert desk.decisions[-2].detail == "the rule's condition was changed, and the figures are judged anew"
    assert (desk.decisions[-1].hash, desk.decisions[-1].reason) == (NEW.condition.hash(), Reason.FIRED)


def test_what_comes_late_for_an_older_condition_is_left_alone() -> None:
    desk = Desk().prime(OLD).prime(NEW)
    before = dict(desk.state.rows)
    desk.hear(seen(OLD, indicator(100)), Primed(rule=known(OLD), partition=0, of=1), retired(OLD))
    assert {key: row for key, row in desk.state.rows.items() if key not in ("began", "clock", "heard", "next")} == {
        key: row for key, row in before.items() if key != "next"
    }
    assert desk.outputs == []


def test_a_condition_that_comes_back_is_a_new_one() -> None:
    """A partition that never heard of the condition between must show what stands again, and what it says of the first is late."""
    back = OLD.model_copy(update={"since": at(20)})
    desk = Desk().prime(OLD).prime(NEW)
    desk.hear(seen(back, indicator(2500), priming=True), Primed(rule=known(back), partition=0, of=1))
    assert told(desk) == [("fired", 1, OLD.condition.hash())]


def test_a_retired_rule_resolves_what_is_open_and_says_why() -> None:
    two = rule(since=at(0), group_by=("side",))
    desk = Desk().prime(two)
    desk.hear(seen(two, indicator(2500)), seen(two, indicator(9000, name="other", side="somebody")))
    desk.hear(retired(two))
    assert told(desk)[1:] == [("resolved", 2, two.condition.hash())]
    assert desk.decisions[-1].detail == "the rule was withdrawn"
    tombstones = [output.key for output in desk.outputs if output.value is None]
    assert tombstones == ["a-rule+side=somebody"]
    assert {"clock", "rule|a-rule"} <= set(desk.state.rows) <= {"began", "clock", "heard", "next", "rule|a-rule"}
    desk.hear(seen(two, indicator(2300, day=2)), retired(two))
    assert len(desk.alerts) == 2


def test_a_retired_rule_may_come_back() -> None:
    desk = Desk().prime(OLD)
    desk.hear(seen(OLD, indicator(2500)), retired(OLD))
    back = OLD.model_copy(update={"since": at(20)})
    desk.hear(seen(back, indicator(2500), priming=True), Primed(rule=known(back), partition=0, of=1))
    assert [status for status, _, _ in told(desk)] == ["fired", "resolved", "fired"]


def test_a_changed_wording_keeps_the_state_and_is_spoken_from_then_on() -> None:
    reworded = OLD.model_copy(update={"summary": "Fewer than were thought", "labels": {"desk": "levant"}})
    desk = Desk().prime(OLD)
    desk.hear(seen(OLD, indicator(2500)), seen(reworded, indicator(4000, day=1)))
    assert [(alert.status, alert.rule.summary, alert.rule.labels) for alert in desk.alerts] == [
        ("fired", "Something an analyst wants to know", {}),
        ("resolved", "Fewer than were thought", {"desk": "levant"}),
    ]


def test_without_a_word_since_when_a_changed_condition_still_replaces_the_old_one_for_good() -> None:
    old, new = rule(), rule(levels={Severity.CRITICAL: 2_700})
    desk = Desk().prime(old)
    desk.hear(seen(old, indicator(2500)))
    desk.prime(new)
    desk.hear(seen(old, indicator(2400, day=1)), seen(new, indicator(2400, day=1)))
    assert [(alert.status, alert.severity) for alert in desk.alerts] == [
        ("fired", "warning"),
        ("resolved", "warning"),
        ("fired", "critical"),
    ]
