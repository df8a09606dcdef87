"""Whether a history kept the promise: a pure function from its entries to what was lost, doubled or left undone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from .history import (
    Begun,
    Committed,
    Due,
    Ended,
    Entry,
    Fault,
    Figure,
    Finished,
    Input,
    Letter,
    Offsets,
    Output,
    Sent,
    Started,
    Stuck,
    Webhook,
)

E = TypeVar("E")
K = TypeVar("K", bound=Hashable)

EXAMPLES = 5
"""How many of a kind a finding names."""

REWIND = "rewind"
"""Name of the fault that sets committed offsets back on purpose."""


class Kind(StrEnum):
    """In what a run can fail."""

    INCOMPLETE = "incomplete"
    """The history breaks off, or nothing happened in it: it proves nothing."""
    VANISHED = "vanished"
    """The brokers acknowledged a record that is not there."""
    LOST = "lost"
    """An acknowledged article has no reading."""
    MISBELIEVED = "misbelieved"
    """A final indicator is not what the reference fold says."""
    UNTOLD = "untold"
    """An alert that was due did not reach the receiver."""
    UNCALLED_FOR = "uncalled-for"
    """An alert that was not due did."""
    TOLD_TWICE = "told-twice"
    """One alert came under several webhook-ids."""
    REWORDED = "reworded"
    """One webhook-id came with several bodies."""
    REWRITTEN = "rewritten"
    """One id of a record stands on its topic with several contents."""
    REPEATED = "repeated"
    """A record was written twice where nothing gave reason to."""
    BEHIND = "behind"
    """A group's committed offset is not the end of the log."""
    WENT_BACK = "went-back"
    """A group's committed offset was lower than before."""
    UNBURIED = "unburied"
    """A poisoned record has no dead letter of the right cause."""
    BURIED = "buried"
    """A record that was not poisoned has a dead letter."""
    STUCK = "stuck"
    """What was waited for did not come in time."""
    FELL_OVER = "fell-over"
    """Services ended by themselves more often than the fault explains, or with an error when asked to stop."""
    HELPED = "helped"
    """Somebody had to help."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One way in which a run broke the promise."""

    kind: Kind
    sentence: str


def check(history: Sequence[Entry]) -> list[Finding]:
    """What the run broke of the promise; empty when it kept all of it."""
    return [Finding(kind, sentence) for kind, look in CHECKS for sentence in look(history)]


# --- whether it proves anything


def _incomplete(history: Sequence[Entry]) -> Iterator[str]:
    for wanted in (Begun, Sent, Due, Offsets, Finished):
        if not _of(history, wanted):
            yield f"the history has no entry of {wanted.__name__}"
    if not any(figure.source == "expected" for figure in _of(history, Figure)):
        yield "the history expects no figure"


# --- nothing lost


def _vanished(history: Sequence[Entry]) -> Iterator[str]:
    there = {(one.topic, one.partition, one.offset): one.digest for one in _of(history, Input)}
    gone = [sent for sent in _of(history, Sent) if there.get((sent.topic, sent.partition, sent.offset)) != sent.digest]
    yield from _say("acknowledged records do not stand on their topic", (_place(sent) for sent in gone))


def _lost(history: Sequence[Entry]) -> Iterator[str]:
    read = {output.article for output in _of(history, Output)}
    due = {sent.article: _place(sent) for sent in _of(history, Sent) if sent.article is not None and sent.cause is None}
    yield from _say(
        "acknowledged articles have no reading", (f"{article} ({place})" for article, place in due.items() if article not in read)
    )


def _misbelieved(history: Sequence[Entry]) -> Iterator[str]:
    figures = _of(history, Figure)
    expected = {figure.key: figure.figure for figure in figures if figure.source == "expected"}
    found = {figure.key: figure.figure for figure in figures if figure.source == "found"}
    yield from _say("figures are missing", (key for key in expected if key not in found))
    yield from _say("figures were not expected", (key for key in found if key not in expected))
    yield from _say(
        "figures differ from the reference",
        (f"{key}: {_difference(expected[key], found[key])}" for key in expected if key in found and expected[key] != found[key]),
    )


def _difference(expected: dict[str, object], found: dict[str, object]) -> str:
    fields = [name for name in {**expected, **found} if expected.get(name) != found.get(name)]
    return ", ".join(f"{name} is {found.get(name)!r:.80} instead of {expected.get(name)!r:.80}" for name in fields)


# --- nothing told twice


def _untold(history: Sequence[Entry]) -> Iterator[str]:
    told = {_alert(webhook) for webhook in _of(history, Webhook)}
    yield from _say("alerts were not told", (_words(due) for due in _alerts(_of(history, Due)) if due not in told))


def _uncalled_for(history: Sequence[Entry]) -> Iterator[str]:
    due = _alerts(_of(history, Due))
    yield from _say("alerts were told that were not due", (_words(alert) for alert in _alerts(_of(history, Webhook)) if alert not in due))


def _told_twice(history: Sequence[Entry]) -> Iterator[str]:
    ids = _grouped((_alert(webhook), webhook.id) for webhook in _of(history, Webhook))
    yield from _say(
        "alerts came under several webhook-ids", (f"{_words(a)}: {sorted(found)}" for a, found in ids.items() if len(found) > 1)
    )


def _reworded(history: Sequence[Entry]) -> Iterator[str]:
    bodies = _grouped((webhook.id, webhook.digest) for webhook in _of(history, Webhook))
    yield from _say("webhook-ids came with several bodies", (name for name, found in bodies.items() if len(found) > 1))


def _rewritten(history: Sequence[Entry]) -> Iterator[str]:
    contents = _grouped(((output.topic, output.id), output.digest) for output in _of(history, Output))
    yield from _say("ids stand for several contents", (" ".join(name) for name, found in contents.items() if len(found) > 1))


def _repeated(history: Sequence[Entry]) -> Iterator[str]:
    if all(begun.repeats for begun in _of(history, Begun)):
        return
    times = Counter((output.topic, output.id) for output in _of(history, Output))
    yield from _say(
        "records were written more than once", (f"{' '.join(name)}: {count} times" for name, count in times.items() if count > 1)
    )


# --- all done, by itself


def _behind(history: Sequence[Entry]) -> Iterator[str]:
    yield from _say(
        "partitions are not committed to their end",
        (f"{o.group} {o.topic}[{o.partition}] {o.committed} of {o.end}" for o in _of(history, Offsets) if (o.committed or 0) != o.end),
    )


def _went_back(history: Sequence[Entry]) -> Iterator[str]:
    highest: dict[tuple[str, str, int], int] = {}
    back = []
    for entry in history:
        if isinstance(entry, Fault) and entry.name == REWIND:
            highest.clear()
        elif isinstance(entry, Committed):
            name = entry.group, entry.topic, entry.partition
            if entry.offset < highest.get(name, 0):
                back.append(f"{entry.group} {entry.topic}[{entry.partition}] from {highest[name]} to {entry.offset}")
            highest[name] = entry.offset
    yield from _say("committed offsets went back", back)


def _unburied(history: Sequence[Entry]) -> Iterator[str]:
    letters = {(letter.topic, letter.partition, letter.offset, letter.cause) for letter in _of(history, Letter)}
    poisoned = [(*place, cause) for place, cause in _poisoned(history).items()]
    yield from _say("poisoned records have no dead letter", (_letter(one) for one in poisoned if one not in letters))


def _buried(history: Sequence[Entry]) -> Iterator[str]:
    poisoned = _poisoned(history)
    letters = dict.fromkeys(((letter.topic, letter.partition, letter.offset), letter.cause) for letter in _of(history, Letter))
    yield from _say(
        "dead letters are of no poisoned record, or of another cause",
        (_letter((*place, cause)) for place, cause in letters if poisoned.get(place) != cause),
    )


def _poisoned(history: Sequence[Entry]) -> dict[tuple[str | None, int | None, int | None], str]:
    """Where a poisoned record stands -> its cause; one whose acknowledgement got lost stands twice, and counts twice."""
    causes = {(sent.topic, sent.digest): sent.cause for sent in _of(history, Sent) if sent.cause is not None}
    return {
        (one.topic, one.partition, one.offset): cause
        for one in _of(history, Input)
        if (cause := causes.get((one.topic, one.digest))) is not None
    }


def _stuck(history: Sequence[Entry]) -> Iterator[str]:
    yield from (f"waited in vain for {stuck.waiting_for}" for stuck in _of(history, Stuck))


def _fell_over(history: Sequence[Entry]) -> Iterator[str]:
    allowed = sum(begun.endings for begun in _of(history, Begun))
    ended = _of(history, Ended)
    alone = [f"{one.worker} with {one.code}" for one in ended if one.by == "itself"]
    if len(alone) > allowed:
        yield from _say(f"services ended by themselves ({allowed} allowed)", alone)
    yield from _say("services ended with an error when asked to stop", (f"{e.worker} with {e.code}" for e in ended if e.asked and e.code))


def _helped(history: Sequence[Entry]) -> Iterator[str]:
    yield from _say("services were helped", (started.worker for started in _of(history, Started) if started.by == "hand"))


CHECKS: tuple[tuple[Kind, Callable[[Sequence[Entry]], Iterable[str]]], ...] = (
    (Kind.INCOMPLETE, _incomplete),
    (Kind.VANISHED, _vanished),
    (Kind.LOST, _lost),
    (Kind.MISBELIEVED, _misbelieved),
    (Kind.UNTOLD, _untold),
    (Kind.UNCALLED_FOR, _uncalled_for),
    (Kind.TOLD_TWICE, _told_twice),
    (Kind.REWORDED, _reworded),
    (Kind.REWRITTEN, _rewritten),
    (Kind.REPEATED, _repeated),
    (Kind.BEHIND, _behind),
    (Kind.WENT_BACK, _went_back),
    (Kind.UNBURIED, _unburied),
    (Kind.BURIED, _buried),
    (Kind.STUCK, _stuck),
    (Kind.FELL_OVER, _fell_over),
    (Kind.HELPED, _helped),
)
"""What is looked for, by kind."""


def _of(history: Sequence[Entry], kind: type[E]) -> list[E]:
    return [entry for entry in history if isinstance(entry, kind)]


def _say(what: str, cases: Iterable[str]) -> Iterator[str]:
    """One sentence for all cases, with some of them; none where there are none."""
    found = list(cases)
    if found:
        more = ", ..." if len(found) > EXAMPLES else ""
        yield f"{len(found)} {what}: {', '.join(found[:EXAMPLES])}{more}"


def _grouped(pairs: Iterable[tuple[K, str]]) -> dict[K, set[str]]:
    found: dict[K, set[str]] = defaultdict(set)
    for key, value in pairs:
        found[key].add(value)
    return found


def _alert(said: Due | Webhook) -> tuple[str, str, str, str]:
    return said.rule, said.group, said.transition, said.severity


def _alerts(said: Sequence[Due | Webhook]) -> dict[tuple[str, str, str, str], None]:
    return dict.fromkeys(_alert(one) for one in said)


def _words(alert: tuple[str, str, str, str]) -> str:
    return "{} of {} {} ({})".format(*alert)


def _place(sent: Sent) -> str:
    return f"{sent.topic}[{sent.partition}]@{sent.offset}"


def _letter(one: tuple[str | None, int | None, int | None, str]) -> str:
    return f"{one[0]}[{one[1]}]@{one[2]} {one[3]}"
