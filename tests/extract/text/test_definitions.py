"""What explains a word is blanked, as long as it was; whoever tells the sentence stays."""

from __future__ import annotations

import pytest

from services.extract.text.definitions import without


@pytest.mark.parametrize(
    ("before", "explained", "behind"),
    [
        ("Nine were neutralised", ", the term it uses for those killed or captured", "."),
        ("Nine were neutralised", ", a word that can mean killed or wounded", ", the ministry said."),
        ("Nine were neutralised", " - an official euphemism for killed or captured", "; four fled."),
        ("Nine were neutralised", ", the army's own expression for killed or wounded", ", the general told reporters."),
    ],
)
def test_an_explanation_is_blanked(before: str, explained: str, behind: str) -> None:
    assert without(before + explained + behind) == before + " " * len(explained) + behind


@pytest.mark.parametrize(
    "sentence",
    [
        "Nine people were killed, in the words of one witness.",
        "Nine people were killed, the words on the wall say.",
        "In the short term, nine hostages for 40 prisoners were exchanged.",
        "Nine people were killed.",
    ],
)
def test_what_explains_no_word_stays(sentence: str) -> None:
    assert without(sentence) == sentence
