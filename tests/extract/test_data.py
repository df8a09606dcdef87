"""The tables that words are added to: no word of theirs is read as anything but a word."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from services import extract

FOLDER = Path(extract.__file__).parent / "data"


def truths(value: Any, where: str) -> Iterator[str]:
    """Where a table holds true or false: YAML reads a bare "on" or "no" so."""
    if isinstance(value, bool):
        yield where
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from truths(key, f"{where}: key")
            yield from truths(inner, f"{where}: {key}")
    elif isinstance(value, list):
        for inner in value:
            yield from truths(inner, where)


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.yaml")), ids=lambda file: file.name)
def test_no_word_is_read_as_true_or_false(file: Path) -> None:
    assert list(truths(yaml.safe_load(file.read_text()), file.name)) == []
