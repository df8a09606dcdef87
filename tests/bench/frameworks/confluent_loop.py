"""Bare confluent-kafka: consume in batches, produce, and at each commit flush first."""

from __future__ import annotations

import signal
import time

from confluent_kafka import Consumer, KafkaError, Message, Producer

from .task import BATCH, COMMIT_EVERY, CONSUMER, PRODUCER, Task, perform

WAIT = 0.01
"""Seconds in which a batch is gathered: `consume` waits for all of it, and latency grows with it."""


def run(task: Task) -> None:
    """Work until SIGTERM."""
    told: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: told.append(number))
    consumer = Consumer({**CONSUMER, "bootstrap.servers": task.brokers, "group.id": task.group})
    producer = Producer({**PRODUCER, "bootstrap.servers": task.brokers})
    consumer.subscribe([task.source])
    handled, due = 0, time.monotonic() + COMMIT_EVERY
    while not told:
        for message in consumer.consume(BATCH, WAIT):
            if message.error():
                raise RuntimeError(str(message.error()))
            _send(producer, task.target, message.key() or b"", task.read(message.value() or b"").to_bytes())
            handled += 1
        producer.poll(0)
        if handled and time.monotonic() >= due:
            _commit(consumer, producer)
            handled, due = 0, time.monotonic() + COMMIT_EVERY
    if handled:
        _commit(consumer, producer)
    consumer.close()


def _send(producer: Producer, topic: str, key: bytes, value: bytes) -> None:
    while True:
        try:
            producer.produce(topic, key=key, value=value, on_delivery=_delivered)
        except BufferError:  # its queue is full: let it deliver
            producer.poll(0.1)
        else:
            return


def _delivered(error: KafkaError | None, _: Message) -> None:
    if error is not None:
        raise RuntimeError(str(error))


def _commit(consumer: Consumer, producer: Producer) -> None:
    """Everything handled is delivered first; a delivery that failed has raised."""
    if producer.flush(30):
        raise RuntimeError("not everything was delivered within 30 s")
    consumer.commit(asynchronous=False)


if __name__ == "__main__":
    perform(run)
