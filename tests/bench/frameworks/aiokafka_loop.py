"""Bare aiokafka: getmany, send, and at each commit wait for what was sent."""

from __future__ import annotations

import asyncio
import signal
import time

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from .task import BATCH, COMMIT_EVERY, LINGER_MS, SESSION_TIMEOUT_MS, Task, perform

MAX_BATCH_SIZE = 256 * 1024
"""Bytes of a batch: what our publisher takes; aiokafka's 16 KiB would be full after 30 readings."""


def run(task: Task) -> None:
    """Work until SIGTERM."""
    asyncio.run(_run(task))


async def _run(task: Task) -> None:
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    consumer = AIOKafkaConsumer(
        task.source,
        bootstrap_servers=task.brokers,
        group_id=task.group,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        session_timeout_ms=SESSION_TIMEOUT_MS,
    )
    producer = AIOKafkaProducer(
        bootstrap_servers=task.brokers, acks="all", enable_idempotence=True, linger_ms=LINGER_MS, max_batch_size=MAX_BATCH_SIZE
    )
    async with consumer, producer:
        sent: list[asyncio.Future[object]] = []
        due = time.monotonic() + COMMIT_EVERY
        while not told.is_set():
            for messages in (await consumer.getmany(timeout_ms=100, max_records=BATCH)).values():
                for message in messages:
                    sent.append(await producer.send(task.target, task.read(message.value).to_bytes(), message.key))  # noqa: PERF401  # reads as the loop that it is
            if sent and time.monotonic() >= due:
                await _commit(consumer, sent)
                sent, due = [], time.monotonic() + COMMIT_EVERY
        if sent:
            await _commit(consumer, sent)


async def _commit(consumer: AIOKafkaConsumer, sent: list[asyncio.Future[object]]) -> None:
    """Everything handled is delivered first."""
    await asyncio.gather(*sent)
    await consumer.commit()


if __name__ == "__main__":
    perform(run)
