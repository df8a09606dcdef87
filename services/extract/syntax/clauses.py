"""The grammar of a clause: the subjects of its verbs, with what is joined to them, inserted or told behind."""

from __future__ import annotations

from ..words.lexicon import Lexicon
from .conjuncts import TOTALS, Conjuncts
from .including import INCLUDING
from .nouns import OF_SEVERAL, NounPhrase
from .objects import SPANS, TOGETHER, UNKNOWN
from .pieces import Parsed
from .rows import PEOPLE_LIKE
from .runs import GOVERNING

STRUCK = frozenset({"hit", "strike"})
"""Verbs that are said of what people are in; whom that hurts, others say."""

_STILL = frozenset({"still", "now", "also", "yet", "already", "reportedly"})
"""Words before a participle that make no verb of it ("with 12 people still missing")."""
LISTED = 20
"""Names that one list is read of."""

THING = 10
"""Chunks that a thing with its number and unit may have."""

CLAUSE = 10
"""Chunks of a clause about a subject."""

REACH = 40
"""Chunks that a subject may stand before its verb."""


class Clauses(Conjuncts):
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
            return [self._members_of(at, noun)] if noun is not None else []
        if self._is_of_a_thing(place) or ((self.word(at - 1), self.word(at)) == ("of", "those") and not self._auxiliary(place)):
            return []  # "of those detained, one was an emir"
        beside: list[NounPhrase] = []
        if self.word(at) in _TAKEN_FOR and self.kind(at - 1) == "auxiliary" and self._closes(at - 2) and not self._named_left(at):
            at -= 2  # "four men, two of them nurses, are thought to be held"
        if self._closes(at) and (behind := self._before_insertion(at)) is not None:
            beside = self._beside(behind, at)
            at = behind
        named = self._named_left(at)
        if len(named) > 1:
            return named + beside
        return self._subjects_left(place, at, beside) or self._inverted(place) or named or self._unknown_left(place, at)

    def _members_of(self, at: int, noun: NounPhrase) -> NounPhrase:
        """Who is meant by "who" behind a body: its people that stand before it ("two members of the group who had fled")."""
        people = self.chunks[at - 2].noun if at > 1 and self.word(at - 1) == "of" else None
        if people is None or people.sort != "person" or noun.quantity is not None or noun.plural:
            return noun
        return people if noun.sort == "body" or noun.lemma in _BODIES else noun

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
            if self._breaks_off(at, place):
                return beside
            if chunk.noun is not None:
                if self._governed(at, place):
                    beside = beside + self._beside(at - 1, at + 1)
                    at -= 2
                    continue
                if steps := self._passed_over(at, place, chunk.noun):
                    at -= steps
                    continue
                if not self._skipped(at, place, chunk.noun):
                    nouns, first = self.joined_left(at)
                    if self.word(first - 1) not in INCLUDING:
                        return nouns + beside
                    at = first - 2
                    continue
            elif (shared := self._shared(at, place, joined=joined)) is not None:
                return shared + beside
            joined = joined or chunk.kind == "conjunction"
            at -= 1
        return beside

    def _breaks_off(self, at: int, place: int) -> bool:
        """Whether nobody left of here is the subject: a thing stands before the verb, and is what somebody speaks of."""
        if not self._surely_passive(place) or self.kind(at) not in ("word", "noun", "subordinator"):
            return False
        subject = self.chunks[place - 1]
        plain = subject.kind == "word" and not self.is_adverb(place - 1) and not self.is_capital(place - 1)
        thing = (subject.noun is not None and subject.noun.sort == "thing" and subject.noun.quantity is None) or plain
        return thing and self.word(at) in _SPEAKS and self.kind(at + 1) in ("noun", "word", "subordinator") and at < place - 1

    def _passed_over(self, at: int, place: int, noun: NounPhrase) -> int:
        """How many chunks to go left over a noun phrase that only says more of the subject, or belongs to another verb; 0 for none."""
        before = self.word(at - 1) if self.kind(at - 1) == "word" else ""
        if noun.lemma in _DOERS and self.kind(at - 1) == "noun" and not self._is_object(at - 1):
            return 1  # "the patient they were carrying died"
        left = "leaving" in (before, self.word(at - 2)) and noun.sort in PEOPLE_LIKE  # "leaving nine people dead"
        if before and self.word(at - 2) in GOVERNING and not left:
            return 3  # "a school sheltering displaced people"
        if (before in GOVERNING and not left) or (noun.sort == "pronoun" and before.endswith("ing")):
            return 2  # "the policemen escorting them"
        if self._renames(at, noun):
            return 2
        if self.word(at - 1) == "whom" and at < place - 1 and self._auxiliary(place):
            return 2  # "nine soldiers whom a crowd had held were handed over"
        if noun.lemma in _REFLEXIVE:
            return 1
        if self._is_object(at) and self._of_doers(place):
            return 2  # "killed three guards before escaping": those who killed did
        if self._is_object(at) and self.kind(at - 2) == "relative" and not self._auxiliary(place):
            return 3  # "man who killed 17 jailed"
        return self._over_relative(at, place)

    def _over_relative(self, at: int, place: int) -> int:
        """How many chunks a clause about the subject has that ends with an object ("two men who attacked the soldiers were killed")."""
        verb = self.chunks[place].verb
        acts = self.kind(at - 1) == "word" and not self.is_capital(at - 1) and self.kind(at - 2) != "comma"
        if verb is None or not verb.auxiliaries or at != place - 1 or not acts:
            return 0
        for left in range(at - 1, max(0, at - CLAUSE), -1):
            if self.kind(left) == "relative":
                return at - left + 1 if self.chunks[left - 1].noun is not None else 0
            told = self.kind(left) in ("word", "auxiliary", "noun") or self.word(left) == "to"
            if not told or self.chunks[left].verb is not None:
                return 0
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
        if self.kind(at - 1) != "preposition" or (self.word(at - 1) == "of" and self.word(at - 2) in TOTALS):
            return False
        if at == 1 and place == 2 and self.word(0) == "of" and not self._auxiliary(place):
            return False  # "of the 40 killed, 17 were children"
        verb, noun = self.chunks[place].verb, self.chunks[at].noun
        if noun is not None and noun.lemma in OF_SEVERAL and self.word(at - 1) in ("of", "from"):
            return True  # "four members of one family died"
        if verb is not None and verb.lemma in STRUCK and self.word(at - 1) == "with":
            return True  # "a lorry with nine passengers hit by a shell"
        counted = noun is not None and noun.quantity is not None and verb is not None and _STILL.issuperset(verb.auxiliaries)
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
        if verb.auxiliaries and self.kind(at - 1) == "relative" and self.kind(place - 1) != "conjunction" and at > 1:
            return self.joined_left(at - 2)[0]  # "a man and two boys who had been taken away were killed"
        if verb.auxiliaries and not earlier.auxiliaries and not joined and self.kind(at + 1) != "conjunction":
            return None  # "eight of 12 soldiers captured by rebels were killed": it only says who is meant
        if self.kind(at + 1) == "subordinator" and not joined and self.kind(at + 2) == "noun" and at + 3 <= place:
            return []  # "nine feared dead as helicopter shot down": the clause has a subject of its own
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

    def _inverted(self, place: int) -> list[NounPhrase]:
        """Subjects behind their verb: "also killed in the strike were two brothers"."""
        for at in range(place + 1, min(place + 14, len(self.chunks) - 1)):
            if self.chunks[at].kind == "auxiliary" and self.word(at) in ("was", "were", "is", "are"):
                return self.objects(at + 1)
            if self.chunks[at].verb is not None or self.chunks[at].kind in ("subordinator", "break"):
                return []
        return []


_SPEAKS = frozenset("said says say told announced claimed claims confirmed added".split())
"""Verbs of saying, with which what is said begins."""
_TAKEN_FOR = frozenset({"thought", "believed", "said", "known", "reported", "understood"})
"""Participles behind whose "to be" is told what is taken to be so."""
_DOERS = frozenset({"they", "he", "she", "we", "it"})
"""Pronouns right behind a noun, with which a clause about it begins."""
_REFLEXIVE = frozenset({"himself", "herself", "itself", "themselves"})
_BODIES = frozenset(
    "organisation organization group movement militia gang force army party unit cell faction network column brigade battalion cartel".split()
)
"""Singular nouns of bodies, of whose members "who" is said."""
