"""Metrics: declared once, named by Prometheus's habits, and every one of them is set somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from prometheus_client.metrics import MetricWrapperBase

from services.runtime import metrics

from .reference import exposed

SERVICES = Path(__file__).parents[2] / "services"
DECLARED = {name: each for name, each in vars(metrics).items() if isinstance(each, MetricWrapperBase)}
UNBOUNDED = {"article", "url", "actor", "place", "title", "id", "key", "book"}
"""What comes out of articles is never a label: the series would have no end."""


@pytest.mark.parametrize("name", DECLARED)
def test_a_metric_that_is_declared_is_set(name: str) -> None:
    used = re.compile(rf"\b{name}\b")
    assert any(used.search(file.read_text()) for file in SERVICES.rglob("*.py") if file.name != "metrics.py")


@pytest.mark.parametrize("name", DECLARED)
def test_a_metric_follows_the_naming_of_prometheus(name: str) -> None:
    metric = DECLARED[name]
    assert re.fullmatch(r"tallywire_[a-z]+(_[a-z]+)*", exposed(metric))
    assert (metric._type == "counter") == exposed(metric).endswith("_total")
    assert metric._type != "histogram" or exposed(metric).endswith("_seconds")
    assert metric._documentation.endswith(".")
    assert not UNBOUNDED & set(metric._labelnames)


def test_no_metric_is_declared_elsewhere() -> None:
    elsewhere = re.compile(r"from prometheus_client import .*\b(?:Counter|Gauge|Histogram|Summary|Info|Enum)\b")
    assert [file.name for file in SERVICES.rglob("*.py") if file.name != "metrics.py" and elsewhere.search(file.read_text())] == []
