"""Armed groups that no table knows: told by the words in their names, kept by their own words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .actors import UNKNOWN, ActorMention

_NAME = r"[A-Z][\w'’-]{1,30}"
_JOINED = rf"{_NAME}(?: (?:(?:of|for|the|and|de|del|la|al|el|du|des|y|in) ){{0,3}}{_NAME}){{0,6}}"
_HEADS = (
    "Liberation Front|Liberation Army|Liberation Movement|Liberation Tigers|Resistance Front|Resistance Movement|People's Army|Revolutionary Army"
    "|Revolutionary Front|Martyrs Brigades?|Brigades?|Militia|Defen[cs]e League|Salvation Front|Salvation Army|Jihad|Mujahideen|Guerrillas?|Cartel|Commandos?"
)
_KINDS = (
    "militia|militiamen|rebels|rebel group|militants|militant group|insurgents|guerrillas|gang|cartel|armed group|separatists|jihadists"
)
_STRANGER = re.compile(
    rf"\b(?P<headed>{_JOINED} (?:{_HEADS}))\b"
    rf"|\b(?P<brigade>(?:{_NAME} ){{0,2}}(?:Brigades?|Army|Front) (?:of|for) (?:the )?{_JOINED})"
    rf"|\b(?:calling (?:itself|themselves)|(?:who|which) calls? (?:itself|themselves)|(?:self-styled|so-called|little-known group|group called|known as)) (?:the )?[\"“'‘]?(?P<called>{_JOINED})"
    rf"|\b[Tt]he (?P<kind>{_JOINED}) (?:{_KINDS})\b"
)
"""Names in capitals with the word for an armed group in them, behind "calling itself", or before "militia"."""

_REGULAR = re.compile(
    r"\d|\b(?:Armou?red|Mechani[sz]ed|Infantry|Artillery|Airborne|Marines?|Mountain|Presidential|Naval|Rapid|Border|Fire|Tank|Assault|Territorial|National Guard|Red Cross|Salvation Army$|Army of|Ministry|International)\b"
)
"""What makes it a unit of an army, or no armed group at all."""

ORGANISED = 60
"""Characters before "known as" in which the words stand for who, or what, is known by that name."""
_ORGANISED = re.compile(
    r"\b(?:groups?|militias?|gangs?|cartels?|factions?|movements?|networks?|cells?|outfits?|alliances?|coalitions?|rebels|militants|insurgents|jihadists|guerrillas"
    r"|separatists|brigades?|fronts?|wings?|units?|forces?|army|gunmen|bandits|fighters|vigilantes|organi[sz]ations?)\b"
    r"(?:(?! (?:man|woman|boss|leader|commander|chief|ringleader|kingpin|member|suspect|he|she|who)\b)[^.;:]){0,40}$"
)
"""Before "known as": a body of people, and not one man, a place or a plan."""

MAX_STRANGERS = 100
"""Such names that are kept of one text: a report names a few."""

LONGEST = 60
"""Characters of a slug."""


def find(text: str, known: Sequence[ActorMention]) -> Iterator[ActorMention]:
    """Groups that are no known actor, in their order; `known` are those of the text, in theirs."""
    taken = [(actor.start, actor.end) for actor in known]
    found = 0
    for match in _STRANGER.finditer(text):
        group = match.lastgroup or ""
        start, end = match.span(group)
        name = text[start:end]
        while " " in name and (name.split(" ", 1)[0] in _OPENING or name[0].islower()):
            first, name = name.split(" ", 1)
            start += len(first) + 1
        if " " not in name and group == "kind":
            continue
        if (
            group == "called"
            and text[match.start() :].startswith("known")
            and not _ORGANISED.search(text[max(0, match.start() - ORGANISED) : match.start()])
        ):
            continue
        if _REGULAR.search(name) or any(first < end and start < last for first, last in taken):
            continue
        slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:LONGEST].strip("-")
        if slug:
            yield ActorMention(start, end, slug, UNKNOWN, slug)
            found += 1
        if found == MAX_STRANGERS:
            return


_OPENING = frozenset(
    {"The", "A", "An", "In", "On", "At", "But", "And", "When", "After", "Fighters", "Members", "Suspected", "Armed", "Rebels", "Gunmen"}
)
"""What begins a sentence with a capital letter, and no name."""
