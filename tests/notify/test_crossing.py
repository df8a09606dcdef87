"""Sure, possible, or not: the arithmetic of bounds, levels and tellers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import Direction, Line, Qualifier, Severity, Whose
from services.notify.crossing import NOWHERE, Bounds, bounds, mildest, possibly, standing, surely, worst

UP, MORE, DOWN, LESS = Direction.AT_LEAST, Direction.ABOVE, Direction.BELOW, Direction.AT_MOST


def told(words: str) -> Bounds:
    """A figure in the words of an article: `at least 2,500`."""
    *qualifier, number = words.replace(",", "").split()
    value = int(number)
    return {
        "": lambda: bounds(value, Qualifier.EXACT, value, value, 0.1),
        "about": lambda: bounds(value, Qualifier.APPROXIMATELY, None, None, 0.1),
        "at least": lambda: bounds(value, Qualifier.AT_LEAST, value, None, 0.1),
        "more than": lambda: bounds(value, Qualifier.MORE_THAN, value + 1, None, 0.1),
        "at most": lambda: bounds(value, Qualifier.AT_MOST, None, value, 0.1),
        "fewer than": lambda: bounds(value, Qualifier.FEWER_THAN, None, value - 1, 0.1),
        "hundreds": lambda: bounds(value, Qualifier.VAGUE, value, None, 0.1),
    }[" ".join(qualifier)]()


@pytest.mark.parametrize(
    ("words", "direction", "level", "expected"),
    [
        ("2,999", DOWN, 3000, "sure"),
        ("3,000", DOWN, 3000, "not"),
        ("3,000", LESS, 3000, "sure"),
        ("3,001", LESS, 3000, "not"),
        ("90", UP, 90, "sure"),
        ("89", UP, 90, "not"),
        ("90", MORE, 90, "not"),
        ("91", MORE, 90, "sure"),
        ("about 2,500", DOWN, 3000, "sure"),
        ("about 2,800", DOWN, 3000, "possible"),
        ("about 3,200", DOWN, 3000, "possible"),
        ("about 3,400", DOWN, 3000, "not"),
        ("at least 2,500", DOWN, 3000, "possible"),
        ("at least 3,000", DOWN, 3000, "not"),
        ("more than 2,999", DOWN, 3000, "not"),
        ("fewer than 3,000", DOWN, 3000, "sure"),
        ("fewer than 3,001", DOWN, 3000, "possible"),
        ("at most 10,000", DOWN, 3000, "possible"),
        ("at least 90", UP, 90, "sure"),
        ("at least 12", UP, 90, "possible"),
        ("more than 89", UP, 90, "sure"),
        ("at most 89", UP, 90, "not"),
        ("fewer than 90", UP, 90, "not"),
        ("at most 90", UP, 90, "possible"),
        ("hundreds 100", UP, 90, "sure"),
        ("0", DOWN, 0, "not"),
        ("0", LESS, 0, "sure"),
    ],
)
def test_sure_or_possible(words: str, direction: Direction, level: int, expected: str) -> None:
    figure = told(words)
    verdict = "sure" if surely(direction, level, figure) else "possible" if possibly(direction, level, figure) else "not"
    assert verdict == expected


def test_tolerance_is_exact_arithmetic_and_of_about_only() -> None:
    assert bounds(2500, Qualifier.APPROXIMATELY, None, None, 0.1) == Bounds(2500, 2250, 2750)
    assert bounds(7, Qualifier.APPROXIMATELY, None, None, 0.1) == Bounds(7, 7, 7)
    assert bounds(25, Qualifier.APPROXIMATELY, None, None, 0.0) == Bounds(25, 25, 25)
    assert bounds(2500, Qualifier.APPROXIMATELY, 2000, 3000, 0.1) == Bounds(2500, 2000, 3000)
    assert bounds(12, Qualifier.BETWEEN, 12, 15, 0.5) == Bounds(12, 12, 15)


@given(
    st.sampled_from(list(Direction)),
    st.integers(0, 10_000),
    st.integers(0, 10_000),
    st.one_of(st.none(), st.integers(0, 100)),
    st.one_of(st.none(), st.integers(0, 100)),
)
def test_what_is_sure_is_possible(direction: Direction, level: int, value: int, below: int | None, above: int | None) -> None:
    figure = Bounds(value, None if below is None else max(0, value - below), None if above is None else value + above)
    assert possibly(direction, level, figure) or not surely(direction, level, figure)


LINE = Line(direction=DOWN, levels={Severity.WARNING: 3000, Severity.CRITICAL: 1500}, resolve={Severity.WARNING: 3300})


@pytest.mark.parametrize(
    ("whose", "figures", "sure", "disputed"),
    [
        (Whose.ANY, ["2,500", "4,000", "5,000"], True, False),
        (Whose.MOST, ["2,500", "4,000", "5,000"], False, True),
        (Whose.MOST, ["2,500", "2,600", "5,000"], True, False),
        (Whose.MOST, ["2,500", "4,000"], False, True),
        (Whose.ALL, ["2,500", "2,600", "5,000"], False, True),
        (Whose.ALL, ["2,500", "2,600"], True, False),
        (Whose.ALL, ["at least 2,500"], False, False),
    ],
)
def test_whose_figures_must_be_beyond(whose: Whose, figures: list[str], sure: bool, disputed: bool) -> None:
    stands = standing(LINE, whose, [told(words) for words in figures])
    assert (Severity.WARNING in stands.sure, Severity.WARNING in stands.disputed) == (sure, disputed)


def test_hysteresis_keeps_a_level_until_the_figure_is_surely_back() -> None:
    assert Severity.WARNING in standing(LINE, Whose.ANY, [told("3,200")]).kept
    assert Severity.WARNING in standing(LINE, Whose.ANY, [told("at least 2,500")]).kept
    assert Severity.WARNING not in standing(LINE, Whose.ANY, [told("3,300")]).kept
    assert Severity.CRITICAL not in standing(LINE, Whose.ANY, [told("1,500")]).kept


def test_nobody_tells_nothing_stands() -> None:
    assert standing(LINE, Whose.ALL, []) == NOWHERE


def test_worst_and_mildest() -> None:
    both = frozenset({Severity.INFO, Severity.CRITICAL})
    assert (worst(both), mildest(both), worst(frozenset())) == (Severity.CRITICAL, Severity.INFO, None)
