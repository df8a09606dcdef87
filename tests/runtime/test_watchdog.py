"""Lag without progress is a stall; waiting for brokers or a named downstream is not."""

from __future__ import annotations

import pytest

from services.runtime.watchdog import Stalled, Watchdog

P = ("tallywire.articles.v1", 3)


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


@pytest.mark.parametrize(("ends", "waiting_for"), [(None, None), ({P: 9}, "brokers"), ({P: 5}, None)])
def test_no_stall_while_brokers_are_away_or_a_downstream_holds_or_nothing_is_left(
    ends: dict[tuple[str, int], int] | None, waiting_for: str | None
) -> None:
    dog = Watchdog(60)
    for now in (0, 61, 200):
        dog.look(now, {P: 5}, ends, waiting_for)
    dog.look(210, {P: 5}, {P: 9}, None)
    dog.look(259, {P: 5}, {P: 9}, None)


def test_a_partition_that_comes_back_has_its_full_time() -> None:
    dog = Watchdog(60)
    dog.look(0, {P: 5}, {P: 9}, None)
    dog.look(30, {}, {}, None)
    dog.look(70, {P: 5}, {P: 9}, None)
    dog.look(100, {P: 5}, {P: 9}, None)
