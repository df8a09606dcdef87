"""Outputs to topics: idempotent, acknowledged by all replicas, partitioned by the one partitioner."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Self

from aiokafka import AIOKafkaProducer
from aiokafka.errors import TopicAuthorizationFailedError, UnknownTopicOrPartitionError
from aiokafka.structs import RecordMetadata

from schemas import partition_of
from schemas.topics import MAX_MESSAGE
from services.stage import Output, Stop

from .encoding import Sending, encode
from .logs import logger
from .security import connection, denied
from .settings import Settings

log = logger(__name__)

LINGER_MS = 5
"""Time in which sends are gathered into one request: far below what a person notices, enough to fill a batch under load."""

REQUEST_TIMEOUT_MS = 30_000
"""After this the send fails and its caller decides; aiokafka's retries happen within it."""

OVERHEAD = 16 * 1024
"""Bytes left for a record's key, headers and framing."""


MANY = 100
"""Records from which on batches are made here: fewer are left to the client, which gathers them with those of other senders."""

TURN = 2_000
"""Records whose partitions are reckoned before others get their turn of the event loop: some ten milliseconds."""

STOP_WITHIN = 1.0
"""Seconds in which the client may send what it still has, and close: by then all that matters has been awaited."""


GAPS = frozenset({"KafkaTimeoutError", "OutOfOrderSequenceNumber", "UnknownProducerId", "InvalidProducerIdMapping", "ProducerFenced"})
"""Errors after which an idempotent producer's sequence may have a gap: a batch that ran out of time was numbered, and never comes. Behind
the last two nothing of its id is taken at all; brokers may forget one, and nobody else has ours."""


class Publisher:
    """An open producer; `async with Publisher(settings, "collect") as publisher`."""

    def __init__(self, settings: Settings, client_id: str) -> None:
        self._settings = settings
        self._partitions: dict[str, int] = {}
        self._client_id = client_id
        self._started = False
        self.failing = False
        """Whether the brokers did not take what was last sent, or somebody did not wait for it any longer."""
        self._gap = False
        self._renewing = asyncio.Lock()
        self._producer = self._made()

    def _made(self) -> AIOKafkaProducer:
        return AIOKafkaProducer(
            **connection(self._settings),
            client_id=self._client_id,
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
        try:
            async with asyncio.timeout(STOP_WITHIN):
                await self._producer.stop()
        except TimeoutError:
            log.warning("publisher.cut", within=STOP_WITHIN)

    async def enqueue(self, sending: Sending) -> asyncio.Future[RecordMetadata]:
        """Hand one record to the producer; the future is done when the broker has it."""
        await self._renew()
        topic = self._settings.topic(sending.topic)
        partition = sending.partition
        if partition is None:
            partition = partition_of(sending.key, await self.partitions(sending.topic))
        future: asyncio.Future[RecordMetadata] = await self._producer.send(topic, value=sending.value, key=sending.key, partition=partition)
        future.add_done_callback(self._note)
        return future

    def _note(self, done: asyncio.Future[RecordMetadata]) -> None:
        """Remember whether it was taken; and that the sequence has a gap, if this says so."""
        error = None if done.cancelled() else done.exception()
        self.failing = done.cancelled() or error is not None
        self._gap = self._gap or type(error).__name__ in GAPS

    async def partitions(self, topic: str) -> int:
        """How many partitions a topic has; counted once, since it is frozen.

        Raises:
            Stop: there is no such topic, or it is not ours to see.

        """
        if topic not in self._partitions:
            name = self._settings.topic(topic)
            try:
                self._partitions[topic] = len(await self._producer.partitions_for(name))
            except UnknownTopicOrPartitionError as error:
                raise Stop(f"topic {name} is missing on {self._settings.brokers}; create it with `tallywire topics create`") from error
            except TopicAuthorizationFailedError as error:
                raise Stop(denied(self._settings, error, "Write")) from error
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
        sendings = list(sendings)
        await self._renew()
        if len(sendings) < MANY:
            outcomes = await asyncio.gather(*[await self.enqueue(sending) for sending in sendings], return_exceptions=True)
        else:
            outcomes = await asyncio.gather(*[self._send_run(*run) for run in await self._runs(sendings)], return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome

    async def _renew(self) -> None:
        """Go on with a new client, under a new producer id, where the old one's sequence has a gap: brokers take nothing behind it.

        The old one ends first, so that nothing of it can come after what is sent again.
        """
        if not self._gap:
            return
        old = self._producer
        async with self._renewing:
            if self._producer is not old:
                return
            log.warning("publisher.renewed", client=self._client_id)
            await old.stop()
            producer = self._made()
            try:
                await producer.start()
            except BaseException:
                await producer.stop()
                raise
            self._producer, self._gap = producer, False

    async def _runs(self, sendings: Sequence[Sending]) -> list[tuple[str, int, list[Sending]]]:
        """Records by topic on the broker and partition, in their order."""
        runs: dict[tuple[str, int], list[Sending]] = {}
        for number, sending in enumerate(sendings):
            partition = sending.partition
            if partition is None:
                partition = partition_of(sending.key, await self.partitions(sending.topic))
            runs.setdefault((sending.topic, partition), []).append(sending)
            if number % TURN == TURN - 1:
                await asyncio.sleep(0)
        return [(self._settings.topic(topic), partition, run) for (topic, partition), run in runs.items()]

    async def _send_run(self, topic: str, partition: int, run: Sequence[Sending]) -> None:
        """Write records to one partition in the client's own batches: a future for each record costs more than all the rest."""
        acknowledged: list[asyncio.Future[RecordMetadata]] = []
        batch = self._producer.create_batch()
        for sending in run:
            if batch.append(key=sending.key, value=sending.value, timestamp=None) is None:
                acknowledged.append(await self._producer.send_batch(batch, topic, partition=partition))
                batch = self._producer.create_batch()
                batch.append(key=sending.key, value=sending.value, timestamp=None)
        batch.close()
        acknowledged.append(await self._producer.send_batch(batch, topic, partition=partition))
        for future in acknowledged:
            future.add_done_callback(self._note)
        for outcome in await asyncio.gather(*acknowledged, return_exceptions=True):
            if isinstance(outcome, BaseException):
                raise outcome
