"""Places of a sentence that are not where it happened: of who spoke, of where something came from or went, of another event, of a border."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial

from schemas import PlacePrecision

from ..text.sentences import Sentence
from .places import PlaceMention

LOOK = 60
"""Characters before a place in which the words are looked for that make it another's."""

FAR = 160
"""The same for the words that recall another event."""

_HEARERS = r"(?:(?:a|the|local|foreign|state|national|news|press)\s+)*(?:reporters|journalists|parliament|lawmakers|conference|briefing|media|television|radio|agency|crowd|[A-Z][\w-]+(?: [A-Z][\w-]+)?)"
_SPOKEN = re.compile(
    rf"\b(?:told {_HEARERS}(?: on)? (?:\w+day )?|(?:said|says|spoke) \w+day )(?:in|from|at) (?:the )?$"
    r"|\b(?:(?i:speaking|said|says|spoke|statement(?: (?:issued|released|made|read))?|ministry|government|conference|summit|talks|meeting|headquarters|embassy|parliament|court|offices?))"
    r" (?:on \w+ )?(?:in|from|at) (?:the )?$"
)
_SIGNED = re.compile(
    r"\b(?:cease-?fires?|truces?|agreements?|accords?|deals?|pacts?|treat(?:y|ies)|armistice) (?:\w+ )?(?:signed|brokered|negotiated|agreed|concluded|initialled)"
    r" (?:\w+ ){0,2}(?:in|at) (?:the )?$",
    re.IGNORECASE,
)
"""Before a place where an agreement was made, that holds or ends elsewhere ("a truce signed in Geneva")."""
_HIT = re.compile(
    r"\b(?:near|outside|on|inside|into|against|around|hit|struck|stormed|attacked|targeted|bombed) (?:[\w'’.-]+ ){0,4}$", re.IGNORECASE
)
"""Before a building that is no speaker's, but where it happened ("a bomb outside the court in Rome")."""
_BORDER = re.compile(r"\b(?:border|frontier)s? (?:with|of) (?:the )?$|\bbordering (?:the )?$", re.IGNORECASE)
_MOVED = re.compile(
    r"\b(?:taken|brought|flown|evacuated|transferred|moved|airlifted|deported|extradited|returned|fled|sent|repatriated|them) (?:\w+ ){0,3}to (?:\w+ ){0,3}$",
    re.IGNORECASE,
)
_ORIGIN = re.compile(
    r"\b(?:launched|fired|crossed|came|coming|arrived|originally|hailing|hailed|peacekeepers|rockets?|missiles?|drones?|troops|fighters|militants|soldiers|refugees|migrants|nationals|men|travelling|traveling)"
    r" (?:\w+ ){0,2}from (?:the )?$|\b(?:spread|spilled|spilt|expanded|infiltrated) (?:\w+ ){0,2}from (?:neighbou?ring )?(?:the )?$",
    re.IGNORECASE,
)
_PEOPLE_FROM = re.compile(r"(?:\w+s|men|women|people|children|police|staff|gunmen) from (?:the )?$", re.IGNORECASE)
"""Before a place that people come from; where they are taken or driven away, it is where that happened."""
_AWAY = re.compile(
    r"\b(?:abduct|kidnap|seiz|snatch|took|taken|tak(?:e|ing)|captur|displac|uproot|flee|fled|evacuat|withdr|expel|evict|remov|rescu|releas|free|escap|driv|drov|forc|deport"
    r"|arrest|detain|round|pull|recover|retriev|disappear|missing|suspect)",
    re.IGNORECASE,
)
_RECALLED = re.compile(
    r"\b(?:(?:years?|months?|weeks?) since|anniversary of|(?:in|as) (?:retaliation|revenge|reprisal) for|in response to|in memory of|commemorat\w+|reminiscent of|similar to)"
    r" [^,;:–—]*$",
    re.IGNORECASE,
)
"""Before a place of another event, which is only recalled."""
_ABROAD = re.compile(r"\b(?:diplomats?|analysts?|exiles?|embassies) (?:based )?in (?:the )?$", re.IGNORECASE)
"""Before a place in which those sit who speak of another."""
_WAGED = re.compile(r"\b[Tt]he (?:war|conflict|offensive|fighting) in (?:the )?$")
_BEGAN = re.compile(r" (?:began|started|erupted|broke out|was triggered|was sparked)\b")
"""What began a war may have happened elsewhere ("The war in Gaza began after gunmen attacked Israel")."""
_JOINED = re.compile(r"(?:,|,? and|,? or) (?:the )?$")
"""Between a place and the next one of a list, or what contains it."""
_WHOSE = re.compile(
    r"['’]s? (?=[A-Z][\w-]*|(?:\w+ ){0,3}(?:army|police|military|government|ministry|forces|agency|president|minister"
    r"|offensive|campaign|bombardment|bombing|invasion|onslaught|assault|war|strikes?|air ?strikes?)\b)"
)


_STATE_ORGAN = re.compile(r"['’]s? (?:\w+ ){0,2}(?:army|military|government|ministry|forces|parliament|kremlin)\b", re.IGNORECASE)


def without_others(sentence: Sentence, here: Sequence[PlaceMention], *, filed: bool = False) -> list[PlaceMention]:
    """The places of a sentence without those of a speaker, a border or a way.

    Where only an origin or a recalled event is told, that stays, unless it is known where the report was `filed`.
    """
    certain = _precise(_without(sentence, here, _is_anothers))
    native = _without(sentence, certain, _is_origin)
    if not (native or filed):
        return certain
    return _without(sentence, native, partial(_is_whose, others=native)) or native


def tells_where(sentence: Sentence, here: Sequence[PlaceMention]) -> bool:
    """Whether any of a sentence's places is more than where something came from."""
    return any(not _is_origin(sentence, place) for place in here)


def _precise(here: list[PlaceMention]) -> list[PlaceMention]:
    """The places without seas and other regions of no country, where there are others ("the Black Sea port of Odesa")."""
    return [place for place in here if place.place.country is not None] or here


Judge = Callable[[Sentence, PlaceMention], bool]


def _without(sentence: Sentence, here: Sequence[PlaceMention], is_other: Judge) -> list[PlaceMention]:
    """The places that are not another's; one that is joined to another's goes with it ("told reporters in Paris, France")."""
    kept: list[PlaceMention] = []
    gone_to = -1
    for place in here:
        joined = gone_to >= 0 and _JOINED.fullmatch(sentence.text[gone_to - sentence.start : place.start - sentence.start]) is not None
        if joined or is_other(sentence, place):
            gone_to = place.end if joined or _WHOSE.match(sentence.text, place.end - sentence.start) is None else -1
        else:
            kept.append(place)
            gone_to = -1
    return kept


def _before(sentence: Sentence, place: PlaceMention, far: int = LOOK) -> str:
    start = place.start - sentence.start
    return sentence.text[max(0, start - far) : start]


def _is_anothers(sentence: Sentence, place: PlaceMention) -> bool:
    """Whether a place is where somebody spoke, beyond a border, at the end of a way, or a town that stands for its government."""
    before = _before(sentence, place)
    if any(pattern.search(before) for pattern in (_BORDER, _MOVED, _ABROAD, _SIGNED)):
        return True
    if _WAGED.search(before) and _BEGAN.match(sentence.text, place.end - sentence.start):
        return True
    spoken = _SPOKEN.search(before)
    if spoken is not None:
        return _HIT.search(before[: spoken.start()]) is None
    return place.place.precision is PlacePrecision.SITE and _STATE_ORGAN.match(sentence.text, place.end - sentence.start) is not None


def _is_origin(sentence: Sentence, place: PlaceMention) -> bool:
    """Whether something or somebody only comes from a place, or another event was there."""
    before = _before(sentence, place)
    if _ORIGIN.search(before) or _RECALLED.search(_before(sentence, place, FAR)):
        return True
    return _PEOPLE_FROM.search(before) is not None and _AWAY.search(sentence.text[: place.start - sentence.start]) is None


def _is_whose(sentence: Sentence, place: PlaceMention, *, others: Sequence[PlaceMention]) -> bool:
    """Whether a place says whose a force is, and no place within it follows at once ("Niger's Tillaberi region")."""
    if _WHOSE.match(sentence.text, place.end - sentence.start) is None:
        return False
    return not any(0 <= other.start - place.end <= 4 for other in others)
