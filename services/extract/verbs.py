"""Frames of verbs: whom a verb of a measure counts, active or passive, alone or joined to others."""

from __future__ import annotations

from dataclasses import replace

from schemas import Group, Measure

from .chunks import Chunk, Parsed, VerbGroup
from .clauses import Clauses
from .mentions import Mention
from .nouns import NounPhrase
from .rows import PEOPLE_LIKE

WIDE = frozenset(
    {
        "execute",
        "hold",
        "held",
        "release",
        "capture",
        "free",
        "strike",
        "hit",
        "eliminate",
        "rescue",
        "liberate",
        "batter",
        "burn",
        "hack",
        "seize",
    }
)
"""Verbs that are said of things as well: their objects count only where the noun is known to mean people."""

FLED = frozenset({"flee", "fled", "fleeing"})
"""Forms of a verb that displaces those who live somewhere, and says of a gunman only that he got away."""

MANY = 20
"""Fewer who flee, and of whom is not said that they live there, may be two suspects on a motorbike."""

COLLECTIVE = frozenset({"staff", "personnel", "crew", "police"})
"""Nouns that are one or many, as their verb says."""


class Verbs:
    """Finds the mentions of one sentence that verbs tell; places are indices of chunks."""

    def __init__(self, parsed: Parsed, clauses: Clauses) -> None:
        self.parsed = parsed
        self.chunks = parsed.chunks
        self.clauses = clauses

    def mixed(self, mention: Mention) -> bool:
        """Whether two fates are counted in one ("40 killed and wounded", "30 were killed or captured"): nobody can tell them apart."""
        verb = mention.verb
        if verb is None or verb.measure is not Measure.KILLED or mention.noun.quantity is None or mention.noun.quantity.value == 1:
            return False
        for joint in (mention.place + 1, mention.place - 1):
            other = self.chunks[2 * joint - mention.place].verb if 0 < joint < len(self.chunks) - 1 else None
            mixed = other is not None and (
                (other.measure is Measure.INJURED and not other.harm)
                if self.clauses.word(joint) == "and"
                else other.measure is not verb.measure
            )
            if self.clauses.word(joint) in ("and", "or") and mixed:
                return self.clauses.patients.get(2 * joint - mention.place, [])[:1] == [mention.noun]
        return False

    def at(self, place: int, chunk: Chunk, verb: VerbGroup) -> list[Mention]:
        """What a verb counts."""
        passive = verb.passive if verb.passive is not None else not self.clauses.has_object(place)
        if passive and verb.passive is None and self.clauses.shares_object(place):
            verb.passive = False  # "gunmen shot and killed two men": told by the second verb
            return []
        shared = self.clauses.behind_another(place) if passive and verb.passive is None else None
        if shared is not None:
            passive, agent = False, next(iter(self.clauses.subjects(place)), None)
            nouns = self.clauses.objects(shared)
        else:
            nouns, agent = self._who(place, verb, passive=passive)
        if passive and verb.passive is None and verb.transitive and self._doer(place):
            passive, agent = False, self.chunks[place - 1].noun
            nouns = self._left_behind(place)
        verb.passive = passive
        self._agree(nouns, verb)
        self.clauses.patients[place] = nouns
        mentions = [
            Mention(verb.measure, noun, chunk, "verb", place, agent, harm=verb.harm)
            for noun in nouns
            if noun.sort in PEOPLE_LIKE
            and not (verb.lemma in WIDE and self._may_be_things(noun))
            and not (verb.lemma in FLED and not _driven_out(noun))
        ]
        for mention in mentions:
            mention.siblings = mentions
        return mentions

    def _who(self, place: int, verb: VerbGroup, *, passive: bool) -> tuple[list[NounPhrase], NounPhrase | None]:
        """Whom a verb counts, and who did it."""
        if not passive:
            nouns = self.clauses.objects(place + 1)
            nouns += [noun for noun in self.clauses.joined_later(place) if nouns and all(noun is not n for n in nouns)]
            return nouns, next(iter(self.clauses.subjects(place)), None)
        nouns = self.clauses.subjects(place)
        nouns += [noun for noun in self.clauses.company(place) if nouns and all(noun is not n for n in nouns)]
        whole = nouns[0].whole if len(nouns) == 1 and not verb.auxiliaries else None
        if whole is not None and whole.quantity is not None and whole.definite == "indefinite":
            nouns = [whole]
        return nouns, self.clauses.by(place)

    def _agree(self, nouns: list[NounPhrase], verb: VerbGroup) -> None:
        """Let what is said of all of a verb's noun phrases hold for each: negation, number, group."""
        if nouns and nouns[0].negative:
            for noun in nouns[1:]:
                noun.negative = noun.negative or noun.quantity is None
        for noun in nouns:
            if verb.passive and noun.quantity is None and noun.lemma in COLLECTIVE and {"was", "is", "has"} & set(verb.auxiliaries):
                noun.plural = False
        if len(nouns) > 1 and nouns[-1].group is not Group.PEOPLE:
            for noun in nouns[:-1]:
                if noun.lemma in ("male", "female", "") and noun.sort in ("person", "none"):
                    noun.group = nouns[-1].group

    def gapped(self, mention: Mention) -> list[Mention]:
        """Numbers that share a verb which is not said again ("five were killed in Tank and four in Bajaur")."""
        place = max(mention.place, next((i for i, c in enumerate(self.chunks) if c.noun is mention.noun), 0))
        if (other := self._other_side(place, mention)) is not None:
            return [replace(mention, noun=other, part_of=None, siblings=[])]
        if self.clauses.word(place + 1) not in _WHERE:
            return []
        found = []
        for at in range(place + 2, min(place + 14, len(self.chunks) - 2)):
            if self.chunks[at].verb is not None or self.chunks[at].kind in ("break", "subordinator", "relative", "auxiliary"):
                break
            noun = self.chunks[at].noun
            bare = noun is not None and noun.sort == "none" and noun.quantity is not None and noun.whole is None
            if bare and noun is not None and self.clauses.kind(at - 1) in ("conjunction", "comma") and self.clauses.word(at + 1) in _WHERE:
                noun.group, mention.placed = mention.noun.group, True
                found.append(replace(mention, noun=noun, part_of=None, siblings=[]))
        return found

    def _other_side(self, place: int, mention: Mention) -> NounPhrase | None:
        """What another subject shares the verb for ("the army lost 11 soldiers and the rebels about 60 fighters")."""
        if self.clauses.kind(place + 1) != "conjunction" or place + 3 >= len(self.chunks) or mention.agent is None:
            return None
        side, other = self.chunks[place + 2].noun, self.chunks[place + 3].noun
        sides = side is not None and side.quantity is None and side.sort in ("person", "body") and side.definite == "definite"
        counted = other is not None and other.quantity is not None and other.sort in ("person", "none")
        return other if sides and counted and not self.clauses.verb_follows(place + 3) else None

    def _doer(self, place: int) -> bool:
        """Whether a pronoun right before a verb without an object does it ("the 16 students they abducted")."""
        noun = self.chunks[place - 1].noun if place else None
        verb = self.chunks[place].verb
        return noun is not None and noun.lemma in ("they", "he", "she", "we") and verb is not None and not verb.auxiliaries

    def _left_behind(self, place: int) -> list[NounPhrase]:
        """The noun phrase that a relative clause without a relative pronoun says its verb of."""
        noun = self.chunks[place - 2].noun if place > 1 else None
        if noun is None or noun.sort not in PEOPLE_LIKE:
            return []
        return [noun.whole] if noun.whole is not None and noun.whole.sort != "pronoun" else [noun]

    def _may_be_things(self, noun: NounPhrase) -> bool:
        """Whether nothing says that these are people: an unknown noun, or a number before an unknown word."""
        if noun.sort == "unknown" or noun.lemma == "target":
            return True
        following = next((c for c in self.chunks if c.first > noun.last), None)
        return (
            noun.sort == "none"
            and noun.quantity is not None
            and following is not None
            and following.kind == "word"
            and not self.parsed.tokens[following.first].low.endswith(("ly", "ed"))
        )


_WHERE = frozenset("in at near outside around across".split())
"""Prepositions of places."""


def _driven_out(noun: NounPhrase) -> bool:
    """Whether those who fled are people of the place, and so are displaced."""
    if noun.quantity is None or noun.group not in (Group.PEOPLE, Group.CIVILIANS, Group.CHILDREN, Group.WOMEN, Group.HOSTAGES):
        return False
    return noun.group is not Group.PEOPLE or noun.quantity.value >= MANY
