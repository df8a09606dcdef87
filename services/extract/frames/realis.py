"""Whether the words say that it happened: scope of negation, modals, attempts, plans, threats, denials and claims."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise

from schemas import Measure, Realis

from ..syntax.pieces import Parsed
from ..words.lexicon import Lexicon
from .mentions import Mention

DENIED = 13
"""Words before a trigger among which a word of denying is looked for."""

CONDITIONAL = 9
"""Words before a trigger among which a condition is looked for."""

GOVERNS = 5
"""Words before an infinitive among which its governing verb is looked for ("failed in its bid to kill")."""


FEARED = 7
"""Words before a verb among which a fear that it happened is looked for."""

Cue = tuple[int, int]
"""First and last of some words, counted from the first word of what tells the measure: those before it are negative."""


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
    cue: Cue | None = field(default=None, compare=False)
    """Where those words stand."""
    other: Cue | None = field(default=None, compare=False)
    """Where the words stand that make it one of an earlier event."""


def status_of(mention: Mention, parsed: Parsed, lexicon: Lexicon) -> Status:
    """How a mention is told in its sentence."""
    before = _words_before(mention, parsed)
    other = _other_event(before, *_clause(mention, before)) or _compared(mention, parsed) or _earlier(mention, parsed)
    decided = _denied(before, lexicon) or _of_verb(mention, before, lexicon) or _conditional(before)
    if decided is None:
        claimed = _claimed(mention, before, lexicon)
        decided = Status(Realis.CLAIMED, reason="claimed", cue=claimed) if claimed is not None else Status(Realis.ASSERTED)
    if other is not None and decided.told:
        return replace(decided, background=True, other=other)
    return decided


def _words_before(mention: Mention, parsed: Parsed) -> list[str]:
    """Words from the last hard break to the trigger, in lower case."""
    first = 0
    for chunk in parsed.chunks[: mention.place]:
        if chunk.kind == "break" and parsed.tokens[chunk.first].low in (";", "."):
            first = chunk.last + 1
    return [t.low for t in parsed.tokens[first : mention.trigger.first]]


def _near(before: list[str], reach: int) -> Iterable[tuple[int, str]]:
    """The last words before a trigger, each with where it stands."""
    return enumerate(before[-reach:], -min(reach, len(before)))


_GOES_ON = frozenset({"but", "saying", "insisting", "instead", "adding", "claiming", "stating"})
"""Words behind a denial with which the denier's own account begins."""


def _denied(before: list[str], lexicon: Lexicon) -> Status | None:
    for place, word in _near(before, DENIED):
        if lexicon.cue(word, "denying") and before[:place][-1:] in (["who"], ["which"]) and "," in before[place:]:
            continue  # "the rebels, who deny having fired, still hold six"
        if lexicon.cue(word, "denying") and _GOES_ON.isdisjoint(before[place:]):
            return Status(Realis.DENIED, reason=word, cue=(place, place))
    return None


def _of_verb(mention: Mention, before: list[str], lexicon: Lexicon) -> Status | None:
    verb = mention.verb
    if verb is None:
        if mention.via == "nominal" and before[-1:] == ["attempted"]:
            return Status(Realis.ATTEMPTED, reason="attempted", cue=(-1, -1))
        if mention.via in ("nominal", "counted", "deed"):
            return _of_noun(mention, before, lexicon)
        return None
    auxiliaries = verb.auxiliaries
    if verb.to:
        return _of_infinitive(before, auxiliaries, lexicon)
    if any(lexicon.cue(word, "not") for word in auxiliaries) and not mention.noun.negative:
        return Status(Realis.ASSERTED, told=False, reason="negated")
    if (fear := _feared(before, auxiliaries)) is not None:
        return fear
    if auxiliaries[:1] == ("be",) and before[-1:] == ["or"]:
        return Status(Realis.THREATENED, reason="or be", cue=(-1, -1))  # "leave or be killed"
    for place, word in enumerate(auxiliaries):
        if word in ("will", "shall", "wo"):
            return Status(Realis.PLANNED, reason=word, cue=(place, place))
        if lexicon.cue(word, "modals"):
            return Status(Realis.HYPOTHETICAL, reason=word, cue=(place, place))
    if verb.form == "gerund":
        return _of_gerund(before, lexicon)
    return None


def _feared(before: list[str], auxiliaries: tuple[str, ...]) -> Status | None:
    """Told as feared only: "20 are feared dead", "officials fear that 20 people were killed"."""
    for place, word in (*_near(before, 3), *enumerate(auxiliaries)):
        if word == "feared":
            return Status(Realis.HYPOTHETICAL, reason=word, cue=(place, place))
    for place, word in _near(before, FEARED):
        behind = before[place:][1:2]
        if word in ("fear", "fears", "fearing") and before[place - 1 : place] != ["for"] and behind not in (["of"], ["for"]):
            return Status(Realis.HYPOTHETICAL, reason=word, cue=(place, place))
    return None


def _of_infinitive(before: list[str], auxiliaries: tuple[str, ...], lexicon: Lexicon) -> Status | None:
    leading = auxiliaries[: auxiliaries.index("to")]
    behind = auxiliaries[auxiliaries.index("to") + 1 :]
    perfect = "have" in behind
    if any(lexicon.cue(word, "not") for word in leading):
        return Status(Realis.ASSERTED, told=False, reason="negated")
    if perfect:
        claiming = next((place for place, word in _near(before, 3) if lexicon.cue(word, "claiming")), None)
        return Status(Realis.CLAIMED, reason="claimed to have", cue=(claiming, claiming)) if claiming is not None else None
    if "be" in behind and any(word in _BELIEVED for word in before[-2:] + list(leading)):
        return None
    governors = list(reversed(list(_near(before, GOVERNS))))
    if any(lexicon.cue(word, "asserted") for _, word in governors[:3]):
        return None
    for name in (Realis.ATTEMPTED, Realis.THREATENED, Realis.PLANNED):
        for place, word in governors[:3]:
            if lexicon.cue(word, name):
                return Status(name, reason=word, cue=(place, place))
    if (threat := _threatened(before)) is not None:
        return Status(Realis.THREATENED, reason=before[threat], cue=(threat, threat))
    for place, word in enumerate(leading):
        if lexicon.cue(word, "modals"):
            return Status(Realis.HYPOTHETICAL, reason=word, cue=(place, place))
    return Status(Realis.PLANNED, reason="to", cue=(len(leading), len(leading)))


def _threatened(before: list[str]) -> int | None:
    """Where a threat stands, with when or how it was made between ("threatened in a video posted on Tuesday to kill eight")."""
    place, word = next(((place, word) for place, word in _near(before, THREAT) if word in _THREATENS), (0, ""))
    behind = before[place:][1:2]
    return place if word and behind and behind[0] in ("in", "on", "via", "by", "through", "during", "over") else None


THREAT = 10
"""Words between a threat and what is threatened."""
_THREATENS = frozenset({"threatened", "threatens", "threatening", "vowed", "vows"})


def _of_gerund(before: list[str], lexicon: Lexicon) -> Status | None:
    last = before[-2:]
    if "without" in last:
        return Status(Realis.ASSERTED, told=False, reason="without")
    if last[-1:] == ["at"] and len(before) > 1 and lexicon.cue(before[-2], "planned"):
        return Status(Realis.PLANNED, reason="at", cue=(-2, -1))
    if (
        last[-1:] == ["of"]
        and len(before) > 1
        and before[-2] in ("accused", "suspected", "guilty", "convicted", "capable", "intention", "aim", "hope", "hopes", "purpose", "goal")
    ):
        return Status(
            Realis.PLANNED if before[-2] in ("intention", "aim", "hope", "hopes", "purpose", "goal", "capable") else Realis.CLAIMED,
            background=True,
            reason=before[-2],
            cue=(-2, -1),
            other=(-2, -1),
        )
    for place, word in _near(before, 2):
        for name in (Realis.ATTEMPTED, Realis.THREATENED, Realis.PLANNED):
            if lexicon.cue(word, name):
                return Status(name, reason=word, cue=(place, place))
    return None


def _of_noun(mention: Mention, before: list[str], lexicon: Lexicon) -> Status | None:
    for place, word in _near(before, 4):
        if lexicon.cue(word, Realis.THREATENED) and mention.via != "deed":
            return Status(Realis.THREATENED, reason=word, cue=(place, place))
        if word in ("planning", "planned", "plan", "plans", "plotting", "plotted", "attempted", "attempting"):
            return Status(Realis.PLANNED if word.startswith("plan") else Realis.ATTEMPTED, reason=word, cue=(place, place))
        if word in _ASKS and mention.measure is Measure.RELEASED:
            return Status(Realis.PLANNED, reason=word, cue=(place, place))
        if word in ("will", "to") and mention.via == "deed" and not (word == "to" and before[-1] in _WITHIN and before[place - 1] in _LED):
            return Status(Realis.PLANNED, reason=word, cue=(place, place))
    return None


_WITHIN = frozenset({"in", "during", "after", "over", "across", "throughout"})
"""What stands before deeds in which something else happened ("were sent to the camp in two operations")."""
_LED = frozenset({"sent", "taken", "brought", "led", "moved", "flown", "carried", "driven", "back"})
"""What stands before a "to" that leads somewhere; behind another "to" stands what is meant to be done."""
_ASKS = frozenset(
    "demand demands demanded demanding urge urges urged urging seek seeks sought seeking negotiate negotiated negotiating await awaiting plead pleaded".split()
)
"""Verbs by which a release is asked for."""


def _conditional(before: list[str]) -> Status | None:
    for place, word in _near(before, CONDITIONAL):
        if word in ("if", "unless", "whether") and "," not in before[place:]:
            return Status(Realis.HYPOTHETICAL, reason=word, cue=(place, place))
    return None


def _claimed(mention: Mention, before: list[str], lexicon: Lexicon) -> Cue | None:
    """Where the words stand that make it no more than a claim."""
    for place, word in enumerate(mention.verb.auxiliaries if mention.verb is not None else ()):
        if lexicon.cue(word, "doubting"):
            return place, place
    size = len(before)
    for place, word in enumerate(before):
        if (
            lexicon.cue(word, "claiming")
            and before[place + 1 : place + 2] != ["responsibility"]
            and not (mention.via == "counted" and mention.noun.lemma in ("live", "life"))
            and not (mention.via == "nominal" and before[-1:] == ["the"])
            and not (word == "alleged" and before[place + 1 : place + 2] and mention.via == "verb" and place + 1 == size)
        ):
            only = word != "alleged" or (place + 1 < size and before[place + 1] in ("that", "to"))
            return (place - size, place - size) if only else None
        if word in ("unverified", "unconfirmed"):
            return place - size, place - size
    return None


_CHARGED = re.compile(
    r"\b(?:suspect|suspects|convicted|acquitted|accuses?|accused|accusing) (?:him|her|them|it) (?:\w+ ){0,2}of\b"
    r"|\bcharged? (?:him|her|them|\w+ \w+) with\b|\bordering the\b"
)
"""Charges against somebody, whose deeds are not the news."""
_RESPONSIBLE = re.compile(r"(?<!\bwere )(?<!\bare )\bresponsible for\b")
_ACCUSES = re.compile(r"\bh(?:old|olds|eld|olding) (?:[\w-]+ ){1,8}$")
_WHEN = re.compile(r"\b(?:since|unlike|in) (?:\w+ ){0,2}(?:19|20)\d\d ,? ?when\b")
"""What happened in an earlier year that only measures the news ("the deadliest since 2015, when 148 people were killed")."""
_OTHER = (
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
_PAIRS = tuple(f" {' '.join(words)}" for words in _OTHER)
"""The same as they stand in joined words, with the blank before them."""


def _compared(mention: Mention, parsed: Parsed) -> Cue | None:
    """Where it is told of the same stretch of an earlier year ("killed 66 in the same period last year")."""
    at = mention.trigger.first
    first = max(0, at - COMPARED)
    words = [t.low for t in parsed.tokens[first : at + COMPARED]]
    joined = " ".join(words)
    found = _ALIKE.search(joined) if mention.via == "verb" else None
    if found is None and (found := _SAME_PERIOD.search(joined)) is not None and _COMPARING.search(joined) is not None:
        return None
    return _cue(words, found.span(), first - at) if found is not None else None


def _earlier(mention: Mention, parsed: Parsed) -> Cue | None:
    """Where a participle behind people is told of an earlier time than what then befalls them ("nine men seized earlier were freed")."""
    verb, last = mention.verb, mention.trigger.last
    if verb is None or verb.auxiliaries or verb.form not in ("past", "participle") or mention.trigger.first != mention.noun.last + 1:
        return None
    behind = [t.low for t in parsed.tokens[last + 1 : last + 3]]
    then = any(c.verb is not None and c.verb.auxiliaries and c.first > last for c in parsed.chunks)
    size = last - mention.trigger.first
    return (size + 1, size + 1) if then and behind[:1] in (["earlier"], ["previously"]) and behind[1:] not in (["this"], ["in"]) else None


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


def _clause(mention: Mention, before: list[str]) -> tuple[int, int]:
    """Between which of the words those stand that can make it one of an earlier event: not those of a clause to which another is joined."""
    verb, size = mention.verb, len(before)
    if verb is None:
        return 0, size
    first = mention.trigger.first - size
    counted = mention.siblings[0].noun if mention.siblings else mention.noun
    if verb.auxiliaries and counted.last < mention.trigger.first:
        # What stands between those who are counted and their verb only says who they are ("men accused of murder were arrested").
        last = min(size, max(0, counted.first - first))
        return max(0, last - OTHER_REACH), last
    joined = before[-1:] in (["and"], ["but"]) and (bool(verb.auxiliaries) or verb.form in ("past", "participle"))
    return (size, size) if joined else (max(0, size - OTHER_REACH), size)


OTHER_REACH = 12
"""Words before a verb among which an earlier event is pointed at; a noun may stand far down a list of what somebody is accused of."""


def _other_event(before: list[str], first: int, last: int) -> Cue | None:
    """Where an earlier event is pointed at, between two of the words before a trigger."""
    words = before[first:last]
    joined = " ".join(words)
    spaced = f" {joined}"
    pair = next((each for each in _PAIRS if each in spaced and not _only_marked(each, spaced)), None)
    if pair is not None:
        start = spaced.index(pair)
        return _cue(words, (start, start + len(pair) - 1), first - len(before))
    found = next((match.span() for p in (_CHARGED, _WHEN) if (match := p.search(joined)) is not None), None)
    found = found or _responsible(joined, before[first - 1] if first else "")
    return _cue(words, found, first - len(before)) if found is not None else None


def _only_marked(pair: str, spaced: str) -> bool:
    """Whether it ends before the news: an anniversary that is only its day, who says that he did it and more besides.

    "On the anniversary of his death, two bombs went off"; "said it was behind the attack and claimed to have killed 20".
    """
    behind = spaced[spaced.index(pair) :].split()
    return (pair == " anniversary of" and "," in behind) or (pair.startswith(" behind ") and not _SAYING_MORE.isdisjoint(pairwise(behind)))


_SAYING_MORE = frozenset(("and", word) for word in ("claimed", "claims", "said", "says", "boasted", "added"))
"""How who says that he was behind something goes on."""


def _responsible(joined: str, left: str) -> tuple[int, int] | None:
    """Where a deed is somebody's record; of many, or from who accuses them, it is the news ("rebels were responsible for the deaths of 40")."""
    match = _RESPONSIBLE.search(f"{left} {joined}")
    match = _RESPONSIBLE.search(joined) if match is not None else None
    return match.span() if match is not None and _ACCUSES.search(joined[: match.start()]) is None else None


def _cue(words: Sequence[str], span: tuple[int, int], first: int) -> Cue:
    """Where characters of some words stand that were joined by blanks; `first` is where those begin."""
    starts = list(accumulate((len(word) + 1 for word in words), initial=0))
    return first + bisect_right(starts, span[0]) - 1, first + bisect_left(starts, span[1]) - 1
