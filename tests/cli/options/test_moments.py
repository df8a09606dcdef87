"""Moments are understood as a person writes them, always in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.cli.options.moments import moment

NOW = datetime(2024, 4, 6, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2h", NOW - timedelta(hours=2)),
        ("90S", NOW - timedelta(seconds=90)),
        ("30 m", NOW - timedelta(minutes=30)),
        ("3d", NOW - timedelta(days=3)),
        ("1w", NOW - timedelta(weeks=1)),
        ("2024-04-01", datetime(2024, 4, 1, tzinfo=UTC)),
        ("2024-04-01T10:00", datetime(2024, 4, 1, 10, tzinfo=UTC)),
        ("2024-04-01T10:00:00+02:00", datetime(2024, 4, 1, 8, tzinfo=UTC)),
        ("2024-04-01T10:00:00Z", datetime(2024, 4, 1, 10, tzinfo=UTC)),
    ],
)
def test_a_moment_is_understood(text: str, meant: datetime) -> None:
    assert moment(text, NOW) == meant


@pytest.mark.parametrize("text", ["", "yesterday", "2h ago", "-2h", "999999w", "2024-13-01", "5", "0001-01-01T00:00:00+05:00"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        moment(text, NOW)
