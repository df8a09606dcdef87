"""Verbs that tell a measure only with the words behind them: "taken hostage", "sustained injuries", "lost their lives"."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from schemas import Measure

from . import captivity
from .light import ARMS, ENDS, JAILS, OWN, Light, clause

REACH = 13
"""Words behind the verb that are looked at: "took the three drivers of the second lorry hostage"."""


PUT = 8
"""Words between "put" and "to death", both within it."""


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
_FOUND_AS = frozenset({"dead", "shot", "beheaded", "hanged", "strangled", "murdered", "killed", "decapitated", "lifeless"})
"""As what people are found who have died."""
_OTHERWISE = frozenset({"at", "in", "on", "an", "and", "who", "were", "was"})
"""What does not stand between "put" and "to death" and those to whom it is done."""
_OUT_OF_ACTION = ("out", "of", "action")
_DUTY = frozenset({"combat", "battle", "action", "line", "duty", "fighting"})
_TREATED = frozenset("wounds wound injuries injury burns shrapnel gunshot fractures".split())
_SCENES = frozenset({"scene", "spot", "pursuit", "police", "troops", "foot", "motorbikes", "motorcycles", "hideout", "attackers", "ranks"})
"""What is fled from without being driven from home."""
_HOMES = frozenset({"homes", "home", "houses", "villages"})
_DEAD = frozenset({"dead", "bodies", "corpses"})
_SHARDS = frozenset({"glass", "shrapnel", "splinters", "debris", "fragments"})
"""What flies about in an explosion."""
_SETTLED = frozenset({"villages", "hamlets", "veredas", "settlements"})
_HOW_MANY = frozenset({"two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "several", "many", "some", "the"})
"""What stands before the places that people have left."""
_CAPTORS_OF = frozenset("captors guards kidnappers abductors captivity jailers rebels".split())
_LIMBS = frozenset("leg legs arm arms hand hands foot feet eye eyes finger fingers toe toes limb limbs eyesight".split())
_SIDES = frozenset({"left", "right", "lower", "upper"})
_GOES_ON = ENDS | frozenset("in on to when after and as during at from below above by while or but (".split())
"""What stands behind a limb that is lost."""
_ONES = frozenset({"a", "an", "one", "both", "his", "her", "their", "two", "three"})
"""What stands before a limb that is lost."""


TELLING = frozenset(
    "bush forest forests jungle hills mountains bushes woods scrub glass shrapnel abandoned leg legs arm arms hand hands foot feet eye eyes finger fingers toe toes limb limbs eyesight free broken concussion price fell fallen duty arrest sacrifice taken treated admitted handed martyr martyrs hostage hostages captive captives prisoner prisoners custody captivity ransom lives life injuries injury wounds wound fractures fracture bruises burns lacerations homes home houses martyrdom shahadat combat battle action themselves himself arms weapons hell flee fled fleeing broke broken held hold holds holding lost losing away off freedom families family relatives cross crescent icrc elders embassy yielded home country return returned returning survived took left crossed border evacuated survive throat throats tunnelled tunneled tunnelling tunneling".split()
)
"""Words without which none of these verbs tells a measure: a sentence that holds none of them need not be read for one."""


def read(lemma: str, behind: Sequence[str], before: Sequence[str], *, passive: bool) -> Light | None:
    """What the verb tells with the words behind and the auxiliaries before it; None where it tells no measure."""
    return _READERS[lemma](behind, before, passive)


def _cut(behind: Sequence[str], _before: Sequence[str], passive: bool) -> Light | None:  # noqa: FBT001  # one signature for all verbs
    cut = passive and behind[:1] == ["by"] and not _SHARDS.isdisjoint(behind[1:4])
    return Light(0, Measure.INJURED, transitive=True) if cut else None


def _lose(behind: Sequence[str], _before: Sequence[str], _passive: bool) -> Light | None:  # noqa: FBT001  # as above
    if len(behind) > 1 and behind[0] in OWN and behind[1] in ("lives", "life"):
        return Light(2, Measure.KILLED, transitive=False)
    if limb := _limb(behind):
        return Light(limb, Measure.INJURED, transitive=False)
    within = behind[: next((i for i, word in enumerate(behind) if word in ENDS or word == "in"), len(behind))]
    own = "of" in within and "own" in within
    return Light(0, Measure.KILLED, transitive=True) if (own or _RANKS & set(within)) and "ground" not in within else None


def _limb(behind: Sequence[str]) -> int:
    """How many words behind "lost" say which limb ("his left leg"); 0 where it is none ("lost two arms depots")."""
    at = next((i for i, word in enumerate(behind[1:4], 1) if word not in _SIDES), 0)
    limb = at > 0 and behind[0] in _ONES and behind[at] in _LIMBS
    return at + 1 if limb and (at + 1 >= len(behind) or behind[at + 1] in _GOES_ON) else 0


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
    within = clause(behind)
    if not passive and "for" in within and {"wounds", "injuries", "burns"} & set(within[within.index("for") + 1 :][:3]):
        return Light(0, Measure.INJURED, transitive=True)  # "doctors treated 12 people for burns"
    return Light(0, Measure.INJURED, transitive=True) if passive and _TREATED & set(within[:9]) and {"for", "with"} & set(within) else None


def _put(behind: Sequence[str], _before: Sequence[str], _passive: bool) -> Light | None:  # noqa: FBT001  # as above
    within = clause(behind)[:PUT]
    out = next((i for i in range(len(within)) if tuple(within[i : i + 3]) == _OUT_OF_ACTION), None)
    if out is not None and not _OTHERWISE & set(within[:out]):
        return Light(3 if out == 0 else 0, Measure.NEUTRALIZED, transitive=True)
    at = next((i for i, word in enumerate(within) if word == "to" and within[i + 1 : i + 2] == ["death"]), None)
    if at is None or _OTHERWISE & set(within[:at]):
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
    if behind[:1] == ["behind"] and _DEAD & set(clause(behind)[1:5]):
        return Light(1, Measure.KILLED, transitive=True)  # "leaving behind four dead"
    home = behind[:1] == ["their"] and behind[1:2] and behind[1] in _HOMES
    if not home and any(word in _SETTLED for word in behind[1:3]) and behind[0] in _HOW_MANY:
        return Light(0, Measure.DISPLACED, transitive=False)  # "320 people abandoned four hamlets"
    return Light(2, Measure.DISPLACED, transitive=False) if home else None


def _cross(behind: Sequence[str], _before: Sequence[str], _passive: bool) -> Light | None:  # noqa: FBT001  # as above
    abroad = behind[:1] == ["into"] or behind[:2] == ["the", "border"] or behind[:3] == ["over", "the", "border"]
    return Light(0, Measure.DISPLACED, transitive=False) if abroad else None


def _lay(behind: Sequence[str], _before: Sequence[str], _passive: bool) -> Light | None:  # noqa: FBT001  # as above
    if behind[:1] == ["down"] and ARMS & set(behind[1:3]):
        return Light(1, Measure.SURRENDERED, transitive=False)
    if behind[:1] == ["down"] and {"lives", "life"} & set(behind[1:3]):
        return Light(1, Measure.KILLED, transitive=False)
    return None


def _suffer(behind: Sequence[str], _before: Sequence[str], _passive: bool) -> Light | None:  # noqa: FBT001  # as above
    for place, word in enumerate(behind[:6]):
        if word in _WOUNDS:
            return Light(place + 1, Measure.INJURED, transitive=False)
        if word in ENDS or word in ("in", "treatment"):
            return None
    return None


def _find(behind: Sequence[str], _before: Sequence[str], _passive: bool) -> Light | None:  # noqa: FBT001  # as above
    return Light(1, Measure.KILLED, transitive=True) if behind[:1] and behind[0] in _FOUND_AS else None


def _go(behind: Sequence[str], _before: Sequence[str], _passive: bool) -> Light | None:  # noqa: FBT001  # as above
    return Light(1, Measure.MISSING, transitive=False) if behind[:1] == ["missing"] else None


def _force(behind: Sequence[str], _before: Sequence[str], _passive: bool) -> Light | None:  # noqa: FBT001  # as above
    if not _HOMES.isdisjoint(within := clause(behind)) and not {"from", "out"}.isdisjoint(within):
        return Light(0, Measure.DISPLACED, transitive=True)
    if "to" in behind[:6] and {"flee", "leave"} & set(behind[:7]):
        return Light(0, Measure.DISPLACED, transitive=True)
    return None


def _flee(behind: Sequence[str], _before: Sequence[str], _passive: bool) -> Light | None:  # noqa: FBT001  # as above
    if len(behind) > 1 and behind[0] in OWN and behind[1] in _HOMES:
        return Light(2, Measure.DISPLACED, transitive=False)
    if JAILS & set(behind[:4]):
        return Light(0, Measure.ESCAPED, transitive=False)
    if _SCENES & set(behind[:4]) or behind[:1] == ["its"]:
        return None  # "members who fled its shelters": a group's, and no homes
    return Light(0, Measure.DISPLACED, transitive=False)


_READERS: dict[str, Callable[[Sequence[str], Sequence[str], bool], Light | None]] = {
    "take": captivity.take,
    "hold": captivity.hold,
    "lose": _lose,
    "suffer": _suffer,
    "find": _find,
    "go": _go,
    "force": _force,
    "flee": _flee,
    "break": captivity.break_out,
    "embrace": _embrace,
    "fall": _fall,
    "make": _make,
    "survive": _survive,
    "treat": _treat,
    "give": captivity.give,
    "lay": _lay,
    "lead": captivity.lead,
    "regain": captivity.regain,
    "yield": captivity.yield_to,
    "pay": _pay,
    "return": _return,
    "leave": _leave,
    "cross": _cross,
    "send": _send,
    "put": _put,
    "walk": captivity.walk,
    "get": _get,
    "tunnel": captivity.tunnel,
    "march": captivity.march,
    "cut": _cut,
}
