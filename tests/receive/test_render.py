"""A block says what an analyst needs, and nothing in a payload can harm the terminal."""

from __future__ import annotations

from typing import Any

import pytest
from rich.console import Console

from services.receive import render

PAYLOAD: dict[str, Any] = {
    "type": "alert.fired",
    "timestamp": "2023-04-11T09:00:00Z",
    "data": {
        "severity": "critical",
        "certainty": "certain",
        "summary": "held in Peru: at least 1,200; the line is 1,000 or more",
        "rule": {"id": "held", "summary": "A thousand or more are held"},
        "figure": {"value": 1200, "low": 1200, "high": None, "previous": {"value": 900}},
        "line": {"words": "1,000 or more"},
        "tellers": [
            {"who": "claimant:ministry", "value": 1200, "beyond": True, "publishers": 3},
            {"who": "publisher:daily", "value": 700, "beyond": False},
        ],
        "evidence": [
            {
                "sentence": "At least 1,200 people are held, the ministry said.",
                "words": "At least 1,200",
                "source": "Daily",
                "url": "https://daily.example/1",
                "published_at": "2023-04-11T08:00:00Z",
            }
        ],
        "evidence_count": 4,
    },
}


def shown(payload: Any, *, verified: bool = True, duplicate: bool = False) -> str:
    console = Console(width=120, record=True, file=None, color_system=None, force_terminal=False)
    with console.capture() as capture:
        console.print(render(payload, verified, duplicate))
    return capture.get()


def test_it_says_what_an_analyst_needs() -> None:
    block = shown(PAYLOAD)
    for words in (
        "alert.fired",
        "critical",
        "signature verified",
        "A thousand or more are held",
        "1,200 (1,200 or more)",
        "line 1,000 or more",
        "before 900",
        "for certain",
        "ministry: 1,200",
        "told by 3 publishers",
        "daily: 700  (on the other side of the line)",
        "At least 1,200 people are held, the ministry said.",
        "https://daily.example/1",
        "and 3 more such claims",
    ):
        assert words in block


def test_of_an_end_nothing_is_said_to_be_beyond_the_line() -> None:
    block = shown({"type": "alert.resolved", "data": {**PAYLOAD["data"], "status": "resolved"}})
    assert "crossed" not in block
    assert "other side" not in block
    assert "daily: 700" in block


def test_it_says_what_is_not_verified_and_what_came_before() -> None:
    block = shown(PAYLOAD, verified=False, duplicate=True)
    assert "NOT VERIFIED" in block
    assert "received before" in block
    assert "signature verified" not in block


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"data": None},
        {"data": []},
        {"type": 7, "data": "text"},
        {"data": {"rule": [], "figure": 3, "tellers": {"a": 1}, "evidence": [None, 3, [], {"words": None}]}},
        {"data": {"figure": {"value": True, "low": "x", "high": {}}, "evidence_count": "many"}},
        {"data": {"summary": "x" * 100_000, "evidence": [{}] * 1_000, "tellers": [{}] * 1_000}},
    ],
)
def test_any_payload_can_be_shown(payload: dict[str, Any]) -> None:
    assert len(shown(payload)) < 20_000


def test_neither_markup_nor_control_characters_reach_the_terminal() -> None:
    hostile = {
        "type": "[red]x[/red]\x1b[2J",
        "data": {"summary": "[bold]a[/bold]\x1b]0;t\x07 \u202eback\u2066 \r\n", "severity": "\x9b31m"},
    }
    block = shown(hostile)
    assert "[bold]a[/bold]" in block
    assert "[red]x[/red]" in block
    assert not any(c in block for c in "\x1b\x07\x9b\u202e\u2066\r")
