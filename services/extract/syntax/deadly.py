"""What came of a shot or a blow by the words around it: those who are led out and shot, "shot a clerk, named Omar, dead", "beaten to death"."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

DEADLY = 7
"""Words behind a verb of harm among which its deadly end is looked for."""

LED_OUT = 9
"""Words before "shot" among which it is looked for that people were led away."""

INSERTED = 16
"""Words between a verb and "dead" that an insertion may have."""

_LED_OUT = frozenset("taken led marched dragged lined took blindfolded handcuffed singled".split())
"""What is done to those who are put to death."""
_OF_ANOTHER = frozenset({"", ".", ";", "and", "but", "that", "who", "which", "left", "leaves", "in", "while", "after"})
"""What stands before the dead who are others than those shot."""
_NO_CAPTIVES = frozenset({"cover", "aim", "position", "positions", "attack", "by", "charge", "refuge", "to"})
"""What is taken, led or done where nobody is led away."""
_BOUND = frozenset({"then", "all", "reportedly", "allegedly", "later"})
"""Words between it and its auxiliary."""
_BE = frozenset({"be", "is", "are", "was", "were", "been", "being"})
_NEW_CLAUSE = frozenset({"", ",", ".", ";", "and", "but", "before", "after", "when", "while", "as", "who"})
"""Words at which what is done to an object ends."""


def led_out(lows: Sequence[str], place: int) -> bool:
    """Whether those who are shot, at a place, were taken aside for it ("were lined up and shot", "led nine men out and shot them")."""
    if _low(lows, place - 1) not in ("and", "then"):
        return False
    if _low(lows, place + 1) == "in" or _low(lows, place + 2) == "in":
        return False  # "were led out and shot in the legs"
    them = _low(lows, place + 1) in ("them", "him", "her", "all")
    for at in range(place - 2, max(0, place - 2 - LED_OUT), -1):
        if lows[at] in (".", ";", ":", "but"):
            return False
        if lows[at] in _LED_OUT:
            if not _NO_CAPTIVES.isdisjoint(lows[at + 1 : at + 4]):
                return False
            passive = _low(lows, at - 1) in _BE or (_low(lows, at - 1) in _BOUND and _low(lows, at - 2) in _BE)
            return passive != them
    return False


def shot_in_the_end(lows: Sequence[str], place: int) -> bool:
    """Whether "dead" stands behind what is inserted about an object that begins at a place ("shot a clerk, named Omar, dead")."""
    for at in range(place, place + INSERTED):
        word = _low(lows, at)
        if word in _OF_ANOTHER or word.endswith("ing"):
            return False
        if word == "dead":
            return _low(lows, at - 1) == ","
    return False


def ends_in_death(lows: Sequence[str], place: int) -> bool:
    """Whether what is done to an object, which begins at a place, kills it ("stoned a third to death", "burned another alive")."""
    words = [_low(lows, at) for at in range(place, place + DEADLY)]
    ends = next((i for i, word in enumerate(words) if word in _NEW_CLAUSE), len(words))
    within = words[:ends]
    return ("to", "death") in pairwise(within) or within[-1:] in (["alive"], ["dead"])


def _low(lows: Sequence[str], at: int) -> str:
    return lows[at] if 0 <= at < len(lows) else ""
