"""Short forms that a text itself gives in brackets: of actors that the lexicon knows, and of public bodies that it does not."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from .actors import ActorMention

_GIVEN = re.compile(r" ?\((?:the |or |known as )?[\"“'‘]?(?P<short>[A-Z][A-Za-z&-]{0,6}[A-Z])[\"”'’]?\)")
"""Behind a name, its short form in brackets: "al-Shabaab (AS)"."""

_BODY = (
    "Authority|Agency|Department|Directorate|Office|Bureau|Commission|Committee|Cent(?:er|re)|Network|Observatory|Institute|Services?|Association|Union|Society"
    "|Mission|Foundation|Organi[sz]ation|Secretariat|Cell|Programme|Program|Police|Ministry|Service|Federation|League|Headquarters"
)
_NAME = r"[A-Z][\w'’&-]{1,30}"
_NAMED = re.compile(
    rf"(?P<name>{_NAME}(?: (?:(?:of|for|the|and|on|in|de|del|des|du) ){{0,2}}{_NAME}){{1,8}}) ?\((?P<short>[A-Z][A-Za-z]{{0,6}}[A-Z])\)"
)
"""The name of a public body in capitals, and its short form in brackets."""
_IS_BODY = re.compile(rf"\b(?:{_BODY})\b")
_SMALL = frozenset({"of", "for", "the", "and", "on", "in", "de", "del", "des", "du"})

_COUNTRIES = frozenset({"UK", "US", "USA", "UN", "EU", "AU", "UAE", "DRC", "CAR", "PNG"})
"""What stands in brackets to say where somebody is from, or whose he is."""

MAX_SHORT = 40
"""Short forms of one text that are kept."""


def find(text: str, known: Sequence[ActorMention]) -> Iterator[ActorMention]:
    """The mentions that short forms make, behind where they are given; `known` are the actors of the text, in their order."""
    if "(" not in text:
        return
    taken = {text[a.start : a.end] for a in known}
    given: dict[str, ActorMention] = {}
    for actor in known:
        match = _GIVEN.match(text, actor.end)
        if match is not None and match["short"] not in taken | _COUNTRIES:
            given.setdefault(match["short"], ActorMention(actor.start, match.end(), actor.slug, actor.kind, actor.side))
    for short, body in _bodies(text, known):
        if short not in taken:
            given.setdefault(short, body)
        yield body
    for short, actor in list(given.items())[:MAX_SHORT]:
        for again in re.finditer(rf"(?<![\w-]){re.escape(short)}(?![\w-])", text[actor.end :]):
            start, end = actor.end + again.start(), actor.end + again.end()
            if text[start - 1 : start] != "(" and not _shouted(text, start, end):
                yield ActorMention(start, end, actor.slug, actor.kind, actor.side)


def _bodies(text: str, known: Sequence[ActorMention]) -> Iterator[tuple[str, ActorMention]]:
    """The short forms and the names of public bodies: told by a word for one, and by their initials, perhaps in the order of another language."""
    starts = [a.start for a in known]
    for match in _NAMED.finditer(text):
        start, short = match.start("name"), match["short"]
        words = match["name"].split(" ")
        while words and sorted(w[0].upper() for w in words if w not in _SMALL) != sorted(short.upper()):
            start += len(words[0]) + 1
            words = words[1:]
        end = match.end("name")
        at = bisect_left(starts, end)  # the first actor behind the name
        if len(words) < len(("one", "other")) or (at and known[at - 1].end > start):
            continue
        same = known[at] if at < len(known) and starts[at] == match.start("short") else None
        if same is not None:
            yield short, ActorMention(start, end, same.slug, same.kind, same.side)
        elif _IS_BODY.search(" ".join(words)):
            yield short, ActorMention(start, end, short.lower(), "agency", None)


def _shouted(text: str, start: int, end: int) -> bool:
    """Whether the words around stand in capitals as well, so that capitals mean nothing."""
    letters = [c for c in text[max(0, start - AROUND) : start] + text[end : end + AROUND] if c.isalpha()]
    return bool(letters) and all(c.isupper() for c in letters)


AROUND = 20
"""Characters on each side of a short form that are looked at."""
