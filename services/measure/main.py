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


def main(settings: Settings) -> int:
    """Run the service; the exit code of the process."""

    async def build(publisher: Publisher) -> list[Part]:
        stages = [Split(), Fold(partitions=await publisher.partitions(CLAIMS.name))]
        return [Stream(settings, "measure", stages, publisher, wall_clock, Clock())]

    return run(settings, "measure", settings.measure_port, build)


class Clock:
    """Shows how far the data's clock has come: the newest publication that a figure rests on."""

    def __init__(self) -> None:
        self._newest = 0.0

    def __call__(self, message: Message) -> None:
        """Take one acknowledged message into account."""
        if isinstance(message, Indicator):
            self._newest = max(self._newest, message.published_at.timestamp())
            DATA_CLOCK.labels("measure.fold").set(self._newest)
