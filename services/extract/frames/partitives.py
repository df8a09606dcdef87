"""Parts of those whom a sentence counts: "66 of them in Iraq", "including two children", "eight of them women", "17 were children"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

from schemas import Measure

from ..syntax.clauses import Clauses
from ..syntax.nouns import NounPhrase
from ..syntax.pieces import Chunk, Parsed
from ..syntax.rows import PEOPLE_LIKE
from ..words.groups import NARROW
from ..words.nations import is_of_a_nation
from .listing import WHERE
from .mentions import Mention
from .stocks import Stocks

ALONE = 6
"""Words behind a number of which the last is "alone" ("31 in the city of Izmir alone")."""
LISTED = 14
"""Chunks behind a part among which the next one stands ("18 of the deaths were reported from the hills, and 13 from the camp")."""


class Partitives:
    """Finds the parts of one sentence's counts; places are indices of chunks."""

    def __init__(self, parsed: Parsed, clauses: Clauses, stocks: Stocks) -> None:
        self.parsed = parsed
        self.chunks = parsed.chunks
        self.clauses = clauses
        self.stocks = stocks

    def of_part(self, place: int, chunk: Chunk, noun: NounPhrase, found: list[Mention]) -> list[Mention]:
        """Parts told without a verb: "66 of them in Iraq and 28 in Syria", "six of the dead were civilians"."""
        whole = noun.whole
        if whole is None or noun.quantity is None or (noun.first and self.parsed.tokens[noun.first - 1].low == "not"):
            return []  # "not one of whom has been found"
        if self.clauses.word(place + 1) in ("they", "he", "she", "we", "it") and self.clauses.verb_follows(place + 1):
            return []  # "nine of whom they freed": told by that verb
        last = next((m for m in reversed(found) if m.noun.quantity is not None and m.part_of is None and m.place < place), None)
        if isinstance(whole.measure, Measure) and whole.sort == "state":
            last = last if last is not None and last.measure is whole.measure else None
            if whole.measure is Measure.HELD and not self.stocks.in_custody():
                return []  # "some of the prisoners are serving sentences"
            measure = whole.measure
        elif whole.sort in ("counted", "deed") and isinstance(whole.measure, Measure) and whole.definite == "definite":
            last = last if last is not None and last.measure is whole.measure else None
            return [Mention(whole.measure, noun, chunk, "part", place, part_of=last, shares="measure")]
        elif whole.sort == "pronoun" and last is not None:
            measure = last.measure
        else:
            return []
        told = {id(m.noun) for m in found}
        if last is not None and whole.sort == "pronoun" and (self._of_others(place, noun, last) or self._of_the_next(place, told)):
            return []
        if self.clauses.word(place + 1) == "fatally":
            measure = Measure.KILLED
        parts = [Mention(measure, noun, chunk, "part", place, part_of=last)]
        self._regroup(noun, self.chunks[place + 1 : place + 3])
        at = place + 1
        while at < min(place + LISTED, len(self.chunks) - 1):
            other = self.chunks[at + 1].noun
            if (
                self.chunks[at].kind == "conjunction"
                and other is not None
                and other.quantity is not None
                and (other.sort == "none" or (at == place + 2 and self._the_rest(noun, other, last)))
                and not self.clauses.verb_follows(at + 1)
            ):
                if other.sort == "none":
                    self._regroup(other, self.chunks[at + 2 : at + 4])
                parts.append(Mention(measure, other, self.chunks[at + 1], "part", at + 1, part_of=last))
            at += 1
        return parts

    def _of_others(self, place: int, part: NounPhrase, last: Mention) -> bool:
        """Whether "of them" points at others than those counted last: there are too few, or others with a number stand right before."""
        if part.quantity is None or last.noun.quantity is None or last.noun.quantity.vague:
            return False
        beside = self.chunks[place - 2].noun if place > 1 and self.chunks[place - 1].kind == "comma" else None
        others = beside is not None and beside is not last.noun and beside.sort == "person" and beside.quantity is not None
        return part.quantity.value > last.noun.quantity.value or (others and self.clauses.kind(place - 3) == "preposition")

    def _of_the_next(self, place: int, told: set[int]) -> bool:
        """Whether "of them" points at counted people right before it whose own verb is yet to come ("two others, one of them a girl, were held")."""
        beside = self.chunks[place - 2].noun if place > 1 and self.chunks[place - 1].kind == "comma" else None
        counted = beside is not None and beside.quantity is not None and beside.sort in ("person", "none") and id(beside) not in told
        begins = self.clauses.kind(place - 3) in ("break", "conjunction", "") or self.clauses.word(place - 3) == ";"
        return counted and begins

    def _the_rest(self, one: NounPhrase, other: NounPhrase, whole: Mention | None) -> bool:
        """Whether the second part of a whole makes it up with the first ("79 were killed, 58 of them foreigners and 21 locals")."""
        if whole is None or whole.noun.quantity is None or one.quantity is None or other.quantity is None or other.sort != "person":
            return False
        both = one.quantity.value + other.quantity.value
        narrow = other.group in NARROW and both < whole.noun.quantity.value
        return both == whole.noun.quantity.value or narrow

    def said_to_be(self, place: int, chunk: Chunk, noun: NounPhrase, found: list[Mention]) -> Mention | None:
        """The part that "of the 40 killed, 17 were children" tells."""
        whole = (found[-1].part_of or found[-1]) if found else None
        people = self.chunks[place + 2].noun if place + 2 < len(self.chunks) else None
        copula = self.clauses.kind(place + 1) == "auxiliary" and self.clauses.word(place + 1) in ("were", "was", "are", "is")
        if whole is None or people is None or not copula or noun.sort != "none" or noun.quantity is None or whole.noun is noun:
            return None
        if people.sort != "person" or people.quantity is not None or not people.plural or whole.noun.quantity is None:
            return None
        if noun.quantity.value > whole.noun.quantity.value or self.clauses.verb_follows(place + 2):
            return None
        self._regroup(noun, self.chunks[place + 2 : place + 3])
        return Mention(whole.measure, noun, chunk, "part", place, part_of=whole)

    def _regroup(self, noun: NounPhrase, following: Sequence[Chunk]) -> None:
        """Count a bare number in the group of the noun that follows it."""
        within = takewhile(lambda c: c.kind not in ("comma", "conjunction", "break"), following)
        behind = next((c.noun for c in within if c.noun is not None), None)
        if behind is not None:
            noun.regroup(behind.group, self.parsed.reason("as the noun behind the number says", behind.first, behind.last))

    def within(self, mention: Mention) -> Iterator[Mention]:
        """What stands behind "including" after a counted noun."""
        at = next((i for i, c in enumerate(self.chunks) if c.noun is mention.noun), None)
        if at is None:
            return
        found = self.clauses.including(at + 1)
        if found is None and mention.verb is not None and mention.place > at:
            found = self.clauses.including(mention.place + 1)
        if found is None:
            yield from self._in_one_place(mention, at)
            return
        joint, behind = found
        words = self.chunks[joint].first, self.chunks[behind - 1].last
        beside = {id(sibling.noun) for sibling in mention.siblings}
        most = mention.noun.quantity.value if mention.noun.quantity is not None else None
        for noun in (each for each in self.clauses.objects(behind) if id(each) not in beside):
            if most is not None and noun.quantity is not None and noun.quantity.value > most:
                continue
            if noun.sort == "none" and noun.quantity is not None and self._behind(noun) in WHERE:
                yield mention.part(noun, joint=words)  # "among them 31 in Izmir alone"
            elif noun.sort in PEOPLE_LIKE and (noun.quantity is not None or noun.definite == "indefinite" or not noun.plural):
                if noun.definite == "bare" and not noun.plural and noun.quantity is None:
                    noun.named = True
                yield mention.part(noun, joint=words)

    def _in_one_place(self, mention: Mention, at: int) -> Iterator[Mention]:
        """The part that is told of one place of several ("killed 114 people, 31 in Izmir alone")."""
        most = mention.noun.quantity.value if mention.noun.quantity is not None else 0
        for place in range(at + 1, min(at + LISTED, len(self.chunks) - 1)):
            noun = self.chunks[place].noun
            if self.chunks[place].kind == "break":
                return
            if noun is None or noun.sort != "none" or noun.quantity is None or self.clauses.kind(place - 1) != "comma":
                continue
            behind = [t.low for t in self.parsed.tokens[noun.last + 1 : noun.last + 1 + ALONE]]
            if behind[:1] and behind[0] in WHERE and "alone" in behind and noun.quantity.value < most:
                yield mention.part(noun, joint=(self.chunks[place].first, noun.last + 1 + behind.index("alone")))
            return

    def _behind(self, noun: NounPhrase) -> str:
        """The word right behind a noun phrase."""
        return self.parsed.tokens[noun.last + 1].low if noun.last + 1 < len(self.parsed.tokens) else ""

    def inserted(self, mention: Mention) -> Iterator[Mention]:
        """The part that is told between those counted and their verb ("13 people, eight of them children, died")."""
        at = next((i for i, c in enumerate(self.chunks) if c.noun is mention.noun), mention.place)
        for place in range(at + 1, mention.place - 1):
            part, behind = self.chunks[place].noun, place + 1 + (self.clauses.kind(place + 1) == "auxiliary")
            who = self.chunks[behind].noun
            if self.chunks[place].verb is not None or self.chunks[place].kind in ("break", "relative", "subordinator"):
                return
            of_them = part is not None and part.whole is not None and part.whole.sort == "pronoun" and part.quantity is not None
            if behind > place + 1 and who is not None and not who.plural:
                return  # "one of whom was a guard" only says who he is
            people = who is not None and who.sort in PEOPLE_LIKE and who.quantity is None
            if part is not None and of_them and (people or self._of_a_nation(behind)):
                self._regroup(part, self.chunks[behind : behind + 1])
                yield mention.part(part)
            elif part is not None and of_them and self.clauses.word(place + 1) in WHERE:
                yield mention.part(part)
                yield from (mention.part(noun) for noun in self._elsewhere(place + 2, mention.place))

    def _elsewhere(self, first: int, last: int) -> Iterator[NounPhrase]:
        """Bare numbers that are joined to a part with a place, each with its own ("29 of them in Iraq and 13 in Syria")."""
        for place in range(first, last - 1):
            noun = self.chunks[place].noun
            bare = noun is not None and noun.sort == "none" and noun.quantity is not None and noun.whole is None
            joined = self.clauses.kind(place - 1) in ("conjunction", "comma")
            if noun is not None and bare and joined and self.clauses.word(place + 1) in WHERE:
                yield noun

    def _of_a_nation(self, place: int) -> bool:
        """Whether a word at a place says of which nation people are ("five of them Americans")."""
        chunk = self.chunks[place]
        token = self.parsed.tokens[chunk.first]
        return chunk.kind == "word" and chunk.first == chunk.last and token.capital and is_of_a_nation(token.text.removesuffix("s"))
