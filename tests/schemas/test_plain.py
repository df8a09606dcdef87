"""What is read plainly is what the model reads, and what the model refuses is refused in its words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from pydantic import ValidationError

from schemas import Claim, plain, read_book_record, read_book_record_plainly
from tests.bench.rebuild import template

CHANGES: list[dict[str, Any]] = [
    {},
    {"event_type": "rumoured", "measure": "betrayed"},
    {"article": template()["article"] | {"published_at": "2024-03-05T10:00:00+03:00"}},
    {"article": template()["article"] | {"published_at": None, "simhash": "0123456789abcdef"}},
    {"unknown": [1]},
    {"low": None, "period": None, "places": [], "evidence": []},
    {"confidence": 1, "withdrawn": "true"},
    {"value": "12"},
    {"value": -1, "group": 7},
    {"side": "ISIS"},
    {"event_type": "x" * 65},
    {"article": template()["article"] | {"collected_at": "2024-03-05T10:00:00"}},
    {"period": {"start": "2024-03-02", "end": "2024-03-01", "precision": "day"}},
    {"record": "tock"},
    {"batch": None},
]


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_it_takes_and_refuses_what_the_model_does(change: dict[str, Any]) -> None:
    data = orjson.dumps(template() | change)
    assert _said(read_book_record_plainly, data) == _said(read_book_record, data)


def _said(read: Callable[[bytes], object], data: bytes) -> object:
    """What is read, or why not."""
    try:
        said = read(data)
    except ValidationError as error:
        return error.errors(include_context=False)
    return plain(said) if isinstance(said, Claim) else said


def test_other_records_of_a_book_are_read_as_ever() -> None:
    data = b'{"record":"tick","at":"2024-03-05T10:00:00Z"}'
    assert read_book_record_plainly(data) == read_book_record(data)
