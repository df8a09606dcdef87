"""The group that people are counted in, as their noun and its modifiers tell."""

from __future__ import annotations

from collections.abc import Sequence

from schemas import Group

from .lexicon import Lexicon
from .tokens import Token

EMPLOYED = 12
"""Words behind a noun among which an employer is looked for."""


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
    if lemma in ("member", "personnel", "officer", "element") and _low(tokens, head + 1) == "of":
        names = {_low(tokens, i) for i in range(head + 2, head + 8)}
        if names & {"police", "gendarmerie"}:
            return Group.POLICE
        if names & {"army", "military", "forces", "troops", "navy", "marines", "guard"}:
            return Group.SOLDIERS
    if lemma == "officer":
        return Group.POLICE if not parts & lexicon.soldierly else Group.SOLDIERS
    return group


def works_for_aid(tokens: Sequence[Token], last: int, lexicon: Lexicon) -> bool:
    """Whether the words behind a noun say that these people work for an aid organisation ("three Latvians working for a UN agency")."""
    behind = [_low(tokens, i) for i in range(last + 1, last + 1 + EMPLOYED)]
    works = behind[:2] in (["working", "for"], ["working", "with"], ["employed", "by"], ["contracted", "by"])
    ends = next((i for i, word in enumerate(behind) if word in ("was", "were", "when", ".", ",")), len(behind))
    return works and any(word in lexicon.aid or word.split("-")[0] in lexicon.aid for word in behind[2:ends])


def _low(tokens: Sequence[Token], place: int) -> str:
    return tokens[place].low if 0 <= place < len(tokens) else ""
