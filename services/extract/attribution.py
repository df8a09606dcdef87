"""Who says so: the claimant of what a sentence tells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from . import actors
from .actors import ActorMention
from .lexicon import Lexicon
from .pieces import Parsed
from .speakers import Speaker, Speakers

CLOSING = 4
"""Words from a verb of saying to the end of its sentence, the full stop and a weekday included."""

HEADED = 6
"""Words before the colon of a headline, or behind its last one, that may be a source."""

_SAYING = frozenset({"reporting", "claiming", "denying"})
_ARTICLES = frozenset({"a", "an", "the", "this", "its", "their"})
_CONTRAST = frozenset({"but", "while", "whereas", "although", "though", "yet"})
"""Words behind which somebody else may speak."""
_DEEDS = frozenset(
    {"attack", "attacks", "bombing", "blast", "raid", "ambush", "strike", "killing", "killings", "it", "operation", "assault"}
)
_GROUPS = frozenset({"armed_group", "monitor", "agency", "aid_agency", "coalition"})
"""Kinds of actors that are called a group."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """A claimant, and the tokens for which it speaks before all others (both within)."""

    slug: str
    verb: int
    """Token of the verb of saying."""
    start: int
    end: int
    """Where the words that name the claimant, or point at it, stand in the text."""
    first: int
    last: int
    closing: bool = False
    """Whether it ends the sentence ("..., the army said"), and so speaks for all of it that no one else does."""
    cited: bool = False
    """Whether others only pass on what it says ("citing medics")."""


class Claimants:
    """Who says what, sentence after sentence: "he" and "the statement" point at who spoke before."""

    def __init__(self, lexicon: Lexicon, topic: ActorMention | None) -> None:
        self._lexicon = lexicon
        self._topic = topic
        self._former: str | None = None

    def of(self, parsed: Parsed, named: Sequence[ActorMention], *, heading: bool) -> list[Attribution]:
        """All claimants of a sentence in their order."""
        tokens = parsed.tokens
        speakers = Speakers(tokens, named, self._lexicon)
        found: list[Attribution] = list(self._of_heading(parsed, speakers)) if heading else []
        bounds = [i for i, t in enumerate(tokens) if t.low == ";" or (i and t.low in _CONTRAST)]
        for place, speaker, cited in self._speaking(parsed, speakers):
            slug = self._slug(speaker)
            if slug is None:
                continue
            self._former = slug
            first = max([b + 1 for b in bounds if b < place], default=0)
            last = min([b for b in bounds if b > place], default=len(tokens) - 1)
            found.append(
                Attribution(slug, place, speaker.start, speaker.end, first, last, closing=len(tokens) - place <= CLOSING, cited=cited)
            )
        return found

    def _speaking(self, parsed: Parsed, speakers: Speakers) -> Iterator[tuple[int, Speaker, bool]]:
        """Where somebody speaks, who, and whether he is only cited."""
        tokens = parsed.tokens
        for place, token in enumerate(tokens):
            behind = tokens[place + 1].low if place + 1 < len(tokens) else ""
            if token.low == "according" and behind == "to":
                speaker, cited = speakers.behind(place + 2), False
            elif token.low in ("citing", "quoting") or (token.low == "quoted" and behind not in ("as", "by")):
                speaker, cited = speakers.behind(place + 1), True
            elif not self._lexicon[token.low].cues.isdisjoint(_SAYING) and not token.capital and not _takes_lives(parsed, place):
                speaker, cited = self._of_verb(parsed, place, speakers), False
            else:
                continue
            if speaker is not None:
                yield place, speaker, cited

    def _of_verb(self, parsed: Parsed, place: int, speakers: Speakers) -> Speaker | None:
        """Who speaks with the verb of saying at `place`; of a passive only a "by" tells."""
        tokens = parsed.tokens
        if place and tokens[place - 1].low in _ARTICLES:
            return None  # "an estimated 900"
        by = place + 1 < len(tokens) and tokens[place + 1].low == "by"
        if by and tokens[place].low == "claimed":
            return None  # what is claimed by somebody is the deed
        passive = place > 0 and self._lexicon.cue(tokens[place - 1].low, "be") and not tokens[place].low.endswith("ing")
        if passive or by:
            return speakers.behind(place + 2) if passive and by else None
        return speakers.before(place) or speakers.behind(place + 1)

    def _of_heading(self, parsed: Parsed, speakers: Speakers) -> Iterator[Attribution]:
        """The source before or behind the colon of a headline ("Army: 12 killed", "12 killed - police")."""
        tokens = parsed.tokens
        colons = [i for i, t in enumerate(tokens) if t.low in (":", "-", "–", "—")]
        if not colons:
            return
        whole = len(tokens) - 1
        for place, first, last in ((colons[0], 0, colons[0]), (colons[-1], colons[-1] + 1, len(tokens))):
            if 0 < last - first <= HEADED and all(t.kind != "number" for t in tokens[first:last]):
                speaker = speakers.ending(first, last)
                if speaker is not None:
                    yield Attribution(speaker.slug, place, speaker.start, speaker.end, 0, whole)
                    return

    def _slug(self, speaker: Speaker) -> str | None:
        """The claimant itself, where the words only point at it."""
        if not speaker.points:
            return speaker.slug
        if speaker.slug != "group":
            return self._former
        known = actors.known(self._former) if self._former is not None else None
        if known is not None and known.kind in _GROUPS:
            return self._former
        return self._topic.slug if self._topic is not None else "group"


def claimant_of(place: int, found: Sequence[Attribution]) -> Attribution | None:
    """Who speaks for the token at `place`: in its own part of the sentence who is cited, else who spoke last before it, else first behind it."""
    inside = [a for a in found if a.first <= place <= a.last]
    chosen = next((a for a in inside if a.cited), None) or _nearest(place, inside)
    return chosen or _nearest(place, [a for a in found if a.verb < place or a.closing])


def _nearest(place: int, found: Sequence[Attribution]) -> Attribution | None:
    before = [a for a in found if a.verb < place]
    return before[-1] if before else next(iter(found), None)


def _takes_lives(parsed: Parsed, place: int) -> bool:
    """Whether "claimed" is no word of saying: it took lives."""
    if not parsed.tokens[place].low.startswith("claim"):
        return False
    behind = [t.low for t in parsed.tokens[place + 1 : place + 8]]
    if behind[:1] in (["the"], ["an"], ["it"], ["a"]) and not _DEEDS.isdisjoint(behind[:4]):
        return True  # "claimed the attack"
    return "lives" in behind or behind[:1] == ["responsibility"]
