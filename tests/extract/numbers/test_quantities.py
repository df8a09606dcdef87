"""Numbers as words and digits give them, and what only looks like a count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import Qualifier
from services.extract.numbers.quantities import find
from services.extract.text.tokens import tokenize
from services.extract.words.profiles import PROFILES, profile_of


def found(text: str, profile: str = "conservative") -> list[tuple[str, int]]:
    tokens = tokenize(text)
    return [(text[tokens[q.first].start : tokens[q.last].end], q.value) for q in find(tokens, profile_of(profile))]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,204 men", 1204),
        ("12,00,000 people", 1_200_000),
        ("3.000 troops", 3000),
        ("2 500 fighters", 2500),
        ("2\u202f500 fighters", 2500),
        ("10k people", 10_000),
        ("1.2m people", 1_200_000),
        ("2.5 million people", 2_500_000),
        ("twenty-three men", 23),
        ("one hundred and five women", 105),
        ("two thousand three hundred and twelve men", 2312),
        ("three and a half thousand men", 3500),
        ("half a dozen men", 6),
        ("half a million people", 500_000),
        ("a dozen men", 12),
        ("two dozen men", 24),
        ("a hundred men", 100),
        ("four hundred thousand people", 400_000),
    ],
)
def test_a_number_has_one_value_however_it_is_written(text: str, value: int) -> None:
    assert [v for _, v in found(text)] == [value]


@pytest.mark.parametrize(
    "text",
    [
        "a 25-year-old man",
        "aged 34 and",
        "at 5 a.m. today",
        "at 08:10 on the road",
        "on 6 April the army",
        "on April 6, the army",
        "in 2012 the army",
        "April 6, 2024",
        "37% of them",
        "12 percent of",
        "$500 was paid",
        "Brigade 93 on Route 7",
        "the 1st battalion",
        "Resolution 1701 of",
        "15 km away",
        "a 120mm mortar",
        "AK-47 rifles",
        "2010-07-CA-145 is its number",
    ],
)
def test_what_only_looks_like_a_count_is_none(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "qualifier", "low", "high"),
    [
        ("40 men", Qualifier.EXACT, 40, 40),
        ("at least 40 men", Qualifier.AT_LEAST, 40, None),
        ("no fewer than 40 men", Qualifier.AT_LEAST, 40, None),
        ("40 or more men", Qualifier.AT_LEAST, 40, None),
        ("more than 40 men", Qualifier.MORE_THAN, 41, None),
        ("over 40 men", Qualifier.MORE_THAN, 41, None),
        ("up to 40 men", Qualifier.AT_MOST, None, 40),
        ("as many as 40 men", Qualifier.AT_MOST, None, 40),
        ("no more than 40 men", Qualifier.AT_MOST, None, 40),
        ("fewer than 40 men", Qualifier.FEWER_THAN, None, 39),
        ("about 40 men", Qualifier.APPROXIMATELY, None, None),
        ("some 40 men", Qualifier.APPROXIMATELY, None, None),
        ("an estimated 40 men", Qualifier.APPROXIMATELY, None, None),
        ("nearly 40 men", Qualifier.APPROXIMATELY, None, 40),
        ("40 to 60 men", Qualifier.BETWEEN, 40, 60),
        ("40-60 men", Qualifier.BETWEEN, 40, 60),
        ("between 40 and 60 men", Qualifier.BETWEEN, 40, 60),
        ("four or five men", Qualifier.BETWEEN, 4, 5),
        ("two to three thousand men", Qualifier.BETWEEN, 2000, 3000),
    ],
)
def test_a_qualifier_excludes_what_its_words_exclude(text: str, qualifier: Qualifier, low: int | None, high: int | None) -> None:
    (quantity,) = find(tokenize(text), PROFILES["conservative"])
    assert (quantity.qualifier, quantity.low, quantity.high) == (qualifier, low, high)


@pytest.mark.parametrize(
    ("text", "profile", "value"),
    [
        ("dozens of men", "conservative", 12),
        ("several men", "conservative", 3),
        ("a handful of men", "conservative", 4),
        ("a couple of men", "conservative", 2),
        ("tens of thousands of people", "conservative", 10_000),
        ("numerous men", "isaf", 4),
        ("a large number of men", "isaf", 5),
        ("a small group of men", "isaf", 3),
        ("more than 10 men", "isaf", 11),
        ("more than 10 men", "conservative", 10),
    ],
)
def test_a_profile_gives_vague_words_their_number(text: str, profile: str, value: int) -> None:
    assert [v for _, v in found(text, profile)] == [value]


def test_newsquant_bounds_dozens_above() -> None:
    (quantity,) = find(tokenize("dozens of men"), PROFILES["newsquant"])
    assert (quantity.low, quantity.high) == (12, 120)


def test_an_unknown_profile_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="conservative, isaf, newsquant"):
        profile_of("bold")


@given(st.integers(1, 999_999_999))
def test_grouped_digits_are_read_back(number: int) -> None:
    assert [v for _, v in found(f"killing {number:,} people")] == [number]


@given(st.text(max_size=300))
def test_any_text_is_cut_into_tokens_that_stand_where_they_say(text: str) -> None:
    for token in tokenize(text):
        assert text[token.start : token.end].startswith(token.text)
    find(tokenize(text), PROFILES["conservative"])
