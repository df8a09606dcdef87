"""Light verbs of captivity: who is taken, held and led away, and who is let go, gets free or gives in."""

from __future__ import annotations

from collections.abc import Sequence

from schemas import Measure

from .light import ARMS, ENDS, JAILS, OWN, Light, clause
from .nouns import TAKEN_AS

LED = 6
"""Words from "led" to "away", this one within it."""

_SELVES = frozenset({"themselves", "himself", "herself"})
_TAKEN_SEVERAL = {"hostages": Measure.ABDUCTED, "captives": Measure.ABDUCTED, "prisoners": Measure.DETAINED}
"""Whom one takes."""
_CAPTORS = frozenset(
    "armed gunmen men militants rebels kidnappers unknown unidentified bandits insurgents militiamen guerrillas masked".split()
)
_BY = (["surprise"], ["storm"], ["car"], ["road"], ["air"], ["bus"], ["boat"], ["plane"], ["truck"], ["helicopter"], ["ambulance"])
"""Behind "taken by": how, and not by whom."""
SUBJECT = 4
"""Words before "carried" among which its subject ends."""
_SWEEPING = frozenset(
    "flood floods floodwater floodwaters water waters river rivers current currents torrent torrents wave waves tide tsunami stream mud "
    "avalanche avalanches landslide landslides mudslide mudslides storm storms cyclone hurricane winds".split()
)
"""What carries people away who are nobody's captives."""
_RECEIVERS = frozenset("cross crescent icrc ombudsman humanitarian mission observers families family relatives elders embassy".split())
"""To whom captors hand over those they let go."""
_OFFICES = frozenset({"welfare", "institute", "court", "courts", "services", "protection", "department", "ministry", "division", "office"})
"""What a family's or relatives' name goes on with where it is that of an office."""
_VICTORS = frozenset("army authorities government troops military police forces soldiers security".split())
"""To whom fighters give in."""
_KEPT = frozenset({"still", "to", "now", "currently"})
"""Words before "hold" with which it means custody."""
_HAVE = frozenset({"has", "have"})
_TO_ACCOUNT = frozenset({"accountable", "responsible", "liable"})
_SUDDENLY = frozenset({"when", "after", "from", "during", ".", ","})
"""What stands behind "were taken" where nobody says whither."""
_SAFE = frozenset({"hospital", "hospitals", "clinic", "scene", "rubble", "wreckage", "morgue", "custody", "to"})
_HELD_PEOPLE = frozenset("hostage hostages captive captives prisoner prisoners detainee detainees inmates".split())
_LED_TO = frozenset({"with", "into", "to", "as", "at", "on", "in", "and", "toward", "towards", "by", "after", "before"})
"""What stands behind "led eight girls away"; "led 12 patients away from the fire" rescues them."""
_MOVED = frozenset({"ran", "got", "went", "broke", "came", "drove", "sank", "flew", "were", "was", "blew", "fell"})
"""Verbs that end with "away" or "off" themselves ("a boat carrying 53 migrants broke off")."""
_WILDS = frozenset("bush forest forests jungle hills mountains bushes woods scrub".split())
"""Where captors take people."""
_TO_HELP = frozenset({"safety", "show", "shelter", "hide", "treatment", "rescue", "tour"})
"""What people are taken somewhere for who are no captives."""
_DONE_TO_DEATH = frozenset("hacked shot killed executed beheaded murdered stabbed strangled hanged".split())
"""What befell people there at once, so that they were no captives."""
_FALLEN = frozenset({"bodies", "body", "corpses", "dead", "wounded", "injured", "casualties", "comrade", "comrades"})
"""Whom their own side carries away."""


def take(behind: Sequence[str], _before: Sequence[str], passive: bool) -> Light | None:  # noqa: FBT001  # one signature for all verbs
    """Who is taken, as what or from where."""
    return _take_away(behind, passive=passive) or _take_as(behind, passive=passive)


def _take_away(behind: Sequence[str], *, passive: bool) -> Light | None:
    """Taken from where they were: "took away seven passengers", "took 12 men off a bus"."""
    if behind[:1] == ["away"] or (behind[1:2] != ["away"] and "away" in clause(behind)[:6] and "from" not in behind):
        return Light(int(behind[0] == "away"), Measure.ABDUCTED, transitive=True)
    if passive and _into_the_wild(clause(behind)) and _TO_HELP.isdisjoint(behind):
        return Light(0, Measure.ABDUCTED, transitive=True)  # "nine villagers were taken into the forest"
    if passive and (not behind or behind[0] in _SUDDENLY) and not _SAFE & set(behind):
        return Light(0, Measure.ABDUCTED, transitive=True)  # "six aid workers were taken when their convoy was attacked"
    if not passive and "off" in clause(behind)[1:6] and behind[0] not in TAKEN_AS:
        return Light(0, Measure.ABDUCTED, transitive=True)  # "took 12 men off a bus"
    return None


def _into_the_wild(clause: Sequence[str]) -> bool:
    """Whether somebody is brought to where captors hide."""
    at = next((i for i, word in enumerate(clause) if word == "into"), None)
    if at is None or _WILDS.isdisjoint(clause[at + 1 : at + 5]):
        return False
    return _FALLEN.isdisjoint(clause[:at]) and _DONE_TO_DEATH.isdisjoint(clause[at + 3 : at + 8])


def march(behind: Sequence[str], before: Sequence[str], passive: bool) -> Light | None:  # noqa: FBT001  # as above
    """Who is marched or dragged off."""
    led = _into_the_wild(clause(behind)) and (passive or behind[:1] != ["into"])
    return Light(0, Measure.ABDUCTED, transitive=True) if led else lead(behind, before, passive)


def _take_as(behind: Sequence[str], *, passive: bool) -> Light | None:
    """Taken as what, or into what: "taken hostage", "took 12 people into custody"."""
    if behind[:1] == ["into"] and "custody" in behind[1:3]:
        return Light(behind.index("custody") + 1, Measure.DETAINED, transitive=True)
    if behind[:1] == ["alive"]:
        return Light(1, Measure.DETAINED, transitive=True)
    if behind[:1] == ["prisoner"]:
        return Light(1, Measure.DETAINED, transitive=True)
    if behind and behind[0] in TAKEN_AS:
        return Light(1, Measure.ABDUCTED, transitive=True)
    by = next((i for i, word in enumerate(behind[:10]) if word == "by" or word in ENDS), None)
    if passive and by is not None and behind[by] == "by" and behind[by + 1 : by + 2] not in _BY and _CAPTORS & set(behind[by : by + 5]):
        return Light(0, Measure.ABDUCTED, transitive=True)
    if not passive and (several := next((word for word in behind[:6] if word in _TAKEN_SEVERAL or word in ENDS), "")) in _TAKEN_SEVERAL:
        return Light(0, _TAKEN_SEVERAL[several], transitive=True)
    if behind[:2] == ["the", "lives"] or behind[:1] == ["lives"]:
        return None
    within = clause(behind)
    if "into" in within and "custody" in within:
        return Light(0, Measure.DETAINED, transitive=True)
    taken = next((word for word in within if word in TAKEN_AS), None)
    if taken is None or passive:
        return None
    return Light(0, Measure.DETAINED if taken == "prisoner" else Measure.ABDUCTED, transitive=True)


def hold(behind: Sequence[str], before: Sequence[str], passive: bool) -> Light | None:  # noqa: FBT001  # as above
    """Who is held, now or until then."""
    if behind and behind[0] in TAKEN_AS:
        still = passive and not {"being", "are", "is", "still"}.isdisjoint(before)
        return Light(1, Measure.HELD if still else Measure.ABDUCTED, transitive=True)
    if passive and "ransom" in behind[:4]:
        return Light(0, Measure.ABDUCTED, transitive=True)
    if not passive and behind[:1] == ["since"] and not _HAVE.isdisjoint(before):
        return Light(0, Measure.HELD, transitive=True)  # "the six oil workers it has held since Tuesday"
    kept = passive or not _KEPT.isdisjoint(before)
    if kept and not {"talks", "meeting"} & set(behind[:2]) and _TO_ACCOUNT.isdisjoint(clause(behind)):
        return Light(0, Measure.HELD, transitive=True)
    return None


def walk(behind: Sequence[str], _before: Sequence[str], _passive: bool) -> Light | None:  # noqa: FBT001  # as above
    """Who walks free."""
    return Light(1, Measure.RELEASED, transitive=False) if behind[:1] == ["free"] else None


def give(behind: Sequence[str], _before: Sequence[str], passive: bool) -> Light | None:  # noqa: FBT001  # as above
    """Who hands over whom, or himself and his weapons."""
    if len(behind) > 1 and behind[0] in _SELVES and behind[1] in ("up", "in", "over"):
        return Light(2, Measure.SURRENDERED, transitive=False)
    if passive and behind[:1] == ["to"] and _received(clause(behind)[1:5]):
        return Light(0, Measure.RELEASED, transitive=True)  # "two of them were handed to the Red Cross"
    later = "over" in clause(behind)[1:5]
    if later and _received(clause(behind)):
        return Light(0, Measure.RELEASED, transitive=True)  # "handed two hostages over to the Red Cross"
    if behind[:1] == ["over"] and (_HELD_PEOPLE & set(behind[1:6]) or _received(clause(behind)[3:])) and "bodies" not in behind[:6]:
        return Light(1, Measure.RELEASED, transitive=True)
    if behind[:1] in (["over"], ["in"], ["up"]) and ARMS & set(behind[1:4]) and (OWN & set(behind[1:3]) or behind[:2] == ["up", "arms"]):
        return Light(1, Measure.SURRENDERED, transitive=False)
    return None


def _received(clause: Sequence[str]) -> bool:
    """Whether captors hand somebody over to those who take him home; "the Family Welfare Institute" is an office."""
    return any(
        word in _RECEIVERS and _OFFICES.isdisjoint(clause[at + 1 : at + 4]) and "mission" not in clause[at + 1 : at + 2]
        for at, word in enumerate(clause)
    )


def swept(before: Sequence[str], behind: Sequence[str]) -> bool:
    """Whether water, wind or earth carries them away, so that they are nobody's captives ("the flood carried 12 people away")."""
    return not _SWEEPING.isdisjoint([*before[-SUBJECT:], *clause(behind)])


def lead(behind: Sequence[str], _before: Sequence[str], passive: bool) -> Light | None:  # noqa: FBT001  # as above
    """Who is led or carried away."""
    led = behind[:1] in (["away"], ["off"]) and (passive or len(clause(behind)) > 1)
    if led:
        return Light(1, Measure.ABDUCTED, transitive=True)
    within = clause(behind)
    at = next((i for i, word in enumerate(within[:LED]) if word in ("away", "off")), 0)
    whither = within[at + 1 : at + 2]
    later = at > 0 and not passive and (not whither or whither[0] in _LED_TO) and _FALLEN.isdisjoint(within[:at])
    later = later and not within[at - 1].endswith("ed") and within[at - 1] not in _MOVED
    return Light(0, Measure.ABDUCTED, transitive=True) if later else None  # "led eight girls away with them"


def yield_to(behind: Sequence[str], _before: Sequence[str], _passive: bool) -> Light | None:  # noqa: FBT001  # as above
    """Who gives in to an army."""
    return Light(0, Measure.SURRENDERED, transitive=False) if behind[:1] == ["to"] and _VICTORS & set(behind[1:5]) else None


def regain(behind: Sequence[str], _before: Sequence[str], _passive: bool) -> Light | None:  # noqa: FBT001  # as above
    """Who gets his freedom back."""
    return (
        Light(2, Measure.RELEASED, transitive=False)
        if behind[:2] in (["their", "freedom"], ["his", "freedom"], ["her", "freedom"])
        else None
    )


def break_out(behind: Sequence[str], _before: Sequence[str], _passive: bool) -> Light | None:  # noqa: FBT001  # as above
    """Who breaks out."""
    if behind[:2] in (["out", "of"], ["out", "from"]) or behind[:1] == ["free"]:
        return Light(1, Measure.ESCAPED, transitive=False)
    return None


def tunnel(behind: Sequence[str], _before: Sequence[str], _passive: bool) -> Light | None:  # noqa: FBT001  # as above
    """Who tunnels out of a jail."""
    out = behind[:1] == ["out"]
    return Light(1, Measure.ESCAPED, transitive=False) if out and JAILS & set(clause(behind)) else None
