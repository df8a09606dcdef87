"""Who: armed groups, forces, governments, agencies and monitors that the lexicon knows, in all their spellings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from ..words.names import Found, Names, fold, key_of_name, longest
from ..words.nations import Nation, countries_hinted, nations, regions
from ..words.tables import table

KINDS = ("armed_group", "state_force", "coalition", "government", "agency", "aid_agency", "monitor")
"""What an actor can be."""

UNKNOWN = "unknown_group"
"""What a group is that the lexicon does not know."""

MAX_ACRONYM = 5
"""A word of the lexicon in capitals, up to this long, is an acronym: it must stand in capitals ("IS", "US")."""


@dataclass(frozen=True, slots=True)
class Actor:
    """An actor of the lexicon."""

    slug: str
    kind: str
    side: str
    """Id of the side whose people its people are: its own, or that of what it belongs to (`centcom`: `us-military`)."""
    name: str
    countries: tuple[str, ...] = ()
    """Where it acts, or whose it is: ISO 3166-1 alpha-2."""
    wikidata: str | None = None


@dataclass(frozen=True, slots=True)
class ActorMention:
    """An actor in a text; `start` and `end` in its characters."""

    start: int
    end: int
    slug: str
    kind: str
    side: str | None


@dataclass(frozen=True, slots=True)
class _Alias:
    """A spelling, and what each of its words must look like: 2 in capitals, 1 with a capital, 0 any."""

    actor: Actor
    shape: tuple[int, ...]
    unsure: bool
    """Whether it means other things too."""


_PIECE = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_][^\s\-‐‑–—/]*")
_THEIR_MEN = re.compile(
    r"\s+(?:fighters?|rebels?|militants?|insurgents?|guerrillas?|gunm[ae]n|terrorists?|jihadists?|paramilitar(?:y|ies)|cadres?)\b"
)
"""What stands behind the name of an armed group and nothing else of that name."""


def find(text: str) -> list[ActorMention]:
    """The actors in a text in their order, the longest name where several overlap."""
    hints = countries_hinted(text)
    found = [f for f in _lexicon().find(text) if any(_looks(f, alias, text) for alias in f.meanings)]
    sure = {a.actor.slug for f in found for a in f.meanings if not a.unsure and _looks(f, a, text)}
    hints = hints or _of_the_known(sure)
    mentions = []
    for name in longest(found):
        actor = _meant(name, text, sure, hints)
        if actor is not None:
            mentions.append(ActorMention(name.start, name.end, actor.slug, actor.kind, actor.side))
    return sorted([*_own_names(text, mentions), *_states(text, mentions)], key=lambda m: m.start)


def _of_the_known(sure: set[str]) -> Counter[str]:
    """The countries of those who are sure to be named and act in one only, for a text that names no country."""
    countries = (actor.countries for slug in sure if (actor := known(slug)) is not None)
    return Counter(one[0] for one in countries if len(one) == 1)


def _own_names(text: str, mentions: list[ActorMention]) -> Iterator[ActorMention]:
    """Those that do not only say of another whose ally it is ("the al-Qaeda affiliate JNIM", "JNIM, an al-Qaeda affiliate")."""
    for before, named, behind in zip([None, *mentions], mentions, [*mentions[1:], None], strict=False):
        allied = _ALLIED.match(text, named.end)
        explains = behind is not None and allied is not None and _BETWEEN.fullmatch(text, allied.end(), behind.start)
        explained = before is not None and allied is not None and _APPOSED.fullmatch(text, before.end, named.start)
        if not (explains or explained):
            yield named


_ALLIED = re.compile(
    r"(?:['\u2019]s)?[\s-](?:(?:local|regional|main|official|an?) )?(?:affiliates?|affiliated|branch|offshoot|splinter|franchise|linked|aligned|allied|backed|inspired|ally|proxy)\b"
)
"""Behind a name, what another is to it."""
_BETWEEN = re.compile(
    r",?\s+(?:(?:the|armed|militant|jihadist|rebel|group|groups|militia|militias|coalition|alliance|known as|called) ?){0,4}"
)
_APPOSED = re.compile(r"\)?,\s+(?:an?|the|another)\s+|\s\((?:an?|the)\s+")


def opens(text: str, kinds: Container[str]) -> ActorMention | None:
    """The actor of these kinds with whose name a text begins, be it a short name that means others too; None where several share it."""
    meant = {
        alias.actor.slug: ActorMention(name.start, name.end, alias.actor.slug, alias.actor.kind, alias.actor.side)
        for name in longest(f for f in _lexicon().find(text) if f.start <= len("The "))
        for alias in name.meanings
        if alias.actor.kind in kinds and _looks(name, alias, text)
    }
    return next(iter(meant.values())) if len(meant) == 1 else None


def known(slug: str) -> Actor | None:
    """The actor with this id."""
    return _actors().get(slug)


def _meant(name: Found[_Alias], text: str, sure: set[str], hints: Counter[str]) -> Actor | None:
    """Whom a name means here: one named in full elsewhere, else the one whose country the article speaks of most."""
    fitting = [a for a in name.meanings if _looks(name, a, text)]
    likely = [a for a in fitting if not a.unsure or a.actor.slug in sure or any(hints[c] for c in a.actor.countries)]
    if not likely and _THEIR_MEN.match(text, name.end):
        likely = _only([a for a in fitting if a.actor.kind == "armed_group"])
    if not likely:
        return None
    return max(likely, key=lambda a: (a.actor.slug in sure, sum(hints[c] for c in a.actor.countries))).actor


def _only(aliases: list[_Alias]) -> list[_Alias]:
    return aliases if len({a.actor.slug for a in aliases}) == 1 else []


def _looks(name: Found[_Alias], alias: _Alias, text: str) -> bool:
    words = _PIECE.findall(name.words)
    if len(words) != len(alias.shape):
        return alias.shape[0] == 0 or name.words[:1].isupper()
    if alias.shape == (2,) and len(words[0]) == 2 and _all_capitals(text, name):
        return False
    return all(
        want == 0 or (word[:1].isupper() or not word[:1].isalpha() if want == 1 else word.replace("s", "").isupper())
        for word, want in zip(words, alias.shape, strict=True)
    )


def _all_capitals(text: str, name: Found[_Alias]) -> bool:
    """Whether the words around stand in capitals as well, so that capitals mean nothing."""
    around = text[max(0, name.start - 30) : name.start] + text[name.end : name.end + 30]
    letters = [c for c in around if c.isalpha()]
    return len(letters) > 8 and all(c.isupper() for c in letters)


def _states(text: str, mentions: list[ActorMention]) -> Iterator[ActorMention]:
    """Countries and seats of government that speak or act, for their governments: "Ukraine said", "Kyiv said", "killed by Israel"."""
    taken = [(m.start, m.end) for m in mentions]
    at = 0
    for name in longest(f for f in _countries().find(text) if f.words[:1].isupper()):
        while at < len(taken) and taken[at][1] <= name.start:
            at += 1
        if at < len(taken) and taken[at][0] < name.end:
            continue
        state = next((state for state in name.meanings if (_governs if state.seat else _acts)(name, text)), None)
        if state is not None:
            yield ActorMention(name.start, name.end, state.actor.slug, state.actor.kind, state.actor.side)


def _acts(name: Found[_State], text: str) -> bool:
    return _SPEAKS.match(text, name.end) is not None and not _LED.search(text[max(0, name.start - 20) : name.start])


def _governs(name: Found[_State], text: str) -> bool:
    """Whether a seat of government is itself who speaks, and not where somebody does or whose name it is."""
    before = text[max(0, name.start - 20) : name.start]
    if _ACCORDING.search(before):
        return _APART.match(text, name.end) is not None
    if _ACCUSES.search(before):
        return text.startswith((" of ", " for "), name.end)
    return _SAYS.match(text, name.end) is not None and _BEGINS.search(before) is not None


_SPEAKS = re.compile(
    rf"\s+(?:also\s+|has\s+|have\s+)?(?:{'|'.join(regions()['speaks'])})\b"
    r"|\s+(?:also |has |have |had )?(?:repatriated|freed|released|deported|expelled|brought home|handed over|(?:is|are|was|were) (?:due|set) to (?:free|release|repatriate|deport))\b"
)
_LED = re.compile(r"\b(?:in|of|from|near|at|across|to|inside|outside|and|for|with)\s+(?:the\s+)?$", re.IGNORECASE)
_SAYS = re.compile(
    r"\s+(?:on \w+day )?(?:also |has |have |had |later |itself |now )?"
    r"(?:sa(?:id|ys?)|told|announce[sd]|den(?:ied|ies)|reject(?:ed|s)|confirm(?:ed|s)|claim(?:ed|s)|insist(?:ed|s)|maintain(?:ed|s)|acknowledge[ds]|report(?:ed|s)"
    r"|accuse[ds]|blame[ds]|put the|puts the|set free|freed|released|handed over|repatriated)\b"
)
_ACCORDING = re.compile(r"\baccording to $", re.IGNORECASE)
_ACCUSES = re.compile(r"\b(?:accus(?:e[sd]?|ing)|blam(?:e[sd]?|ing)) $")
_APART = re.compile(r"\s*(?:[.,;:)\u2013\u2014]|$)")
_BEGINS = re.compile(
    r"(?:^|[.,;:!?)\u2013\u2014\"\u201c\u201d'\u2019-]\s*|\s\s|\n|\b(?:but|while|as|that|what|which|whom|when|where|although|though|because|since|whereas|yet)\s)$",
    re.IGNORECASE,
)
"""What stands before a subject."""


def _slug(words: str) -> str:
    return "-".join(fold(w) for w in re.split(r"[^\w'’]+", words) if fold(w))


def _shape(name: str) -> tuple[int, ...]:
    return tuple(map(_looks_like, _PIECE.findall(name)))


@cache
def _looks_like(word: str) -> int:
    """What a word must look like: few words make up the names of every country's forces, so each is looked at once."""
    if len(word.strip("().,&").replace(".", "")) <= MAX_ACRONYM and word.strip("()").isupper() and len(word) > 1:
        return 2
    return 1 if word[:1].isupper() else 0


@cache
def _table() -> dict[str, Any]:
    listed: dict[str, Any] = table("actors.yaml")
    return listed


def _read_actor(key: str, kind: str, entry: Mapping[str, Any]) -> Actor:
    slug = entry.get("slug", key)
    state = (entry["state"],) if "state" in entry else ()
    return Actor(
        slug, entry.get("kind", kind), entry.get("side", slug), entry["names"][0], (*state, *entry.get("in", ())), entry.get("wikidata")
    )


def _listed() -> Iterator[tuple[str, _Alias]]:
    for kind in KINDS:
        for key, entry in _table()[kind].items():
            actor = _read_actor(key, kind, entry)
            for name in entry["names"]:
                yield name, _Alias(actor, _shape(name), unsure=False)
            for name in entry.get("short", ()):
                yield name, _Alias(actor, _shape(name), unsure=True)


class _Spelling(NamedTuple):
    """A name as it is written, as it is looked up, and what its words must look like."""

    name: str
    key: str
    shape: tuple[int, ...]


def _states_own() -> Iterator[tuple[Actor, list[_Spelling]]]:
    """The forces and ministries that every country has, each with its spellings."""
    for nation in nations().values():
        for pattern, entry in _table()["every_country"].items():
            if not nation.people:
                continue
            own, country = _slug(nation.people[0]), _slug(nation.names[0])
            slug = _OWN_IDS.get((pattern, nation.code)) or pattern.replace("{a}", own).replace("{c}", country)
            spellings = list(_spelled(entry["names"], nation))
            yield Actor(slug, entry["kind"], slug, spellings[0].name, (nation.code,)), spellings


def _of_every_country() -> Iterator[tuple[str, _Alias]]:
    for actor, spellings in _states_own():
        for spelling in spellings:
            yield spelling.key, _Alias(actor, spelling.shape, unsure=False)


_OWN_IDS = {
    ("{a}-army", "US"): "us-military",
    ("{a}-army", "IL"): "idf",
    ("{a}-army", "SD"): "saf",
    ("{a}-army", "CD"): "fardc",
    ("{a}-army", "MM"): "tatmadaw",
    ("{a}-army", "KE"): "kdf",
    ("{a}-army", "SS"): "sspdf",
    ("{a}-army", "PK"): "pakistan-army",
}
"""Forces that are known by a name of their own."""


def _spelled(patterns: list[str], nation: Nation) -> Iterator[_Spelling]:
    for pattern in patterns:
        for owner in _owners(pattern, nation):
            parts = [_spelled_part(part, owner if "{" in part else "") for part in pattern.split(" ")]
            yield _Spelling(
                " ".join(part.name for part in parts),
                " ".join(part.key for part in parts if part.key),
                tuple(one for part in parts for one in part.shape),
            )


@cache
def _spelled_part(part: str, owner: str) -> _Spelling:
    """One word of a pattern, with whose it is in its place; the same few make up tens of thousands of names."""
    name = part.replace("{a}", owner).replace("{n}", owner)
    return _Spelling(name, key_of_name(name), _shape(name))


def _owners(pattern: str, nation: Nation) -> Iterable[str]:
    """Words that say whose something is; a capital has a police of its own, and an army only as the seat of a government."""
    if "{a}" in pattern:
        return nation.adjectives
    owned = pattern.startswith("{n}'s") and not pattern.endswith("police")
    return (*nation.names, *_seats(nation)) if owned else nation.names


@cache
def _lexicon() -> Names[_Alias]:
    listed = [(key_of_name(name), alias) for name, alias in _listed()]
    taken = {key for key, _ in listed}
    return Names([*listed, *(own for own in _of_every_country() if own[0] not in taken)], folded=True)


@cache
def _actors() -> dict[str, Actor]:
    found: dict[str, Actor] = {}
    for kind in KINDS:
        for key, entry in _table()[kind].items():
            actor = _read_actor(key, kind, entry)
            found.setdefault(actor.slug, actor)
    for actor, _ in _states_own():
        found.setdefault(actor.slug, actor)
    return found


@dataclass(frozen=True, slots=True)
class _State:
    """The government that a name stands for; `seat` where the name is that of its seat."""

    actor: Actor
    seat: bool


@cache
def _countries() -> Names[_State]:
    return Names((name, _State(_government(n), seat)) for n in nations().values() for name, seat in _names_of_state(n))


def _names_of_state(nation: Nation) -> Iterator[tuple[str, bool]]:
    yield from ((name, False) for name in nation.names)
    yield from ((name, True) for name in _seats(nation))


def _government(nation: Nation) -> Actor:
    slug = f"{_slug(nation.names[0])}-government"
    return Actor(slug, "government", slug, nation.names[0], (nation.code,))


def _seats(nation: Nation) -> list[str]:
    seats: list[str] = _table()["seats"].get(nation.code, [])
    return seats
