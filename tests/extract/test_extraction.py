"""Whole articles: what holds for every reading, whatever the text."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas import ArticleStatus, Reading
from services.extract.extraction import MAX_ANALYSED, Extraction
from tests.extract.readings import article, read, reading, values
from tests.support.growing import grows_linearly

WORDS = st.sampled_from(
    [
        "two",
        "three",
        "12",
        "1,500",
        "dozens",
        "of",
        "the",
        "men",
        "soldiers",
        "fighters",
        "ISIS",
        "were",
        "was",
        "killed",
        "killing",
        "wounded",
        "detained",
        "and",
        ",",
        ".",
        ";",
        "in",
        "Iraq",
        "Syria",
        "on",
        "Monday",
        "including",
        "who",
        "no",
        "at",
        "least",
        "more",
        "than",
        "between",
        "other",
        "others",
        "a",
        "an",
        "to",
        "said",
        "according",
        "of",
        "them",
        "attack",
        "operations",
        "94",
        "(",
        ")",
        "\n",
        "’s",
        "—",
    ]
)


def well_formed(result: Reading, text: str, title: str) -> None:
    """Ids are unique, parents are told, and each span holds the words that stand at its offsets."""
    counts = [count for event in result.events for count in event.counts]
    ids = {count.id for count in counts}
    assert len(ids) == len(counts)
    for count in counts:
        assert count.parent is None or count.parent in ids
        assert count.parent != count.id
        assert (count.low or 0) <= count.value or count.qualifier == "more_than"
        for span in count.evidence:
            source = title if span.field == "title" else text
            assert source[span.start : span.end] == span.words
            assert span.words
            assert span.words in span.sentence


@given(st.lists(WORDS, max_size=80).map(" ".join), st.lists(WORDS, max_size=12).map(" ".join))
@settings(max_examples=150, deadline=None)
def test_evidence_stands_at_its_offsets(text: str, title: str) -> None:
    well_formed(reading(text, title), text, title)


@given(
    st.text(max_size=200),
    st.sampled_from(["Two men were killed", "kill", "12 detained", "\x00", "\u202emorf 5 killed", "😀"]),
    st.text(max_size=200),
)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_characters_around_a_count_are_borne(before: str, middle: str, after: str) -> None:
    text = before + middle + after
    well_formed(reading(text), text, "")


@pytest.mark.parametrize(
    "text",
    ["\0" * 5000, "9" * 1_000_000, "😀 " * 5000, "\u202e" * 3000, "(" * 5000, "two of the " * 3000, "a" * 200_000, "\n" * 50_000, ""],
)
def test_hostile_texts_are_read_without_an_event(text: str) -> None:
    assert reading(text[:300_000]).events == ()


def test_offsets_count_characters_behind_emoji_and_right_to_left_text() -> None:
    text = "😀😀 قتلى 😀. Seven soldiers were killed 😀 in the raid."
    (told,) = read(text)
    assert told.count.value == 7
    assert text[told.count.evidence[0].start : told.count.evidence[0].end] == "Seven"


@pytest.mark.parametrize(
    "unit",
    [
        "Two men were killed. ",
        "two men were killed and ",
        "killed ",
        "two of the three ",
        "one hundred and ",
        "12 ",
        "(two men killed) ",
        "men, ",
        "in the town of the district of ",
        "2,500-3,000 ",
    ],
)
def test_time_grows_no_faster_than_the_text(unit: str) -> None:
    """Four times the text takes about four times as long; a quadratic pattern would take sixteen times."""
    read_it = Extraction().read
    read_it(article(unit))  # tables are loaded by the first call
    assert grows_linearly(lambda part: read_it(article(part)), (unit * (16_000 // len(unit) + 1))[:16_000])


def test_the_same_article_gives_the_same_bytes() -> None:
    text = "Two men were killed in Iraq on Monday, the army said. Five others were wounded."
    assert reading(text).to_bytes() == reading(text).to_bytes()


def test_text_beyond_the_limit_is_noted_and_not_read() -> None:
    result = reading("x " * (MAX_ANALYSED // 2) + "Five men were killed.")
    assert result.events == ()
    assert "beyond 100,000 characters" in str(result.left_out)


def test_a_withdrawn_article_says_nothing() -> None:
    assert reading("Five men were killed.", status=ArticleStatus.WITHDRAWN).events == ()


def test_a_corrected_typo_keeps_the_id_of_a_count() -> None:
    (first,) = read("Teh army said five men were killed.")
    (second,) = read("The army  said five men were killed.")
    assert first.count.id == second.count.id


def test_a_headline_says_again_what_the_body_says() -> None:
    assert values(
        "Gunmen shot dead six people in a village on Monday, police said.", "killed", title="Six people shot dead in village"
    ) == [6]


def test_a_vague_headline_gives_way_to_the_number_in_the_body() -> None:
    assert values("The force captured eight insurgents in a night raid.", "detained", title="Several insurgents captured") == [8]


def test_a_headline_alone_is_read() -> None:
    assert values("", "killed", title="Car bomb kills 14 in market") == [14]


def test_people_spoken_of_again_are_not_counted_again() -> None:
    text = "Two drivers were kidnapped on the coast road. The drivers were abducted by gunmen. The two men were released on Monday."
    assert values(text, "abducted") == [2]
    assert values(text, "released") == [2]


def test_others_are_counted_besides() -> None:
    assert values("The patrol detained a commander. Two other fighters were also detained.", "detained") == [1, 2]


def test_those_who_died_of_their_wounds_are_not_injured_as_well() -> None:
    text = "One aid worker was shot on Monday. He later died in hospital."
    assert values(text, "injured") == []
    assert values(text, "killed") == [1]


def test_killing_one_and_wounding_the_other_of_two() -> None:
    text = "Two nurses were shot when gunmen stopped their car, killing one and seriously injuring the other."
    assert values(text, "killed") == [1]
    assert values(text, "injured") == [1]


def test_parts_that_add_up_to_a_total_told_before_are_parts() -> None:
    text = "Nine people were killed in two attacks. A bomb killed four people in the north. Gunmen killed five people in the south."
    assert values(text, "killed") == [9]


def test_something_long_past_is_background_beside_the_news() -> None:
    text = "A bomb killed three people on Monday. On 3 January, gunmen killed 20 people in the same town."
    assert values(text, "killed") == [3]


def test_furniture_says_nothing() -> None:
    assert reading("Read also: 40 people killed in attack\n\nThe council met on Monday.").events == ()


def test_a_disaster_has_a_type_of_its_own() -> None:
    (told,) = read("An earthquake killed 70 people in the valley.")
    assert told.event.type == "disaster"


def test_aid_workers_and_civilians_are_counts_of_their_own() -> None:
    told = read("An NGO driver and two civilians were killed when their vehicle hit a mine.")
    assert {(t.count.group, t.count.value) for t in told} == {("aid_workers", 1), ("civilians", 2)}


def test_a_date_in_the_year_9999_is_borne() -> None:
    read("Two men were killed on 1 January 9999.", published=datetime(9999, 12, 31, tzinfo=UTC))
