"""Outputs to topics: idempotent, acknowledged by all replicas, partitioned by the one partitioner."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from types import TracebackType
from typing import Self

from aiokafka import AIOKafkaProducer
from aiokafka.errors import UnknownTopicOrPartitionError
from aiokafka.structs import RecordMetadata

from schemas import partition_of
from schemas.topics import MAX_MESSAGE
from services.stage import Output, Stop

from .encoding import Sending, encode
from .settings import Settings

LINGER_MS = 5
"""Time in which sends are gathered into one request: far below what a person notices, enough to fill a batch under load."""

REQUEST_TIMEOUT_MS = 30_000
"""After this the send fails and its caller decides; aiokafka's retries happen within it."""

OVERHEAD = 16 * 1024
"""Bytes left for a record's key, headers and framing."""


class Publisher:
    """An open producer; `async with Publisher(settings, "collect") as publisher`."""

    def __init__(self, settings: Settings, client_id: str) -> None:
        self._settings = settings
        self._partitions: dict[str, int] = {}
        self._started = False
        self._producer = AIOKafkaProducer(
            bootstrap_servers=settings.brokers,
            client_id=client_id,
            acks="all",
            enable_idempotence=True,
            linger_ms=LINGER_MS,
            request_timeout_ms=REQUEST_TIMEOUT_MS,
            max_request_size=MAX_MESSAGE + OVERHEAD,
            max_batch_size=256 * 1024,
        )

    async def start(self) -> None:
        """Reach the brokers; raises what aiokafka raises where they are away."""
        try:
            await self._producer.start()
        except BaseException:
            await self._producer.stop()
            raise
        self._started = True

    async def __aenter__(self) -> Self:
        if not self._started:
            await self.start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._producer.stop()

    async def enqueue(self, sending: Sending) -> asyncio.Future[RecordMetadata]:
        """Hand one record to the producer; the future is done when the broker has it."""
        topic = self._settings.topic(sending.topic)
        partition = sending.partition
        if partition is None:
            partition = partition_of(sending.key, await self.partitions(sending.topic))
        future: asyncio.Future[RecordMetadata] = await self._producer.send(topic, value=sending.value, key=sending.key, partition=partition)
        return future

    async def partitions(self, topic: str) -> int:
        """How many partitions a topic has; counted once, since it is frozen.

        Raises:
            Stop: there is no such topic.

        """
        if topic not in self._partitions:
            name = self._settings.topic(topic)
            try:
                self._partitions[topic] = len(await self._producer.partitions_for(name))
            except UnknownTopicOrPartitionError as error:
                raise Stop(f"topic {name} is missing on {self._settings.brokers}; create it with `tallywire topics create`") from error
        return self._partitions[topic]

    async def send(self, outputs: Iterable[Output]) -> None:
        """Write outputs and return when the broker has acknowledged every one.

        Raises:
            services.stage.Invalid: one of them is larger than any topic takes; none was sent.
            aiokafka.errors.KafkaError: one of them was not acknowledged; all may be sent again.

        """
        await self.send_all(encode(outputs))

    async def send_all(self, sendings: Iterable[Sending]) -> None:
        """Write records and return when the broker has acknowledged every one; raises as `send` does."""
        futures = [await self.enqueue(sending) for sending in sendings]
        for done in await asyncio.gather(*futures, return_exceptions=True):
            if isinstance(done, BaseException):
                raise done
