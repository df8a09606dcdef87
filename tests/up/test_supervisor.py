"""Children are kept alive while that leads somewhere, and none is left behind, however their parent ends."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from services.up.supervisor import Command, GaveUp, Supervisor

WAIT = 15.0
"""Seconds; a Python starts within half of one, on a busy machine within a few."""


def child(kind: str, folder: Path) -> Command:
    return Command(kind, (f"tests.up.children.{kind}", str(folder / kind)), {}, folder / f"{kind}.log")


def lines(file: Path) -> list[str]:
    return file.read_text().split() if file.exists() else []


async def until(file: Path, count: int) -> list[str]:
    deadline = time.monotonic() + WAIT
    while len(lines(file)) < count:
        assert time.monotonic() < deadline, f"{file.name} has {lines(file)}"
        await asyncio.sleep(0.02)
    return lines(file)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] != "Z"


async def test_a_dead_child_is_started_again(tmp_path: Path) -> None:
    told: list[str] = []
    supervisor = Supervisor([child("steady", tmp_path)], told.append, delays=[0.05])
    await supervisor.start()
    try:
        first = int((await until(tmp_path / "steady", 1))[0])
        os.kill(first, signal.SIGKILL)
        second = int((await until(tmp_path / "steady", 2))[1])
        assert second != first
        assert told == ["steady has ended (signal SIGKILL); starting it again in 0.05 s"]
    finally:
        await supervisor.stop()
    assert not alive(second)


async def test_a_child_that_keeps_dying_ends_everything_with_its_last_words(tmp_path: Path) -> None:
    supervisor = Supervisor([child("steady", tmp_path), child("failing", tmp_path)], lambda _: None, delays=[0.01, 0.02])
    await supervisor.start()
    try:
        with pytest.raises(GaveUp, match=r"(?s)failing has ended 3 times in a row \(exit code 1\).*made of cheese"):
            await asyncio.wait_for(supervisor.failed(), WAIT)
    finally:
        await supervisor.stop()
    assert len(lines(tmp_path / "failing")) == 3
    assert supervisor.pids == {}


async def test_a_child_that_is_set_up_wrongly_is_not_tried_again(tmp_path: Path) -> None:
    supervisor = Supervisor([child("misused", tmp_path)], lambda _: None)
    await supervisor.start()
    try:
        with pytest.raises(GaveUp, match=r"(?s)misused cannot run as it is set up.*no such rule file"):
            await asyncio.wait_for(supervisor.failed(), WAIT)
    finally:
        await supervisor.stop()
    assert len(lines(tmp_path / "misused")) == 1


async def test_a_child_that_lived_long_enough_begins_a_new_count(tmp_path: Path) -> None:
    supervisor = Supervisor([child("failing", tmp_path)], lambda _: None, delays=[0.01], settled=0.0)
    await supervisor.start()
    try:
        await until(tmp_path / "failing", 4)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(supervisor.failed(), 0.01)
    finally:
        await supervisor.stop()


async def test_a_child_that_gets_on_between_its_deaths_is_never_given_up(tmp_path: Path) -> None:
    async def progress(_: str) -> int:
        return len(lines(tmp_path / "failing"))  # it writes a line in each of its lives

    supervisor = Supervisor([child("failing", tmp_path)], lambda _: None, progress, delays=[0.01, 0.01])
    await supervisor.start()
    try:
        await until(tmp_path / "failing", 6)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(supervisor.failed(), 0.01)
    finally:
        await supervisor.stop()


@pytest.mark.parametrize("finished", [7, None])
async def test_a_child_that_dies_at_the_same_place_each_time_is_given_up_with_growing_delays(tmp_path: Path, finished: int | None) -> None:
    async def progress(_: str) -> int | None:
        return finished

    told: list[str] = []
    supervisor = Supervisor([child("failing", tmp_path)], told.append, progress, delays=[0.01, 0.02, 0.04])
    await supervisor.start()
    try:
        with pytest.raises(
            GaveUp, match=r"(?s)failing has ended 4 times in a row \(exit code 1\) and got no further in between.*made of cheese"
        ):
            await asyncio.wait_for(supervisor.failed(), 2 * WAIT)
    finally:
        await supervisor.stop()
    assert [line.rsplit(" ", 2)[1] for line in told] == ["0.01", "0.02", "0.04"]


async def test_a_child_that_ignores_sigterm_is_killed_after_the_grace(tmp_path: Path) -> None:
    supervisor = Supervisor([child("stubborn", tmp_path)], lambda _: None, grace=0.2)
    await supervisor.start()
    pid = int((await until(tmp_path / "stubborn", 1))[0])
    await supervisor.stop()
    assert not alive(pid)


async def test_a_killed_parent_leaves_no_child(tmp_path: Path) -> None:
    parent = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.up.children.keeper", str(tmp_path))
    steady = int((await until(tmp_path / "steady", 1))[0])
    stubborn = int((await until(tmp_path / "stubborn", 1))[0])
    parent.kill()
    await parent.wait()
    deadline = time.monotonic() + WAIT
    while alive(steady) or alive(stubborn):
        assert time.monotonic() < deadline, "a child outlived its parent"
        await asyncio.sleep(0.05)


async def test_of_a_log_that_has_grown_for_weeks_only_the_end_is_read(tmp_path: Path) -> None:
    command = child("misused", tmp_path)
    with command.log.open("wb") as log:
        log.truncate(8 * 1024**3)  # sparse: larger than this process may become
    supervisor = Supervisor([command], lambda _: None)
    await supervisor.start()
    try:
        with pytest.raises(GaveUp, match="misused cannot run as it is set up") as caught:
            await asyncio.wait_for(supervisor.failed(), WAIT)
    finally:
        await supervisor.stop()
    assert len(str(caught.value)) < 5_000
