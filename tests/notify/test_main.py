"""What is counted of alerts has labels from closed lists, whatever a newer version's rules say."""

from __future__ import annotations

import orjson
from prometheus_client import REGISTRY

from schemas import Alert
from services.notify.main import observe
from tests.notify.delivery.alerts import alert


def test_a_severity_that_this_version_does_not_know_is_counted_as_unknown() -> None:
    told = orjson.loads(alert().to_bytes())
    for severity in ("dire", "calamitous"):
        observe(Alert.from_bytes(orjson.dumps({**told, "severity": severity})))
    assert REGISTRY.get_sample_value("tallywire_alerts_total", {"status": "fired", "severity": "unknown"}) == 2
    assert REGISTRY.get_sample_value("tallywire_alerts_total", {"status": "fired", "severity": "dire"}) is None
