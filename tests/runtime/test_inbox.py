"""What waits to be folded is bounded in records and in bytes, and keeps its order."""

from __future__ import annotations

from datetime import UTC, datetime

from services.runtime.inbox import ROOM_BYTES, ROOM_RECORDS, Inbox
from services.stage import Record


def record(offset: int, size: int = 0) -> Record:
    return Record("t", 0, offset, None, b"x" * size, datetime(2024, 1, 1, tzinfo=UTC))


def test_it_has_room_until_so_many_records_wait() -> None:
    inbox = Inbox()
    inbox.put(record(offset) for offset in range(ROOM_RECORDS))
    seen = [inbox.has_room]
    inbox.drop()
    assert [*seen, inbox.has_room] == [False, True]


def test_it_has_room_until_so_many_bytes_wait() -> None:
    inbox = Inbox()
    inbox.put([record(0, ROOM_BYTES - 1)])
    seen = [inbox.has_room]
    inbox.put([record(1, 1)])
    seen.append(inbox.has_room)
    inbox.drop()
    assert [*seen, inbox.has_room] == [True, False, True]
    assert inbox.size == 1


def test_records_come_out_in_their_order_and_the_first_stays_until_it_is_dropped() -> None:
    inbox = Inbox()
    inbox.put(record(offset) for offset in range(3))
    seen = []
    while inbox:
        assert inbox.first is inbox.first
        seen.append(inbox.first.offset)
        inbox.drop()
    assert seen == [0, 1, 2]


def test_what_is_given_up_no_longer_counts() -> None:
    inbox = Inbox()
    inbox.put([record(0, ROOM_BYTES)])
    inbox.clear()
    assert (len(inbox), inbox.size, inbox.has_room) == (0, 0, True)
