"""Alerts to deliver, in our own words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from schemas import (
    Alert,
    AlertStatus,
    Certainty,
    Citation,
    Direction,
    Evidence,
    Figure,
    Group,
    Indicator,
    Kind,
    Measure,
    Period,
    PeriodPrecision,
    Place,
    PlacePrecision,
    Qualifier,
    RuleReference,
    Scope,
    Severity,
    Teller,
)

AT = datetime(2022, 8, 14, 9, 30, tzinfo=UTC)
SENTENCE = "Some 640 people are now held in the three camps, the interior ministry said on Sunday."


def evidence(number: int = 0, **changed: Any) -> Evidence:
    """One piece of evidence."""
    given: dict[str, Any] = {
        "claim": f"claim-{number}",
        "url": f"https://daily.example/{number}",
        "title": "Camps fill up",
        "source": "The Daily Example",
        "teller": "claimant:interior-ministry",
        "published_at": AT,
        "words": "Some 640",
        "sentence": SENTENCE,
    }
    return Evidence(**given | changed)


def teller(who: str = "claimant:interior-ministry", value: int = 640, **changed: Any) -> Teller:
    """One who says so."""
    citation = Citation(claim="claim-0", article="article-0", published_at=AT, words="Some 640", sentence=SENTENCE)
    given: dict[str, Any] = {
        "who": who,
        "value": value,
        "qualifier": Qualifier.APPROXIMATELY,
        "as_of": AT,
        "published_at": AT,
        "publishers": 2,
        "citations": (citation,),
    }
    return Teller(**given | changed)


def indicator(**changed: Any) -> Indicator:
    """One believed figure."""
    given: dict[str, Any] = {
        "id": "indicator-1",
        "revision": 7,
        "book": "held:PE",
        "fact": "all",
        "measure": Measure.HELD,
        "group": Group.PEOPLE,
        "places": (Place(name="Peru", country="PE", precision=PlacePrecision.COUNTRY),),
        "kind": Kind.STOCK,
        "scope": Scope.CAMPAIGN,
        "period": Period(start=AT.date(), end=AT.date(), precision=PeriodPrecision.DAY),
        "value": 640,
        "qualifier": Qualifier.APPROXIMATELY,
        "tellers": (teller(), teller("publisher:evening-example", 480, publishers=1)),
        "teller_count": 2,
        "publisher_count": 3,
        "previous": Figure(value=410, qualifier=Qualifier.EXACT, low=410, high=410),
        "published_at": AT,
    }
    return Indicator(**given | changed)


def alert(number: int = 1, **changed: Any) -> Alert:
    """One change of an alert's state."""
    given: dict[str, Any] = {
        "id": f"alert-{number}",
        "rule": RuleReference(id="held-in-peru", hash="abc", summary="Six hundred or more are held in Peru", labels={"team": "andes"}),
        "fingerprint": "fingerprint-1",
        "group": {"country": "PE"},
        "status": AlertStatus.FIRED,
        "severity": Severity.WARNING,
        "certainty": Certainty.POSSIBLE,
        "indicator": indicator(),
        "value": 640,
        "low": None,
        "high": None,
        "threshold": 600,
        "direction": Direction.AT_LEAST,
        "evidence": (evidence(),),
        "evidence_count": 1,
        "event_time": AT,
        "sequence": number,
    }
    return Alert(**given | changed)
