"""A log that has lost its head: what was told is recalled, what no claim states any longer is taken back, and nothing is told anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from schemas import Indicator, Tick
from schemas.topics import CLAIMS, INDICATORS
from services.measure.stream import Fold
from services.stage import Invalid, Output, Record
from tests.support.state import MemoryState

from .newsroom import LATE, Newsroom, at, reading
from .test_absorbed import logs, plain

Topic = list[tuple[int, str, Indicator | None]]
"""What was told: offset of the record that it came of, key, and figure."""


@dataclass
class Partition:
    """One partition's fold, and what it told."""

    state: MemoryState = field(default_factory=MemoryState)
    fold: Fold = field(default_factory=lambda: Fold(partitions=1))
    topic: Topic = field(default_factory=list)

    def hear(self, records: Iterable[Record]) -> Partition:
        for record in records:
            self._told(record.offset, self.fold.handle(record, self.state))
        return self

    def begin(self, log: Sequence[Record], start: int, committed: int, told: Topic) -> Partition:
        """From what was told and a log that begins at `start`, as the runtime does it: up to the committed offset, nothing of it folded."""
        for nth, (_, key, figure) in enumerate(told):
            value = figure.to_bytes() if figure else None
            self.fold.recall(Record(INDICATORS.name, 0, nth, key.encode(), value, LATE), committed, self.state)
        for record in log[start:committed]:
            self.fold.absorb(record, self.state)
        while self.fold.digest(self.state):
            pass
        position = max(start, committed)
        while (outputs := self.fold.reconcile(position, self.state)) is not None:
            self._told(position - 1, outputs)
        return self

    def _told(self, offset: int, outputs: Iterable[Output]) -> None:
        for output in outputs:
            assert output.value is None or isinstance(output.value, Indicator)
            self.topic.append((offset, output.key, output.value))


def compacted(topic: Topic) -> Topic:
    """The last of each key, tombstones among them."""
    last = {key: nth for nth, (_, key, _) in enumerate(topic)}
    return [told for nth, told in enumerate(topic) if last[told[1]] == nth]


def standing(topic: Topic) -> dict[str, Indicator]:
    """What a subscriber has who reads a topic to its end."""
    return {key: figure for _, key, figure in compacted(topic) if figure is not None}


def believed(topic: Topic) -> dict[str, Indicator]:
    """The same without what was taken back, and without what depends on the moments in between."""
    return {key: plain(figure) for key, figure in standing(topic).items() if not figure.retracted}


def by_key(topic: Topic) -> dict[str, list[tuple[int, Indicator | None]]]:
    told: dict[str, list[tuple[int, Indicator | None]]] = defaultdict(list)
    for offset, key, figure in topic:
        told[key].append((offset, figure))
    return told


def plainly(told: Sequence[tuple[int, Indicator | None]]) -> list[tuple[int, Indicator | None]]:
    return [(offset, figure and plain(figure)) for offset, figure in told]


def cut(log: Sequence[Record], start: int, committed: int) -> tuple[Topic, Topic, Partition]:
    """What was told before the committed offset, what the fold that has its state tells then, and the one that begins from what was told."""
    whole = Partition().hear(log)
    before = [told for told in whole.topic if told[0] < committed]
    after = [told for told in whole.topic if told[0] >= committed]
    begun = Partition().begin(log, start, committed, compacted(before)).hear(log[max(start, committed) :])
    return before, after, begun


@given(logs(), st.data())
@settings(max_examples=60, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
def test_wherever_the_log_is_cut_what_is_left_is_believed_and_told_once(log: list[Record], data: st.DataObject) -> None:
    """Against two folds: the one with all its state, and one that knows only what is left of the log.

    What must differ from the first: figures that rest on claims of the lost part. They are told as what is left of the log says it, which is
    what the second believes. What is equal in both of them must come out as the first tells it, bit by bit.
    """
    start = data.draw(st.integers(1, len(log)))
    committed = data.draw(st.integers(1, len(log)))
    before, after, begun = cut(log, start, committed)
    rest = Partition().hear(log[start:])
    assert believed(before + begun.topic) == believed(rest.topic)
    stood = standing(before)
    for _, key, figure in begun.topic:
        known = stood.pop(key, None)
        assert figure is None or figure != known
        if figure is not None:
            assert known is None or (plain(known) != plain(figure) and known.revision < figure.revision)
            stood[key] = figure
    early = believed([told for told in rest.topic if told[0] < committed])
    later, wanted, told = (by_key(topic) for topic in ([t for t in rest.topic if t[0] >= committed], after, begun.topic))
    for key, figure in believed(before).items():
        if early.get(key) == figure and plainly(later[key]) == plainly(wanted[key]):
            assert told[key] == wanted[key]


@given(logs(), st.data())
@settings(max_examples=30, deadline=None)
def test_a_log_that_lost_nothing_but_what_was_expired_tells_what_the_fold_with_its_state_tells(
    log: list[Record], data: st.DataObject
) -> None:
    """Nothing may differ: of the lost part nothing was believed any longer, and the ticks behind it are there."""
    expired = Tick(at=at("2026-01-01T00:00")).to_bytes()
    again = Tick(at=at("2026-01-01T01:00")).to_bytes()
    newsroom = Newsroom()
    fresh = [
        {"killed": n, "in": "Hajin", "of": "isis", "when": f"2026-01-{day:02d}", "at": f"2026-01-{day:02d}T10:00"}
        for n, day in ((3, 2), (4, 2), (5, 9))
    ]
    values = [output.value.to_bytes() for told in fresh for output in newsroom.claims(reading(told)) if output.value]
    lost = [record.value or b"" for record in log] + [expired] * 3
    joined = [Record(CLAIMS.name, 0, offset, b"key", value, LATE) for offset, value in enumerate([*lost, again, *values])]
    start = len(lost)
    committed = data.draw(st.integers(start + 1, len(joined)))
    _, after, begun = cut(joined, start, committed)
    assert begun.topic == after


@given(logs(), st.data())
@settings(max_examples=30, deadline=None)
def test_belief_is_right_though_more_was_told_than_committed(log: list[Record], data: st.DataObject) -> None:
    """It was acknowledged before a crash, perhaps of claims that are gone. It may be taken back, and told again when its record comes."""
    start, committed, acknowledged = sorted(data.draw(st.lists(st.integers(1, len(log)), min_size=3, max_size=3)))
    whole = Partition().hear(log)
    all_told = [each for each in whole.topic if each[0] < acknowledged]
    told = data.draw(st.sampled_from([all_told, compacted(all_told)]))
    begun = Partition().begin(log, start, committed, told).hear(log[committed:])
    assert believed(told + begun.topic) == believed(Partition().hear(log[start:]).topic)


HAJIN = {"killed": 3, "in": "Hajin", "of": "isis", "when": "2024-03-01", "at": "2024-03-01T10:00"}
STOCK = {"killed": 10, "kind": "stock", "scope": "period", "in": "Syria", "says": "police", "at": "2024-03-02T10:00"}


def figures(*articles: dict[str, Any]) -> list[Record]:
    newsroom = Newsroom()
    values = [output.value.to_bytes() for told in articles for output in newsroom.claims(reading(told)) if output.value]
    return [Record(CLAIMS.name, 0, offset, b"key", value, LATE) for offset, value in enumerate(values)]


def test_a_figure_that_no_claim_states_any_longer_is_taken_back_and_one_that_stands_is_not_told_again() -> None:
    log = figures(HAJIN, STOCK)
    before, _, begun = cut(log, 1, 2)
    incident, stock = (figure for _, _, figure in before)
    assert incident is not None
    assert stock is not None
    ((_, _, told),) = begun.topic
    assert told == incident.model_copy(update={"retracted": True, "revision": 1})


def test_what_is_stated_again_says_what_was_told_before() -> None:
    log = figures(HAJIN, HAJIN | {"at": "2024-03-01T12:00", "killed": 9, "by": "Other"})
    _, _, begun = cut(log, 1, 1)
    (_, _, gone), (_, _, again) = begun.topic
    assert gone is not None
    assert again is not None
    assert (gone.retracted, gone.revision, again.retracted, again.revision) == (True, 1, False, 2)
    assert again.previous is not None
    assert (again.previous.value, again.value) == (3, 9)


def test_a_figure_of_the_lost_part_expires_in_its_time() -> None:
    gone = [*figures(HAJIN), Record(CLAIMS.name, 0, 1, b"key", Tick(at=at("2026-01-01T00:00")).to_bytes(), LATE)]
    _, _, begun = cut(gone, 1, 1)
    assert [figure and figure.retracted for _, _, figure in begun.topic] == [True, None]


def test_a_partition_that_told_nothing_has_nothing_to_reconcile() -> None:
    begun = Partition().begin([], 5, 5, [])
    assert (begun.topic, begun.state.rows) == ([], {})


def test_what_is_believed_though_nothing_was_told_is_told() -> None:
    """The tick that moved the clock beyond it is gone with the head of the log."""
    log = [Record(CLAIMS.name, 0, 0, b"key", Tick(at=at("2026-01-01T00:00")).to_bytes(), LATE), *figures(HAJIN)]
    before, _, begun = cut([log[0], replace(log[1], offset=1)], 1, 2)
    assert before == []
    assert [figure and figure.value for _, _, figure in begun.topic] == [3]


@pytest.mark.parametrize(("key", "value"), [(b"no key of two parts", b"{}"), (b"\xff", None), (b"a|b", b"{}"), (b"a|b", b"not JSON")])
def test_what_is_no_indicator_is_left_out(key: bytes, value: bytes | None) -> None:
    state = MemoryState()
    with pytest.raises(Invalid):
        Fold(partitions=1).recall(Record(INDICATORS.name, 0, 0, key, value, LATE), 5, state)
