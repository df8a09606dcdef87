"""A line of the log is JSON and of bounded length, whatever came in from outside."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from services.runtime.logs import MAX_ENTRIES, MAX_TRACE, MAX_VALUE, _capped, _trace, configure, logger


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    configure("test", "INFO")
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)


HUGE = "\x1b\n" + "x" * 1_000_000
CUT = "\\u001b\\u000a" + "x" * (MAX_VALUE - 12) + "…"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        pytest.param(HUGE, CUT, id="text"),
        pytest.param([HUGE] * 1_000, [CUT] * MAX_ENTRIES, id="list"),
        pytest.param({"a": {"b": b"\x00" * 3}}, {"a": {"b": "b'\\x00\\x00\\x00'"}}, id="mapping"),
        pytest.param(10**1_000, "1" + "0" * (MAX_VALUE - 1) + "…", id="integer"),
        pytest.param((1, 2.5, None, True), [1, 2.5, None, True], id="numbers"),
        pytest.param(datetime(2024, 4, 6, tzinfo=UTC), "2024-04-06T00:00:00+00:00", id="time"),
    ],
)
def test_a_field_is_clean_and_cut(written: io.StringIO, given: Any, shown: Any) -> None:
    logger("services.test").info("thing.done", field=given)
    (line,) = written.getvalue().splitlines()
    assert json.loads(line)["field"] == shown


def test_what_is_no_text_that_could_be_written_is_shown_all_the_same() -> None:
    assert (_capped("\ud800"), _trace("\ud800")) == ("\\ud800", "\\ud800")


def test_an_exception_that_repeats_what_it_could_not_read_is_cut_in_the_middle(written: io.StringIO) -> None:
    try:
        raise ValueError(HUGE)
    except ValueError:
        logger("services.test").exception("thing.failed")
    (line,) = written.getvalue().splitlines()
    trace = json.loads(line)["exception"]
    assert trace.startswith("Traceback")
    assert "raise ValueError(HUGE)" in trace
    assert trace.endswith("xxx")
    assert len(line) < 2 * MAX_TRACE
