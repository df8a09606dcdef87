"""Articles of about 1 KB in our own words, as bytes, as many as wanted; written to a topic at once or at an even pace."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import islice
from uuid import UUID

from confluent_kafka import KafkaError, Message, Producer

from schemas import Article
from tests.support.workload import article, articles

TEXTS = 400
"""Different texts; further articles repeat them under other ids."""

BACKGROUND = (
    "Residents said that shops had reopened by the afternoon and that the road to the north was still closed to lorries. "
    "Officials asked people to keep away from the bridge while engineers looked at it, and promised a further statement. "
    "A local radio station reported that the governor would visit the district within days and meet its elders. "
    "Aid groups called on all sides to let convoys pass before the winter."
)
"""What fills an article up: telling nothing that is counted, as most sentences of news do."""

TICK = 0.005
"""Seconds between two handfuls at an even pace: a fifth of what any contestant's median is."""

FLUSH = 60.0
"""Seconds within which a broker takes what is left."""


def templates(count: int = TEXTS) -> list[tuple[bytes, bytes]]:
    """Articles as JSON, cut in two where the id stands."""
    return [_cut(text.to_bytes(), text.id.encode()) for text in islice(_long(), count)]


def _long() -> Iterator[Article]:
    for short in articles(TEXTS):
        published = short.published_at or short.collected_at
        yield article(short.title, f"{short.text} {BACKGROUND}", short.url or "", published, short.collected_at)


def _cut(value: bytes, identity: bytes) -> tuple[bytes, bytes]:
    before, after = value.split(identity, 1)
    return before, after


def identity(number: int) -> bytes:
    """The id and key of an article."""
    return str(UUID(int=number)).encode()


def number_of(key: bytes) -> int:
    """Which article a key belongs to; raises ValueError for what is no key of ours."""
    return UUID(key.decode()).int


class Writer:
    """Writes numbered articles to topics."""

    def __init__(self, brokers: str) -> None:
        self._templates = templates()
        self._producer = Producer(
            {
                "bootstrap.servers": brokers,
                "acks": "all",
                "enable.idempotence": True,
                "linger.ms": 2,
                "log_level": 2,
                "partitioner": "murmur2_random",
                "queue.buffering.max.messages": 1_000_000,
            }
        )

    def fill(self, topic: str, numbers: range) -> None:
        """Write at full speed, and return when the broker has everything."""
        for number in numbers:
            self._write(topic, number)
        self._settle()

    def pace(self, topic: str, numbers: range, rate: float) -> None:
        """Write so many a second, and return when the broker has everything."""
        started = time.perf_counter()
        written = 0
        while written < len(numbers):
            due = min(len(numbers), int((time.perf_counter() - started) * rate) + 1)
            for number in numbers[written:due]:
                self._write(topic, number)
            written = due
            self._producer.poll(0)
            time.sleep(TICK)
        self._settle()

    def _write(self, topic: str, number: int) -> None:
        before, after = self._templates[number % len(self._templates)]
        key = identity(number)
        while True:
            try:
                self._producer.produce(topic, key=key, value=before + key + after, on_delivery=_delivered)
            except BufferError:  # its queue is full: let it deliver
                self._producer.poll(0.1)
            else:
                return

    def _settle(self) -> None:
        if self._producer.flush(FLUSH):
            raise RuntimeError(f"the broker did not take everything within {FLUSH:.0f} s")


def _delivered(error: KafkaError | None, _: Message) -> None:
    if error is not None:
        raise RuntimeError(str(error))
