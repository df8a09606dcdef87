"""Of what a library says again and again, one line a while passes, with how many were held back."""

from __future__ import annotations

import io
import json
import logging

import pytest

from services.runtime.logs import configure, logger
from services.runtime.sparing import EVERY, KINDS, Sparing


class Clock:
    """Seconds that a test sets."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def record(message: str, *args: object, name: str = "aiokafka", level: int = logging.ERROR) -> logging.LogRecord:
    return logging.LogRecord(name, level, "", 0, message, args, None)


def test_one_of_a_kind_passes_in_a_while_and_says_how_many_did_not() -> None:
    clock = Clock()
    sparing = Sparing(clock)
    assert [sparing.filter(record("Unable to connect to node %s", number)) for number in range(4)] == [True, False, False, False]
    clock.now = EVERY
    later = record("Unable to connect to node %s", 4)
    assert sparing.filter(later)
    assert later.__dict__["held_back"] == 3


def test_numbers_in_the_text_make_no_other_kind() -> None:
    sparing = Sparing(Clock())
    assert sparing.filter(record("node 1 at 127.0.0.1:9092 is away"))
    assert not sparing.filter(record("node 2 at 127.0.0.1:9093 is away"))


def test_another_logger_level_or_text_is_another_kind() -> None:
    sparing = Sparing(Clock())
    assert all(sparing.filter(one) for one in (record("a"), record("b"), record("a", name="faust"), record("a", level=logging.WARNING)))


def test_memory_stays_bounded() -> None:
    sparing = Sparing(Clock())
    for number in range(3 * KINDS):
        sparing.filter(record("x" * (number % 100) + chr(0x4E00 + number)))
    assert len(sparing._kinds) <= KINDS


def test_our_own_lines_all_pass_and_the_libraries_are_counted_in_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    try:
        configure("test", "INFO")
        for number in range(5):
            logger("services.test").info("thing.done", number=number)
            logging.getLogger("aiokafka.conn").error("Connect attempt %s failed", number)
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
    events = [json.loads(line)["event"] for line in stream.getvalue().splitlines()]
    assert events.count("thing.done") == 5
    assert events.count("Connect attempt 0 failed") == 1
    assert len(events) == 6
