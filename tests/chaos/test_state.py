"""State files are damaged, deleted, put back or exchanged, and disks take no more: a checkpoint is a short cut, the truth is the log."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from services.runtime.process import UNWRITABLE
from tests.support.disk import Disk, mounted

from .arena import Arena, Play
from .checker import check
from .history import Ended
from .workers import Worker

FOLDS = {"measure": "measure.fold", "notify": "notify.fold"}
"""The services with state -> the stage that folds it."""

RATE = 15.0
"""Articles a second: 300 of them last as long as the faults."""

PAGE = 4096
"""Bytes that a file system writes at once, and SQLite too."""

NO_ROOM = 6.0
"""Seconds for which a disk is full: two or three starts of the supervisor's."""

Damage = Callable[[Play, Path], None]
"""Does something to the folder of a stopped service's state files."""


def _torn(play: Play, folder: Path) -> None:
    """Pages in the midst of each file are something else."""
    for file in folder.glob("*.sqlite"):
        pages = file.stat().st_size // PAGE
        with file.open("r+b") as opened:
            for number in play.random.sample(range(pages), max(1, pages // 4)):
                opened.seek(number * PAGE)
                opened.write(play.random.randbytes(PAGE))


def _truncated(play: Play, folder: Path) -> None:
    for file in folder.iterdir():
        with file.open("r+b") as opened:
            opened.truncate(play.random.randrange(max(1, file.stat().st_size)))


def _deleted(_play: Play, folder: Path) -> None:
    shutil.rmtree(folder)


def _of_another_partition(_play: Play, folder: Path) -> None:
    """Each partition has the next one's."""
    files = sorted(folder.glob("*.sqlite"))
    kept = [file.read_bytes() for file in files]
    for file, content in zip(files, kept[1:] + kept[:1], strict=True):
        _replace(file, content)


def _of_another_topic(play: Play, folder: Path) -> None:
    """Each partition has the same one's of the other service."""
    (other,) = {_state(worker) for worker in play.crew if worker.service.name in FOLDS} - {folder}
    for file in folder.glob("*.sqlite"):
        _replace(file, (other / file.name).read_bytes())


def _replace(file: Path, content: bytes) -> None:
    for beside in file.parent.glob(f"{file.name}-*"):
        beside.unlink()
    file.write_bytes(content)


@pytest.mark.parametrize(
    "damage",
    [pytest.param(_torn, marks=pytest.mark.quick), _truncated, _deleted, _of_another_partition, _of_another_topic],
    ids=lambda d: d.__name__[1:],
)
async def test_a_state_file_is_not_believed_that_is(arena: Arena, damage: Damage) -> None:
    """It is folded again, silently, and nobody helps."""
    async with arena.playing(articles=300, rate=RATE) as play:
        await play.reached(0.3)
        for service in FOLDS:
            worker = play.anyone(service)
            await _while_stopped(play, worker, lambda folder: damage(play, folder))
            await play.crew.ready(worker)
        assert check(await play.finish()) == []


async def test_state_older_than_the_log_catches_up(arena: Arena) -> None:
    """A copy from before, put back after a stop: what it lacks is folded again, silently."""
    kept = arena.folder / "kept"
    async with arena.playing(articles=300, rate=RATE) as play:
        await play.reached(0.2)
        for service in FOLDS:
            await _while_stopped(play, play.anyone(service), lambda folder: _copy(folder, kept / folder.name))
        await play.reached(0.6)
        for service in FOLDS:
            await _while_stopped(play, play.anyone(service), lambda folder: _copy(kept / folder.name, folder))
        assert check(await play.finish()) == []


async def test_services_end_on_a_full_disk_with_a_line_that_says_so_and_go_on_when_there_is_room(arena: Arena) -> None:
    await _no_room(arena, Disk.fill, Disk.empty)


async def test_services_end_on_a_disk_that_is_read_only_and_go_on_when_it_is_not(arena: Arena) -> None:
    await _no_room(arena, Disk.lock, Disk.unlock)


async def _no_room(arena: Arena, take: Callable[[Disk], None], give: Callable[[Disk], None]) -> None:
    """The disk is given to a stopped service, taken while it is stopped, and given back some starts later."""
    async with arena.playing(articles=300, rate=RATE, endings=20) as play:
        worker = play.anyone(*FOLDS)
        await play.reached(0.2)
        await play.crew.stop(worker)
        with mounted(_state(worker).parent) as disk:
            play.crew.start(worker)
            await play.crew.ready(worker)
            await play.reached(0.4)
            if take is Disk.lock:
                await play.crew.stop(worker)
            play.note("no room", worker.name)
            take(disk)
            if take is Disk.lock:
                play.crew.start(worker)
            await _ended(play, worker)
            await asyncio.sleep(NO_ROOM)
            give(disk)
            play.note("room", worker.name)
            history = await play.finish()
        assert check(history) == []
        assert {entry.code for entry in history if isinstance(entry, Ended) and entry.by == "itself"} == {UNWRITABLE}
        assert "free its disk" in worker.service.log() or "check that its folder is writable" in worker.service.log()


async def _ended(play: Play, worker: Worker) -> None:
    async with asyncio.timeout(play.patience):
        while not worker.ended:  # the supervisor sees it
            await asyncio.sleep(0.05)


async def _while_stopped(play: Play, worker: Worker, change: Callable[[Path], None]) -> None:
    """Stop a worker, in order or not, do something to its state, and start it again."""
    folder = _state(worker)
    if play.random.random() < 0.5:
        await play.crew.stop(worker)
    else:
        play.crew.kill(worker)
    play.note("state", worker.name)
    change(folder)
    play.crew.start(worker)


def _state(worker: Worker) -> Path:
    """The folder with the state files of a worker's fold, one for each partition."""
    settings = worker.service.settings
    return settings.state_dir / f"{settings.prefix}{FOLDS[worker.service.name]}"


def _copy(source: Path, target: Path) -> None:
    if target.exists():
        shutil.rmtree(target)
    shutil.copytree(source, target)
