"""Wires measure: readings in, claims between, indicators out."""

from __future__ import annotations

from schemas import Indicator, Message
from schemas.topics import CLAIMS
from services.runtime.metrics import DATA_CLOCK
from services.runtime.process import Part, run, wall_clock
from services.runtime.publisher import Publisher
from services.runtime.settings import Settings
from services.runtime.stream import Stream

from .stream import Fold, Split


newest = [0.0]
"""The newest publication that a figure rests on, in Unix seconds."""


def main(settings: Settings) -> int:
    """Run the service; the exit code of the process."""

    async def build(publisher: Publisher) -> list[Part]:
        stages = [Split(), Fold(partitions=await publisher.partitions(CLAIMS.name))]
        return [Stream(settings, "measure", stages, publisher, wall_clock, observe)]

    return run(settings, "measure", settings.measure_port, build)


def observe(message: Message) -> None:
    """Show how far the data's clock has come."""
    if isinstance(message, Indicator):
        newest.append(max(newest.pop(), message.published_at.timestamp()))
        DATA_CLOCK.labels("measure.fold").set(newest[0])
