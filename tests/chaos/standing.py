"""How an installation stands: what its groups have committed while it runs, and at the end all that a checker wants to know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import TracebackType
from typing import Self

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment
from aiokafka.errors import KafkaError

from schemas import Alert, Claim, DeadLetter, Indicator, Reading, Topic, read_book_record
from schemas.topics import ALERTS, BY_NAME, CLAIMS, DEAD_LETTERS, EVENTS, INDICATORS
from services.runtime.settings import Settings
from services.stage import Record
from tests.support.installation import GROUPS, Installation, comparable

from .history import Committed, Entry, Figure, History, Input, Letter, Offsets, Output, digest
from .reference import APART, PARTITIONS

ASK_WITHIN = 5_000
"""Milliseconds that a broker may take to answer what the play asks of it: it asks again anyway."""

Place = tuple[str, str, int]
"""Group, topic, partition; without the installation's prefix."""


class Progress:
    """What groups have committed, asked again and again; brokers that are away are asked later."""

    def __init__(self, settings: Settings, history: History) -> None:
        self._settings = settings
        self._history = history
        self._admin: AIOKafkaAdminClient | None = None
        self.committed: dict[Place, int] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._drop()

    async def look(self) -> bool:
        """Ask once, and write down what has changed; False where the brokers did not answer."""
        try:
            if self._admin is None:
                admin = AIOKafkaAdminClient(bootstrap_servers=self._settings.brokers, request_timeout_ms=ASK_WITHIN)
                try:
                    await admin.start()
                except KafkaError:
                    await admin.close()
                    raise
                self._admin = admin
            for group, topics in GROUPS.items():
                self._note(group, await _committed(self._admin, self._settings, group, topics))
        except (KafkaError, OSError):
            await self._drop()
            return False
        return True

    def _note(self, group: str, found: Mapping[tuple[str, int], int]) -> None:
        for (topic, partition), offset in found.items():
            if offset >= 0 and self.committed.get((group, topic, partition)) != offset:
                self.committed[group, topic, partition] = offset
                self._history.write(Committed(group=group, topic=topic, partition=partition, offset=offset))

    def of(self, group: str, topic: Topic) -> int:
        """How many records of a topic a group has committed."""
        return sum(offset for (name, of, _), offset in self.committed.items() if (name, of) == (group, topic.name))

    async def lags(self) -> list[Offsets] | None:
        """Committed and end offsets of every group and partition; None where the brokers did not answer."""
        if not await self.look():
            return None
        consumer = AIOKafkaConsumer(bootstrap_servers=self._settings.brokers, request_timeout_ms=ASK_WITHIN)
        try:
            await consumer.start()
            names = {self._settings.topic(topic.name): topic.name for topics in GROUPS.values() for topic in topics}
            ends = await consumer.end_offsets([TopicPartition(name, number) for name in names for number in range(PARTITIONS)])
        except (KafkaError, OSError):
            return None
        finally:
            await consumer.stop()
        end = {(names[tp.topic], tp.partition): offset for tp, offset in ends.items()}
        return [
            Offsets(
                group=group,
                topic=topic.name,
                partition=number,
                committed=self.committed.get((group, topic.name, number)),
                end=end[topic.name, number],
            )
            for group, topics in GROUPS.items()
            for topic in topics
            for number in range(PARTITIONS)
        ]

    async def _drop(self) -> None:
        if self._admin is not None:
            await self._admin.close()
            self._admin = None


async def members(settings: Settings, group: str) -> int | None:
    """How many members of a group hold partitions; None while it shares them out anew, or the brokers do not say."""
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.brokers, request_timeout_ms=ASK_WITHIN)
    try:
        await admin.start()
        described = await admin.describe_consumer_groups([settings.group(group)])
    except (KafkaError, OSError):
        return None
    finally:
        await admin.close()
    _, _, state, _, _, found, *_ = described[0].groups[0]
    shared = [ConsumerProtocolMemberAssignment.decode(assignment) for *_, assignment in found if assignment]
    return sum(bool(one.assignment) for one in shared) if state == "Stable" else None


async def _committed(admin: AIOKafkaAdminClient, settings: Settings, group: str, topics: Iterable[Topic]) -> dict[tuple[str, int], int]:
    partitions = {TopicPartition(settings.topic(topic.name), number): topic.name for topic in topics for number in range(PARTITIONS)}
    found = await admin.list_consumer_group_offsets(settings.group(group), partitions=list(partitions))
    return {(partitions[tp], tp.partition): known.offset for tp, known in found.items()}


async def stands(installation: Installation, sent_to: Iterable[str]) -> list[Entry]:
    """All that stands on the topics: input, outputs, dead letters, final figures."""
    entries: list[Entry] = []
    for name in sorted(set(sent_to)):
        entries += [
            Input(topic=name, partition=record.partition, offset=record.offset, digest=digest(record.value))
            for record in await installation.records(BY_NAME[name])
        ]
    for topic in (EVENTS, CLAIMS, ALERTS):
        entries += _outputs(await installation.records(topic))
    for record in await installation.records(DEAD_LETTERS):
        letter = DeadLetter.from_bytes(record.value or b"")
        entries.append(Letter(topic=letter.topic, partition=letter.partition, offset=letter.offset, cause=letter.cause))
    for record in await installation.records(INDICATORS, latest=True):
        try:
            indicator = Indicator.from_bytes(record.value or b"")
        except ValueError:
            continue  # a test's poison
        entries.append(Figure(source="found", key=(record.key or b"").decode(), figure=comparable(indicator, *APART)))
    return entries


def _outputs(records: Iterable[Record]) -> Iterator[Output]:
    for record in records:
        named = _named(record)
        if named is not None:
            name, article = named
            yield Output(
                topic=record.topic, partition=record.partition, offset=record.offset, id=name, digest=digest(record.value), article=article
            )


def _named(record: Record) -> tuple[str, str | None] | None:
    """The id of what a service wrote, and the article of a reading; None for what a test or the passing of time has put there."""
    value = record.value or b""
    try:
        if record.topic == EVENTS.name:
            reading = Reading.from_bytes(value)
            revision = reading.article.revision
            return f"{reading.article.id} {revision.model_dump_json()} {reading.extractor.version}", reading.article.id
        if record.topic == ALERTS.name:
            return Alert.from_bytes(value).id, None
        said = read_book_record(value)
    except ValueError:
        return None
    return (f"{said.id} {said.batch.id} {'withdrawn' if said.withdrawn else 'said'}", None) if isinstance(said, Claim) else None
