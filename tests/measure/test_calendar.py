"""What is found of a day is a pure function of the claims around, however it came to them and whatever is in memory."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.measure.anchors import NO_DAY, firm, hard, loose
from services.measure.calendar import CHANGES, EARLY, LATE, LONG, Calendar, kept
from services.measure.entries import MARK, Entry, mark_of
from services.measure.incidents import finished, followed
from services.measure.sheets import Heading
from services.measure.sightings import EXACT, LOOSE, VAGUE, Sheet, Sighting, sort_of

from .books import BOOK, FAR_AHEAD, LONG_AGO, Shelf, day, entry, spelled
from .newsroom import place

GROUPS = ("people", "civilians")
DAYS = 22

SITE = {"name": "Raqqa", "country": "SY", "admin1": None, "lat": None, "lon": None, "precision": "site", "geonames": None}
PROVINCE = SITE | {"precision": "admin1"}
ELSEWHERE = place("Hajin").model_dump(mode="json") | {"lat": 35.5}
"""As another gazetteer has it."""

NARROW: list[list[Any]] = [["Hajin"], ["near Hajin"], [ELSEWHERE], ["Shafah"], ["Hama"], ["Hama city"], [SITE], [PROVINCE]]
WHERE: list[list[Any]] = [*NARROW, *NARROW, ["Deir ez-Zor"], ["eastern Syria"], ["Syria"], []]


def claim(chance: Random, name: str, days: int) -> Entry:
    """A claim of any sort: exact, undated, overnight, of a week, of a toll, of a country, of nowhere, or set aside."""
    first = chance.randrange(days)
    how = chance.choice(["day", "day", "none", "none", "night", "week", "inferred", "month"])
    last = {"night": first + 1, "week": first + chance.choice([2, 5, 7, 7]), "month": first + 30}.get(how, first)
    when = {"none": None, "day": day(first), "inferred": "~" + day(first)}.get(how, f"{day(first)}..{day(last)}")
    return entry(
        name,
        chance.choice([2, 2, 3, 7, 20]),
        when=when,
        published=last + chance.choice([0, 0, 1]),
        places=chance.choice(WHERE),
        group=chance.choice([GROUPS[0], *GROUPS]),
        side=chance.choice([None, None, "isis", "army"]),
        kind=chance.choice(["flow", "flow", "cumulative"]),
        realis=chance.choice(["asserted"] * 6 + ["denied"]),
        article=chance.choice("abc"),
        event=chance.choice("12"),
        publisher=chance.choice(["wire", "post"]),
    )


FORGED = """
55004 122519 186011 211739 311237 380111 448785 501072 553835 630404 668502 730640 817592 864600 941219 1022748 1097572 1119460 1239857
1283339 1355047 1383629 1499083 1530680 1619622 1701600 1769221 1783234 1848751 1954866 1996099 2034999 2113805 2172917 2250654 2355473
2378853 2426921 2505689 2565832 2648627 2704624 2785069 2834773 2931108 3007490 3028700 3113788 3200903 3237858 3309418 3348052 3411436
3503327 3552308 3667777 3692682 3797246 3856547 3929635 3986227 4020931 4071963 4169359 4249797 4293040 4383836 4403626 4461460 4567519
4641862 4688758 4772161 4849067 4908396 4943748 5005205 5092208 5141867 5241072 5246329 5319457 5382941 5496966 5537201 5575274 5679171
5744258 5814565 5885817 5914931 6005092 6063392 6102296 6195489 6245104 6326945 6375997 6455985 6517320 6594265 6664893 6684804 6814799
6845413 6911948 7007274 7033314 7140900 7147864 7252947 7325156 7379562 7457737 7492890 7579762 7659603 7687741 7767685 7815928 7920131
7956154 8016486 8115656 8151213 8248786 8322040 8345036
"""

Seen = dict[int, tuple[bytes, list[str]]]
"""Day -> the label of what is found, and that."""


def seen(calendar: Calendar, first: int = LONG_AGO, last: int = FAR_AHEAD) -> Seen:
    days = {number: (calendar.label(number), spelled(calendar.finished(number))) for number in range(first, last + 1)}
    return {number: found for number, found in days.items() if found != (b"", [])}


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 40), st.integers(1, 25), st.sampled_from([1, 20, 30_000]))
def test_after_every_change_the_same_is_found_as_from_scratch_and_only_within_reach(seed: int, changes: int, days: int, room: int) -> None:
    """A claim that comes takes the place of the one with its name; every third time that one is only taken out.

    Where there is little room in memory, what is found is forgotten while what builds on it is looked for.
    """
    chance, shelf = Random(seed), Shelf(memory=kept(room))
    stands: dict[str, Entry] = {}
    before: dict[str, Seen] = {group: {} for group in GROUPS}
    for number in range(changes):
        one, touched = claim(chance, f"c{chance.randrange(25)}", days), set()
        if (old := stands.pop(one.claim, None)) is not None:
            touched.add((old.group, shelf.remove(old)))
        if old is None or number % 3:
            touched.add((one.group, shelf.enter(one)))
            stands[one.claim] = one
        first = chance.randint(LONG_AGO, FAR_AHEAD)
        last = chance.randint(first, FAR_AHEAD)
        for group in GROUPS:
            now, fresh = seen(shelf.calendar(group, first, last), first, last), seen(shelf.afresh(group))
            assert now == {day: found for day, found in fresh.items() if first <= day <= last}
            reach = {near for of, at in touched if of == group for near in range(at - CHANGES[0], at + CHANGES[1] + 1)}
            assert {day for day in {*fresh, *before[group]} if fresh.get(day) != before[group].get(day)} <= reach
            before[group] = fresh


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**6))
def test_the_days_on_which_a_claim_can_have_happened_lie_within_what_its_step_is_given(seed: int) -> None:
    one = claim(Random(seed), "c", DAYS)
    clue, vague = Sighting(one, mark_of(one.row)), sort_of(one) == VAGUE
    first, last = clue.window
    assert clue.long or clue.day - EARLY <= first <= last <= clue.day + (LONG if vague else LATE)


def at_large(shelf: Shelf, group: str) -> list[str]:
    """What is found where every step is given all that there is, however far away."""
    days = range(LONG_AGO, FAR_AHEAD + 1)

    def sheet(day: int, sort: int) -> Sheet:
        return Sheet.of(shelf.ledger.rows(BOOK, group, day, sort), {})

    firms = {day: firm(sheet(day, EXACT)) for day in days}
    told = {day: sheet(day, LOOSE) for day in range(LONG_AGO - 2, FAR_AHEAD + 2)}
    loosely = {day: loose(day, [told[day + by] for by in (-2, -1, 0, 1)], lambda near: firms.get(near, NO_DAY)) for day in days}
    found = [hard(day, firms[day], list(loosely.values()), loosely[day]) for day in days]
    following = [followed(sheet(day, VAGUE), LONG_AGO, found) for day in days]
    return [
        line for day, one in zip(days, found, strict=True) for line in spelled(finished(group, one, [each.on(day) for each in following]))
    ]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 60), st.integers(1, DAYS))
def test_no_step_would_find_anything_else_if_it_were_given_more_days(seed: int, claims: int, days: int) -> None:
    chance = Random(seed)
    shelf = Shelf(*(claim(chance, f"c{number}", days) for number in range(claims)))
    for group in GROUPS:
        assert [line for _, lines in seen(shelf.calendar(group)).values() for line in lines] == at_large(shelf, group)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 60), st.integers(1, 5))
def test_no_two_incidents_are_known_by_one_fact(seed: int, claims: int, days: int) -> None:
    chance = Random(seed)
    shelf = Shelf(*(claim(chance, f"c{number}", days) for number in range(claims)))
    for group in GROUPS:
        calendar = shelf.calendar(group)
        facts = [one.fact for day in range(LONG_AGO, FAR_AHEAD) for one in calendar.finished(day).incidents]
        assert len(facts) == len(set(facts))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 15))
def test_states_that_share_a_memory_do_not_see_what_was_found_in_another(seed: int, days: int) -> None:
    """The same book in two partitions, or in one that was rolled back."""
    chance, one = Random(seed), Shelf()
    other = Shelf(memory=one.memory)
    for number in range(30):
        chance.choice([one, other]).enter(claim(chance, f"c{number % 12}", days))
        for shelf in (one, other):
            assert seen(shelf.calendar()) == seen(shelf.afresh())


def test_what_is_not_changed_is_not_read_again() -> None:
    chance = Random(1)
    shelf = Shelf(*(claim(chance, f"c{number}", DAYS) for number in range(150)))
    seen(shelf.calendar())
    shelf.ledger.read.clear()
    late = entry("late", 7, when=day(5), places=["Hama"])
    shelf.enter(late)
    seen(shelf.calendar())
    assert shelf.ledger.read == [("people", late.day.toordinal(), EXACT)]
    seen(shelf.calendar())
    assert len(shelf.ledger.read) == 1
    shelf.remove(late)
    seen(shelf.calendar())
    assert set(shelf.ledger.read) == {("people", late.day.toordinal(), EXACT)}


def test_a_sheet_heavier_than_all_that_is_kept_is_still_found() -> None:
    chance = Random(2)
    shelf = Shelf(*(claim(chance, f"c{number}", 2) for number in range(60)), memory=kept(10))
    assert seen(shelf.calendar()) == seen(shelf.afresh())
    assert shelf.memory.currsize <= 10


def test_claims_that_come_and_go_together_are_seen_whoever_writes_them() -> None:
    """The fingerprints of these, of 16 bytes, add up to nothing: found in a minute."""
    rows = [b"row %d" % number for number in map(int, FORGED.split())]
    assert sum(int.from_bytes(mark_of(row)) for row in rows) % (1 << 8 * MARK) == 0
    real = Heading().changed(EXACT, b"real", 1, -1)
    forged = real
    for row in rows:
        forged = forged.changed(EXACT, row, 1, -1)
    assert forged.labels != real.labels
    for row in rows:
        forged = forged.changed(EXACT, row, -1, -1)
    assert forged == real == Heading.read(real.row)
