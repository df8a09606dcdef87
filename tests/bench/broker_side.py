"""What the bench does at the broker: topics for one run, how far it is, and what was written in the end."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator

from confluent_kafka import Consumer, ConsumerGroupTopicPartitions, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from schemas import TOPICS
from schemas.topics import ARTICLES, EVENTS
from services.runtime.settings import Settings

from .load import number_of
from .outcome import Written

PARTITIONS = 4
"""Of the two topics; the others, which only have to be there, get one."""

LOOK_EVERY = 0.05
"""Seconds between two looks at a topic's end: one hundredth of a measurement."""

ANSWER = 15.0
"""Seconds that the broker may take for one answer."""


class BrokerSide:
    """The topics of one run, by the names that settings give them."""

    def __init__(self, brokers: str, prefix: str) -> None:
        self._settings = Settings(brokers=brokers, prefix=prefix)
        self._admin = AdminClient({"bootstrap.servers": brokers})
        self._reader = Consumer(
            {"bootstrap.servers": brokers, "group.id": f"{prefix}look", "enable.auto.commit": False, "enable.partition.eof": True}
        )
        self.source = self._settings.topic(ARTICLES.name)
        self.target = self._settings.topic(EVENTS.name)

    @contextlib.contextmanager
    def topics(self) -> Iterator[None]:
        """Make them, with the broker's own time on each record, and remove them in the end."""
        wide = (ARTICLES.name, EVENTS.name)
        new = [
            NewTopic(
                self._settings.topic(topic.name),
                PARTITIONS if topic.name in wide else 1,
                config={"message.timestamp.type": "LogAppendTime", "max.message.bytes": str(4 * 1024 * 1024)},
            )
            for topic in TOPICS
        ]
        for made in self._admin.create_topics(new, request_timeout=ANSWER).values():
            made.result(ANSWER)
        try:
            yield
        finally:
            self._reader.close()
            for removed in self._admin.delete_topics([topic.topic for topic in new], request_timeout=ANSWER).values():
                removed.result(ANSWER)

    def ends(self, topic: str) -> list[int]:
        """The offset behind the last record of each partition."""
        return [self._end(TopicPartition(topic, number)) for number in range(PARTITIONS)]

    def _end(self, partition: TopicPartition) -> int:
        deadline = time.monotonic() + ANSWER
        while True:
            try:
                return int(self._reader.get_watermark_offsets(partition, timeout=ANSWER)[1])
            except KafkaException:  # a new topic's leaders are known a moment later
                if time.monotonic() > deadline:
                    raise
                time.sleep(LOOK_EVERY)

    def written(self) -> int:
        """How many readings there are."""
        return sum(self.ends(self.target))

    def behind(self) -> int:
        """Articles that are not committed yet."""
        asked = [
            ConsumerGroupTopicPartitions(
                self._settings.group("bench"), [TopicPartition(self.source, number) for number in range(PARTITIONS)]
            )
        ]
        try:
            (answer,) = self._admin.list_consumer_group_offsets(asked, request_timeout=ANSWER).values()
            committed = sum(max(0, partition.offset) for partition in answer.result(ANSWER).topic_partitions)
        except KafkaException:  # the group is not there yet
            committed = 0
        return sum(self.ends(self.source)) - int(committed)

    def await_true(self, condition: Callable[[], bool], patience: float) -> bool:
        """Whether a condition came to hold within so many seconds."""
        deadline = time.monotonic() + patience
        while not condition():
            if time.monotonic() > deadline:
                return False
            time.sleep(LOOK_EVERY)
        return True

    def records(self, topic: str) -> Iterator[Written]:
        """All that is in one of the two topics."""
        self._reader.assign([TopicPartition(topic, number, 0) for number in range(PARTITIONS)])
        left = PARTITIONS
        while left:
            for message in self._reader.consume(10_000, 1.0):
                if message.error():  # the end of a partition, the only one that is asked for
                    left -= 1
                else:
                    yield Written(number_of(message.key() or b""), message.timestamp()[1] / 1000)
        self._reader.unassign()
