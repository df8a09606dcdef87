"""Stock Faust as its guide shows it, an agent that sends for each event: it acknowledges what was handed over, not what was delivered."""

from __future__ import annotations

from typing import Any

import faust
from faust.types import StreamT

from .task import COMMIT_EVERY, LINGER_MS, SESSION_TIMEOUT_MS, Task, perform

MAX_BATCH_SIZE = 256 * 1024
"""Bytes of a batch: what our publisher takes."""


def run(task: Task) -> None:
    """Work until SIGTERM, which Faust's worker watches for itself."""
    app = faust.App(
        task.group,
        broker=f"kafka://{task.brokers}",
        broker_commit_interval=COMMIT_EVERY,
        broker_session_timeout=SESSION_TIMEOUT_MS / 1000,
        producer_linger=LINGER_MS / 1000,
        producer_max_batch_size=MAX_BATCH_SIZE,
        consumer_auto_offset_reset="earliest",
        topic_allow_declare=False,
        topic_disable_leader=True,
        table_standby_replicas=0,
        web_enabled=False,
        datadir=str(task.folder),
    )
    source = app.topic(task.source, key_serializer="raw", value_serializer="raw")
    target = app.topic(task.target, key_serializer="raw", value_serializer="raw")

    async def read(stream: StreamT[Any]) -> None:
        async for event in stream.events():
            await target.send(key=event.message.key, value=task.read(event.message.value).to_bytes())  # type: ignore[unused-awaitable]  # as the guide does: nobody waits for the broker

    app.agent(source, name="read")(read)
    faust.Worker(app, loglevel="WARNING", redirect_stdouts=False).execute_from_commandline()


if __name__ == "__main__":
    perform(run)
