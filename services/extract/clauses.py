"""The grammar of a clause: subjects and objects of its verbs, with what is joined to them, inserted or put behind."""

from __future__ import annotations

from .chunks import Parsed
from .lexicon import Lexicon
from .nouns import NounPhrase

REACH = 40
"""Chunks that a subject may stand before its verb."""

PEOPLE_LIKE = frozenset({"person", "none", "unknown", "pronoun", "state", "name", "body"})
"""Sorts of noun phrases that a verb of harm or custody can count."""

PERSONAL = frozenset({"kill", "murder", "assassinate", "arrest", "detain", "injure", "wound", "kidnap", "abduct", "apprehend"})
"""Verbs whose object, where it is a single capitalised word, is a person's name ("captured Mosul" is not)."""

SPANS = frozenset(
    "day night week month year hour minute second morning evening afternoon weekend decade time kilometre kilometer km mile metre meter yard".split()
)
"""Nouns of time and distance, which are no objects ("12 killed last night", "shot two miles away")."""

TOGETHER = frozenset({"along", "together"})


class Clauses:
    """Walks the chunks of one sentence; places are indices of chunks."""

    def __init__(self, parsed: Parsed, lexicon: Lexicon) -> None:
        self.parsed = parsed
        self.chunks = parsed.chunks
        self.lexicon = lexicon
        self.patients: dict[int, list[NounPhrase]] = {}
        """What each verb read so far counts, by its place: the verbs joined to it share it."""

    def has_object(self, place: int) -> bool:
        following = self.skip_adverbs(place + 1)
        if following >= len(self.chunks):
            return False
        noun = self.chunks[following].noun
        if noun is None:
            return self.is_name(following) and self._subject_at(place - 1)
        if noun.sort == "pronoun":
            return noun.lemma != "it"
        if noun.sort in ("thing", "deed"):
            return noun.lemma not in SPANS and self._subject_at(place - 1)
        return noun.sort in PEOPLE_LIKE

    def _subject_at(self, place: int) -> bool:
        return place >= 0 and self.chunks[place].kind in ("noun", "relative", "subordinator", "conjunction")

    def is_name(self, place: int) -> bool:
        """Whether a person's name begins at a place: capitalised words that are in no table."""
        if place >= len(self.chunks):
            return False
        chunk = self.chunks[place]
        token = self.parsed.tokens[chunk.first]
        if chunk.kind != "word" or not token.capital or token.kind != "word" or token.low in _DAYS or token.low.endswith("ly"):
            return False
        before = self.chunks[place - 1].verb if place else None
        if before is not None and before.lemma in PERSONAL:
            return True
        following = self.chunks[place + 1] if place + 1 < len(self.chunks) else None
        return following is not None and following.kind == "word" and self.parsed.tokens[following.first].capital

    def skip_adverbs(self, place: int) -> int:
        while place < len(self.chunks) and self.chunks[place].kind == "word":
            low = self.parsed.tokens[self.chunks[place].first].low
            if not (low.endswith("ly") or self.lexicon.cue(low, "adverbs")):
                break
            place += 1
        return place

    def objects(self, place: int) -> list[NounPhrase]:
        place = self.skip_adverbs(place)
        if place >= len(self.chunks):
            return []
        first = self.chunks[place].noun
        if (
            first is not None
            and first.sort == "person"
            and first.definite == "bare"
            and not first.plural
            and self.kind(place + 1) == "comma"
            and self.kind(place + 2) == "word"
            and self.is_capital(place + 2)
        ):
            first.named = True
        if first is None:
            if not self.is_name(place):
                return []
            first = self.name(place)
            while self.chunks[place].last < first.last:
                place += 1
        nouns = [first]
        while True:
            following = self._next_conjunct(place)
            if following is None:
                return nouns
            place = following
            noun = self.chunks[place].noun
            if noun is not None:
                nouns.append(noun)

    def name(self, place: int) -> NounPhrase:
        last = place
        while (
            last + 1 < len(self.chunks) and self.chunks[last + 1].kind == "word" and self.parsed.tokens[self.chunks[last + 1].first].capital
        ):
            last += 1
        return NounPhrase(self.chunks[place].first, self.chunks[last].last, "", "name", named=True)

    def _next_conjunct(self, place: int) -> int | None:
        """The noun phrase that is joined to the one at `place`, or None."""
        at = place + 1
        if self.kind(at) == "preposition" and self.word(at) not in ("including", "by", *TOGETHER):
            skipped = self._past_phrase(at)
            if skipped is not None and self.kind(skipped) == "conjunction" and self._joins(skipped + 1, needs_number=True):
                return skipped + 1
            if self.word(at) != "with":
                return None
        comma = self.kind(at) == "comma"
        if comma:
            at += 1
            if self.kind(at) == "word" and self.is_capital(at) and (behind := self._past_name(at)) is not None:
                comma, at = False, behind
        if (joint := self._behind_joint(at)) is not None:
            return joint if self._joins(joint, needs_number=False) else None
        if comma and self._apposed(place, at):
            return None
        if comma and self.kind(at) == "noun" and self._joins(at, needs_number=True) and self._list_goes_on(at):
            return at
        return None

    def _behind_joint(self, at: int) -> int | None:
        """Behind "and", "as well as", "along with" and the like; None where none of them stands at `at`."""
        if self.word(at) in TOGETHER and self.word(at + 1) == "with":
            return at + 2
        if (self.word(at), self.word(at + 1), self.word(at + 2)) == ("as", "well", "as"):
            return at + 3
        if self.kind(at) == "conjunction" and self.word(at) in ("and", "or", "&", "plus"):
            also = self.kind(at + 1) == "word" and self.word(at + 1) in ("also", "at", "possibly", "another")
            return at + 2 if also else at + 1
        return None

    def _apposed(self, place: int, at: int) -> bool:
        """Whether the noun phrase at `at` only says who the one at `place` is."""
        noun, other = self.chunks[place].noun, self.chunks[at].noun if at < len(self.chunks) else None
        return other is not None and other.quantity is None and not other.plural and (noun is None or noun.named or noun.sort == "name")

    def is_capital(self, at: int) -> bool:
        token = self.parsed.tokens[self.chunks[at].first]
        return token.capital and token.kind == "word" and token.low not in _DAYS

    def _past_name(self, at: int) -> int | None:
        """Behind a name between commas ("a leader, Abdul Karim, and two guards")."""
        while at < len(self.chunks) and self.chunks[at].kind == "word" and self.is_capital(at):
            at += 1
        return at + 1 if self.kind(at) == "comma" else None

    def _past_phrase(self, at: int) -> int | None:
        """Behind a prepositional phrase that begins at `at`, at most eight chunks long."""
        for place in range(at + 1, min(at + 9, len(self.chunks))):
            kind = self.chunks[place].kind
            if kind == "conjunction":
                return place
            if kind not in ("word", "noun", "preposition", "possessive"):
                return None
        return None

    def _joins(self, at: int, *, needs_number: bool) -> bool:
        noun = self.chunks[at].noun if at < len(self.chunks) else None
        if noun is None or noun.sort not in PEOPLE_LIKE or noun.lemma in ("he", "she", "it", "they"):
            return False
        if needs_number and noun.quantity is None and noun.definite != "indefinite":
            return False
        return not self._is_subject(at)

    def _list_goes_on(self, at: int) -> bool:
        return (
            any(self.chunks[i].kind == "conjunction" for i in range(at + 1, min(at + 4, len(self.chunks)))) or self.kind(at + 1) == "comma"
        )

    def _is_subject(self, at: int) -> bool:
        """Whether the noun phrase at `at` is the subject of what follows it."""
        following = self.skip_adverbs(at + 1)
        if following >= len(self.chunks):
            return False
        chunk = self.chunks[following]
        if chunk.kind == "auxiliary":
            return True
        if chunk.kind == "relative":
            return False
        if chunk.verb is not None:
            return chunk.verb.form != "gerund" and not chunk.verb.to
        return (
            chunk.kind == "word"
            and self.parsed.tokens[chunk.first].low.endswith("ed")
            and (noun := self.chunks[at].noun) is not None
            and noun.definite in ("definite", "pronoun")
        )

    def by(self, place: int) -> NounPhrase | None:
        for at in range(place + 1, min(place + 8, len(self.chunks))):
            if self.word(at) == "by" and at + 1 < len(self.chunks):
                return self.chunks[at + 1].noun
            if self.chunks[at].verb is not None or self.chunks[at].kind in ("subordinator", "break"):
                return None
        return None

    def subjects(self, place: int) -> list[NounPhrase]:
        """The noun phrases that are the subject of the verb at `place`, those joined to it included."""
        at = place - 1
        if self.word(at) in ("who", "which", "that") and self.kind(at) in ("relative", "subordinator"):
            at -= 2 if self.kind(at - 1) == "comma" else 1
            noun = self.chunks[at].noun if at >= 0 else None
            return [noun] if noun is not None else []
        beside: list[NounPhrase] = []
        if self.kind(at) == "comma" and (behind := self._before_insertion(at)) is not None:
            beside = self._beside(behind, at)
            at = behind
        return self._subjects_left(place, at, beside) or self._inverted(place)

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
                if not self._skipped(at, place, chunk.noun):
                    nouns, first = self._joined_left(at)
                    if self.word(first - 1) != "including":
                        return nouns + beside
                    at = first - 2
                    continue
            elif (shared := self._shared(at, place, joined=joined)) is not None:
                return shared + beside
            joined = joined or chunk.kind == "conjunction"
            at -= 1
        return beside

    def _governed(self, at: int, place: int) -> bool:
        """Whether a preposition stands before the noun phrase at `at`, and keeps it from being a subject."""
        if self.kind(at - 1) != "preposition":
            return False
        verb, noun = self.chunks[place].verb, self.chunks[at].noun
        counted = noun is not None and noun.quantity is not None and verb is not None and not verb.auxiliaries
        return not (at == place - 1 and counted and self.word(at - 1) in ("in", "with", "of", "at", "to"))

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
        near = joined or self.kind(at + 1) in ("conjunction", "comma", "subordinator", "word", "preposition")
        return self.patients[at] if near and (earlier.passive or not verb.auxiliaries) else None

    def company(self, place: int) -> list[NounPhrase]:
        """Who is told behind a verb to share its subject's lot ("was killed along with two guards")."""
        for at in range(place + 1, min(place + 10, len(self.chunks) - 2)):
            if self.word(at) in TOGETHER and self.word(at + 1) == "with":
                return self.objects(at + 2)
            if self.chunks[at].verb is not None or self.kind(at) in ("subordinator", "break", "conjunction", "relative"):
                return []
        return []

    def _before_insertion(self, comma: int) -> int | None:
        """Left of what is inserted between commas before a verb ("two men, one of them a guard, were killed")."""
        told = False
        for at in range(comma - 1, max(-1, comma - 16), -1):
            if self.chunks[at].kind == "comma":
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
            if self.kind(left) == "conjunction" and self.word(left) in ("and", "or", "&", "plus"):
                joined = True
                left -= 1
                if self.kind(left) == "comma":
                    left -= 1
            elif self.kind(left) == "comma" and joined:
                left -= 1
            else:
                break
            if joined:
                left = self._over_phrase(left)
            noun = self.chunks[left].noun if left >= 0 else None
            if (
                noun is None
                or noun.sort not in PEOPLE_LIKE
                or self._is_object(left)
                or (self.kind(left - 1) == "preposition" and noun.quantity is None)
            ):
                break
            if noun.sort == "pronoun" or (self.kind(left - 1) == "preposition" and self.word(left - 1) in ("in", "on", "at", "by", "of")):
                break
            nouns.insert(0, noun)
            at = left
        return _without_appositions([noun for noun in nouns if noun is not None]), at

    def _over_phrase(self, left: int) -> int:
        """Left of prepositional phrases that end at a chunk, where a counted noun phrase stands before them."""
        for at in range(left, max(-1, left - 8), -1):
            chunk = self.chunks[at]
            if (
                chunk.noun is not None
                and chunk.noun.quantity is not None
                and chunk.noun.sort in PEOPLE_LIKE
                and self.kind(at - 1) != "preposition"
            ):
                return at if not self._is_object(at) else left
            if chunk.kind not in ("noun", "word", "preposition", "possessive"):
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

    def verb_follows(self, place: int) -> bool:
        following = self.skip_adverbs(place + 1)
        return following < len(self.chunks) and self.chunks[following].verb is not None

    def including(self, at: int) -> int | None:
        """Behind an "including" that speaks of what ends before `at`, or None."""
        for _ in range(12):
            if self.word(at) == "including":
                at += 1
                break
            if self.word(at) == "among" and self.word(at + 1) in ("them", "those"):
                at += 2
                break
            if self.kind(at) not in ("comma", "preposition", "noun", "word", "possessive") or self._is_other_noun(at):
                return None
            at += 1
        else:
            return None
        return at + 1 if self.kind(at) == "word" and not self.is_capital(at) else at

    def _is_other_noun(self, at: int) -> bool:
        noun = self.chunks[at].noun
        return noun is not None and noun.sort in PEOPLE_LIKE and self.kind(at - 1) != "preposition"

    def kind(self, at: int) -> str:
        return self.chunks[at].kind if 0 <= at < len(self.chunks) else ""

    def word(self, at: int) -> str:
        return self.parsed.tokens[self.chunks[at].first].low if 0 <= at < len(self.chunks) else ""


_DAYS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec".split()
)


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
