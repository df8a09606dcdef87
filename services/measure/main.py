"""Wires measure: readings in, claims between, indicators out."""

from __future__ import annotations

from schemas.topics import CLAIMS
from services.runtime.process import Part, run, wall_clock
from services.runtime.publisher import Publisher
from services.runtime.settings import Settings
from services.runtime.stream import Stream

from .stream import Fold, Split


def main(settings: Settings) -> int:
    """Run the service; the exit code of the process."""

    async def build(publisher: Publisher) -> list[Part]:
        stages = [Split(), Fold(partitions=await publisher.partitions(CLAIMS.name))]
        return [Stream(settings, "measure", stages, publisher, wall_clock)]

    return run(settings, "measure", settings.measure_port, build)
