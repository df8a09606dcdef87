"""The checker finds each kind of fault in a history that has it, and nothing in one that kept the promise."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from .checker import REWIND, Finding, Kind, check
from .history import (
    Begun,
    Committed,
    Due,
    Ended,
    Entry,
    Fault,
    Figure,
    Finished,
    History,
    Input,
    Letter,
    Offsets,
    Output,
    Sent,
    Started,
    Stuck,
    Webhook,
    read,
)

WEBHOOK = Webhook(id="w1", digest="body", rule="r", group="country=SY", transition="fired", severity="warning")
READING = Output(topic="events", partition=0, offset=0, id="a1 1", digest="e1", article="a1")
WRONG = Letter(topic="articles", partition=1, offset=0, cause="failed")
EXPECTED = Figure(source="expected", key="k", figure={"value": 3})

Change = Callable[[list[Entry]], list[Entry]]


def good() -> list[Entry]:
    """A run of two articles and one poisoned record, with a kill and what a kill may repeat."""
    return [
        Begun(test="t", seed=1),
        Started(worker="extract-0", by="play"),
        Sent(topic="articles", partition=0, offset=0, digest="d0", article="a1"),
        Sent(topic="articles", partition=0, offset=1, digest="d1", article="a2"),
        Sent(topic="articles", partition=1, offset=0, digest="bad", cause="undecodable"),
        Committed(group="extract", topic="articles", partition=0, offset=1),
        Fault(name="kill", whom="extract-0"),
        Ended(worker="extract-0", code=-9, by="fault"),
        Started(worker="extract-0", by="fault"),
        Committed(group="extract", topic="articles", partition=0, offset=2),
        WEBHOOK,
        WEBHOOK,
        Ended(worker="extract-0", code=0, by="fault", asked=True),
        Input(topic="articles", partition=0, offset=0, digest="d0"),
        Input(topic="articles", partition=0, offset=1, digest="d1"),
        Input(topic="articles", partition=1, offset=0, digest="bad"),
        READING,
        Output(topic="events", partition=0, offset=1, id="a2 1", digest="e2", article="a2"),
        Output(topic="events", partition=0, offset=2, id="a2 1", digest="e2", article="a2"),
        Letter(topic="articles", partition=1, offset=0, cause="undecodable"),
        Letter(topic="articles", partition=1, offset=0, cause="undecodable"),
        Figure(source="found", key="k", figure={"value": 3}),
        EXPECTED,
        Due(rule="r", group="country=SY", transition="fired", severity="warning"),
        Offsets(group="extract", topic="articles", partition=0, committed=2, end=2),
        Offsets(group="extract", topic="articles", partition=2, committed=None, end=0),
        Finished(),
    ]


def plus(*entries: Entry) -> Change:
    """With these as well."""
    return lambda history: [*history, *entries]


def without(kind: type[Entry], **like: object) -> Change:
    """Without entries of a kind that have these values."""
    return lambda history: [e for e in history if not (isinstance(e, kind) and like.items() <= e.model_dump().items())]


def but(kind: type[Entry], **changes: object) -> Change:
    """With the first entry of a kind changed."""

    def change(history: list[Entry]) -> list[Entry]:
        at = next(number for number, entry in enumerate(history) if isinstance(entry, kind))
        return [*history[:at], history[at].model_copy(update=changes), *history[at + 1 :]]

    return change


BROKEN: list[tuple[str, Kind, Change]] = [
    ("nothing at all", Kind.INCOMPLETE, lambda _: []),
    ("cut off before its end", Kind.INCOMPLETE, without(Finished)),
    ("nothing was sent", Kind.INCOMPLETE, without(Sent)),
    ("no alert was due", Kind.INCOMPLETE, without(Due)),
    ("no figure was expected", Kind.INCOMPLETE, without(Figure, source="expected")),
    ("no offsets were read", Kind.INCOMPLETE, without(Offsets)),
    ("an acknowledged record is gone", Kind.VANISHED, without(Input, digest="d1")),
    ("an acknowledged record has other bytes", Kind.VANISHED, but(Input, digest="other")),
    ("an article has no reading", Kind.LOST, without(Output, id="a2 1")),
    ("a figure is missing", Kind.MISBELIEVED, without(Figure, source="found")),
    ("a figure is too many", Kind.MISBELIEVED, plus(Figure(source="found", key="k2", figure={"value": 1}))),
    ("a figure counts a claim twice", Kind.MISBELIEVED, but(Figure, figure={"value": 6})),
    ("an alert was not told", Kind.UNTOLD, without(Webhook)),
    ("an alert was told with another severity", Kind.UNTOLD, lambda h: but(Webhook, severity="critical")([*without(Webhook)(h), WEBHOOK])),
    ("an alert was told that was not due", Kind.UNCALLED_FOR, plus(WEBHOOK.model_copy(update={"id": "w2", "transition": "resolved"}))),
    ("an alert came under two ids", Kind.TOLD_TWICE, plus(WEBHOOK.model_copy(update={"id": "w2"}))),
    ("a repeat has another body", Kind.REWORDED, plus(WEBHOOK.model_copy(update={"digest": "other"}))),
    ("a reading was written again with other bytes", Kind.REWRITTEN, plus(READING.model_copy(update={"offset": 9, "digest": "other"}))),
    ("a reading was written twice in a calm run", Kind.REPEATED, but(Begun, repeats=False)),
    ("the committed offset is short of the end", Kind.BEHIND, but(Offsets, committed=1)),
    ("the committed offset is beyond the end", Kind.BEHIND, but(Offsets, committed=3)),
    ("nothing was committed", Kind.BEHIND, but(Offsets, committed=None)),
    ("a committed offset went back", Kind.WENT_BACK, plus(Committed(group="extract", topic="articles", partition=0, offset=1))),
    ("a poisoned record has no dead letter", Kind.UNBURIED, without(Letter)),
    ("a dead letter has the wrong cause", Kind.UNBURIED, lambda h: [*without(Letter)(h), WRONG]),
    ("a good record has a dead letter", Kind.BURIED, plus(Letter(topic="articles", partition=0, offset=0, cause="failed"))),
    ("a poisoned record has a dead letter of two causes", Kind.BURIED, but(Letter, cause="failed")),
    (
        "a repeat of poison that nobody acknowledged has none",
        Kind.UNBURIED,
        plus(Input(topic="articles", partition=1, offset=1, digest="bad")),
    ),
    ("something did not come", Kind.STUCK, plus(Stuck(waiting_for="half of the work"))),
    ("a service ended by itself", Kind.FELL_OVER, plus(Ended(worker="extract-0", code=1, by="itself"))),
    ("a service ended with an error when stopped", Kind.FELL_OVER, plus(Ended(worker="extract-0", code=1, by="fault", asked=True))),
    ("somebody helped", Kind.HELPED, plus(Started(worker="extract-0", by="hand"))),
]


def test_a_history_that_kept_the_promise_has_no_finding() -> None:
    assert check(good()) == []


@pytest.mark.parametrize(("kind", "change"), [pytest.param(kind, change, id=name) for name, kind, change in BROKEN])
def test_a_broken_promise_is_found(kind: Kind, change: Change) -> None:
    found = check(change(good()))
    assert kind in {finding.kind for finding in found}
    assert all(finding.sentence for finding in found)


def test_every_kind_of_finding_is_tried() -> None:
    assert {kind for _, kind, _ in BROKEN} == set(Kind)


def test_what_a_run_allows_is_no_finding() -> None:
    ended = Ended(worker="extract-0", code=137, by="itself")
    back = Committed(group="extract", topic="articles", partition=0, offset=0)
    assert check(but(Begun, endings=1)([*good(), ended])) == []
    assert check([*good(), Fault(name=REWIND), back]) == []


def test_a_finding_names_a_few_examples_and_how_many_there_are() -> None:
    sent = [Sent(topic="articles", partition=2, offset=n, digest=str(n), article=f"b{n}") for n in range(9)]
    there = [Input(topic="articles", partition=2, offset=n, digest=str(n)) for n in range(9)]
    assert check([*good(), *sent, *there]) == [
        Finding(
            Kind.LOST,
            "9 acknowledged articles have no reading: b0 (articles[2]@0), b1 (articles[2]@1), b2 (articles[2]@2), b3 (articles[2]@3), "
            "b4 (articles[2]@4), ...",
        )
    ]


def test_a_history_reads_back_as_it_was_written(tmp_path: Path) -> None:
    history = History(tmp_path / "history.jsonl")
    history.write(*good())
    history.close()
    back = read(history.path)
    assert [entry.model_copy(update={"at": 0.0}) for entry in back] == good()
    assert all(entry.at > 0 for entry in back)
    assert check(back) == []
