"""One id for all spellings of an outlet; copies of one text are one publisher."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from services.measure.publishers import COPY_BITS, UNNAMED, Telling, copied, publisher_of

TEXT = 0x0123456789ABCDEF


def independent(tellings: Iterable[Telling]) -> int:
    """How many publishers are left when copies are one."""
    return len(set(copied(tellings).values()))


@pytest.mark.parametrize(
    "spelling",
    ["Example Wire", "The Example Wire", "EXAMPLE-WIRE", " example wire ", "www.examplewire.com", "examplewire.co.uk", "Exámple Wire"],
)
def test_spellings_of_one_outlet_are_one(spelling: str) -> None:
    assert publisher_of(spelling, None) == "examplewire"


def test_the_address_names_who_does_not_name_itself() -> None:
    assert publisher_of("", "https://news.example.org/2024/03/story") == "example"


@pytest.mark.parametrize("url", [None, "", "not an address", "https://", "http://[", "https://\x00"])
def test_of_whom_nothing_is_known_is_unknown(url: str | None) -> None:
    assert publisher_of(" -- ", url) == UNNAMED


def test_names_in_other_scripts_are_names() -> None:
    assert publisher_of("Пример Новости", None) == "пример новости".replace(" ", "")


def test_an_endless_name_is_cut() -> None:
    assert len(publisher_of("x" * 100_000, None)) == 200


def test_texts_that_differ_in_few_bits_are_copies() -> None:
    near = TEXT ^ ((1 << COPY_BITS) - 1)
    far = TEXT ^ ((1 << (COPY_BITS + 1)) - 1)
    assert independent([("a", TEXT), ("b", near)]) == 1
    assert independent([("a", TEXT), ("b", far)]) == 2


def test_bits_may_differ_anywhere() -> None:
    for shift in range(0, 64, 7):
        assert independent([("a", TEXT), ("b", TEXT ^ (1 << shift) ^ (1 << (63 - shift)))]) == 1


def test_no_fingerprint_is_no_copy() -> None:
    assert independent([("a", 0), ("b", 0)]) == 2


def test_one_stands_for_all_copies_whatever_their_order() -> None:
    tellings = [("c", TEXT), ("a", TEXT ^ 1), ("b", TEXT ^ 2), ("d", 99)]
    assert copied(tellings) == copied(reversed(tellings)) == {"a": "a", "b": "a", "c": "a", "d": "d"}


def test_made_up_fingerprints_that_agree_in_part_are_still_told_apart() -> None:
    assert independent([(str(number), number * 0x9E3779B97F4A7C15 & ~0x7F & (1 << 64) - 1 | 5) for number in range(1, 500)]) > 400
