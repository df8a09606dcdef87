"""One feed, asked again and again: what is new in it goes onto the topics, and only then is remembered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from importlib.metadata import version

import aiohttp
from aiokafka.errors import KafkaError

from schemas import DeadLetter, FeedState, Via
from schemas.topics import ARTICLES as ARTICLES_TOPIC
from schemas.topics import DEAD_LETTERS, FEEDS
from services.runtime.guard import guarded_session
from services.runtime.logs import logger
from services.runtime.metrics import ARTICLES, DEAD, FEED_AGE, FEED_POLLS
from services.runtime.publisher import Publisher
from services.stage import Output

from .feeds_file import FeedSpec
from .fetching import Fetched, FetchFailed, fetch
from .news import News, letter_of, read_news
from .pacing import pause, shift, wish_of
from .xml_entries import Broken, NotAFeed

log = logger(__name__)

MAX_BODY = 5 * 1024 * 1024
"""Bytes of a feed: a thousand long articles."""

FETCH_TIMEOUT = 30.0
"""Seconds for one document with all its redirects."""

SEND_AT_ONCE = 100
"""Records that are sent before their acknowledgement is waited for."""

BROKERS_AWAY_PAUSE = timedelta(seconds=5)
"""Until a feed is asked again whose articles the brokers did not take."""

HEADERS = {
    "User-Agent": f"tallywire/{version('tallywire')}",
    "Accept": "application/atom+xml, application/rss+xml, application/xml;q=0.9, */*;q=0.1",
}

Clock = Callable[[], datetime]
Turn = Callable[[str], AbstractAsyncContextManager[object]]
"""Address -> a block in which its host may be asked."""


class Polling:
    """The polls of one feed; `state` is what is known of it, and is on the topic."""

    def __init__(self, spec: FeedSpec, state: FeedState | None, publisher: Publisher, clock: Clock, turn: Turn) -> None:
        self.spec = spec
        self.state = state
        self.busy = False
        """Whether a poll is under way."""
        self._publisher = publisher
        self._clock = clock
        self._turn = turn

    async def run(self, leaving: asyncio.Event) -> None:
        """Poll until told to leave; a poll under way is finished first."""
        FEED_AGE.labels(self.spec.id).set(self._clock().timestamp())  # from here on: a feed that can never be read must be noticed, too
        async with self.session() as session:
            wait = self._first_wait()
            while not leaving.is_set():
                await asyncio.sleep(wait.total_seconds())
                self.busy = True
                wait = await self.poll(session)
                self.busy = False

    def session(self) -> aiohttp.ClientSession:
        """A client that reaches what this feed may be fetched from, and nothing inside beyond it."""
        return guarded_session(f"feed:{self.spec.id}", allow=self.spec.allow_networks, timeout=FETCH_TIMEOUT, headers=HEADERS)

    def _first_wait(self) -> timedelta:
        """What is left of the pause after the last poll that is known of."""
        spread = shift(self.spec.id, self.spec.every)
        if self.state is None:
            return spread
        usual = pause(self.spec.id, self.spec.every, self.state.failures)
        return min(max(self.state.polled_at + usual - self._clock(), timedelta(0)), usual)

    async def poll(self, session: aiohttp.ClientSession) -> timedelta:
        """Ask once, tell what is new, remember it; how long to wait before the next time."""
        now = self._clock()
        wish: timedelta | None = None
        try:
            outcome = await self._ask(session, now)
        except KafkaError as error:
            log.warning("feed.not_sent", feed=self.spec.id, error=f"{type(error).__name__}: {error}")
            FEED_POLLS.labels(self.spec.id, "not_sent").inc()
            return BROKERS_AWAY_PAUSE
        except FetchFailed as error:
            wish = wish_of(error.retry_after, now)
            outcome = await self._failed(error.outcome, str(error), now)
        except Exception as error:  # a feed that is wrong in a way nobody thought of must not end the others
            log.exception("feed.failed", feed=self.spec.id)
            outcome = await self._failed("failed", type(error).__name__, now)
        FEED_POLLS.labels(self.spec.id, outcome).inc()
        return pause(self.spec.id, self.spec.every, self.state.failures if self.state else 0, wish)

    async def _ask(self, session: aiohttp.ClientSession, now: datetime) -> str:
        """Fetch, read, tell, remember; what came of it, as a word for metrics."""
        seen = self.state.seen if self.state else {}
        async with self._turn(self.spec.url):
            fetched = await fetch(session, self.spec.url, MAX_BODY, self._conditions())
            if fetched.body is None:
                await self._remember(now, seen, fetched)
                return "unchanged"
            try:
                news = await asyncio.to_thread(
                    read_news, self.spec, seen, fetched.body, address=fetched.url, charset=fetched.charset, now=now
                )
            except NotAFeed as error:
                if self.state is None or not self.state.failures:
                    await self._bury([letter_of(self.spec, Broken(str(error), fetched.body), now)])
                return await self._failed("not_a_feed", str(error), now)
        await self._send([Output(ARTICLES_TOPIC, article.id, article) for article in news.articles])
        await self._bury(news.letters)
        await self._remember(now, news.seen, fetched)
        self._count(news)
        return "read"

    def _conditions(self) -> dict[str, str]:
        if self.state is None:
            return {}
        given = {"If-None-Match": self.state.etag, "If-Modified-Since": self.state.last_modified}
        return {name: value for name, value in given.items() if value}

    async def _bury(self, letters: Sequence[DeadLetter]) -> None:
        await self._send([Output(DEAD_LETTERS, self.spec.id, letter) for letter in letters])
        for letter in letters:
            DEAD.labels("collect", letter.cause).inc()
            ARTICLES.labels(Via.FEED, "refused").inc()
            log.warning("feed.refused", feed=self.spec.id, letter=letter.id, detail=letter.detail)

    def _count(self, news: News) -> None:
        ARTICLES.labels(Via.FEED, "published").inc(len(news.articles))
        ARTICLES.labels(Via.FEED, "known").inc(news.known)
        if news.beyond:
            log.warning("feed.too_long", feed=self.spec.id, not_read=news.beyond)
        log.info("feed.polled", feed=self.spec.id, new=len(news.articles), known=news.known, refused=len(news.letters))

    async def _send(self, outputs: Sequence[Output]) -> None:
        for at in range(0, len(outputs), SEND_AT_ONCE):
            await self._publisher.send(outputs[at : at + SEND_AT_ONCE])

    async def _failed(self, outcome: str, detail: str, now: datetime) -> str:
        state = self.state or FeedState(feed=self.spec.id, polled_at=now)
        log.warning("feed.not_read", feed=self.spec.id, outcome=outcome, detail=detail, failures=state.failures + 1)
        await self._write(state.model_copy(update={"polled_at": now, "failures": state.failures + 1}))
        return outcome

    async def _remember(self, now: datetime, seen: dict[str, str], fetched: Fetched) -> None:
        """Write the state where it has changed in more than the time of the poll."""
        FEED_AGE.labels(self.spec.id).set(now.timestamp())
        state = FeedState(feed=self.spec.id, etag=fetched.etag, last_modified=fetched.last_modified, polled_at=now, seen=seen)
        if self.state is None or state != self.state.model_copy(update={"polled_at": now}):
            await self._write(state)
        else:
            self.state = state

    async def _write(self, state: FeedState) -> None:
        try:
            await self._publisher.send([Output(FEEDS, self.spec.id, state)])
        except KafkaError as error:
            log.warning("feed.state_not_sent", feed=self.spec.id, error=f"{type(error).__name__}: {error}")
        self.state = state
