"""What was read, for people and for programs: a table of counts in their sentences, or one JSON line an event."""

from __future__ import annotations

from collections.abc import Iterator

import orjson
from rich.console import Group as Rows
from rich.table import Table
from rich.text import Text

from schemas import Count, EventRecord, Period, Place, Qualifier, Reading, Realis, Span

WIDTH = 160
"""Characters of a sentence that the table shows around the number's words."""

_SIGNS = {
    Qualifier.EXACT: "",
    Qualifier.APPROXIMATELY: "~",
    Qualifier.AT_LEAST: "≥ ",
    Qualifier.AT_MOST: "≤ ",
    Qualifier.MORE_THAN: "> ",
    Qualifier.FEWER_THAN: "< ",
    Qualifier.VAGUE: "vaguely ",
}


def lines(reading: Reading) -> Iterator[bytes]:
    """One line for each event: the EventRecord with its article's reference and the extractor in it."""
    head = reading.model_dump(mode="json", include={"article", "extractor"})
    for event in reading.events:
        yield orjson.dumps(event.model_dump(mode="json") | head)


def table(reading: Reading) -> Rows | Text:
    """The counts of a reading, each in its sentence with its words marked."""
    if not reading.events:
        return Text("no counts", style="dim")
    found = Table(show_lines=True, expand=True)
    found.add_column("count", ratio=2, overflow="fold")
    found.add_column("who, when, where", ratio=3, overflow="fold")
    found.add_column("in its sentence", ratio=4, overflow="fold")
    for event in reading.events:
        for count in event.counts:
            found.add_row(_number(count), Text("\n").join(_details(count, event)), _sentence(count.evidence[0]))
    heading = Text(_clean(reading.article.title or reading.article.id), style="bold")
    if reading.left_out:
        return Rows(heading, found, Text(f"not analysed: {reading.left_out}", style="yellow"))
    return Rows(heading, found)


def _number(count: Count) -> Text:
    value = (
        f"{count.value:,}" if count.qualifier is not Qualifier.BETWEEN else f"{count.low or count.value:,} to {count.high or count.value:,}"
    )
    text = Text(f"{count.measure} {_SIGNS.get(count.qualifier, '')}{value}", style="bold")
    if count.realis is not Realis.ASSERTED:
        text.append(f"\n{count.realis}", style="yellow")
    if count.parent:
        text.append("\npart of another", style="dim")
    return text


def _details(count: Count, event: EventRecord) -> Iterator[Text]:
    """What else is known of a count, a line each."""
    yield Text(_clean(f"{count.who} ({count.group})" if count.who and count.who != count.group else count.group))
    told = [("side", count.side), ("by", count.actor), ("told by", count.claimant)]
    if roles := ", ".join(f"{name} {slug}" for name, slug in told if slug):
        yield Text(roles)
    yield Text(f"{count.kind}, {event.type}" + (", background" if event.background else ""), style="dim")
    period: Period | None = count.period or event.period
    if period is not None:
        days = f"{period.start}" if period.start == period.end else f"{period.start} to {period.end}"
        yield Text(days + (" (inferred)" if period.inferred else ""))
    places: tuple[Place, ...] = count.places or event.places
    if places:
        yield Text(_clean(", ".join(f"{place.name} ({place.country})" if place.country else place.name for place in places[:4])))


def _sentence(span: Span) -> Text:
    at = max(0, span.sentence.find(span.words))
    first = max(0, at - WIDTH // 2)
    shown = span.sentence[first : at + len(span.words) + WIDTH // 2]
    text = Text(_clean(("…" if first else "") + shown + ("…" if at + len(span.words) + WIDTH // 2 < len(span.sentence) else "")))
    text.highlight_words([_clean(span.words)], style="bold reverse")
    return text


def _clean(text: str) -> str:
    """Without control characters, which a terminal would obey."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text)
