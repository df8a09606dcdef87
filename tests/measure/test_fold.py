"""The fold looks only at what has changed, and what it has told is what the claims that stand would make a new one tell."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from random import Random
from typing import Any
from unittest.mock import Mock

import pytest

from services.measure.changes import SIGHT
from services.measure.ledger import FOUND, Ledger
from services.measure.sheets import SHEET

from .newsroom import Newsroom, at, reading
from .test_properties import dense

DEATH: dict[str, Any] = {"article": "a", "at": "2024-03-01T08:00", "killed": 5, "in": "Hama", "when": "2024-03-01"}


def withdrawn(told: dict[str, Any], at: str) -> dict[str, Any]:
    return told | {"status": "withdrawn", "updated": at}


@pytest.mark.parametrize("seed", range(4))
def test_what_is_told_in_the_end_is_what_the_last_claims_alone_would_tell(seed: int) -> None:
    """Articles come, are changed, and half of them are withdrawn again."""
    chance, newsroom = Random(seed), Newsroom()
    stand: dict[str, dict[str, Any]] = {}
    for number in range(120):
        name = f"a{chance.randrange(50)}"
        updated = f"2024-06-01T{number // 60:02d}:{number % 60:02d}"
        if name in stand and chance.random() < 0.5:
            newsroom.hear(withdrawn(stand.pop(name), updated))
        else:
            stand[name] = dense(chance, name) | {"updated": updated, "content": updated, "at": "2024-03-20T10:00"}
            newsroom.hear(stand[name])
    assert newsroom.belief() == Newsroom().hear(*stand.values()).belief()


def busy() -> Newsroom:
    days = [date(2024, 3, 1) + timedelta(days=number) for number in range(30)]
    return Newsroom().hear(
        *(
            {"killed": 3, "in": town, "at": f"{day}T10:00", "when": when}
            for day in days
            for town in ("Hajin", "Hama", "Shafah")
            for when in (day, None)
        )
    )


def test_an_article_that_comes_again_unchanged_makes_nothing_be_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    newsroom, looked = busy().hear(DEATH), Mock()
    monkeypatch.setattr(Ledger, "rows", looked)
    monkeypatch.setattr(Ledger, "find", looked)
    claims = newsroom.claims(reading(DEATH))
    newsroom.enter(claims)
    assert len(claims) == 1
    looked.assert_not_called()


@pytest.mark.parametrize("when", ["2024-03-15", None, "2024-03-10..2024-03-15 week"])
def test_of_a_claim_in_a_busy_book_no_other_sheet_is_read(when: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    newsroom, read = busy(), []
    rows = Ledger.rows

    def counted(self: Ledger, book: str, group: str, day: int, sort: int) -> Iterable[bytes]:
        read.append((day, sort))
        return rows(self, book, group, day, sort)

    monkeypatch.setattr(Ledger, "rows", counted)
    newsroom.hear({"killed": 4, "in": "Hama", "at": "2024-03-15T11:00", "when": when})
    assert len(read) == 1


def test_an_article_that_tells_of_none_killed_beside_one_is_believed() -> None:
    counts = [{"killed": killed, "event": killed, "in": "Hama", "when": "2024-03-01"} for killed in (0, 1)]
    newsroom = Newsroom().hear({"at": "2024-03-01T09:00", "counts": counts})
    assert sorted(one.value for one in newsroom.believed) == [0, 1]


def test_where_an_incident_was_is_told_anew_though_the_claim_that_tells_it_went_to_no_incident(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first to tell of a place says where it is, even if its figure is like none that a later article tells apart."""
    from . import newsroom as gazetteer

    monkeypatch.setitem(gazetteer.TOWNS, "Hajin anew", ("SY-DY", 35.5, 40.83, 173_590))
    first = {"article": "x", "at": "2024-03-01T08:00", "when": "2024-03-01", "killed": 40, "in": "Hajin", "id": "c", "content": "1"}
    apart = [{"killed": value, "event": value, "in": "Hajin", "when": "2024-03-01"} for value in (100, 10)]
    later = {"article": "y", "at": "2024-03-01T09:00", "counts": apart}
    changed = first | {"in": "Hajin anew", "content": "2", "updated": "2024-03-01T10:00"}
    assert Newsroom().hear(first, later, changed).belief() == Newsroom().hear(changed, later).belief()


def test_what_is_told_again_by_the_record_with_which_it_expires_stays() -> None:
    newsroom = Newsroom().hear(DEATH, withdrawn(DEATH, "2024-03-01T09:00"))
    newsroom.hear(DEATH | {"article": "b", "at": "2025-06-01T08:00"})
    assert [one.value for one in newsroom.believed] == [5]
    newsroom.hear(DEATH | {"article": "b", "at": "2025-06-01T08:00", "killed": 6, "updated": "2025-06-01T09:00"})
    assert [(one.value, one.previous and one.previous.value) for one in newsroom.believed] == [(6, 5)]


def test_what_was_taken_back_twice_is_kept_until_the_later_time_and_leaves_one_tombstone() -> None:
    newsroom = Newsroom()
    for name, told in (("a", "2024-03-01T08:00"), ("b", "2024-06-01T08:00")):
        death = DEATH | {"article": name, "at": told}
        newsroom.hear(death, withdrawn(death, "2024-06-01T09:00"))
    newsroom.tick("2025-05-01")
    assert [one.retracted for one in newsroom.indicators.values()] == [True]
    newsroom.tick("2025-08-01")
    assert newsroom.indicators == {}
    assert [output.value for output in newsroom.outputs].count(None) == 1


@pytest.mark.parametrize("day", ["0001-01-01", "0001-01-01..0001-01-02", "9999-12-30..9999-12-31", "~0001-01-01", "~9999-12-31"])
def test_of_what_is_told_of_the_ends_of_time_nothing_is_left_when_it_is_taken_back(day: str) -> None:
    death = DEATH | {"when": day}
    newsroom = Newsroom().hear(death)
    assert len(newsroom.believed) == 1
    newsroom.hear(withdrawn(death, "2024-03-01T09:00"))
    assert newsroom.believed == []
    assert not [key for key in newsroom.fold_state.rows if key.startswith((FOUND, SIGHT, SHEET))]


def test_provinces_and_towns_known_by_one_name_are_one_incident(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their fact would be the same, and one would take the other's place."""
    from schemas import Place, PlacePrecision

    from . import newsroom as gazetteer

    known = gazetteer.place
    named = {
        f"Raqqa, {precision}": Place(name="Raqqa", country="SY", precision=PlacePrecision(precision)) for precision in ("site", "admin1")
    }
    monkeypatch.setattr(gazetteer, "place", lambda name: named.get(name) or known(name))
    newsroom = Newsroom().hear(
        *({"by": name, "killed": 12, "in": name, "when": "2024-03-01", "at": "2024-03-01T10:00"} for name in named),
    )
    assert [(one.value, one.publisher_count) for one in newsroom.believed] == [(12, 2)]
    assert at("2024-03-01T10:00") == newsroom.believed[0].published_at
