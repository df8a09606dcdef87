import pytest

from services.extract.words import names
from services.extract.words.names import Names, fold, fold_text, longest
from tests.support.growing import grows_linearly

NAMES = Names([("Deir ez-Zor", 1), ("Ta'izz", 2), ("US", 3), ("St. Louis", 4), ("Sanaa", 5), ("Zor", 6), ("İstanbul", 7), ("Œuvre", 8)])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("fighting in Deir ez Zor today", ["Deir ez Zor"]),
        ("DEIR EZ–ZOR fell", ["DEIR EZ–ZOR"]),
        ("Deir\nez-Zor", ["Deir\nez-Zor"]),
        ("Deir, ez-Zor", ["Zor"]),
        ("Ta‘izz and Taʿizz and Taizz", ["Ta‘izz", "Taʿizz", "Taizz"]),
        ("Sana'a's airport", ["Sana'a"]),
        ("the U.S. said", ["U.S."]),
        ("the US-led force", ["US"]),
        ("St. Louis", ["St. Louis"]),
        ("ISTANBUL istanbul", ["ISTANBUL", "istanbul"]),
        ("oeuvre ŒUVRE", ["oeuvre", "ŒUVRE"]),
        ("USA, bus, usher", []),
        ("", []),
    ],
)
def test_finds_whole_words_whatever_their_case_accents_and_hyphens(text: str, words: list[str]) -> None:
    assert [f.words for f in longest(NAMES.find(text))] == words


def test_offsets_hold_where_folding_changes_lengths() -> None:
    text = "ŒŒ ﬃ Ḑeir ez-Z\u0302or İ US"
    for found in NAMES.find(text):
        assert text[found.start : found.end] == found.words
    assert [f.meanings for f in longest(NAMES.find(text))] == [(1,), (3,)]


def test_a_name_given_twice_has_both_meanings() -> None:
    assert next(iter(Names([("Tripoli", "LY"), ("Trípoli", "LB"), ("Tripoli", "LY")]).find("Tripoli"))).meanings == ("LY", "LB")


def test_an_empty_list_finds_nothing() -> None:
    assert list(Names[int]([]).find("anything")) == []


def test_folds_without_losing_the_way_back() -> None:
    assert fold("Ta‘izz") == "taizz"
    folded = fold_text("A b. C")
    assert folded.words == ["a", "b", "c"]
    assert folded.starts == [0, 2, 5]
    assert folded.firsts == [0, 0, 2]


@pytest.mark.parametrize("text", ["US " * 50_000, "Deir " * 50_000, "'" * 200_000, "a." * 100_000, "a'" * 100_000, "é\u0301" * 100_000])
def test_long_hostile_texts_take_linear_time(text: str) -> None:
    assert grows_linearly(lambda part: longest(NAMES.find(part)), text)


def test_words_that_no_language_has_are_not_remembered() -> None:
    before = names._known.cache_info().currsize
    for number in range(100):
        assert fold("É" * 1_000 + str(number)) == "e" * 1_000 + str(number)
    assert names._known.cache_info().currsize == before
