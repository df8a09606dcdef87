"""Clocks are set back under services that run: ids come from content, times of the data from the data, and what is due comes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from schemas.topics import CLAIMS
from tests.support import clock

from .arena import STREAMS, Arena, Play
from .checker import check

HOUR = 3600.0
"""Seconds."""

LIVE = datetime(2024, 4, 9, 6, tzinfo=UTC)
"""By measure's clock the articles are of yesterday, so that ticks pass; for notify it is as late as for its receivers, who look at that."""


async def test_clocks_set_back_by_an_hour_lose_and_double_nothing(arena: Arena, monkeypatch: pytest.MonkeyPatch) -> None:
    """Receivers refuse what is signed an hour ago, so notify's clock is put right before the end, as time servers would."""
    folder = arena.folder / "clocks"
    folder.mkdir()
    monkeypatch.setenv(clock.VARIABLE, str(folder))
    ahead = dict.fromkeys(STREAMS, 0.0) | {"measure": (LIVE - datetime.now(UTC)).total_seconds()}
    for service, seconds in ahead.items():
        _set(folder, service, seconds)
    async with arena.playing(articles=400, rate=20.0, arguments=("-m", "tests.support.clock"), repeats=False) as play:
        for part, seconds in ((0.3, -HOUR), (0.5, HOUR), (0.6, -HOUR), (0.9, 0.0)):
            await play.reached(part)
            play.note("clock", f"{seconds:+.0f} s")
            for service in STREAMS:
                _set(folder, service, ahead[service] + seconds)
        assert check(await play.finish()) == []
        assert await _ticks(play) > 0


async def _ticks(play: Play) -> int:
    return sum(b'"tick"' in (record.value or b"") for record in await play.installation.records(CLAIMS))


def _set(folder: Path, service: str, seconds: float) -> None:
    new = folder / f"{service}.new"
    new.write_text(str(seconds))
    new.rename(folder / service)
