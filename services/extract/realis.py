"""Whether the words say that it happened: scope of negation, modals, attempts, plans, threats, denials and claims."""

from __future__ import annotations

from dataclasses import dataclass

from schemas import Realis

from .chunks import Parsed
from .frames import Mention
from .lexicon import Lexicon

GOVERNS = 5
"""Words before an infinitive among which its governing verb is looked for ("failed in its bid to kill")."""


@dataclass(frozen=True, slots=True)
class Status:
    """How a mention is told."""

    realis: Realis
    told: bool = True
    """False where the words say nothing about it ("did not kill 12")."""
    background: bool = False
    """Whether it belongs to another, earlier event."""
    reason: str = "asserted"
    """The words that decided it, or what kind of rule."""


def status_of(mention: Mention, parsed: Parsed, lexicon: Lexicon) -> Status:
    """How a mention is told in its sentence."""
    before = _words_before(mention, parsed)
    background = _other_event(before)
    claimed = _claimed(mention, before, lexicon)
    decided = _denied(before, lexicon) or _of_verb(mention, before, lexicon) or _conditional(before)
    if decided is None:
        decided = Status(Realis.CLAIMED, reason="claimed") if claimed else Status(Realis.ASSERTED)
    if background and decided.told:
        return Status(decided.realis, background=True, reason=decided.reason)
    return decided


def _words_before(mention: Mention, parsed: Parsed) -> list[str]:
    """Words from the last hard break to the trigger, in lower case."""
    first = 0
    for chunk in parsed.chunks[: mention.place]:
        if chunk.kind == "break" and parsed.tokens[chunk.first].low in (";", "."):
            first = chunk.last + 1
    return [t.low for t in parsed.tokens[first : mention.trigger.first]]


def _denied(before: list[str], lexicon: Lexicon) -> Status | None:
    for place, word in enumerate(before):
        if lexicon.cue(word, "denying") and len(before) - place < 14 and "but" not in before[place:]:
            return Status(Realis.DENIED, reason=word)
    return None


def _of_verb(mention: Mention, before: list[str], lexicon: Lexicon) -> Status | None:
    verb = mention.verb
    if verb is None:
        if mention.via == "nominal" and before[-1:] == ["attempted"]:
            return Status(Realis.ATTEMPTED, reason="attempted")
        if mention.via in ("nominal", "counted", "deed"):
            return _of_noun(mention, before, lexicon)
        return None
    auxiliaries = verb.auxiliaries
    if verb.to:
        return _of_infinitive(before, auxiliaries, lexicon)
    if any(lexicon.cue(word, "not") for word in auxiliaries) and not mention.noun.negative:
        return Status(Realis.ASSERTED, told=False, reason="negated")
    if "feared" in before[-3:] or "feared" in auxiliaries:
        return Status(Realis.HYPOTHETICAL, reason="feared")
    for word in auxiliaries:
        if word in ("will", "shall", "wo"):
            return Status(Realis.PLANNED, reason=word)
        if lexicon.cue(word, "modals"):
            return Status(Realis.HYPOTHETICAL, reason=word)
    if verb.form == "gerund":
        return _of_gerund(before, lexicon)
    return None


def _of_infinitive(before: list[str], auxiliaries: tuple[str, ...], lexicon: Lexicon) -> Status | None:
    leading = auxiliaries[: auxiliaries.index("to")]
    behind = auxiliaries[auxiliaries.index("to") + 1 :]
    perfect = "have" in behind
    if any(lexicon.cue(word, "not") for word in leading):
        return Status(Realis.ASSERTED, told=False, reason="negated")
    if perfect:
        if any(lexicon.cue(word, "claiming") for word in before[-3:]):
            return Status(Realis.CLAIMED, reason="claimed to have")
        return None
    governors = list(reversed(before[-GOVERNS:]))
    for word in governors[:3]:
        if lexicon.cue(word, "asserted"):
            return None
    for name in (Realis.ATTEMPTED, Realis.THREATENED, Realis.PLANNED):
        for word in governors[:3]:
            if lexicon.cue(word, name):
                return Status(name, reason=word)
    for word in leading:
        if lexicon.cue(word, "modals"):
            return Status(Realis.HYPOTHETICAL, reason=word)
    return Status(Realis.PLANNED, reason="to")


def _of_gerund(before: list[str], lexicon: Lexicon) -> Status | None:
    last = before[-2:]
    if "without" in last:
        return Status(Realis.ASSERTED, told=False, reason="without")
    if last[-1:] == ["at"] and len(before) > 1 and lexicon.cue(before[-2], "planned"):
        return Status(Realis.PLANNED, reason="at")
    if (
        last[-1:] == ["of"]
        and len(before) > 1
        and before[-2] in ("accused", "suspected", "guilty", "convicted", "capable", "intention", "aim", "hope", "hopes", "purpose", "goal")
    ):
        return Status(
            Realis.PLANNED if before[-2] in ("intention", "aim", "hope", "hopes", "purpose", "goal", "capable") else Realis.CLAIMED,
            background=True,
            reason=before[-2],
        )
    for word in last:
        for name in (Realis.ATTEMPTED, Realis.THREATENED, Realis.PLANNED):
            if lexicon.cue(word, name):
                return Status(name, reason=word)
    return None


def _of_noun(mention: Mention, before: list[str], lexicon: Lexicon) -> Status | None:
    near = before[-4:]
    for word in near:
        if lexicon.cue(word, Realis.THREATENED) and mention.via != "deed":
            return Status(Realis.THREATENED, reason=word)
        if word in ("planning", "planned", "plan", "plans", "plotting", "plotted", "attempted", "attempting"):
            return Status(Realis.PLANNED if word.startswith("plan") else Realis.ATTEMPTED, reason=word)
        if word in ("will", "to") and mention.via == "deed":
            return Status(Realis.PLANNED, reason=word)
    return None


def _conditional(before: list[str]) -> Status | None:
    for place, word in enumerate(before):
        if word in ("if", "unless", "whether") and len(before) - place < 10 and "," not in before[place:]:
            return Status(Realis.HYPOTHETICAL, reason=word)
    return None


def _claimed(mention: Mention, before: list[str], lexicon: Lexicon) -> bool:
    if mention.verb is not None and any(lexicon.cue(word, "doubting") for word in mention.verb.auxiliaries):
        return True
    for place, word in enumerate(before):
        if (
            lexicon.cue(word, "claiming")
            and before[place + 1 : place + 2] != ["responsibility"]
            and not (word == "alleged" and before[place + 1 : place + 2] and mention.via == "verb" and place + 1 == len(before))
        ):
            return word != "alleged" or (place + 1 < len(before) and before[place + 1] in ("that", "to"))
        if word in ("unverified", "unconfirmed"):
            return True
    return False


_OTHER = (
    ("responsible", "for"),
    ("accused", "of"),
    ("suspected", "of"),
    ("involved", "in"),
    ("involvement", "in"),
    ("participated", "in"),
    ("participation", "in"),
    ("linked", "to"),
    ("connection", "with"),
    ("connected", "to"),
    ("behind", "the"),
    ("behind", "a"),
    ("behind", "several"),
    ("wanted", "for"),
    ("convicted", "of"),
    ("blamed", "for"),
    ("role", "in"),
    ("implicated", "in"),
    ("charged", "with"),
    ("tied", "to"),
    ("anniversary", "of"),
    ("after", "a", "bombing"),
    ("year", "after"),
    ("years", "after"),
    ("months", "after"),
    ("month", "after"),
    ("weeks", "after"),
    ("week", "after"),
    ("days", "after"),
    ("last", "year"),
    ("years", "ago"),
)
"""Word pairs after which an earlier event is spoken of."""


def _other_event(before: list[str]) -> bool:
    joined = " ".join(before)
    return any(f" {' '.join(words)}" in f" {joined}" for words in _OTHER)
