"""One feed, poll by poll: what is told, what is remembered, and how long it is left alone."""

from __future__ import annotations

import base64
import contextlib
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network
from typing import Any

import pytest
from aiohttp import web
from aiokafka.errors import KafkaTimeoutError

from schemas import Article, DeadLetter, FeedState, Message
from services.collect.feeds_file import FeedSpec
from services.collect.polling import BROKERS_AWAY_PAUSE, Polling
from services.stage import Output

from .feed_server import FeedServer, item, rss

NOW = datetime(2024, 4, 8, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LOOPBACK = [IPv4Network("127.0.0.0/8")]


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with FeedServer() as server:
        yield server


class Topics:
    """A publisher that keeps what it is sent, or fails when told to."""

    def __init__(self) -> None:
        self.written: list[Message] = []
        self.fails: type[Message] | None = None

    async def send(self, outputs: Iterable[Output]) -> None:
        sent = [output.value for output in outputs if output.value is not None]
        if self.fails is not None and any(isinstance(message, self.fails) for message in sent):
            raise KafkaTimeoutError
        self.written.extend(sent)

    def of(self, kind: type[Any]) -> list[Any]:
        """The records of one kind."""
        return [message for message in self.written if isinstance(message, kind)]


class Feed:
    """A feed that is polled by hand, a minute apart."""

    def __init__(
        self,
        server: FeedServer,
        topics: Topics,
        state: FeedState | None = None,
        networks: Sequence[IPv4Network] = LOOPBACK,
        source: str = "",
    ) -> None:
        spec = FeedSpec(id="paper", url=f"{server.at}/feed", every=MINUTE, allow_networks=list(networks), source=source)
        self.now = NOW
        self.polling = Polling(spec, state, topics, lambda: self.now, lambda _url: contextlib.nullcontext())  # type: ignore[arg-type]  # as much of it as is used

    async def poll(self) -> timedelta:
        """Ask once; the pause that follows."""
        self.now += MINUTE
        async with self.polling.session() as session:
            return await self.polling.poll(session)

    @property
    def state(self) -> FeedState:
        """What is known of it now."""
        assert self.polling.state is not None
        return self.polling.state


async def test_entries_become_articles_once_and_broken_ones_dead_letters_once(server: FeedServer) -> None:
    bad = "<item><title>A link that is none</title><link>https://paper.example:99999/</link><description>Words.</description></item>"
    torn = "<item><title>Torn & open</title><link>https://paper.example/torn</link></item>"
    server.answers["/feed"] = rss([item(1), bad, torn, item(2, more="<source url='https://other.example/'>Other</source>")])
    feed = Feed(server, topics := Topics())
    for _ in range(3):
        await feed.poll()
    told = topics.of(Article)
    assert [(article.title, article.source, article.via) for article in told] == [
        ("Title 2", "Other", "feed"),
        ("Title 1", "A paper", "feed"),
    ]
    letters = topics.of(DeadLetter)
    assert [base64.b64decode(letter.original) for letter in letters] == [torn.encode(), bad.encode()]
    assert {(letter.cause, letter.service) for letter in letters} == {("refused", "collect")}
    assert all(letter.detail.startswith("feed paper: ") for letter in letters)


async def test_articles_are_written_before_what_is_remembered_of_them(server: FeedServer) -> None:
    server.answers["/feed"] = rss([item(1), item(2)])
    await Feed(server, topics := Topics()).poll()
    assert [type(message) for message in topics.written] == [Article, Article, FeedState]


async def test_what_the_brokers_do_not_take_is_asked_for_again(server: FeedServer) -> None:
    server.etag = '"one"'
    server.answers["/feed"] = rss([item(1)])
    feed = Feed(server, topics := Topics())
    topics.fails = Article
    assert await feed.poll() == BROKERS_AWAY_PAUSE
    topics.fails = None
    await feed.poll()
    assert "If-None-Match" not in server.asked[-1][1], "what was not taken must not count as seen"
    assert len(topics.of(Article)) == 1


async def test_a_state_that_is_lost_leads_to_the_same_ids_and_content_again(server: FeedServer) -> None:
    server.answers["/feed"] = rss([item(1), item(2)])
    topics = Topics()
    await Feed(server, topics).poll()
    await Feed(server, topics).poll()
    first, second = topics.of(Article)[:2], topics.of(Article)[2:]
    assert [(each.id, each.revision.content) for each in first] == [(each.id, each.revision.content) for each in second]


async def test_an_unchanged_feed_writes_nothing(server: FeedServer) -> None:
    server.etag = '"one"'
    server.answers["/feed"] = rss([item(1)])
    feed = Feed(server, topics := Topics())
    await feed.poll()
    before = len(topics.written)
    await feed.poll()
    assert server.asked[-1][1]["If-None-Match"] == '"one"'
    server.etag = None
    await feed.poll()
    await feed.poll()
    assert [type(message) for message in topics.written[before:]] == [FeedState], "only that there is no validator any more"


async def test_a_correction_is_a_newer_revision_of_the_same_article(server: FeedServer) -> None:
    feed = Feed(server, topics := Topics())
    server.answers["/feed"] = rss([item(1, "12 were killed.")])
    await feed.poll()
    more = "<atom:updated>2024-04-02T08:00:00Z</atom:updated><category>Correction</category>"
    server.answers["/feed"] = rss([item(1, "2 were killed.", more=more)])
    await feed.poll()
    before, after = topics.of(Article)
    assert before.id == after.id
    assert after.revision.newer_than(before.revision)
    assert (before.status, after.status) == ("published", "corrected")


async def test_an_article_that_is_taken_back_is_withdrawn(server: FeedServer) -> None:
    feed = Feed(server, topics := Topics())
    server.answers["/feed"] = rss([item(1, "12 were killed.")])
    await feed.poll()
    server.answers["/feed"] = rss([item(1, "", title="Withdrawn", more="<category>withdrawn</category>")])
    await feed.poll()
    before, after = topics.of(Article)
    assert (before.id, after.status) == (after.id, "withdrawn")
    assert after.revision.newer_than(before.revision)


async def test_two_outlets_with_one_text_are_two_articles(server: FeedServer) -> None:
    topics = Topics()
    server.answers["/feed"] = rss([item(1, "The same text.")], "A")
    await Feed(server, topics).poll()
    server.answers["/feed"] = rss([item(2, "The same text.")], "B")
    await Feed(server, topics, source="Named B").poll()
    first, second = topics.of(Article)
    assert first.id != second.id
    assert first.text == second.text
    assert (first.source, second.source) == ("A", "Named B")


async def test_a_date_that_is_wild_is_kept_in_words(server: FeedServer) -> None:
    server.answers["/feed"] = rss([item(1, date="Fri, 31 Dec 9999 23:59:59 -1200")])
    await Feed(server, topics := Topics()).poll()
    (article,) = topics.of(Article)
    assert (article.published_at, article.published_as_given) == (None, "Fri, 31 Dec 9999 23:59:59 -1200")


async def test_a_redirect_is_followed_and_relative_links_are_of_where_it_leads(server: FeedServer) -> None:
    server.answers["/feed"] = web.Response(status=301, headers={"Location": "/new/place"})
    server.answers["/new/place"] = rss(["<item><title>x</title><link>here</link></item>"])
    await Feed(server, topics := Topics()).poll()
    assert [article.url for article in topics.of(Article)] == [f"{server.at}/new/here"]


async def test_a_redirect_to_an_inside_address_is_refused(server: FeedServer) -> None:
    server.answers["/feed"] = web.Response(status=302, headers={"Location": "http://169.254.169.254/latest/meta-data"})
    feed = Feed(server, topics := Topics())
    await feed.poll()
    assert feed.state.failures == 1
    assert topics.of(Article) == []
    assert {path for path, _ in server.asked} == {"/feed"}


async def test_a_feed_inside_needs_to_be_allowed(server: FeedServer) -> None:
    server.answers["/feed"] = rss([item(1)])
    feed = Feed(server, Topics(), networks=[])
    await feed.poll()
    assert (feed.state.failures, server.asked) == (1, [])


async def test_pauses_grow_with_failures_and_end_with_them(server: FeedServer) -> None:
    server.answers["/feed"] = web.Response(status=500)
    feed = Feed(server, Topics())
    pauses = [await feed.poll() for _ in range(3)]
    assert MINUTE * 2 <= pauses[0] < pauses[1] < pauses[2]
    server.answers["/feed"] = rss([item(1)])
    assert await feed.poll() < MINUTE * 2
    assert feed.state.failures == 0


async def test_the_servers_wish_is_waited_for(server: FeedServer) -> None:
    server.answers["/feed"] = web.Response(status=429, headers={"Retry-After": "3600"})
    assert await Feed(server, Topics()).poll() >= timedelta(hours=1)


async def test_what_is_no_feed_is_a_dead_letter_once_in_a_row_of_failures(server: FeedServer) -> None:
    server.answers["/feed"] = b"<html><body>Please log in</body></html>"
    feed = Feed(server, topics := Topics())
    for _ in range(3):
        await feed.poll()
    (letter,) = topics.of(DeadLetter)
    assert "neither RSS nor Atom" in letter.detail
    assert feed.state.failures == 3


async def test_a_body_without_end_is_a_failure(server: FeedServer) -> None:
    server.answers["/feed"] = rss([item(1, "a" * 6_000_000)])
    feed = Feed(server, topics := Topics())
    await feed.poll()
    assert (feed.state.failures, topics.of(Article), topics.of(DeadLetter)) == (1, [], [])


async def test_an_error_nobody_thought_of_fails_the_feed_and_not_the_service(server: FeedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def fall(*_arguments: object, **_named: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("services.collect.polling.read_news", fall)
    server.answers["/feed"] = rss([item(1)])
    feed = Feed(server, Topics())
    assert await feed.poll() > MINUTE
    assert feed.state.failures == 1
