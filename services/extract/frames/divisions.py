"""Parts of what is told before: "19 dead: 11 soldiers and eight civilians", "Of these, 40 were in Est", "Fifteen of the 145 were women"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from schemas import Group, Measure
from schemas.vocabulary import OF_DEEDS

from ..syntax.clauses import Clauses
from ..syntax.conjuncts import BADLY
from ..syntax.nouns import NounPhrase
from ..syntax.pieces import Parsed
from ..syntax.rows import PEOPLE_LIKE
from .mentions import Mention

NEAR = 12
"""Chunks from a count to the colon behind which it is divided."""

LISTED = 60
"""Chunks of a list of parts."""

SHORT = 6
"""Chunks of a name before the figure that is its share ("and self-defence groups for 138")."""

_COPULAS = frozenset({"were", "was", "are", "is", "being"})
_HOLDS = frozenset({"included", "include", "includes", "comprised", "comprise", "comprises"})
"""Verbs by which people are divided into those behind it."""
_ALL = frozenset({"victims", "fatalities", "casualties", "deceased", "detainees", "abductees", "arrested", "killed", "hostages"})
"""Nouns behind "the" for those told of before, which are no states of their own."""
_COLONS = frozenset({":", "–", "—"})
_LISTED = PEOPLE_LIKE - {"body", "pronoun"}
_NAMED_WHOLES = frozenset({"state", "counted", "deed"})
"""Sorts of wholes that say their measure."""
_WHERE = frozenset({"in", "at", "near", "around"})
_NARROW = frozenset({Group.WOMEN, Group.CHILDREN})
"""Groups that are told of as those whom it befell."""
_THOSE = frozenset({"these", "those", "them", "whom"})
_SEPARATES = frozenset({"comma", "conjunction", "break"})


class Divisions:
    """Finds the parts of one sentence that are told without a verb of their own; places are indices of chunks."""

    def __init__(self, parsed: Parsed, clauses: Clauses) -> None:
        self.parsed = parsed
        self.chunks = parsed.chunks
        self.clauses = clauses

    def find(self, found: Sequence[Mention]) -> list[Mention]:
        """The parts that nothing else in the sentence told."""
        told = {id(m.noun) for m in found}
        parts = [
            *self._behind_colon(found),
            *self._opened(found),
            *self._of_whom(found),
            *self._said_of_some(),
            *self._among(found),
            *self._listed(found),
            *self._likewise(found),
            *self._were_among(found),
            *self._how_badly(found),
            *self._by_place(found),
        ]
        return [m for m in parts if id(m.noun) not in told and not self._seen(m, told)]

    @staticmethod
    def _seen(mention: Mention, told: set[int]) -> bool:
        """Whether a noun phrase was taken before; it is now."""
        known = id(mention.noun) in told
        told.add(id(mention.noun))
        return known

    def _behind_colon(self, found: Sequence[Mention]) -> Iterator[Mention]:
        """What a count before a colon is divided into ("221 dead: 88 civilians and 133 soldiers")."""
        colon = next((i for i in range(1, len(self.chunks)) if self.clauses.word(i) in _COLONS and self.chunks[i].kind == "break"), None)
        if colon is None or any(c.verb is not None for c in self.chunks[colon:]):
            return
        parts = list(self._list(colon + 1))
        total = sum(_value(noun) for noun in parts)
        whole = self._divided(found, colon, total)
        if whole is None or whole.noun.quantity is None:
            return
        fits = total == whole.noun.quantity.value or (total < whole.noun.quantity.value and self.clauses.word(colon) == ":")
        if parts and fits and (len(parts) > 1 or parts[0].sort == "person"):
            words = self.chunks[colon].first, self.chunks[colon].last
            for noun in parts:
                yield replace(
                    whole, noun=noun, via="part", part_of=whole, placed=False, includes=False, harm=False, joint=words, siblings=[]
                )

    def _divided(self, found: Sequence[Mention], colon: int, total: int) -> Mention | None:
        """The one count that stands before a colon; of several, the last, where what stands behind adds up to it."""
        before = [m for m in found if m.noun.last < self.chunks[colon].first and m.part_of is None and m.noun.quantity is not None]
        if not before or before[-1].measure in OF_DEEDS or before[-1].noun.quantity is None:
            return None
        if len({id(m.noun) for m in before}) != 1 and before[-1].noun.quantity.value != total:
            return None
        at = next((i for i, c in enumerate(self.chunks) if c.noun is before[-1].noun), 0)
        return before[-1] if colon - max(at, min(before[-1].place, colon)) <= NEAR and not before[-1].noun.quantity.vague else None

    def _list(self, at: int) -> Iterator[NounPhrase]:
        """The people of a list that begins at a place: each behind a comma, a semicolon or "and"."""
        begins = True
        while self.clauses.word(at) in _BULLETS:
            at += 1
        for place in range(at, min(at + LISTED, len(self.chunks))):
            noun = self.chunks[place].noun
            if self.clauses.word(place) in ("including", "among") or self.chunks[place].kind in ("subordinator", "relative"):
                return
            single = noun is not None and not noun.plural and (noun.definite == "indefinite" or noun.owned)
            counted = noun is not None and (noun.quantity is not None or single)
            if noun is not None and begins and counted and noun.sort in _LISTED and noun.whole is None:
                yield noun
            begins = self.chunks[place].kind in _SEPARATES

    def _opened(self, found: Sequence[Mention]) -> Iterator[Mention]:
        """Shares behind an opening that says of whom: "Of these, 512 were registered in Est and 43 in Sahel"."""
        if self.clauses.word(0) != "of":
            return
        comma = next((i for i in range(2, min(NEAR, len(self.chunks))) if self.chunks[i].kind == "comma"), None)
        those = self._those(1, comma) if comma is not None else None
        if comma is None or those is None or any(m.noun is those[0] for m in found):
            return
        begins = True
        for place in range(comma + 1, min(comma + LISTED, len(self.chunks))):
            noun = self.chunks[place].noun
            if self.chunks[place].kind in ("subordinator", "relative") or self.clauses.word(place) == ".":
                return
            if noun is not None and begins and self._shares(place, noun) and all(m.noun is not noun for m in found):
                self._as_said(place, noun)
                yield replace(self._share(noun, place, those), sharer=self._somewhere(place))
            begins = self.chunks[place].kind in _SEPARATES

    def _of_whom(self, found: Sequence[Mention]) -> Iterator[Mention]:
        """The part of those counted before a clause of its own ("90,000 were displaced, of whom 40,000 are in camps")."""
        for place in range(2, len(self.chunks) - 2):
            noun = self.chunks[place + 2].noun
            if self.clauses.word(place) != "of" or self.clauses.word(place + 1) not in ("whom", "which") or noun is None:
                continue
            before = [m for m in found if m.noun.last < self.chunks[place].first and m.part_of is None and m.noun.quantity is not None]
            whole = before[-1].noun.quantity if before else None
            if whole is not None and self._shares(place + 2, noun) and _value(noun) <= whole.value and noun.sort == "none":
                self._as_said(place + 2, noun)
                yield replace(before[-1], noun=noun, via="part", part_of=before[-1], placed=False, includes=False, harm=False, siblings=[])

    def _as_said(self, place: int, noun: NounPhrase) -> None:
        """Count a bare number in the group of those whom a copula says it to be ("five were women")."""
        at = self.clauses.skip_adverbs(place + 1)
        at = self.clauses.skip_adverbs(at + 1) if self.clauses.word(at) in _COPULAS else len(self.chunks)
        who = self.chunks[at].noun if at < len(self.chunks) else None
        if noun.sort == "none" and who is not None and who.sort == "person" and who.quantity is None and who.definite == "bare":
            noun.regroup(who.group, self.parsed.reason("as the noun behind the number says", who.first, who.last))

    def _somewhere(self, place: int) -> tuple[int, int] | None:
        """What is said of a number up to the next, where a preposition of place stands among it ("were registered in Est")."""
        end = place + 1
        while end < len(self.chunks) and self.chunks[end].kind not in _SEPARATES:
            end += 1
        placed = any(self.clauses.word(at) in _WHERE for at in range(place + 1, end))
        return (self.chunks[place + 1].first, self.chunks[end - 1].last) if placed else None

    def _shares(self, place: int, noun: NounPhrase) -> bool:
        """Whether a number begins what is said of a share: it is bare, or people stand behind it."""
        if noun.quantity is None or noun.whole is not None or self.clauses.verb_follows(place):
            return False
        auxiliary = self.clauses.skip_adverbs(place + 1)
        befalls = self.clauses.kind(auxiliary) == "auxiliary" and self.clauses.verb_follows(auxiliary)
        return noun.sort in ("none", "person") and not noun.additive and not befalls

    def _those(self, at: int, end: int | None) -> tuple[NounPhrase | None, str, Measure | None] | None:
        """Of whom is spoken between two places: their noun phrase, of which tally they are, and their measure where the words say it."""
        noun = self.chunks[at].noun
        verb = next((c.verb for c in self.chunks[at + 1 : end or at + 3] if c.verb is not None), None)
        if noun is None and self.clauses.word(at) == "those" and self.clauses.word(at + 1) == "taken":
            return noun, "measure", Measure.ABDUCTED
        if (noun is not None and noun.sort == "pronoun") or (noun is None and self.clauses.word(at) in _THOSE):
            return noun, "measure" if verb is not None else "last", verb.measure if verb is not None else None
        if noun is None or noun.definite != "definite":
            return None
        if isinstance(noun.measure, Measure) and noun.sort in ("state", "counted", "deed"):
            return noun, "measure", noun.measure
        if noun.quantity is not None and not noun.quantity.vague and noun.sort in ("none", "person"):
            return noun, "measure" if verb is not None else "last", verb.measure if verb is not None else None
        known = self.parsed.tokens[noun.last].low in _ALL or self.parsed.tokens[noun.last].low == "total"
        return (noun, "last", None) if known else None

    def _share(self, noun: NounPhrase, place: int, those: tuple[NounPhrase | None, str, Measure | None]) -> Mention:
        """A part of people of whom another sentence tells."""
        whole, shares, measure = those
        if whole is not None and noun.whole is None and noun.sort == "none":
            noun.whole = whole
        return Mention(measure or Measure.KILLED, noun, self.chunks[place], "part", place, shares=shares)

    def _said_of_some(self) -> Iterator[Mention]:
        """Who some of those told of before are: "Fifteen of the 145 were women", "Nineteen of those taken are women"."""
        for place, chunk in enumerate(self.chunks):
            if not place or (chunk.noun is not None and self.chunks[place - 1].kind == "break"):
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
        copula = next((i for i in range(first + 1, min(first + NEAR, len(self.chunks))) if self.clauses.word(i) in _COPULAS), None)
        if those is None or copula is None or any(c.kind in ("comma", "break", "noun") for c in self.chunks[first + 3 : copula]):
            return
        at = self.clauses.skip_adverbs(copula + 1)
        who = self.chunks[at].noun if at < len(self.chunks) else None
        if who is None or who.sort not in ("person", "unknown") or self.clauses.verb_follows(at):
            return
        if who.quantity is not None or (who.definite not in ("bare", "indefinite")):
            return
        noun.regroup(who.group, self.parsed.reason("as the noun behind the number says", who.first, who.last))
        yield self._share(noun, first, those)
        for place in range(at + 1, min(at + SHORT, len(self.chunks))):
            other = self.chunks[place].noun
            joined = self.chunks[place - 1].kind in ("conjunction", "comma")
            if other is not None and other.quantity is not None and other.sort == "person" and joined and not self._befallen(place):
                yield replace(self._share(other, place, those), measure=those[2] or Measure.KILLED)

    def _befallen(self, place: int) -> bool:
        """Whether a verb says something of those at a place."""
        return self.clauses.verb_follows(place) or self.clauses.kind(place + 1) == "auxiliary"

    def _whole(self, first: int, whole: NounPhrase) -> tuple[NounPhrase | None, str, Measure | None] | None:
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

    def _among(self, found: Sequence[Mention]) -> Iterator[Mention]:
        """Who those told of before are: "The dead included 45 civilians", "among the wounded were 12 policemen"."""
        for place in range(len(self.chunks) - 2):
            reduced = self.chunks[place + 2].verb is not None  # "among the 40 arrested were two Kenyans"
            if self.clauses.word(place) in _HOLDS and place:
                left = place - 1 - (self.chunks[place - 1].verb is not None and place > 1)  # "the 19 dead included"
                those, at = self._those(left, left), place + 1
            elif self.clauses.word(place) == "among" and self.clauses.word(place + 2 + reduced) in _COPULAS:
                those, at = self._those(place + 1, place + 1), place + 3 + reduced
            else:
                continue
            noun = those[0] if those is not None else None
            if those is None or noun is None or noun.sort == "deed":
                continue
            if noun.quantity is not None:
                yield from self._of_stated(noun, at, found)
                continue
            for part in self._list(at):
                yield self._share(part, next(i for i, c in enumerate(self.chunks) if c.noun is part), those)

    def _were_among(self, found: Sequence[Mention]) -> Iterator[Mention]:
        """Who are said to be among so many ("Three soldiers and a civilian were among the 12 dead")."""
        among = next((i for i in range(2, len(self.chunks) - 1) if self.clauses.word(i) == "among"), None)
        whole = next((m for m in found if among is not None and m.noun is self.chunks[among + 1].noun), None)
        if among is None or whole is None or whole.noun.quantity is None or self.clauses.word(among - 1) not in _COPULAS:
            return
        for noun in self._list(0):
            if noun.last < self.chunks[among].first and _value(noun) < whole.noun.quantity.value:
                yield replace(whole, noun=noun, via="part", part_of=whole, placed=False, includes=False, siblings=[])

    def _how_badly(self, found: Sequence[Mention]) -> Iterator[Mention]:
        """How many of the injured are so badly ("wounded 12 people, five seriously")."""
        hurt = {m.noun.last: m for m in found if m.measure is Measure.INJURED and m.part_of is None and m.noun.quantity is not None}
        for place in range(2, len(self.chunks) - 1) if hurt else ():
            noun = self.chunks[place].noun
            badly = self.clauses.word(place + 1) in BADLY and not self.clauses.verb_follows(place)
            if noun is None or not badly or not self._bare(place) or self.chunks[place - 1].kind != "comma":
                continue
            whole = next((m for last, m in sorted(hurt.items(), reverse=True) if last < noun.first), None)
            if whole is not None and whole.noun.quantity is not None and _value(noun) <= whole.noun.quantity.value:
                yield replace(whole, noun=noun, via="part", part_of=whole, placed=False, includes=False, siblings=[])

    def _by_place(self, found: Sequence[Mention]) -> Iterator[Mention]:
        """Where those were who are counted before: "300 surrendered, 200 in Borno and 100 in Yobe"."""
        before = [m for m in found if m.part_of is None and m.noun.quantity is not None and not m.noun.quantity.vague]
        if not before or len({id(m.noun) for m in before}) != 1 or before[0].noun.quantity is None:
            return
        told = {id(m.noun) for m in found}
        whole = before[0]
        places = [
            i
            for i in range(1, len(self.chunks))
            if self._bare(i) and id(self.chunks[i].noun) not in told and self.clauses.word(i + 1) in _WHERE
        ]
        places = [i for i in places if self.chunks[i].first > whole.noun.last and self.chunks[i - 1].kind in ("comma", "conjunction")]
        nouns = [noun for i in places if (noun := self.chunks[i].noun) is not None]
        total = sum(_value(noun) for noun in nouns)
        if len(nouns) < 2 or self.chunks[places[0] - 1].kind != "comma" or self._is_placed(whole) or total > _value(whole.noun):
            return
        for noun in nouns:
            yield replace(whole, noun=noun, via="part", part_of=whole, placed=False, includes=False, siblings=[])

    def _is_placed(self, mention: Mention) -> bool:
        """Whether a preposition of place stands right behind a count or its verb, so that others may stand beside it."""
        at = next((i for i, c in enumerate(self.chunks) if c.noun is mention.noun), 0)
        return self.clauses.word(at + 1) in _WHERE or (mention.place > at and self.clauses.word(mention.place + 1) in _WHERE)

    def _likewise(self, found: Sequence[Mention]) -> Iterator[Mention]:
        """What others have of a whole, with its words left out ("saw 209 of the attacks, Hama 71 and Raqqa 44", "gangs for 703")."""
        first = [m for m in found if m.via == "part" and m.noun.whole is not None and m.noun.whole.sort in _NAMED_WHOLES]
        if not first or first[0].noun.quantity is None:
            return
        at = next((i for i, c in enumerate(self.chunks) if c.noun is first[-1].noun), len(self.chunks))
        before = next((i for i, c in enumerate(self.chunks) if c.noun is first[0].noun), 0) - 1
        joint = self.clauses.word(before) if self.clauses.kind(before) == "preposition" else ""
        begins = at + 1
        while self.clauses.kind(begins) in _SEPARATES and begins < len(self.chunks) - 1:
            begins += self.clauses.kind(begins + 1) == "conjunction"
            figures = self._figures_of_other(begins + 1, joint)
            if not figures or len(figures) > len(first):
                return
            name = self.chunks[begins + 1].noun
            for mention, place in zip(first, figures, strict=False):
                noun = self.chunks[place].noun
                if noun is None:
                    return
                if name is not None and name.sort == "person" and (mention.noun.grouped is not None or name.group in _NARROW):
                    noun.regroup(name.group, self.parsed.reason("as the noun before the number says", name.first, name.last))
                words = self.chunks[begins + 1].first, self.chunks[place].first - 1
                yield replace(
                    Mention(mention.measure, noun, self.chunks[place], "part", place, part_of=mention.part_of, shares="measure"),
                    sharer=words,
                )
                first_words = self.chunks[0].first, max(self.chunks[0].first, mention.noun.first - 1)
                mention.sharer = mention.sharer or first_words
            begins = figures[-1] + 1 + (self.clauses.word(figures[-1] + 1) == "respectively")

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
        return figures if ends in (*_SEPARATES, "", "preposition") or self.clauses.word(figures[-1] + 1) == "respectively" else []

    def _names(self, place: int) -> bool:
        """Whether a chunk may belong to the name of another."""
        noun = self.chunks[place].noun
        return self.chunks[place].kind in ("noun", "word") and (noun is None or noun.quantity is None)

    def _bare(self, place: int) -> bool:
        """Whether a number alone stands at a place, and nothing is said to have befallen it."""
        noun = self.chunks[place].noun if place < len(self.chunks) else None
        return noun is not None and noun.sort == "none" and noun.quantity is not None and noun.whole is None and not self._befallen(place)

    def _of_stated(self, whole: NounPhrase, at: int, found: Sequence[Mention]) -> Iterator[Mention]:
        """Who is in a list that begins at a place, of so many of whom the same clause tells ("The 19 dead included four policemen")."""
        counted = next((m for m in found if m.noun is whole), None)
        for noun in self._list(at) if counted is not None else ():
            if counted is not None and _value(noun) < _value(whole):
                yield replace(counted, noun=noun, via="part", part_of=counted, placed=False, includes=False, siblings=[])

    def _listed(self, found: Sequence[Mention]) -> Iterator[Mention]:
        """The people of an item of a list whose heading tells their measure ("- 11 members of the SDF")."""
        if not self.parsed.item or found:
            return
        nouns = list(self._list(0))
        if not nouns or any(c.verb is not None for c in self.chunks):
            return
        place = next(i for i, c in enumerate(self.chunks) if c.noun is nouns[0])
        if all(self.clauses.word(i) in _BULLETS for i in range(place)):
            for noun in nouns:
                yield Mention(Measure.KILLED, noun, self.chunks[place], "part", place, shares="last")


_BULLETS = frozenset({"-", "–", "—", "•", "*", "·", "●", "▪"})
"""Marks at the beginning of an item."""


def _value(noun: NounPhrase) -> int:
    return noun.quantity.value if noun.quantity is not None else 1
