"""Which collector polls which feed: whoever owns the feed's partition, so that each is asked by one, and by another when that one dies."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import KafkaError

from schemas import FeedState, partition_of
from schemas.topics import FEEDS
from services.runtime.guard import objection_to_url
from services.runtime.logs import logger
from services.runtime.publisher import Publisher
from services.runtime.reader import read_all
from services.runtime.security import connection, denied
from services.runtime.settings import Settings
from services.stage import Stop

from .feeds_file import FeedsFileError, FeedSpec, read_feeds
from .polling import Clock, Polling

log = logger(__name__)

AT_ONCE = 8
"""Documents that are fetched at the same time."""

BEAT = 1.0
"""Seconds between two looks at the group; the client's own thread of control sends its heartbeats."""

RETRY_EVERY = 1.0
"""Seconds between two attempts to take part, or to read what is known."""

DEAF_AFTER = 60.0
"""Seconds without a look after which this cannot move."""


class Poller(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka ships no types
    """Polls the feeds of the file in the partitions that this process owns; `run` until `stop`."""

    def __init__(self, settings: Settings, publisher: Publisher, clock: Clock) -> None:
        self._settings = settings
        self._publisher = publisher
        self._clock = clock
        self._stopping = asyncio.Event()
        self._assigned: set[int] | None = None
        self._changed = asyncio.Event()
        self._leaving = asyncio.Event()
        self._tasks: dict[asyncio.Task[None], Polling] = {}
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._hosts: dict[str, asyncio.Lock] = {}
        self._waiting = True
        self._beat = 0.0

    async def run(self) -> None:
        """Poll until stopped; without a file of feeds there is nothing to do.

        Raises:
            Stop: the file of feeds, or a feed in it, cannot be used.

        """
        feeds = self._feeds()
        if not feeds:
            self._waiting = False
            await self._stopping.wait()
            return
        work = asyncio.create_task(self._work(feeds))
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait([work, stopping], return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            work.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await work

    async def stop(self) -> None:
        """Finish the polls under way, then end `run`."""
        await self._leave()
        self._stopping.set()

    @property
    def polled(self) -> set[str]:
        """Ids of the feeds that this process polls now."""
        return {polling.spec.id for polling in self._tasks.values()}

    def not_ready(self) -> str | None:
        """Why no feed is polled yet."""
        return "feeds are not shared out yet" if self._waiting else None

    def not_alive(self) -> str | None:
        """Why no feed can be polled any more."""
        silence = asyncio.get_running_loop().time() - self._beat if self._beat else 0.0
        return f"the feeds' group has not been looked at for {silence:.0f} s" if silence > DEAF_AFTER else None

    def _feeds(self) -> list[FeedSpec]:
        if self._settings.feeds_file is None:
            return []
        try:
            feeds = read_feeds(self._settings.feeds_file)
        except FeedsFileError as error:
            raise Stop(str(error)) from error
        for feed in feeds:
            objection = objection_to_url(feed.url, allow_http=True)
            if objection is not None:
                raise Stop(f"{self._settings.feeds_file}: the address of the feed {feed.id} {objection}")
        return feeds

    async def _work(self, feeds: Sequence[FeedSpec]) -> None:
        """Take part in the group for as long as there are brokers, and poll what falls to us."""
        while True:
            try:
                await self._take_part(feeds)
            except KafkaError as error:
                if (reason := denied(self._settings, error)) is not None:
                    raise Stop(reason) from error
                log.warning("feeds.group_failed", brokers=self._settings.brokers, error=f"{type(error).__name__}: {error}")
                self._beat = 0.0  # to wait for absent brokers is not to be stuck
                await asyncio.sleep(RETRY_EVERY)

    async def _take_part(self, feeds: Sequence[FeedSpec]) -> None:
        """Be a member until the client says that it cannot be one any more."""
        async with self._member() as consumer:
            sharing = asyncio.create_task(self._share(feeds))
            try:
                while not sharing.done():
                    self._beat = asyncio.get_running_loop().time()
                    # The records themselves are our own, or were read when partitions came.
                    await consumer.getmany(timeout_ms=int(BEAT * 1000))
                    for ended in [task for task in self._tasks if task.done() and not task.cancelled()]:
                        ended.result()  # a feed that nobody polls any more must not pass for a quiet one
                sharing.result()
            finally:
                sharing.cancel()
                await self._leave()

    @asynccontextmanager
    async def _member(self) -> AsyncIterator[AIOKafkaConsumer]:
        consumer = AIOKafkaConsumer(
            **connection(self._settings),
            group_id=self._settings.group("collect"),
            enable_auto_commit=False,
            auto_offset_reset="latest",
            session_timeout_ms=int(self._settings.session_timeout * 1000),
            heartbeat_interval_ms=int(self._settings.session_timeout * 1000 / 4),
        )
        consumer.subscribe([self._settings.topic(FEEDS.name)], listener=self)
        try:
            await consumer.start()
            yield consumer
        finally:
            await consumer.stop()

    async def on_partitions_revoked(self, _revoked: Iterable[TopicPartition]) -> None:
        """Finish the polls under way before another takes over."""
        self._assigned = None
        await self._leave()

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Note what is ours; what is known of these feeds is read outside the rebalance."""
        self._assigned = {each.partition for each in assigned}
        self._changed.set()

    async def _share(self, feeds: Sequence[FeedSpec]) -> None:
        """Start the polls of what is ours, each time that it changes."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            await self._leave()
            try:
                await self._start(feeds)
            except KafkaError as error:
                log.warning("feeds.states_not_read", error=f"{type(error).__name__}: {error}")
                await asyncio.sleep(RETRY_EVERY)
                self._changed.set()

    async def _start(self, feeds: Sequence[FeedSpec]) -> None:
        assigned = self._assigned
        if assigned is None:
            return
        partitions = await self._publisher.partitions(FEEDS.name)
        ours = [feed for feed in feeds if partition_of(feed.id, partitions) in assigned]
        states = await self._states() if ours else {}
        if self._assigned is not assigned:
            return  # taken away, or changed, while the states were read: the next round does it
        self._leaving = asyncio.Event()
        for feed in ours:
            polling = Polling(feed, states.get(feed.id), self._publisher, self._clock, self._turn)
            self._tasks[asyncio.create_task(polling.run(self._leaving))] = polling
        self._waiting = False
        log.info("feeds.assigned", feeds=[feed.id for feed in ours], partitions=sorted(assigned))

    async def _states(self) -> dict[str, FeedState]:
        """What is known of all feeds; a state that cannot be read is as if it were not there."""
        states = {}
        for record in await read_all(self._settings, FEEDS):
            try:
                state = FeedState.from_bytes(record.value or b"")
            except ValueError as error:
                log.warning("feeds.state_unreadable", partition=record.partition, offset=record.offset, error=type(error).__name__)
            else:
                states[state.feed] = state
        return states

    async def _leave(self) -> None:
        """End all polls: those that wait at once, those under way when they are done, or when time is up."""
        self._leaving.set()
        tasks, self._tasks = self._tasks, {}
        for task, polling in tasks.items():
            if not polling.busy:
                task.cancel()
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=self._settings.stop_timeout / 2)
        for task in late:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @asynccontextmanager
    async def _turn(self, url: str) -> AsyncIterator[None]:
        """One request at a time for each host, and so many in all."""
        async with self._hosts.setdefault(urlsplit(url).netloc.lower(), asyncio.Lock()), self._slots:
            yield
