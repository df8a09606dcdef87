"""One received webhook as a block that a person reads at a glance; whatever the payload holds, it is shown as plain text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.text import Text

MAX_LINE: Final = 600
"""Characters of one field that are shown."""

SHOWN_EVIDENCE: Final = 3
"""Pieces of evidence that are shown; their number stands beside."""

SHOWN_TELLERS: Final = 5

_OVER: Final = ("resolved", "retracted")
"""Statuses after which nothing is beyond the line any more."""

_SURELY: Final = {"certain": "for certain", "possible": "possibly"}
_COLOURS: Final = {"critical": "red", "warning": "yellow", "info": "cyan"}


def render(payload: Mapping[str, Any], verified: bool, duplicate: bool) -> RenderableType:  # noqa: FBT001  # two facts about it
    """The block of one webhook: what changed, the figure and its range, the line, who says so, the words, the link."""
    data = _mapping(payload.get("data"))
    severity = _text(data.get("severity"))
    colour = _COLOURS.get(severity, "white") if verified else "red"
    title = Text(f" {_text(payload.get('type')) or 'webhook'} ", style=f"bold {colour}")
    if severity:
        title.append(f"{severity} ", style=colour)
    marks = Text(" signature verified " if verified else " NOT VERIFIED: do not believe it ", style="green" if verified else "bold red")
    if duplicate:
        marks.append("· received before ", style="yellow")
    return Panel(Group(*_lines(data)), title=title, subtitle=marks, title_align="left", subtitle_align="left", border_style=colour)


def _lines(data: Mapping[str, Any]) -> list[Text]:
    rule = _mapping(data.get("rule"))
    lines = []
    if rule:
        lines.append(Text(_text(rule.get("summary")) or _text(rule.get("id")), style="bold"))
    if data.get("summary"):
        lines.append(Text(_text(data.get("summary"))))
    over = _text(data.get("status")) in _OVER
    lines += [_range(_mapping(data.get("figure")), _mapping(data.get("line")), "" if over else _text(data.get("certainty")))]
    tellers = _sequence(data.get("tellers"))
    lines += [_teller(_mapping(each), beyond=None if over else _mapping(each).get("beyond")) for each in tellers[:SHOWN_TELLERS]]
    if len(tellers) > SHOWN_TELLERS:
        lines.append(Text(f"  and {len(tellers) - SHOWN_TELLERS} more who say", style="dim"))
    for each in _sequence(data.get("evidence"))[:SHOWN_EVIDENCE]:
        lines += _evidence(_mapping(each))
    hidden = _number(data.get("evidence_count")) - len(_sequence(data.get("evidence"))[:SHOWN_EVIDENCE])
    if hidden > 0:
        lines.append(Text(f"and {hidden} more such {'claim' if hidden == 1 else 'claims'}", style="dim"))
    return [each for each in lines if each.plain] or [Text("(nothing in it that can be shown)", style="dim")]


def _range(figure: Mapping[str, Any], line: Mapping[str, Any], certainty: str) -> Text:
    if not figure:
        return Text()
    text = Text("figure ", style="dim")
    text.append(_count(figure.get("value")), style="bold")
    low, high = figure.get("low"), figure.get("high")
    if low != high:
        text.append(f" ({_bounds(low, high)})")
    text.append("  line ", style="dim").append(_text(line.get("words")))
    before = _mapping(figure.get("previous"))
    if before:
        text.append("  before ", style="dim").append(_count(before.get("value")))
    if certainty:
        text.append("  crossed ", style="dim").append(_SURELY.get(certainty, certainty))
    return text


def _bounds(low: object, high: object) -> str:
    if high is None:
        return f"{_count(low)} or more"
    return f"{_count(high)} or fewer" if low is None else f"{_count(low)} to {_count(high)}"


def _teller(teller: Mapping[str, Any], *, beyond: object) -> Text:
    text = Text("says   ", style="dim")
    text.append(_text(teller.get("who")).partition(":")[2] or _text(teller.get("who"))).append(": ").append(_count(teller.get("value")))
    if beyond is False:
        text.append("  (on the other side of the line)", style="yellow")
    publishers = _number(teller.get("publishers"))
    if publishers > 1:
        text.append(f"  told by {publishers} publishers", style="dim")
    return text


def _evidence(evidence: Mapping[str, Any]) -> list[Text]:
    sentence = Text(f"“{_text(evidence.get('sentence'))}”", style="italic")
    words = _text(evidence.get("words"))
    if words and (at := sentence.plain.find(words)) >= 0:
        sentence.stylize("bold reverse", at, at + len(words))
    source = " · ".join(part for part in (_text(evidence.get("source")), _text(evidence.get("published_at"))[:10]) if part)
    return [
        sentence,
        Text(f"  {source}", style="dim") if source else Text(),
        Text(f"  {_text(evidence.get('url'))}", style="blue") if evidence.get("url") else Text(),
    ]


def _text(value: object) -> str:
    """At most a line of printable characters: nothing that moves the cursor or turns the writing around."""
    if not isinstance(value, str):
        return "" if value is None or isinstance(value, dict | list) else str(value)[:MAX_LINE]
    cut = value[:MAX_LINE]
    return "".join(c if c.isprintable() else " " for c in cut) + ("…" if len(value) > MAX_LINE else "")


def _count(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else "?"


def _number(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _sequence(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else []
