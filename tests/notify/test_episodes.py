"""The machine of episodes, driven by figures on a timeline; and the same seen from outside, through the fold."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import AlertStatus, Certainty, Direction, Kind, Qualifier, Reason, Severity, Whose
from services.notify.episodes import Episode, Opening, step
from services.notify.verdict import of_figure

from .wire import Desk, at, indicator, quarter, rule, seen, teller

UP = Direction.ABOVE
LADDER = {Severity.INFO: 60, Severity.WARNING: 70, Severity.CRITICAL: 80}
BACK = {Severity.INFO: 50, Severity.WARNING: 60, Severity.CRITICAL: 70}


def statuses(desk: Desk) -> list[tuple[str, str, int]]:
    return [(str(alert.status), str(alert.severity), alert.value) for alert in desk.alerts]


def test_a_ladder_with_hysteresis() -> None:
    """61 73 64 85 62 56 47: up as soon as a level is crossed, down only when surely back, and then to what is crossed outright."""
    ladder = rule(UP, LADDER, resolve=BACK)
    episode, stands = Episode(), []
    for day, value in enumerate([61, 73, 64, 85, 62, 56, 47]):
        verdict = of_figure(ladder.condition, indicator(value, day=day), at(day))
        episode = step(episode, verdict, ladder.condition, now=at(day), event_time=at(day)).episode
        stands.append(episode.severity)
    assert stands == ["info", "warning", "warning", "critical", "info", "info", None]


def test_falling_past_a_level_that_is_not_crossed_outright_holds_the_mildest_that_it_is_not_back_from() -> None:
    ladder = rule(UP, LADDER, resolve=BACK)
    desk = Desk().prime(ladder)
    desk.hear(*(seen(ladder, indicator(value, day=day)) for day, value in enumerate([85, 55, 50])))
    assert statuses(desk) == [("fired", "critical", 85), ("deescalated", "info", 55), ("resolved", "info", 50)]


def test_each_transition_is_told_once_and_numbered() -> None:
    ladder = rule(levels={Severity.WARNING: 3000, Severity.CRITICAL: 1500}, resolve={Severity.WARNING: 3300})
    desk = Desk().prime(ladder)
    for day, value in enumerate([5000, 2500, 2600, 1400, 2900, 3200, 3300, 2999]):
        desk.hear(seen(ladder, indicator(value, day=day)))
    assert statuses(desk) == [
        ("fired", "warning", 2500),
        ("escalated", "critical", 1400),
        ("deescalated", "warning", 2900),
        ("resolved", "warning", 3300),
        ("fired", "warning", 2999),
    ]
    assert [alert.sequence for alert in desk.alerts] == [1, 2, 3, 4, 1]
    assert len({alert.id for alert in desk.alerts}) == 5
    assert len({alert.fingerprint for alert in desk.alerts}) == 1
    assert not any(alert.initial for alert in desk.alerts)
    assert [alert.threshold for alert in desk.alerts] == [3000, 1500, 3000, 3000, 3000]
    assert [alert.event_time for alert in desk.alerts] == [at(1), at(3), at(4), at(6), at(7)]


def test_first_sight_beyond_the_line_fires_and_says_so() -> None:
    desk = Desk().prime(rule())
    (alert,) = desk.hear(seen(rule(), indicator(2500)))
    assert (alert.status, alert.initial) == (AlertStatus.FIRED, True)


def test_first_sight_of_something_old_starts_nothing() -> None:
    young = rule(max_age=timedelta(days=10))
    desk = Desk().prime(young)
    desk.hear(seen(young, indicator(5000, name="another", day=30)))
    assert desk.hear(seen(young, indicator(2500, day=5))) == []
    assert desk.reasons == ["not_crossed", "stale"]
    (alert,) = desk.hear(seen(young, indicator(2400, day=21)))
    assert alert.value == 2400


def test_the_reference_figure_about_2500_is_surely_below_3000() -> None:
    about = teller(2500, qualifier=Qualifier.APPROXIMATELY)
    desk = Desk().prime(rule())
    (alert,) = desk.hear(seen(rule(), indicator(2500, tellers=[about])))
    assert (alert.certainty, alert.value, alert.low, alert.high) == (Certainty.CERTAIN, 2500, 2250, 2750)
    assert alert.evidence[0].sentence == "It was 2500, they said."
    assert alert.evidence[0].url == "https://wire.example/2500"


def test_at_least_2500_is_only_possibly_below_3000() -> None:
    at_least = [teller(2500, qualifier=Qualifier.AT_LEAST, low=2500)]
    careful, bold = rule(name="careful"), rule(name="bold", possible=True)
    desk = Desk().prime(careful, bold)
    assert desk.hear(seen(careful, indicator(2500, tellers=at_least))) == []
    assert desk.decisions[-1].reason is Reason.ONLY_POSSIBLE
    (alert,) = desk.hear(seen(bold, indicator(2500, tellers=at_least)))
    assert alert.certainty is Certainty.POSSIBLE


def test_what_was_possible_and_becomes_certain_is_told() -> None:
    bold = rule(possible=True)
    desk = Desk().prime(bold)
    desk.hear(seen(bold, indicator(2500, tellers=[teller(2500, qualifier=Qualifier.AT_LEAST, low=2500)])))
    desk.hear(seen(bold, indicator(2400, day=1)))
    desk.hear(seen(bold, indicator(2500, day=2, tellers=[teller(2500, qualifier=Qualifier.AT_LEAST, low=2500, published_at=at(2))])))
    assert [(alert.status, alert.certainty) for alert in desk.alerts] == [("fired", "possible"), ("escalated", "certain")]


def test_the_line_must_stay_crossed_for_as_long_as_the_rule_wants() -> None:
    patient = rule(hold=timedelta(days=2))
    desk = Desk().prime(patient)
    desk.hear(seen(patient, indicator(5000)))
    assert desk.hear(seen(patient, indicator(2500, day=1))) == []
    assert desk.decisions[-1].reason is Reason.PENDING
    (alert,) = desk.hear(seen(rule(name="other"), indicator(9000, name="else", day=4)))
    assert (alert.status, alert.event_time, alert.value) == ("fired", at(3), 2500)


def test_a_line_that_was_crossed_too_briefly_is_not_told() -> None:
    patient = rule(hold=timedelta(days=2))
    desk = Desk().prime(patient)
    desk.hear(*(seen(patient, indicator(value, day=day)) for day, value in [(0, 5000), (1, 2500), (2, 4000), (9, 4100)]))
    assert desk.alerts == []


def test_cooldown_keeps_a_flapping_line_quiet_but_not_a_worse_one() -> None:
    calm = rule(levels={Severity.WARNING: 3000, Severity.CRITICAL: 1500}, cooldown=timedelta(days=5))
    desk = Desk().prime(calm)
    desk.hear(*(seen(calm, indicator(value, day=day)) for day, value in enumerate([2500, 3500, 2500])))
    assert statuses(desk) == [("fired", "warning", 2500), ("resolved", "warning", 3500)]
    assert desk.decisions[-1].reason is Reason.COOLDOWN
    desk.hear(seen(calm, indicator(1000, day=3)))
    assert statuses(desk)[-1] == ("fired", "critical", 1000)


def test_what_the_cooldown_kept_quiet_is_told_when_it_ends_if_it_is_still_so() -> None:
    calm = rule(cooldown=timedelta(days=5))
    desk = Desk().prime(calm)
    desk.hear(*(seen(calm, indicator(value, day=day)) for day, value in enumerate([2500, 3500, 2500])))
    (alert,) = desk.hear(seen(rule(name="other"), indicator(9000, name="else", day=7)))
    assert (alert.status, alert.event_time) == ("fired", at(6))


def test_a_flow_that_is_corrected_to_less_but_is_still_beyond_is_told_as_corrected() -> None:
    many = rule(Direction.AT_LEAST, 90, select=rule().condition.select.model_copy(update={"measure": "operations"}))
    desk = Desk().prime(many)
    desk.hear(*(seen(many, quarter(value, day)) for day, value in enumerate([100, 110, 95, 96])))
    assert statuses(desk) == [("fired", "warning", 100), ("corrected", "warning", 95)]


def test_a_stock_that_changes_within_the_line_is_no_correction() -> None:
    desk = Desk().prime(rule(UP, 10))
    desk.hear(*(seen(rule(UP, 10), indicator(value, day=day)) for day, value in enumerate([100, 50])))
    assert statuses(desk) == [("fired", "warning", 100)]


def test_what_is_taken_back_retracts_the_alert() -> None:
    desk = Desk().prime(rule())
    desk.hear(seen(rule(), indicator(2500)), seen(rule(), indicator(2500, day=1, tellers=[], retracted=True)))
    assert statuses(desk) == [("fired", "warning", 2500), ("retracted", "warning", 2500)]
    assert desk.decisions[-1].reason is Reason.RETRACTED


def test_an_episode_that_opens_again_at_the_same_event_time_goes_on_numbering() -> None:
    """A newer statement is taken back, and the older one stands again: the alert about it must not pass for a repeat."""
    desk = Desk().prime(rule())
    desk.hear(*(seen(rule(), indicator(value, day=day, revision=n)) for n, (value, day) in enumerate([(2500, 1), (4000, 2), (2500, 1)], 1)))
    assert [(alert.status, alert.sequence) for alert in desk.alerts] == [("fired", 1), ("resolved", 2), ("fired", 3)]
    assert len({alert.id for alert in desk.alerts}) == 3


def test_two_tellers_in_turn_do_not_flap() -> None:
    low, high = teller(2500, "claimant:ministry"), teller(4000, "claimant:centcom")
    desk = Desk().prime(rule())
    for day in range(6):
        told = [low, high] if day % 2 else [high, low]
        desk.hear(seen(rule(), indicator(told[0].value, day=day, tellers=told)))
    assert statuses(desk) == [("fired", "warning", 4000)]


@pytest.mark.parametrize(("whose", "fires"), [(Whose.ANY, True), (Whose.MOST, False), (Whose.ALL, False)])
def test_tellers_who_disagree(whose: Whose, fires: bool) -> None:
    wary = rule(tellers=whose)
    desk = Desk().prime(wary)
    desk.hear(seen(wary, indicator(2500, tellers=[teller(2500, "claimant:a"), teller(4000, "claimant:b")])))
    assert bool(desk.alerts) is fires
    assert desk.reasons == (["fired"] if fires else ["tellers_disagree"])


def test_a_stale_teller_is_not_heard_beside_a_fresh_one() -> None:
    wary = rule(tellers=Whose.ALL, max_age=timedelta(days=30))
    old, new = teller(9000, "claimant:a", published_at=at(-90)), teller(2500, "claimant:b")
    desk = Desk().prime(wary)
    desk.hear(seen(wary, indicator(2500, tellers=[new, old])))
    assert statuses(desk) == [("fired", "warning", 2500)]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"min_tellers": 2}, "too_few_tellers"), ({"min_publishers": 3}, "too_few_publishers"), ({"min_confidence": 0.95}, "too_unsure")],
)
def test_a_figure_without_enough_behind_it_starts_nothing(changes: dict[str, Any], reason: str) -> None:
    wary = rule(**changes)
    desk = Desk().prime(wary)
    assert desk.hear(seen(wary, indicator(2500))) == []
    assert desk.reasons == [reason]
    backed = [teller(2500, "claimant:a", publishers=2, confidence=0.99), teller(2500, "claimant:b", publishers=2)]
    assert [alert.status for alert in desk.hear(seen(wary, indicator(2500, day=1, tellers=backed)))] == ["fired"]


def test_contradiction_needs_the_same_indicator_and_no_stock() -> None:
    many = rule(UP, 10, cooldown=timedelta(0))
    opening = Episode(open=Opening(severity=Severity.WARNING, value=100, indicator="another"), opened=at(0), number=1)
    verdict = of_figure(many.condition, indicator(50, kind=Kind.FLOW), at(1))
    assert step(opening, verdict, many.condition, now=at(1), event_time=at(1)).told is None


@given(
    values=st.lists(st.tuples(st.integers(0, 100), st.integers(0, 3), st.booleans()), max_size=30),
    hold=st.integers(0, 3),
    cooldown=st.integers(0, 5),
    possible=st.booleans(),
)
@settings(max_examples=30, deadline=None)
def test_whatever_is_told_a_receiver_can_follow(values: list[tuple[int, int, bool]], hold: int, cooldown: int, possible: bool) -> None:
    """Episodes begin with `fired`, end with an end, are numbered without gaps, and no id is given twice."""
    ladder = rule(UP, LADDER, resolve=BACK, hold=timedelta(days=hold), cooldown=timedelta(days=cooldown), possible=possible)
    desk, day = Desk().prime(ladder), 0
    for revision, (value, pause, vague) in enumerate(values, 1):
        day += pause
        words: dict[str, Any] = {"qualifier": Qualifier.AT_LEAST, "low": value} if vague else {}
        told = teller(value, published_at=at(day), **words)
        desk.hear(seen(ladder, indicator(value, day=day, revision=revision, tellers=[told])))
    stands, number, opened = None, 0, None
    for alert in desk.alerts:
        if alert.status == "fired":
            assert stands is None
            number = number if alert.event_time == opened else 0
            opened = alert.event_time
        else:
            assert stands is not None
        number += 1
        assert alert.sequence == number or alert.status == "fired"
        number = alert.sequence
        if alert.status == "escalated":
            assert stands is not None
            assert (alert.severity.rank, alert.certainty == "certain") > (stands[0].rank, stands[1] == "certain")
        if alert.status == "deescalated":
            assert stands is not None
            assert alert.severity.rank < stands[0].rank
        stands = None if alert.status in ("resolved", "retracted") else (alert.severity, alert.certainty)
    assert len({alert.id for alert in desk.alerts}) == len(desk.alerts)
