"""The same content has the same id, whoever computes it; another content has another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import Article, Revision, canonical_url, digest, identify
from schemas.article import ArticleStatus
from tests.support.hostile import NOW


def test_ids_stay_what_they_are() -> None:
    """A changed id would tell everything again as if it were new."""
    assert identify("count", "a", "killed", "12", 0) == "ea47f620-43c9-5929-8dde-2903426a5857"


@given(st.lists(st.text(), max_size=4), st.lists(st.text(), max_size=4))
def test_no_two_lists_of_parts_share_an_id(one: list[str], other: list[str]) -> None:
    assert (identify("x", *one) == identify("x", *other)) == (one == other)


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTP://Wire.Example:80/a/b/?utm_source=x&b=2&a=1#top", "https://wire.example/a/b?a=1&b=2"),
        ("https://wire.example", "https://wire.example/"),
        ("https://wire.example/?fbclid=123", "https://wire.example/"),
        ("https://wire.example/a%20b/", "https://wire.example/a%20b"),
        ("http://wire.example:8080/x", "http://wire.example:8080/x"),
        ("https://wire.example/?q=a&q=b", "https://wire.example/?q=a&q=b"),
        ("https://[2001:DB8::1]/x", "https://[2001:db8::1]/x"),
    ],
)
def test_all_addresses_of_one_page_have_one_spelling(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical
    assert canonical_url(canonical) == canonical


@pytest.mark.parametrize("url", ["", "/relative", "ftp://wire.example/x", "javascript:alert(1)", "https://"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="absolute"):
        canonical_url(url)


def test_an_article_is_known_by_its_address_or_else_by_source_and_text() -> None:
    assert Article.identify("https://wire.example/1?utm_campaign=x", "Wire", "a") == Article.identify(
        "https://wire.example/1", "Other", "b"
    )
    assert Article.identify(None, "Wire", "a") != Article.identify(None, "Other", "a")


def test_a_later_revision_is_newer_and_the_same_content_never_is() -> None:
    first = Article.revise(NOW, ArticleStatus.PUBLISHED, "title", "text")
    later = Revision(updated_at=NOW.replace(year=2025), content=first.content)
    changed = Article.revise(NOW.replace(year=2025), ArticleStatus.CORRECTED, "title", "text")
    assert not later.newer_than(first)
    assert changed.newer_than(first)
    assert not first.newer_than(changed)


def test_a_digest_does_not_depend_on_the_order_of_keys() -> None:
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
