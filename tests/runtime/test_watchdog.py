"""Lag without progress is a stall; waiting for brokers or a named downstream is not."""

from __future__ import annotations

import pytest

from services.runtime.watchdog import Group, Stalled, Watchdog

P = ("tallywire.articles.v1", 3)
Q = ("tallywire.articles.v1", 4)


def test_lag_without_progress_names_the_partition() -> None:
    dog = Watchdog(60)
    dog.look(0, {P: 5}, {P: 9}, None)
    dog.look(59, {P: 5}, {P: 9}, None)
    with pytest.raises(Stalled, match=r"tallywire.articles.v1\[3\] has stood at 5 for 60 s with 4 messages"):
        dog.look(60, {P: 5}, {P: 9}, None)


def test_progress_begins_anew() -> None:
    dog = Watchdog(60)
    dog.look(0, {P: 5}, {P: 9}, None)
    dog.look(59, {P: 6}, {P: 9}, None)
    dog.look(100, {P: 6}, {P: 9}, None)


@pytest.mark.parametrize(("ends", "waiting_for"), [(None, None), ({}, None), ({P: 9}, "brokers"), ({P: 5}, None)])
def test_no_stall_while_brokers_are_away_or_a_downstream_holds_or_nothing_is_left(
    ends: dict[tuple[str, int], int] | None, waiting_for: str | None
) -> None:
    dog = Watchdog(60)
    for now in (0, 61, 200):
        dog.look(now, {P: 5}, ends, waiting_for)
    dog.look(210, {P: 5}, {P: 9}, None)
    dog.look(259, {P: 5}, {P: 9}, None)


def test_a_partition_whose_leader_is_away_does_not_excuse_another() -> None:
    dog = Watchdog(60)
    dog.look(0, {P: 5, Q: 1}, {Q: 2}, None)
    with pytest.raises(Stalled, match=r"articles.v1\[4\] has stood at 1"):
        dog.look(60, {P: 5, Q: 1}, {Q: 2}, None)


def test_a_partition_that_comes_back_has_its_full_time() -> None:
    dog = Watchdog(60)
    dog.look(0, {P: 5}, {P: 9}, None)
    dog.look(30, {}, {}, None)
    dog.look(70, {P: 5}, {P: 9}, None)
    dog.look(100, {P: 5}, {P: 9}, None)


def test_what_is_amiss_for_the_timeout_and_what_a_rebalance_may_take_ends_the_process() -> None:
    dog = Watchdog(60)
    dog.complain(0, "no partition has come", "the group x is preparing_rebalance", 30)
    dog.complain(89, "no partition has come", "the group x is completing_rebalance", 30)
    with pytest.raises(Stalled, match="no partition has come for 90 s: the group x is preparing_rebalance"):
        dog.complain(90, "no partition has come", "the group x is preparing_rebalance", 30)


def test_what_was_amiss_and_is_well_again_begins_anew() -> None:
    dog = Watchdog(60)
    for now, reason in ((0, "deaf"), (59, "deaf"), (60, None), (61, "deaf"), (120, "deaf")):
        dog.complain(now, "nothing moves", reason)


def group(stable: bool, **held: set[tuple[str, int]]) -> Group:
    return Group("measure", stable, "stable" if stable else "preparing_rebalance", {name: frozenset(each) for name, each in held.items()})


@pytest.mark.parametrize(
    ("seen", "amiss"),
    [
        (group(True, other={P, Q}), None),
        (group(True, other={P, Q}, me=set()), None),
        (group(True, other={P}, me=set()), "nobody in the group measure holds tallywire.articles.v1[4]"),
        (group(True, me={P, Q}), "the group measure has given this process tallywire.articles.v1[3] and 1 more, which has not taken it"),
        (group(False, other={P, Q}), "the group measure is preparing_rebalance"),
        (group(True), "nobody in the group measure holds tallywire.articles.v1[3] and 1 more"),
    ],
)
def test_a_process_without_partitions_is_a_spare_only_where_others_hold_all(seen: Group, amiss: str | None) -> None:
    assert seen.amiss("me", frozenset({P, Q})) == amiss
