"""Bad messages, few and many, of every kind, on every topic that a service reads: each is buried, and nothing else is touched."""

from __future__ import annotations

from itertools import chain, count

import pytest

from schemas import Cause, Topic
from schemas.dead_letter import MAX_ORIGINAL
from schemas.topics import ALERTS, ARTICLES, CLAIMS, EVENTS, OBSERVATIONS
from services.runtime.encoding import Sending

from .arena import Arena
from .checker import check
from .history import Sent
from .load import Item, news, poison
from .reference import PARTITIONS

READ = (ARTICLES, EVENTS, CLAIMS, OBSERVATIONS, ALERTS)
"""Topics of which every bad record is dead-lettered."""

MANY = 1_000
"""In a row: fifty times what would stop a service if it were taken for its own fault."""

FAST = 100.0
"""Records a second, where most of them cost no more than a dead letter."""

UNDECODABLE = (
    None,
    b"",
    b"\xff\xfe\x00",
    b'{"id": "\xc3\x28"}',
    b'{"id": "\xed\xa0\x80"}',
    b"[" * 100_000,
    b'{"id": 1e999999}x',
    b"NaN",
    bytes(range(256)),
)
"""Values that are no JSON: nothing at all, bytes that are no UTF-8, brackets without end."""

INVALID = (
    b"null",
    b"[]",
    b"{}",
    b'"article"',
    b"17",
    b'{"id": null, "title": {}}',
    b'{"id": "' + b"x" * 100_000 + b'"}',
    b'{"published_at": "9999999-01-01"}',
)
"""JSON, but no message of ours."""


@pytest.mark.quick
async def test_poison_first_in_a_fresh_group_and_then_every_tenth(arena: Arena) -> None:
    """The first record of each partition, with nothing committed to go back to; on all topics."""
    first = [_bad(topic, b"\xff first %d" % number, number, key=b"first") for topic in READ for number in range(PARTITIONS)]
    tenth = (poison(number) for number in count())
    mixed = chain.from_iterable((item, next(tenth)) if number % 9 == 8 else (item,) for number, item in enumerate(news(300)))
    async with arena.playing(items=[*first, *mixed], repeats=False) as play:
        assert check(await play.finish()) == []


async def test_a_thousand_bad_messages_in_a_row_stop_nothing(arena: Arena) -> None:
    some = news(200)
    items = [*some[:100], *(poison(number) for number in range(MANY)), *some[100:]]
    async with arena.playing(items=items, rate=FAST, repeats=False) as play:
        assert check(await play.finish()) == []


async def test_bad_messages_that_are_too_large_to_be_repeated_are_kept_by_where_they_are(arena: Arena) -> None:
    """Larger than what a dead letter holds: it says topic, partition and offset, at which the whole original stands."""
    sizes = (MAX_ORIGINAL - 10, MAX_ORIGINAL + 1, 1_500_000, 2_000_000)
    large = [_bad(ARTICLES, b"{%d" % size + b"x" * (size - len(b"{%d" % size)), number) for number, size in enumerate(sizes)]
    some = news(200)
    async with arena.playing(items=[*some[:50], *large, *some[50:]], repeats=False) as play:
        history = await play.finish()
        assert check(history) == []
        letters = {(letter.topic, letter.partition, letter.offset): letter for letter in await play.installation.dead_letters()}
    for sent, item in zip((entry for entry in history if isinstance(entry, Sent) and entry.cause is not None), large, strict=True):
        letter = letters[sent.topic, sent.partition, sent.offset]
        size = len(item.sending.value or b"")
        assert (letter.size, letter.original is None) == (size, size > MAX_ORIGINAL)


async def test_values_and_keys_of_every_bad_kind_are_buried_with_their_cause(arena: Arena) -> None:
    """No value, no key, a key that is no text, no UTF-8, no JSON, no message of ours."""
    bad = [
        _bad(topic, value, number % PARTITIONS, cause, key)
        for topic in (ARTICLES, EVENTS, CLAIMS)
        for cause, values in ((Cause.UNDECODABLE, UNDECODABLE), (Cause.INVALID, INVALID))
        for number, value in enumerate(values)
        for key in (None, b"", b"\xff\xfe", b"key" * 1000)
        if (key, value) != (None, None)  # of which our client makes no record
    ]
    some = news(200)
    async with arena.playing(items=[*some[:20], *bad, *some[20:]], rate=FAST, repeats=False) as play:
        assert check(await play.finish()) == []


def _bad(topic: Topic, value: bytes | None, partition: int, cause: Cause = Cause.UNDECODABLE, key: bytes | None = None) -> Item:
    return Item(Sending(topic.name, key, value, partition), cause=cause)  # type: ignore[arg-type]  # as others may write: without a key
