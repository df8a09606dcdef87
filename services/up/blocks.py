"""One record as a block that a person reads; what comes from outside is shown, never obeyed by the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from schemas import (
    Alert,
    Article,
    Claim,
    Count,
    DeadLetter,
    Decision,
    Delivery,
    EventRecord,
    FeedState,
    Indicator,
    Message,
    Observation,
    Period,
    PeriodPrecision,
    Place,
    Primed,
    Qualifier,
    Reading,
    Realis,
    Retired,
    Review,
    RuleSet,
    Silence,
    Span,
    Tick,
)

MAX_TOLD = 400
"""Longest text of one kind that is shown: a block is to be read at a glance."""

INDENT = 9
"""Width of a block's label, under which its lines stand."""

QUALIFIERS = {
    Qualifier.EXACT: "{0}",
    Qualifier.APPROXIMATELY: "about {0}",
    Qualifier.AT_LEAST: "at least {0}",
    Qualifier.AT_MOST: "at most {0}",
    Qualifier.MORE_THAN: "more than {0}",
    Qualifier.FEWER_THAN: "fewer than {0}",
    Qualifier.BETWEEN: "{0} to {1}",
    Qualifier.VAGUE: "some {0}",
}
"""How a number is spoken: with its value, and with the highest it can be."""


def clean(text: str, limit: int = MAX_TOLD) -> str:
    """Text from outside, on one line, without what a terminal would take as a command."""
    shown = "".join(c if c.isprintable() else " " if c.isspace() else "\N{REPLACEMENT CHARACTER}" for c in text[: limit + 1])
    return shown if len(text) <= limit else shown[:limit] + "…"


def word(term: str) -> str:
    """A word of a closed list as it is spoken."""
    return clean(term, 64).replace("_", " ")


def name(title: str, identity: str) -> str:
    """What to call an article: its headline, or, where it has none, the beginning of its id."""
    return clean(title) or f"article {clean(identity, 8).rstrip('…')}"


def number(value: int, qualifier: Qualifier, high: int | None = None) -> str:
    """A figure as it is spoken: `about 2,500`."""
    return QUALIFIERS.get(qualifier, "{0}").format(f"{value:,}", "more" if high is None else f"{high:,}")


def period(when: Period | None) -> str:
    """A period, as short as it can be said without loss."""
    if when is None:
        return ""
    if when.start == when.end:
        return when.end.isoformat()
    if when.precision == PeriodPrecision.QUARTER:
        return f"{when.start.year} Q{(when.start.month + 2) // 3}"
    if when.precision == PeriodPrecision.YEAR and (when.start, when.end) == (date(when.start.year, 1, 1), date(when.start.year, 12, 31)):
        return str(when.start.year)
    return f"{when.start.isoformat()} to {when.end.isoformat()}"


def places(where: Iterable[Place]) -> str:
    """Places by name."""
    return ", ".join(clean(place.name, 80) for place in where)


def quote(span: Span) -> Text:
    """A sentence with the words that hold the number standing out."""
    return highlighted(span.sentence, [span.words])


def highlighted(sentence: str, standing_out: Iterable[str]) -> Text:
    """A sentence with some words of it standing out."""
    text = Text(f"“{clean(sentence)}”", style="italic")
    for words in map(clean, standing_out):
        at = text.plain.find(words)
        if words and at >= 0:
            text.stylize("bold yellow not italic", at, at + len(words))
    return text


def block(label: str, style: str, head: Text | str, *lines: RenderableType) -> RenderableType:
    """A label, a head beside it, and lines under the head."""
    first = Text(f"{label:<{INDENT}}", style=style)
    first.append_text(head if isinstance(head, Text) else Text(head))
    return Group(first, *(Padding(line, (0, 0, 0, INDENT), expand=False) for line in lines))


def reading(message: Reading) -> RenderableType:
    """What an article says in numbers, with the words that say it."""
    article = message.article
    when = f"{article.published_at:%Y-%m-%d}" if article.published_at else ""
    head = Text.assemble((name(article.title, article.id), "bold"), "  ", " · ".join(filter(None, (clean(article.source, 80), when))))
    lines: list[RenderableType] = []
    for sentence, told in _by_sentence(message).items():
        lines += [count_line(event, count) for event, count in told]
        words = highlighted(sentence, (span.words for _, count in told for span in count.evidence if span.sentence == sentence))
        lines.append(Padding(words, (0, 0, 0, 2), expand=False))
    if not lines:
        lines.append(Text("says nothing that is counted", style="dim"))
    if message.left_out:
        lines.append(Text(f"not analysed: {clean(message.left_out)}", style="dim"))
    return block("read", "bold cyan", head, *lines)


def _by_sentence(message: Reading) -> dict[str, list[tuple[EventRecord, Count]]]:
    """The counts under the sentence that says each first."""
    told: dict[str, list[tuple[EventRecord, Count]]] = {}
    for event in message.events:
        for count in event.counts:
            told.setdefault(count.evidence[0].sentence, []).append((event, count))
    return told


def count_line(event: EventRecord, count: Count) -> Text:
    """One number: what, of whom, where, when, by whose word."""
    line = Text.assemble((number(count.value, count.qualifier, count.high), "bold"), f" {word(count.measure)}")
    about = [
        f"of {count.who}" if count.who and count.who != count.measure else "",
        f"by {count.actor}" if count.actor else "",
        f"side {count.side}" if count.side else "",
        places(count.places or event.places),
        period(count.period or event.period),
        f"according to {count.claimant}" if count.claimant else "",
    ]
    line.append("".join(f" · {clean(each, 120)}" for each in about if each))
    if count.realis != Realis.ASSERTED:
        line.append(f"  {count.realis}", style="magenta")
    if event.background:
        line.append("  background", style="magenta")
    return line


def subject(figure: Indicator) -> str:
    """What an indicator counts, in words."""
    parts = [
        f"{word(figure.measure)} ({word(figure.group)})" if figure.group != "people" else word(figure.measure),
        f"by {figure.actor}" if figure.actor else "",
        f"side {figure.side}" if figure.side else "",
        places(figure.places),
        period(figure.period),
    ]
    return ", ".join(part for part in parts if part)


def indicator(message: Indicator) -> RenderableType:
    """What is believed now, what was before, and who says so."""
    now = number(message.value, message.qualifier, message.high)
    head = Text.assemble(f"{subject(message)}: ", (now, "bold"))
    if message.previous is not None and message.previous.value != message.value:
        head.append(f"  was {number(message.previous.value, message.previous.qualifier, message.previous.high)}")
    if message.retracted:
        head.append("  taken back", style="magenta")
    if message.conflict:
        head.append("  tellers disagree", style="magenta")
    tellers = "; ".join(
        f"{clean(each.who.partition(':')[2] or each.who, 80)} says {number(each.value, each.qualifier, each.high)}"
        + (f" ({each.publishers} publishers)" if each.publishers > 1 else "")
        for each in message.tellers
    )
    aside = ", ".join(f"{count} {clean(reason, 40)}" for reason, count in sorted(message.set_aside.items()))
    lines = [Text(line, style="dim") for line in (tellers, f"set aside: {aside}" if aside else "") if line]
    return block("figure", "bold blue", head, *lines)


def alert(message: Alert) -> RenderableType:
    """A line that was crossed, and the words behind it."""
    head = Text.assemble((f"{message.rule.id} {message.status}", "bold"), f", {message.severity}: {clean(message.rule.summary)}")
    line = f"{message.value:,} against {word(message.direction)} {message.threshold:,}; {message.certainty}"
    words = [highlighted(each.sentence, [each.words]) for each in message.evidence[:1]]
    return block("alert", "bold red", head, Text(line + (", at first sight" if message.initial else "")), *words)


def decision(message: Decision) -> RenderableType:
    """Why a rule spoke or was silent."""
    group = ", ".join(f"{clean(k, 40)}={clean(v, 40)}" for k, v in sorted(message.group.items()))
    return block(
        "rule",
        "bold green",
        f"{message.rule}{f' [{group}]' if group else ''}: {word(message.reason)}",
        Text(clean(message.detail)),
    )


def article(message: Article) -> RenderableType:
    """What came in."""
    date_line = message.published_at.isoformat() if message.published_at else "no date that is believed"
    head = Text.assemble((clean(message.title) or "(no title)", "bold"), f"  {clean(message.source, 80)}")
    line = f"{message.status} · {date_line} · via {message.via} · {clean(message.url or message.id)}"
    return block("article", "bold", head, Text(line, style="dim"), Text(clean(message.text, 200)))


def claim(message: Claim) -> RenderableType:
    """One count on its way into a book."""
    taken = " taken back" if message.withdrawn else ""
    head = f"{number(message.value, message.qualifier, message.high)} {word(message.measure)}{taken} in book {clean(message.book, 80)}"
    return block("claim", "bold", head, *(quote(span) for span in message.evidence[:1]))


def delivery(message: Delivery) -> RenderableType:
    """Where an alert is on its way to an endpoint."""
    last = message.last
    tried = f", attempt {last.number}: {last.outcome}{f' ({last.status})' if last.status else ''}" if last else ""
    return block(
        "delivery",
        "bold",
        f"{message.type} to {message.endpoint}: {message.status}{tried}",
        Text(f"due {message.due_at.isoformat()}", style="dim"),
    )


def dead_letter(message: DeadLetter) -> RenderableType:
    """What could not be processed, and why."""
    at = f"{message.topic} {message.partition}:{message.offset}" if message.topic else "not from a topic"
    head = clean(f"{message.service}: {message.cause} · {message.size:,} bytes · {at}")
    return block("dead", "bold red", head, Text(clean(message.detail)), Text(clean(message.id), style="dim"))


def observation(message: Observation) -> RenderableType:
    """A figure as one rule sees it."""
    seen = "gone" if message.seen is None else number(message.seen.value, message.seen.qualifier, message.seen.high)
    return block("seen", "bold", f"{message.rule.id} sees {seen}{' (priming)' if message.priming else ''}")


def rules(message: RuleSet) -> RenderableType:
    """The rules in force."""
    lines = [Text(f"{rule.id}: {clean(rule.summary)}") for rule in message.rules]
    return block("rules", "bold", f"{len(message.rules)} in force since {message.published_at.isoformat()}", *lines)


def feed(message: FeedState) -> RenderableType:
    """What is known of a feed."""
    state = f"{message.failures} failures in a row" if message.failures else f"{len(message.seen)} entries known"
    return block("feed", "bold", f"{clean(message.feed, 80)}: {state}, asked at {message.polled_at.isoformat()}")


def silence(message: Silence) -> RenderableType:
    """What is not delivered, until when, and why."""
    head = f"{message.kind} by {clean(message.author, 80)} until {message.ends_at.isoformat()}"
    return block("silence", "bold", head, Text(clean(message.reason)))


def review(message: Review) -> RenderableType:
    """What an analyst changed, and why."""
    head = f"{message.action} by {clean(message.author, 80)} in book {clean(message.book, 80)}"
    return block("review", "bold", head, Text(clean(message.reason)))


def mark(message: Tick | Primed | Retired) -> RenderableType:
    """A mark between a service's own steps."""
    told = {
        Tick: lambda each: f"time: {each.at.isoformat()}",
        Primed: lambda each: f"{each.rule.id} has been shown partition {each.partition} of {each.of}",
        Retired: lambda each: f"{each.rule} is no longer in force",
    }
    return block("mark", "dim", Text(told[type(message)](message), style="dim"))


SHOWN: dict[type[Message], Callable[[Any], RenderableType]] = {
    Article: article,
    Reading: reading,
    Claim: claim,
    Review: review,
    Tick: mark,
    Indicator: indicator,
    Observation: observation,
    Primed: mark,
    Retired: mark,
    Alert: alert,
    Delivery: delivery,
    Decision: decision,
    RuleSet: rules,
    Silence: silence,
    FeedState: feed,
    DeadLetter: dead_letter,
}
"""Message -> how it is shown."""


def show(message: Message) -> RenderableType:
    """Any message of ours as a block."""
    return SHOWN[type(message)](message)
