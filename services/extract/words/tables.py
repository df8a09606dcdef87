"""The tables of words beside the code, as YAML tells them."""

from __future__ import annotations

from importlib import resources
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def table(name: str) -> Any:
    """What a file of `data/` holds."""
    return yaml.load(resources.files("services.extract").joinpath("data", name).read_text("utf-8"), Loader=_LOADER)  # noqa: S506  # a safe loader, in C where there is one
