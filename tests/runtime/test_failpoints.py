"""Failpoints fail where, when and as often as ordered, and nowhere else."""

from __future__ import annotations

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


def test_an_order_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(Stop, match="before-handle"):
        Failpoints("nowhere:extract:raise")
