"""Records as blocks: the numbers as they are spoken, the words standing out, and nothing that a terminal would obey."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import StringIO

from rich.console import Console

from schemas import (
    TOPICS,
    Article,
    ArticleReference,
    ArticleStatus,
    Cause,
    Count,
    DeadLetter,
    EventRecord,
    EventType,
    Extractor,
    Figure,
    Indicator,
    Kind,
    Measure,
    Message,
    Period,
    PeriodPrecision,
    Place,
    PlacePrecision,
    Qualifier,
    Reading,
    Realis,
    Scope,
    Span,
    SpanField,
)
from services.up.blocks import SHOWN, clean, highlighted, number, period, show

AT = datetime(2023, 4, 4, tzinfo=UTC)
QUARTER = Period(start=date(2023, 1, 1), end=date(2023, 3, 31), precision=PeriodPrecision.QUARTER)
SOMALIA = Place(name="Somalia", country="SO", precision=PlacePrecision.COUNTRY)
SENTENCE = "The army carried out 64 operations."


def shown(message: Message) -> str:
    written = StringIO()
    Console(width=120, file=written).print(show(message))
    return written.getvalue()


def reading(realis: Realis = Realis.ASSERTED) -> Reading:
    revision = Article.revise(AT, ArticleStatus.PUBLISHED, "Title", SENTENCE)
    span = Span(field=SpanField.TEXT, start=21, end=34, words="64 operations", sentence=SENTENCE)
    count = Count(
        id="c",
        measure=Measure.OPERATIONS,
        value=64,
        low=64,
        high=64,
        kind=Kind.FLOW,
        scope=Scope.PERIOD,
        side="al-shabaab",
        realis=realis,
        evidence=(span,),
    )
    event = EventRecord(id="e", type=EventType.OPERATION, places=(SOMALIA,), period=QUARTER, counts=(count,))
    reference = ArticleReference(id="a", revision=revision, title="Title", source="Sample Wire A", published_at=AT, collected_at=AT)
    return Reading(article=reference, extractor=Extractor(name="test", version="1"), events=(event,))


def test_a_reading_shows_each_number_with_its_words() -> None:
    text = shown(reading())
    assert "64 operations · side al-shabaab · Somalia · 2023 Q1" in text
    assert SENTENCE in text


def test_what_is_not_told_as_real_is_marked() -> None:
    assert "planned" in shown(reading(Realis.PLANNED))


def test_a_reading_without_numbers_says_so() -> None:
    assert "says nothing that is counted" in shown(reading().model_copy(update={"events": ()}))


def test_a_figure_shows_what_it_was() -> None:
    indicator = Indicator(
        id="i",
        revision=3,
        book="killed:SO",
        fact="f",
        measure=Measure.KILLED,
        places=(SOMALIA,),
        kind=Kind.CUMULATIVE,
        scope=Scope.INCIDENT,
        value=26,
        qualifier=Qualifier.AT_LEAST,
        previous=Figure(value=17, qualifier=Qualifier.EXACT),
        published_at=AT,
        set_aside={"denied": 1},
    )
    text = shown(indicator)
    assert "killed, Somalia: at least 26  was 17" in text
    assert "set aside: 1 denied" in text


def test_every_message_of_every_topic_can_be_shown() -> None:
    assert {kind for topic in TOPICS for kind in topic.messages} <= set(SHOWN)


def test_numbers_are_spoken() -> None:
    assert number(2500, Qualifier.APPROXIMATELY) == "about 2,500"
    assert number(12, Qualifier.BETWEEN, 15) == "12 to 15"
    assert number(3, Qualifier.carry("a word of a later version")) == "3"


def test_periods_are_as_short_as_can_be() -> None:
    day = Period(start=date(2023, 4, 1), end=date(2023, 4, 1), precision=PeriodPrecision.DAY)
    span = Period(start=date(2023, 4, 1), end=date(2023, 4, 5), precision=PeriodPrecision.DAYS)
    assert [period(each) for each in (None, day, QUARTER, span)] == ["", "2023-04-01", "2023 Q1", "2023-04-01 to 2023-04-05"]


def test_the_words_stand_out_in_their_sentence() -> None:
    (span,) = [each for each in highlighted(SENTENCE, ["64 operations"]).spans if "bold" in str(each.style)]
    assert highlighted(SENTENCE, ["64 operations"]).plain[span.start : span.end] == "64 operations"


def test_nothing_from_outside_moves_the_cursor() -> None:
    hostile = "\x1b[2J\x1b]0;owned\x07 evil\u202e\r\nline [bold]markup[/bold]"
    cleaned = clean(hostile)
    assert cleaned.isprintable()
    letter = DeadLetter.of_request("collect", Cause.REFUSED, hostile, original=b"x", at=AT)
    text = shown(letter)
    assert "\x1b" not in text
    assert "[bold]markup[/bold]" in text


def test_long_text_is_cut() -> None:
    assert len(clean("x" * 10_000)) == 401
