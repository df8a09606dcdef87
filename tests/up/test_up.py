"""The main job in front of a person: the sample wire leads to its alerts, a post to two more, and the end leaves nothing running."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from services.up.samples import expected
from tests.support.kafka import Kafka
from tests.support.patience import patient

pytestmark = [pytest.mark.broker, pytest.mark.timeout(180)]

PORTS = {f"TALLYWIRE_{name}_PORT": "0" for name in ("INTAKE", "COLLECT", "EXTRACT", "MEASURE", "NOTIFY")}
WITHIN = patient(60.0)
"""Seconds; a dozen are usual on two idle cores."""


class Up:
    """A running `tallywire up`, and what it has said so far."""

    def __init__(self, process: subprocess.Popen[bytes], said: Path) -> None:
        self.process = process
        self._said = said

    @property
    def said(self) -> str:
        return self._said.read_text(errors="replace")

    def until(self, words: str) -> str:
        deadline = time.monotonic() + WITHIN
        while words not in self.said:
            assert self.process.poll() is None, self.said
            assert time.monotonic() < deadline, self.said
            time.sleep(0.05)
        return self.said


@contextmanager
def up(folder: Path, *options: str) -> Iterator[Up]:
    command = [sys.executable, "-m", "services.cli.main", "up", "--state", str(folder), *options]
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, env={**os.environ, **PORTS, "COLUMNS": "200"}, start_new_session=True)
        try:
            yield Up(process, folder / "said")
        finally:
            process.kill()
            process.wait()


def left_behind(folder: Path) -> list[str]:
    """Processes whose environment or arguments name the folder: ours, however deep."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            told = (process / "environ").read_bytes() + (process / "cmdline").read_bytes()
        except OSError:
            continue  # ended meanwhile, or not ours
        if str(folder).encode() in told:
            found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found


def alerts(said: str) -> int:
    """How many verified alerts the receiver has shown."""
    return len(re.findall("─ +signature verified", said))


def command_to_post(said: str) -> str:
    (line,) = re.findall(r"^  post +(curl .*)$", said, re.MULTILINE)
    return str(line)


def rules_told(said: str) -> str:
    return said[said.rindex("What each rule makes of") :]


@pytest.mark.parametrize("broker", ["embedded", "kafka"])
def test_once_sends_the_wire_through_and_ends_with_its_alerts(tmp_path: Path, broker: str, request: pytest.FixtureRequest) -> None:
    options = ["--once"]
    if broker == "kafka":
        kafka: Kafka = request.getfixturevalue("kafka")
        options += ["--bootstrap", kafka.bootstrap]
    with up(tmp_path, *options) as run:
        assert run.process.wait(WITHIN) == 0, run.said
        said = run.said
    assert alerts(said) == len(expected("wire")), said
    assert "NOT VERIFIED" not in said
    assert left_behind(tmp_path) == []
    assert list(tmp_path.iterdir()) == [tmp_path / "said"]


def test_a_post_raises_two_alerts_and_every_rule_says_why_and_ctrl_c_leaves_nothing(tmp_path: Path) -> None:
    with up(tmp_path) as run:
        said = run.until("Everything is up")
        before = alerts(said)
        post = subprocess.run(command_to_post(said), shell=True, capture_output=True, timeout=30, check=True)  # noqa: S602  # what a person pastes
        assert b'"id"' in post.stdout
        told = rules_told(run.until("What each rule makes of"))
        assert alerts(run.said) == before + len(expected("post")), run.said
        for each in expected("post"):
            assert f"{each.rule}: fired" in told
        assert "al-shabaab-fighters-remaining: it watches side al-shabaab" in told
        run.process.send_signal(signal.SIGINT)
        assert run.process.wait(WITHIN) == 0
    assert left_behind(tmp_path) == []


def test_a_killed_parent_leaves_nothing(tmp_path: Path) -> None:
    with up(tmp_path) as run:
        run.until("read ")
        run.process.kill()
        run.process.wait()
        deadline = time.monotonic() + WITHIN
        while left_behind(tmp_path):
            assert time.monotonic() < deadline, left_behind(tmp_path)
            time.sleep(0.1)
