"""How long tests wait for what will come: a machine of CI is shared, and now and then takes several times as long as a developer's."""

from __future__ import annotations

import os

FACTOR = 3.0 if os.environ.get("CI") else 1.0
"""What comes ends a wait at once, so that a longer one costs nothing but where a test fails; three is more than was ever seen to be needed
(21 s for a restart that takes 6 with nothing beside it)."""


def patient(seconds: float) -> float:
    """So many seconds of a developer's machine, on this one."""
    return seconds * FACTOR
