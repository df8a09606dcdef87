from datetime import date

import pytest

from services.extract.when.periods import find
from tests.support.growing import grows_linearly

TUESDAY = date(2024, 4, 16)


@pytest.mark.parametrize(
    ("words", "start", "end", "precision", "role"),
    [
        # the same weekday as publication is that day, another one the most recent
        ("on Tuesday", "2024-04-16", "2024-04-16", "day", "during"),
        ("on Monday", "2024-04-15", "2024-04-15", "day", "during"),
        ("on Wednesday", "2024-04-10", "2024-04-10", "day", "during"),
        ("last Tuesday", "2024-04-09", "2024-04-09", "day", "during"),
        ("next Monday", "2024-04-22", "2024-04-22", "day", "during"),
        ("Monday last week", "2024-04-08", "2024-04-08", "day", "during"),
        ("early on Tuesday", "2024-04-16", "2024-04-16", "day", "during"),
        ("Tuesday, 2 April 2024", "2024-04-02", "2024-04-02", "day", "during"),
        # days pointed at
        ("today", "2024-04-16", "2024-04-16", "day", "during"),
        ("this morning", "2024-04-16", "2024-04-16", "day", "during"),
        ("yesterday", "2024-04-15", "2024-04-15", "day", "during"),
        ("last night", "2024-04-15", "2024-04-15", "day", "during"),
        ("overnight", "2024-04-15", "2024-04-16", "days", "during"),
        ("over the weekend", "2024-04-13", "2024-04-14", "days", "during"),
        # weeks, months, years
        ("last week", "2024-04-08", "2024-04-14", "week", "during"),
        ("this week", "2024-04-15", "2024-04-16", "week", "during"),
        ("last month", "2024-03-01", "2024-03-31", "month", "during"),
        ("earlier this month", "2024-04-01", "2024-04-16", "month", "during"),
        ("last year", "2023-01-01", "2023-12-31", "year", "during"),
        ("so far this year", "2024-01-01", "2024-04-16", "year", "during"),
        ("in March", "2024-03-01", "2024-03-31", "month", "during"),
        ("in May", "2023-05-01", "2023-05-31", "month", "during"),
        ("in March 2023", "2023-03-01", "2023-03-31", "month", "during"),
        ("in early March", "2024-03-01", "2024-03-10", "range", "during"),
        ("in 2023", "2023-01-01", "2023-12-31", "year", "during"),
        ("late 2022", "2022-09-02", "2022-12-31", "range", "during"),
        # dates
        ("March 3", "2024-03-03", "2024-03-03", "day", "during"),
        ("3 March 2023", "2023-03-03", "2023-03-03", "day", "during"),
        ("on the 3rd of March", "2024-03-03", "2024-03-03", "day", "during"),
        ("2023-03-03", "2023-03-03", "2023-03-03", "day", "during"),
        ("April 20", "2023-04-20", "2023-04-20", "day", "during"),
        ("March 3-5", "2024-03-03", "2024-03-05", "days", "during"),
        # quarters and halves
        ("in the first quarter", "2024-01-01", "2024-03-31", "quarter", "during"),
        ("the first quarter of the year", "2024-01-01", "2024-03-31", "quarter", "during"),
        ("the first quarter of last year", "2023-01-01", "2023-03-31", "quarter", "during"),
        ("Q1 2024", "2024-01-01", "2024-03-31", "quarter", "during"),
        ("in the fourth quarter", "2023-10-01", "2023-12-31", "quarter", "during"),
        ("the first half of 2024", "2024-01-01", "2024-06-30", "half", "during"),
        ("the first three months of the year", "2024-01-01", "2024-03-31", "quarter", "during"),
        ("January-March 2024", "2024-01-01", "2024-03-31", "quarter", "during"),
        # since, past, ago
        ("since January", "2024-01-01", "2024-04-16", "range", "since"),
        ("since Oct. 7", "2023-10-07", "2024-04-16", "range", "since"),
        ("since 2014", "2014-01-01", "2024-04-16", "range", "since"),
        ("since the beginning of the year", "2024-01-01", "2024-04-16", "range", "since"),
        ("from March 1 onwards", "2024-03-01", "2024-04-16", "range", "since"),
        ("in the past 24 hours", "2024-04-15", "2024-04-16", "days", "during"),
        ("over the last three days", "2024-04-13", "2024-04-16", "days", "during"),
        ("over the past three months", "2024-01-16", "2024-04-16", "range", "during"),
        ("two weeks ago", "2024-04-01", "2024-04-07", "week", "ago"),
        ("a year earlier", "2023-01-01", "2023-12-31", "year", "ago"),
        # between and from
        ("between January 1 and March 31", "2024-01-01", "2024-03-31", "quarter", "during"),
        ("between January and March", "2024-01-01", "2024-03-31", "quarter", "during"),
        ("from Dec. 5 to Feb. 3, 2023", "2022-12-05", "2023-02-03", "range", "during"),
        ("from 2019 until now", "2019-01-01", "2024-04-16", "range", "since"),
        # as of, by
        ("as of 31 December", "2023-12-31", "2023-12-31", "day", "as_of"),
        ("by June 2024", "2024-06-01", "2024-06-30", "month", "by"),
    ],
)
def test_an_expression_means_these_days(words: str, start: str, end: str, precision: str, role: str) -> None:
    for sentence in (words, f"Troops, it said, fought {words}, and went."):
        (mention,) = find(sentence, TUESDAY)
        period = mention.period
        assert (period.start.isoformat(), period.end.isoformat(), period.precision, mention.role) == (start, end, precision, role)
        assert mention.end - mention.start >= len(words) - len("on the over in ")


@pytest.mark.parametrize(
    "text",
    [
        "They may march in the sun",
        "March on the capital",
        "Brigade 2023 fired 2,023 shells worth $2023",
        "since then, of late, a second time",
        "in the year 9999, on 9999-12-31 and Feb. 30",
        "12 of them in 3 trucks at 5 p.m.",
    ],
)
def test_words_and_numbers_that_are_no_dates(text: str) -> None:
    assert find(text, TUESDAY) == []


def test_without_a_publication_date_only_full_dates_are_read() -> None:
    text = "On Monday and in March; on 3 May 2021; in 2019; since 2014; between Jan 3 and Feb 5, 2022."
    assert [str(m.period.start) for m in find(text, None)] == ["2021-05-03", "2019-01-01", "2022-01-03"]


@pytest.mark.parametrize("published", [date(1, 1, 1), date(9999, 12, 31), date(1900, 1, 1), date(2024, 2, 29)])
def test_no_publication_date_breaks_it(published: date) -> None:
    find("next week, since 1950, 999 years ago, last year, on Monday, in March, by May, over the past 900 months, on Feb. 29", published)


def test_an_expression_may_go_on_in_the_next_line() -> None:
    assert len(find("in the first\nquarter of\n2024", TUESDAY)) == 1


@pytest.mark.parametrize(
    "text",
    ["March 3 " * 1_000, "between " * 5_000, "the last " * 5_000, "1" * 50_000, "3 3 " * 5_000, "since " * 5_000, "in" + " " * 50_000],
)
def test_long_hostile_texts_take_linear_time(text: str) -> None:
    assert grows_linearly(lambda part: find(part, TUESDAY), text)
