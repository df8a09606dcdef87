"""The first screen of the README tells the truth: what it shows is what the command prints."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

README = (Path(__file__).parents[2] / "README.md").read_text()
SHOWN = re.search(r"^```text\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
BEFORE = re.compile(r"(?: was about 8,000|, down from about 8,000| before 8,000)")
"""What stood before: it is told only when the older article was read first, as it usually is."""


def words(text: str) -> str:
    """A text without frames and line ends."""
    return BEFORE.sub("", " ".join(re.sub("[│╭╮╰╯─]", " ", text).split()))


@pytest.mark.broker
@pytest.mark.timeout(180)
def test_what_the_readme_shows_is_what_is_printed(tmp_path: Path) -> None:
    ports = {f"TALLYWIRE_{name}_PORT": "0" for name in ("INTAKE", "COLLECT", "EXTRACT", "MEASURE", "NOTIFY")}
    done = subprocess.run(
        [sys.executable, "-m", "services.cli.main", "up", "--once", "--state", str(tmp_path)],
        env={**os.environ, **ports, "COLUMNS": "100"},
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert SHOWN is not None
    printed = words(done.stdout)
    shown = [block for block in re.split(r"^(?=read|figure|╭)", SHOWN[1], flags=re.MULTILINE) if block]
    assert [block for block in shown if words(block) not in printed] == [], done.stdout


def test_the_first_screen_names_the_two_commands() -> None:
    screen = "\n".join(README.splitlines()[:20])
    assert "$ make run" in screen
    assert "$ make test" in screen
