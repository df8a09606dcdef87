"""Programs that a test needs and a machine may lack."""

from __future__ import annotations

import os
import shutil

import pytest


def need(program: str, package: str) -> str:
    """The path of a program. Where it is absent, the test is skipped by name on a developer's machine, and fails in CI."""
    found = shutil.which(program)
    if found is not None:
        return found
    reason = f"{program} is absent: install Debian's package {package}"
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
