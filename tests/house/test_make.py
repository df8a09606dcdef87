"""`make` says in one line what is wrong and what to do, and lists what it can."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What set-up reads, in a folder without an environment."""
    for name in ("Makefile", "pyproject.toml", "requirements.lock", "requirements-dev.lock"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run make; what it said."""
    return subprocess.run(["make", *arguments], cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def fake(folder: Path, script: str) -> str:
    """A program that stands in for Python."""
    program = folder / "fake-python"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return f"PYTHON={program}"


def test_help_lists_every_target_and_is_what_make_alone_says(checkout: Path) -> None:
    declared = re.findall(r"^\.PHONY: ([a-z-]+)$", MAKEFILE, re.MULTILINE)
    listed = make(checkout, "help").stdout
    assert re.findall(r"make ([a-z-]+)", listed) == declared
    assert make(checkout).stdout == listed


@pytest.mark.parametrize("python", ["PYTHON=no-such-python", "old"])
def test_an_absent_or_old_python_is_said_in_one_line(checkout: Path, python: str) -> None:
    done = make(checkout, "setup", fake(checkout, "exit 1") if python == "old" else python)
    assert done.returncode != 0
    assert done.stderr.splitlines()[0].startswith("Tallywire needs Python 3.11 or newer")
    assert not (checkout / ".venv").exists()


def test_an_environment_that_cannot_be_made_is_said_in_one_line(checkout: Path) -> None:
    done = make(checkout, "setup", fake(checkout, '[ "$1" = -c ]'))
    assert done.returncode != 0
    assert done.stderr.splitlines()[0].startswith("No virtual environment could be made in this folder")


def test_a_registry_that_cannot_be_reached_is_said_in_one_line(checkout: Path) -> None:
    """A stand-in makes an environment whose pip fails as it does without a network."""
    pip = 'printf "#!/bin/sh\\necho no route to host >&2; exit 1\\n" > .venv/bin/python; chmod +x .venv/bin/python'
    done = make(checkout, "setup", fake(checkout, f'[ "$1" = -c ] || {{ mkdir -p .venv/bin; {pip}; }}'))
    assert done.returncode != 0
    assert done.stderr.splitlines()[0].startswith("The packages could not be installed: see that the package registry can be reached")
    assert (checkout / ".venv" / "setup.log").read_text() == "no route to host\n"
    assert not (checkout / ".venv" / ".ready").exists()


def test_a_second_set_up_does_nothing(checkout: Path) -> None:
    (checkout / ".venv").mkdir()
    (checkout / ".venv" / ".ready").touch()
    done = make(checkout, "setup")
    assert done.returncode == 0
    assert "Setting up" not in done.stdout
