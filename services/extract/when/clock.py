"""Which of a sentence's times a count takes: how far each stands from it, in clauses and then in characters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from schemas import PeriodPrecision

from ..frames.mentions import Mention
from ..syntax.pieces import Chunk, Parsed
from .periods import ACCORDS, PeriodMention

OPENING = 1
"""How far a time that opens a sentence is from all its counts: nearer than that of another verb, farther than their own."""

FAR_BACK = 180
"""Days before the publication from which on a day without a year is as likely one ahead of it, of a text dated by what it tells first."""

VERB = 3
"""How much farther each verb of another count, or each subordinate clause between, puts a time."""

INSERTED = 1
"""How much farther a comma puts a time that it ends an insertion with ("the chief, captured in 2019, was killed")."""

COUNTED = 2
"""How much farther another count between puts a time: "230,000 people, 61 of them in March"."""

SAID = 6
"""How much farther a time is that tells when somebody spoke: what happened has its own, if any is given."""

OPENS = 3
"""Characters before a time that opens its sentence: a quotation mark or a bullet."""

CLAUSE = 60
"""Characters before a time in which the verb of saying or the event that it belongs to is looked for."""

Distance = tuple[int, int, int]

_EVENT_OF = re.compile(
    r"\b(?:(?:behind|after|since|following|before|over|in connection with|linked to|in response to|in retaliation for)\s+(?:the|a|an)"
    r"|(?:anniversary of|similar to|as in|ahead of|in the wake of)(?:\s+(?:the|a|an))?)\s+\W?$",
    re.IGNORECASE,
)
"""Before a date that belongs to another event ("behind the May 11 attack")."""
_AFTER = re.compile(r"\b(?:behind|after|since|following|before|over|for|in connection with)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
_ACCORD = re.compile(rf" (?:[^\W\d_][\w'’-]* ){{0,3}}?(?:{ACCORDS})\b")
"""Behind the year of what nobody is killed in ("the 2016 peace agreement")."""
_OWNING = re.compile(r"['’]s?\s+[^\W\d_]")
"""Behind a day that owns an event ("after Saturday's attack")."""
_SAYING = re.compile(
    r"\b(?:said|says|told|announced|added|confirmed|stated|declared|tweeted|posted|wrote|statement|report|briefing|interview|conference|speech)"
    r"(?:\s+(?!killed|wounded|that)[\w'’]+){0,4}\s*,?\s*$",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    r"\b(?:compared|than|against|versus|vs|(?:down|up) from|decrease from|increase from|higher|lower|fewer than|more than in)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\d{4}|\d/\d\d(?!\d)|[A-Z]{3} \d\d(?!\d)")
_TOTALS = re.compile(
    r"\b(?:bringing|brings|brought|raising|raises|taking|pushing|lifting)\b(?=[^;]{0,80}\b(?:to|the (?:toll|total|number|death))\b)"
)
_SINCE_EVENT = re.compile(r"\bsince\s+(?:the\s+)?[^\W\d_]", re.IGNORECASE)
"""What a total counts from, said without a date ("since the war began")."""
_PRESENT = re.compile(r"\s*(?:is|are|has|have|remains?|[a-z]{3,}(?<!wa)(?<!thu)(?<!s)s)\b")
"""Behind "who": who somebody is, and nothing that happened at a time."""
_MEANWHILE = re.compile(r"\s*(?:was|were) (?:\w+ly |still |also )?(?:\w+ing|in|on|at|near|inside|aboard|among)\b")
"""Behind "who": what somebody was doing just then, at the time of the event itself ("who were waiting for a bus on Sunday")."""
_THEN = re.compile(r",? when\b")
"""Behind a time: what follows happened then."""
_GOES_ON = frozenset("in on at during near following after while when as from with along yesterday today overnight early late".split())
"""Words with which a sentence goes on behind a relative clause that a comma has closed."""


def of_another(text: str, found: PeriodMention) -> bool:
    """Whether a time belongs to another event that the words only name."""
    before = text[max(0, found.start - CLAUSE) : found.start]
    opening = text[found.start : found.end]
    if _EVENT_OF.search(before) or _ACCORD.match(text, found.end):
        return True
    owning = _OWNING.match(text, found.end) is not None
    return owning and (_AFTER.search(before) is not None or _AFTER.match(f"{opening.split()[0]} ") is not None)


def says_its_year(text: str, found: PeriodMention) -> bool:
    """Whether a time is given with its year."""
    return _YEAR.search(text, found.start, found.end) is not None


def told_then(text: str, found: PeriodMention) -> bool:
    """Whether a time is when somebody spoke ("said on Tuesday")."""
    return _SAYING.search(text[max(0, found.start - CLAUSE) : found.start]) is not None


class Clause:
    """A count in its sentence, for weighing the times that are told there."""

    def __init__(
        self, text: str, base: int, parsed: Parsed, mention: Mention, times: Sequence[PeriodMention], published: date | None
    ) -> None:
        """`base` is where the sentence begins in its text, `times` are all that it tells."""
        self._text = text
        self._base = base
        self._parsed = parsed
        self._mention = mention
        self._published = published
        self._times = times
        noun, trigger = mention.noun, mention.trigger
        tokens = parsed.tokens
        self._noun = tokens[noun.first].start - base, tokens[noun.last].end - base
        self._trigger = tokens[trigger.first].start - base, tokens[trigger.last].end - base

    def distance(self, found: PeriodMention) -> Distance | None:
        """How far a time is from the count, less being nearer; None where it is another clause's."""
        first, last = self._hull(found)
        if found.end <= first:
            # "A day after gunmen fled, ...": behind the comma is what came later, and not the event so long ago.
            later = found.role == "after" and found.start <= OPENS and "," in self._text[found.end : first]
            steps = self._before(found, first) if not later else None
        elif found.start >= last:
            steps = self._behind(found, last) if found.role != "after" else None
        else:
            steps = self._amid(found)
        if steps is None:
            return None
        if told_then(self._text, found):
            steps += SAID
        if self._far_back(found):
            steps += 2 * VERB
        characters = min(abs(found.start - last), abs(first - found.end))
        return steps, 0 if found.start >= last else 1, characters

    def tells_of(self, found: PeriodMention) -> bool:
        """Whether the count stands in a relative clause of the event that a time before belongs to ("after the 2011 attacks that killed 77")."""
        first, _ = self._hull(found)
        between = self._between(found.end, first) if found.end <= first else []
        that = (place for place, c in enumerate(between) if c.kind == "relative" or self._parsed.tokens[c.first].low == "that")
        opened = next(that, None)
        if opened is None:
            return False
        named = all(c.kind in ("word", "noun", "comma", "preposition") for c in between[:opened])
        return named and all(c.kind != "comma" and c.verb is None for c in between[opened:])

    def _left(self, found: PeriodMention, last: int) -> bool:
        """Whether a comma behind the count ends the relative clause it stands in, and a time comes after ("..., in which 8 died, ended in July")."""
        first = min(self._noun[0], self._trigger[0])
        opened = [place for place, c in enumerate(self._between(0, first)) if c.kind == "relative"]
        closed = [c for c in self._between(last, found.start) if c.kind == "comma"]
        if not opened or not closed:
            return False
        inside = self._between(0, first)[opened[-1] :]
        behind = self._text[self._parsed.tokens[closed[0].last].end - self._base : found.start].split()
        return all(c.kind != "comma" for c in inside) and bool(behind) and behind[0].lower() not in _GOES_ON

    def _far_back(self, found: PeriodMention) -> bool:
        far = self._published is not None and (self._published - found.period.end).days > FAR_BACK
        return far and found.period.precision is PeriodPrecision.DAY and not says_its_year(self._text, found)

    def _hull(self, found: PeriodMention) -> tuple[int, int]:
        """From the count to the words that tell it; the count alone where the time stands between ("killed 14 on Monday and 15")."""
        first, last = min(self._noun[0], self._trigger[0]), max(self._noun[1], self._trigger[1])
        within = first < found.start < last
        between = self._trigger[1] <= found.start < self._noun[0]
        return self._noun if within and between and self._mention.noun.quantity is not None else (first, last)

    def _amid(self, found: PeriodMention) -> int | None:
        """How far a time between the count and the words that tell it is: near, unless a relative clause of who is counted has it."""
        first = min(self._noun[1], self._trigger[1])
        between = self._between(first, found.start)
        which = between[0].verb if between and between[0] is not self._mention.trigger else None
        broken = any(c.kind == "break" for c in self._between(found.end, max(self._noun[0], self._trigger[0])))
        if which is not None and which.passive and not which.auxiliaries and not broken:
            return None  # "27 students kidnapped two months ago were freed"
        commas = [place for place, c in enumerate(between) if c.kind == "comma"]
        inserted = any(c.kind == "relative" for c in between[commas[-1] if commas else 0 :][:2])
        return VERB * self._crossed(first, found.start) if inserted else 0

    def _before(self, found: PeriodMention, first: int) -> int | None:
        """How far a time before the count is; one that opens the sentence holds for all of it."""
        gap = self._text[found.end : first]
        if self._totals(found.end, first, found):
            return None
        if _COMPARED.search(gap) and found.role != "since":
            return 2 * VERB
        if self._inserted(found, gap):
            return None
        if found.start <= OPENS:
            return OPENING if self._crossed(found.end, first) else 0
        if _THEN.match(gap):
            return VERB * (self._crossed(found.end, first) - 1)
        steps = VERB * self._crossed(found.end, first) + INSERTED * gap.startswith(",")
        return steps + 2 * VERB if self._in_relative(found) else steps

    def _behind(self, found: PeriodMention, last: int) -> int | None:
        gap = self._text[last : found.start]
        if self._totals(last, found.start, found) or self._cut_off(found, last):
            return None
        opens = VERB if _JOINED.search(gap) else 2 * VERB if self._left(found, last) else 0
        counted = COUNTED if self._counts(last, found.start) else 0
        crossed = self._crossed(last, found.start) - max(0, self._in_a_row(last, found.start) - 1)
        return VERB * crossed + opens + counted + (3 * VERB if _COMPARED.search(gap) else 0)

    def _totals(self, first: int, last: int, found: PeriodMention) -> bool:
        """Whether a total is told between, which counts from elsewhere."""
        total = _TOTALS.search(self._text, first)
        if total is None or total.start() >= last:
            return False
        return found.role == "since" or _SINCE_EVENT.search(self._text) is not None

    def _between(self, first: int, last: int) -> list[Chunk]:
        tokens = self._parsed.tokens
        return [c for c in self._parsed.chunks if first <= tokens[c.first].start - self._base and tokens[c.last].end - self._base <= last]

    def _crossed(self, first: int, last: int) -> int:
        """Verbs of other counts and subordinate clauses between two places."""
        return sum(
            1
            for c in self._between(first, last)
            if c is not self._mention.trigger
            and (
                c.verb is not None
                or c.kind == "relative"
                or (c.kind == "subordinator" and self._parsed.tokens[c.first].low not in _TIMELY)
                or (c.kind == "break" and self._parsed.tokens[c.first].low == ";")
            )
        )

    def _in_a_row(self, first: int, last: int) -> int:
        """How many verbs between two places are joined to the count's own by a comma or "and": they share what ends their sentence."""
        between = self._between(first, last)
        return sum(1 for before, c in pairwise(between) if c.verb is not None and before.kind in ("comma", "conjunction"))

    def _counts(self, first: int, last: int) -> bool:
        """Whether other people are counted between two places."""
        tokens = self._parsed.tokens
        nouns = [
            c for c in self._between(first, last) if c.noun is not None and c.noun.quantity is not None and c.noun is not self._mention.noun
        ]
        places = [tokens[c.first].start - self._base for c in nouns]
        return any(all(not one.start <= place < one.end for one in self._times) for place in places)

    def _inserted(self, found: PeriodMention, gap: str) -> bool:
        """Whether a time before the count is that of a verb in an insertion ("the men, arrested on Friday, had killed five")."""
        comma = self._text.rfind(",", 0, found.start)
        if comma < 0 or not gap.startswith(","):
            return False
        return any(
            c.verb is not None and c.verb.form in ("past", "participle") and not c.verb.auxiliaries
            for c in self._between(comma, found.start)
        )

    def _in_relative(self, found: PeriodMention) -> bool:
        """Whether a time before the count stands in a relative clause ("the man who fled in 2021 killed five")."""
        before = self._between(0, found.start)
        relatives = [place for place, c in enumerate(before) if c.kind == "relative"]
        if not relatives or len(before) - relatives[-1] < 2:
            return False
        return all(c.verb is None or c is not self._mention.trigger for c in before[relatives[-1] :])

    def _cut_off(self, found: PeriodMention, last: int) -> bool:
        """Whether a time behind a count belongs to another clause ("arrested 14, nine of whom were released on Monday")."""
        between = self._between(last, found.start)
        tokens = self._parsed.tokens
        dashes = [c for c in between if c.kind == "break" and tokens[c.first].low in ("–", "—")]
        if any(c.kind == "break" and c not in dashes for c in between) or len(dashes) % 2:
            return True
        if self._says_which(between):
            return True
        opened = [place for place, c in enumerate(between) if _opens(c)]
        if not opened:
            return False
        place = opened[-1]
        behind = tokens[between[place].last].end - self._base
        if _PRESENT.match(self._text, behind) or _MEANWHILE.match(self._text, behind):
            return False
        return not self._closed(between, place, found)

    def _says_which(self, between: list[Chunk]) -> bool:
        """Whether a participle right behind an object only says who is meant ("freed 14 students seized last month")."""
        verb = between[0].verb if between else None
        object_of = self._mention.via == "verb" and self._trigger[1] <= self._noun[0]
        return object_of and verb is not None and bool(verb.passive) and not verb.auxiliaries

    def _closed(self, between: list[Chunk], place: int, found: PeriodMention) -> bool:
        """Whether a comma ends a relative clause that a comma began, and the sentence goes on behind it."""
        began = (place > 0 and between[place - 1].kind == "comma") or place == 0
        if not began:
            return False
        tokens = self._parsed.tokens
        for at in range(place + 1, len(between)):
            if between[at].kind == "comma":
                word = tokens[between[at + 1].first].low if at + 1 < len(between) else self._text[found.start :].split(" ")[0].lower()
                if word in _GOES_ON or at + 1 == len(between):
                    return True
        return False


def _opens(chunk: Chunk) -> bool:
    noun = chunk.noun
    return chunk.kind == "relative" or (noun is not None and noun.whole is not None and noun.whole.sort == "pronoun")


_JOINED = re.compile(r"(?:[,;]|\b(?:and|but|while))\s*$", re.IGNORECASE)
"""Right before a time that opens the next clause ("and in 2022, 310 were killed")."""
_TIMELY = frozenset({"after", "before", "since", "until", "as", "than", "so"})
"""Words that join a time or a noun as often as a clause."""
