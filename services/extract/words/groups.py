"""The group that people are counted in, as their noun and its modifiers tell."""

from __future__ import annotations

from collections.abc import Sequence

from schemas import Group

from ..text.tokens import Token
from .lexicon import Lexicon

EMPLOYED = 12
"""Words behind a noun among which an employer is looked for."""

EMPLOYING = frozenset({("working", "for"), ("working", "with"), ("employed", "by"), ("contracted", "by")})
"""Words behind people that say whom they work for."""

NARROW = frozenset({Group.WOMEN, Group.CHILDREN})
"""Groups by which those told of are divided: they are as soon a part of them as others."""

FIGHTING = frozenset({Group.MILITANTS, Group.LEADERS})
"""Groups of which a stock of fighters can consist."""

AID_JOBS = frozenset(
    "staff member worker driver guard employee personnel volunteer paramedic doctor nurse medic surgeon contractor deminer coordinator director manager supervisor assistant logistician engineer technician consultant official national colleague watchman cook cleaner translator interpreter vaccinator midwife delegate crew expatriate expat staffer representative adviser advisor mechanic administrator trainee pilot associate logistics victim international local expat pharmacist dentist nutritionist caretaker clinician porter surveyor head male female person".split()
)
"""Nouns that mean aid workers in an article about them, where nothing narrower is said."""


_OFFICES = frozenset(
    "nutrition programme program logistics field protection health liaison project communications finance education monitoring humanitarian livelihoods wash gender admin administration procurement medical reporting access".split()
)
"""Words before an officer that hold a civilian office."""


def group_of(tokens: Sequence[Token], at: int, head: int, group: Group, lexicon: Lexicon) -> Group:
    """The group of the people that the noun at `head` names, with its modifiers from `at` on and the "of" behind it."""
    words = [tokens[i].low for i in range(at, head)]
    parts = {part for word in words for part in (word, *word.split("-"))}
    noun = lexicon[tokens[head].low].noun
    lemma = noun.lemma if noun else ""
    if (
        group in (Group.CIVILIANS, Group.PEOPLE)
        and lemma in lexicon.jobs
        and _low(tokens, head + 1) in ("of", "for", "from", "with", "working", "at")
    ):
        behind = [_low(tokens, i) for i in range(head + 2, head + 7)]
        parts |= {
            part
            for word in behind[: next((i for i, w in enumerate(behind) if w in ("and", "was", "were", ",", "when")), 5)]
            for part in (word, word.split("-")[0])
        }
    if group in (Group.CHILDREN, Group.WOMEN, Group.JOURNALISTS):
        return Group.AID_WORKERS if parts & lexicon.aid and lemma in lexicon.jobs else group
    if (
        parts & lexicon.aid
        and (lemma in lexicon.jobs or group in (Group.CIVILIANS, Group.AID_WORKERS))
        and lemma not in ("refugee", "resident", "civilian", "peacekeeper", "beneficiary")
    ):
        return Group.AID_WORKERS
    if (lemma == "staff" or "staff" in words) and parts & {"national", "international", "expatriate"}:
        return Group.AID_WORKERS
    if lemma in ("officer", "member", "official", "guard", "personnel", "force") and parts & {"police"}:
        return Group.POLICE
    if lemma in ("member", "officer", "personnel", "pilot", "force", "troop", "casualty") and parts & lexicon.soldierly:
        return Group.SOLDIERS
    if group in (Group.PEOPLE, Group.CIVILIANS, Group.POLICE) and parts & lexicon.militantly:
        return Group.MILITANTS
    return _in_office(tokens, head, lemma, parts, lexicon) or group


def _in_office(tokens: Sequence[Token], head: int, lemma: str, parts: set[str], lexicon: Lexicon) -> Group | None:
    """What members and officers are, by whose they are and what office they hold."""
    if lemma in ("member", "personnel", "officer", "element") and _low(tokens, head + 1) == "of":
        names = {_low(tokens, i) for i in range(head + 2, head + 8)}
        if names & {"police", "gendarmerie"}:
            return Group.POLICE
        if names & {"army", "military", "forces", "troops", "navy", "marines", "guard"}:
            return Group.SOLDIERS
    if lemma != "officer":
        return None
    if parts & _OFFICES:
        return Group.CIVILIANS
    return Group.SOLDIERS if parts & lexicon.soldierly else Group.POLICE


def works_for_aid(tokens: Sequence[Token], last: int, lexicon: Lexicon) -> bool:
    """Whether the words behind a noun say that these people work for an aid organisation ("three Latvians working for a UN agency")."""
    behind = [_low(tokens, i) for i in range(last + 1, last + 1 + EMPLOYED)]
    works = tuple(behind[:2]) in EMPLOYING
    ends = next((i for i, word in enumerate(behind) if word in ("was", "were", "when", ".", ",")), len(behind))
    return works and any(word in lexicon.aid or word.split("-")[0] in lexicon.aid for word in behind[2:ends])


def _low(tokens: Sequence[Token], place: int) -> str:
    return tokens[place].low if 0 <= place < len(tokens) else ""
