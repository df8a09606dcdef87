"""A draft becomes an article with an id and a revision of its own, or is refused with words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from schemas import Article, ArticleStatus, Via
from schemas.article import MAX_TEXT, MAX_TITLE
from services.collect.article import Draft, Refused, compose

NOW = datetime(2024, 4, 8, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)

DRAFT = Draft(title="Ten freed", text="Ten people were freed.", url="https://paper.example/a", source="A paper", published_at="2024-04-06")


def composed(draft: Draft, at: datetime = NOW) -> Article:
    return compose(draft, at, Via.INTAKE).article


def test_an_article_reads_back_from_the_wire() -> None:
    article = composed(DRAFT)
    assert Article.from_bytes(article.to_bytes()) == article
    assert (article.title, article.text, article.source) == (DRAFT.title, DRAFT.text, DRAFT.source)
    assert article.published_at == datetime(2024, 4, 6, tzinfo=UTC)


def test_the_id_comes_from_the_address_however_it_is_spelt() -> None:
    spelt = ["https://PAPER.example/a/", "http://paper.example/a#top", "https://paper.example:443/a?utm_campaign=x"]
    assert {composed(replace(DRAFT, url=url)).id for url in spelt} == {composed(DRAFT).id}


def test_a_query_may_hold_what_a_host_may_not() -> None:
    assert composed(replace(DRAFT, url="https://paper.example?to=a@b")).url == "https://paper.example?to=a@b"


def test_without_an_address_the_id_comes_from_source_and_text() -> None:
    plain = replace(DRAFT, url=None)
    assert composed(plain, LATER).id == composed(plain).id
    assert composed(replace(plain, source="Another")).id != composed(plain).id
    assert composed(replace(plain, text="Nine people were freed.")).id != composed(plain).id


def test_two_headlines_without_text_are_two_articles() -> None:
    bare = Draft(source="A paper")
    assert composed(replace(bare, title="One")).id != composed(replace(bare, title="Two")).id


def test_a_given_id_is_kept() -> None:
    assert composed(replace(DRAFT, id="seed-1")).id == "seed-1"


def test_the_same_content_is_the_same_revision_whenever_it_comes() -> None:
    first, second = composed(DRAFT), composed(DRAFT, LATER)
    assert first.revision.content == second.revision.content
    assert not second.revision.newer_than(first.revision)


def test_a_changed_text_is_a_newer_revision() -> None:
    first, second = composed(DRAFT), composed(replace(DRAFT, text="Nine people were freed."), LATER)
    assert first.id == second.id
    assert second.revision.newer_than(first.revision)


def test_the_publishers_own_date_orders_revisions() -> None:
    old = composed(replace(DRAFT, text="Nine.", updated_at="2024-04-06T08:00:00Z"), LATER)
    new = composed(replace(DRAFT, text="Ten.", updated_at="2024-04-06T09:00:00Z"), NOW)
    assert new.revision.newer_than(old.revision)


@pytest.mark.parametrize("date", ["9999-12-31T00:00:00Z", "tomorrow or so", "2024-04-10"])
def test_a_date_that_is_not_believed_is_kept_in_words_and_remarked(date: str) -> None:
    done = compose(replace(DRAFT, published_at=date, updated_at=date), NOW, Via.INTAKE)
    assert done.article.published_at is None
    assert done.article.published_as_given == date
    assert done.article.revision.updated_at == NOW, "a date that is not believed orders nothing"
    assert len(done.remarks) == 2


def test_what_is_too_long_is_cut_and_remarked() -> None:
    done = compose(replace(DRAFT, title="t" * 3_000, text="x" * 400_000, source="s" * 400), NOW, Via.INTAKE)
    assert (len(done.article.title), len(done.article.text), len(done.article.source)) == (MAX_TITLE, MAX_TEXT, 300)
    assert [remark.split()[0] for remark in done.remarks] == ["title", "text", "source"]


def test_a_withdrawn_article_needs_no_content() -> None:
    gone = composed(Draft(url=DRAFT.url, status=ArticleStatus.WITHDRAWN), LATER)
    assert gone.id == composed(DRAFT).id
    assert gone.revision.newer_than(composed(DRAFT).revision)


@pytest.mark.parametrize(
    ("given", "kept"), [("en", "en"), ("EN-gb", "en"), ("pt_BR", "pt"), ("", None), ("english", None), ("e\0n", "en"), ("日本", None)]
)
def test_a_language_is_a_code_of_two_letters_or_none(given: str, kept: str | None) -> None:
    assert composed(replace(DRAFT, language=given)).language == kept


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (Draft(), "text"),
        (Draft(title=" \t", text="\n\0"), "text"),
        (Draft(status=ArticleStatus.WITHDRAWN), "text"),
        (replace(DRAFT, url="paper.example/a"), "url"),
        (replace(DRAFT, url="ftp://paper.example/a"), "url"),
        (replace(DRAFT, url="https://u:secret@paper.example/a"), "url"),
        (replace(DRAFT, url="https://paper.example/a b"), "url"),
        (replace(DRAFT, url="https://paper.example/\u202e"), "url"),
        (replace(DRAFT, url="https://paper.example:0x50/"), "url"),
        (replace(DRAFT, url="https://" + "a" * 5_000), "url"),
        (replace(DRAFT, url="https://[fe80::1%eth0/"), "url"),
        (replace(DRAFT, id=""), "id"),
        (replace(DRAFT, id="a\nb"), "id"),
        (replace(DRAFT, id="i" * 201), "id"),
    ],
)
def test_what_cannot_be_an_article_is_refused_by_field(draft: Draft, field: str) -> None:
    with pytest.raises(Refused) as refused:
        compose(draft, NOW, Via.INTAKE)
    assert refused.value.field == field
    assert "secret" not in str(refused.value)
