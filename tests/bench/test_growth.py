"""A process that grows is told from one that does not, whatever its memory did while it warmed up."""

from __future__ import annotations

import random

import pytest

from tests.bench.growth import Growth, Sample, Verdict, growth


def samples(slope: float, noise: float = 0.0, count: int = 200, articles: int = 1_000_000) -> list[Sample]:
    """`slope` in MiB per 100,000 articles, behind a rise of 80 MiB in the first tenth."""
    chance = random.Random(7)
    found = []
    for number in range(1, count + 1):
        done = articles * number // count
        warm = min(1.0, 10 * done / articles)
        found.append(Sample(done, 60 + 80 * warm + slope * done / 100_000 + chance.uniform(-noise, noise)))
    return found


@pytest.mark.parametrize(
    ("slope", "noise", "verdict"),
    [
        (0.0, 0.0, Verdict.FLAT),
        (0.0, 3.0, Verdict.FLAT),
        (-5.0, 3.0, Verdict.FLAT),
        (1.0, 0.5, Verdict.FLAT),
        (4.0, 0.0, Verdict.GROWS),
        (4.0, 3.0, Verdict.GROWS),
        (50.0, 3.0, Verdict.GROWS),
        (1.5, 10.0, Verdict.UNSURE),
    ],
)
def test_the_later_half_decides(slope: float, noise: float, verdict: Verdict) -> None:
    found = growth(samples(slope, noise))
    assert found.verdict is verdict
    assert found.slope == pytest.approx(slope, abs=max(0.01, noise / 3))


def test_a_rise_while_tables_are_read_is_no_growth() -> None:
    found = growth(samples(0.0))
    assert found.marks == (140.0, 140.0, 140.0, 140.0)
    assert growth(samples(0.0)[:20]).marks[0] < 100


def test_of_too_few_samples_nothing_is_said() -> None:
    assert growth([]).verdict is Verdict.UNSURE
    assert growth(samples(0.0, count=10)).verdict is Verdict.UNSURE
    assert growth([Sample(5, 1.0)] * 50).verdict is Verdict.UNSURE, "nothing was done"


def test_a_short_run_that_leaps_is_not_called_flat() -> None:
    assert growth(samples(0.0, noise=40.0, count=30, articles=20_000)).verdict is not Verdict.FLAT


def test_the_slope_is_told_per_hundred_thousand() -> None:
    assert Growth((0, 0, 0, 0), 2.1, 0.01).verdict is Verdict.GROWS
    assert Growth((0, 0, 0, 0), 1.9, 0.01).verdict is Verdict.FLAT
