"""Figures that add up to a total told before: "By cause: clashes 149, raids 75, bombs 63", behind "287 people were killed".

No words tell such figures apart from others as surely as their sum does, so that only those which add up exactly are taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from schemas import Group, Measure, Qualifier
from schemas.vocabulary import OF_DEEDS, OF_STATES

from ..frames.listing import WHERE, value_of
from ..frames.mentions import Mention
from ..numbers import quantities
from ..numbers.number_words import NUMBER
from ..numbers.quantity import Quantity
from ..syntax.nouns import NounPhrase
from ..syntax.pieces import Parsed
from ..text.sentences import Sentence
from ..text.tokens import Token, tokenize
from ..words.groups import NARROW
from ..words.profiles import Profile
from .months import BACK, of_figures
from .tallies import Tally

LEAST = 20
"""Totals below it are too often a sum of other figures by chance."""

OF_TWO = 50
"""The same of a total that only two figures add up to."""

MOST = 14
"""Figures of one breakdown; longer ones are tables."""

SHORT = 48
"""Characters of a sentence that is one row of a breakdown ("May: 287.")."""


OWN = 4
"""Words behind a figure that say that it is a part of a part ("three of them")."""

_ROW = re.compile(r"[\W_]*[^\d:]{2,60}: *\d[\d,.]*\W*")
"""A line that is one row of a breakdown, and no headline ("• Idlib: 29")."""
_OF_PART = re.compile(r"of (?:them|these|those|whom|which|its|the (?:latter|former))\b")
_PARTS = re.compile(r":|--| [-–] |—")
"""What stands between a count and its parts."""
_INNER = frozenset({"including", "among", "included"})
"""Words before a figure that is a part of the one before it."""
NUMBERED = frozenset({"numbered", "comprised", "included"})
_TAKEN = frozenset({"none", "person", "state", "counted", "name", "body"})
"""Sorts of noun phrases that a figure of people may stand before."""
_BRACKETS = str.maketrans("()[]", ",,,,")


@dataclass(frozen=True, slots=True)
class Run:
    """Figures that add up: where each begins in the text, and the total that it is of. The totals take turns ("171 dead and 344 hurt, ...")."""

    starts: tuple[int, ...]
    totals: tuple[int, ...]
    stated: int | None = None
    """Where the total begins that stands in the same sentence before them; None where another gives it."""


@dataclass(frozen=True, slots=True)
class _Figure:
    start: int
    value: int
    segment: int
    inner: bool
    """Whether it is a part of a figure beside it."""


def find(sentences: Sequence[Sentence], telling: Collection[int], profile: Profile) -> dict[int, tuple[Run, ...]]:
    """The sentences whose figures add up to what a telling sentence before them gives, each with its figures."""
    known: dict[int, tuple[_Figure, ...]] = {}

    def figures(number: int) -> tuple[_Figure, ...]:
        if number not in known:
            known[number] = _figures(sentences[number], profile)
        return known[number]

    found: dict[int, tuple[Run, ...]] = {}
    for number, sentence in enumerate(sentences):
        divided = number in telling and _PARTS.search(sentence.text) is not None and _holds(sentence.text, 3)
        if divided and (runs := tuple(_within(figures(number), sentence))):
            found[number] = runs
            continue
        before = [i for i in range(max(0, number - BACK), number) if i in telling]
        if not before or number in found or (sentence.heading and _ROW.fullmatch(sentence.text) is None):
            continue
        many = _holds(sentence.text, 2)
        if not many and not (len(sentence.text) <= SHORT and _holds(sentence.text, 1)):
            continue
        totals = [(f.value for f in figures(i) if f.value >= LEAST) for i in before]
        stated = [set(values) for values in totals]
        if many and (runs := tuple(_runs(figures(number), stated))):
            found[number] = runs
            continue
        rows = _rows(sentences, number, figures)
        if len(rows) > 1 and (run := _run([figures(i)[0] for i in rows], stated)) is not None:
            found |= dict.fromkeys(rows, (run,))
    return found


def _within(figures: Sequence[_Figure], sentence: Sentence) -> Iterator[Run]:
    """The figures behind a colon or a dash that add up to the one right before it ("173 attacks, it says: 98 by ..., 51 by ... and 24 by ...")."""
    for place, whole in enumerate(figures[:-2]):
        between = sentence.text[whole.start - sentence.start : figures[place + 1].start - sentence.start]
        if _PARTS.search(between) is None or sentence.text.count("(", 0, whole.start - sentence.start) > sentence.text.count(
            ")", 0, whole.start - sentence.start
        ):
            continue  # in brackets stand the figures of something else, or of a comparison
        for behind in (figures[place + 1 :], [f for f in figures[place + 1 :] if not f.inner]):
            sums = list(accumulate(f.value for f in behind[:MOST]))
            if whole.value in sums[1:]:
                last = sums.index(whole.value) + 1
                yield Run(tuple(f.start for f in behind[:last]), (whole.value,), whole.start)
                return


def _holds(text: str, least: int) -> bool:
    """Whether so many numbers stand in a text."""
    return any(count >= least for count, _ in enumerate(NUMBER.finditer(text), 1))


def _rows(sentences: Sequence[Sentence], first: int, figures: Callable[[int], Sequence[_Figure]]) -> list[int]:
    """Short sentences of one figure each that follow each other ("April: 512 dead. May: 287. June: 215.")."""
    rows: list[int] = []
    for number in range(first, min(first + MOST, len(sentences))):
        text = sentences[number].text
        if len(text) > SHORT or not _holds(text, 1) or len(figures(number)) != 1:
            break
        rows.append(number)
    return rows


def _figures(sentence: Sentence, profile: Profile) -> tuple[_Figure, ...]:
    """The exact numbers of a sentence, brackets and all."""
    tokens = tokenize(sentence.text.translate(_BRACKETS), sentence.start)
    found = []
    for quantity in quantities.find(tokens, profile):
        if quantity.vague or quantity.value < 1:
            continue
        segment = sum(1 for t in tokens[: quantity.first] if t.low == ";")
        found.append(_Figure(tokens[quantity.core].start, quantity.value, segment, _is_inner(tokens, quantity)))
    return tuple(found)


def _is_inner(tokens: Sequence[Token], quantity: Quantity) -> bool:
    behind = " ".join(t.low for t in tokens[quantity.last + (not quantity.of) : quantity.last + OWN + 1])
    return _OF_PART.match(behind) is not None or (quantity.first > 0 and tokens[quantity.first - 1].low in _INNER)


def _stretches(figures: Sequence[_Figure]) -> Iterator[list[_Figure]]:
    """What may be one breakdown: all figures, or those between semicolons, with and without parts of parts."""
    last = figures[-1].segment if figures else -1
    for length in range(last + 1, 0, -1):
        for first in range(last + 2 - length):
            stretch = [f for f in figures if first <= f.segment < first + length]
            outer = [f for f in stretch if not f.inner]
            yield outer
            if len(outer) != len(stretch):
                yield stretch


def _runs(figures: Sequence[_Figure], stated: Sequence[Collection[int]]) -> Iterator[Run]:
    """The breakdowns of one sentence, none of which shares a figure with another."""
    taken: set[int] = set()
    for stretch in _stretches(figures):
        if taken.isdisjoint(f.start for f in stretch) and (run := _run(stretch, stated)) is not None:
            taken |= set(run.starts)
            yield run


def _run(figures: Sequence[_Figure], stated: Sequence[Collection[int]]) -> Run | None:
    """The figures as a breakdown, where they add up to a total, or in turns to two of one sentence."""
    if not 1 < len(figures) <= 2 * MOST:
        return None
    values = [f.value for f in figures]
    starts = tuple(f.start for f in figures)
    if any(sum(values) in totals for totals in stated) and (len(values) > 2 or sum(values) >= OF_TWO):
        return Run(starts, (sum(values),))
    if len(values) % 2 or len(values) < 4:
        return None
    two = sum(values[::2]), sum(values[1::2])
    return Run(starts, two) if any(two[0] in totals and two[1] in totals for totals in stated) else None


def unbracketed(text: str, start: int, runs: Sequence[Run]) -> str:
    """A sentence whose brackets hold figures of a breakdown with commas for them, as long as before."""
    for opened in re.finditer(r"[(\[]([^()\[\]]{1,80})[)\]]", text):
        if any(opened.start() <= at - start < opened.end() for run in runs if run.stated is None for at in run.starts):
            text = f"{text[: opened.start()]},{opened.group(1)},{text[opened.end() :]}"
    return text


def complete(mentions: list[Mention], parsed: Parsed, run: Run, tallies: Sequence[Tally], sentence: int) -> list[Mention]:
    """The mentions of a sentence, its figures that add up made parts of what they add up to; as before where one of them is of something else."""
    at = {parsed.tokens[c.noun.quantity.core].start: i for i, c in enumerate(parsed.chunks) if c.noun is not None and c.noun.quantity}
    own = [start for start in run.starts if start in at]
    here = {parsed.tokens[m.noun.quantity.core].start: m for m in mentions if m.noun.quantity is not None}
    if run.stated is not None:
        return _complete_within(mentions, own, parsed, here, at, run)
    wholes = [
        _whole(total, [here[s] for s in run.starts[i :: len(run.totals)] if s in here], tallies, sentence)
        for i, total in enumerate(run.totals)
    ]
    chosen = [whole for whole in wholes if whole is not None]
    if not own or len(chosen) != len(wholes) or len({id(w) for w in chosen}) != len(chosen):
        return mentions
    apart = len({id(here[s].trigger) for s in own if s in here}) > 1  # one verb for all of them divides, each its own does not
    if not _is_of_people(own, at, parsed, chosen) or (
        apart and len(own) == len(run.starts) and all(s in here and here[s].verb is not None for s in own)
    ):
        return mentions
    months = of_figures(own, len(run.totals), parsed, chosen[0])
    result = list(mentions)
    for start in own:
        place = at[start]
        whole = chosen[run.starts.index(start) % len(chosen)]
        part = here.get(start) or _inserted(result, whole.measure, parsed, place)
        part.measure, part.harm = whole.measure, False
        if (behind := place + 1) < len(parsed.chunks) and parsed.tokens[parsed.chunks[behind].first].low in WHERE:
            part.placed = True
        else:
            part.sharer = _label(start, own, at, parsed, len(run.totals))
            _regroup(part, parsed)
        part.shares, part.part_of, part.total = "sum", None, (whole.value, whole.sentence)
        part.month = months.get(start)
    _point_at(result)
    return result


def _complete_within(
    mentions: list[Mention], own: Sequence[int], parsed: Parsed, here: dict[int, Mention], at: dict[int, int], run: Run
) -> list[Mention]:
    """The mentions of a sentence that gives a total and its parts; as before where no measure is told of the total, or another of a part."""
    whole = here.get(run.stated or 0)
    if whole is None or len(own) != len(run.starts) or any(here[s].measure is not whole.measure for s in own if s in here):
        return mentions
    if not _is_of_people(own, at, parsed, [whole]) or (all(s in here and (here[s].part_of or here[s].verb) for s in own)):
        return mentions
    result = list(mentions)
    for start in own:
        part = here.get(start) or _inserted(result, whole.measure, parsed, at[start])
        part.part_of, part.shares = whole, ""
        part.placed = False
    return result


def _inserted(result: list[Mention], measure: Measure, parsed: Parsed, place: int) -> Mention:
    """A new part at a place, in its order among the mentions."""
    noun = parsed.chunks[place].noun or NounPhrase(parsed.chunks[place].first, parsed.chunks[place].last)
    part = Mention(measure, noun, parsed.chunks[place], "part", place)
    result.insert(next((i for i, m in enumerate(result) if m.noun.first > noun.first), len(result)), part)
    return part


def _point_at(mentions: Sequence[Mention]) -> None:
    """Let a part of a part point at the figure right before it ("the other 15 were outsiders, three of them nurses")."""
    nearest: Mention | None = None
    for mention in mentions:
        if mention.total is not None:
            nearest = mention
        elif nearest is not None and mention.via == "part" and value_of(mention.noun) < value_of(nearest.noun):
            above = mention.part_of
            if above is None or above.noun.first < nearest.noun.first:
                mention.part_of, mention.shares, mention.measure = nearest, "", nearest.measure


def _whole(total: int, told: Sequence[Mention], tallies: Sequence[Tally], sentence: int) -> Tally | None:
    """The count that figures add up to; None where there is none, or they are of something else."""
    measures = {m.measure for m in told if not m.harm}  # of 22 killed, 14 were shot in one town
    fitting = [
        t
        for t in tallies
        if t.value == total
        and t.real
        and not t.in_title
        and t.noun.quantity is not None
        and t.qualifier is not Qualifier.VAGUE
        and t.measure not in OF_STATES
        and 0 <= sentence - t.sentence <= BACK
        and measures <= {t.measure}
    ]
    return fitting[-1] if len({t.measure for t in fitting}) == 1 else None


def _is_of_people(own: Sequence[int], at: dict[int, int], parsed: Parsed, wholes: Sequence[Tally | Mention]) -> bool:
    """Whether no figure is of things, nor of deeds where the whole is of people."""
    deeds = all(w.measure in OF_DEEDS for w in wholes)
    nouns = [noun for start in own if (noun := parsed.chunks[at[start]].noun) is not None]
    return all(noun.sort in _TAKEN or (deeds and noun.sort == "deed") for noun in nouns)


def _label(start: int, own: Sequence[int], at: dict[int, int], parsed: Parsed, turns: int) -> tuple[int, int] | None:
    """The words before a figure, from the one before it: whose share it is."""
    order = own.index(start) // turns * turns
    first = 0
    if order:
        noun = parsed.chunks[at[own[order - 1]]].noun
        first = noun.last + 1 if noun is not None else 0
    last = parsed.chunks[at[own[order]]].first - 1
    return (first, last) if first <= last else None


def _regroup(part: Mention, parsed: Parsed) -> None:
    """Count a bare figure in the group that stands right before it ("Soldiers numbered 70 of the dead, police nine and civilians 39")."""
    if part.sharer is None or part.noun.sort not in ("none", "state") or part.noun.group is not Group.PEOPLE:
        return
    first, last = part.sharer
    named = [c.noun for c in parsed.chunks if c.noun is not None and first <= c.first and c.last <= last]
    numbered = any(t.low in NUMBERED for t in parsed.tokens[: part.noun.first])
    if len(named) == 1 and named[0].sort == "person" and named[0].group is not Group.PEOPLE and (numbered or named[0].group in NARROW):
        part.noun.regroup(named[0].group, parsed.reason("as the noun before the number says", named[0].first, named[0].last))
