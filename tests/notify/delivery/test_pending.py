"""Whatever repeats or comes late, what is known of a delivery never goes back, and the log is made to end in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import Attempt, Delivery, DeliveryStatus, Outcome
from services.notify.delivery.advance import attempted, cancelled, expired, replayed, scheduled, unconfigured
from services.notify.delivery.classify import of_silence, of_status
from services.notify.delivery.heap import Heap
from services.notify.delivery.pending import Progress, Step, step
from services.notify.delivery.schedule import Schedule

from .alerts import alert

NOW = datetime(2022, 8, 14, 10, tzinfo=UTC)
SCHEDULE = Schedule()


def delivery(number: int = 1, endpoint: str = "desk", at: datetime = NOW) -> Delivery:
    return scheduled(alert(number), endpoint, at)


def after(status: int, before: Delivery | None = None, at: datetime = NOW) -> Delivery:
    return attempted(before or delivery(), of_status(status, {}, at), at, 1.0, SCHEDULE)


def test_progress_is_ordered_by_what_it_means() -> None:
    first, second, done = after(500), after(500, after(500)), after(200)
    ladder = [delivery(), first, second, cancelled(first, NOW), after(200), replayed(done, NOW), after(500, replayed(done, NOW))]
    assert [Progress.of(each) for each in ladder] == sorted(Progress.of(each) for each in ladder)
    assert len({Progress.of(each) for each in ladder}) == len(ladder)


@pytest.mark.parametrize(
    ("known", "record", "offset", "expected"),
    [
        (None, delivery(), 5, Step.TAKE),
        ((delivery(), 5), after(500), 6, Step.TAKE),
        ((after(500), 6), delivery(), 5, Step.ECHO),
        ((after(500), 6), after(500), 6, Step.ECHO),
        ((after(500), 6), after(500), 7, Step.CONFIRM),
        ((after(500), 6), delivery(), 7, Step.ANSWER),
        ((after(200), 6), delivery(), 7, Step.ANSWER),
        ((cancelled(delivery(), NOW), 6), after(500), 7, Step.ANSWER),
        ((cancelled(delivery(), NOW), 6), after(200), 7, Step.TAKE),
        ((after(200), 6), replayed(after(200), NOW), 7, Step.TAKE),
        ((after(200), 6), cancelled(after(200), NOW), 7, Step.ANSWER),
    ],
)
def test_each_step(known: tuple[Delivery, int] | None, record: Delivery, offset: int, expected: Step) -> None:
    assert step(None if known is None else (Progress.of(known[0]), known[1]), Progress.of(record), offset) is expected


RECORDS = [delivery(), after(500), after(500, after(500)), cancelled(after(500), NOW), after(200), replayed(after(200), NOW)]


@dataclass
class Log:
    """A partition, and the heap of whoever owns it."""

    records: list[Delivery]

    def owner(self) -> Heap:
        heap = Heap()
        heap.fold(0, enumerate(self.records))
        return heap


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(RECORDS), min_size=1, max_size=12), st.integers(1, 5))
def test_any_order_and_any_cut_leads_to_the_furthest_and_the_log_is_made_to_end_in_it(records: list[Delivery], cut: int) -> None:
    log = Log(records)
    heap = log.owner()
    furthest = max(Progress.of(each) for each in records)
    answers = [each for _, each in heap.contradicted([0], 10)]
    assert (Progress.of(records[-1]) != furthest) == bool(answers)
    for answer in answers:
        assert Progress.of(answer) == furthest
        assert answer.body == delivery().body
        log.records.append(answer)
        heap.fold(0, [(len(log.records) - 1, answer)])
    assert heap.contradicted([0], 10) == []
    compacted = Log([log.records[-1]])
    assert (compacted.owner().pending()[0], heap.pending()[0]) == ((furthest.certainty == 0),) * 2
    pieces = Heap()
    numbered = list(enumerate(log.records))
    for start in range(0, len(numbered), cut):
        pieces.fold(0, numbered[start : start + cut])
    assert pieces.pending() == heap.pending()


def test_an_echo_of_an_own_record_is_passed_over() -> None:
    heap = Heap()
    first, second = after(500), after(500, after(500))
    heap.fold(0, [(0, delivery()), (1, first), (2, second)])
    heap.fold(0, [(1, first), (2, second)])
    assert heap.contradicted([0], 10) == []


def test_the_heap_gives_what_is_due_longest_first_and_never_twice() -> None:
    heap = Heap()
    heap.fold(3, [(n, delivery(n, at=NOW - timedelta(minutes=n))) for n in range(1, 6)])
    heap.fold(3, [(9, delivery(9, at=NOW + timedelta(minutes=5)))])
    heap.fold(4, [(0, delivery(1, "other"))])
    due = heap.due("desk", [3], NOW, 2)
    assert [each.alert for _, each in due] == ["alert-5", "alert-4"]
    assert {partition for partition, _ in due} == {3}
    for _, each in due:
        heap.take(each.id)
    assert [each.alert for _, each in heap.due("desk", [3], NOW, 10)] == ["alert-3", "alert-2", "alert-1"]
    assert heap.due("desk", [4], NOW, 10) == []
    heap.release(due[0][1].id)
    assert [each.alert for _, each in heap.due("desk", [3], NOW, 1)] == ["alert-5"]
    assert list(heap.waiting()) == [("desk", 3), ("other", 4)]
    assert heap.next_due("desk", [3]) == (NOW - timedelta(minutes=5)).timestamp()
    assert heap.next_due("desk", [4]) is None
    assert heap.pending() == (7, (NOW - timedelta(minutes=5)).timestamp())
    while heap.drop(3, 4):
        pass
    assert heap.pending() == (1, NOW.timestamp())


def test_what_waits_from_a_moment_that_is_yet_to_come_waits_as_long_from_now() -> None:
    """A clock that was an hour ahead, and is put right, does not put an alert off by an hour."""
    heap = Heap()
    ahead, slightly = NOW + timedelta(hours=1), NOW + timedelta(seconds=30)
    retrying = after(500, at=ahead)
    heap.fold(0, [(0, retrying), (1, delivery(2, at=ahead)), (2, delivery(3, at=slightly)), (3, after(200, delivery(4), at=ahead))])
    assert [heap.set_back(NOW, 1) for _ in range(3)] == [1, 1, 0], "so many at a time; then they wait from now"
    assert [each.alert for _, each in heap.due("desk", [0], NOW, 10)] == ["alert-2"]
    wait = retrying.due_at - ahead
    assert [each.alert for _, each in heap.due("desk", [0], NOW + wait, 10)] == ["alert-2", "alert-1"]
    assert [each.alert for _, each in heap.due("desk", [0], slightly, 10)] == ["alert-2", "alert-1", "alert-3"]


def test_what_has_ended_keeps_no_body_and_takes_it_back_when_it_must_be_written_again() -> None:
    heap = Heap()
    heap.fold(0, [(0, delivery()), (1, after(200)), (2, delivery())])
    ((partition, answer),) = heap.contradicted([0], 10)
    assert partition == 0
    assert answer == after(200)


def test_refused_at_first_it_is_tried_on_the_short_schedule_and_after_an_outage_once_more() -> None:
    waits = []
    last = delivery()
    while not last.status.final:
        last = after(404, last)
        waits.append(last.status)
    assert waits == [DeliveryStatus.RETRYING] * 3 + [DeliveryStatus.FAILED]
    last = delivery()
    for _ in range(6):
        last = after(503, last)
    last = after(404, last)
    assert last.status is DeliveryStatus.RETRYING
    assert after(404, last).status is DeliveryStatus.FAILED


def test_the_whole_schedule_has_ten_attempts_and_each_counts_from_the_end_of_the_one_before() -> None:
    last = delivery()
    while not last.status.final:
        before, last = last, after(500, last, last.due_at)
        if not last.status.final:
            assert last.due_at > before.due_at
    assert (last.status, last.attempts) == (DeliveryStatus.FAILED, 10)
    assert timedelta(hours=75) < last.due_at - NOW < timedelta(hours=92)


@pytest.mark.parametrize("status", [410])
def test_gone_is_the_end(status: int) -> None:
    assert after(status).status is DeliveryStatus.FAILED


def test_a_blocked_address_is_the_end() -> None:
    ended = attempted(delivery(), of_silence(Outcome.BLOCKED, "inside"), NOW, 0.1, SCHEDULE)
    assert (ended.status, ended.last) == (
        DeliveryStatus.FAILED,
        Attempt(number=1, at=NOW, outcome=Outcome.BLOCKED, detail="inside", seconds=0.1),
    )


def test_only_what_was_never_tried_nor_put_back_by_hand_expires() -> None:
    week = timedelta(days=7)
    old = delivery()
    later = old.event_time + week + timedelta(seconds=1)
    assert expired(old, week, old.event_time + week) is None
    assert expired(old, None, later) is None
    ended = expired(old, week, later)
    assert ended is not None
    assert ended.status is DeliveryStatus.EXPIRED
    assert expired(after(500), week, later) is None
    assert expired(replayed(ended, later), week, later) is None


def test_unconfigured_says_so_and_is_the_end() -> None:
    ended = unconfigured(after(500), NOW)
    assert (ended.status, ended.attempts) == (DeliveryStatus.FAILED, 1)
    assert ended.last is not None
    assert ended.last.outcome is Outcome.UNCONFIGURED


def test_a_delivery_survives_its_topic() -> None:
    for each in RECORDS:
        assert Delivery.from_bytes(each.to_bytes()) == each
