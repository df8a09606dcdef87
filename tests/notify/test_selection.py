"""Which indicators a rule watches, and in which of its groups they count; where it does not, why."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from schemas import Direction, Group, Indicator, Kind, Measure, Period, PeriodPrecision, Place, PlacePrecision, Scope, Selection
from schemas.rule import GroupBy
from services.notify.places import admin1_label, exact_codes, narrowest
from services.notify.selection import group_of, group_text, placed, unselected, why_not

from .wire import HAJIN, IRAQ, KIRKUK, SYRIA, incident, indicator, quarter, rule

DEIR_EZ_ZOR = Place(name="Deir ez-Zor", country="SY", admin1="SY-DY", precision=PlacePrecision.ADMIN1)
EASTERN_SYRIA = Place(name="eastern Syria", country="SY", precision=PlacePrecision.REGION)
SAHEL = Place(name="the Sahel", precision=PlacePrecision.REGION)


def select(**wanted: Any) -> Selection:
    return Selection(**{"measure": Measure.FIGHTERS_REMAINING, **wanted})


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        ({}, None),
        ({"side": "isis", "kind": Kind.STOCK, "scope": Scope.CAMPAIGN, "group": Group.PEOPLE}, None),
        ({"measure": Measure.KILLED}, "it watches measure killed, and this is fighters_remaining"),
        ({"side": "al-shabaab"}, "it watches side al-shabaab, and this is isis"),
        ({"actor": "centcom"}, "it watches actor centcom, and this is not told"),
        ({"kind": Kind.FLOW}, "it watches kind flow, and this is stock"),
        ({"group": Group.LEADERS}, "it watches group leaders, and this is people"),
        ({"period": "quarter"}, "it watches period quarter, and this is not told"),
        ({"places": ("IQ", "SY")}, None),
        ({"places": ("SY",)}, "it watches figures for exactly SY, and this is told for Iraq, Syria"),
        ({"places": ("IQ", "JO", "SY")}, "it watches figures for exactly IQ, JO, SY, and this is told for Iraq, Syria"),
    ],
)
def test_a_rule_says_why_it_does_not_watch(wanted: dict[str, Any], reason: str | None) -> None:
    assert why_not(rule(select=select(**wanted)), indicator(2500)) == reason


@pytest.mark.parametrize(
    ("places", "codes", "watched"),
    [
        ((SYRIA,), ("SY",), True),
        ((EASTERN_SYRIA,), ("SY",), False),
        ((HAJIN,), ("SY",), False),
        ((DEIR_EZ_ZOR, SYRIA), ("SY-DY",), True),
        ((DEIR_EZ_ZOR, SYRIA), ("SY",), False),
        ((), ("SY",), False),
    ],
)
def test_totals_and_stocks_are_watched_for_exactly_their_places(places: tuple[Place, ...], codes: tuple[str, ...], watched: bool) -> None:
    figure = indicator(2500, places=places)
    assert (unselected(rule(select=select(places=codes)).condition, figure) is None) is watched


@pytest.mark.parametrize(
    ("places", "codes", "watched"),
    [
        ((HAJIN,), ("SY",), True),
        ((HAJIN,), ("SY-DY",), True),
        ((HAJIN,), ("SY-RA",), False),
        ((HAJIN, SYRIA), ("SY-DY",), True),
        ((EASTERN_SYRIA,), ("SY",), True),
        ((EASTERN_SYRIA,), ("SY-DY",), False),
        ((HAJIN, KIRKUK), ("SY",), False),
        ((HAJIN, KIRKUK), ("IQ", "SY"), True),
        ((SAHEL,), ("ML",), False),
        ((), ("SY",), False),
    ],
)
def test_incidents_are_watched_anywhere_within(places: tuple[Place, ...], codes: tuple[str, ...], watched: bool) -> None:
    killed = incident(3, "a", 0).model_copy(update={"places": places})
    condition = rule(Direction.AT_LEAST, 1, select=select(measure=Measure.KILLED, places=codes)).condition
    assert (unselected(condition, killed) is None) is watched


def test_a_period_names_totals_only() -> None:
    quarterly = rule(Direction.AT_LEAST, 90, select=select(measure=Measure.OPERATIONS, period="quarter")).condition
    assert unselected(quarterly, quarter(94, 0)) is None
    monthly = rule(Direction.AT_LEAST, 90, select=select(measure=Measure.OPERATIONS, period="month")).condition
    assert unselected(monthly, quarter(94, 0)) == "it watches period month, and this is quarter"
    stock = quarter(94, 0).model_copy(update={"kind": Kind.STOCK})
    assert unselected(quarterly, stock) == "it watches totals of a quarter, and this is a stock of scope period"


def test_a_sum_takes_incidents_and_nothing_that_counts_already() -> None:
    killed = select(measure=Measure.KILLED)
    summed = rule(Direction.AT_LEAST, 1, select=killed, window=timedelta(days=7)).condition
    part = incident(3, "a", 0, part_of="whole", group=Group.CIVILIANS)
    assert unselected(summed, incident(3, "a", 0)) is None
    assert unselected(summed, part) == "it adds up incidents, and this is a part of a figure that counts already"
    civilians = rule(
        Direction.AT_LEAST, 1, select=select(measure=Measure.KILLED, group=Group.CIVILIANS), window=timedelta(days=7)
    ).condition
    assert unselected(civilians, part) is None
    total = quarter(94, 0).model_copy(update={"measure": Measure.KILLED})
    assert unselected(summed, total) == "it adds up incidents, and this is a flow of scope period"


@pytest.mark.parametrize(
    ("by", "figure", "labels"),
    [
        ((), indicator(1), {}),
        ((GroupBy.COUNTRY,), indicator(1), {"country": "IQ+SY"}),
        ((GroupBy.COUNTRY,), indicator(1, places=()), {"country": "ZZ"}),
        ((GroupBy.SIDE, GroupBy.ACTOR, GroupBy.GROUP), indicator(1), {"side": "isis", "actor": "unknown", "group": "people"}),
        ((GroupBy.ADMIN1,), indicator(1, places=(HAJIN, SYRIA)), {"admin1": "SY-DY"}),
        ((), quarter(94, 0, number=2), {"period": "2024-04-01..2024-06-30"}),
    ],
)
def test_groups(by: tuple[GroupBy, ...], figure: Indicator, labels: dict[str, str]) -> None:
    select_it = Selection(measure=figure.measure)
    assert group_of(rule(Direction.ABOVE, 0, select=select_it, group_by=by).condition, figure) == labels


def test_a_total_that_goes_on_keeps_its_group_while_its_last_day_moves() -> None:
    since = rule(Direction.ABOVE, 0, select=Selection(measure=Measure.OPERATIONS)).condition

    def told(end: date, **changes: Any) -> Indicator:
        period = Period(start=date(2024, 1, 1), end=end, precision=PeriodPrecision.RANGE)
        return quarter(94, 0).model_copy(update={"period": period, **changes})

    assert placed(since, told(date(2024, 3, 5))) == placed(since, told(date(2024, 4, 6))) == {"period": "2024-01-01.."}
    assert placed(since, told(date(2024, 3, 5), scope=Scope.CAMPAIGN)) == {"period": "2024-01-01.."}
    assert placed(since, told(date(2024, 1, 1), scope=Scope.CAMPAIGN)) == {}
    assert placed(since, told(date(2024, 3, 5), kind=Kind.STOCK)) == {}


def test_an_incident_is_a_group_of_its_own_but_in_a_sum() -> None:
    killed = incident(3, "a", 0)
    alone = rule(Direction.ABOVE, 0, select=select(measure=Measure.KILLED), group_by=(GroupBy.COUNTRY,)).condition
    assert placed(alone, killed) == {"country": "SY", "incident": killed.id}
    summed = rule(
        Direction.ABOVE, 0, select=select(measure=Measure.KILLED), group_by=(GroupBy.COUNTRY,), window=timedelta(days=7)
    ).condition
    assert placed(summed, killed) == {"country": "SY"}
    assert placed(summed, None) is None


def test_a_group_as_text_is_sorted_and_cannot_be_mistaken() -> None:
    assert group_text({"side": "isis", "country": "IQ+SY"}) == "country=IQ+SY,side=isis"
    assert group_text({}) == ""
    assert group_text({"a": "b,c=d"}) != group_text({"a": "b", "c": "d"})


def test_which_places_say_most_exactly_where() -> None:
    assert narrowest((SYRIA, HAJIN, IRAQ)) == (HAJIN,)
    assert narrowest(()) == ()
    assert exact_codes((SYRIA, IRAQ)) == frozenset({"SY", "IQ"})
    assert admin1_label((SAHEL,)) == "ZZ"
