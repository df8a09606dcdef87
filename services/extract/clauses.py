"""The grammar of a clause: the subjects of its verbs, with what is joined to them, inserted or told behind."""

from __future__ import annotations

from .lexicon import Lexicon
from .nouns import NounPhrase
from .objects import INCLUDING, SPANS, TOGETHER, UNKNOWN, Objects
from .pieces import Parsed
from .rows import PEOPLE_LIKE
from .runs import GOVERNING

PARTS = 20
"""Chunks of the parts behind an "including"."""

APPOSED = 9
"""Chunks that what says who somebody is may have."""

LISTED = 20
"""Names that one list is read of."""

THING = 10
"""Chunks that a thing with its number and unit may have."""

REACH = 40
"""Chunks that a subject may stand before its verb."""


class Clauses(Objects):
    """Finds the subjects of one sentence's verbs as well; places are indices of chunks."""

    def __init__(self, parsed: Parsed, lexicon: Lexicon) -> None:
        super().__init__(parsed, lexicon)
        self.patients: dict[int, list[NounPhrase]] = {}
        """What each verb read so far counts, by its place: the verbs joined to it share it."""

    def subjects(self, place: int) -> list[NounPhrase]:
        """The noun phrases that are the subject of the verb at `place`, those joined to it included."""
        at = place - 1
        if self.word(at) in ("who", "which", "that") and self.kind(at) in ("relative", "subordinator"):
            at -= 2 if self.kind(at - 1) == "comma" else 1
            noun = self.chunks[at].noun if at >= 0 else None
            return [noun] if noun is not None else []
        if self._is_of_a_thing(place):
            return []
        beside: list[NounPhrase] = []
        if self._closes(at) and (behind := self._before_insertion(at)) is not None:
            beside = self._beside(behind, at)
            at = behind
        named = self._named_left(at)
        if len(named) > 1:
            return named + beside
        return self._subjects_left(place, at, beside) or self._inverted(place) or named or self._unknown_left(place, at)

    def _named_left(self, at: int) -> list[NounPhrase]:
        """A person's name right before a verb ("Abu Omar was killed"): two capitalised words or more that are in no table."""
        if not self._surely_passive(at + 1):
            return []
        first = self._name_begins(at)
        if at - first < 1 or not self.is_name(first):
            first, at = self._over_origin(at)
            if at - first < 1 or not self.is_name(first):
                return []
        names = [self.name(first)]
        while first >= 2 and len(names) < LISTED:
            left = first - 1
            joined = self.kind(left) == "conjunction"
            left -= joined
            left -= self.kind(left) == "comma"
            if left == first - 1:
                break
            begins = self._name_begins(left)
            if left - begins < 1 or not self.is_name(begins):
                return self._before_name(left, names) if joined or len(names) == 1 else names
            names.insert(0, self.name(begins))
            first = begins
        return names

    def _unknown_left(self, place: int, at: int) -> list[NounPhrase]:
        """Somebody in no table right before a passive ("a geologist was kidnapped")."""
        if not self._surely_passive(place) or not self._is_personal(place):
            return []
        for first in range(at - 1, max(-1, at - 1 - UNKNOWN), -1):
            found = self.unknown_at(first)
            if found is not None:
                return [found] if found.last == self.chunks[at].last else []
        return []

    def _name_begins(self, at: int) -> int:
        """Where the words with capital letters begin that end at a place."""
        while self.is_capital(at):
            at -= 1
        return at + 1

    def _over_origin(self, at: int) -> tuple[int, int]:
        """The name before "from Nablus" that ends at a place."""
        origin = self._name_begins(at)
        if origin > 1 and self.word(origin - 1) in ("from", "of"):
            return self._name_begins(origin - 2), origin - 2
        return at, at

    def _before_name(self, at: int, names: list[NounPhrase]) -> list[NounPhrase]:
        """A person before joined names ("the mayor and Ali Khan")."""
        noun = self.chunks[at].noun if at >= 0 else None
        counted = noun is not None and noun.sort == "person" and (noun.quantity is not None or not noun.plural)
        return [noun, *names] if noun is not None and counted else names

    def _surely_passive(self, place: int) -> bool:
        verb = self.chunks[place].verb if place < len(self.chunks) else None
        return verb is not None and verb.passive is True

    def _beside(self, first: int, last: int) -> list[NounPhrase]:
        """Noun phrases of "along with ..." and "together with ..." between two chunks."""
        joined = (i for i in range(first + 1, last) if self.word(i - 1) == "with" and self.word(i - 2) in TOGETHER)
        return [noun for i in joined if (noun := self.chunks[i].noun) is not None]

    def _subjects_left(self, place: int, at: int, beside: list[NounPhrase]) -> list[NounPhrase]:
        low = max(-1, place - REACH)
        joined = False
        while at > low:
            chunk = self.chunks[at]
            if chunk.noun is not None:
                if self._governed(at, place):
                    beside = beside + self._beside(at - 1, at + 1)
                    at -= 2
                    continue
                if steps := self._passed_over(at, place, chunk.noun):
                    at -= steps
                    continue
                if not self._skipped(at, place, chunk.noun):
                    nouns, first = self._joined_left(at)
                    if self.word(first - 1) not in INCLUDING:
                        return nouns + beside
                    at = first - 2
                    continue
            elif (shared := self._shared(at, place, joined=joined)) is not None:
                return shared + beside
            joined = joined or chunk.kind == "conjunction"
            at -= 1
        return beside

    def _passed_over(self, at: int, place: int, noun: NounPhrase) -> int:
        """How many chunks to go left over a noun phrase that only says more of the subject, or belongs to another verb; 0 for none."""
        before = self.word(at - 1) if self.kind(at - 1) == "word" else ""
        if noun.lemma in _DOERS and self.kind(at - 1) == "noun" and not self._is_object(at - 1):
            return 1  # "the patient they were carrying died"
        if before in GOVERNING or (noun.sort == "pronoun" and before.endswith("ing")):
            return 2  # "the policemen escorting them"
        if self._renames(at, noun):
            return 2
        if noun.lemma in _REFLEXIVE:
            return 1
        if self._is_object(at) and self._of_doers(place):
            return 2  # "killed three guards before escaping": those who killed did
        if self._is_object(at) and self.kind(at - 2) == "relative" and not self._auxiliary(place):
            return 3  # "man who killed 17 jailed"
        return 0

    def _is_of_a_thing(self, place: int) -> bool:
        """Whether a clause joined to another says its verb of a thing ("two men were detained and 20 kg of heroin seized")."""
        things = False
        for at in range(place - 1, max(-1, place - THING), -1):
            noun = self.chunks[at].noun
            if noun is not None and (noun.sort != "thing" or noun.lemma in SPANS):
                return False
            if noun is None and self.kind(at) in ("conjunction", "comma"):
                return things and self._begins_a_clause(at)
            if noun is None and self.kind(at) not in ("word", "open", "close") and self.word(at) != "of":
                return False
            plain = self.kind(at) == "word" and not self.is_adverb(at) and not self.is_capital(at) and not self._is_personal(place)
            things = things or noun is not None or plain
        return False

    def _begins_a_clause(self, joint: int) -> bool:
        """Whether what is joined here is a clause of its own, and not one more of those named before ("two men and a vehicle were seized")."""
        before = joint - (self.kind(joint - 1) == "comma") - 1
        noun = self.chunks[before].noun if before >= 0 else None
        joined = noun is not None and noun.sort in PEOPLE_LIKE and not self._is_object(before) and self.kind(before - 1) != "preposition"
        told = any(self.chunks[i].verb is not None for i in range(max(0, joint - REACH), joint))
        return told and not joined

    def _of_doers(self, place: int) -> bool:
        """Whether a verb behind another's object goes on with that one's subject ("before being shot", "and escaped")."""
        verb = self.chunks[place].verb
        if verb is None:
            return False
        joined = self.word(place - 1) in ("before", "after", "and", "then", "but") or self.word(place - 2) == "before"
        return joined and (verb.auxiliaries[:1] == ("being",) or (not verb.transitive and (verb.form == "gerund" or not verb.auxiliaries)))

    def _auxiliary(self, place: int) -> bool:
        verb = self.chunks[place].verb
        return verb is not None and bool(verb.auxiliaries)

    def _renames(self, at: int, noun: NounPhrase) -> bool:
        """Whether a noun phrase only says who the one before its comma is ("one volunteer, a photographer, was killed")."""
        before = self.chunks[at - 2].noun if at > 1 and self.kind(at - 1) == "comma" else None
        if before is None or before.sort != "person" or before.plural or noun.quantity is not None or noun.plural:
            return False
        single = before.quantity is not None or before.definite == "indefinite"
        return (
            noun.definite == "indefinite"
            and not noun.additive
            and single
            and self.kind(at + 1) != "conjunction"
            and self.kind(at - 3) not in ("comma", "conjunction")
        )

    def _governed(self, at: int, place: int) -> bool:
        """Whether a preposition stands before the noun phrase at `at`, and keeps it from being a subject."""
        if self.kind(at - 1) != "preposition" or (self.word(at - 1) == "of" and self.word(at - 2) in _TOTALS):
            return False
        if at == 1 and place == 2 and self.word(0) == "of" and not self._auxiliary(place):
            return False  # "of the 40 killed, 17 were children"
        verb, noun = self.chunks[place].verb, self.chunks[at].noun
        counted = noun is not None and noun.quantity is not None and verb is not None and not verb.auxiliaries
        return not (at == place - 1 and counted and self.word(at - 1) in ("in", "with", "of", "at", "to", "among"))

    def _skipped(self, at: int, place: int, noun: NounPhrase) -> bool:
        """Whether a noun phrase left of a verb is no subject of it."""
        if noun.sort == "thing":
            return not (noun.quantity is not None and at == place - 1)
        if noun.sort in ("deed", "counted"):
            return True
        return at < place - 1 and noun.quantity is None and (noun.sort == "unknown" or self._is_object(at))

    def _shared(self, at: int, place: int, *, joined: bool) -> list[NounPhrase] | None:
        """What an earlier verb counts, where the verb at `place` is joined to it ("were abducted and later killed")."""
        earlier, verb = self.chunks[at].verb, self.chunks[place].verb
        if earlier is None or verb is None or not self.patients.get(at):
            return None
        if verb.auxiliaries and not earlier.auxiliaries and not joined and self.kind(at + 1) != "conjunction":
            return None  # "eight of 12 soldiers captured by rebels were killed": it only says who is meant
        near = joined or self.kind(at + 1) in ("conjunction", "comma", "subordinator", "word", "preposition")
        return self.patients[at] if near and (earlier.passive or not verb.auxiliaries) else None

    def company(self, place: int) -> list[NounPhrase]:
        """Who is told behind a verb to share its subject's lot ("was killed along with two guards")."""
        for at in range(place + 1, min(place + 10, len(self.chunks) - 2)):
            if self.word(at) in TOGETHER and self.word(at + 1) == "with":
                return self.objects(at + 2)
            if (behind := self._besides(at)) is not None:
                return self.objects(behind)
            if at == place + 1 and self.word(at) == "with" and self._is_company(at + 1):
                return self.objects(at + 1)
            if self.chunks[at].verb is not None or self.kind(at) in ("subordinator", "break", "conjunction", "relative"):
                return []
        return []

    def opening_company(self, place: int) -> NounPhrase | None:
        """Who is set beside the subject of the verb at `place` before it ("In addition to the assailant, eight people were killed")."""
        behind = self._besides(0) or (2 if (self.word(0), self.word(1)) in (("apart", "from"), ("aside", "from")) else None)
        if behind is None or behind + 1 >= place or self.kind(behind + 1) != "comma":
            return None
        noun = self.chunks[behind].noun
        counted = (
            noun is not None and noun.sort == "person" and (noun.quantity is not None or (noun.definite == "definite" and not noun.plural))
        )
        return noun if counted and all(self.chunks[i].verb is None for i in range(behind, place)) else None

    def _besides(self, at: int) -> int | None:
        """Behind "as well as", "in addition to" or "besides"; None where none of them begins at a place."""
        words = (self.word(at), self.word(at + 1), self.word(at + 2))
        if words in (("as", "well", "as"), ("in", "addition", "to")):
            return at + 3
        return at + 1 if words[0] == "besides" else None

    def joined_later(self, place: int) -> list[NounPhrase]:
        """Who is told with the object of a verb behind a clause about that ("caught a chief who led a cell, along with two guards")."""
        for at in range(place + 2, len(self.chunks) - 2):
            if self.word(at) in TOGETHER and self.word(at + 1) == "with":
                noun = self.chunks[at + 2].noun
                return self.objects(at + 2) if noun is not None and (noun.quantity is not None or noun.owned) else []
            if self.kind(at) == "break" or (self.chunks[at].verb is not None and self.kind(at - 1) == "conjunction"):
                return []
        return []

    def _is_company(self, at: int) -> bool:
        """Whether people stand at a place with whom it befell someone ("arrested with two aides")."""
        noun = self.chunks[at].noun if at < len(self.chunks) else None
        return noun is not None and noun.sort == "person" and (noun.quantity is not None or noun.owned)

    def _closes(self, at: int) -> bool:
        """Whether a comma or a dash stands at a place, which may close an insertion."""
        return self.kind(at) == "comma" or (at > 0 and self.word(at) in ("–", "—", "-"))

    def _before_insertion(self, comma: int) -> int | None:
        """Left of what is inserted between commas before a verb ("two men, one of them a guard, were killed")."""
        told = False
        for at in range(comma - 1, max(-1, comma - 16), -1):
            if self.chunks[at].kind == "comma" if self.kind(comma) == "comma" else self.word(at) == self.word(comma):
                left = at - 1
                if told and not self._is_relative(at + 1):
                    return None
                return (
                    left
                    if any(
                        c.noun is not None and c.noun.sort in PEOPLE_LIKE and c.noun.definite != "pronoun"
                        for c in self.chunks[max(0, left - 8) : left + 1]
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

    def _joined_left(self, at: int) -> tuple[list[NounPhrase], int]:
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
            noun = self.chunks[left].noun if left >= 0 else None
            if joined and self.kind(at - 2) == "comma" and self._in_parts(left):
                break  # "17 people, including 3 children, and 4 wounded"
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
            if (noun.sort == "pronoun" or placed) and self.word(left - 2) not in _TOTALS:
                break
            nouns.insert(0, noun)
            at = left
        return _without_appositions([noun for noun in nouns if noun is not None]), at

    def _name_at(self, at: int) -> tuple[NounPhrase, int] | None:
        """The name that ends at a place, and where it begins; one that an apposition explains included."""
        if self.kind(at + 1) == "comma":
            begins = next((i for i in range(at, max(-1, at - APPOSED), -1) if self.kind(i) == "comma"), None)
            inner = self.chunks[begins + 1].noun if begins is not None else None
            if begins is not None and inner is not None and inner.quantity is None and not inner.plural:
                at = begins - 1
        first = self._name_begins(at)
        return (self.name(first), first) if at - first >= 1 and self.is_name(first) else None

    def _in_parts(self, at: int) -> bool:
        """Whether what stands at a place is one of the parts behind an "including"."""
        for place in range(at, max(-1, at - PARTS), -1):
            if self.word(place) in INCLUDING:
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

    def _inverted(self, place: int) -> list[NounPhrase]:
        """Subjects behind their verb: "also killed in the strike were two brothers"."""
        for at in range(place + 1, min(place + 14, len(self.chunks) - 1)):
            if self.chunks[at].kind == "auxiliary" and self.word(at) in ("was", "were", "is", "are"):
                return self.objects(at + 1)
            if self.chunks[at].verb is not None or self.chunks[at].kind in ("subordinator", "break"):
                return []
        return []


_DOERS = frozenset({"they", "he", "she", "we", "it"})
"""Pronouns right behind a noun, with which a clause about it begins."""
_REFLEXIVE = frozenset({"himself", "herself", "itself", "themselves"})
_TOTALS = frozenset({"total", "minimum", "maximum", "average", "estimate"})
"""Nouns whose "of" only leads to the number."""


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
