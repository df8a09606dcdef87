"""Who speaks: the claimant that the words before or behind a verb of saying name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..numbers.number_words import WEEKDAYS
from ..text.tokens import Token
from ..words.lexicon import Lexicon
from .actors import ActorMention
from .pointers import ARMED_WORDS, POINTS_TO, says_nothing

REACH = 24
"""Words between a speaker and the verb of saying, a title and an apposition included."""

LONGEST_NAME = 7
"""Words of a speaker that no table knows."""

ADJOINING = 4
"""Words that may stand between an actor and the noun of those who speak for it ("the Taliban's main military spokesman")."""

BESIDE_NAME = 2
"""Words beside the name of an actor, such as its article, where nothing else is said."""

_ORGANISED = frozenset(
    "group agency organisation organization monitor charity ngo union association mission institute foundation network website newspaper outlet council".split()
)
"""Nouns before the name of an organisation."""
_STAFFED = frozenset({"agency", "aid_agency", "monitor"})
"""Kinds of actors whose doctors and activists speak for them."""

_LED = frozenset({"backed", "led", "held", "controlled", "based", "allied", "aligned", "occupied", "administered"})
"""Behind a name and a hyphen they say that somebody else is meant."""

LONGEST_CLOSING = 12
"""Words of a speaker behind the verb of saying that ends a sentence."""

_DETERMINED = frozenset({"the", "a", "an", "its", "their", "another", "one"})
_APART = frozenset({",", "(", ")", "-", "–", "—"})
_ENDS = frozenset({";", ":", "that", "but", "while", "whereas", "although", "when", "after", "as", "because", "if", "where", "and"})
"""What no speaker stands before, where its verb stands behind; "and" may join two of them."""
_RELATIVE = frozenset(
    "who which whose where speaking writing citing quoting led headed commanded backed supported formed founded run".split()
)
_WITHIN_NAMES = frozenset({"and", "of", "for", "the", "de", "del"})
_OF = frozenset({"of", "for", "from", "with", "in", "at", "called", "named", "calling", "known"})


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks in some words."""

    slug: str
    """An actor's id, or the words for it as one; `he` and `group` stand for somebody named before."""
    start: int
    end: int
    """Where the words that name it stand in the text."""
    points: bool = False
    """Whether it only points at who was named before ("he", "the statement")."""
    definite: bool = False
    """Whether it may be short for the name of somebody who was named before ("the task force")."""


class Speakers:
    """Finds who speaks in stretches of one sentence."""

    def __init__(self, tokens: Sequence[Token], actors: Sequence[ActorMention], lexicon: Lexicon) -> None:
        self._tokens = tokens
        self._lexicon = lexicon
        self._actor_at: dict[int, ActorMention] = {}
        self._slugs = {actor.slug for actor in actors}
        at = 0
        for place, token in enumerate(tokens):
            while at < len(actors) and actors[at].end <= token.start:
                at += 1
            if at < len(actors) and actors[at].start <= token.start:
                self._actor_at[place] = actors[at]

    def before(self, place: int) -> Speaker | None:
        """Who speaks with the verb of saying at `place`: its subject, which an apposition may explain."""
        apposed = place > 0 and self._tokens[place - 1].low in _APART
        named: Speaker | None = None
        explains: Speaker | None = None
        nearest: tuple[int, int] | None = None
        for first, last in self._stretches(place):
            nearest = nearest or (first, last)
            acts = self._acting(first, last)
            if acts < last and (apposed or (first, last) != nearest):
                break  # what happened, which nobody is in apposition to
            found = self.within(first, acts)
            if explains is not None:
                return found if found is not None and self._is_only_name(found, first, last) else explains
            if found is not None and not (found.points and named is not None):
                if not apposed or found.points or found.slug in self._slugs:
                    return found
                explains = found  # perhaps of one who is named before it: "the Observatory, a war monitor, said"
            if acts < last:
                break
            named = named or self._person(first, last)
            if not apposed and named is None:
                break  # the subject itself, and it is nobody who speaks
        return explains or named or (self._unknown(*nearest) if nearest is not None else None)

    def _is_only_name(self, found: Speaker, first: int, last: int) -> bool:
        """Whether words are little but the name of a known actor."""
        words = sum(1 for i in range(first, last) if i not in self._actor_at)
        return found.slug in self._slugs and words <= BESIDE_NAME

    def behind(self, place: int, reach: int = REACH) -> Speaker | None:
        """Who is named from `place` on, up to what else the sentence tells."""
        end = min(len(self._tokens), place + reach)
        named: Speaker | None = None
        first = place
        while first < end:
            last = next((i for i in range(first, end) if self._tokens[i].low in _APART | _ENDS), end)
            acts = self._acting(first, last)
            if acts == first:
                return named
            found = self.within(first, acts)
            if found is not None:
                return found
            named = named or self._person(first, last)
            if last >= end or self._tokens[last].low not in _APART or named is None:
                return named
            first = last + 1
        return named

    def closing(self, place: int) -> Speaker | None:
        """Who is named from `place` to the end of a sentence, or to an apposition of his, and nothing else is ("..., said the monitor.")."""
        end = next((i for i in range(place, min(len(self._tokens), place + REACH)) if self._tokens[i].kind == "mark"), len(self._tokens))
        if not place < end <= place + LONGEST_CLOSING or self._acting(place, end) < end:
            return None
        if any(t.kind == "number" or t.low in _ENDS for t in self._tokens[place:end]):
            return None
        begins = self._tokens[place]
        if begins.low not in _DETERMINED and not begins.capital:
            return None
        found = self.within(place, end) or (self.behind(place) if self._person(place, end) is not None else None)
        return None if found is not None and found.slug in _POINTING else found

    def name_behind(self, place: int) -> Speaker | None:
        """A name from `place` on that no table knows ("according to the Peace Watch Group")."""
        end = next((i for i in range(place, min(len(self._tokens), place + REACH)) if self._tokens[i].kind == "mark"), len(self._tokens))
        words = [t for t in self._tokens[place:end] if t.kind == "word" and t.low != "the"]
        return self._unknown(place, end) if words and all(w.capital or w.low in _WITHIN_NAMES for w in words) else None

    def within(self, first: int, last: int) -> Speaker | None:
        """The source or the actor that the words from `first` to before `last` speak of."""
        head = next((i for i in range(first, last) if self._is(i, "source")), None)
        if head is None:
            return self._actor(first, last) or self._pronoun(first, last) or self._body_before(first, last)
        lay = self._is(head, "lay_source")
        if self._tokens[head].low in _ORGANISED and head + 1 < last and (called := self._called(head + 1, last)) is not None:
            return called  # "the aid group MSF"
        behind = next((i + 1 for i in range(head, last - 1) if self._tokens[i].low in _ORGANISED), None)
        if behind is not None and not lay and (named := self._actor_at.get(behind)) is not None and not self._only_leads(named):
            return Speaker(named.slug, named.start, named.end)  # "the UN mission MONUSCO"
        ahead = next((self._actor_at[i] for i in range(head, max(first, head - ADJOINING) - 1, -1) if i in self._actor_at), None)
        if ahead is not None and (not lay or ahead.kind in _STAFFED) and not self._only_leads(ahead):
            return Speaker(ahead.slug, ahead.start, ahead.end)
        end = head
        while end + 1 < last and self._is(end + 1, "source"):
            end += 1
        by = end + 1 < last and self._tokens[end + 1].low == "by" and self._is(end, "spokesman")  # "a report by Amnesty International"
        if not lay and end + 1 < last and (by or self._tokens[end + 1].low in _OF):
            there = next((self._actor_at[i] for i in range(end + 2, min(last, end + 2 + ADJOINING)) if i in self._actor_at), None)
            if there is not None:
                return Speaker(there.slug, there.start, there.end)
            inner = self.within(end + 2, last) if self._is(end, "spokesman") or self._is(end, "head_of") else None
            if inner is not None and not inner.points:
                return inner
        return self._generic(first, head, end)

    def _called(self, first: int, last: int) -> Speaker | None:
        """Whoever is named from `first` on, be it an actor or a name that no table knows."""
        actor = self._actor_at.get(first)
        if actor is not None:
            return Speaker(actor.slug, actor.start, actor.end)
        end = next((i for i in range(first, last) if not self._tokens[i].capital or self._tokens[i].low in WEEKDAYS), last)
        return self._person(first, end) if end > first else None

    def _stretches(self, place: int) -> Iterator[tuple[int, int]]:
        """What stands between commas before a verb, the nearest first, relative clauses left out; up to where another clause begins."""
        last = self._before_relative(place)
        lowest = max(0, last - REACH)
        for at in range(last - 1, lowest - 1, -1):
            low = self._tokens[at].low
            if low in _APART:
                if at + 1 < last:
                    yield at + 1, last
                last = at
            elif low in _ENDS and at < last - 1 and not (low == "and" and self._joins(at)):
                if at + 1 < last:
                    yield at + 1, last
                return
        if lowest < last:
            yield lowest, last

    def _before_relative(self, place: int) -> int:
        """Where a relative clause in commas before a verb begins, with its comma; the verb itself where there is none."""
        if place == 0 or self._tokens[place - 1].low != ",":
            return place
        commas = (i for i in range(place - 2, max(0, place - REACH) - 1, -1) if self._tokens[i].low == ",")
        return next((i for i in commas if self._tokens[i + 1].low in _RELATIVE), place)

    def _joins(self, at: int) -> bool:
        """Whether an "and" stands between two who speak ("police and hospital officials"), or within one's name."""
        if 0 < at < len(self._tokens) - 1 and self._tokens[at - 1].capital and self._tokens[at + 1].capital:
            return at - 1 not in self._actor_at and at + 1 not in self._actor_at
        return at > 0 and self._is(at - 1, "source") and any(self._is(i, "source") for i in range(at + 1, min(at + 4, len(self._tokens))))

    def _is(self, place: int, cue: str) -> bool:
        token = self._tokens[place]
        return token.kind == "word" and self._lexicon.cue(token.low, cue)

    def ending(self, first: int, last: int) -> Speaker | None:
        """The source or the actor with which these words end: "Kabul police", and not "police station blast"."""
        final = last - 1
        if not (final in self._actor_at or self._is(final, "source")):
            return None
        found = self.within(first, last)
        return found if found is not None and not found.points else None

    def _acting(self, first: int, last: int) -> int:
        """Where the words begin to tell what happened, behind which no speaker is named; `last` where they do not."""
        return next(
            (
                i
                for i in range(first, last)
                if self._tokens[i].kind == "word" and (self._is(i, "be") or self._lexicon[self._tokens[i].low].verb)
            ),
            last,
        )

    def _actor(self, first: int, last: int) -> Speaker | None:
        """The first actor that is named, unless it only leads or holds somebody else."""
        inside = dict.fromkeys(self._actor_at[i] for i in range(first, last) if i in self._actor_at)
        return next((Speaker(named.slug, named.start, named.end) for named in inside if not self._only_leads(named)), None)

    def _only_leads(self, named: ActorMention) -> bool:
        behind = next((t for t in self._tokens if t.end > named.end), None)
        return behind is not None and (behind.low in _LED or behind.low.rpartition("-")[2] in _LED)

    def _pronoun(self, first: int, last: int) -> Speaker | None:
        words = [t.low for t in self._tokens[first:last] if t.kind == "word"]
        if words and words[-1] in _POINTING and self._tokens[last - 1].low == words[-1]:
            return self._speaker(words[-1], last - 1, last - 1, points=True)
        if len(words) <= 2 and words and words[0] in _POINTING:
            return self._speaker(words[0], first, last - 1, points=True)
        if words[:1] == ["the"] and len(words) <= 3 and any(word in _FORMER for word in words[1:]):
            return self._speaker(next(word for word in words[1:] if word in _FORMER), first, last - 1, points=True)
        return None

    def _person(self, first: int, last: int) -> Speaker | None:
        """A person of whom only the name is known."""
        words = [t for t in self._tokens[first:last] if t.kind == "word"]
        while words and words[0].low in _ADDRESS:
            words = words[1:]
        if not 1 <= len(words) <= 4 or not all(w.capital and not self._lexicon.cue(w.low, "be") for w in words):
            return None
        if words[0].low in _OPENING:
            return None
        return Speaker(_slug([w.low for w in words]), words[0].start, words[-1].end)

    def _unknown(self, first: int, last: int) -> Speaker | None:
        """Who is no known sort of speaker, by the words alone ("the state patrol said"); people of whom nothing is said are nobody."""
        owner = next((i + 1 for i in range(first, last) if self._tokens[i].kind == "possessive"), first)
        words = [t for t in self._tokens[owner:last] if t.kind == "word"]
        definite = owner > first or (bool(words) and words[0].low == "the")
        if not 1 <= len(words) <= LONGEST_NAME or len(words) < last - owner:
            return None
        name = words[1:] if words[0].low == "the" else words
        if name and all(w.capital or w.low in _WITHIN_NAMES for w in name):
            named = name[0].low not in _OPENING and (len(name) > 1 or definite)
            return Speaker(_slug([w.low for w in name]), name[0].start, name[-1].end) if named else None
        if not definite or self._acting(first, last) < last or self._is_known_word(words[-1]):
            return None
        return self._generic(owner, last - 1, last - 1)

    def _is_known_word(self, token: Token) -> bool:
        """Whether a word is known for something else than a body of people."""
        entry = self._lexicon[token.low]
        body = entry.noun is not None and entry.noun.sort == "body"
        return token.low in WEEKDAYS or (not body and (entry.is_noun or bool(entry.cues)))

    def _generic(self, first: int, head: int, end: int) -> Speaker:
        """A source without a name by its own words: "the defence ministry's spokesman" is `defence-ministry`."""
        if head > first and self._tokens[head - 1].low in _OWNERS and self._is(head, "spokesman"):
            return self._speaker("spokesman", head - 1, end, points=True)
        while end > head and (self._is(end, "spokesman") or self._is(end, "head_of")):
            end -= 1
        pointing = self._points_to(first, end)
        if pointing is not None:
            return pointing
        words = [self._tokens[i].low for i in range(head, end + 1)]
        at = head
        before = self._tokens[head - 1] if head > first else None
        if before is not None and before.kind == "word" and not self._lexicon.cue(before.low, "plain_source") and len(before.low) > 2:
            words.insert(0, before.low)
            at = head - 1
        if len(words) == 1 and words[0] in _FORMER and head > first and self._tokens[head - 1].low == "the":
            return self._speaker(words[0], head - 1, end, points=True)
        definite = at > first and self._tokens[at - 1].low == "the"
        return Speaker(_slug(words) or "source", self._tokens[at].start, self._tokens[end].end, definite=definite)

    def _body_before(self, first: int, last: int) -> Speaker | None:
        """The body that a noun points at which is no source by itself ("the institution said")."""
        final = last - 1
        return self._points_to(first, final) if final > first and self._tokens[final].low in POINTS_TO else None

    def _points_to(self, first: int, last: int) -> Speaker | None:
        """A body that is only called by what it is, as those are who were named before ("the mission", "the Britain-based monitor")."""
        noun = self._tokens[last].low
        at = last - 1
        armed = False
        while at >= first and (says_nothing(self._tokens[at].low) or (noun == "group" and self._is_of_group(at))):
            armed = armed or not says_nothing(self._tokens[at].low)
            at -= 1
        of_whom = last + 1 < len(self._tokens) and self._tokens[last + 1].low in _OF
        if of_whom or at < first or self._tokens[at].low != "the":
            return None
        if noun == "group" and at < last - 1:
            return self._speaker("group" if armed else "monitor", at, last, points=True)
        return self._speaker(noun, at, last, points=True) if noun in POINTS_TO else None

    def _is_of_group(self, place: int) -> bool:
        """Whether a word before "group" only says what sort of armed group it is, or whose ("the Palestinian militant group")."""
        token = self._tokens[place]
        return (
            token.low in ARMED_WORDS
            or token.low.endswith(("-linked", "-aligned", "-allied", "-affiliated"))
            or (token.capital and place not in self._actor_at)
        )

    def _speaker(self, slug: str, first: int, last: int, *, points: bool = False) -> Speaker:
        return Speaker(slug, self._tokens[first].start, self._tokens[last].end, points)


def _slug(words: Sequence[str]) -> str:
    return re.sub(r"[^a-z0-9]+", "-", "-".join(words)).strip("-")[:60]


_POINTING = frozenset({"he", "she", "it", "they"})
_OWNERS = frozenset({"its", "their"})
_FORMER = frozenset({"group", "statement", "agency", "organisation", "organization", "spokesman", "spokeswoman", "spokesperson"})
"""Nouns that with "the" point at who was named before."""
_ADDRESS = frozenset({"mr", "mrs", "ms", "dr", "sheikh", "imam", "gen", "col", "maj", "lt", "capt", "sgt", "brig"})
_OPENING = WEEKDAYS | frozenset("on in at the a an this that these those there but and meanwhile however".split())
"""What begins a sentence with a capital letter, and is no name."""
