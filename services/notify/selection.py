"""Whether a rule watches an indicator, and in which of the rule's groups it counts."""

from __future__ import annotations

from schemas import Condition, Group, Indicator, Kind, PeriodPrecision, Rule, Scope, Selection
from schemas.rule import OF_PRESENCE, GroupBy

from .places import admin1_label, country_label, exact_codes, narrowest, within

UNNAMED = "unknown"
"""Label of a group whose side or actor the words do not name."""

MAX_NAMES = 5
"""Most places that a reason names."""


def unselected(condition: Condition, indicator: Indicator) -> str | None:
    """Why a rule does not watch an indicator, in words; None where it does."""
    select = condition.select
    return _other_count(select, indicator) or _other_place(select, indicator) or _unsummable(condition, indicator)


def group_of(condition: Condition, indicator: Indicator) -> dict[str, str]:
    """The labels of the group in which a watched indicator counts.

    Beside what the rule groups by, a total or toll has its stretch of time among them and an incident itself: the next quarter, or
    the next bombing, neither resolves nor hides this one's alert. A window has them not: it is what adds incidents up; nor has what asks
    when a group was told of.
    """
    labels = {str(by): _label(by, indicator) for by in condition.group_by}
    if condition.line.window is None and condition.line.of not in OF_PRESENCE:
        if indicator.scope is Scope.INCIDENT:
            labels["incident"] = indicator.id
        elif stretch := _stretch(indicator):
            labels["period"] = stretch
    return labels


def placed(condition: Condition, indicator: Indicator | None) -> dict[str, str] | None:
    """The group of an indicator under a rule; None where the rule does not watch it, or there is none."""
    if indicator is None or unselected(condition, indicator) is not None:
        return None
    return group_of(condition, indicator)


def group_text(labels: dict[str, str]) -> str:
    """A group as it stands in keys and ids: `country=SY,side=isis`; empty for a rule without groups."""
    return ",".join(f"{_escape(name)}={_escape(value)}" for name, value in sorted(labels.items()))


def why_not(rule: Rule, indicator: Indicator) -> str | None:
    """Why a rule has nothing to do with an indicator, in words for the analyst who asks; None where it watches it."""
    return unselected(rule.condition, indicator)


def _stretch(indicator: Indicator) -> str | None:
    """The stretch of time of a total; of one that goes on ("since January") its first day only, because its last one moves."""
    period = indicator.period
    if period is None or indicator.kind is Kind.STOCK:
        return None
    if indicator.scope is Scope.CAMPAIGN or indicator.kind is Kind.CUMULATIVE or period.precision is PeriodPrecision.RANGE:
        return f"{period.start}.." if period.start < period.end and not period.inferred else None
    return f"{period.start}..{period.end}"


def _other_count(select: Selection, indicator: Indicator) -> str | None:
    wanted = {
        "measure": (select.measure, indicator.measure),
        "scope": (select.scope, indicator.scope),
        "kind": (select.kind, indicator.kind),
        "actor": (select.actor, indicator.actor),
        "side": (select.side, indicator.side),
        "group": (select.group, indicator.group),
        "period": (select.period, indicator.period.precision if indicator.period else None),
    }
    for name, (want, have) in wanted.items():
        if want is not None and want != have:
            return f"it watches {name} {want}, and this is {have or 'not told'}"
    if select.period is not None and (indicator.scope is not Scope.PERIOD or indicator.kind is Kind.STOCK):
        return f"it watches totals of a {select.period}, and this is a {indicator.kind} of scope {indicator.scope}"
    return None


def _other_place(select: Selection, indicator: Indicator) -> str | None:
    if not select.places:
        return None
    wanted = ", ".join(select.places)
    if indicator.scope is Scope.INCIDENT:
        told = narrowest(indicator.places)
        if not told or not all(within(place, select.places) for place in told):
            return f"it watches incidents in {wanted}, and this was in {_names(indicator)}"
        return None
    if exact_codes(indicator.places) != frozenset(select.places):
        return f"it watches figures for exactly {wanted}, and this is told for {_names(indicator)}"
    return None


def _unsummable(condition: Condition, indicator: Indicator) -> str | None:
    if condition.line.window is None:
        return None
    if indicator.scope is not Scope.INCIDENT or indicator.kind is Kind.STOCK:
        return f"it adds up incidents, and this is a {indicator.kind} of scope {indicator.scope}"
    if indicator.part_of is not None and condition.select.group is None and GroupBy.GROUP not in condition.group_by:
        return "it adds up incidents, and this is a part of a figure that counts already"
    return None


def _label(by: GroupBy, indicator: Indicator) -> str:
    incident = indicator.scope is Scope.INCIDENT
    labels: dict[GroupBy, str] = {
        GroupBy.COUNTRY: country_label(indicator.places, incident=incident),
        GroupBy.ADMIN1: admin1_label(indicator.places),
        GroupBy.SIDE: indicator.side or UNNAMED,
        GroupBy.ACTOR: indicator.actor or UNNAMED,
        GroupBy.GROUP: str(indicator.group or Group.PEOPLE),
    }
    return labels.get(by, UNNAMED)


def _names(indicator: Indicator) -> str:
    names = [place.name for place in indicator.places]
    more = f" and {len(names) - MAX_NAMES} more" if len(names) > MAX_NAMES else ""
    return ", ".join(names[:MAX_NAMES]) + more or "no known place"


def _escape(word: str) -> str:
    return word.replace("%", "%25").replace(",", "%2C").replace("=", "%3D")
