"""Lines: of each teller the newest statement is kept, and what is told by one costs the others nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from schemas import Kind, Qualifier, Realis, Scope
from services.measure.entries import Entry
from services.measure.ledger import Ledger, row_key
from services.measure.lines import read_line
from services.measure.statements import Statement, statements
from tests.support.state import MemoryState

from .books import BOOK, entry


def told(claim: str, value: int, **more: Any) -> Entry:
    """A claim of a stock."""
    return entry(claim, value, kind=Kind.STOCK, scope=Scope.INCIDENT, group="militants", **more)


FACT = row_key(BOOK, told("1", 1)).split("|")[2]


class Watched(MemoryState):
    """A state that remembers of how many claims it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.claims_read = 0

    def scan(self, prefix: str, after: str = "") -> Iterator[tuple[str, bytes]]:
        for key, row in super().scan(prefix, after):
            self.claims_read += key.startswith("line|")
            yield key, row


def kept(state: MemoryState) -> list[Statement]:
    """What is told of the fact, by teller."""
    return sorted(read_line(state, BOOK, FACT).told, key=lambda statement: statement.teller)


def test_of_each_teller_the_newest_statement_is_read() -> None:
    ledger = Ledger(state := MemoryState())
    ledger.enter(BOOK, told("1", 300, publisher="a", published=0))
    ledger.enter(BOOK, told("2", 280, publisher="a", published=3))
    ledger.enter(BOOK, told("3", 290, publisher="b", published=1))
    assert [(each.teller, each.value) for each in kept(state)] == [("publisher:a", 280), ("publisher:b", 290)]


def test_a_claim_more_costs_only_what_its_own_teller_said() -> None:
    ledger = Ledger(state := Watched())
    for number in range(300):
        ledger.enter(BOOK, told(str(number), 100 + number, publisher=f"p{number % 100}", published=number // 100))
    kept(state)
    state.claims_read = 0
    ledger.enter(BOOK, told("new", 7, publisher="p5", published=9))
    assert {each.teller: each.value for each in kept(state)}["publisher:p5"] == 7
    assert state.claims_read == 4


def test_nothing_is_left_of_a_teller_whose_claims_are_gone() -> None:
    ledger = Ledger(state := MemoryState())
    only = told("1", 300, publisher="a")
    ledger.enter(BOOK, only)
    kept(state)
    ledger.remove(row_key(BOOK, only))
    assert kept(state) == []
    assert list(state.scan("")) == []


def test_of_two_figures_that_a_teller_tells_at_once_the_same_is_current_whichever_is_read_first() -> None:
    both = told("1", 50, when="2024-03-01"), told("2", 50, when="2024-03-01", qualifier=Qualifier.AT_MOST)
    assert statements(both, line=True) == statements(reversed(both), line=True)


def test_claims_that_move_nothing_are_counted_by_reason() -> None:
    ledger = Ledger(state := MemoryState())
    denied = [told(str(number), 10, realis=Realis.DENIED) for number in range(3)]
    for one in (*denied, told("past", 10, background=True)):
        ledger.enter(BOOK, one)
    assert read_line(state, BOOK, FACT) == ([], {"background": 1, "denied": 3})
    ledger.enter(BOOK, denied[0])
    assert read_line(state, BOOK, FACT).aside == {"background": 1, "denied": 3}, "the same claim again is one"
    for one in denied:
        ledger.remove(row_key(BOOK, one))
    assert read_line(state, BOOK, FACT).aside == {"background": 1}


def test_the_newest_claims_of_a_statement_are_cited() -> None:
    ledger = Ledger(state := MemoryState())
    for number in range(9):
        ledger.enter(BOOK, told(str(number), 300, publisher="a", published=number))
    statement = kept(state)[0]
    assert [cited.claim for cited in statement.cited] == ["8", "7", "6", "5", "4"]
    assert statement.claims == 9
    assert ledger.cited(BOOK, FACT, statement.cited[0]).claim == "8"


CLAIMS = st.builds(
    lambda claim, value, publisher, claimant, published, simhash, qualifier, dated: told(
        str(claim),
        value,
        publisher=publisher,
        claimant=claimant,
        published=published,
        simhash=simhash,
        qualifier=qualifier,
        when="2024-03-01" if dated else None,
    ),
    st.integers(0, 12),
    st.integers(1, 3),
    st.sampled_from("abc"),
    st.sampled_from([None, None, "army"]),
    st.integers(0, 5),
    st.sampled_from([0, 1, 3, 0xFF00FF00]),
    st.sampled_from([Qualifier.EXACT, Qualifier.AT_LEAST, Qualifier.AT_MOST]),
    st.booleans(),
)


@given(st.lists(st.tuples(CLAIMS, st.booleans(), st.booleans()), max_size=30))
def test_what_is_kept_is_what_the_claims_say_whatever_came_and_went_and_whenever_it_was_read(steps: list[tuple[Entry, bool, bool]]) -> None:
    ledger, rows = Ledger(state := MemoryState()), dict[str, Entry]()
    for one, goes, is_read in steps:
        key = row_key(BOOK, one)
        if goes:
            ledger.remove(key)
            rows.pop(key, None)
        else:
            ledger.enter(BOOK, one)
            rows[key] = one
        if is_read:
            kept(state)
    expected = sorted(statements(rows.values(), line=True), key=lambda statement: statement.teller)
    assert kept(state) == expected
    assert [Statement.read(each.row) for each in expected] == expected
