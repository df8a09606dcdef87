"""One run of one contestant: a process of its own, warmed up, stopped while its topic is filled, let go, and watched to the end."""

from __future__ import annotations

import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.support.kafka import _die_with_parent

from .broker_side import BrokerSide
from .contestants import ROOT, Contestant
from .frameworks.meter import begin, spent
from .load import Writer
from .measuring import cpu_seconds, peak_memory
from .outcome import Race, delay, delivered, rate

FIRST = {"empty": 2_000, "extract": 200}
"""Articles before the clock starts, and in the first heat: tables are loaded and connections made with them."""

ENOUGH = 0.6
"""Share of the wanted time from which on a heat counts; a shorter one is followed by one with more articles."""

GROWTH = 12.0
"""So many times as many articles at most: a first heat is mostly waking up, and says little of what follows."""

MOST = 400_000
"""Articles of one heat, however quick."""

START = 60.0
"""Seconds in which a contestant has to have read its first articles."""

PATIENCE = 90.0
"""Seconds that a heat may take; a few are wanted, and a busy machine takes several times as long."""

COMMITS_WITHIN = 10.0
"""Seconds in which everything has to be committed once everything is written: twenty intervals."""

ENDS_WITHIN = 15.0
"""Seconds after SIGTERM until it is killed."""

SETTLING = 0.2
"""Share of the run at an even pace that is left out: queues find their length."""


class Failed(Exception):
    """A contestant ended, or never came to the end; the text has the end of its log."""


def race(
    contestant: Contestant,
    handler: str,
    brokers: str,
    python: str,
    writer: Writer,
    *,
    seconds: float,
    messages: int | None,
    paced_after: Sequence[float] | None,
) -> Race:
    """Let a contestant do what takes it about so many seconds, or so many messages.

    Where earlier rates are given, perhaps none, it is then paced at half of the median of these and its own.

    Raises:
        Failed: it ended by itself, or was too slow.

    """
    prefix = f"b{uuid.uuid4().hex[:8]}."
    side = BrokerSide(brokers, prefix)
    with side.topics(), _started(contestant, handler, brokers, prefix, python) as runner:
        course = _Course(side, runner, writer)
        course.warm_up(messages or FIRST[handler])
        heat = course.heat(messages or FIRST[handler])
        while messages is None and heat.took < ENOUGH * seconds and len(heat.numbers) < MOST:
            heat = course.heat(min(MOST, int(len(heat.numbers) * min(GROWTH, 1.1 * seconds / heat.took))))
        memory = peak_memory(runner.pid)
        pace = median([*paced_after, len(heat.numbers) / heat.took]) / 2 if paced_after is not None else 0.0
        paced = course.paced(max(2, int(pace * seconds)), pace) if pace else range(0)
        committed = side.await_true(lambda: side.behind() == 0, COMMITS_WITHIN) if contestant.commits else None
        behind = None if committed is None else side.behind()
        runner.end()
        outputs = list(side.records(side.target))
        return Race(
            rate(len(heat.numbers), heat.since, outputs, heat.numbers),
            heat.cpu / len(heat.numbers),
            heat.handling / len(heat.numbers),
            memory,
            delivered(range(course.written), outputs),
            behind,
            delay(_inputs(side, paced), outputs) if pace else None,
            pace,
        )


@dataclass(frozen=True, slots=True)
class _Heat:
    numbers: range
    since: float
    """When it was let go, by the clock that the broker has as well."""
    took: float
    cpu: float
    handling: float


class _Course:
    """What a contestant is given to do, one part after the other."""

    def __init__(self, side: BrokerSide, runner: _Runner, writer: Writer) -> None:
        self._side = side
        self._runner = runner
        self._writer = writer
        self.written = 0

    def _next(self, count: int) -> range:
        numbers = range(self.written, self.written + count)
        self.written = numbers.stop
        return numbers

    def warm_up(self, count: int) -> None:
        """The first articles, when it has found its partitions."""
        self._writer.fill(self._side.source, self._next(count))
        self._runner.await_written(self._side, self.written, START)

    def heat(self, count: int) -> _Heat:
        """So many articles that all stand there when it is let go."""
        numbers = self._next(count)
        self._runner.pause()
        self._writer.fill(self._side.source, numbers)
        cpu, handling, since = cpu_seconds(self._runner.pid), spent(self._runner.meter), time.time()
        self._runner.go_on()
        self._runner.await_written(self._side, self.written, PATIENCE)
        return _Heat(numbers, since, time.time() - since, cpu_seconds(self._runner.pid) - cpu, spent(self._runner.meter) - handling)

    def paced(self, count: int, pace: float) -> range:
        """So many articles at an even pace."""
        numbers = self._next(count)
        self._writer.pace(self._side.source, numbers, pace)
        self._runner.await_written(self._side, self.written, PATIENCE)
        return numbers


def _inputs(side: BrokerSide, paced: range) -> dict[int, float]:
    settled = range(paced.start + int(len(paced) * SETTLING), paced.stop)
    return {one.number: one.at for one in side.records(side.source) if one.number in settled}


class _Runner:
    """The process of a contestant."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path, meter: Path) -> None:
        self._process = process
        self._log = log
        self.meter = meter

    @property
    def pid(self) -> int:
        return self._process.pid

    def pause(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def await_written(self, side: BrokerSide, count: int, patience: float) -> None:
        """Return when so many outputs are there."""
        if not side.await_true(lambda: side.written() >= count or self._process.poll() is not None, patience):
            raise Failed(f"{side.written()} of {count} outputs after {patience:.0f} s:\n{self._tail()}")
        if self._process.poll() is not None and side.written() < count:
            raise Failed(f"ended with {self._process.returncode} after {side.written()} of {count} outputs:\n{self._tail()}")

    def end(self) -> None:
        """SIGTERM, and SIGKILL where that does not help."""
        self.go_on()
        self._process.terminate()
        try:
            self._process.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _tail(self) -> str:
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-15:])


@contextmanager
def _started(contestant: Contestant, handler: str, brokers: str, prefix: str, python: str) -> Iterator[_Runner]:
    module = f"tests.bench.frameworks.{contestant.module}"
    with tempfile.TemporaryDirectory(prefix="tallywire-race-") as folder, (Path(folder) / "log").open("wb") as log:
        begin(meter := Path(folder) / "meter")
        arguments = ["--brokers", brokers, "--prefix", prefix, "--handler", handler, "--meter", str(meter)]
        process = subprocess.Popen(
            [python, "-W", "ignore", "-m", module, *arguments],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=_die_with_parent,  # noqa: PLW1509  # it calls nothing that takes a lock
        )
        runner = _Runner(process, Path(folder) / "log", meter)
        try:
            yield runner
        finally:
            runner.end()
