"""Wires collect: feeds and requests in, articles out."""

from __future__ import annotations

from services.runtime.process import Part, run, wall_clock
from services.runtime.publisher import Publisher
from services.runtime.settings import Settings

from .intake import Intake
from .poller import Poller


def main(settings: Settings) -> int:
    """Run the service; the exit code of the process."""

    async def build(publisher: Publisher) -> list[Part]:
        return [Intake(settings, publisher, wall_clock), Poller(settings, publisher, wall_clock)]

    return run(settings, "collect", settings.collect_port, build)
