"""What is joined to a noun phrase on its left: others of a list, past what is inserted between commas or only says who somebody is."""

from __future__ import annotations

from .including import INCLUDING
from .nouns import NounPhrase
from .objects import Objects
from .rows import PEOPLE_LIKE

PARTS = 20
"""Chunks of the parts behind an "including"."""

INSERTED = 12
"""Chunks before an insertion among which those stand whom it is inserted behind."""

APPOSED = 9
"""Chunks that what says who somebody is may have."""

BADLY = frozenset("seriously critically severely badly gravely slightly lightly".split())
"""How somebody is hurt, behind the number alone."""

_AT_THE_TIME = frozenset({"when", "where"})
"""Words with which a clause between commas begins that tells something else ("wanted since 2004, when nine men escaped, was seized")."""

_NAMED = frozenset({"identified", "named", "called", "known"})
TOTALS = frozenset({"total", "minimum", "maximum", "average", "estimate"})
"""Nouns whose "of" only leads to the number."""


class Conjuncts(Objects):
    """Walks left from a noun phrase over what is joined to it; places are indices of chunks."""

    def _name_begins(self, at: int) -> int:
        """Where the words with capital letters begin that end at a place."""
        while self.is_capital(at):
            at -= 1
        return at + 1

    def _closes(self, at: int) -> bool:
        """Whether a comma or a dash stands at a place, which may close an insertion."""
        return self.kind(at) == "comma" or (at > 0 and self.word(at) in ("–", "—", "-"))

    def _before_insertion(self, comma: int) -> int | None:
        """Left of what is inserted between commas before a verb ("two men, one of them a guard, were killed")."""
        told = False
        for at in range(comma - 1, max(-1, comma - 16), -1):
            if self.chunks[at].kind == "comma" if self.kind(comma) == "comma" else self.word(at) == self.word(comma):
                left = at - 1
                if told and not self._is_relative(at + 1) and self.word(at + 1) not in _AT_THE_TIME:
                    return None
                return (
                    left
                    if any(
                        c.noun is not None and c.noun.sort in PEOPLE_LIKE and c.noun.definite != "pronoun"
                        for c in self.chunks[max(0, left - INSERTED) : left + 1]
                    )
                    else None
                )
            if self.chunks[at].kind == "break":
                return None
            told = told or self.chunks[at].verb is not None or self.chunks[at].kind == "auxiliary"
        return None

    def _is_relative(self, at: int) -> bool:
        """Whether a relative clause begins at a place ("who ...", "one of whom ...")."""
        noun = self.chunks[at].noun
        return self.kind(at) == "relative" or (noun is not None and noun.whole is not None and noun.whole.lemma in ("whom", "them"))

    def _is_object(self, at: int) -> bool:
        before = self.chunks[at - 1] if at else None
        return before is not None and before.verb is not None and before.verb.passive is False

    def joined_left(self, at: int) -> tuple[list[NounPhrase], int]:
        """The noun phrases joined to the left of one, and where the first of them stands."""
        nouns = [self.chunks[at].noun]
        joined = False
        while at >= 2:
            left = at - 1
            if self.kind(left) == "conjunction" and self.word(left) in ("and", "or", "&", "plus", "+"):
                joined = True
                left -= 1
                if self.kind(left) == "comma":
                    left -= 1
            elif self.kind(left) == "comma" and (joined or self._listed(left - 1, at)):
                left -= 1
            else:
                break
            if joined:
                left = self._over_phrase(left)
                left = self._over_apposition(left)
            if joined and (named_as := self._over_naming(left)) is not None:
                left = named_as
            noun = self.chunks[left].noun if left >= 0 else None
            if joined and self._told_otherwise(left, at):
                break
            if joined and noun is None and (named := self._name_at(left)) is not None:
                nouns.insert(0, named[0])
                at = named[1]
                continue
            if (
                noun is None
                or noun.sort not in PEOPLE_LIKE
                or self._is_object(left)
                or (self.kind(left - 1) == "preposition" and noun.quantity is None and self.word(left - 1) not in INCLUDING)
            ):
                break
            placed = self.kind(left - 1) == "preposition" and self.word(left - 1) in ("in", "on", "at", "by", "of")
            if (noun.sort == "pronoun" or placed) and self.word(left - 2) not in TOTALS:
                break
            nouns.insert(0, noun)
            at = left
        return _without_appositions([noun for noun in nouns if noun is not None]), at

    def _over_naming(self, left: int) -> int | None:
        """Left of a name that somebody is said to have ("a woman identified as Fatima Noor and her son")."""
        first = self._name_begins(left)
        if first > left or first < 2:
            return None
        before = first - 2 if self.word(first - 1) == "as" else first - 1
        noun = self.chunks[before - 1].noun if before >= 1 and self.word(before) in _NAMED else None
        return before - 1 if noun is not None else None

    def _told_otherwise(self, left: int, at: int) -> bool:
        """Whether what stands left of a joint is told by other words than what stands behind it."""
        if self._acted_on(left):
            return True  # "pulled four people from the rubble and two are missing"
        if self._of_them(left) or self._of_them(left - 1):
            return True  # "12 were killed, two of them women, and three soldiers were wounded"
        if self.chunks[left].noun is not None and self.word(left + 1) in BADLY:
            return True  # "22 were hurt, four critically, and 15 were arrested"
        return self.kind(at - 2) == "comma" and self._in_parts(left)  # "17 people, including 3 children, and 4 wounded"

    def _of_them(self, at: int) -> bool:
        """Whether some of those told of before stand at a place ("two of them")."""
        noun = self.chunks[at].noun if at >= 0 else None
        return noun is not None and noun.whole is not None and noun.whole.sort == "pronoun"

    def _acted_on(self, at: int) -> bool:
        """Whether a noun phrase is the object of a verb that tells no measure."""
        noun = self.chunks[at - 2].noun if at > 1 and self.kind(at - 1) == "word" and self.acts(at - 1) else None
        return noun is not None and noun.sort in ("person", "body")

    def _name_at(self, at: int) -> tuple[NounPhrase, int] | None:
        """The name that ends at a place, and where it begins; one that an apposition explains included."""
        if self.kind(at + 1) == "comma":
            begins = next((i for i in range(at, max(-1, at - APPOSED), -1) if self.kind(i) == "comma"), None)
            inner = self.chunks[begins + 1].noun if begins is not None else None
            if begins is not None and inner is not None and inner.quantity is None and not inner.plural:
                at = begins - 1
            elif begins is not None and self.word(begins + 1) in ("of", "from") and begins - self._name_begins(begins - 1) > 1:
                at = begins - 1  # "Marta Rios, of the council of Tambo, and her husband"
        first = self._name_begins(at)
        return (self.name(first), first) if at - first >= 1 and self.is_name(first) else None

    def _in_parts(self, at: int) -> bool:
        """Whether what stands at a place is one of the parts behind an "including"."""
        for place in range(at, max(-1, at - PARTS), -1):
            if self.word(place) in INCLUDING or (self.word(place - 1) == "of" and self.kind(place) == "relative"):
                return True
            if self.chunks[place].verb is not None or self.kind(place) in ("break", "auxiliary", "relative", "subordinator"):
                return False
        return False

    def _over_apposition(self, left: int) -> int:
        """Left of a name, or of what says who somebody is, that ends before a comma ("the mayor, Jose Lopez, and his driver")."""
        if self.kind(left + 1) != "comma":
            return left
        begins = next((i for i in range(left, max(-1, left - APPOSED), -1) if self.kind(i) == "comma"), None)
        if begins is not None and begins and self._is_relative(begins + 1):
            return begins - 1
        if begins is None or begins < 1 or any(self.chunks[i].verb is not None for i in range(begins, left)):
            return left
        noun, inner = self.chunks[begins - 1].noun, self.chunks[begins + 1].noun
        if inner is not None and (inner.quantity is not None or inner.plural or inner.sort == "pronoun"):
            return left
        single = noun is not None and noun.sort == "person" and not noun.plural and noun.quantity is None
        named = all(self.is_capital(i) for i in range(begins + 1, left + 1))
        return begins - 1 if single and (named or (noun is not None and noun.named)) else left

    def _listed(self, one: int, other: int) -> bool:
        """Whether two people with numbers stand side by side as headlines join them ("Three soldiers, eight militants killed")."""
        nouns = (self.chunks[one].noun, self.chunks[other].noun)
        if self.parsed.heading and all(noun is not None and noun.sort in ("person", "none") for noun in nouns):
            if self.word(one - 1) in ("to", "at", "of", "from"):
                return False  # "toll rises to 133, 11 detained"
            return any(noun is not None and noun.quantity is not None for noun in nouns)
        return all(noun is not None and noun.sort == "person" and noun.quantity is not None and noun.whole is None for noun in nouns)

    def _over_phrase(self, left: int) -> int:
        """Left of prepositional phrases that end at a chunk, where a counted noun phrase stands before them."""
        for at in range(left, max(-1, left - 8), -1):
            chunk = self.chunks[at]
            if chunk.noun is not None and chunk.noun.sort in PEOPLE_LIKE and self.kind(at - 1) != "preposition":
                titled = chunk.noun.sort == "person" and chunk.noun.definite != "pronoun" and self.word(at + 1) == "of"
                if chunk.noun.quantity is not None or titled:
                    return at if not self._is_object(at) else left
            if chunk.kind not in ("noun", "word", "preposition", "possessive") or self.acts(at) or self.word(at) in INCLUDING:
                break
        return left


def _without_appositions(nouns: list[NounPhrase]) -> list[NounPhrase]:
    """Joined noun phrases without names that only say who the one before is ("the commander, Abu Omar, and four others")."""
    return [
        noun
        for i, noun in enumerate(nouns)
        if not (
            i
            and noun.named
            and noun.definite == "bare"
            and nouns[i - 1].quantity is None
            and not nouns[i - 1].plural
            and not nouns[i - 1].named
        )
    ]


def without_names(nouns: list[NounPhrase]) -> list[NounPhrase]:
    """Noun phrases without the names of as many people as the first counts ("two soldiers, Sepoy Khan and Naik Din, died")."""
    first = nouns[0].quantity if nouns else None
    named = all(n.named and n.quantity is None and not n.plural for n in nouns[1:])
    return nouns[:1] if first is not None and named and 1 < first.value == len(nouns) - 1 else nouns


def without_shared(nouns: list[NounPhrase]) -> list[NounPhrase]:
    """Noun phrases without those that share the number of one before them ("10 police officers and soldiers")."""
    kept: list[NounPhrase] = []
    for noun in nouns:
        counted = any(each.quantity is not None and each.quantity.value > 1 for each in kept)
        if not (counted and noun.quantity is None and noun.definite == "bare" and noun.plural and not noun.named):
            kept.append(noun)
    return kept
