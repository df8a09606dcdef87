"""The closed lists of the contract: the words in which Tallywire says what was counted, how surely, and by whom told."""

from __future__ import annotations

from typing import NamedTuple

from .message import Term


class Measure(Term):
    """What is counted. A new member is a minor version."""

    KILLED = "killed"
    INJURED = "injured"
    DETAINED = "detained"
    ABDUCTED = "abducted"
    RELEASED = "released"
    ESCAPED = "escaped"
    SURRENDERED = "surrendered"
    MISSING = "missing"
    DISPLACED = "displaced"
    REPATRIATED = "repatriated"
    OPERATIONS = "operations"
    STRIKES = "strikes"
    ATTACKS = "attacks"
    NEUTRALIZED = "neutralized"
    HELD = "held"
    FIGHTERS_REMAINING = "fighters_remaining"


OF_DEEDS = frozenset({Measure.OPERATIONS, Measure.STRIKES, Measure.ATTACKS})
"""Measures that count deeds: their facts are told apart by who did them, and their side is the one aimed at."""

OF_STATES = frozenset({Measure.HELD, Measure.FIGHTERS_REMAINING})
"""Measures of how things stand, not of what happened: the latest figure holds, however old."""


class Qualifier(Term):
    """How far the words commit themselves to the number."""

    EXACT = "exact"
    APPROXIMATELY = "approximately"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    MORE_THAN = "more_than"
    FEWER_THAN = "fewer_than"
    BETWEEN = "between"
    VAGUE = "vague"


class Kind(Term):
    """What sort of number it is."""

    FLOW = "flow"
    """Happened in the period."""
    CUMULATIVE = "cumulative"
    """A toll or total that has risen to this."""
    STOCK = "stock"
    """So many exist as of the period's end."""


class Scope(Term):
    """How much of the world the number speaks of."""

    INCIDENT = "incident"
    """One place, a day or two."""
    PERIOD = "period"
    """A summary of a time."""
    CAMPAIGN = "campaign"
    """A war, an operation, "since ..."."""


class Realis(Term):
    """Whether the words say that it happened. Who says it stands in the claimant."""

    ASSERTED = "asserted"
    CLAIMED = "claimed"
    """Boasted, alleged, or told as unverified; not "said, reported, announced"."""
    DENIED = "denied"
    THREATENED = "threatened"
    PLANNED = "planned"
    ATTEMPTED = "attempted"
    HYPOTHETICAL = "hypothetical"


TOLD_AS_REAL = frozenset({Realis.ASSERTED, Realis.CLAIMED})
"""What is counted; all else is kept and shown, but moves no figure."""


class Group(Term):
    """The sort of people counted."""

    MILITANTS = "militants"
    SOLDIERS = "soldiers"
    POLICE = "police"
    CIVILIANS = "civilians"
    LEADERS = "leaders"
    AID_WORKERS = "aid_workers"
    CHILDREN = "children"
    WOMEN = "women"
    JOURNALISTS = "journalists"
    HOSTAGES = "hostages"
    PERPETRATORS = "perpetrators"
    PEOPLE = "people"
    """Said of no narrower group."""


class PeriodPrecision(Term):
    """How narrowly a period is known."""

    DAY = "day"
    DAYS = "days"
    """Two to six days, "overnight" and "in the past 48 hours" among them."""
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    RANGE = "range"
    """Any other stretch, such as "since January"."""


class PlacePrecision(Term):
    """How narrowly a place is known."""

    SITE = "site"
    """A town, village, camp, base."""
    AREA = "area"
    """A district, valley, or the surroundings of a town."""
    ADMIN1 = "admin1"
    """A province or state."""
    COUNTRY = "country"
    REGION = "region"
    """A part of a country, or more than one ("eastern Syria", "the Sahel")."""


class SpanField(Term):
    """The part of the article in which a span counts its characters."""

    TEXT = "text"
    TITLE = "title"


class EventType(Term):
    """What sort of thing happened; how it maps to ACLED and PLOVER stands in `EVENT_TYPES`."""

    BATTLE = "battle"
    AIRSTRIKE = "airstrike"
    SHELLING = "shelling"
    BOMBING = "bombing"
    SUICIDE_BOMBING = "suicide_bombing"
    ATTACK = "attack"
    ABDUCTION = "abduction"
    DETENTION = "detention"
    OPERATION = "operation"
    RELEASE = "release"
    ESCAPE = "escape"
    SURRENDER = "surrender"
    DISPLACEMENT = "displacement"
    REPATRIATION = "repatriation"
    PROTEST = "protest"
    RIOT = "riot"
    ASSESSMENT = "assessment"
    """A statement about strength or totals, not a thing that happened on a day."""
    DISASTER = "disaster"
    ACCIDENT = "accident"
    CRIME = "crime"
    DRILL = "drill"
    OTHER = "other"


class Mapping(NamedTuple):
    """A type of ours in the words of two public codebooks; None where they have no such thing."""

    acled: tuple[str, str] | None
    """Event type and sub-event type of the ACLED codebook."""
    plover: str | None
    """Event type of PLOVER (Political Language Ontology for Verifiable Event Records)."""
    conflict: bool
    """Whether its dead, wounded and held count as those of a conflict."""


EVENT_TYPES: dict[EventType, Mapping] = {
    EventType.BATTLE: Mapping(("Battles", "Armed clash"), "ASSAULT", True),
    EventType.AIRSTRIKE: Mapping(("Explosions/Remote violence", "Air/drone strike"), "ASSAULT", True),
    EventType.SHELLING: Mapping(("Explosions/Remote violence", "Shelling/artillery/missile attack"), "ASSAULT", True),
    EventType.BOMBING: Mapping(("Explosions/Remote violence", "Remote explosive/landmine/IED"), "ASSAULT", True),
    EventType.SUICIDE_BOMBING: Mapping(("Explosions/Remote violence", "Suicide bomb"), "ASSAULT", True),
    EventType.ATTACK: Mapping(("Violence against civilians", "Attack"), "ASSAULT", True),
    EventType.ABDUCTION: Mapping(("Violence against civilians", "Abduction/forced disappearance"), "ASSAULT", True),
    EventType.DETENTION: Mapping(("Strategic developments", "Arrests"), "COERCE", True),
    EventType.OPERATION: Mapping(("Battles", "Armed clash"), "MOBILIZE", True),
    EventType.RELEASE: Mapping(("Strategic developments", "Other"), "CONCEDE", True),
    EventType.ESCAPE: Mapping(("Strategic developments", "Other"), None, True),
    EventType.SURRENDER: Mapping(("Strategic developments", "Other"), "RETREAT", True),
    EventType.DISPLACEMENT: Mapping(("Strategic developments", "Other"), None, True),
    EventType.REPATRIATION: Mapping(("Strategic developments", "Other"), "COOPERATE", True),
    EventType.PROTEST: Mapping(("Protests", "Peaceful protest"), "PROTEST", True),
    EventType.RIOT: Mapping(("Riots", "Violent demonstration"), "PROTEST", True),
    EventType.ASSESSMENT: Mapping(None, None, True),
    EventType.DISASTER: Mapping(None, None, False),
    EventType.ACCIDENT: Mapping(None, None, False),
    EventType.CRIME: Mapping(None, None, False),
    EventType.DRILL: Mapping(None, None, False),
    EventType.OTHER: Mapping(None, None, True),
}


def is_conflict(event_type: EventType) -> bool:
    """Whether counts of this type move a figure; an unknown type of a later version does not."""
    mapping = EVENT_TYPES.get(event_type)
    return mapping is not None and mapping.conflict
