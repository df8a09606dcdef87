"""Parts of what is told before without a verb of their own: "19 dead: 11 soldiers and eight civilians", "300 gave up, 200 in Borno"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from schemas import Measure
from schemas.vocabulary import OF_DEEDS

from ..syntax.conjuncts import BADLY
from .listing import COPULAS, SEPARATES, WHERE, value_of
from .mentions import Mention
from .shares import HOLDS, NEAR, Shares

_CRITICAL = frozenset({"critical", "serious", "grave"})
_COLONS = frozenset({":", "–", "—"})


class Divisions(Shares):
    """Finds the parts of one sentence that are told without a verb of their own; places are indices of chunks."""

    def find(self, found: Sequence[Mention]) -> list[Mention]:
        """The parts that nothing else in the sentence told."""
        words = {token.low for token in self.parsed.tokens}
        parts: list[Mention] = []
        if found and not _COLONS.isdisjoint(words):
            parts += [*self._behind_colon(found), *self._each_told_of(found)]
        if "of" in words:
            parts += [
                *self._opened(found),
                *self._of_whom(found),
                *self._of_which(found),
                *self._said_of_some(),
                *self._made_up(),
                *self._of_deeds(),
            ]
        if "among" in words or not HOLDS.isdisjoint(words):
            parts += [*self._among(found), *self._were_among(found), *self._among_them(found)]
        if self.parsed.item:
            parts += self._listed(found)
        if "of" in words or "for" in words:
            parts += self._likewise(found)
        if "condition" in words:
            parts += self._in_what_condition(found)
        if not BADLY.isdisjoint(words):
            parts += self._how_badly(found)
        if found and "," in words and not WHERE.isdisjoint(words):
            parts += self._by_place(found)
        told = {id(m.noun) for m in found}
        return [m for m in parts if not self._seen(m, told)]

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
        total = sum(value_of(noun) for noun in parts)
        whole = self._divided(found, colon, total)
        if whole is None or whole.noun.quantity is None or (whole.measure in OF_DEEDS and any(noun.sort != "none" for noun in parts)):
            return
        fits = total == whole.noun.quantity.value or (total < whole.noun.quantity.value and self.clauses.word(colon) == ":")
        if parts and fits and (len(parts) > 1 or parts[0].sort == "person"):
            words = self.chunks[colon].first, self.chunks[colon].last
            for noun in parts:
                yield whole.part(noun, joint=words, harm=False)

    def _each_told_of(self, found: Sequence[Mention]) -> Iterator[Mention]:
        """The same where it is told of each how it was ("six were hurt: two guards who were shot and four drivers struck by stones")."""
        colon = next((i for i in range(1, len(self.chunks)) if self.clauses.word(i) == ":" and self.chunks[i].kind == "break"), None)
        if colon is None or all(c.verb is None for c in self.chunks[colon:]):
            return
        begins = (i for i in range(colon + 1, len(self.chunks)) if self.chunks[i - 1].kind in SEPARATES)
        nouns = [n for i in begins if (n := self.chunks[i].noun) is not None and n.quantity is not None and n.sort in ("person", "unknown")]
        total = sum(value_of(n) for n in nouns)
        whole = self._divided(found, colon, total)
        if whole is None or len(nouns) < 2 or total != value_of(whole.noun):
            return
        if any(c.verb is not None and c.verb.measure is not whole.measure for c in self.chunks[colon:]):
            return
        known = {id(m.noun): m for m in found}
        for noun in nouns:
            if id(noun) in known:
                known[id(noun)].part_of = whole
            else:
                yield whole.part(noun, harm=False)

    def _divided(self, found: Sequence[Mention], colon: int, total: int) -> Mention | None:
        """The one count that stands before a colon; of several, the last, where what stands behind adds up to it."""
        before = [m for m in found if m.noun.last < self.chunks[colon].first and m.part_of is None and m.noun.quantity is not None]
        if not before or before[-1].noun.quantity is None:
            return None
        if len({id(m.noun) for m in before}) != 1 and before[-1].noun.quantity.value != total:
            return None
        at = next((i for i, c in enumerate(self.chunks) if c.noun is before[-1].noun), 0)
        return before[-1] if colon - max(at, min(before[-1].place, colon)) <= NEAR and not before[-1].noun.quantity.vague else None

    def _of_whom(self, found: Sequence[Mention]) -> Iterator[Mention]:
        """The part of those counted before a clause of its own ("90,000 were displaced, of whom 40,000 are in camps")."""
        for place in range(2, len(self.chunks) - 2):
            noun = self.chunks[place + 2].noun
            if self.clauses.word(place) != "of" or self.clauses.word(place + 1) not in ("whom", "which") or noun is None:
                continue
            before = [m for m in found if m.noun.last < self.chunks[place].first and m.part_of is None and m.noun.quantity is not None]
            whole = before[-1].noun.quantity if before else None
            if whole is None or not self._shares(place + 2, noun) or value_of(noun) > whole.value:
                continue
            if noun.sort == "none":
                self._as_said(place + 2, noun)
                yield before[-1].part(noun, harm=False)
            elif not self._befallen(place + 2):
                yield from self._people_of(before[-1], place + 2)

    def _people_of(self, whole: Mention, at: int) -> Iterator[Mention]:
        """Who is in a list behind "of whom" that has no verb ("43 dead, of whom 19 women and 14 children, and dozens of wounded")."""
        left = value_of(whole.noun)
        for noun in self._list(at):
            place = next(i for i, c in enumerate(self.chunks) if c.noun is noun)
            left -= value_of(noun)
            if left < 0 or noun.sort != "person" or self._befallen(place):
                return
            yield whole.part(noun, harm=False)

    def _of_which(self, found: Sequence[Mention]) -> Iterator[Mention]:
        """Some of the deeds right before, of which a clause tells more ("made 97 attacks this year, 15 of which failed")."""
        for place in range(2, len(self.chunks) - 2):
            noun = self.chunks[place].noun
            which = self.clauses.word(place + 1) == "of" and self.clauses.word(place + 2) == "which"
            if noun is None or not which or self.clauses.kind(place - 1) != "comma" or noun.sort != "none" or noun.quantity is None:
                continue
            before = [m for m in found if m.noun.last < noun.first and m.part_of is None and m.noun.quantity is not None]
            whole = before[-1] if before else None
            nearest = next((c.noun for c in reversed(self.chunks[:place]) if c.noun is not None and c.noun.quantity is not None), None)
            if whole is not None and whole.noun is nearest and whole.measure in OF_DEEDS and value_of(noun) < value_of(whole.noun):
                yield whole.part(noun, harm=False)

    def _were_among(self, found: Sequence[Mention]) -> Iterator[Mention]:
        """Who are said to be among so many ("Three soldiers and a civilian were among the 12 dead")."""
        among = next((i for i in range(2, len(self.chunks) - 1) if self.clauses.word(i) == "among"), None)
        whole = next((m for m in found if among is not None and m.noun is self.chunks[among + 1].noun), None)
        if among is None or whole is None or whole.noun.quantity is None or self.clauses.word(among - 1) not in COPULAS:
            return
        for noun in self._list(0):
            if noun.last < self.chunks[among].first and value_of(noun) < whole.noun.quantity.value:
                yield whole.part(noun)

    def _among_them(self, found: Sequence[Mention]) -> Iterator[Mention]:
        """Who is said to be among those counted before ("killing 37 militants, two commanders among them")."""
        for place in range(2, len(self.chunks) - 1):
            last = self.chunks[place - 1].noun
            if (self.clauses.word(place), self.clauses.word(place + 1)) != ("among", "them") or last is None or last.sort != "person":
                continue
            nouns, first = self.clauses.joined_left(place - 1)
            before = [m for m in found if m.part_of is None and m.noun.quantity is not None and m.noun.last < self.chunks[first].first]
            if not before or self.clauses.kind(first - 1) not in SEPARATES or self.clauses.verb_follows(place + 1):
                continue
            for noun in nouns:
                if value_of(noun) < value_of(before[-1].noun) and (noun.quantity is not None or noun.definite == "indefinite"):
                    yield before[-1].part(noun, joint=(self.chunks[place].first, self.chunks[place + 1].last))

    def _how_badly(self, found: Sequence[Mention]) -> Iterator[Mention]:
        """How many of the injured are so badly ("wounded 12 people, five seriously")."""
        hurt = {m.noun.last: m for m in found if m.measure is Measure.INJURED and m.part_of is None and m.noun.quantity is not None}
        for place in range(2, len(self.chunks) - 1) if hurt else ():
            noun = self.chunks[place].noun
            badly = self.clauses.word(place + 1) in BADLY and not self.clauses.verb_follows(place)
            if noun is None or not badly or not self._bare(place) or self.chunks[place - 1].kind != "comma":
                continue
            whole = next((m for last, m in sorted(hurt.items(), reverse=True) if last < noun.first), None)
            if whole is not None and whole.noun.quantity is not None and value_of(noun) <= whole.noun.quantity.value:
                yield whole.part(noun)

    def _in_what_condition(self, found: Sequence[Mention]) -> Iterator[Mention]:
        """Those who live, but badly hurt, beside others ("three policemen killed, one in critical condition")."""
        for place in range(2, len(self.chunks) - 3):
            noun = self.chunks[place].noun
            condition = [self.clauses.word(at) for at in range(place + 1, place + 4)]
            critical = condition[0] == "in" and condition[1] in _CRITICAL and condition[2] == "condition"
            if noun is None or not critical or not self._bare(place) or self.chunks[place - 1].kind not in ("comma", "conjunction"):
                continue
            hurt = [m for m in found if m.measure is Measure.INJURED and m.noun.quantity is not None and m.noun.last < noun.first]
            died = next((m for m in reversed(found) if m.measure is Measure.KILLED and m.noun.last < noun.first), None)
            if hurt and hurt[-1].noun.quantity is not None and value_of(noun) <= hurt[-1].noun.quantity.value:
                yield hurt[-1].part(noun)
            elif not hurt and died is not None:
                noun.regroup(died.noun.group, self.parsed.reason("as those told beside it", died.noun.first, died.noun.last))
                yield Mention(Measure.INJURED, noun, self.chunks[place], "counted", place)

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
            if self._bare(i) and id(self.chunks[i].noun) not in told and self.clauses.word(i + 1) in WHERE
        ]
        places = [i for i in places if self.chunks[i].first > whole.noun.last and self.chunks[i - 1].kind in ("comma", "conjunction")]
        nouns = [noun for i in places if (noun := self.chunks[i].noun) is not None]
        total = sum(value_of(noun) for noun in nouns)
        if len(nouns) < 2 or self.chunks[places[0] - 1].kind != "comma" or self._is_placed(whole) or total > value_of(whole.noun):
            return
        for noun in nouns:
            yield whole.part(noun)

    def _is_placed(self, mention: Mention) -> bool:
        """Whether a preposition of place stands right behind a count or its verb, so that others may stand beside it."""
        at = next((i for i, c in enumerate(self.chunks) if c.noun is mention.noun), 0)
        return self.clauses.word(at + 1) in WHERE or (mention.place > at and self.clauses.word(mention.place + 1) in WHERE)
