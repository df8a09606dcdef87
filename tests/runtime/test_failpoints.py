"""Failpoints fail where, when and as often as ordered, and nowhere else."""

from __future__ import annotations

import time

import pytest

from services.runtime.failpoints import Failpoints, Injected
from services.stage import Stop


def test_none_is_armed_without_an_order() -> None:
    Failpoints("").hit("before-handle", "extract", b"key")


def test_it_raises_as_often_as_ordered_for_the_key_that_was_named() -> None:
    points = Failpoints("before-handle:extract:raise:2:bad")
    points.hit("before-handle", "extract", b"good")
    points.hit("before-handle", "measure.fold", b"bad")
    for _ in range(2):
        with pytest.raises(Injected):
            points.hit("before-handle", "extract", b"very bad")
    points.hit("before-handle", "extract", b"very bad")


def test_zero_times_is_always() -> None:
    points = Failpoints("after-send:extract:raise:0")
    for _ in range(5):
        with pytest.raises(Injected):
            points.hit("after-send", "extract")


def test_a_handler_can_be_made_slow() -> None:
    points = Failpoints("before-handle:measure.fold:sleep=0.05:2")
    began = time.monotonic()
    for _ in range(5):
        points.hit("before-handle", "measure.fold")
    assert time.monotonic() - began >= 0.1


def test_a_chance_fails_some_of_the_times_and_the_same_ones_for_the_same_seed() -> None:
    def failing(seed: int) -> list[int]:
        points = Failpoints(f"before-handle:extract:raise%0.2@{seed}:0")
        found = []
        for number in range(200):
            try:
                points.hit("before-handle", "extract")
            except Injected:
                found.append(number)
        return found

    assert 10 < len(failing(1)) < 90
    assert failing(1) == failing(1)
    assert failing(1) != failing(2)


@pytest.mark.parametrize(
    "order",
    [
        "nowhere:extract:raise",
        "before-handle:extract:explode",
        "before-handle:extract:sleep",
        "before-handle:extract:sleep=long",
        "before-handle:extract:raise=3",
        "before-handle:extract:raise:often",
        "before-handle:extract:raise%seldom",
        "before-handle",
    ],
)
def test_an_order_that_cannot_be_read_is_refused(order: str) -> None:
    with pytest.raises(Stop, match="before-handle"):
        Failpoints(order)
