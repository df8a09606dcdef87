"""A small disk in memory, to be filled, or written to no more."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SIZE = 16
"""MiB: the state of a short run fits many times."""


class Disk:
    """A mounted folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._filler = folder / "filler"

    def fill(self) -> None:
        """Leave not a byte."""
        with self._filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(4096))

    def empty(self) -> None:
        """Make room again."""
        self._filler.unlink()

    def lock(self) -> None:
        """Let nothing be written; nobody may have a file of it open for writing."""
        _run("mount", "-o", "remount,ro", str(self._folder))

    def unlock(self) -> None:
        """Let it be written to again."""
        _run("mount", "-o", "remount,rw", str(self._folder))


@contextmanager
def mounted(folder: Path) -> Iterator[Disk]:
    """A disk at a folder; the test is skipped by name where nobody may mount one, and fails in CI."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        _run("mount", "-t", "tmpfs", "-o", f"size={SIZE}m", "tmpfs", str(folder))
    except (OSError, subprocess.CalledProcessError) as error:
        reason = f"a tmpfs cannot be mounted here: run as root, or with sudo that asks for no password ({error})"
        if os.environ.get("CI"):
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    try:
        yield Disk(folder)
    finally:
        _run("umount", "--lazy", str(folder))


def _run(*command: str) -> None:
    sudo = [] if os.geteuid() == 0 or shutil.which("sudo") is None else ["sudo", "-n"]
    subprocess.run([*sudo, *command], check=True, capture_output=True)
