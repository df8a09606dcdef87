"""Text from outside is made fit to be kept, and otherwise left alone."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.collect.cleaning import CHARSETS, Undecodable, charset_of, cut, decode, line, plain


def test_plain_text_is_kept_exactly() -> None:
    text = "  Ziele:\t“12”\r\n\r\n\r\n  – killed…  \n"
    assert plain(text) == text


def test_control_characters_and_lone_halves_are_dropped() -> None:
    assert plain("a\0b\x07c\x1b[31md\x7fe\x9ff\ufeffg\ud800h\uffff") == "abc[31mdefgh"


def test_old_line_ends_do_not_join_words() -> None:
    assert plain("one\x0btwo\x0cthree\x85four") == "one\ntwo\nthree\nfour"


def test_characters_are_composed() -> None:
    assert plain("Cafe\u0301") == "Café"


@given(st.text())
def test_what_is_clean_can_be_encoded_and_stays_as_it_is(text: str) -> None:
    clean = plain(text)
    assert clean.encode().decode() == clean
    assert plain(clean) == clean
    assert unicodedata.is_normalized("NFC", clean)
    assert "\0" not in clean


@given(st.text())
def test_a_line_has_no_line_ends(text: str) -> None:
    assert len(line(text).splitlines()) <= 1
    assert line(text) == line(line(text))


def test_a_cut_does_not_end_in_a_space() -> None:
    assert cut("one two", 4) == "one"
    assert cut("one", 3) == "one"


@pytest.mark.parametrize(
    ("data", "charset", "text"),
    [
        (b"caf\xc3\xa9", "utf-8", "café"),
        (b"\xef\xbb\xbfcaf\xc3\xa9", "utf-8", "café"),
        (b"\xff\xfea\x00", "utf-8", "a"),
        (b"caf\xe9", "ISO-8859-1", "café"),
        (b"\x9312\x94", "windows-1252", "“12”"),
    ],
)
def test_bytes_are_read_by_their_mark_or_their_name(data: bytes, charset: str, text: str) -> None:
    assert decode(data, charset) == text


def test_bytes_that_do_not_fit_are_refused_with_their_place() -> None:
    with pytest.raises(Undecodable, match="byte 3"):
        decode(b"caf\xe9")


@pytest.mark.parametrize("name", ["rot13", "zlib", "base64", "idna", "unicode_escape", "utf-7", "x" * 100, "", "ütf-8", "\0"])
def test_encodings_that_are_none_of_text_are_not_known(name: str) -> None:
    assert charset_of(name) is None
    with pytest.raises(Undecodable, match="UTF-8"):
        decode(b"a", name)


def test_every_declared_encoding_is_known_by_its_own_name() -> None:
    assert [charset_of(name) for name in CHARSETS] == list(CHARSETS)
