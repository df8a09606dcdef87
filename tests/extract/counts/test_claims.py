"""Who did it, where a sentence of its own says so."""

from __future__ import annotations

import pytest

from services.extract.extraction import Extraction
from tests.extract.readings import article, read


@pytest.mark.parametrize(
    ("text", "actors"),
    [
        ("A lorry bomb killed nine traders in Mosul. The attack was claimed by the Islamic State.", ["isis"]),
        ("A lorry bomb killed nine traders in Mosul. Six were hurt in the blast. Islamic State claimed responsibility.", ["isis", "isis"]),
        ("A bomb killed nine traders in Quetta. The Pakistani Taliban (TTP) later claimed responsibility for it.", ["ttp"]),
        ("A bomb killed nine traders in Garowe. Al-Shabaab, which wants the town, said it carried out the attack.", ["al-shabaab"]),
        ("A bomb killed nine traders in Garowe. The bombing was blamed on al-Shabaab.", ["al-shabaab"]),
        ("Shots killed two traders in Kirkuk. A bomb killed nine nurses in Mosul. ISIS claimed the bombing.", [None, "isis"]),
        ("A bomb killed nine traders in Quetta. The Pakistani Taliban has not claimed responsibility.", [None]),
        ("A bomb killed nine traders in Quetta. No group has claimed responsibility; the Pakistani Taliban denied any part in it.", [None]),
        ("The army freed nine traders in Quetta. The Pakistani Taliban claimed responsibility for an earlier attack.", [None]),
        ("US troops killed nine traders in Mosul. ISIS claimed responsibility for a bombing elsewhere.", ["us-military"]),
    ],
)
def test_a_claim_of_responsibility_names_who_did_what_was_told_last(text: str, actors: list[str | None]) -> None:
    told = sorted((each.count for each in read(text)), key=lambda count: count.evidence[0].start)
    assert [count.actor for count in told] == actors


def test_a_claim_says_which_words_named_the_doer() -> None:
    text = "A bomb killed nine traders in Mosul. The attack was claimed by the Islamic State."
    _, explained = Extraction().explain(article(text))
    assert "have done it" in str(explained)
