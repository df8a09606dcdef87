"""Whether the memory of a process grows with what it has done: a line through its samples, and what that says. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

PER = 100_000
"""Articles to which a slope is told."""

FLAT = 2.0
"""MiB per 100,000 articles up to which a process counts as flat: at a million articles a day, a month's growth fits any machine."""

SURE = 2.0
"""Standard errors that a slope must be off the limit before a verdict is given."""

LEAST = 8
"""Samples in the later half below which nothing is said."""

MARKS = (0.10, 0.25, 0.50, 1.00)
"""Shares of the articles at which the table tells the memory."""


class Verdict(StrEnum):
    """What is to be said of a process."""

    FLAT = "flat"
    GROWS = "grows"
    UNSURE = "unsure: run longer"


@dataclass(frozen=True, slots=True)
class Sample:
    """The memory of a process at one moment."""

    articles: int
    """Done by then."""
    mebibytes: float
    """Resident."""


@dataclass(frozen=True, slots=True)
class Growth:
    """What the samples of one process come to."""

    marks: tuple[float, ...]
    """Resident MiB at each of MARKS."""
    slope: float
    """MiB per 100,000 articles over the later half."""
    error: float
    """Standard error of the slope; infinite where there are too few samples."""

    @property
    def verdict(self) -> Verdict:
        """Flat or growing where the samples are sure of it."""
        if self.slope + SURE * self.error <= FLAT:
            return Verdict.FLAT
        return Verdict.GROWS if self.slope - SURE * self.error > FLAT else Verdict.UNSURE


def growth(samples: Sequence[Sample]) -> Growth:
    """Judge the samples of one process, in the order in which they were taken.

    Only the later half of the articles tells of growth: before, tables are read and caches fill.
    """
    last = max((sample.articles for sample in samples), default=0)
    marks = tuple(next((s.mebibytes for s in samples if s.articles >= mark * last), 0.0) for mark in MARKS)
    later = [sample for sample in samples if sample.articles >= last / 2]
    slope, error = _line(later)
    return Growth(marks, slope * PER, error * PER)


def _line(samples: Sequence[Sample]) -> tuple[float, float]:
    """Slope of the least squares' line and its standard error, in MiB an article."""
    count = len(samples)
    if count < LEAST:
        return 0.0, float("inf")
    x = sum(sample.articles for sample in samples) / count
    y = sum(sample.mebibytes for sample in samples) / count
    spread = sum((sample.articles - x) ** 2 for sample in samples)
    if not spread:
        return 0.0, float("inf")
    slope = sum((sample.articles - x) * (sample.mebibytes - y) for sample in samples) / spread
    left = sum((sample.mebibytes - y - slope * (sample.articles - x)) ** 2 for sample in samples)
    return slope, sqrt(left / (count - 2) / spread)
