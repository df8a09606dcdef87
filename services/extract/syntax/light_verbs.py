"""Verbs that tell a measure only with the words behind them: "taken hostage", "sustained injuries", "lost their lives"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from schemas import Measure

from .nouns import TAKEN_AS

REACH = 13
"""Words behind the verb that are looked at: "took the three drivers of the second lorry hostage"."""


LED = 6
"""Words from "led" to "away", this one within it."""

PUT = 8
"""Words between "put" and "to death", both within it."""


class Light(NamedTuple):
    """What a light verb tells."""

    words: int
    """How many words behind the verb belong to it."""
    measure: Measure
    transitive: bool
    """Whether its object is counted (else its subject)."""


FORMS = {
    form: lemma
    for lemma, forms in {
        "take": "take took taken taking",
        "hold": "hold holds held holding",
        "lose": "lose loses lost losing",
        "suffer": "suffer suffered suffering sustain sustained sustaining receive received receiving",
        "find": "found",
        "go": "go gone went",
        "force": "forced forcing",
        "flee": "flee fled fleeing",
        "break": "break broke broken breaking",
        "tunnel": "tunnelled tunneled tunnelling tunneling",
        "put": "put puts putting",
        "embrace": "embrace embraced embracing attained achieved attain achieve",
        "fall": "fell fallen",
        "survive": "survive survives survived surviving escaped escape escapes escaping",
        "make": "made making",
        "treat": "treated admitted flown airlifted rushed evacuated brought",
        "give": "give gave given giving turn turned turning hand handed handing",
        "lay": "lay laid laying",
        "lead": "led leading carried carrying",
        "regain": "regain regained regaining",
        "yield": "yielded",
        "pay": "paid",
        "return": "return returned returning",
        "leave": "left leave leaving abandoned",
        "cross": "crossed",
        "send": "send sent sending",
        "march": "marched marching dragged dragging whisked herded herding",
        "cut": "cut",
        "get": "got slipped slips slip gets",
        "walk": "walk walks walked walking",
    }.items()
    for form in forms.split()
}
"""Form to lemma."""

BASES = frozenset(
    {
        "break",
        "take",
        "hold",
        "lose",
        "suffer",
        "sustain",
        "receive",
        "go",
        "flee",
        "embrace",
        "attain",
        "achieve",
        "give",
        "turn",
        "hand",
        "lay",
    }
)
"""Forms that are infinitives."""

_WOUNDS = frozenset("broken concussion injuries injury wounds wound burns bruises lacerations fracture fractures".split())
_RANKS = frozenset(
    "men personnel crew comrades comrade cadres combatants guerrillas reservists conscripts recruits gendarmes soldier soldiers troop troops serviceman servicemen policeman policemen marine marines fighter fighters commander commanders officer officers militant militants militiamen peacekeepers rangers paratroopers".split()
)
"""Of whom an army says that it lost them."""
_MARTYRDOM = frozenset({"martyrdom", "shahadat", "shahadah"})
_SELVES = frozenset({"themselves", "himself", "herself"})
_ARMS = frozenset({"arms", "weapons", "guns"})
_TAKEN_SEVERAL = {"hostages": Measure.ABDUCTED, "captives": Measure.ABDUCTED, "prisoners": Measure.DETAINED}
"""Whom one takes."""
_FOUND_AS = frozenset({"dead", "shot", "beheaded", "hanged", "strangled", "murdered", "killed", "decapitated", "lifeless"})
"""As what people are found who have died."""
_CAPTORS = frozenset(
    "armed gunmen men militants rebels kidnappers unknown unidentified bandits insurgents militiamen guerrillas masked".split()
)
_RECEIVERS = frozenset("cross crescent icrc ombudsman humanitarian mission observers families family relatives elders embassy".split())
"""To whom captors hand over those they let go."""
_OFFICES = frozenset({"welfare", "institute", "court", "courts", "services", "protection", "department", "ministry", "division", "office"})
"""What a family's or relatives' name goes on with where it is that of an office."""
_OTHERWISE = frozenset({"at", "in", "on", "an", "and", "who", "were", "was"})
"""What does not stand between "put" and "to death" and those to whom it is done."""
_OUT_OF_ACTION = ("out", "of", "action")
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
_DUTY = frozenset({"combat", "battle", "action", "line", "duty", "fighting"})
_TREATED = frozenset("wounds wound injuries injury burns shrapnel gunshot fractures".split())
_ENDS = frozenset({".", ";", ","})
_JAILS = frozenset({"jail", "prison", "custody", "captivity", "captors", "prisons", "jails", "penitentiary", "cell", "cells"})
_SCENES = frozenset({"scene", "spot", "pursuit", "police", "troops", "foot", "motorbikes", "motorcycles", "hideout", "attackers", "ranks"})
"""What is fled from without being driven from home."""
_HOMES = frozenset({"homes", "home", "houses", "villages"})
_DEAD = frozenset({"dead", "bodies", "corpses"})
_LED_TO = frozenset({"with", "into", "to", "as", "at", "on", "in", "and", "toward", "towards", "by", "after", "before"})
"""What stands behind "led eight girls away"; "led 12 patients away from the fire" rescues them."""
_MOVED = frozenset({"ran", "got", "went", "broke", "came", "drove", "sank", "flew", "were", "was", "blew", "fell"})
"""Verbs that end with "away" or "off" themselves ("a boat carrying 53 migrants broke off")."""
_WILDS = frozenset("bush forest forests jungle hills mountains bushes woods scrub".split())
"""Where captors take people."""
_DONE_TO_DEATH = frozenset("hacked shot killed executed beheaded murdered stabbed strangled hanged".split())
"""What befell people there at once, so that they were no captives."""
_SHARDS = frozenset({"glass", "shrapnel", "splinters", "debris", "fragments"})
"""What flies about in an explosion."""
_FALLEN = frozenset({"bodies", "body", "corpses", "dead", "wounded", "injured", "casualties", "comrade", "comrades"})
"""Whom their own side carries away."""
_SETTLED = frozenset({"villages", "hamlets", "veredas", "settlements"})
_HOW_MANY = frozenset({"two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "several", "many", "some", "the"})
"""What stands before the places that people have left."""
_CAPTORS_OF = frozenset("captors guards kidnappers abductors captivity jailers rebels".split())
_LIMBS = frozenset("leg legs arm arms hand hands foot feet eye eyes finger fingers toe toes limb limbs eyesight".split())
_SIDES = frozenset({"left", "right", "lower", "upper"})
_GOES_ON = _ENDS | frozenset("in on to when after and as during at from below above by while or but (".split())
"""What stands behind a limb that is lost."""
_ONES = frozenset({"a", "an", "one", "both", "his", "her", "their", "two", "three"})
"""What stands before a limb that is lost."""
_OWN = frozenset({"their", "his", "her"})


TELLING = frozenset(
    "bush forest forests jungle hills mountains bushes woods scrub glass shrapnel abandoned leg legs arm arms hand hands foot feet eye eyes finger fingers toe toes limb limbs eyesight free broken concussion price fell fallen duty arrest sacrifice taken treated admitted handed martyr martyrs hostage hostages captive captives prisoner prisoners custody captivity ransom lives life injuries injury wounds wound fractures fracture bruises burns lacerations homes home houses martyrdom shahadat combat battle action themselves himself arms weapons hell flee fled fleeing broke broken held hold holds holding lost losing away off freedom families family relatives cross crescent icrc elders embassy yielded home country return returned returning survived took left crossed border evacuated survive throat throats tunnelled tunneled tunnelling tunneling".split()
)
"""Words without which none of these verbs tells a measure: a sentence that holds none of them need not be read for one."""


def read(lemma: str, behind: Sequence[str], before: Sequence[str], *, passive: bool) -> Light | None:
    """What the verb tells with the words behind and the auxiliaries before it; None where it tells no measure."""
    return _READERS[lemma](behind, before, passive)


def _clause(behind: Sequence[str]) -> Sequence[str]:
    """The words behind a verb up to the end of its clause."""
    return behind[: next((i for i, word in enumerate(behind) if word in _ENDS), len(behind))]


def _take(behind: Sequence[str], before: Sequence[str], passive: bool) -> Light | None:  # noqa: FBT001  # one signature for all verbs
    return _take_away(behind, passive=passive) or _take_as(behind, before, passive=passive)


def _take_away(behind: Sequence[str], *, passive: bool) -> Light | None:
    """Taken from where they were: "took away seven passengers", "took 12 men off a bus"."""
    if behind[:1] == ["away"] or (behind[1:2] != ["away"] and "away" in _clause(behind)[:6] and "from" not in behind):
        return Light(int(behind[0] == "away"), Measure.ABDUCTED, transitive=True)
    if _into_the_wild(_clause(behind)) and behind[0] not in _OWN and (passive or behind[0] != "into"):
        return Light(0, Measure.ABDUCTED, transitive=True)  # "took nine villagers into the forest"
    if passive and (not behind or behind[0] in _SUDDENLY) and not _SAFE & set(behind):
        return Light(0, Measure.ABDUCTED, transitive=True)  # "six aid workers were taken when their convoy was attacked"
    if not passive and "off" in _clause(behind)[1:6] and behind[0] not in TAKEN_AS:
        return Light(0, Measure.ABDUCTED, transitive=True)  # "took 12 men off a bus"
    return None


def _into_the_wild(clause: Sequence[str]) -> bool:
    """Whether somebody is brought to where captors hide."""
    at = next((i for i, word in enumerate(clause) if word == "into"), None)
    if at is None or _WILDS.isdisjoint(clause[at + 1 : at + 5]):
        return False
    return _FALLEN.isdisjoint(clause[:at]) and _DONE_TO_DEATH.isdisjoint(clause[at + 3 : at + 8])


def _march(behind: Sequence[str], before: Sequence[str], passive: bool) -> Light | None:  # noqa: FBT001  # as above
    led = _into_the_wild(_clause(behind)) and (passive or behind[:1] != ["into"])
    return Light(0, Measure.ABDUCTED, transitive=True) if led else _lead(behind, before, passive)


def _cut(behind: Sequence[str], _before: Sequence[str], passive: bool) -> Light | None:  # noqa: FBT001  # as above
    cut = passive and behind[:1] == ["by"] and not _SHARDS.isdisjoint(behind[1:4])
    return Light(0, Measure.INJURED, transitive=True) if cut else None


def _take_as(behind: Sequence[str], _before: Sequence[str], *, passive: bool) -> Light | None:
    """Taken as what, or into what: "taken hostage", "took 12 people into custody"."""
    if behind[:1] == ["into"] and "custody" in behind[1:3]:
        return Light(behind.index("custody") + 1, Measure.DETAINED, transitive=True)
    if behind[:1] == ["alive"]:
        return Light(1, Measure.DETAINED, transitive=True)
    if behind[:1] == ["prisoner"]:
        return Light(1, Measure.DETAINED, transitive=True)
    if behind and behind[0] in TAKEN_AS:
        return Light(1, Measure.ABDUCTED, transitive=True)
    by = next((i for i, word in enumerate(behind[:10]) if word == "by" or word in _ENDS), None)
    if passive and by is not None and behind[by] == "by" and _CAPTORS & set(behind[by : by + 5]):
        return Light(0, Measure.ABDUCTED, transitive=True)
    if not passive and (several := next((word for word in behind[:6] if word in _TAKEN_SEVERAL or word in _ENDS), "")) in _TAKEN_SEVERAL:
        return Light(0, _TAKEN_SEVERAL[several], transitive=True)
    if behind[:2] == ["the", "lives"] or behind[:1] == ["lives"]:
        return None
    within = behind[: next((i for i, word in enumerate(behind) if word in _ENDS), len(behind))]
    if "into" in within and "custody" in within:
        return Light(0, Measure.DETAINED, transitive=True)
    taken = next((word for word in within if word in TAKEN_AS), None)
    if taken is None or passive:
        return None
    return Light(0, Measure.DETAINED if taken == "prisoner" else Measure.ABDUCTED, transitive=True)


def _hold(behind: Sequence[str], before: Sequence[str], passive: bool) -> Light | None:  # noqa: FBT001  # as above
    if behind and behind[0] in TAKEN_AS:
        still = passive and not {"being", "are", "is", "still"}.isdisjoint(before)
        return Light(1, Measure.HELD if still else Measure.ABDUCTED, transitive=True)
    if passive and "ransom" in behind[:4]:
        return Light(0, Measure.ABDUCTED, transitive=True)
    if not passive and behind[:1] == ["since"] and not _HAVE.isdisjoint(before):
        return Light(0, Measure.HELD, transitive=True)  # "the six oil workers it has held since Tuesday"
    kept = passive or not _KEPT.isdisjoint(before)
    if kept and not {"talks", "meeting"} & set(behind[:2]) and _TO_ACCOUNT.isdisjoint(_clause(behind)):
        return Light(0, Measure.HELD, transitive=True)
    return None


def _lose(behind: Sequence[str], _before: Sequence[str], _passive: bool) -> Light | None:  # noqa: FBT001  # as above
    if len(behind) > 1 and behind[0] in _OWN and behind[1] in ("lives", "life"):
        return Light(2, Measure.KILLED, transitive=False)
    if limb := _limb(behind):
        return Light(limb, Measure.INJURED, transitive=False)
    within = behind[: next((i for i, word in enumerate(behind) if word in _ENDS or word == "in"), len(behind))]
    own = "of" in within and "own" in within
    return Light(0, Measure.KILLED, transitive=True) if (own or _RANKS & set(within)) and "ground" not in within else None


def _limb(behind: Sequence[str]) -> int:
    """How many words behind "lost" say which limb ("his left leg"); 0 where it is none ("lost two arms depots")."""
    at = next((i for i, word in enumerate(behind[1:4], 1) if word not in _SIDES), 0)
    limb = at > 0 and behind[0] in _ONES and behind[at] in _LIMBS
    return at + 1 if limb and (at + 1 >= len(behind) or behind[at + 1] in _GOES_ON) else 0


def _walk(behind: Sequence[str], _before: Sequence[str], _passive: bool) -> Light | None:  # noqa: FBT001  # as above
    return Light(1, Measure.RELEASED, transitive=False) if behind[:1] == ["free"] else None


def _get(behind: Sequence[str], before: Sequence[str], passive: bool) -> Light | None:  # noqa: FBT001  # as above
    if behind[:2] == ["away", "from"] and not _CAPTORS_OF.isdisjoint(behind[2:5]):
        return Light(1, Measure.ESCAPED, transitive=False)
    return _suffer(behind, before, passive) if before or behind[:1] != ["away"] else None


def _embrace(behind: Sequence[str], _before: Sequence[str], _passive: bool) -> Light | None:  # noqa: FBT001  # as above
    return Light(1, Measure.KILLED, transitive=False) if behind[:1] and behind[0] in _MARTYRDOM else None


def _fall(behind: Sequence[str], _before: Sequence[str], _passive: bool) -> Light | None:  # noqa: FBT001  # as above
    if behind[:2] in (["as", "martyrs"], ["as", "a"]) and {"martyr", "martyrs"} & set(behind[1:3]):
        return Light(behind.index("martyrs" if "martyrs" in behind[:3] else "martyr") + 1, Measure.KILLED, transitive=False)
    if behind[:1] == ["in"] and _DUTY & set(behind[1:7]):
        return Light(1, Measure.KILLED, transitive=False)
    if behind[:3] == ["on", "the", "field"] and {"honour", "honor", "battle"} & set(behind[3:5]):
        return Light(3, Measure.KILLED, transitive=False)
    return None


def _make(behind: Sequence[str], _before: Sequence[str], _passive: bool) -> Light | None:  # noqa: FBT001  # as above
    sacrifice = behind[:3] in (
        ["the", "supreme", "sacrifice"],
        ["the", "ultimate", "sacrifice"],
        ["the", "supreme", "price"],
        ["the", "ultimate", "price"],
    )
    return Light(3, Measure.KILLED, transitive=False) if sacrifice else None


def _survive(behind: Sequence[str], _before: Sequence[str], _passive: bool) -> Light | None:  # noqa: FBT001  # as above
    hurt = behind[:1] == ["with"] and not _WOUNDS.isdisjoint(behind[1:5])
    return Light(0, Measure.INJURED, transitive=False) if hurt else None


def _treat(behind: Sequence[str], _before: Sequence[str], passive: bool) -> Light | None:  # noqa: FBT001  # as above
    within = behind[: next((i for i, word in enumerate(behind) if word in _ENDS), len(behind))]
    if not passive and "for" in within and {"wounds", "injuries", "burns"} & set(within[within.index("for") + 1 :][:3]):
        return Light(0, Measure.INJURED, transitive=True)  # "doctors treated 12 people for burns"
    return Light(0, Measure.INJURED, transitive=True) if passive and _TREATED & set(within[:9]) and {"for", "with"} & set(within) else None


def _give(behind: Sequence[str], _before: Sequence[str], passive: bool) -> Light | None:  # noqa: FBT001  # as above
    if len(behind) > 1 and behind[0] in _SELVES and behind[1] in ("up", "in", "over"):
        return Light(2, Measure.SURRENDERED, transitive=False)
    if passive and behind[:1] == ["to"] and _received(_clause(behind)[1:5]):
        return Light(0, Measure.RELEASED, transitive=True)  # "two of them were handed to the Red Cross"
    later = "over" in _clause(behind)[1:5]
    if later and _received(_clause(behind)):
        return Light(0, Measure.RELEASED, transitive=True)  # "handed two hostages over to the Red Cross"
    if behind[:1] == ["over"] and (_HELD_PEOPLE & set(behind[1:6]) or _received(_clause(behind)[3:])) and "bodies" not in behind[:6]:
        return Light(1, Measure.RELEASED, transitive=True)
    if behind[:1] in (["over"], ["in"], ["up"]) and _ARMS & set(behind[1:4]) and (_OWN & set(behind[1:3]) or behind[:2] == ["up", "arms"]):
        return Light(1, Measure.SURRENDERED, transitive=False)
    return None


def _received(clause: Sequence[str]) -> bool:
    """Whether captors hand somebody over to those who take him home; "the Family Welfare Institute" is an office."""
    return any(
        word in _RECEIVERS and _OFFICES.isdisjoint(clause[at + 1 : at + 4]) and "mission" not in clause[at + 1 : at + 2]
        for at, word in enumerate(clause)
    )


def _put(behind: Sequence[str], _before: Sequence[str], _passive: bool) -> Light | None:  # noqa: FBT001  # as above
    clause = _clause(behind)[:PUT]
    out = next((i for i in range(len(clause)) if tuple(clause[i : i + 3]) == _OUT_OF_ACTION), None)
    if out is not None and not _OTHERWISE & set(clause[:out]):
        return Light(3 if out == 0 else 0, Measure.NEUTRALIZED, transitive=True)
    at = next((i for i, word in enumerate(clause) if word == "to" and clause[i + 1 : i + 2] == ["death"]), None)
    if at is None or _OTHERWISE & set(clause[:at]):
        return None
    return Light(2 if at == 0 else 0, Measure.KILLED, transitive=True)


def _send(behind: Sequence[str], _before: Sequence[str], passive: bool) -> Light | None:  # noqa: FBT001  # as above
    return Light(2, Measure.KILLED, transitive=True) if passive and behind[:2] == ["to", "hell"] else None


def _pay(behind: Sequence[str], before: Sequence[str], passive: bool) -> Light | None:  # noqa: FBT001  # as above
    if behind[:3] in (["with", "their", "lives"], ["with", "his", "life"], ["with", "her", "life"]):
        return Light(3, Measure.KILLED, transitive=False)
    return _make(behind, before, passive)


def _return(behind: Sequence[str], _before: Sequence[str], _passive: bool) -> Light | None:  # noqa: FBT001  # as above
    home = behind[:1] == ["home"] or (behind[:1] == ["to"] and behind[1:2] in (["their"], ["his"], ["her"]))
    return Light(1, Measure.REPATRIATED, transitive=False) if home or behind[:1] == ["from"] else None


def _leave(behind: Sequence[str], _before: Sequence[str], _passive: bool) -> Light | None:  # noqa: FBT001  # as above
    if behind[:1] == ["behind"] and _DEAD & set(_clause(behind)[1:5]):
        return Light(1, Measure.KILLED, transitive=True)  # "leaving behind four dead"
    home = behind[:1] == ["their"] and behind[1:2] and behind[1] in _HOMES
    if not home and any(word in _SETTLED for word in behind[1:3]) and behind[0] in _HOW_MANY:
        return Light(0, Measure.DISPLACED, transitive=False)  # "320 people abandoned four hamlets"
    return Light(2, Measure.DISPLACED, transitive=False) if home else None


def _cross(behind: Sequence[str], _before: Sequence[str], _passive: bool) -> Light | None:  # noqa: FBT001  # as above
    abroad = behind[:1] == ["into"] or behind[:2] == ["the", "border"] or behind[:3] == ["over", "the", "border"]
    return Light(0, Measure.DISPLACED, transitive=False) if abroad else None


def _lead(behind: Sequence[str], _before: Sequence[str], passive: bool) -> Light | None:  # noqa: FBT001  # as above
    led = behind[:1] in (["away"], ["off"]) and (passive or len(_clause(behind)) > 1)
    if led:
        return Light(1, Measure.ABDUCTED, transitive=True)
    clause = _clause(behind)
    at = next((i for i, word in enumerate(clause[:LED]) if word in ("away", "off")), 0)
    whither = clause[at + 1 : at + 2]
    later = at > 0 and not passive and (not whither or whither[0] in _LED_TO) and _FALLEN.isdisjoint(clause[:at])
    later = later and not clause[at - 1].endswith("ed") and clause[at - 1] not in _MOVED
    return Light(0, Measure.ABDUCTED, transitive=True) if later else None  # "led eight girls away with them"


def _yield(behind: Sequence[str], _before: Sequence[str], _passive: bool) -> Light | None:  # noqa: FBT001  # as above
    return Light(0, Measure.SURRENDERED, transitive=False) if behind[:1] == ["to"] and _VICTORS & set(behind[1:5]) else None


def _regain(behind: Sequence[str], _before: Sequence[str], _passive: bool) -> Light | None:  # noqa: FBT001  # as above
    return (
        Light(2, Measure.RELEASED, transitive=False)
        if behind[:2] in (["their", "freedom"], ["his", "freedom"], ["her", "freedom"])
        else None
    )


def _lay(behind: Sequence[str], _before: Sequence[str], _passive: bool) -> Light | None:  # noqa: FBT001  # as above
    if behind[:1] == ["down"] and _ARMS & set(behind[1:3]):
        return Light(1, Measure.SURRENDERED, transitive=False)
    if behind[:1] == ["down"] and {"lives", "life"} & set(behind[1:3]):
        return Light(1, Measure.KILLED, transitive=False)
    return None


def _suffer(behind: Sequence[str], _before: Sequence[str], _passive: bool) -> Light | None:  # noqa: FBT001  # as above
    for place, word in enumerate(behind[:6]):
        if word in _WOUNDS:
            return Light(place + 1, Measure.INJURED, transitive=False)
        if word in _ENDS or word in ("in", "treatment"):
            return None
    return None


def _find(behind: Sequence[str], _before: Sequence[str], _passive: bool) -> Light | None:  # noqa: FBT001  # as above
    return Light(1, Measure.KILLED, transitive=True) if behind[:1] and behind[0] in _FOUND_AS else None


def _go(behind: Sequence[str], _before: Sequence[str], _passive: bool) -> Light | None:  # noqa: FBT001  # as above
    return Light(1, Measure.MISSING, transitive=False) if behind[:1] == ["missing"] else None


def _force(behind: Sequence[str], _before: Sequence[str], _passive: bool) -> Light | None:  # noqa: FBT001  # as above
    if not _HOMES.isdisjoint(within := _clause(behind)) and not {"from", "out"}.isdisjoint(within):
        return Light(0, Measure.DISPLACED, transitive=True)
    if "to" in behind[:6] and {"flee", "leave"} & set(behind[:7]):
        return Light(0, Measure.DISPLACED, transitive=True)
    return None


def _flee(behind: Sequence[str], _before: Sequence[str], _passive: bool) -> Light | None:  # noqa: FBT001  # as above
    if len(behind) > 1 and behind[0] in _OWN and behind[1] in _HOMES:
        return Light(2, Measure.DISPLACED, transitive=False)
    if _JAILS & set(behind[:4]):
        return Light(0, Measure.ESCAPED, transitive=False)
    if _SCENES & set(behind[:4]) or behind[:1] == ["its"]:
        return None  # "members who fled its shelters": a group's, and no homes
    return Light(0, Measure.DISPLACED, transitive=False)


def _break(behind: Sequence[str], _before: Sequence[str], _passive: bool) -> Light | None:  # noqa: FBT001  # as above
    if behind[:2] in (["out", "of"], ["out", "from"]) or behind[:1] == ["free"]:
        return Light(1, Measure.ESCAPED, transitive=False)
    return None


def _tunnel(behind: Sequence[str], _before: Sequence[str], _passive: bool) -> Light | None:  # noqa: FBT001  # as above
    out = behind[:1] == ["out"]
    return Light(1, Measure.ESCAPED, transitive=False) if out and _JAILS & set(_clause(behind)) else None


_READERS: dict[str, Callable[[Sequence[str], Sequence[str], bool], Light | None]] = {
    "take": _take,
    "hold": _hold,
    "lose": _lose,
    "suffer": _suffer,
    "find": _find,
    "go": _go,
    "force": _force,
    "flee": _flee,
    "break": _break,
    "embrace": _embrace,
    "fall": _fall,
    "make": _make,
    "survive": _survive,
    "treat": _treat,
    "give": _give,
    "lay": _lay,
    "lead": _lead,
    "regain": _regain,
    "yield": _yield,
    "pay": _pay,
    "return": _return,
    "leave": _leave,
    "cross": _cross,
    "send": _send,
    "put": _put,
    "walk": _walk,
    "get": _get,
    "tunnel": _tunnel,
    "march": _march,
    "cut": _cut,
}
