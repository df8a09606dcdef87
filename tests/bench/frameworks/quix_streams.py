"""Quix Streams in its default mode: at least once, by checkpoints that verify every delivery before they commit."""

from __future__ import annotations

from quixstreams import Application

from .task import COMMIT_EVERY, CONSUMER, PRODUCER, Task, perform


def run(task: Task) -> None:
    """Work until SIGTERM, which Quix Streams watches for itself."""
    app = Application(
        broker_address=task.brokers,
        consumer_group=task.group,
        auto_offset_reset="earliest",
        commit_interval=COMMIT_EVERY,
        processing_guarantee="at-least-once",
        consumer_extra_config={"session.timeout.ms": CONSUMER["session.timeout.ms"]},
        producer_extra_config=dict(PRODUCER),
        state_dir=task.folder,
        auto_create_topics=False,
        use_changelog_topics=False,
        loglevel="WARNING",
    )
    source = app.topic(task.source, key_deserializer="bytes", value_deserializer="bytes")
    target = app.topic(task.target, key_serializer="bytes", value_serializer="bytes")
    app.dataframe(source).apply(lambda value: task.read(value).to_bytes()).to_topic(target)
    app.run()


if __name__ == "__main__":
    perform(run)
