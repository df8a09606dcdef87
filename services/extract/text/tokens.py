"""Words, numbers and marks of a sentence, each with its place in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_WORD = 60
"""A longer run of letters or digits is no word and no number; it is kept as one mark without meaning."""

_NUMBER = (
    r"\d{1,2}(?:,\d{2})+,\d{3}(?!\d)"
    r"|\d{1,3}(?:[,\u00a0\u202f\u2009]\d{3})+(?![\d,]\d)"
    r"|\d{1,3}(?:\.\d{3})+(?![\d.])"
    r"|\d{1,3}(?: \d{3})+(?!\d)"
    r"|\d+(?:\.\d+)?"
)
_TOKEN = re.compile(
    rf"(?P<number>(?:{_NUMBER})(?:(?:k|m|bn|mn|million|billion)\b)?)(?![-‐‑]?[^\W\d_])(?!\d)"
    r"|(?P<dotted>(?:[A-Za-z]\.){2,})"
    r"|(?P<title>(?:Sgt|Lt|Col|Gen|Maj|Capt|Cpl|Pvt|Brig|Adm|Cmdr|Insp|Dr|Mr|Mrs|Ms)\.(?=\s?[\w(])|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.(?=\s?\d)|[Ii]ncl\.(?=\s))"
    r"|(?P<word>[^\W_]+(?:(?:[-‐‑.&]|/(?!\d)|['’](?!s\b))[^\W_]+)*)"
    r"|(?P<possessive>(?<=[^\W_])['’]s\b|(?<=s)['’](?=\s))"
    r"|(?P<mark>[^\w\s]|_)"
)
"""Alternatives that never overlap in where they may end, so that the time is linear in the length."""


_QUOTES = frozenset("\"“”„«»‘'’")
"""Marks around words that are read as if they stood without ("had “neutralised” 11 men")."""


_ACRONYMS = {"IS": "isis", "WHO": "w.h.o.", "US": "u.s."}
"""Names in capitals that were other words in small letters, which they are read as."""


@dataclass(slots=True, eq=False)
class Token:
    """One word, number or mark; offsets count characters of the text that the sentence was cut from.

    Nobody changes one; it is not frozen because it takes twice as long to make what is, and an article has hundreds.
    """

    start: int
    end: int
    text: str
    low: str
    """In lower case, with plain hyphens and apostrophes."""
    kind: str
    """`number`, `word`, `possessive` or `mark`."""

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[:1].isupper()


def tokenize(sentence: str, offset: int = 0) -> list[Token]:
    """The tokens of a sentence that begins at `offset` of its text."""
    tokens: list[Token] = []
    quoted = False
    for match in _TOKEN.finditer(sentence):
        kind = match.lastgroup or "mark"
        text = match.group()
        if kind == "mark" and text in _QUOTES:
            quoted = quoted or text in "‘'"
            continue
        if kind == "possessive" and len(text) == 1 and quoted:
            quoted = False
            continue  # what closes a quotation behind an "s" ("'killed 90 rebels' in a week")
        if len(text) > MAX_WORD:
            kind, text = "mark", text[:MAX_WORD]
        low = text.lower()
        if kind == "title":
            low = low[:-1]
        if low == "incl":
            low = "including"
        if text in _ACRONYMS and not sentence.isupper():
            low = _ACRONYMS[text]
        if kind in ("dotted", "title"):
            kind = "word"
        if not low.isascii():
            low = low.replace("’", "'").replace("‐", "-").replace("‑", "-")
        tokens.append(Token(offset + match.start(), offset + match.end(), text, low, kind))
    return tokens
