"""Frames of verbs: whom a verb of a measure counts, active or passive, alone or joined to others."""

from __future__ import annotations

from dataclasses import replace

from schemas import Group, Measure

from ..syntax.clauses import Clauses
from ..syntax.conjuncts import without_names, without_shared
from ..syntax.nouns import NounPhrase
from ..syntax.pieces import Chunk, Parsed, VerbGroup
from ..syntax.rows import PEOPLE_LIKE
from ..words.groups import FIGHTING
from .mentions import Mention

WIDE = frozenset(
    {
        "execute",
        "hold",
        "held",
        "holding",
        "holds",
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
        "hang",
        "snatch",
        "swap",
        "take out",
        "handed",
        "handing",
        "turned",
        "let out",
        "put",
        "puts",
        "putting",
        "took",
        "taken",
        "led",
        "carried",
        "take back",
        "wipe out",
    }
)
"""Verbs that are said of things as well: their objects count only where the noun is known to mean people."""

FLED = frozenset({"flee", "fled", "fleeing"})
"""Forms of a verb that displaces those who live somewhere, and says of a gunman only that he got away."""

MANY = 20
"""Fewer who flee, and of whom is not said that they live there, may be two suspects on a motorbike."""

PURSUIT = 10
"""Chunks before a verb among which those are looked for who were pursued."""

CAPTORS = 6
"""Words behind those who fled, up to the captors."""

ALIKE = "as those told beside it"

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
        if verb is None or mention.noun.quantity is None or mention.noun.quantity.value == 1:
            return False
        for joint in (mention.place + 1, mention.place - 1):
            other = self.chunks[2 * joint - mention.place].verb if 0 < joint < len(self.chunks) - 1 else None
            if other is not None and self._apart(verb, other, self.clauses.word(joint)):
                return self.clauses.patients.get(2 * joint - mention.place, [])[:1] == [mention.noun]
        return False

    @staticmethod
    def _apart(verb: VerbGroup, other: VerbGroup, joint: str) -> bool:
        """Whether two verbs tell of two fates of which each of those counted met one: killed or captured, killed and wounded."""
        if joint == "or":
            return other.measure is not verb.measure
        fates = {verb.measure, other.measure}
        return joint == "and" and fates == {Measure.KILLED, Measure.INJURED} and not (verb.harm or other.harm)

    def _alternatives(self, place: int) -> bool:
        """Whether the verb at `place` is one of several with one object, each of which may have met anyone ("killed or captured 30")."""
        row = self._row_of_verbs(place)
        verbs = [verb for at in row if (verb := self.chunks[at].verb) is not None]
        if (
            len(row) < 2
            or any(verb.form == "adjective" for verb in verbs)
            or not self.clauses.has_object(row[-1])
            or any(verb.auxiliaries for verb in verbs[1:])
        ):
            return False
        joint = self.clauses.word(row[-1] - 1)
        return any(self._apart(verb, verbs[-1], joint) for verb in verbs[:-1])

    def _row_of_verbs(self, place: int) -> list[int]:
        """The verbs that stand side by side, with only commas, "and" and "or" between."""
        row = [place]
        while row[0] >= 2 and self.chunks[row[0] - 2].verb is not None and self.clauses.kind(row[0] - 1) in ("comma", "conjunction"):
            row.insert(0, row[0] - 2)
        while (
            row[-1] + 2 < len(self.chunks)
            and self.chunks[row[-1] + 2].verb is not None
            and self.clauses.kind(row[-1] + 1) in ("comma", "conjunction")
        ):
            row.append(row[-1] + 2)
        return row

    def at(self, place: int, chunk: Chunk, verb: VerbGroup) -> list[Mention]:
        """What a verb counts."""
        if self._ends_a_deed(place, verb):
            return []  # "shot a farmer dead"
        if self._alternatives(place) or self._only_hits(place, verb):
            verb.passive = False
            return []
        passive = verb.passive if verb.passive is not None else not self.clauses.has_object(place) or self._lists(place)
        if passive and verb.passive is None and self.clauses.shares_object(place):
            verb.passive = False
            second = self.chunks[place + 2].verb
            if verb.harm or second is None or second.measure is verb.measure:
                return []  # "gunmen shot and killed two men": told by the second verb
            return self._of_shared(place, chunk, verb)
        shared = self.clauses.behind_another(place) if passive and verb.passive is None else None
        if shared is not None:
            passive, agent = False, next(iter(self.clauses.subjects(place)), None)
            nouns = self.clauses.objects(shared)
        else:
            nouns, agent = self._who(place, verb, passive=passive)
        if passive and verb.passive is None and verb.transitive and self._doer(place):
            passive, agent = False, self.chunks[place - 1].noun
            nouns = self._left_behind(place)
        if not passive and not nouns and verb.lemma == "held" and self._doer(place):
            agent, nouns = self.chunks[place - 1].noun, self._left_behind(place)
        verb.passive = passive
        nouns = [self._of_pursued(place, noun) for noun in without_shared(without_names(nouns))]
        self._agree(nouns, verb)
        self.clauses.patients[place] = nouns
        mentions = [
            Mention(self._measure(verb, noun, agent, taken=self._was_taken(noun, chunk)), noun, chunk, "verb", place, agent, harm=verb.harm)
            for noun in nouns
            if noun.sort in PEOPLE_LIKE
            and not (verb.lemma in WIDE and self._may_be_things(noun))
            and not (verb.lemma in _TAKEN_TOWNS and noun.sort == "name")
            and not (verb.lemma in FLED and not _driven_out(noun))
            and not (verb.lemma == "evacuate" and (noun.attributive is not None or not _driven_out(noun)))
            and not (verb.lemma == "crossed" and noun.lemma not in _ABROAD and not _driven_out(noun))
            and not (verb.lemma == "exchange" and noun.measure is not Measure.HELD)
            and not (verb.lemma == "pick up" and self._helped(place))
            and not (verb.measure is Measure.RELEASED and noun.lemma in _REMAINS)
            and not (verb.lemma in _HANDED and verb.auxiliaries and verb.measure is Measure.RELEASED and not self._were_captive(noun))
            and not (verb.lemma == "let out" and noun.measure is not Measure.HELD)
            and not (verb.lemma in _RETURNED and noun.lemma not in _ABROAD)
        ]
        located = len(mentions) > 1 and all(self._located(mention.noun) for mention in mentions)
        for mention in mentions:
            mention.siblings, mention.placed = mentions, located
        return mentions

    def _of_pursued(self, place: int, noun: NounPhrase) -> NounPhrase:
        """A part of "them" who have just been fought or pursued, as one of those ("pursued the assailants and killed three of them")."""
        whole = noun.whole
        if whole is None or whole.sort != "pronoun" or noun.but or self.chunks[place].verb is None:
            return noun
        for at in range(place - 1, max(0, place - PURSUIT), -1):
            those = self.chunks[at].noun
            if self.chunks[at].verb is not None or self.chunks[at].kind in ("relative", "subordinator"):
                return noun
            if those is None or those is noun or those.sort not in ("person", "pronoun"):
                continue
            met = those.plural and at > 1 and (self.clauses.acts(at - 1) or self.clauses.word(at - 1) in _AGAINST)
            meant = those.group in FIGHTING or not self.clauses.patients
            return replace(noun, whole=those, group=those.group, lemma=those.lemma, sort="person") if met and meant else noun
        return noun

    def _whom(self, place: int) -> NounPhrase | None:
        """Who stands before a relative clause whose verb has its object there ("104 migrants whom armed men had abducted")."""
        return self.chunks[place - 3].noun if place > 2 and self.clauses.kind(place - 2) == "relative" else None

    def _of_shared(self, place: int, chunk: Chunk, verb: VerbGroup) -> list[Mention]:
        """Those whom two verbs with one object befell ("arrested and later released 12 students")."""
        agent = next(iter(self.clauses.subjects(place)), None)
        nouns = [
            noun
            for noun in self.clauses.objects(place + 3)
            if noun.sort in PEOPLE_LIKE and not (verb.lemma in WIDE and self._may_be_things(noun))
        ]
        mentions = [Mention(verb.measure, noun, chunk, "verb", place, agent) for noun in nouns]
        for mention in mentions:
            mention.siblings = mentions
        return mentions

    def _located(self, noun: NounPhrase) -> bool:
        """Whether a place follows a noun phrase at once ("three people in Mosul and two in Kirkuk")."""
        behind = self.parsed.tokens[noun.last + 1].low if noun.last + 1 < len(self.parsed.tokens) else ""
        return noun.quantity is not None and behind in _PLACED

    def _says_whose(self, place: int) -> bool:
        """Whether a relative clause begins with the verb at `place`, which says it of all ("five of the seven who broke out")."""
        return self.clauses.kind(place - 1) == "relative" and self.clauses.kind(place - 2) == "noun"

    def _only_says_which(self, place: int, verb: VerbGroup) -> bool:
        return not verb.auxiliaries and verb.transitive and (self._reduced(place) or self._told_of(place))

    def _told_of(self, place: int) -> bool:
        """Whether those right before the verb at `place` are whom another counts, so that it only says who is meant."""
        noun = self.chunks[place - 1].noun if place else None
        return noun is not None and any(noun is each for nouns in self.clauses.patients.values() for each in nouns)

    def _reduced(self, place: int) -> bool:
        """Whether the verb at `place` only says which people are meant, since another says what befell some of them."""
        behind = self.chunks[place + 1 : place + 12]
        ends = next((i for i, c in enumerate(behind) if c.kind in ("break", "relative", "subordinator")), len(behind))
        return any(c.kind == "auxiliary" or (c.verb is not None and c.verb.auxiliaries) for c in behind[:ends])

    def _were_captive(self, noun: NounPhrase) -> bool:
        """Whether the sentence says that those who are handed to somebody had been captives, and are neither dead nor hurt."""
        if noun.attributive is not None or noun.lemma in _HARMED or (noun.whole is not None and noun.whole.lemma in _HARMED):
            return False
        return noun.measure is Measure.HELD or not _CAPTIVITY.isdisjoint(t.low for t in self.parsed.tokens)

    def _was_taken(self, noun: NounPhrase, chunk: Chunk) -> bool:
        """Whether the words right behind those before a verb say that they had been taken ("two porters seized in May fled")."""
        behind = noun.last + 1
        lows = [t.low for t in self.parsed.tokens[behind : min(chunk.first, behind + CAPTORS)]]
        by_captors = lows[:1] in (["held"], ["seized"], ["captured"], ["taken"]) and lows[1:2] == ["by"] and not _CAPTORS.isdisjoint(lows)
        return by_captors or not _TAKEN.isdisjoint(lows[:1])

    @staticmethod
    def _measure(verb: VerbGroup, noun: NounPhrase, agent: NounPhrase | None, *, taken: bool) -> Measure:
        """Who flees from captivity has escaped; whom the police seize they detain."""
        if verb.lemma == "seize" and ((agent is not None and agent.group is Group.POLICE) or noun.lemma in _SUSPECTS):
            return Measure.DETAINED
        return Measure.ESCAPED if verb.lemma in FLED and (taken or noun.lemma in _INMATES) else verb.measure

    def _helped(self, place: int) -> bool:
        """Whether people are picked up by those who help them."""
        behind = {t.low for chunk in self.chunks[place + 1 : place + 7] for t in self.parsed.tokens[chunk.first : chunk.last + 1]}
        return not _HELPERS.isdisjoint(behind)

    def _ends_a_deed(self, place: int, verb: VerbGroup) -> bool:
        """Whether "dead" only says what came of the verb before the same people."""
        before = self.chunks[place - 2].verb if place > 1 and self.chunks[place - 1].noun is not None else None
        if place > 1 and self.clauses.kind(place - 1) == "comma":
            before = next((c.verb for c in reversed(self.chunks[max(0, place - PURSUIT) : place]) if c.verb is not None), None)
            before = before if before is not None and before.lemma == "shoot" else None
        return (
            verb.form == "adjective"
            and not verb.auxiliaries
            and before is not None
            and before.measure is verb.measure
            and not before.passive
        )

    def _lists(self, place: int) -> bool:
        """Whether figures only stand in a row ("5 killed 3 injured"), so that the second is no object of the first's verb."""
        if place < 1 or place + 2 >= len(self.chunks):
            return False
        subject, figure, behind = self.chunks[place - 1].noun, self.chunks[place + 1].noun, self.chunks[place + 2].verb
        bare = figure is not None and figure.sort == "none" and figure.quantity is not None
        return bare and subject is not None and subject.quantity is not None and behind is not None and not behind.auxiliaries

    def _only_hits(self, place: int, verb: VerbGroup) -> bool:
        """Whether something is struck that is nobody ("militants struck twice", "the bomber hit a convoy")."""
        if verb.lemma not in _HITS or verb.passive is True or self.clauses.has_object(place):
            return False
        return self.clauses.by(place) is None

    def _who(self, place: int, verb: VerbGroup, *, passive: bool) -> tuple[list[NounPhrase], NounPhrase | None]:
        """Whom a verb counts, and who did it."""
        if not passive:
            nouns = self.clauses.objects(place + 1)
            nouns += [noun for noun in self.clauses.joined_later(place) if nouns and all(noun is not n for n in nouns)]
            if (whom := self._whom(place)) is not None and all(noun.sort not in PEOPLE_LIKE for noun in nouns):
                nouns = [whom]
            return nouns, next(iter(self.clauses.subjects(place)), None)
        nouns = self.clauses.subjects(place)
        if not nouns and verb.auxiliaries[:1] == ("both",):
            first = self.chunks[place].first
            nouns = [NounPhrase(first, first, "both", "pronoun", definite="pronoun", plural=True)]
        nouns += [noun for noun in self.clauses.company(place) if nouns and all(noun is not n for n in nouns)]
        if verb.measure is Measure.KILLED and verb.auxiliaries and nouns and (beside := self.clauses.opening_company(place)) is not None:
            nouns.append(beside)
        whole = nouns[0].whole if len(nouns) == 1 else None
        if whole is not None and whole.quantity is not None and (self._says_whose(place) or self._only_says_which(place, verb)):
            nouns = [whole]
        return nouns, self.clauses.by(place)

    def _agree(self, nouns: list[NounPhrase], verb: VerbGroup) -> None:
        """Let what is said of all of a verb's noun phrases hold for each: negation, number, group."""
        if nouns and nouns[0].quantity is None and self.parsed.tokens[nouns[0].first].low == "no":
            nouns[0].negative = True  # "no Afghan or coalition forces"
        if nouns and nouns[0].quantity is not None and nouns[0].first and self.parsed.tokens[nouns[0].first - 1].low == "not":
            nouns[0].negative = nouns[0].negative or nouns[0].quantity.value == 1  # "not one of the passengers"
        if nouns and nouns[0].negative:
            for noun in nouns[1:]:
                noun.negative = noun.negative or noun.quantity is None
        for noun in nouns:
            if verb.passive and noun.quantity is None and noun.lemma in COLLECTIVE and {"was", "is", "has"} & set(verb.auxiliaries):
                noun.plural = False
        if len(nouns) > 1 and nouns[-1].group is not Group.PEOPLE:
            for noun in nouns[:-1]:
                if noun.lemma in ("male", "female", "") and noun.sort in ("person", "none"):
                    noun.regroup(nouns[-1].group, self.parsed.reason(ALIKE, nouns[-1].first, nouns[-1].last))

    def _doer(self, place: int) -> bool:
        """Whether a pronoun right before a verb without an object does it ("the 16 students they abducted")."""
        noun = self.chunks[place - 1].noun if place else None
        verb = self.chunks[place].verb
        if noun is None or verb is None or noun.lemma not in ("they", "he", "she", "we", "it"):
            return False
        return not verb.auxiliaries or verb.auxiliaries in (("has",), ("have",))

    def _left_behind(self, place: int) -> list[NounPhrase]:
        """The noun phrase that a relative clause without a relative pronoun says its verb of."""
        noun = self.chunks[place - 2].noun if place > 1 else None
        if noun is None or noun.sort not in PEOPLE_LIKE:
            return []
        return [noun.whole] if noun.whole is not None and noun.whole.sort != "pronoun" else [noun]

    def _may_be_things(self, noun: NounPhrase) -> bool:
        """Whether nothing says that these are people: an unknown noun, or a number before an unknown word."""
        if noun.sort == "unknown":
            head = self.parsed.tokens[noun.last]
            if any(c.isdigit() for c in head.text):
                return True  # the name of a weapon or a car: "seized 9 AK-47s"
            return not (noun.lemma.endswith(_TRADES) or (head.capital and not self.parsed.heading))
        if noun.lemma == "target":
            return True
        following = next((c for c in self.chunks if c.first > noun.last), None)
        return (
            noun.sort == "none"
            and noun.whole is None
            and noun.quantity is not None
            and following is not None
            and following.kind == "word"
            and not self.clauses.lexicon.cue(self.parsed.tokens[following.first].low, "adverbs")
            and not self.parsed.tokens[following.first].low.endswith(("ly", "ed"))
        )


_TRADES = ("ist", "ian", "eer", "man", "men", "woman", "women", "smith", "ologist", "worker", "keeper", "seeker")
"""Endings of nouns that are in no table, and still mean people."""
_INMATES = frozenset({"inmate", "prisoner", "detainee", "hostage", "captive", "convict"})
_CAPTORS = frozenset("rebels gunmen militants kidnappers bandits insurgents guerrillas fighters extremists jihadists militiamen".split())
"""By whom people are held who then flee from them."""
_TAKEN = frozenset("abducted kidnapped imprisoned jailed".split())
"""Participles of those who may flee from captors."""
_TAKEN_TOWNS = frozenset({"hit", "strike", "seize", "liberate", "burn", "rescue"})
"""Verbs whose object, where it is only a name, is as soon a town as a person."""
_RETURNED = frozenset({"return", "returned", "returning"})
_HANDED = frozenset({"handed", "hand", "given", "turned"})
_HARMED = frozenset({"victim", "dead", "wounded", "injured", "casualty", "survivor", "body"})
_CAPTIVITY = frozenset(
    "hostage hostages captive captives captivity captors prisoner prisoners abducted kidnapped kidnappers captured freed release released detainees held seized cross crescent icrc ombudsman".split()
)
"""Words by which those handed over were captives."""
_REMAINS = frozenset({"body", "corpse", "remains"})
"""What is handed over to the relatives of those who are not freed."""
_ABROAD = frozenset({"refugee", "migrant", "returnee", "deportee", "expatriate", "national", "citizen"})
"""Who has come from abroad where he returns home."""
_SUSPECTS = frozenset({"suspect", "militant", "insurgent", "terrorist", "smuggler", "trafficker", "criminal"})
_HELPERS = frozenset("rescue rescuers ambulance ambulances helicopter boat vessel ship lifeboat trawler fishermen coastguard".split())
_AGAINST = frozenset({"with", "against", "at", "on", "chasing", "pursuing"})
"""What stands before those who are fought."""
_HITS = frozenset({"strike", "hit"})
_PLACED = frozenset({"in", "at", "near", "outside"})


def _driven_out(noun: NounPhrase) -> bool:
    """Whether those who fled are people of the place, and so are displaced."""
    if noun.quantity is None or noun.group not in (Group.PEOPLE, Group.CIVILIANS, Group.CHILDREN, Group.WOMEN, Group.HOSTAGES):
        return False
    return noun.group is not Group.PEOPLE or noun.quantity.value >= MANY
