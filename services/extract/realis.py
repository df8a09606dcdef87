"""Whether the words say that it happened: scope of negation, modals, attempts, plans, threats, denials and claims."""

from __future__ import annotations

import re
from dataclasses import dataclass

from schemas import Realis

from .chunks import Parsed
from .lexicon import Lexicon
from .mentions import Mention

GOVERNS = 5
"""Words before an infinitive among which its governing verb is looked for ("failed in its bid to kill")."""


@dataclass(frozen=True, slots=True)
class Status:
    """How a mention is told."""

    realis: Realis
    told: bool = True
    """False where the words say nothing about it ("did not kill 12")."""
    background: bool = False
    """Whether it belongs to another, earlier event."""
    reason: str = "asserted"
    """The words that decided it, or what kind of rule."""


def status_of(mention: Mention, parsed: Parsed, lexicon: Lexicon) -> Status:
    """How a mention is told in its sentence."""
    before = _words_before(mention, parsed)
    background = _other_event(_clause(mention, before)) or _compared(mention, parsed)
    claimed = _claimed(mention, before, lexicon)
    decided = _denied(before, lexicon) or _of_verb(mention, before, lexicon) or _conditional(before)
    if decided is None:
        decided = Status(Realis.CLAIMED, reason="claimed") if claimed else Status(Realis.ASSERTED)
    if background and decided.told:
        return Status(decided.realis, background=True, reason=decided.reason)
    return decided


def _words_before(mention: Mention, parsed: Parsed) -> list[str]:
    """Words from the last hard break to the trigger, in lower case."""
    first = 0
    for chunk in parsed.chunks[: mention.place]:
        if chunk.kind == "break" and parsed.tokens[chunk.first].low in (";", "."):
            first = chunk.last + 1
    return [t.low for t in parsed.tokens[first : mention.trigger.first]]


def _denied(before: list[str], lexicon: Lexicon) -> Status | None:
    for place, word in enumerate(before):
        if lexicon.cue(word, "denying") and len(before) - place < 14 and "but" not in before[place:]:
            return Status(Realis.DENIED, reason=word)
    return None


def _of_verb(mention: Mention, before: list[str], lexicon: Lexicon) -> Status | None:
    verb = mention.verb
    if verb is None:
        if mention.via == "nominal" and before[-1:] == ["attempted"]:
            return Status(Realis.ATTEMPTED, reason="attempted")
        if mention.via in ("nominal", "counted", "deed"):
            return _of_noun(mention, before, lexicon)
        return None
    auxiliaries = verb.auxiliaries
    if verb.to:
        return _of_infinitive(before, auxiliaries, lexicon)
    if any(lexicon.cue(word, "not") for word in auxiliaries) and not mention.noun.negative:
        return Status(Realis.ASSERTED, told=False, reason="negated")
    if "feared" in before[-3:] or "feared" in auxiliaries:
        return Status(Realis.HYPOTHETICAL, reason="feared")
    for word in auxiliaries:
        if word in ("will", "shall", "wo"):
            return Status(Realis.PLANNED, reason=word)
        if lexicon.cue(word, "modals"):
            return Status(Realis.HYPOTHETICAL, reason=word)
    if verb.form == "gerund":
        return _of_gerund(before, lexicon)
    return None


def _of_infinitive(before: list[str], auxiliaries: tuple[str, ...], lexicon: Lexicon) -> Status | None:
    leading = auxiliaries[: auxiliaries.index("to")]
    behind = auxiliaries[auxiliaries.index("to") + 1 :]
    perfect = "have" in behind
    if any(lexicon.cue(word, "not") for word in leading):
        return Status(Realis.ASSERTED, told=False, reason="negated")
    if perfect:
        if any(lexicon.cue(word, "claiming") for word in before[-3:]):
            return Status(Realis.CLAIMED, reason="claimed to have")
        return None
    if "be" in behind and any(word in _BELIEVED for word in before[-2:] + list(leading)):
        return None
    governors = list(reversed(before[-GOVERNS:]))
    for word in governors[:3]:
        if lexicon.cue(word, "asserted"):
            return None
    for name in (Realis.ATTEMPTED, Realis.THREATENED, Realis.PLANNED):
        for word in governors[:3]:
            if lexicon.cue(word, name):
                return Status(name, reason=word)
    for word in leading:
        if lexicon.cue(word, "modals"):
            return Status(Realis.HYPOTHETICAL, reason=word)
    return Status(Realis.PLANNED, reason="to")


def _of_gerund(before: list[str], lexicon: Lexicon) -> Status | None:
    last = before[-2:]
    if "without" in last:
        return Status(Realis.ASSERTED, told=False, reason="without")
    if last[-1:] == ["at"] and len(before) > 1 and lexicon.cue(before[-2], "planned"):
        return Status(Realis.PLANNED, reason="at")
    if (
        last[-1:] == ["of"]
        and len(before) > 1
        and before[-2] in ("accused", "suspected", "guilty", "convicted", "capable", "intention", "aim", "hope", "hopes", "purpose", "goal")
    ):
        return Status(
            Realis.PLANNED if before[-2] in ("intention", "aim", "hope", "hopes", "purpose", "goal", "capable") else Realis.CLAIMED,
            background=True,
            reason=before[-2],
        )
    for word in last:
        for name in (Realis.ATTEMPTED, Realis.THREATENED, Realis.PLANNED):
            if lexicon.cue(word, name):
                return Status(name, reason=word)
    return None


def _of_noun(mention: Mention, before: list[str], lexicon: Lexicon) -> Status | None:
    near = before[-4:]
    for word in near:
        if lexicon.cue(word, Realis.THREATENED) and mention.via != "deed":
            return Status(Realis.THREATENED, reason=word)
        if word in ("planning", "planned", "plan", "plans", "plotting", "plotted", "attempted", "attempting"):
            return Status(Realis.PLANNED if word.startswith("plan") else Realis.ATTEMPTED, reason=word)
        if word in ("will", "to") and mention.via == "deed":
            return Status(Realis.PLANNED, reason=word)
    return None


def _conditional(before: list[str]) -> Status | None:
    for place, word in enumerate(before):
        if word in ("if", "unless", "whether") and len(before) - place < 10 and "," not in before[place:]:
            return Status(Realis.HYPOTHETICAL, reason=word)
    return None


def _claimed(mention: Mention, before: list[str], lexicon: Lexicon) -> bool:
    if mention.verb is not None and any(lexicon.cue(word, "doubting") for word in mention.verb.auxiliaries):
        return True
    for place, word in enumerate(before):
        if (
            lexicon.cue(word, "claiming")
            and before[place + 1 : place + 2] != ["responsibility"]
            and not (word == "alleged" and before[place + 1 : place + 2] and mention.via == "verb" and place + 1 == len(before))
        ):
            return word != "alleged" or (place + 1 < len(before) and before[place + 1] in ("that", "to"))
        if word in ("unverified", "unconfirmed"):
            return True
    return False


_CHARGED = re.compile(
    r"\b(?:suspect|suspects|convicted|acquitted|accuses?|accused|accusing) (?:him|her|them|it) (?:\w+ ){0,2}of\b"
    r"|\bcharged? (?:him|her|them|\w+ \w+) with\b|\bordering the\b"
)
"""Charges against somebody, whose deeds are not the news."""
_WHEN = re.compile(r"\b(?:since|unlike|in) (?:\w+ ){0,2}(?:19|20)\d\d ,? ?when\b")
"""What happened in an earlier year that only measures the news ("the deadliest since 2015, when 148 people were killed")."""
_OTHER = (
    ("responsible", "for"),
    ("accused", "of"),
    ("suspected", "of"),
    ("involved", "in"),
    ("involvement", "in"),
    ("participated", "in"),
    ("participation", "in"),
    ("linked", "to"),
    ("connection", "with"),
    ("connected", "to"),
    ("behind", "the"),
    ("behind", "a"),
    ("behind", "several"),
    ("wanted", "for"),
    ("convicted", "of"),
    ("blamed", "for"),
    ("role", "in"),
    ("implicated", "in"),
    ("charged", "with"),
    ("tied", "to"),
    ("anniversary", "of"),
    ("after", "a", "bombing"),
    ("year", "after"),
    ("years", "after"),
    ("months", "after"),
    ("month", "after"),
    ("weeks", "after"),
    ("week", "after"),
    ("days", "after"),
    ("last", "year"),
    ("years", "ago"),
)
"""Word pairs after which an earlier event is spoken of."""


def _compared(mention: Mention, parsed: Parsed) -> bool:
    """Whether it is told of the same stretch of an earlier year ("killed 66 in the same period last year")."""
    at = mention.trigger.first
    words = " ".join(t.low for t in parsed.tokens[max(0, at - COMPARED) : at + COMPARED])
    if mention.via == "verb" and _ALIKE.search(words):
        return True
    found = _SAME_PERIOD.search(words)
    return found is not None and _COMPARING.search(words) is None


COMPARED = 14
"""Words on either side of a trigger among which an earlier year's period is looked for."""

_BELIEVED = frozenset("believed thought said known understood estimated reported".split())
"""Verbs whose infinitive tells what is taken to be so ("are believed to be holding 60")."""

_SAME_PERIOD = re.compile(
    r"\bsame (?:period|quarter|month|week|time|half|months) (?:in |of |a |the )*(?:last year|previous year|year earlier|year ago|year before|(?:19|20)\d\d)"
)
_ALIKE = re.compile(
    r"\b(?:similar|previous|earlier|past) (?:\w+ ){0,2}(?:attacks?|bombings?|incidents?|strikes?|blasts?|raids?|explosions?|assaults?)\b"
)
"""What is like the news, and is not the news."""
_COMPARING = re.compile(r"\b(?:compared|from|than|against|versus|up|down)\b")


def _clause(mention: Mention, before: list[str]) -> list[str]:
    """The words that can make a mention one of an earlier event: not those of a clause to which another is joined."""
    verb = mention.verb
    if verb is None:
        return before
    first = mention.trigger.first - len(before)
    counted = mention.siblings[0].noun if mention.siblings else mention.noun
    if verb.auxiliaries and counted.last < mention.trigger.first:
        # What stands between those who are counted and their verb only says who they are ("men accused of murder were arrested").
        return before[: max(0, counted.first - first)][-OTHER_REACH:]
    joined = before[-1:] in (["and"], ["but"]) and (bool(verb.auxiliaries) or verb.form in ("past", "participle"))
    return [] if joined else before[-OTHER_REACH:]


OTHER_REACH = 12
"""Words before a verb among which an earlier event is pointed at; a noun may stand far down a list of what somebody is accused of."""


def _other_event(before: list[str]) -> bool:
    joined = " ".join(before)
    return any(f" {' '.join(words)}" in f" {joined}" for words in _OTHER) or any(p.search(joined) for p in (_CHARGED, _WHEN))
