"""Where the log has lost its head, the ledger begins from what was told: at the end each fact is told that is now believed otherwise.

What stood in the lost part is believed no longer: no claim is left that says it. Its figures are taken back or expire as always, and
what the rest of the log still says is told only where that differs.

| key | row |
|---|---|
| `recalled|<book>|<fact>` | the indicator as it stands on the topic |
| `recalling` | key of the last row that was reconciled: of what is believed first, then of what was recalled and is not |
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final

import orjson
from pydantic import ValidationError

from schemas import Cause, Indicator, key_of, parts_of
from services.stage import Invalid, Record, State

from .belief import Plain
from .books import is_incident
from .ledger import Ledger, published_of

TOGETHER: Final = 10
"""Facts reconciled at once: five milliseconds where all are told; ten times that where each has a hundred citations."""

Telling = tuple[str, Plain | None]
"""Key and indicator; None is a tombstone."""

Tell = Callable[[Ledger, Plain | None, Plain | None, int], Iterator[Telling]]
"""Told, believed and offset -> what is to be told; the ledger keeps it."""

_TOLD, _RECALLED, _CURSOR, _DONE = "told|", "recalled|", "recalling", "done"


def recall(record: Record, before: int, state: State) -> None:
    """Take in what was told of one fact.

    What was told of records from the offset `before` on counts as well: it stands on the topic, and may rest on claims that are gone, so that
    nothing would ever take it back. It may be taken back and told again when its record comes. The clock goes only by what came before.

    Raises:
        Invalid: it is no indicator of that key.

    """
    key = _key(record)
    if record.value is None:
        state.delete(_RECALLED + key)
        return
    told = _indicator(record.value)
    if key_of(told["book"], told["fact"]) != key:
        raise Invalid(Cause.INVALID, "the indicator is of another key")
    if told["revision"] < before:
        Ledger(state).advance(published_of(told))
    state.put(_RECALLED + key, orjson.dumps(told))


def reconcile(position: int, state: State, tell: Tell) -> list[Telling] | None:
    """Tell what of the next facts differs; None where all are told. All before `position` is folded, and decided on."""
    after = (state.get(_CURSOR) or _TOLD.encode()).decode()
    if after == _DONE:
        state.delete(_CURSOR)
        return None
    prefix = _TOLD if after.startswith(_TOLD) else _RECALLED
    keys = [key for key, _ in islice(state.scan(prefix, after), TOGETHER)]
    ledger = Ledger(state)
    tellings = [telling for key in keys for telling in _reconciled(key.removeprefix(prefix), position, state, ledger, tell)]
    if keys:
        state.put(_CURSOR, keys[-1].encode())
    elif prefix == _TOLD:
        state.put(_CURSOR, _RECALLED.encode())
    else:
        state.put(_CURSOR, _DONE.encode())
    return tellings


def _reconciled(key: str, position: int, state: State, ledger: Ledger, tell: Tell) -> Iterator[Telling]:
    """What is to be told of one fact; the ledger then has it as it stands on the topic."""
    book, fact = parts_of(key)
    row = state.get(_RECALLED + key)
    state.delete(_RECALLED + key)
    told: Plain | None = orjson.loads(row) if row else None
    believed = ledger.told(book, fact)
    if believed is not None and believed["retracted"]:
        believed = None
    tellings = list(tell(ledger, told, believed, position - 1))
    if told is not None and not tellings:
        _stand(ledger, told)
    if told is not None and believed is None and ledger.told(book, fact) and is_incident(told["kind"], told["scope"]):
        ledger.sign(book, fact, "")  # known, and made of nothing: should it come back, it is told what was before
    yield from tellings


def _stand(ledger: Ledger, told: Plain) -> None:
    """Keep an indicator as it stands on the topic; one that is taken back until it expires."""
    ledger.tell(told)
    if told["retracted"]:
        ledger.expire_told(told)


def _key(record: Record) -> str:
    try:
        book, fact = parts_of((record.key or b"").decode())
    except (UnicodeDecodeError, ValueError) as error:
        raise Invalid(Cause.INVALID, "a key must be a book and a fact") from error
    return key_of(book, fact)


def _indicator(value: bytes) -> Plain:
    """An indicator as the ledger keeps it: the names and order of this version's fields."""
    try:
        return Indicator.from_bytes(value).model_dump(mode="json")
    except (orjson.JSONDecodeError, ValidationError) as error:
        raise Invalid(Cause.INVALID, f"no indicator: {type(error).__name__}") from error
