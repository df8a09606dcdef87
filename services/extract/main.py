"""Wires extract: articles in, readings out."""

from __future__ import annotations

from schemas import Message, Reading
from services.runtime.metrics import COUNTS, READINGS
from services.runtime.process import Part, run, wall_clock
from services.runtime.publisher import Publisher
from services.runtime.settings import Settings
from services.runtime.stream import Stream

from .extraction import Extraction
from .stream import Extract
from .where import places
from .who import actors


def main(settings: Settings) -> int:
    """Run the service; the exit code of the process."""
    _load()

    async def build(publisher: Publisher) -> list[Part]:
        return [Stream(settings, "extract", [Extract(Extraction(settings.profile))], publisher, wall_clock, observe)]

    return run(settings, "extract", settings.extract_port, build)


def _load() -> None:
    """Read the tables of places and actors before there is an event loop: it would be held by them, for 0.1 s even from a thread."""
    places.find("Aleppo")
    actors.known("isis")


def observe(message: Message) -> None:
    """Count what was read."""
    if isinstance(message, Reading):
        READINGS.labels("events" if message.events else "nothing").inc()
        for event in message.events:
            for count in event.counts:
                COUNTS.labels(count.measure, count.realis).inc()
