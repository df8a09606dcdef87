"""Parts of people of whom another sentence tells: "Of these, 40 were in Est", "Fifteen of the 145 were women", "The dead included 45 guards"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from schemas import Measure

from ..syntax.nouns import NounPhrase
from ..words.groups import NARROW
from .listing import BULLETS, COPULAS, LISTED, SEPARATES, WHERE, Listing, value_of
from .mentions import Mention

NEAR = 12
"""Chunks of what says of whom a part is one."""

SHORT = 6
"""Chunks of a name before the figure that is its share ("and self-defence groups for 138")."""

_STATES = frozenset({"hospital", "hospitals", "condition", "care", "camp", "camps", "custody", "captivity"})
"""Where and how some of those told of are still."""
_ACCOUNTS = frozenset({"accounted", "account", "accounts", "accounting", "responsible"})
HOLDS = frozenset({"included", "include", "includes", "comprised", "comprise", "comprises"})
"""Verbs by which people are divided into those behind it."""
_ALL = frozenset({"victims", "fatalities", "casualties", "deceased", "detainees", "abductees", "arrested", "killed", "hostages"})
"""Nouns behind "the" for those told of before, which are no states of their own."""
_NAMED_WHOLES = frozenset({"state", "counted", "deed"})
"""Sorts of wholes that say their measure."""
_FIGURES = frozenset({"total", "figure", "figures", "toll", "tally"})
"""What is told of before as a figure."""
_SAID = frozenset({"that", "said", "says", "added", "reported"})
"""What may stand right before the clause that somebody tells."""
_THOSE = frozenset({"these", "those", "them", "whom"})


_MAKES_UP = COPULAS | {"up", "comprised", "constituted", "numbered"}
"""What stands before a figure that so many were."""
_DEEDS_DO = frozenset(
    "hit targeted struck ended caused involved occurred took resulted led killed damaged destroyed failed succeeded".split()
)
"""What attacks do, and nobody of whom a figure is told."""
_OF_AGE = frozenset({"under", "over", "aged", "below"})
"""What begins how old some of them are."""
Those = tuple[NounPhrase | None, str, Measure | None]
"""Of whom a part is: their noun phrase, of which count they are, and their measure where the words say it."""


class Shares(Listing):
    """Finds the parts of one sentence that are told so; places are indices of chunks."""

    def _said_of_some(self) -> Iterator[Mention]:
        """Who some of those told of before are: "Fifteen of the 145 were women", "Nineteen of those taken are women"."""
        for place, chunk in enumerate(self.chunks):
            before = self.clauses.word(place - 1) if place else ""
            begins = not place or self.chunks[place - 1].kind == "break" or before in BULLETS or before in _SAID
            if not place or (chunk.noun is not None and begins):
                yield from self._of_some(place)

    def _of_some(self, first: int) -> Iterator[Mention]:
        """The same of a clause that begins at a place."""
        noun = self.chunks[first].noun
        if noun is None or noun.quantity is None or noun.sort not in ("none", "state", "counted", "person"):
            return
        if noun.whole is not None:
            those = self._whole(first, noun.whole)
        else:
            those = self._those(first + 2, first + 4) if self.clauses.word(first + 1) == "of" and first + 2 < len(self.chunks) else None
        copula = next((i for i in range(first + 1, min(first + NEAR, len(self.chunks))) if self.clauses.word(i) in COPULAS), None)
        other = self._joined_some(first, copula) if copula is not None else None
        last = other[0] if other is not None else copula
        if those is None or copula is None or any(c.kind in ("comma", "break", "noun") for c in self.chunks[first + 3 : last]):
            return
        at = self.clauses.skip_adverbs(copula + 1)
        who = self.chunks[at].noun if at < len(self.chunks) else None
        if who is None and not _STATES.isdisjoint(self.clauses.word(i) for i in range(at, at + SHORT)):
            yield self._share(noun, first, those)
        if noun.whole is not None and self.clauses.word(at) in _OF_AGE:
            yield self._share(noun, first, those)
        if who is None or who.sort not in ("person", "unknown") or self.clauses.verb_follows(at):
            return
        if who.quantity is not None or (who.definite not in ("bare", "indefinite")):
            return
        for some, begins, of in ((noun, first, those), *(((self.chunks[other[0]].noun, *other),) if other is not None else ())):
            if some is not None:
                some.regroup(who.group, self.parsed.reason("as the noun behind the number says", who.first, who.last))
                yield self._share(some, begins, of)
        for place in range(at + 1, min(at + SHORT, len(self.chunks))):
            people = self.chunks[place].noun
            joined = self.chunks[place - 1].kind in ("conjunction", "comma")
            if people is not None and people.quantity is not None and people.sort == "person" and joined and not self._befallen(place):
                yield replace(self._share(people, place, those), measure=those[2] or Measure.KILLED)

    def _joined_some(self, first: int, copula: int) -> tuple[int, Those] | None:
        """Others of whom the same is said ("ten of those killed and 34 of those injured were children"): where they begin, and of whom they are."""
        for place in range(first + 3, copula - 2):
            joined = self.clauses.kind(place - 1) == "conjunction" and self.clauses.word(place + 1) == "of"
            if joined and self._bare(place) and (those := self._those(place + 2, place + 4)) is not None:
                return place, those
        return None

    def _whole(self, first: int, whole: NounPhrase) -> Those | None:
        """Of whom some are: "of them", "of the 145", "of the 148 dead", "of the victims"."""
        behind = self.chunks[first + 1].verb if first + 1 < len(self.chunks) else None
        if behind is not None and not behind.auxiliaries:
            return whole, "measure", behind.measure
        if isinstance(whole.measure, Measure) and whole.sort in ("state", "counted", "deed"):
            return whole, "measure", whole.measure
        if whole.sort == "pronoun":
            return whole, "last", None
        stated = whole.quantity is not None and not whole.quantity.vague
        known = whole.definite == "definite" and (stated or self.parsed.tokens[whole.last].low in _ALL)
        return (whole, "last", None) if known else None

    def _made_up(self) -> Iterator[Mention]:
        """How many of so many somebody was ("Civilians were 1,470 of the 3,940 dead", "police made up 40 of the 98")."""
        for place in range(2, len(self.chunks)):
            noun = self.chunks[place].noun
            whole = noun.whole if noun is not None else None
            if noun is None or noun.quantity is None or whole is None or whole.quantity is None or whole.definite != "definite":
                continue
            if self.clauses.word(place - 1) in _MAKES_UP and whole.sort in ("none", "state") and noun.quantity.value < whole.quantity.value:
                who = next((c.noun for c in self.chunks[:place] if c.noun is not None), None)
                if who is not None and who.sort == "person":
                    noun.regroup(who.group, self.parsed.reason("as the noun before the number says", who.first, who.last))
                yield self._share(noun, place, (whole, "last", None))

    def _of_deeds(self) -> Iterator[Mention]:
        """What some of the deeds told of before did ("Thirty-eight of them hit fuel convoys")."""
        noun = self.chunks[0].noun if len(self.chunks) > 1 else None
        if noun is None or noun.quantity is None or noun.quantity.value == 1 or noun.sort != "none":
            return
        whole = noun.whole if noun.whole is not None and noun.whole.sort == "pronoun" else None
        if whole is None and (noun.whole is not None or self.clauses.word(1) != "of" or self.clauses.word(2) not in _THOSE):
            return
        at = self.clauses.skip_adverbs(3 if whole is None else 1)
        verb = self.chunks[at].verb if at < len(self.chunks) else None
        if self.clauses.word(at) in _DEEDS_DO and (verb is None or not verb.auxiliaries):
            noun.sort = "deed"
            yield self._share(noun, 0, (whole, "last", None))

    def _opened(self, found: Sequence[Mention]) -> Iterator[Mention]:
        """Shares behind an opening that says of whom: "Of these, 512 were registered in Est and 43 in Sahel"."""
        if self.clauses.word(0) != "of":
            return
        comma = next((i for i in range(2, min(NEAR, len(self.chunks))) if self.chunks[i].kind == "comma"), None)
        those = self._those(1, comma) if comma is not None else None
        if comma is None or those is None:
            return
        whole = next((m for m in found if m.noun is those[0]), None)
        begins = True
        for place in range(comma + 1, min(comma + LISTED, len(self.chunks))):
            noun = self.chunks[place].noun
            if self.chunks[place].kind in ("subordinator", "relative") or self.clauses.word(place) == ".":
                return
            if noun is not None and begins and self._shares(place, noun) and all(m.noun is not noun for m in found):
                self._as_said(place, noun)
                part = self._share(noun, place, those)
                if whole is not None:
                    part = replace(part, measure=whole.measure, part_of=whole, shares="")
                yield replace(part, sharer=self._somewhere(place))
            begins = self.chunks[place].kind in SEPARATES

    def _shares(self, place: int, noun: NounPhrase) -> bool:
        """Whether a number begins what is said of a share: it is bare, or people stand behind it."""
        if noun.quantity is None or noun.whole is not None or self.clauses.verb_follows(place):
            return False
        auxiliary = self.clauses.skip_adverbs(place + 1)
        befalls = self.clauses.kind(auxiliary) == "auxiliary" and self.clauses.verb_follows(auxiliary)
        return noun.sort in ("none", "person") and not noun.additive and not befalls

    def _those(self, at: int, end: int | None) -> Those | None:
        """Of whom is spoken between two places: their noun phrase, of which tally they are, and their measure where the words say it."""
        noun = self.chunks[at].noun
        verb = next((c.verb for c in self.chunks[at + 1 : end or at + 3] if c.verb is not None), None)
        if noun is None and self.clauses.word(at) == "those" and self.clauses.word(at + 1) == "taken":
            return noun, "measure", Measure.DETAINED if self._taken_in(at + 2) else Measure.ABDUCTED
        if noun is None and self.clauses.word(at) in _FIGURES and self.clauses.word(at - 1) == "the":
            return noun, "last", None  # "the toll includes"
        if (noun is not None and noun.sort == "pronoun") or (noun is None and self.clauses.word(at) in _THOSE):
            return noun, "measure" if verb is not None else "last", verb.measure if verb is not None else None
        if noun is None or noun.definite != "definite":
            return None
        if isinstance(noun.measure, Measure) and noun.sort in ("state", "counted", "deed"):
            return noun, "measure", noun.measure
        if noun.quantity is not None and not noun.quantity.vague and noun.sort in ("none", "person"):
            return noun, "measure" if verb is not None else "last", verb.measure if verb is not None else None
        known = self.parsed.tokens[noun.last].low in _ALL | _FIGURES
        return (noun, "last", None) if known else None

    def _share(self, noun: NounPhrase, place: int, those: Those) -> Mention:
        """A part of people of whom another sentence tells."""
        whole, shares, measure = those
        if whole is not None and noun.whole is None and noun.sort == "none":
            noun.whole = whole
        return Mention(measure or Measure.KILLED, noun, self.chunks[place], "part", place, shares=shares)

    def _somewhere(self, place: int) -> tuple[int, int] | None:
        """What is said of a number up to the next, where a preposition of place stands among it ("were registered in Est")."""
        end = place + 1
        while end < len(self.chunks) and self.chunks[end].kind not in SEPARATES:
            end += 1
        placed = any(self.clauses.word(at) in WHERE for at in range(place + 1, end))
        return (self.chunks[place + 1].first, self.chunks[end - 1].last) if placed else None

    def _among(self, found: Sequence[Mention]) -> Iterator[Mention]:
        """Who those told of before are: "The dead included 45 civilians", "among the wounded were 12 policemen"."""
        for place in range(len(self.chunks) - 2):
            reduced = self.chunks[place + 2].verb is not None  # "among the 40 arrested were two Kenyans"
            if self.clauses.word(place) in HOLDS and place:
                those, at = self._those(self._divided_at(place), place), place + 1
            elif self.clauses.word(place) == "among" and self.clauses.word(place + 2 + reduced) in COPULAS:
                those, at = self._those(place + 1, place + 1), place + 3 + reduced
            else:
                continue
            noun = those[0] if those is not None else None
            if those is None or (noun is not None and noun.sort == "deed"):
                continue
            if noun is not None and noun.quantity is not None:
                yield from self._of_stated(noun, at, found)
                continue
            for part in self._list(at):
                yield self._share(part, next(i for i, c in enumerate(self.chunks) if c.noun is part), those)

    def _divided_at(self, place: int) -> int:
        """Where those stand whom a verb of holding divides, over what only says which: "the 19 dead included", "those taken in include"."""
        at = place - 1
        while at > max(0, place - 3) and self.chunks[at].noun is None and self.clauses.word(at) not in _THOSE | _FIGURES:
            at -= 1
        return at

    def _taken_in(self, at: int) -> bool:
        """Whether "in" is a verb's own particle, and no place stands behind it."""
        return self.clauses.word(at) == "in" and self.clauses.word(at + 1) in HOLDS | COPULAS

    def _of_stated(self, whole: NounPhrase, at: int, found: Sequence[Mention]) -> Iterator[Mention]:
        """Who is in a list that begins at a place, of so many of whom the same clause tells ("The 19 dead included four policemen")."""
        counted = next((m for m in found if m.noun is whole), None)
        for noun in self._list(at) if counted is not None else ():
            if counted is not None and value_of(noun) < value_of(whole):
                yield counted.part(noun)

    def _likewise(self, found: Sequence[Mention]) -> Iterator[Mention]:
        """What others have of a whole, with its words left out ("saw 209 of the attacks, Hama 71 and Raqqa 44", "gangs for 703")."""
        first = [m for m in found if m.via == "part" and m.noun.whole is not None and m.noun.whole.sort in _NAMED_WHOLES]
        if not first and (accounted := self._accounted(found)) is not None:
            first = [accounted]
            yield accounted
        if not first or first[0].noun.quantity is None:
            return
        at = next((i for i, c in enumerate(self.chunks) if c.noun is first[-1].noun), len(self.chunks))
        before = next((i for i, c in enumerate(self.chunks) if c.noun is first[0].noun), 0) - 1
        joint = self.clauses.word(before) if self.clauses.kind(before) == "preposition" else ""
        begins = at + 1
        while self.clauses.kind(begins) in SEPARATES and begins < len(self.chunks) - 1:
            begins += self.clauses.kind(begins + 1) == "conjunction"
            figures = self._figures_of_other(begins + 1, joint)
            if not figures or len(figures) > len(first):
                return
            name = self.chunks[begins + 1].noun
            for mention, place in zip(first, figures, strict=False):
                noun = self.chunks[place].noun
                if noun is None:
                    return
                if name is not None and name.sort == "person" and (mention.noun.grouped is not None or name.group in NARROW):
                    noun.regroup(name.group, self.parsed.reason("as the noun before the number says", name.first, name.last))
                words = self.chunks[begins + 1].first, self.chunks[place].first - 1
                yield replace(
                    Mention(
                        mention.measure,
                        noun,
                        self.chunks[place],
                        "part",
                        place,
                        part_of=mention.part_of,
                        shares=mention.shares or "measure",
                    ),
                    sharer=words,
                )
                first_words = self.chunks[0].first, max(self.chunks[0].first, mention.noun.first - 1)
                mention.sharer = mention.sharer or first_words
            begins = figures[-1] + 1 + (self.clauses.word(figures[-1] + 1) == "respectively")

    def _accounted(self, found: Sequence[Mention]) -> Mention | None:
        """The bare figure that something accounts for ("Airstrikes accounted for 210, shelling for 170")."""
        for place in range(1, len(self.chunks) - 2):
            if self.clauses.word(place) in _ACCOUNTS and self.clauses.word(place + 1) == "for" and self._bare(place + 2):
                noun = self.chunks[place + 2].noun
                if noun is not None and all(m.noun is not noun for m in found):
                    return Mention(Measure.KILLED, noun, self.chunks[place + 2], "part", place + 2, shares="last")
        return None

    def _figures_of_other(self, at: int, joint: str) -> list[int]:
        """Where the bare figures of another stand whose name begins at a place."""
        place = at
        while place < min(at + SHORT, len(self.chunks)) and self._names(place):
            place += 1
        if place == at or (joint and self.clauses.word(place) != joint):
            return []
        figures: list[int] = []
        place += bool(joint)
        while place < len(self.chunks) and self._bare(place):
            figures.append(place)
            if self.clauses.kind(place + 1) != "conjunction" or not self._bare(place + 2):
                break
            place += 2
        ends = self.clauses.kind(figures[-1] + 1) if figures else ""
        return figures if ends in (*SEPARATES, "", "preposition") or self.clauses.word(figures[-1] + 1) == "respectively" else []

    def _names(self, place: int) -> bool:
        """Whether a chunk may belong to the name of another."""
        noun = self.chunks[place].noun
        return self.chunks[place].kind in ("noun", "word") and (noun is None or noun.quantity is None)

    def _listed(self, found: Sequence[Mention]) -> Iterator[Mention]:
        """The people of an item of a list whose heading tells their measure ("- 11 members of the SDF")."""
        if not self.parsed.item or found:
            return
        nouns = list(self._list(0))
        if not nouns or any(c.verb is not None for c in self.chunks):
            return
        place = next(i for i, c in enumerate(self.chunks) if c.noun is nouns[0])
        if all(self.clauses.word(i) in BULLETS for i in range(place)):
            for noun in nouns:
                yield Mention(Measure.KILLED, noun, self.chunks[place], "part", place, shares="last")
