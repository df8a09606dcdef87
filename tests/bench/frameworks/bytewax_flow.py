"""Bytewax with a recovery store, its way to at-least-once: it keeps offsets there, and commits none to Kafka."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bytewax import operators
from bytewax.connectors.kafka import KafkaSinkMessage
from bytewax.connectors.kafka import operators as kafka
from bytewax.dataflow import Dataflow
from bytewax.recovery import RecoveryConfig, init_db_dir
from bytewax.run import cli_main

from .task import BATCH, COMMIT_EVERY, PRODUCER, Task, perform


def run(task: Task) -> None:
    """Work until SIGTERM, which ends it at once: what it has not snapshot, it would do again."""

    def handle(message: Any) -> KafkaSinkMessage[bytes, bytes]:
        return KafkaSinkMessage(key=message.key, value=task.read(message.value).to_bytes())

    flow = Dataflow("bench")
    articles = kafka.input("articles", flow, brokers=[task.brokers], topics=[task.source], batch_size=BATCH)
    kafka.output(
        "readings",
        operators.map("handle", articles.oks, handle),
        brokers=[task.brokers],
        topic=task.target,
        add_config={name: str(value) for name, value in PRODUCER.items()},
    )
    init_db_dir(task.folder, 1)
    cli_main(flow, epoch_interval=timedelta(seconds=COMMIT_EVERY), recovery_config=RecoveryConfig(task.folder))


if __name__ == "__main__":
    perform(run)
