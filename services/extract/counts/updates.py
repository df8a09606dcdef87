"""What a text itself has overtaken: a report that it brings up to date, and a figure that was said at first and is no longer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from ..text.reasons import Reason
from ..text.sentences import Sentence
from .tallies import Tally

SHARED = 2
"""Sentences that two reports have in common, word for word, before one is taken for the other brought up to date: one may be boilerplate."""

REACH = 14
"""Words before a figure among which it is said that it was said at first."""

LONG_ENOUGH = 60
"""Characters of a sentence that nobody writes twice by chance."""

_UPDATE = re.compile(r"^\W*(?:updated?|correct(?:ion|ed)|corrects)\b", re.IGNORECASE)
_FORMERLY = r"(?:initially|earlier|previously|originally|at first|first)"
_SAID = r"(?:said|say|saying|reported|reporting|put|putting|announced|announcing|claimed|believed|thought|estimated|estimating|told|given|giving|counted)"
_SAID_BEFORE = re.compile(
    rf"\bhad (?:\w+ )?(?:put|given)\b(?: [\w,'’-]+){{0,6}}$|\b{_FORMERLY} (?:\w+ )?{_SAID}\b(?: [\w,'’-]+){{0,6}}$|\b{_SAID} {_FORMERLY}\b(?: [\w,'’-]+){{0,6}}$"
    r"|\b(?:earlier|initial|previous|first|preliminary) (?:\w+ )?(?:reports?|statements?|versions?|accounts?|estimates?|figures?|counts?)\b(?: [\w,'’-]+){0,9}$"
    r"|^an earlier (?:version|report)\b"
)
"""Words before a figure that was said at first."""
_DIVIDER = re.compile(r"^[\W_]{3,}$")


class Update(NamedTuple):
    """Sentences of an earlier report, and those of the report that tells it anew; the last of each is not in it."""

    earlier: range
    later: range


def find(sentences: Sequence[Sentence]) -> Sequence[Update]:
    """The updates of a text: reports that call themselves so, or that say again what the one before them said."""
    paragraphs = (n for n in range(1, len(sentences)) if sentences[n].paragraph != sentences[n - 1].paragraph)
    starts = [0, *(n for n in paragraphs if _begins(sentences[n].text)), len(sentences)]
    reports = [range(first, last) for first, last in pairwise(starts) if _is_prose(sentences[first:last])]
    return [Update(one, other) for one, other in pairwise(reports) if _tells_again(sentences, one, other)]


def retire(tallies: Sequence[Tally], updates: Iterable[Update]) -> None:
    """Set back what an earlier report alone says, of each measure that its update gives a figure of its own for."""
    for update in updates:
        anew = [t for t in tallies if t.counts and t.last_sentence in update.later]
        replaced = {t.measure for t in anew if t.sentence in update.later and not t.noun.additive}
        for tally in tallies:
            if tally.counts and tally.measure in replaced and tally.sentence in update.earlier and tally.last_sentence in update.earlier:
                tally.set_back(Reason("an update of its report in the same text gives another figure"))


def drop_former(tallies: Sequence[Tally]) -> None:
    """Set back what was only said at first, where the text has another figure of that measure."""
    former = [(t, at) for t in tallies if t.counts and not t.repeats and (at := _said_before(t)) is not None]
    for tally, words in former:
        if any(t.counts and t.measure is tally.measure and all(t is not other for other, _ in former) for t in tallies):
            tally.set_back(tally.told.reason("it was said at first, and another figure since", words))


def _said_before(tally: Tally) -> tuple[int, int] | None:
    """First and last token of what says so."""
    told = tally.numbered
    last = min(told.mention.trigger.first, told.mention.noun.first)
    first = max(0, last - REACH)
    while (at := next((n for n in range(first, last) if told.tokens[n].low in (";", ".")), None)) is not None:
        first = at + 1
    words = " ".join(t.low for t in told.tokens[first:last])
    return (first, max(first, last - 1)) if _SAID_BEFORE.search(words) else None


def _begins(paragraph: str) -> bool:
    return _UPDATE.match(paragraph) is not None or _DIVIDER.match(paragraph) is not None


def _is_prose(sentences: Sequence[Sentence]) -> bool:
    return any(not s.heading for s in sentences)


def _tells_again(sentences: Sequence[Sentence], one: range, other: range) -> bool:
    if _UPDATE.match(sentences[other.start].text):
        return True
    said = _long(sentences, one)
    return len(said & _long(sentences, other)) >= SHARED


def _long(sentences: Sequence[Sentence], report: range) -> set[str]:
    return {" ".join(sentences[n].text.split()).lower() for n in report if len(sentences[n].text) >= LONG_ENOUGH}
