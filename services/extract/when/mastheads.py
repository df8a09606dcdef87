"""The head of a release: who writes, from where and on what day, before its first sentence."""

from __future__ import annotations

import re
from typing import NamedTuple

from .dates import MONTH_NAMES

_MASTHEAD = re.compile(
    r"\s*(?P<who>[A-Z(][^\n;:!?]{1,120}?)[,.|]? ?(?P<date>\d{1,2} "
    rf"(?:{MONTH_NAMES}) \d{{4}}|(?:{MONTH_NAMES}|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.? \d{{1,2}}, \d{{4}})(?: \([A-Z][\w ]{{1,20}}\))?(?P<mark>\.\s|:\s| ?[—–_-]{{1,2}} |\s*\n)"
)
"""Names and a full day at the beginning of a text ("Ministry of Defence, Ankara, 17 November 2021. ")."""
_SMALL_WORDS = frozenset("of the and for de del la das dos al el in on to a".split())


class Masthead(NamedTuple):
    """Where the head of a release stands, and the day that it gives."""

    start: int
    end: int
    date: str
    """As it is written."""


def find(text: str) -> Masthead | None:
    """The head of a text; None where it begins otherwise."""
    head = _MASTHEAD.match(text)
    if head is None:
        return None
    words = re.findall(r"[^\W\d_][\w'’.-]*", head["who"])
    if not all(word[0].isupper() or word.lower() in _SMALL_WORDS for word in words):
        return None
    return Masthead(head.start("who"), head.end("mark") - (len(head["mark"]) - len(head["mark"].rstrip())), head["date"])
