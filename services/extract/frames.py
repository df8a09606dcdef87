"""Frames of measures: which noun phrase a verb, a noun or a predicate counts, whatever the construction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from schemas import Measure

from .chunks import Chunk, Parsed, VerbGroup
from .lexicon import Lexicon
from .nouns import NounPhrase

REACH = 40
"""Chunks that a subject may stand before its verb."""

PEOPLE_LIKE = frozenset({"person", "none", "unknown", "pronoun", "state", "name", "body"})
"""Sorts of noun phrases that a verb of harm or custody can count."""

WIDE = frozenset({"execute", "hold", "held", "release", "capture", "free", "strike", "hit", "eliminate", "rescue", "liberate", "batter", "burn", "hack"})
"""Verbs that are said of things as well: their objects count only where the noun is known to mean people."""

PERSONAL = frozenset({"kill", "murder", "assassinate", "arrest", "detain", "injure", "wound", "kidnap", "abduct", "apprehend"})
"""Verbs whose object, where it is a single capitalised word, is a person's name ("captured Mosul" is not)."""

COLLECTIVE = frozenset({"staff", "personnel", "crew", "police"})
"""Nouns that are one or many, as their verb says."""

TOGETHER = frozenset({"along", "together"})


@dataclass(slots=True)
class Mention:
    """One measure said of one noun phrase."""

    measure: Measure
    noun: NounPhrase
    trigger: Chunk
    """The chunk that tells the measure."""
    via: str
    """`verb`, `nominal`, `counted`, `state`, `deed`, `toll`, `remaining`, `attributive` or `part`."""
    place: int
    """Index of the trigger among the chunks."""
    agent: NounPhrase | None = None
    """Who did it, as the words show."""
    part_of: Mention | None = None
    """The mention whose noun phrase this is a part of."""
    harm: bool = False
    """An injury only as long as no death is told of the same people."""
    siblings: list[Mention] = field(default_factory=list)
    """Others counted by the same trigger."""

    @property
    def verb(self) -> VerbGroup | None:
        """The verb, where a verb tells it."""
        return self.trigger.verb


class Frames:
    """Finds the mentions of one sentence."""

    def __init__(self, parsed: Parsed, lexicon: Lexicon) -> None:
        self.parsed = parsed
        self.chunks = parsed.chunks
        self.lexicon = lexicon
        self._patients: dict[int, list[NounPhrase]] = {}

    def find(self) -> list[Mention]:
        """All mentions in the order of their triggers."""
        found: list[Mention] = []
        for place, chunk in enumerate(self.chunks):
            if chunk.verb is not None:
                found += self._of_verb(place, chunk, chunk.verb)
            elif chunk.noun is not None:
                found += self._of_noun(place, chunk, chunk.noun, found)
            elif chunk.kind == "word":
                found += self._of_word(place, chunk)
        return found

    # verbs

    def _of_verb(self, place: int, chunk: Chunk, verb: VerbGroup) -> list[Mention]:
        passive = verb.passive if verb.passive is not None else not self._has_object(place)
        if passive:
            nouns = self._subjects(place)
            if not verb.auxiliaries and len(nouns) == 1 and nouns[0].whole is not None and nouns[0].whole.quantity is not None and nouns[0].whole.definite == "indefinite":
                nouns = [nouns[0].whole]
            agent = self._by(place)
        else:
            nouns = self._objects(place + 1)
            agent = next(iter(self._subjects(place)), None)
        verb.passive = passive
        if nouns and nouns[0].negative:
            for noun in nouns[1:]:
                noun.negative = noun.negative or noun.quantity is None
        for noun in nouns:
            if passive and noun.quantity is None and noun.lemma in COLLECTIVE and {"was", "is", "has"} & set(verb.auxiliaries):
                noun.plural = False
        self._patients[place] = nouns
        mentions = [Mention(verb.measure, noun, chunk, "verb", place, agent, harm=verb.harm) for noun in nouns if self._countable(noun) and not (noun.sort == "unknown" and verb.lemma in WIDE)]
        for mention in mentions:
            mention.siblings = mentions
        return mentions + [part for mention in mentions for part in self._parts(mention)]

    def _countable(self, noun: NounPhrase) -> bool:
        return noun.sort in PEOPLE_LIKE

    def _has_object(self, place: int) -> bool:
        following = self._skip_adverbs(place + 1)
        if following >= len(self.chunks):
            return False
        noun = self.chunks[following].noun
        if noun is None:
            return self._is_name(following) and self._subject_at(place - 1)
        if noun.sort == "pronoun":
            return noun.lemma not in ("it",)
        return noun.sort in PEOPLE_LIKE

    def _subject_at(self, place: int) -> bool:
        return place >= 0 and self.chunks[place].kind in ("noun", "relative", "subordinator", "conjunction")

    def _is_name(self, place: int) -> bool:
        chunk = self.chunks[place]
        token = self.parsed.tokens[chunk.first]
        if chunk.kind != "word" or not token.capital or token.kind != "word" or token.low in _DAYS or token.low.endswith("ly"):
            return False
        before = self.chunks[place - 1].verb if place else None
        if before is not None and before.lemma in PERSONAL:
            return True
        following = self.chunks[place + 1] if place + 1 < len(self.chunks) else None
        return following is not None and following.kind == "word" and self.parsed.tokens[following.first].capital

    def _skip_adverbs(self, place: int) -> int:
        while place < len(self.chunks) and self.chunks[place].kind == "word":
            low = self.parsed.tokens[self.chunks[place].first].low
            if not (low.endswith("ly") or self.lexicon.cue(low, "adverbs")):
                break
            place += 1
        return place

    def _objects(self, place: int) -> list[NounPhrase]:
        place = self._skip_adverbs(place)
        if place >= len(self.chunks):
            return []
        first = self.chunks[place].noun
        if first is not None and first.sort == "person" and first.definite == "bare" and not first.plural and self._kind(place + 1) == "comma" and self._kind(place + 2) == "word" and self._is_capital(place + 2):
            first.named = True
        if first is None:
            return [self._name(place)] if self._is_name(place) else []
        nouns = [first]
        while True:
            following = self._next_conjunct(place)
            if following is None:
                return nouns
            place = following
            noun = self.chunks[place].noun
            if noun is not None:
                nouns.append(noun)

    def _name(self, place: int) -> NounPhrase:
        last = place
        while last + 1 < len(self.chunks) and self.chunks[last + 1].kind == "word" and self.parsed.tokens[self.chunks[last + 1].first].capital:
            last += 1
        return NounPhrase(self.chunks[place].first, self.chunks[last].last, "", "name", named=True)

    def _next_conjunct(self, place: int) -> int | None:
        """The noun phrase that is joined to the one at `place`, or None."""
        at = place + 1
        if self._kind(at) == "preposition" and self._word(at) not in ("including", "by"):
            skipped = self._past_phrase(at)
            if skipped is not None and self._kind(skipped) in ("conjunction",) and self._joins(skipped + 1, needs_number=True):
                return skipped + 1
            if self._word(at) != "with":
                return None
        comma = self._kind(at) == "comma"
        if comma:
            at += 1
            if self._kind(at) == "word" and self._is_capital(at) and (behind := self._past_name(at)) is not None:
                comma, at = False, behind
        if self._kind(at) == "conjunction" and self._word(at) in ("and", "or", "&", "plus"):
            at += 1
            if self._kind(at) == "word" and self._word(at) in ("also", "at", "possibly", "another"):
                at += 1
            return at if self._joins(at, needs_number=False) else None
        if self._word(at) in TOGETHER and self._word(at + 1) == "with":
            return at + 2 if self._kind(at + 2) == "noun" else None
        if self._word(at) == "as" and self._word(at + 1) == "well" and self._word(at + 2) == "as":
            return at + 3 if self._joins(at + 3, needs_number=False) else None
        if comma and self._apposed(place, at):
            return None
        if comma and self._kind(at) == "noun" and self._joins(at, needs_number=True) and self._list_goes_on(at):
            return at
        return None

    def _apposed(self, place: int, at: int) -> bool:
        """Whether the noun phrase at `at` only says who the one at `place` is."""
        noun, other = self.chunks[place].noun, self.chunks[at].noun if at < len(self.chunks) else None
        return other is not None and other.quantity is None and not other.plural and (noun is None or noun.named or noun.sort == "name")

    def _is_capital(self, at: int) -> bool:
        token = self.parsed.tokens[self.chunks[at].first]
        return token.capital and token.kind == "word" and token.low not in _DAYS

    def _past_name(self, at: int) -> int | None:
        """Behind a name between commas ("a leader, Abdul Karim, and two guards")."""
        while at < len(self.chunks) and self.chunks[at].kind == "word" and self._is_capital(at):
            at += 1
        return at + 1 if self._kind(at) == "comma" else None

    def _past_phrase(self, at: int) -> int | None:
        """Behind a prepositional phrase that begins at `at`, at most eight chunks long."""
        for place in range(at + 1, min(at + 9, len(self.chunks))):
            kind = self.chunks[place].kind
            if kind in ("conjunction",):
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
        return any(self.chunks[i].kind == "conjunction" for i in range(at + 1, min(at + 4, len(self.chunks)))) or self._kind(at + 1) == "comma"

    def _is_subject(self, at: int) -> bool:
        """Whether the noun phrase at `at` is the subject of what follows it."""
        following = self._skip_adverbs(at + 1)
        if following >= len(self.chunks):
            return False
        chunk = self.chunks[following]
        if chunk.kind == "auxiliary":
            return True
        if chunk.kind == "relative":
            return False
        if chunk.verb is not None:
            return chunk.verb.form != "gerund" and not chunk.verb.to
        return chunk.kind == "word" and self.parsed.tokens[chunk.first].low.endswith("ed") and self.chunks[at].noun is not None and self.chunks[at].noun.definite in ("definite", "pronoun")

    def _by(self, place: int) -> NounPhrase | None:
        for at in range(place + 1, min(place + 8, len(self.chunks))):
            if self._word(at) == "by" and at + 1 < len(self.chunks):
                return self.chunks[at + 1].noun
            if self.chunks[at].verb is not None or self.chunks[at].kind in ("subordinator", "break"):
                return None
        return None

    def _subjects(self, place: int) -> list[NounPhrase]:
        """The noun phrases that are the subject of the verb at `place`, those joined to it included."""
        with_them: list[NounPhrase] = []
        at, low = place - 1, max(-1, place - REACH)
        if at >= 0 and self._word(at) in ("who", "which", "that") and self.chunks[at].kind in ("relative", "subordinator"):
            at = at - 1 if self._kind(at - 1) != "comma" else at - 2
            return [self.chunks[at].noun] if at >= 0 and self.chunks[at].noun is not None else []  # type: ignore[list-item]  # tested just before
        joined = False
        while at > low:
            chunk = self.chunks[at]
            if chunk.noun is not None:
                before = self._word(at - 1)
                adjacent = at == place - 1 and self.chunks[place].verb is not None and not self.chunks[place].verb.auxiliaries and chunk.noun.quantity is not None and before in ("in", "with", "of", "at", "to")  # type: ignore[union-attr]  # tested just before
                if (self._kind(at - 1) == "preposition" or before == "to") and not adjacent:
                    if before == "with" and self._word(at - 2) in TOGETHER:
                        with_them.append(chunk.noun)
                    at -= 2
                    continue
                if chunk.noun.sort == "unknown" and at < place - 1 and chunk.noun.quantity is None:
                    at -= 1
                    continue
                if chunk.noun.sort in ("thing", "deed", "counted") and not (chunk.noun.quantity is not None and chunk.noun.sort == "thing" and at == place - 1):
                    at -= 1
                    continue
                if self._is_object(at) and at < place - 1 and not (chunk.noun.quantity is not None):
                    at -= 1
                    continue
                nouns, first = self._joined_left(at)
                if self._word(first - 1) == "including":
                    at = first - 2
                    continue
                return nouns + with_them
            if chunk.verb is not None and at in self._patients and (joined or self._kind(at + 1) in ("conjunction", "comma", "subordinator", "word", "preposition")):
                if self._patients[at] and (chunk.verb.passive or self.chunks[place].verb is not None and self.chunks[place].verb.passive):  # type: ignore[union-attr]  # tested just before
                    return self._patients[at] + with_them
            if chunk.kind == "conjunction":
                joined = True
            at -= 1
        return with_them or self._inverted(place)

    def _is_object(self, at: int) -> bool:
        before = self.chunks[at - 1] if at else None
        return before is not None and before.verb is not None and before.verb.passive is False

    def _joined_left(self, at: int) -> tuple[list[NounPhrase], int]:
        """The noun phrases joined to the left of one, and where the first of them stands."""
        nouns = [self.chunks[at].noun]
        joined = False
        while at >= 2:
            left = at - 1
            if self._kind(left) == "conjunction" and self._word(left) in ("and", "or", "&", "plus"):
                joined = True
                left -= 1
                if self._kind(left) == "comma":
                    left -= 1
            elif self._kind(left) == "comma" and joined:
                left -= 1
            else:
                break
            noun = self.chunks[left].noun if left >= 0 else None
            if noun is None or noun.sort not in PEOPLE_LIKE or self._is_object(left) or self._kind(left - 1) == "preposition" and noun.quantity is None:
                break
            if noun.sort == "pronoun" or (self._kind(left - 1) == "preposition" and self._word(left - 1) in ("in", "on", "at", "by", "of")):
                break
            nouns.insert(0, noun)
            at = left
        return [noun for noun in nouns if noun is not None], at

    def _inverted(self, place: int) -> list[NounPhrase]:
        """Subjects behind their verb: "also killed in the strike were two brothers"."""
        for at in range(place + 1, min(place + 14, len(self.chunks) - 1)):
            if self.chunks[at].kind == "auxiliary" and self._word(at) in ("was", "were", "is", "are"):
                return self._objects(at + 1)
            if self.chunks[at].verb is not None or self.chunks[at].kind in ("subordinator", "break"):
                return []
        return []

    # nouns

    def _of_noun(self, place: int, chunk: Chunk, noun: NounPhrase, found: list[Mention]) -> list[Mention]:
        if noun.whole is not None and not self._verb_follows(place):
            return self._of_part(place, chunk, noun, found)
        if noun.sort == "counted":
            return self._of_counted(place, chunk, noun)
        if noun.sort == "deed" and isinstance(noun.measure, Measure):
            if noun.quantity is not None and not noun.quantity.vague and noun.definite != "definite" and not (noun.quantity.value == 1 and not noun.plural):
                return [Mention(noun.measure, noun, chunk, "deed", place, next(iter(self._subjects(place)), None))]
            return []
        if noun.attributive is not None and noun.quantity is not None and noun.definite == "indefinite":
            return [Mention(noun.attributive.measure, noun, chunk, "attributive", place, harm=noun.attributive.harm)]
        if noun.quantity is not None and self._remains(place, noun):
            measure = Measure.HELD if noun.measure is Measure.HELD else Measure.FIGHTERS_REMAINING
            return [Mention(measure, noun, chunk, "remaining", place)]
        if noun.sort == "state" and isinstance(noun.measure, Measure) and noun.quantity is not None and noun.definite != "definite" and not self._patient_of(place):
            return [Mention(noun.measure, noun, chunk, "state", place)]
        return []

    def _patient_of(self, place: int) -> bool:
        before = self.chunks[place - 1] if place else None
        return (before is not None and before.verb is not None and before.verb.passive is False) or self._verb_follows(place)

    def _verb_follows(self, place: int) -> bool:
        following = self._skip_adverbs(place + 1)
        return following < len(self.chunks) and self.chunks[following].verb is not None

    def _remains(self, place: int, noun: NounPhrase) -> bool:
        if noun.sort not in ("person", "unknown", "state") or not noun.plural or (noun.group not in _FIGHTERS and noun.measure is not Measure.HELD):
            return False
        words = [self._word(i) for i in range(place + 1, min(place + 9, len(self.chunks)))]
        for i, word in enumerate(words):
            if word in (".", ",", ";") and i:
                return False
            if word in ("remain", "remained", "remains", "remaining") or (word == "still" and {"active", "large", "operating", "operate", "fighting", "present"} & set(words)):
                return True
            if word in ("active", "operating") and words[0] in ("are", "were", "currently", "who", "remain"):
                return True
        lows = [t.low for t in self.parsed.tokens[noun.first : noun.last + 1]]
        before = [self._word(i) for i in range(max(0, place - 3), place)]
        return "remaining" in lows or any(w in ("has", "have", "had", "numbers", "commands", "fields") for w in before[-1:])

    def _of_counted(self, place: int, chunk: Chunk, noun: NounPhrase) -> list[Mention]:
        measures = [Measure.KILLED, Measure.INJURED] if noun.measure == "casualties" else [Measure(str(noun.measure))]
        if noun.negative:
            return [Mention(m, noun, chunk, "counted", place) for m in measures]
        if self._word(place + 1) == "of" and self._kind(place + 2) == "noun":
            named = self._objects(place + 2)
            if noun.quantity is None:
                mentions = [Mention(measures[0], n, chunk, "nominal", place, next(iter(self._subjects(place)), None)) for n in named if self._countable(n)]
                return mentions + [part for mention in mentions for part in self._parts(mention)]
        elif self._word(place + 1) == "of" and self._is_name(place + 2) and noun.quantity is None:
            return [Mention(measures[0], self._name(place + 2), chunk, "nominal", place)]
        elif self._kind(place - 1) == "possessive":
            return self._owned(place, chunk, measures[0])
        if noun.quantity is None or len(measures) > 1 or noun.definite == "definite":
            return []
        return [Mention(measures[0], noun, chunk, "counted", place)]

    def _owned(self, place: int, chunk: Chunk, measure: Measure) -> list[Mention]:
        owner = self.chunks[place - 2] if place >= 2 else None
        if owner is None:
            return []
        if owner.noun is not None and owner.noun.sort in PEOPLE_LIKE:
            return [Mention(measure, owner.noun, chunk, "nominal", place)]
        if owner.kind == "word" and self.parsed.tokens[owner.first].capital:
            return [Mention(measure, NounPhrase(owner.first, owner.last, "", "name", named=True, definite="definite"), chunk, "nominal", place)]
        return []

    def _of_part(self, place: int, chunk: Chunk, noun: NounPhrase, found: list[Mention]) -> list[Mention]:
        """Parts told without a verb: "66 of them in Iraq and 28 in Syria", "six of the dead were civilians"."""
        whole = noun.whole
        if whole is None or noun.quantity is None:
            return []
        last = next((m for m in reversed(found) if m.noun.quantity is not None and m.part_of is None and m.place < place), None)
        if isinstance(whole.measure, Measure) and whole.sort == "state":
            measure = whole.measure
        elif whole.sort == "pronoun" and last is not None:
            measure = last.measure
        else:
            return []
        parts = [Mention(measure, noun, chunk, "part", place, part_of=last)]
        following = self.chunks[place + 1 : place + 3]
        noun.group = next((c.noun.group for c in following if c.noun is not None), noun.group)
        at = place + 1
        while at < min(place + 9, len(self.chunks) - 1):
            other = self.chunks[at + 1].noun
            if self.chunks[at].kind == "conjunction" and other is not None and other.sort == "none" and other.quantity is not None and not self._verb_follows(at + 1):
                other.group = next((c.noun.group for c in self.chunks[at + 2 : at + 4] if c.noun is not None), other.group)
                parts.append(Mention(measure, other, self.chunks[at + 1], "part", at + 1, part_of=last))
            at += 1
        return parts

    def _parts(self, mention: Mention) -> Iterator[Mention]:
        """What stands behind "including" after a counted noun."""
        at = next((i for i, c in enumerate(self.chunks) if c.noun is mention.noun), None)
        if at is None:
            return
        at += 1
        for _ in range(12):
            if self._word(at) == "including" or (self._word(at) == "among" and self._word(at + 1) in ("them", "those")):
                break
            if self._kind(at) not in ("comma", "preposition", "noun", "word", "possessive") or (self._kind(at) == "noun" and self._kind(at - 1) not in ("preposition", "word", "possessive")):
                return
            at += 1
        else:
            return
        at += 1 if self._word(at) == "including" else 2
        if self._kind(at) == "word":
            at += 1
        for noun in self._objects(at):
            if noun.sort in PEOPLE_LIKE and (noun.quantity is not None or noun.definite == "indefinite" or not noun.plural):
                yield Mention(mention.measure, noun, mention.trigger, "part", mention.place, mention.agent, part_of=mention, harm=mention.harm)

    # bare words

    def _of_word(self, place: int, chunk: Chunk) -> list[Mention]:
        low = self.parsed.tokens[chunk.first].low
        if low == "toll":
            return self._of_toll(place, chunk)
        entry = self.lexicon[low]
        if entry.nominal is None:
            return []
        if self._word(place + 1) == "of":
            if self._kind(place + 2) == "noun":
                mentions = [Mention(entry.nominal, n, chunk, "nominal", place, next(iter(self._subjects(place)), None)) for n in self._objects(place + 2) if self._countable(n)]
                return mentions + [part for mention in mentions for part in self._parts(mention)]
            if place + 2 < len(self.chunks) and self._is_name(place + 2):
                return [Mention(entry.nominal, self._name(place + 2), chunk, "nominal", place)]
        if self._kind(place - 1) == "possessive":
            return self._owned(place, chunk, entry.nominal)
        return []

    def _of_toll(self, place: int, chunk: Chunk) -> list[Mention]:
        for at in range(place + 1, min(place + 12, len(self.chunks))):
            noun = self.chunks[at].noun
            if noun is not None and noun.quantity is not None and noun.sort in ("none", "person", "unknown") and self._word(at - 1) in ("to", "at", "of", "is", "was", "reached", "hit", "passed", "topped", "exceeded", "stands", "surpassed", "past"):
                return [Mention(Measure.KILLED, noun, chunk, "toll", place)]
            if self.chunks[at].kind == "break":
                return []
        return []

    def _kind(self, at: int) -> str:
        return self.chunks[at].kind if 0 <= at < len(self.chunks) else ""

    def _word(self, at: int) -> str:
        return self.parsed.tokens[self.chunks[at].first].low if 0 <= at < len(self.chunks) else ""


_FIGHTERS = frozenset({"militants", "leaders", "people", "soldiers"})
"""Groups of which a stock of fighters can consist."""
_DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec".split())
