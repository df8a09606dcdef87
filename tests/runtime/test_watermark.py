"""The committed offset never passes an unfinished message, in whatever order things happen."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.runtime.watermark import Watermark


def test_nothing_known_commits_nothing() -> None:
    assert Watermark().position is None


def test_a_partition_taken_over_stands_where_it_was() -> None:
    assert Watermark(41).position == 41


def test_the_lowest_unfinished_holds_back_what_is_finished_behind_it() -> None:
    mark = Watermark(10)
    for offset in (10, 11, 12):
        mark.deliver(offset)
    mark.finish(11)
    mark.finish(12)
    assert mark.position == 10
    mark.finish(10)
    assert mark.position == 13


def test_a_fresh_group_is_held_back_by_its_first_message() -> None:
    mark = Watermark()
    for offset in range(4):
        mark.deliver(offset)
    mark.finish(3)
    assert mark.position == 0


def test_gaps_in_the_log_hold_nothing_back() -> None:
    mark = Watermark(0)
    for offset in (3, 10):
        mark.deliver(offset)
        mark.finish(offset)
    assert mark.position == 11


def test_an_old_offset_come_again_is_not_to_be_handled_again() -> None:
    mark = Watermark(5)
    assert mark.deliver(5)
    assert not mark.deliver(5)
    assert not mark.deliver(3)


class Partition(RuleBasedStateMachine):
    """One partition under every order of deliver, acknowledge, fail, rebalance and commit.

    The model knows which offsets have been finished for good; a failed one is only ever finished after another try. Workers come
    and go; acknowledgements of an old one arrive late. The committed offset must never pass an offset that is not finished.
    """

    def __init__(self) -> None:
        super().__init__()
        self.finished: set[int] = set()
        self.holes: set[int] = set()
        self.committed = 0
        self.next = 0
        self.holders: list[tuple[Watermark, set[int]]] = [(Watermark(), set())]

    @initialize(holes=st.sets(st.integers(0, 60)))
    def lay_out_the_log(self, holes: set[int]) -> None:
        """Offsets that the log skips, as compaction and transactions leave them."""
        self.holes = holes
        self.finished = set(holes)

    @rule()
    def take_over(self) -> None:
        """A rebalance: another holder goes on from what is committed."""
        self.holders.append((Watermark(self.committed or None), set()))
        self.next = self.committed

    @rule()
    def deliver(self) -> None:
        """The current holder is given the next message."""
        while self.next in self.holes:
            self.next += 1
        mark, held = self.holders[-1]
        assert mark.deliver(self.next)
        held.add(self.next)
        self.next += 1

    @precondition(lambda self: any(held for _, held in self.holders))
    @rule(data=st.data())
    def acknowledge(self, data: st.DataObject) -> None:
        """Any holder, the current or one long gone, finishes any of its messages."""
        index = data.draw(st.sampled_from([i for i, (_, held) in enumerate(self.holders) if held]))
        mark, held = self.holders[index]
        offset = data.draw(st.sampled_from(sorted(held)))
        mark.finish(offset)
        held.discard(offset)
        self.finished.add(offset)

    @rule()
    def commit(self) -> None:
        """Only the current holder can commit."""
        position = self.holders[-1][0].position
        if position is not None and position > self.committed:
            self.committed = position

    @invariant()
    def nothing_unfinished_is_committed(self) -> None:
        """Below the committed offset, all is finished."""
        assert all(offset in self.finished for offset in range(self.committed))


TestPartition = Partition.TestCase
TestPartition.settings = settings(max_examples=150, stateful_step_count=60, deadline=None)


@given(st.permutations(range(12)), st.integers(0, 12))
def test_the_position_is_the_end_of_what_is_finished_without_a_hole(order: list[int], done: int) -> None:
    mark = Watermark(0)
    for offset in range(12):
        mark.deliver(offset)
    finished = set(order[:done])
    for offset in order[:done]:
        mark.finish(offset)
    assert mark.position == next((offset for offset in range(12) if offset not in finished), 12)
    assert mark.unfinished == 12 - done
