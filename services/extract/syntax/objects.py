"""What stands behind a verb: its objects and those joined to them, and who did it."""

from __future__ import annotations

from schemas import Group

from .including import INCLUDING, INSERTION, Including
from .nouns import NounPhrase
from .rows import DAYS, PEOPLE_LIKE, PERSONAL

SPANS = frozenset(
    "day night week month year hour minute second morning evening afternoon weekend decade time kilometre kilometer km mile metre meter yard".split()
)
"""Nouns of time and distance, which are no objects ("12 killed last night", "shot two miles away")."""

UNKNOWN = 3
"""Words of a noun phrase whose noun is in no table."""

_ADVERBIAL = frozenset({"word", "preposition", "noun", "comma", "open", "close", "possessive"})
"""Kinds of chunks that phrases of time and place are made of."""
_EARLIER = frozenset({"early", "late", "yesterday", "today", "overnight"})
DOING = frozenset({Group.MILITANTS, Group.POLICE, Group.SOLDIERS})
"""Groups that do it as soon as it befalls them."""
_ARTICLES = frozenset({"a", "an", "the", "his", "her", "their", "its", "another"})

_OF_PLACES = frozenset({"capture", "captured", "seize", "liberate", "overrun"})
"""Verbs whose object is as soon a place as people."""
_OF_TIME = frozenset({"ago", "earlier", "before", "after", "later", "previously", "same"})
"""What shows that words behind an article only say when it was."""

CLAUSE = 9
"""Chunks of a clause about an object, behind which others may be joined to it."""

PUT_OFF = 16
"""Chunks of time and place between a verb and its object."""

SPEAKERS = 14
"""Chunks that those who speak may have, joined as they are."""

TOGETHER = frozenset({"along", "together"})


class Objects(Including):
    """Finds what stands behind the verbs of one sentence; places are indices of chunks."""

    def has_object(self, place: int) -> bool:
        if self.object_later(place) is not None:
            return True
        following = self.skip_adverbs(place + 1)
        if following < len(self.chunks) and self.parsed.tokens[self.chunks[following].first].kind == "number":
            following += self.chunks[following].noun is None  # a number that counts nobody: "seized 650 kilograms"
        if following >= len(self.chunks):
            return False
        noun = self.chunks[following].noun
        if noun is None:
            named = self.is_name(following) and self._subject_at(place - 1)
            return named or self._takes_something(place, following) or self._takes_stuff(place, following)
        if noun.sort == "pronoun":
            return noun.lemma != "it"
        if noun.sort in ("thing", "deed"):
            return noun.lemma not in SPANS and (self._subject_at(place - 1) or noun.definite in ("definite", "indefinite"))
        return noun.sort in PEOPLE_LIKE

    def object_later(self, place: int) -> int | None:
        """Where the counted object stands that when and where it was keep from its verb ("arrested in Vic, on Monday, three men")."""
        verb = self.chunks[place].verb
        if verb is None or verb.passive is not None or verb.form != "past" or verb.auxiliaries or not self._puts_off(place):
            return None
        at = place + 1
        while at < min(place + PUT_OFF, len(self.chunks)):
            chunk = self.chunks[at]
            noun = chunk.noun
            if noun is not None and noun.sort == "person" and self.kind(at - 1) in ("word", "comma", "close", "noun"):
                doer = self.chunks[place - 1].noun
                by_force = doer is not None and doer.sort == "body"
                return at if at > place + 1 and self._is_put_off(at, noun, by_force=by_force) else None
            if chunk.kind not in _ADVERBIAL or (noun is not None and noun.sort != "thing"):
                return None
            if chunk.kind == "word" and self.word(at) not in DAYS and not self.is_capital(at) and not self._placed(at):
                return None
            at += 1
        return None

    def _puts_off(self, place: int) -> bool:
        """Whether a force or a group right before a verb does it, and is not whom it befell; the words behind must say when or where."""
        noun = self.chunks[place - 1].noun if place else None
        begins = self.kind(place + 1) == "preposition" or self.word(place + 1) in DAYS or self.word(place + 1) in _EARLIER
        if noun is None or not begins or noun.quantity is not None or noun.negative:
            return False
        return noun.sort == "body" or (noun.sort == "person" and noun.group in DOING and noun.definite != "indefinite" and noun.plural)

    def _placed(self, at: int) -> bool:
        """Whether a plain word belongs to a phrase of time or place that a preposition begins."""
        return self.kind(at - 1) in ("preposition", "word", "noun") or self.word(at) in _EARLIER

    def _is_put_off(self, at: int, noun: NounPhrase, *, by_force: bool) -> bool:
        """Whether a noun phrase behind time and place is the verb's object, and no other clause's subject nor says who is meant."""
        partly = noun.whole is not None and noun.whole.sort == "pronoun"
        if noun.quantity is None or noun.definite != "indefinite" or partly or self._is_subject(at):
            return False
        joint = "conjunction" if by_force else ""  # "the rebels captured at dawn, 11 boys and a woman, were shown"
        for behind in range(at + 1, len(self.chunks)):
            kind, other = self.kind(behind), self.chunks[behind].noun
            relative = other is not None and other.whole is not None and other.whole.sort == "pronoun"
            if relative or kind in ("break", "relative", "subordinator", joint):
                return True
            verb, left = self.chunks[behind].verb, self.chunks[behind - 1].noun
            if kind == "auxiliary" or (verb is not None and verb.auxiliaries):
                return left is not None and left.sort == "pronoun"  # "14 of the soldiers they had kidnapped"
        return True

    def unknown_at(self, place: int) -> NounPhrase | None:
        """Somebody whom a noun in no table names, behind "a" or "an" ("a geologist", "a Palestinian")."""
        if self.word(place) not in ("a", "an", "another"):
            return None
        last = place
        while last + 1 < len(self.chunks) and last - place < UNKNOWN and self.kind(last + 1) == "word" and self._is_plain(last + 1):
            last += 1
        if last == place:
            return None
        first, final = self.chunks[place].first, self.chunks[last].last
        return NounPhrase(first, final, self.parsed.tokens[final].low, "unknown", definite="indefinite")

    def _is_plain(self, at: int) -> bool:
        token = self.parsed.tokens[self.chunks[at].first]
        return token.kind == "word" and not self.lexicon[token.low].cues and not token.low.endswith("ly") and not self.acts(at)

    def _is_personal(self, place: int) -> bool:
        verb = self.chunks[place].verb if 0 <= place < len(self.chunks) else None
        return verb is not None and verb.lemma in PERSONAL

    def _takes_something(self, place: int, following: int) -> bool:
        """Whether an article behind a verb that is done to people shows that it has an object, whatever that is."""
        if self.word(following) not in _ARTICLES:
            return False
        return (self._is_personal(place) and self._subject_at(place - 1)) or self._captures(place, following)

    def _captures(self, place: int, following: int) -> bool:
        """Whether a thing in no table was captured, and not those before the verb ("troops captured an 800-metre stretch of road")."""
        verb = self.chunks[place].verb
        if verb is None or verb.lemma not in _OF_PLACES or verb.form not in ("past", "participle") or verb.auxiliaries:
            return False
        behind = [self.word(at) for at in range(following + 1, min(following + 4, len(self.chunks)))]
        return _OF_TIME.isdisjoint(behind)

    def _takes_stuff(self, place: int, following: int) -> bool:
        """Whether an unknown thing behind a verb of seizing is what was seized ("officers seized documents")."""
        verb = self.chunks[place].verb
        if verb is None or verb.lemma != "seize" or verb.auxiliaries or self.kind(following) != "word":
            return False
        token = self.parsed.tokens[self.chunks[following].first]
        plain = not self.lexicon[token.low].cues and not token.capital and not token.low.endswith("ly")
        return plain and token.low not in DAYS and self._subject_at(place - 1)

    def shares_object(self, place: int) -> bool:
        """Whether another verb with an object is joined to one without ("shot and killed two men")."""
        second = place + 2 if self.kind(place + 1) == "conjunction" else None
        if second is None or second >= len(self.chunks):
            return False
        verb = self.chunks[second].verb
        plain = verb is not None and all(self.lexicon.cue(word, "adverbs") for word in verb.auxiliaries)
        return verb is not None and verb.form == "past" and plain and self.has_object(second)

    def behind_another(self, place: int) -> int | None:
        """Where the object stands that a verb shares with one of no measure ("assaulted and robbed the driver"); None where there is none."""
        at = place + 2
        if (
            self.kind(place + 1) != "conjunction"
            or self.kind(at) != "word"
            or not self.word(at).endswith("ed")
            or at + 1 >= len(self.chunks)
        ):
            return None
        noun = self.chunks[at + 1].noun
        people = noun is not None and noun.sort == "person" and (noun.quantity is not None or noun.definite != "bare")
        return at + 1 if people and self._subject_at(place - 1) else None

    def _subject_at(self, place: int) -> bool:
        return place >= 0 and self.chunks[place].kind in ("noun", "relative", "subordinator", "conjunction")

    def objects(self, place: int) -> list[NounPhrase]:
        if self.kind(place - 1) == "verb" and (later := self.object_later(place - 1)) is not None:
            place = later
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
            and self.is_capital(place + 2)
        ):
            first.named = True
        if first is None:
            first = self.unknown_at(place) if self._is_personal(place - 1) else None
            if first is None and not self.is_name(place):
                return []
            first = first or self.name(place)
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

    def _next_conjunct(self, place: int) -> int | None:
        """The noun phrase that is joined to the one at `place`, or None."""
        at = place + 1
        if self.kind(at) == "preposition" and self.word(at) not in ("including", "by", *TOGETHER):
            skipped = self._past_phrase(at)
            if skipped is not None and self.kind(skipped) == "conjunction" and self._joins(skipped + 1, needs_number=True):
                return skipped + 1
            if self.word(at) != "with":
                return None
        if self.kind(at) == "relative":
            return self._behind_clause(at)
        comma = self.kind(at) == "comma"
        if comma:
            at += 1
            if self.is_capital(at) and (behind := self._past_name(at)) is not None:
                comma, at = False, behind
        if (joint := self._behind_joint(at)) is not None:
            return joint if self._joins(joint, needs_number=False) else None
        if comma and (self._inserted(at) or self._apposed(place, at)):
            return self._past_insertion(at)
        if comma and (self.parsed.heading or self._adds(at)) and self._joins(at, needs_number=True):
            return at
        kin = at < len(self.chunks) and (noun := self.chunks[at].noun) is not None and noun.owned
        if comma and self._speak(at):
            return None
        if comma and self.kind(at) == "noun" and self._joins(at, needs_number=not kin) and self._list_goes_on(at):
            return at
        return None

    def _behind_clause(self, at: int) -> int | None:
        """Who is joined behind a clause that tells no measure ("eight women who joined the group and 23 children")."""
        for end in range(at + 1, min(at + CLAUSE, len(self.chunks) - 1)):
            if self.kind(end) == "conjunction":
                return end + 1 if self._joins(end + 1, needs_number=True) else None
            if self.chunks[end].verb is not None or self.kind(end) in ("comma", "break", "relative", "subordinator"):
                return None
        return None

    def _behind_joint(self, at: int) -> int | None:
        """Behind "and", "as well as", "along with" and the like; None where none of them stands at `at`."""
        if self.word(at) in TOGETHER and self.word(at + 1) == "with":
            return at + 2
        if (self.word(at), self.word(at + 1), self.word(at + 2)) == ("as", "well", "as"):
            return at + 3
        if self.word(at) == "and" and (beside := self._behind_them(at + 1)) is not None:
            return beside
        if self.kind(at) == "conjunction" and self.word(at) in ("and", "or", "&", "plus", "+"):
            also = self.kind(at + 1) == "word" and self.word(at + 1) in ("also", "at", "possibly", "another")
            return at + 2 if also else at + 1
        return None

    def _behind_them(self, at: int) -> int | None:
        """Behind "with them", between commas or not, at a place behind "and"; None where it does not stand there."""
        at += self.kind(at) == "comma"
        if self.word(at) != "with" or self.word(at + 1) not in ("them", "him", "her", "it"):
            return None
        return at + 2 + (self.kind(at + 2) == "comma")

    def _apposed(self, place: int, at: int) -> bool:
        """Whether the noun phrase at `at` only says who the one at `place` is."""
        noun, other = self.chunks[place].noun, self.chunks[at].noun if at < len(self.chunks) else None
        if other is None or other.quantity is not None or other.plural:
            return False
        known = noun is None or noun.named or noun.sort == "name"
        return known or (noun is not None and not noun.plural and other.named and other.definite == "bare")

    def _inserted(self, at: int) -> bool:
        """Whether what begins at `at` only tells more of those before its comma: "including ...", "one of them ...", "who ..."."""
        noun = self.chunks[at].noun if at < len(self.chunks) else None
        of_them = noun is not None and noun.whole is not None and noun.whole.sort == "pronoun"
        return (
            self.kind(at) == "relative" or self.word(at) in INCLUDING or of_them or (self.word(at), self.word(at + 1)) == ("among", "them")
        )

    def _past_insertion(self, at: int) -> int | None:
        """The noun phrase that "and" joins behind an insertion and its comma ("killed the emir, who led the cell, and two guards")."""
        for end in range(at + 1, min(at + INSERTION, len(self.chunks) - 2)):
            chunk = self.chunks[end]
            if chunk.kind == "comma":
                joined = self.kind(end + 1) == "conjunction" and self.word(end + 1) in ("and", "&", "plus")
                return end + 2 if joined and self._joins(end + 2, needs_number=False) else None
            if chunk.kind in ("break", "conjunction"):
                return None
        return None

    def _past_name(self, at: int) -> int | None:
        """Behind a name between commas ("a leader, Abdul Karim, and two guards")."""
        while self.is_capital(at):
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
        if noun.ordinal and noun.lemma == "other":
            return False  # "one bomb killed five and the third ..."
        if noun.whole is not None and noun.whole.sort == "pronoun":
            return False  # "20 insurgents, five of them in Gao": a part of what stands before it
        behind = self.chunks[at + 1].noun if at + 1 < len(self.chunks) else None
        if noun.quantity is None and noun.definite == "definite" and behind is not None and behind.quantity is not None:
            return False  # "11 soldiers and the rebels 60 fighters": another side begins
        if needs_number and noun.quantity is None and noun.definite != "indefinite" and not noun.owned:
            return False
        return not self._is_subject(at)

    def _list_goes_on(self, at: int) -> bool:
        return (
            any(self.chunks[i].kind == "conjunction" for i in range(at + 1, min(at + 4, len(self.chunks)))) or self.kind(at + 1) == "comma"
        )

    def _adds(self, at: int) -> bool:
        """Whether more people end the sentence behind a comma alone ("one bomb killed five people, another two policemen")."""
        noun = self.chunks[at].noun if at < len(self.chunks) else None
        return noun is not None and noun.additive and noun.quantity is not None and self.kind(at + 1) in ("break", "")

    def _speak(self, at: int) -> bool:
        """Whether those named from a place on are who says it ("killed five, a policeman and a doctor said")."""
        for place in range(at, min(at + SPEAKERS, len(self.chunks))):
            if self.kind(place) == "word" and self.lexicon.cue(self.word(place), "reporting"):
                return True
            if self.kind(place) not in ("noun", "conjunction", "word", "preposition", "possessive"):
                return False
        return False

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
        if (noun := self.chunks[at].noun) is not None and noun.ordinal and self.acts(following):
            return True  # "killed one, and a third left five injured"
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
