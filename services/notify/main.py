"""Wires notify: indicators and rules in, alerts, decisions and deliveries between, webhooks out."""

from __future__ import annotations

from collections.abc import Mapping

from schemas import Alert, Decision, Message
from schemas.topics import INDICATORS, OBSERVATIONS
from services.runtime.guard import objection_to_url
from services.runtime.metrics import ALERTS, DECISIONS
from services.runtime.process import Part, run, wall_clock
from services.runtime.publisher import Publisher
from services.runtime.settings import Settings
from services.runtime.stream import Stream
from services.stage import Stop

from .delivery.consumers import Deliverer, Scheduler
from .delivery.endpoints import Endpoint, EndpointsError, load_endpoints
from .following import LogFollower, RulesFollower
from .stream import Fold, Split


def main(settings: Settings) -> int:
    """Run the service; the exit code of the process."""

    async def build(publisher: Publisher) -> list[Part]:
        endpoints = _endpoints(settings)
        split = Split(indicators=await publisher.partitions(INDICATORS.name), observations=await publisher.partitions(OBSERVATIONS.name))
        return [
            RulesFollower(settings, split),
            LogFollower(settings, split),
            Stream(settings, "notify", [split, Fold()], publisher, wall_clock, observe),
            Scheduler(settings, endpoints, publisher, wall_clock),
            Deliverer(settings, endpoints, publisher, wall_clock),
        ]

    return run(settings, "notify", settings.notify_port, build)


def observe(message: Message) -> None:
    """Count what was decided."""
    if isinstance(message, Alert):
        ALERTS.labels(message.status, message.severity if message.severity.known else "unknown").inc()
    elif isinstance(message, Decision):
        DECISIONS.labels(message.reason).inc()


def _endpoints(settings: Settings) -> Mapping[str, Endpoint]:
    if settings.endpoints_file is None:
        return {}
    try:
        return load_endpoints(settings.endpoints_file, lambda url, http: objection_to_url(url, allow_http=http))
    except EndpointsError as error:
        raise Stop(str(error)) from error
