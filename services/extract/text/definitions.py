"""What a sentence says of a word alone: "neutralised, the term it uses for those killed, wounded or captured"."""

from __future__ import annotations

import re

_NAMES = "(?:term|word|expression|phrase|euphemism|shorthand|wording|jargon)"
_BEGINS = re.compile(
    rf"(?:,|;| [-–—]+) (?:using )?(?:a|an|the|its|their|his|official|military|[\w-]+['’]s?) (?:[\w-]+['’]?s? ){{0,4}}{_NAMES}\b(?! of (?!the\b))",
    re.IGNORECASE,
)
"""An apposition that calls what stands before it a word."""
_FATES = "(?:killed|dead|wounded|injured|captured|detained|arrested|surrendered|eliminated)"
_ENDS = re.compile(rf"[;.](?: |$)|\n|,(?! (?:(?:and|or) )?{_FATES}\b)| (?=-|–|—)")
"""Where it ends: with its clause; a comma between what may have befallen people ends none."""
_OF_WHOM = re.compile(r"\b(?:for|to|means?|covers?|of|that|which|includes?|meaning|encompass(?:es|ing)?)\b")
"""Without one of these words nobody is said to be meant."""


def without(sentence: str) -> str:
    """The sentence, as long as before, with blanks where it explains a word: whom that may mean, nothing is said to have happened to."""
    if not any(name in sentence for name in ("term", "word", "expression", "phrase", "euphemism", "shorthand", "jargon")):
        return sentence
    begins = _BEGINS.search(sentence)
    if begins is None:
        return sentence
    ends = _ENDS.search(sentence, begins.end())
    end = ends.start() if ends is not None else len(sentence)
    if not _OF_WHOM.search(sentence, begins.end(), end):
        return sentence
    return sentence[: begins.start()] + " " * (end - begins.start()) + sentence[end:]
