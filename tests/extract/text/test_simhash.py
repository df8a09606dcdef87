"""Near-copies have near fingerprints."""

from __future__ import annotations

from services.extract.text.simhash import simhash

TEXT = " ".join(f"On day {n} the patrol moved from post {n} to post {n + 1} and met nobody on the road." for n in range(40))


def distance(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


def test_case_and_marks_make_no_difference() -> None:
    assert simhash("The army said: five men died.") == simhash("the ARMY said five  men died")


def test_a_changed_word_changes_few_bits_and_another_text_many() -> None:
    assert distance(simhash(TEXT), simhash(TEXT.replace("day 7", "night 7"))) <= 6
    assert distance(simhash(TEXT), simhash(" ".join(f"Minister {n} opened school {n} in the {n}th month." for n in range(60)))) > 12


def test_nothing_has_a_fingerprint_as_well() -> None:
    assert simhash("") == "0" * 16
    assert len(simhash("a")) == 16
