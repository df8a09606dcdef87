"""What a feed repeats is told once; what it changes is told as a newer revision."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from schemas import Article, Via
from services.collect.article import Draft, compose
from services.collect.seen import MAX_SEEN, Memory, oldest_first

NOW = datetime(2024, 4, 8, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def article(text: str, *, number: int = 1, at: datetime = NOW, published: str | None = None, updated: str | None = None) -> Article:
    draft = Draft(url=f"https://paper.example/{number}", text=text, published_at=published, updated_at=updated)
    return compose(draft, at, Via.FEED).article


def told(memory: Memory, *articles: Article) -> list[str]:
    return [each.text for each in memory.news(list(articles))]


def test_what_is_known_is_not_told_again_even_by_the_next_poller() -> None:
    memory = Memory({})
    assert told(memory, article("One."), article("Two.", number=2)) == ["One.", "Two."]
    assert told(memory, article("One.", at=NOW + HOUR), article("Two.", number=2, at=NOW + HOUR)) == []
    assert told(Memory(memory.state()), article("One.", at=NOW + HOUR)) == []


def test_a_changed_text_without_dates_is_newer() -> None:
    memory = Memory({})
    (first,) = memory.news([article("12 killed.")])
    (second,) = memory.news([article("2 killed.", at=NOW + HOUR)])
    assert second.revision.newer_than(first.revision)


def test_a_changed_text_that_is_dated_before_we_collected_the_first_is_newer_all_the_same() -> None:
    memory = Memory({})
    (first,) = memory.news([article("12 killed.", published="2023-05-01")])
    (second,) = memory.news([article("2 killed.", at=NOW + HOUR, published="2023-05-01", updated="2023-05-02")])
    assert second.revision.newer_than(first.revision)
    assert second.updated_at is not None
    assert second.updated_at.isoformat() == "2023-05-02T00:00:00+00:00", "the publisher's word itself is kept"


def test_a_text_changed_without_a_new_date_is_newer() -> None:
    memory = Memory({})
    (first,) = memory.news([article("12 killed.", updated="2024-04-06")])
    (second,) = memory.news([article("2 killed.", at=NOW + HOUR, updated="2024-04-06")])
    assert second.revision.newer_than(first.revision)


def test_an_old_copy_by_the_publishers_own_date_is_not_told() -> None:
    memory = Memory({})
    assert told(memory, article("2 killed.", updated="2024-04-07")) == ["2 killed."]
    assert told(memory, article("12 killed.", at=NOW + HOUR, updated="2024-04-06")) == []


def test_a_report_and_its_correction_may_stand_in_one_document() -> None:
    memory = Memory({})
    report, correction = article("12 killed.", published="2024-04-06"), article("2 killed.", published="2024-04-07")
    document = oldest_first([correction, report])
    first, second = memory.news(document)
    assert (first.text, second.text) == ("12 killed.", "2 killed.")
    assert second.revision.newer_than(first.revision)
    assert told(memory, *document) == [], "the report is not told again after its correction"


def test_entries_are_told_oldest_first_and_undated_ones_from_the_end_of_the_document() -> None:
    document = [
        article("e"),
        article("d"),
        article("b", published="2024-04-02"),
        article("c", published="2024-04-02", updated="2024-04-03"),
        article("a", published="2024-04-01"),
    ]
    assert "".join(each.text for each in oldest_first(document)) == "abcde"


def test_a_broken_entry_is_told_once() -> None:
    memory = Memory({})
    assert memory.refuse("letter")
    assert not Memory(memory.state()).refuse("letter")


def test_what_was_seen_last_is_what_is_remembered() -> None:
    memory = Memory({})
    memory.news([article("x", number=number) for number in range(MAX_SEEN)])
    memory.news([article("x", number=0)])
    memory.news([article("x", number=MAX_SEEN)])
    assert len(memory.state()) == MAX_SEEN
    assert told(Memory(memory.state()), article("x", number=0)) == []
    assert told(Memory(memory.state()), article("x", number=1)) == ["x"]


def test_a_state_that_cannot_be_read_is_as_if_it_were_not_there() -> None:
    known = article("x")
    for word in ("", "x", "a b c", "0 2024 dated", "refused"):
        assert told(Memory({known.id: word}), known) == ["x"]


DOCUMENTS = st.lists(
    st.lists(st.tuples(st.integers(1, 3), st.sampled_from("abc"), st.sampled_from([None, "2024-04-01", "2024-04-02"])), max_size=5),
    max_size=6,
)


@given(DOCUMENTS)
def test_each_revision_told_is_newer_than_the_one_before(documents: list[list[tuple[int, str, str | None]]]) -> None:
    memory = Memory({})
    newest: dict[str, Article] = {}
    for poll, document in enumerate(documents):
        at = NOW + poll * HOUR
        for told_now in memory.news(oldest_first([article(text, number=number, at=at, updated=date) for number, text, date in document])):
            before = newest.get(told_now.id)
            assert before is None or told_now.revision.newer_than(before.revision)
            newest[told_now.id] = told_now
        memory = Memory(memory.state())
