"""Where the parts of a number begin: what stands behind "including", "among them" and the like."""

from __future__ import annotations

from .rows import PEOPLE_LIKE, Row

INCLUDING = frozenset({"including", "comprising", "namely", "consisting"})
"""Words that begin the parts of a number."""

INSERTION = 16
"""Chunks that an insertion between commas may have."""

_SINCE = frozenset({"since", "once", "when", "after", "before", "while"})


class Including(Row):
    """Finds what stands behind an "including" of one sentence; places are indices of chunks."""

    def including(self, at: int) -> tuple[int, int] | None:
        """An "including" that speaks of what ends before `at`, and what stands behind it; None where there is none."""
        first = at + (self.kind(at) == "comma" or self.word(at) in ("–", "—"))
        at = first if self.word(at) in ("–", "—") and self.word(first) == "including" else at
        for _ in range(12):
            joint = at
            if self.word(at) == "including" or (at == first and self.word(at) in INCLUDING):
                at += 1 + (self.word(at + 1) == "of")
                break
            if self.word(at) == "among" and self.word(at + 1) in ("them", "those"):
                at += 2
                break
            if self.kind(at) == "subordinator" and (behind := self._past_clause(at)) is not None:
                at = behind
                continue
            between = self.kind(at) == "conjunction" and self._of_names(at)
            if not between and (self.kind(at) not in ("comma", "preposition", "noun", "word", "possessive") or self._is_other_noun(at)):
                return None
            at += 1
        else:
            return None
        if self.word(at) == "those" and self.word(at + 1) == "of":
            return joint, at + 2  # "12 deaths, including those of two children"
        return joint, at + 1 if self.kind(at) == "word" and not self.is_capital(at) else at

    def _past_clause(self, at: int) -> int | None:
        """Where parts begin behind a clause of when it was ("140 were killed since the war began in May, including nine children")."""
        if self.word(at) not in _SINCE:
            return None
        for end in range(at + 1, min(at + INSERTION, len(self.chunks) - 2)):
            noun = self.chunks[end].noun
            counted = noun is not None and noun.quantity is not None and noun.sort in PEOPLE_LIKE
            if counted or self.chunks[end].verb is not None or self.kind(end) in ("break", "relative"):
                return None
            if self.kind(end) == "comma":
                among = self.word(end + 1) == "among" and self.word(end + 2) in ("them", "those")
                who = any(self.kind(i) == "relative" for i in range(end + 1, min(end + INSERTION, len(self.chunks))))
                return end + 1 if (among or self.word(end + 1) == "including") and not who else None
        return None

    def _of_names(self, at: int) -> bool:
        """Whether a conjunction joins two names or months ("surrendered between April and June, among them 40 women")."""
        beside = [
            self.parsed.tokens[self.chunks[i].first] for i in (at - 1, at + 1) if 0 <= i < len(self.chunks) and self.kind(i) == "word"
        ]
        return len(beside) == 2 and all(token.capital for token in beside)

    def _is_other_noun(self, at: int) -> bool:
        noun = self.chunks[at].noun
        return noun is not None and noun.sort in PEOPLE_LIKE and self.kind(at - 1) != "preposition"
