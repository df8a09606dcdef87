"""Who says so: the claimant of what a sentence tells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..frames.mentions import Mention
from ..syntax.pieces import Parsed
from ..text.tokens import Token
from ..words.lexicon import Lexicon
from . import actors
from .actors import ActorMention
from .pointers import POINTS_TO, pointed_at
from .speakers import Speaker, Speakers
from .story import END, Story, subject_of

CLOSING = 4
"""Words from a verb of saying to the end of its sentence, the full stop and a weekday included."""

HEADED = 6
"""Words before the colon of a headline, or behind its last one, that may be a source."""

_SAYING = frozenset({"reporting", "claiming", "denying"})
_ACCUSING = frozenset({"accused", "accuses", "blamed", "blames"})
"""Verbs of who says what somebody else did, where he stands right before them."""
_GIVING = frozenset({"gave", "gives"})
_FIGURES = frozenset({"number", "toll", "figure", "figures", "count"})
"""What is given by who says so ("gave the number of those arrested as 18")."""

GIVEN = 5
"""Words behind "gave" among which a figure is what is given."""

_ARMY = frozenset({"army", "military", "junta"})
_CLAIMING = frozenset({"claims", "claimed", "claiming"})
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

    def __init__(self, lexicon: Lexicon, story: Story) -> None:
        self._lexicon = lexicon
        self._story = story
        self._former: str | None = None
        self._spoken: list[str] = []
        """All who spoke so far, the last one last."""

    def of(self, parsed: Parsed, named: Sequence[ActorMention], *, heading: bool) -> list[Attribution]:
        """All claimants of a sentence in their order."""
        tokens = parsed.tokens
        speakers = Speakers(tokens, named, self._lexicon)
        found: list[Attribution] = list(self._of_heading(parsed, speakers)) if heading else []
        bounds = [i for i, t in enumerate(tokens) if t.low == ";" or (i and t.low in _CONTRAST)]
        for place, speaker, cited in self._speaking(parsed, speakers):
            before = [a for a in named if a.end <= speaker.start]
            slug = self._slug(speaker, before, parsed, heading=heading)
            if slug is None:
                continue
            self._speak(slug)
            first = max([b + 1 for b in bounds if b < place], default=0)
            last = min([b for b in bounds if b > place], default=len(tokens) - 1)
            found.append(Attribution(slug, place, speaker.start, speaker.end, first, last, closing=_closes(tokens, place), cited=cited))
        return found

    def _speak(self, slug: str) -> None:
        self._former = slug
        if slug in self._spoken:
            self._spoken.remove(slug)
        self._spoken.append(slug)

    def _speaking(self, parsed: Parsed, speakers: Speakers) -> Iterator[tuple[int, Speaker, bool]]:
        """Where somebody speaks, who, and whether he is only cited."""
        tokens = parsed.tokens
        former: Speaker | None = None
        for place, token in enumerate(tokens):
            behind = tokens[place + 1].low if place + 1 < len(tokens) else ""
            if token.low == "according" and behind == "to":
                speaker, cited = speakers.behind(place + 2) or speakers.name_behind(place + 2), False
            elif token.low in ("citing", "quoting") or (token.low == "quoted" and behind not in ("as", "by")):
                speaker, cited = speakers.behind(place + 1), True
            elif token.low in _CLAIMING and _takes_lives(parsed, place):
                self._hear(speakers.before(place))
                continue
            elif token.low == "claimed" and behind == "by":
                self._hear(speakers.behind(place + 2))
                continue
            elif not token.capital and self._says(parsed, place) and not _takes_lives(parsed, place):
                shared = former if _shares_subject(parsed, place) else None
                speaker, cited = shared or self._of_verb(parsed, place, speakers), False
                former = speaker or former
            else:
                continue
            if speaker is not None:
                yield place, speaker, cited

    def _hear(self, claims: Speaker | None) -> None:
        """Keep in mind who claims responsibility: he is who "it" points at in the next sentence."""
        known = actors.known(claims.slug) if claims is not None and not claims.points else None
        if known is not None:
            self._speak(known.slug)

    def _says(self, parsed: Parsed, place: int) -> bool:
        word = parsed.tokens[place].low
        if word in _GIVING:
            return not _FIGURES.isdisjoint(t.low for t in parsed.tokens[place + 1 : place + GIVEN])
        return bool(self._lexicon[word].cues & _SAYING) or word in _ACCUSING

    def _of_verb(self, parsed: Parsed, place: int, speakers: Speakers) -> Speaker | None:
        """Who speaks with the verb of saying at `place`; of a passive only a "by" tells."""
        tokens = parsed.tokens
        if place and tokens[place - 1].low in _ARTICLES:
            return None  # "an estimated 900"
        if _is_attributive(parsed, place):
            return None
        by = place + 1 < len(tokens) and tokens[place + 1].low == "by"
        if by and tokens[place].low == "claimed":
            return None  # what is claimed by somebody is the deed
        passive = place > 0 and self._lexicon.cue(tokens[place - 1].low, "be") and not tokens[place].low.endswith("ing")
        if passive or by:
            return speakers.behind(place + 2) if passive and by else None
        if tokens[place].low in _ACCUSING:
            accuser = speakers.before(place)
            return accuser if accuser is not None and place and accuser.end == tokens[place - 1].end else None
        inverted = place == 0 or tokens[place - 1].kind == "mark"
        if inverted and place and (closing := speakers.closing(place + 1)) is not None:
            return closing
        return speakers.before(place) or (speakers.behind(place + 1) if inverted else None)

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

    def _slug(self, speaker: Speaker, before: Sequence[ActorMention], parsed: Parsed, *, heading: bool) -> str | None:
        """The claimant itself, where the words only point at it."""
        if not speaker.points:
            return self._in_full(speaker, before, parsed.tokens, heading=heading)
        if speaker.slug == "group":
            return self._group(before, parsed)
        if speaker.slug in POINTS_TO:
            return pointed_at(speaker.slug, self._spoken) or (speaker.slug if speaker.slug != "report" else None)
        return self._former or self._subject(before, parsed)

    def _group(self, before: Sequence[ActorMention], parsed: Parsed) -> str:
        known = actors.known(self._former) if self._former is not None else None
        if known is not None and known.kind in _GROUPS:
            return known.slug
        subject = self._subject([a for a in before if a.kind in _GROUPS], parsed)
        return subject or (self._story.topic.slug if self._story.topic is not None else "group")

    def _subject(self, before: Sequence[ActorMention], parsed: Parsed) -> str | None:
        """Who acts in a sentence, where nobody spoke before: "the Houthi movement released 110 prisoners, it said"."""
        acting = subject_of(parsed, before)
        return acting.slug if acting is not None else None

    def _in_full(self, speaker: Speaker, before: Sequence[ActorMention], tokens: Sequence[Token], *, heading: bool) -> str:
        """Who is called by the last words of his name only ("the task force"), where it was said in full before."""
        if not speaker.definite:
            return speaker.slug
        if self._former is not None and self._former.endswith(f"-{speaker.slug}"):
            return self._former
        place = END if heading else speaker.start
        only = self._story.army(place) if speaker.slug in _ARMY else self._story.police(place) if speaker.slug == "police" else None
        if only is not None:
            return only.slug
        if self._lexicon.cue(speaker.slug, "source"):
            return speaker.slug  # there is more than one army
        named = ((a.slug, "-".join(t.low for t in tokens if a.start <= t.start < a.end)) for a in reversed(before))
        return next((slug for slug, words in named if words.endswith(f"-{speaker.slug}")), speaker.slug)


def claimant_of(place: int, found: Sequence[Attribution]) -> Attribution | None:
    """Who speaks for the token at `place`: in its own part of the sentence who is cited, else who spoke last before it, else first behind it."""
    inside = [a for a in found if a.first <= place <= a.last]
    chosen = next((a for a in inside if a.cited), None) or _nearest(place, inside)
    return chosen or _nearest(place, [a for a in found if a.verb < place or a.closing])


def speaks(mention: Mention, found: Sequence[Attribution], parsed: Parsed) -> bool:
    """Whether a noun phrase that was read as counted is the subject of a verb of saying ("killing nine, two officers and a nurse said")."""
    for each in found:
        begins = next((i + 1 for i in range(each.verb - 1, -1, -1) if parsed.tokens[i].kind == "mark"), 0)
        if mention.trigger.first < begins <= mention.noun.first and mention.noun.last < each.verb:
            return True
    return False


def _closes(tokens: Sequence[Token], place: int) -> bool:
    """Whether a verb of saying ends its sentence, and nothing is told behind it ("..., the army said on Monday")."""
    return len(tokens) - place <= CLOSING and all(t.kind != "number" for t in tokens[place:])


def _nearest(place: int, found: Sequence[Attribution]) -> Attribution | None:
    before = [a for a in found if a.verb < place]
    return before[-1] if before else next(iter(found), None)


def _shares_subject(parsed: Parsed, place: int) -> bool:
    """Whether a verb goes on with the subject of one before it ("said ... and claimed that")."""
    before = parsed.tokens[max(0, place - 2) : place]
    return bool(before) and (before[-1].low == "and" or (len(before) > 1 and before[0].low == "and" and before[1].low in ("also", "later")))


def _is_attributive(parsed: Parsed, place: int) -> bool:
    """Whether it is no verb of a speaker: "Plateau state", "alleged air strikes", "men said to belong to the militia"."""
    behind = parsed.tokens[place + 1 : place + 3]
    low = parsed.tokens[place].low
    if low == "state":
        return not behind or behind[0].low != "that"
    if low == "alleged":
        return bool(behind) and behind[0].kind == "word" and behind[0].low not in _ALLEGED
    return low in _PARTICIPLES and len(behind) == 2 and behind[0].low == "to" and behind[1].low in _STATES


_PARTICIPLES = frozenset({"said", "reported", "estimated", "stated", "noted", "assessed", "confirmed"})
_STATES = frozenset({"be", "belong", "have", "number", "include", "come", "work", "live", "hold", "contain", "remain"})
_ALLEGED = frozenset({"that", "the", "it", "they", "its", "their", "he", "she"})
"""What a clause begins with behind a verb of saying."""


def _takes_lives(parsed: Parsed, place: int) -> bool:
    """Whether "claimed" is no word of saying: it took lives."""
    if not parsed.tokens[place].low.startswith("claim"):
        return False
    behind = [t.low for t in parsed.tokens[place + 1 : place + 8]]
    if behind[:1] in (["the"], ["an"], ["it"], ["a"]) and not _DEEDS.isdisjoint(behind[:4]):
        return True  # "claimed the attack"
    return "lives" in behind or behind[:1] == ["responsibility"]
