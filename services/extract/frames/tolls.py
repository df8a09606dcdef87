"""Figures that sum up: tolls and numbers of the killed, what they rose to, and those that hold no longer."""

from __future__ import annotations

from collections.abc import Sequence

from schemas import Measure, Qualifier

from ..syntax.clauses import Clauses
from ..syntax.nouns import NounPhrase
from ..syntax.pieces import Parsed, VerbGroup
from ..text.reasons import Reason
from ..words.groups import FIGHTING
from ..words.lexicon import Lexicon
from .mentions import Mention

STATED = 9
"""Chunks behind "deaths" among which its figure is looked for."""

STATED_LATER = 14
"""The same behind a participle, whose place and time stand between ("killed in the fighting since January number 26")."""

INSERTED = 8
"""Chunks of place and time between "the number of wounded" and its figure between commas."""

STATED_AT = 5
"""Words of time and place between what is put at a figure and its "at" ("put deaths since January at 288")."""

JUST = 4
"""Words right before a total among which the verb stands that brings or puts it to a figure."""

SUMS = frozenset({"number", "total", "tally", "figure", "count"})
"""Nouns that give a figure to the people behind their "of"."""


class Tolls:
    """Finds the figures of one sentence that sum up; places are indices of chunks."""

    def __init__(self, parsed: Parsed, clauses: Clauses, lexicon: Lexicon) -> None:
        self.tokens = parsed.tokens
        self.chunks = parsed.chunks
        self.clauses = clauses
        self.lexicon = lexicon
        self.taken: set[int] = set()
        """Places of verbs that only say of what a figure is, and tell nothing else."""

    def at(self, place: int, found: Sequence[Mention]) -> list[Mention] | None:
        """What a word like "toll" or "number of" gives a figure for, beside what was `found` so far; None where it is no such word."""
        low = self.tokens[self.chunks[place].last].low
        if low == "toll":
            return self._of_toll(place)
        if low == "those" and (brought := self.of_those(place, None, found)):
            return brought
        if low in SUMS and self.clauses.word(place + 1) == "of":
            summed = self.chunks[place + 2].noun if place + 2 < len(self.chunks) else None
            return [] if summed is not None and summed.quantity is not None else self._of_number(place)
        if low in SUMS and (told := self._of_participle(place)) is not None:
            return [told]
        if low in SUMS and found and self._just_before(place, _BRINGS):
            behind = self.chunks[place + 1].verb if place + 1 < len(self.chunks) else None
            figure = self._figure(place, 14) or (self._brought_before(place) if behind is not None else None)
            return [self._mention(behind.measure if behind is not None else found[-1].measure, figure, place)] if figure is not None else []
        return None

    def _of_participle(self, place: int) -> Mention | None:
        """The figure of "the number neutralized in Hakurk since May has risen to 312", whose participle says of what it is."""
        verb = self.chunks[place + 1].verb if self._only_says(place + 1) else None
        figure = self._totalled(place + 1) or self._figure(place + 1, 26) if verb is not None else None
        if verb is None or figure is None:
            return None
        self.taken.add(place + 1)
        return self._mention(verb.measure, figure, place, (self.chunks[place + 1].first, self.chunks[place + 1].last))

    def _only_says(self, at: int) -> bool:
        """Whether a participle stands at a place that says which people are meant, and has no object of its own."""
        verb = self.chunks[at].verb if 0 <= at < len(self.chunks) else None
        alone = verb is not None and verb.form in ("past", "participle", "adjective") and _bare(verb)
        return alone and not self.clauses.has_object(at)

    def numbered(self, place: int) -> list[Mention]:
        """The figure that those come to of whom a participle at a place says which they are ("fighters killed in May numbered over 600")."""
        people = self.chunks[place - 1].noun if place else None
        word = self.clauses.word(place - 1)
        plural = (word == "those" or word.endswith("s")) if people is None else people.plural and people.quantity is None
        verb = self.chunks[place].verb
        if verb is None or not plural or not self._only_says(place) or (figure := self._totalled(place)) is None:
            return []
        if people is not None:
            figure.regroup(people.group, Reason("as the noun that the number is of says"))
        self.taken.add(place)
        return [self._mention(verb.measure, figure, place)]

    def _totalled(self, place: int) -> NounPhrase | None:
        """The bare number that a verb of totals says of what a participle at `place` ends."""
        for at in range(place + 1, min(place + STATED_LATER, len(self.chunks) - 1)):
            noun = self.chunks[at + 1].noun
            if self.clauses.word(at) in _TOTALS and noun is not None:
                return noun if noun.quantity is not None and noun.sort == "none" else None
            if self.chunks[at].verb is not None or self.chunks[at].kind in ("break", "conjunction"):
                return None
        return None

    def of_rivals(self, place: int, noun: NounPhrase, found: Sequence[Mention]) -> list[Mention]:
        """The dead of the other side behind its possessive ("put its own losses at two dead, the attackers' at 19")."""
        bare = noun.quantity is not None and noun.sort == "none" and self.clauses.word(place - 1) == "at"
        if not bare or self.clauses.kind(place - 2) != "possessive" or not found or found[-1].measure is not Measure.KILLED:
            return []
        put = any(t.low in _PUTS for t in self.tokens[: found[-1].noun.first])
        return [Mention(Measure.KILLED, noun, self.chunks[place], "counted", place)] if put else []

    def of_those(self, place: int, noun: NounPhrase | None, found: Sequence[Mention]) -> list[Mention]:
        """The number to which those at a place are brought ("brought to 9,871 those repatriated", "bringing to 12 the victims of a feud")."""
        figure = self.chunks[place - 1].noun if place > 2 else None
        if figure is None or figure.quantity is None or figure.sort != "none":
            return []
        if noun is not None and (noun.definite == "indefinite" or noun.quantity is not None):
            return []
        if self.clauses.word(place - 2) != "to" or self.tokens[self.chunks[place - 3].last].low not in _BRINGS:
            return []
        if self._only_says(place + 1) and (verb := self.chunks[place + 1].verb) is not None:
            self.taken.add(place + 1)
            return [self._mention(verb.measure, figure, place)]
        if noun is None:
            return []
        last = next((m for m in reversed(found) if m.noun.sort in ("person", "none")), None)
        measure = noun.measure if noun.sort == "state" else last.measure if noun.lemma == "victim" and last is not None else None
        return [self._mention(measure, figure, place)] if isinstance(measure, Measure) else []

    def revised(self, place: int, noun: NounPhrase, found: Sequence[Mention]) -> list[Mention]:
        """What "the figure" of the people told of before is brought to."""
        return (self.at(place, found) or []) if noun.lemma == "figure" and noun.quantity is None else []

    def _just_before(self, place: int, words: frozenset[str]) -> bool:
        """Whether one of some words stands right before a place."""
        chunk = self.chunks[place]
        return any(t.low in words for t in self.tokens[max(0, chunk.first - JUST) : chunk.last])

    def stated(self, place: int) -> NounPhrase | None:
        """The figure that is said of "deaths" or "the dead" at a place ("arrests totalled 212", "put the dead at 18")."""
        put = self._just_before(place, _PUTS)
        for at in range(place + 1, min(place + STATED, len(self.chunks))):
            noun = self.chunks[at].noun
            if noun is not None and noun.quantity is not None:
                if self.clauses.kind(at - 1) == "preposition" and noun.sort != "none" and not self._states(at, place, put=put):
                    continue  # "fatalities from these 447 attacks came to 1,350"
                plain = noun.sort == "none" or (noun.sort == "unknown" and noun.last == noun.quantity.last)
                return noun if plain and self._states(at, place, put=put) and not self.clauses.verb_follows(at) else None
            if self.chunks[at].kind == "comma" and self.clauses.word(at + 1) == "at" and at == place + 1:
                continue  # "deaths, at 131, were the lowest"
            if put and self.clauses.word(at) == "since":
                continue  # "put deaths since January at 288"
            if self.chunks[at].kind in ("comma", "relative", "subordinator", "conjunction") or self.chunks[at].verb is not None:
                return None
        return None

    def _states(self, at: int, place: int, *, put: bool) -> bool:
        """Whether the word before a figure makes it that of the noun at `place`."""
        before = [t.low for t in self.tokens[self.chunks[place].last + 1 : self.chunks[at].first]]
        if not before:
            return False
        last = before[-1]
        if before == [",", "at"]:
            return True
        if last in _TOTALS or (last in ("were", "was", "are", "is") and len(before) == 1):
            return True
        stands = last in ("to", "at") and len(before) > 1 and before[-2] in _STANDS
        return stands or (last == "at" and put and len(before) <= STATED_AT)

    def _of_toll(self, place: int) -> list[Mention]:
        """The figure of a toll; an earlier toll is none."""
        before = {self.clauses.word(place - 1), self.clauses.word(place - 2)}
        if before & _PASSED:
            return []
        behind = self.chunks[place + 1].noun if place + 1 < len(self.chunks) else None
        bare = behind if behind is not None and behind.quantity is not None and behind.sort == "none" else None
        noun = bare or self._figure(place, 22) or self._behind_of(place)
        measure = Measure.INJURED if before & {"injury", "injuries", "wounded"} else Measure.KILLED
        return [self._mention(measure, noun, place)] if noun is not None else []

    def _of_number(self, place: int) -> list[Mention]:
        """The figure of a number of people killed, injured, missing; of fighters of whom nothing else is said, of how many there are."""
        for at in range(place + 2, min(place + 6, len(self.chunks))):
            verb, noun = self.chunks[at].verb, self.chunks[at].noun
            entry = self.lexicon[self.clauses.word(at)]
            state = noun.measure if noun is not None and noun.sort in ("state", "counted") else entry.state or entry.counted
            measure = verb.measure if verb is not None else state
            if noun is not None and noun.group in FIGHTING and _LEFT & {t.low for t in self.tokens[noun.first : noun.last + 2]}:
                measure = Measure.FIGHTERS_REMAINING
            if verb is not None and not verb.passive and self.clauses.kind(at - 1) == "relative" and self.clauses.has_object(at):
                return []  # "the number of rebels who killed 12 soldiers"
            if isinstance(measure, Measure):
                figure = self._apposed(at) or self._put_before(place) or self._figure(at, 26) or self._brought_before(place)
                if figure is not None and verb is not None and (verb.passive or not self.clauses.has_object(at)):
                    self.taken.add(at)
                return [self._mention(measure, figure, place, (self.chunks[at].first, self.chunks[at].last))] if figure is not None else []
        noun = self.chunks[place + 2].noun if place + 2 < len(self.chunks) else None
        if noun is None or noun.group not in FIGHTING or noun.sort == "deed" or self.clauses.kind(place + 3) == "relative":
            return []
        figure = self._figure(place + 2, 14) or self._brought_before(place)
        if figure is not None:
            figure.group = noun.group
        return [Mention(Measure.FIGHTERS_REMAINING, figure, self.chunks[place], "remaining", place)] if figure is not None else []

    def _apposed(self, place: int) -> NounPhrase | None:
        """The bare number between commas right behind a place ("the number of wounded, 70, stands")."""
        at = place + 1
        while at < place + INSERTED and self.clauses.kind(at) in ("preposition", "noun", "word"):
            at += 1
        noun = self.chunks[at + 1].noun if at + 2 < len(self.chunks) else None
        bare = noun is not None and noun.quantity is not None and noun.sort == "none" and noun.whole is None
        return noun if bare and self.clauses.kind(at) == self.clauses.kind(at + 2) == "comma" else None

    def _mention(self, measure: Measure, noun: NounPhrase, place: int, word: tuple[int, int] | None = None) -> Mention:
        rival = self._just_before(place, _PUTS)
        return Mention(measure, noun, self.chunks[place], "toll", place, includes=not rival, word=word)

    def _figure(self, place: int, reach: int) -> NounPhrase | None:
        """The bare number that something stands at, rose to or reached."""
        for at in range(place + 1, min(place + reach, len(self.chunks))):
            noun = self.chunks[at].noun
            counted = noun is not None and noun.quantity is not None and noun.sort in ("none", "person", "unknown")
            if noun is not None and counted and self.clauses.word(at - 1) in _AT:
                return noun
            bounded = noun is not None and noun.quantity is not None and noun.quantity.qualifier is not Qualifier.EXACT
            if counted and bounded and self.clauses.word(at - 1) in _CHANGES:
                return noun  # "fell below 400"
            if self.chunks[at].kind == "break" and self.clauses.word(at) != ":":
                return None
        return None

    def _behind_of(self, place: int) -> NounPhrase | None:
        """The number of "a toll of 27"."""
        noun = self.chunks[place + 2].noun if place + 2 < len(self.chunks) else None
        return noun if self.clauses.word(place + 1) == "of" and noun is not None and noun.quantity is not None else None

    def _put_before(self, place: int) -> NounPhrase | None:
        """The number of "put at 478 the number of rebels killed since June"."""
        return self._brought_before(place) if self._just_before(place, _PUTS | _BRINGS) else None

    def _brought_before(self, place: int) -> NounPhrase | None:
        """The number of "brings to 71 the number of people killed"."""
        for at in range(place - 1, max(0, place - 4), -1):
            noun = self.chunks[at].noun
            if noun is not None and noun.quantity is not None and self.clauses.word(at - 1) in ("to", "at"):
                return noun
        return None

    def is_summed(self, place: int) -> bool:
        """Whether a participle at a place only says of what a number is ("put the number of injured at 40")."""
        verb = self.chunks[place].verb
        behind = self.clauses.word(place - 1) == "of" and self.clauses.word(place - 2) in SUMS
        return verb is not None and behind and verb.form in ("past", "participle", "adjective") and _bare(verb)

    def governs(self, place: int) -> bool:
        """Whether the noun at a place only says what a toll is of ("the toll of the attacks rose to nine")."""
        if self.clauses.kind(place - 1) == "noun":
            place -= 1  # "the toll from Saturday's truck bombings"
        before = self.clauses.word(place - 2)
        caused = self.clauses.word(place - 1) == "by" and before in _CAUSED  # "casualties caused by the raids rose to 27"
        return caused or (self.clauses.kind(place - 1) == "preposition" and before in _FIGURES)

    def risen_to(self, place: int) -> NounPhrase | None:
        """The number that something "rose to" or "fell to"."""
        changed = False
        for at in range(place + 1, min(place + 18, len(self.chunks))):
            noun = self.chunks[at].noun
            changed = changed or self.clauses.word(at) in _CHANGES
            if (
                changed
                and noun is not None
                and noun.quantity is not None
                and self.clauses.word(at - 1) == "to"
                and noun.sort in ("none", "unknown", "deed")
            ):
                return noun
            if self.chunks[at].kind in ("break", "subordinator") or self.chunks[at].verb is not None:
                return None
        return None

    def superseded(self, noun: NounPhrase) -> bool:
        """Whether the words say that a figure holds no longer, or only compare with it ("an earlier toll of 27", "up from 30")."""
        clause = [t.low for t in self.tokens[max(0, noun.first - 12) : noun.first]]
        for mark in (",", ";", "but", "."):
            if mark in clause:
                clause = clause[len(clause) - clause[::-1].index(mark) :]
        if not _PASSED.isdisjoint(clause) and not _FIGURES.isdisjoint(clause) and _CHANGES.isdisjoint(clause):
            return True
        before = [t.low for t in self.tokens[max(0, noun.first - 6) : noun.first]]
        if before[-1:] == ["from"] and before[-2:-1] and (before[-2] in _CHANGES or before[-2] in ("up", "down")):
            return True
        if (
            before[-1:] in (["of"], ["that"]) and len(before) > 2 and before[-2] in _FIGURES and set(before[-4:-2]) & _PASSED
        ):  # "an earlier toll of"
            return True
        return before[-2:] in (["compared", "with"], ["compared", "to"], ["rather", "than"], ["instead", "of"])


def _bare(verb: VerbGroup) -> bool:
    """Whether no auxiliary stands before a participle, and at most an adverb ("the number of internally displaced people")."""
    return all(word.endswith("ly") for word in verb.auxiliaries)


_CHANGES = frozenset(
    "rose risen rise rises rising fell fallen fall falls falling dropped drop drops climbed climb climbs increased increase increases decreased decrease decreases declined decline jumped surged plunged went up down soared doubled grew grown".split()
)
"""Words of change before "to N"."""
_BRINGS = frozenset(
    "revise revised revises revising lift lifted lifts lower lowered lowers correct corrected update updated adjust adjusted bring brings bringing brought raise raises raising raised take takes taking took push pushes pushing pushed".split()
)
"""Verbs by which a total grows."""
_LEFT = frozenset({"remaining", "left", "active", "remain"})
"""Words by which the number of fighters is a stock."""
_PUTS = frozenset({"put", "puts", "putting", "placed"})
"""Verbs by which another teller gives a figure of its own."""
_AT = frozenset(
    "to at of is was as reached reaches hit hits passed passes topped tops exceeded exceeds stands surpassed surpasses past now nears : over".split()
)
"""Words before the figure of a toll."""
_TOTALS = frozenset(
    "numbered number totalled totaled total totalling totaling reached reach reaches exceeded exceed exceeds topped top tops passed pass passes hit hits surpassed surpass surpasses".split()
)
"""Words right before a figure that say it of the noun before them."""
_STANDS = frozenset("came come comes amounted amount amounts stood stands stand put estimated reported recorded".split())
"""The same, with "to" or "at"."""
_PASSED = frozenset({"earlier", "previous", "initial", "last", "prior"})
"""Words before a toll that holds no longer."""
_CAUSED = frozenset({"caused", "inflicted", "left", "wrought", "claimed"})
_FIGURES = frozenset({"toll", "count", "figure", "tally", "estimate", "number", "total", "report", "reports"})
"""Nouns of figures, as they stand behind those."""
