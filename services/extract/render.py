"""What was read, for people and for programs: a table of counts in their sentences or one JSON line an event; and why it was read so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import orjson
from rich.box import SIMPLE
from rich.console import Group as Rows
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from schemas import Article, Count, EventRecord, Period, Place, Qualifier, Reading, Realis, Span

from .explanation import Decision, Explanations, Value

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


def explained_lines(reading: Reading, explanations: Explanations) -> Iterator[bytes]:
    """One line for each count: its id, and of each field the words that decided it, with their offsets in the text or the title."""
    for event in reading.events:
        for count in event.counts:
            fields = [_decided(decision) for decision in explanations[count.id]]
            yield orjson.dumps({"article": reading.article.id, "count": count.id, "fields": fields})


def table(reading: Reading, article: Article) -> Rows | Text:
    """The counts of a reading of an article, each in its sentence with its words marked."""
    if not reading.events:
        return Text("no counts", style="dim")
    texts = _texts(article)
    found = Table(show_lines=True, expand=True)
    found.add_column("count", ratio=2, overflow="fold")
    found.add_column("who, when, where", ratio=3, overflow="fold")
    found.add_column("in its sentence", ratio=4, overflow="fold")
    for event in reading.events:
        for count in event.counts:
            found.add_row(_number(count), Text("\n").join(_details(count, event)), _sentence(count.evidence[0], texts))
    return _page(reading, found)


def explained(reading: Reading, article: Article, explanations: Explanations) -> Rows | Text:
    """The counts of a reading, each with its sentence and the words that decided each of its fields."""
    if not reading.events:
        return Text("no counts", style="dim")
    texts = _texts(article)
    rows: list[RenderableType] = []
    for event in reading.events:
        for count in event.counts:
            rows += [Text(), _number(count), _sentence(count.evidence[0], texts), _reasons(explanations[count.id])]
    return _page(reading, *rows)


def _page(reading: Reading, *rows: RenderableType) -> Rows:
    heading = Text(_clean(reading.article.title or reading.article.id), style="bold")
    unread = [Text(f"not analysed: {reading.left_out}", style="yellow")] if reading.left_out else []
    return Rows(heading, *rows, *unread)


def _texts(article: Article) -> Mapping[str, str]:
    return {"title": article.title, "text": article.text}


def _decided(decision: Decision) -> dict[str, Value]:
    reason, found = decision.reason, bool(decision.words)
    return {
        "field": decision.name,
        "value": decision.value,
        "words": decision.words if found else None,
        "in": reason.field if found else None,
        "start": reason.start if found else None,
        "end": reason.end if found else None,
        "because": reason.because,
    }


def _reasons(decisions: Iterable[Decision]) -> Table:
    found = Table(box=SIMPLE, expand=True)
    found.add_column("field", min_width=10, no_wrap=True)
    for name, ratio in (("value", 3), ("words", 4), ("because", 5)):
        found.add_column(name, ratio=ratio, overflow="fold")
    for decision in decisions:
        reason = decision.reason
        words = Text(_clean(decision.words), style="bold")
        if decision.words:
            words.append(f" {'title ' if reason.field == 'title' else ''}{reason.start}-{reason.end}", style="dim")
        found.add_row(decision.name, Text(_shown(decision.value)), words, Text(reason.because), style="dim" if reason.by_default else None)
    return found


def _shown(value: Value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case _:
            return _clean(str(value))


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


def _sentence(span: Span, texts: Mapping[str, str]) -> Text:
    """The words around a number, with the number marked where it stands: the same words may come in its sentence more than once."""
    at = span.start - _beginning(span, texts[span.field])
    length = span.end - span.start
    first, last = max(0, at - WIDTH // 2), at + length + WIDTH // 2
    opening = "…" if first else ""
    text = Text(_clean(opening + span.sentence[first:last] + ("…" if last < len(span.sentence) else "")))
    marked = len(opening) + at - first
    text.stylize("bold reverse", marked, marked + length)
    return text


def _beginning(span: Span, text: str) -> int:
    """Where the sentence of a span begins, which is quoted so that it holds the span."""
    return text.index(span.sentence, max(0, span.end - len(span.sentence)), span.start + len(span.sentence))


def _clean(text: str) -> str:
    """Without control characters, which a terminal would obey."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text)
