"""Outputs to topics: idempotent, acknowledged by all replicas, partitioned by the one partitioner."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from types import TracebackType
from typing import Self

from aiokafka import AIOKafkaProducer
from aiokafka.structs import RecordMetadata

from schemas import partition_of
from schemas.topics import MAX_MESSAGE
from services.stage import Output

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

    async def __aenter__(self) -> Self:
        await self._producer.start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._producer.stop()

    async def enqueue(self, output: Output) -> asyncio.Future[RecordMetadata]:
        """Hand one output to the producer; the future is done when the broker has it."""
        topic = self._settings.topic(output.topic.name)
        partition = output.partition
        if partition is None:
            partition = partition_of(output.key, len(await self._producer.partitions_for(topic)))
        value = None if output.value is None else output.value.to_bytes()
        return await self._producer.send(topic, value=value, key=output.key.encode(), partition=partition)

    async def send(self, outputs: Iterable[Output]) -> None:
        """Write outputs and return when the broker has acknowledged every one.

        Raises:
            aiokafka.errors.KafkaError: one of them was not acknowledged; all may be sent again.

        """
        futures = [await self.enqueue(output) for output in outputs]
        for done in await asyncio.gather(*futures, return_exceptions=True):
            if isinstance(done, BaseException):
                raise done
