"""Finding verb groups in the tokens of a sentence: auxiliaries, a verb that tells a measure, its particle, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from schemas import Measure

from ..words.lexicon import EMPTY, Entry, Lexicon, Verb
from . import captivity, deadly, light_verbs
from .nouns import TAKEN_AS, NounPhrase
from .phrases import Phrases
from .pieces import Chunk, Parsed, VerbGroup
from .runs import GOVERNING

PHRASE = 6
"""Chunks of a phrase between people and what they do."""

APART = 4
"""Words that may stand between a verb and its particle."""


class VerbGroups:
    """Finds the verb groups of one sentence, by its tokens and by the chunks cut so far."""

    def __init__(self, parsed: Parsed, phrases: Phrases, lexicon: Lexicon) -> None:
        self.parsed = parsed
        self.tokens = parsed.tokens
        self.size = len(parsed.tokens)
        self.lexicon = lexicon
        self.phrases = phrases
        self.entries = phrases.entries
        self.title = parsed.heading

    def at(self, at: int) -> Chunk | None:
        """The verb group or the auxiliaries that begin at a token, or None."""
        if at in self.phrases.quantities:
            return None
        if self._low(at) == "got" and self._low(at + 1) == "away":
            return self._light(at, [])  # else it were an auxiliary
        place = at
        seen: list[str] = []
        while place < self.size and len(seen) < 9 and self._auxiliary(place, started=bool(seen)):
            seen.append(self.tokens[place].low)
            place += 1
        if place >= self.size or self.tokens[place].kind != "word" or place in self.phrases.quantities:
            return self._leftover(at, place, seen)
        found = (self._under_arrest(at, place, seen) if seen else None) or self._light(place, seen) or self._trigger(at, place, seen)
        if found is not None:
            return found
        return self._leftover(at, place, seen)

    def _auxiliary(self, place: int, *, started: bool) -> bool:
        token = self.tokens[place]
        if token.kind == "possessive" and token.low == "'s":
            return started
        if token.kind != "word":
            return False
        cues = self.entries[place].cues
        if place in self.phrases.quantities and not started:
            return False
        if not cues.isdisjoint(_AUXILIARIES):
            return "determiners" not in cues or started
        if token.low == "to":
            return place + 1 < self.size and (started or bool(self.entries[place + 1].cues & _AUXILIARIES) or self._base(place + 1))
        return ("adverbs" in cues or token.low.endswith("ly")) and "pronouns" not in cues and (started or self._verb_soon(place))

    def _base(self, place: int) -> bool:
        token = self.tokens[place]
        verb = self.entries[place].verb
        return (
            (verb is not None and verb.form == "base")
            or token.low in light_verbs.FORMS
            or (token.low.endswith("ly") and self._verb_soon(place))
        )

    def _verb_soon(self, place: int) -> bool:
        low, entry = self._low(place + 1), self._entry(place + 1)
        return (
            entry.verb is not None
            or (low.endswith("ly") and self._entry(place + 2).verb is not None)
            or entry.predicate is not None
            or low in light_verbs.FORMS
        )

    def _leftover(self, at: int, place: int, seen: list[str]) -> Chunk | None:
        if seen and set(seen) & _PLAIN_AUXILIARIES:
            return Chunk("auxiliary", at, place - 1)
        return None

    def _trigger(self, at: int, place: int, seen: list[str]) -> Chunk | None:
        token = self.tokens[place]
        entry = self.entries[place]
        auxiliaries = tuple(seen)
        if entry.predicate is not None and (entry.verb is None):
            if self._attributive(place, at) or self._low(at - 1) == "for":
                return None  # "left for dead"
            return Chunk(
                "verb",
                at,
                place,
                verb=VerbGroup(
                    token.low, entry.predicate, transitive=True, harm=False, form="adjective", auxiliaries=auxiliaries, passive=True
                ),
            )
        verb, last = self._phrasal(place) or (entry.verb, place)
        if verb is None or self._means_otherwise(verb, place):
            return None
        infinitive = "to" in seen
        if verb.form in ("past", "participle") and not seen and self._describes(place):
            return None
        if verb.lemma in _PAST_ALIKE and not seen and self._stands_as_past(last):
            verb = replace(verb, form="past")
        if (
            verb.form in ("base", "s")
            and not seen
            and not (not verb.transitive and self._happens())
            and not self._finite(place, last, nominal=entry.nominal is not None or entry.deed is not None or entry.noun is not None)
        ):
            return None
        if verb.form == "gerund" and "be" not in self._cues_of(seen) and self._low(place + 1) == "of":
            return None
        if verb.form == "gerund" and not seen and self._nominal_gerund(place):
            return None
        measure, harm = verb.measure, verb.harm
        passive = self._voice(verb.form, seen, transitive=verb.transitive) and not self._drowns_others(verb, place, seen)
        if last > place and verb.form == "base" and set(seen) & _BE:
            passive = True  # "were set free"
        if last == place:
            measure, harm, last, lemma = self._result(measure, place, seen, verb.lemma, harm=harm)
        else:
            lemma = verb.lemma
        return Chunk("verb", at, last, verb=VerbGroup(lemma, measure, verb.transitive, harm, verb.form, auxiliaries, passive, infinitive))

    def _stands_as_past(self, last: int) -> bool:
        """Whether "let go" right behind its subject goes on with when or where it was ("let go on Monday 14 of the soldiers")."""
        chunks = self.parsed.chunks
        before = chunks[-1].noun if chunks else None
        if before is None and len(chunks) > 2 and chunks[-1].kind == "comma":  # "two nurses, kidnapped in May, let go after a week"
            before = next((c.noun for c in chunks if c.noun is not None and c.noun.quantity is not None), None)
        bare = before is not None and before.sort == "none" and before.quantity is not None
        people = before is not None and (bare or before.sort in ("person", "body", "pronoun"))
        return people and self._low(last + 1) in _WHEN_OR_WHERE

    def _drowns_others(self, verb: Verb, place: int, seen: list[str]) -> bool:
        """Whether a verb that is said of those who die has an object here ("the ferry sank, drowning 41 people")."""
        if verb.lemma not in _OF_WATER or not _HAVE.issuperset(seen) or verb.form not in ("gerund", "past") or place + 1 >= self.size:
            return False
        behind = self.phrases.at(place + 1)
        return behind is not None and behind.sort == "person" and (behind.quantity is not None or behind.definite == "indefinite")

    def _under_arrest(self, at: int, place: int, seen: list[str]) -> Chunk | None:
        if not (set(seen) & _BE and self._low(place) == "under" and self._low(place + 1) == "arrest"):
            return None
        group = VerbGroup("arrest", Measure.DETAINED, transitive=True, harm=False, form="adjective", auxiliaries=tuple(seen), passive=True)
        return Chunk("verb", at, place + 1, verb=group)

    def _means_otherwise(self, verb: Verb, place: int) -> bool:
        """Whether the words around a verb give it another meaning: "escaped unhurt", "caught in crossfire", "the toll hit 31"."""
        behind = [self._low(at) for at in range(place + 1, place + 8)]
        ends = next((i for i, word in enumerate(behind) if word in (".", ";", "", "and", "but")), len(behind))
        if verb.lemma == "escape":
            return not _UNHARMED.isdisjoint(behind[:ends])
        if verb.lemma == "catch":
            return behind[0] in ("in", "by", "up", "between", "off", "on") or not {"surprise", "guard", "unawares"}.isdisjoint(
                behind[:ends]
            )
        if verb.lemma in ("hit", "strike"):
            return self._low(place - 1) in _FIGURES or self._low(place - 2) in _FIGURES
        if verb.lemma == "shoot" and verb.form == "past" and self._low(place - 1) in _ONE_SHOT:
            return True  # "disarmed the watch without a shot"
        if verb.lemma == "shoot" and behind[0] == "down":
            at = next((i for i in range(place + 2, min(place + 6, self.size)) if self._entry(i).noun is not None), None)
            noun = self._entry(at).noun if at is not None else None
            return noun is None or noun.sort != "person"
        return False

    def _phrasal(self, place: int) -> tuple[Verb, int] | None:
        """A verb with its particle, right behind it or behind a short object ("rounded up 40", "rounded them up"), and its last token."""
        phrasal = self._entry(place).phrasal
        if not phrasal:
            return None
        if (verb := phrasal.get(self._low(place + 1))) is not None:
            return verb, place + 1
        for at in range(place + 2, place + 2 + APART):
            if self._low(at) in ("", ",", ".", ";"):
                return None
            if (verb := phrasal.get(self._low(at))) is not None:
                return verb, place
        return None

    def _attributive(self, place: int, at: int) -> bool:
        """Whether "missing" or "dead" stands before its noun ("the missing men")."""
        before = self._low(place - 1)
        if place == at and before in ("the", "of") and self._entry(place + 1).noun is None:
            return True
        return (
            place == at
            and before in ("the", "a", "an", "of", "no")
            and self._low(place + 1) != ","
            and self._entry(place + 1).noun is not None
        )

    def _describes(self, place: int) -> bool:
        """Whether a participle between a preposition and its noun only says which people are meant ("a camp for displaced people")."""
        before = self._low(place - 1)
        if ("prepositions" not in self.lexicon[before].cues and before not in GOVERNING) or place + 1 >= self.size:
            return False
        behind = self.phrases.at(place + 1)
        return behind is not None and behind.sort == "person" and behind.definite == "bare" and behind.quantity is None

    def _happens(self) -> bool:
        """Whether people stand before a verb in the present that has no object ("six soldiers die in blast")."""
        noun = self.parsed.chunks[-1].noun if self.parsed.chunks else None
        if noun is None or noun.quantity is None:
            noun = self._before_phrase() or noun
        return (
            noun is not None
            and noun.sort in ("person", "none", "state")
            and (noun.quantity is not None or (self.title and not noun.plural))
        )

    def _before_phrase(self) -> NounPhrase | None:
        """People with a number, behind whom one phrase says of where they are ("two employees of a water project die")."""
        for at in range(len(self.parsed.chunks) - 1, max(-1, len(self.parsed.chunks) - 1 - PHRASE), -1):
            chunk = self.parsed.chunks[at]
            if chunk.kind == "preposition":
                noun = self.parsed.chunks[at - 1].noun if at else None
                counted = noun is not None and noun.sort == "person" and noun.quantity is not None
                return noun if counted and self._low(chunk.first) in ("of", "from", "with") else None
            if chunk.kind not in ("word", "noun") or (chunk.noun is not None and chunk.noun.quantity is not None):
                return None
        return None

    def _finite(self, place: int, last_word: int, *, nominal: bool) -> bool:
        behind = self.phrases.at(last_word + 1) if last_word + 1 < self.size else None
        if behind is None or (behind.sort == "pronoun" and self._low(place + 1) == "that"):
            return False
        last = self.parsed.chunks[-1] if self.parsed.chunks else None
        if last is None or last.kind == "preposition":
            return False
        if nominal and last.kind not in ("noun", "word", "auxiliary", "conjunction") and not (self.title and last.kind == "comma"):
            return False
        return behind.quantity is not None or behind.definite != "bare" or behind.sort in ("person", "pronoun", "none")

    def _nominal_gerund(self, place: int) -> bool:
        before = self._low(place - 1)
        behind = self._low(place + 1)
        return (
            (before in ("the", "a", "an", "of", "for", "this", "that") or self.tokens[place - 1].kind == "possessive")
            and self.phrases.at(place + 1) is None
            if place + 1 < self.size
            else behind == ""
        )

    def _voice(self, form: str, seen: list[str], *, transitive: bool) -> bool | None:
        if not transitive:
            return True
        if form in ("past", "participle"):
            last = next((word for word in reversed(seen) if self.lexicon[word].cues & {"be", "have", "get"}), None)
            if last is None:
                return None
            return "have" not in self.lexicon[last].cues
        return False

    def _cues_of(self, words: Sequence[str]) -> set[str]:
        found: set[str] = set()
        for word in words:
            found |= self.lexicon[word].cues
        return found

    def _result(self, measure: Measure, place: int, seen: list[str], lemma: str, *, harm: bool) -> tuple[Measure, bool, int, str]:
        """What came of it where the next words say so: "shot dead", "beaten to death"."""
        if self._low(place + 1) == "dead" and harm:
            return Measure.KILLED, False, place + 1, lemma
        if self._low(place + 1) == "to" and self._low(place + 2) == "death" and harm:
            return Measure.KILLED, False, place + 2, lemma
        if (
            not seen
            and lemma == "shoot"
            and (deadly.led_out(self.phrases.lows, place) or deadly.shot_in_the_end(self.phrases.lows, place + 1))
        ):
            return Measure.KILLED, False, place, lemma
        if harm and not seen and deadly.ends_in_death(self.phrases.lows, place + 1):
            return Measure.KILLED, False, place, lemma
        if self._low(place + 1) == "fatally" and measure is Measure.INJURED:
            return Measure.KILLED, False, place + 1, lemma
        if {"fatally", "mortally"} & set(seen) and measure is Measure.INJURED:
            return Measure.KILLED, False, place, lemma
        return measure, harm, place, lemma

    def _light(self, place: int, seen: list[str]) -> Chunk | None:
        """Verbs that say nothing by themselves: "taken hostage", "sustained injuries", "lost their lives", "found dead"."""
        word = self.tokens[place].low
        lemma = light_verbs.FORMS.get(word)
        if lemma is None or (word == "hold" and not seen):
            return None
        behind = [t.low for t in self.tokens[place + 1 : place + 1 + light_verbs.REACH]]
        if lemma == "lead" and captivity.swept([t.low for t in self.tokens[: place - len(seen)][-captivity.SUBJECT :]], behind):
            return None
        reading = light_verbs.read(lemma, behind, seen, passive=bool(set(seen) & _BE))
        if reading is None or (word == "returning" and behind[:1] == ["from"]):
            return None  # "traders returning from market" come home to no country
        form = "gerund" if word.endswith("ing") else "base" if word in light_verbs.BASES else "past"
        verb = VerbGroup(
            word, reading.measure, reading.transitive, harm=False, form=form, auxiliaries=tuple(seen), passive=None, to="to" in seen
        )
        verb.passive = self._light_voice(lemma, form, place, seen, transitive=reading.transitive)
        return Chunk("verb", place - len(seen), place + reading.words, verb=verb)

    def _light_voice(self, lemma: str, form: str, place: int, seen: list[str], *, transitive: bool) -> bool | None:
        if not transitive:
            return True
        if form != "past" or set(seen) & _BE:
            return form == "past"
        if lemma == "lead" and not seen and self._low(place + 2) in _LED_SO:
            return None  # "five dead, three carried off as hostages"
        if "have" in self._cues_of(seen) or (lemma != "find" and not self._taken_at(place + 1)):
            return False
        return None

    def _taken_at(self, place: int) -> bool:
        return self._low(place) in TAKEN_AS or (self._low(place) == "into" and "custody" in (self._low(place + 1), self._low(place + 2)))

    def _low(self, place: int) -> str:
        return self.phrases.lows[place] if 0 <= place < self.size else ""

    def _entry(self, place: int) -> Entry:
        return self.entries[place] if 0 <= place < self.size else EMPTY


_HAVE = frozenset({"has", "have", "had", "already", "also"})
_LED_SO = frozenset({"as", "by", ",", ".", ";"})
"""What stands behind "carried off" where those who were stand before it."""
_PAST_ALIKE = frozenset({"let go", "set free"})
"""Verbs whose past has the form of their infinitive."""
_WHEN_OR_WHERE = frozenset({"after", "without", "unharmed", ".", ";", "on", "in", "at", "near", "yesterday", "today", "early", "late"})
_ONE_SHOT = frozenset({"a", "one", "single", "no", "another", "first", "warning", "every"})
"""What stands before a shot that is fired."""
_OF_WATER = frozenset({"drown", "suffocate"})
_UNHARMED = frozenset(
    "unharmed unhurt uninjured unscathed injury injuries injured death alive assassination attempt attack serious narrowly ambush blast punishment justice".split()
)
"""What one who escaped it was no captive of."""
_FIGURES = frozenset({"toll", "number", "total", "figure", "count", "deaths", "casualties", "fatalities"})
_BE = frozenset({"be", "is", "are", "was", "were", "been", "being", "'s"})
_AUXILIARIES = frozenset({"be", "have", "do", "get", "modals", "not"})
_PLAIN_AUXILIARIES = frozenset(
    {
        "be",
        "is",
        "are",
        "was",
        "were",
        "been",
        "being",
        "have",
        "has",
        "had",
        "do",
        "does",
        "did",
        "will",
        "would",
        "may",
        "might",
        "can",
        "could",
        "should",
        "must",
    }
)
