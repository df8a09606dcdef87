"""Sentences keep their offsets, whatever stands between them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.extract.text.sentences import MAX_SENTENCE, split


@given(st.text(max_size=500))
def test_a_sentence_is_the_text_at_its_offsets(text: str) -> None:
    for sentence in split(text):
        assert text[sentence.start : sentence.end] == sentence.text
        assert sentence.text.strip()


@pytest.mark.parametrize("blank", ["\x85", "\xa0", "\u1680", "\u2003", "\u2028", "\u202f", "\u205f", "\u3000"])
def test_no_blank_of_another_script_stops_it(blank: str) -> None:
    text = f"Nine died of hepatitis A{blank}. Six were hurt."
    sentences = split(text)
    assert [text[s.start : s.end] for s in sentences] == [s.text for s in sentences]
    assert "".join("".join(s.text.split()) for s in sentences) == "".join(text.split())


@given(st.text(alphabet="AB1 .!?\"'“”()\n\x85\xa0\u1680\u2003\u2028\u3000é😀", max_size=40))
def test_marks_and_blanks_in_any_order_are_cut_somewhere(text: str) -> None:
    assert "".join("".join(s.text for s in split(text)).split()) in "".join(text.split())


def test_abbreviations_end_no_sentence() -> None:
    assert len(split("Lt. Col. Adams of the 1st Bn. said at 5 p.m. that No. 2 was safe.")) == 1


def test_a_headline_is_a_sentence_of_its_own() -> None:
    first, second = split("Blast kills 5 in market\nFive people were killed on Monday.")
    assert first.heading
    assert not second.heading


def test_a_wrapped_line_goes_on() -> None:
    text = "A long line of an agency's report that was wrapped at a width of seventy\ncharacters goes on in the next line."
    assert [s.text for s in split(text)] == [text]


def test_a_very_long_sentence_is_cut_at_a_blank() -> None:
    pieces = split("word " * 1000)
    assert all(len(piece.text) <= MAX_SENTENCE for piece in pieces)
    assert not any(piece.text.startswith("ord") for piece in pieces)


def test_furniture_is_left_out() -> None:
    assert [s.text for s in split("Read more: Ten killed\n\nFollow us on the web\n\nThe council met.")] == ["The council met."]
