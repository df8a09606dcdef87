"""Asks the brokers by a client of its own, so that "they are away" and "we hang" are told apart.

Nothing here needs the stream's consumer, its thread, or a free place among the threads that checkpoints are written in.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Collection, Mapping, Sequence
from typing import Any

from confluent_kafka import KafkaException, TopicCollection
from confluent_kafka.admin import AdminClient

from . import coordinators, leaders
from .logs import logger
from .security import librdkafka
from .settings import Settings
from .watchdog import Group, Partition

log = logger(__name__)

ANSWER_WITHIN = 4.0
"""Seconds in which brokers answer, or count as away."""


class Bystander:
    """What the brokers say to somebody who takes no part; None wherever they do not answer."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client: AdminClient | None = None

    @property
    def _admin(self) -> AdminClient:
        if self._client is None:
            self._client = AdminClient({**librdkafka(self._settings), "socket.timeout.ms": int(ANSWER_WITHIN * 1000)})
        return self._client

    async def _answers(self, questions: Mapping[Any, Awaitable[Any]]) -> dict[Any, Any]:
        """The answers that come in time; what is said instead of one is logged once.

        After that another client asks the next time: librdkafka may go by what it knew before an outage.
        """
        answers, instead = await _ask(questions)
        if instead is not None:
            log.warning("brokers.silent", error=instead)
            _let_go([self._client])
            self._client = None
        return answers

    async def ends(self, partitions: Collection[Partition]) -> Mapping[Partition, int] | None:
        """The offset behind the last record of each partition, without those whose leader does not answer."""
        return await leaders.ends(self._settings, partitions)

    async def group(self, name: str) -> Group | None:
        """Who holds what in a consumer group; None also from brokers that cannot say (the embedded one)."""
        return await coordinators.group(self._settings, name)

    async def committed(self, group: str, topics: Sequence[str]) -> int | None:
        """How many records of topics a group has finished, by the offsets that it has committed."""
        partitions = await self._numbers(topics)
        found = await coordinators.committed(self._settings, group, partitions) if partitions else None
        return None if found is None else sum(found.values())

    async def written(self, topic: str) -> int | None:
        """How many records were ever written to a topic."""
        partitions = await self._numbers([topic])
        ends = await self.ends(partitions) if partitions else None
        return sum(ends.values()) if ends is not None and len(ends) == len(partitions) else None

    async def _numbers(self, topics: Sequence[str]) -> list[Partition]:
        """Partitions of topics, in the way that the embedded broker answers as well; none while there is no answer."""
        try:
            known = (await asyncio.to_thread(self._admin.list_topics, timeout=ANSWER_WITHIN)).topics
        except KafkaException as error:
            log.warning("brokers.silent", error=str(error.args[0]))
            return []
        names = {self._settings.topic(topic): topic for topic in topics}
        return [(topic, number) for name, topic in names.items() if name in known for number in known[name].partitions]

    async def partitions(self, topics: Sequence[str]) -> frozenset[Partition] | None:
        """Every partition of topics."""
        described = await self._topics(topics)
        return None if described is None else frozenset((topic, each.id) for topic, said in described.items() for each in said.partitions)

    async def ailing(self, topics: Sequence[str]) -> str | None:
        """What is wrong with the partitions of topics, so that brokers which answer may still refuse what is sent; None where all is well."""
        for topic, said in (await self._topics(topics) or {}).items():
            for each in said.partitions:
                if each.leader is None or len(each.isr) < len(each.replicas):
                    return f"{topic}[{each.id}] lacks {'a leader' if each.leader is None else 'replicas'}"
        return None

    async def _topics(self, topics: Sequence[str]) -> Mapping[str, Any] | None:
        names = {self._settings.topic(topic): topic for topic in topics}
        futures = self._admin.describe_topics(TopicCollection(list(names)), request_timeout=ANSWER_WITHIN)
        answers = await self._answers({names[name]: asyncio.wrap_future(future) for name, future in futures.items()})
        return answers if len(answers) == len(names) else None


async def _ask(questions: Mapping[Any, Awaitable[Any]]) -> tuple[dict[Any, Any], str | None]:
    asked = {key: asyncio.ensure_future(question) for key, question in questions.items()}
    if asked:
        await asyncio.wait(asked.values(), timeout=2 * ANSWER_WITHIN)
    answers: dict[Any, Any] = {}
    instead = None
    for key, future in asked.items():
        if not future.done():
            future.cancel()
            instead = "no answer"
        elif isinstance(error := future.exception(), KafkaException):
            instead = str(error.args[0])
        elif error is not None:
            raise error
        else:
            answers[key] = future.result()
    return answers, instead


def _let_go(last: list[AdminClient | None]) -> None:
    """Drop a client in a thread: that waits for what it has under way, and would hold the event loop."""
    threading.Thread(target=last.clear, name="bystander", daemon=True).start()
