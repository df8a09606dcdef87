"""Feeds of every kind become drafts; broken entries are told one by one, and the others read."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import ArticleStatus, identify
from services.collect import xml_entries
from services.collect.feed import Feed, parse
from services.collect.xml_entries import MAX_BROKEN, MAX_ENTRIES, MAX_ENTRY, NotAFeed

from .feed_server import item, rss

DATA = Path(__file__).parent / "data"


def read(data: bytes | str, source: str = "", charset: str | None = None) -> Feed:
    raw = data.encode() if isinstance(data, str) else data
    return parse(raw, feed="paper", address="https://paper.example/feed.xml", source=source, charset=charset)


def test_rss_is_read() -> None:
    feed = read((DATA / "rss.xml").read_bytes())
    first, second, third = (entry.draft for entry in feed.entries)
    assert feed.title == "The Invented Paper"
    assert (first.title, first.text) == ("Ten freed", "Ten people were freed.\n\nTwo were detained.")
    assert (first.url, first.id, first.language, first.source) == ("https://paper.example/1", None, "en-GB", "The Invented Paper")
    assert (first.published_at, first.updated_at) == ("Fri, 05 Apr 2024 10:00:00 GMT", None)
    assert (second.url, second.status, second.source) == ("https://paper.example/2", ArticleStatus.CORRECTED, "The Other Paper")
    assert (second.published_at, second.updated_at) == ("Sat, 06 Apr 2024 10:00:00 GMT", "2024-04-06T11:00:00Z")
    assert (third.url, third.id) == (None, identify("article", "paper", "three"))


def test_atom_is_read() -> None:
    feed = read((DATA / "atom.xml").read_bytes(), source="A configured name")
    first, second, third = (entry.draft for entry in feed.entries)
    assert feed.title == "The Invented Paper"
    assert (first.title, first.text) == ("Ten & two freed", "Ten people were freed.\n\nTwo were detained.")
    assert (first.url, first.source, first.language) == ("https://paper.example/news/1", "A configured name", "en")
    assert (first.published_at, first.updated_at) == ("2024-04-05T10:00:00Z", "2024-04-06T08:00:00+02:00")
    assert (second.status, second.text) == (ArticleStatus.WITHDRAWN, "Plain <text>,\non two lines.")
    assert (second.published_at, second.updated_at) == ("2024-04-06T09:00:00Z", "2024-04-06T09:00:00Z")
    assert (third.url, third.id, third.text) == (None, identify("article", "paper", "urn:entry:3"), "A summary.")


def test_rdf_is_read() -> None:
    feed = read(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        '<channel rdf:about="https://paper.example/"><title>Old</title></channel>'
        '<item rdf:about="https://paper.example/1"><title>a</title><link>https://paper.example/1</link><dc:date>2024-04-05</dc:date></item></rdf:RDF>'
    )
    (entry,) = feed.entries
    assert (entry.draft.url, entry.draft.published_at) == ("https://paper.example/1", "2024-04-05")


def test_an_entry_keeps_its_own_words() -> None:
    feed = read(rss([item(1), item(2)]))
    assert b"paper.example/1" in feed.entries[0].original
    assert b"paper.example/2" not in feed.entries[0].original


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("<item><title>Fish & chips</title><link>https://paper.example/b</link></item>", "not well-formed"),
        ("<item><title>Never closed</title><link>https://paper.example/b</link>", "mismatched tag"),
        ("<item><title>Closed <b>wrongly</title></b></item>", "mismatched tag"),
        ("<item><title>An &unknown; entity</title></item>", "undefined entity"),
        ("<item><title>A prefix</title><no:such>x</no:such></item>", "unbound prefix"),
        ("<item><title>Deep</title><description>" + "<a>" * 500 + "</a>" * 500 + "</description></item>", "nested"),
        ("<item><title>A character\x01</title></item>", "not well-formed"),
        ("<item><title>Deep markup</title><description>" + "&lt;div&gt;" * 1_000 + "</description></item>", "nested"),
        (f"<item><title>Long</title><description>{'x' * MAX_ENTRY}</description></item>", "limit"),
        ("<item></item>", "neither link nor guid"),
        ("<item><title> </title><link> </link></item>", "neither link nor guid"),
        ("<item><title>x</title><link>https://[::1/</link></item>", "no address"),
    ],
)
def test_a_broken_entry_is_told_with_its_words_and_the_others_are_read(broken: str, reason: str) -> None:
    feed = read(rss([item(1), broken, item(2), item(3)]))
    assert [entry.draft.title for entry in feed.entries] == ["Title 1", "Title 2", "Title 3"]
    (told,) = feed.broken
    assert reason in told.reason
    assert told.original.decode() == broken or "<item" in told.original.decode()


def test_bytes_of_another_encoding_break_only_their_entry() -> None:
    whole = rss([item(1), item(2, "caf\u00e9"), item(3)]).replace("é".encode(), b"\xe9")
    feed = read(whole)
    assert [entry.draft.title for entry in feed.entries] == ["Title 1", "Title 3"]
    assert b"\xe9" in feed.broken[0].original


@pytest.mark.parametrize(
    ("declared", "said", "data"),
    [("ISO-8859-1", None, b"caf\xe9"), ("utf-8", "windows-1252", b"\x93caf\xe9\x94"), ("utf-8", None, "café".encode())],
)
def test_the_servers_word_goes_before_the_declaration(declared: str, said: str | None, data: bytes) -> None:
    whole = (
        f'<?xml version="1.0" encoding="{declared}"?>'.encode()
        + b"<rss version='2.0'><channel><item><title>"
        + data
        + b"</title></item></channel></rss>"
    )
    assert "café" in read(whole, charset=said).entries[0].draft.title


def test_utf_16_is_read() -> None:
    assert read(
        '<?xml version="1.0" encoding="utf-16"?><rss version="2.0"><channel><item><title>café</title></item></channel></rss>'.encode(
            "utf-16"
        )
    ).entries


def test_names_of_characters_that_only_html_knows_are_read() -> None:
    feed = read(rss(["<item><title>12&nbsp;killed &mdash; caf&eacute; &amp; more</title></item>"]))
    assert feed.entries[0].draft.title == "12 killed — café & more"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   ",
        b"nothing",
        b"{}",
        b"\0\0\0",
        b"<html><body>Please log in</body></html>",
        b"<rss><channel>",
        b"<rss version='2.0'><channel><title>x</channel></rss>",
        b"<" * 100_000,
        b"<a>" * 100_000,
        b"<!DOCTYPE rss [<!ENTITY a 'b'>]><rss version='2.0'><channel><item><title>&a;</title></item></channel></rss>",
        b"<!DOCTYPE rss SYSTEM 'http://169.254.169.254/'><rss version='2.0'></rss>",
        b"<?xml version='1.0'?><!DOCTYPE l [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><rss><channel><item><title>&a;</title></item></channel></rss>",
    ],
)
def test_what_is_no_feed_or_must_not_be_read_is_refused(data: bytes) -> None:
    with pytest.raises(NotAFeed):
        read(data)


def test_only_so_many_entries_are_read_and_the_rest_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_entries, "MAX_ENTRIES", 3)
    feed = read(rss([item(number) for number in range(5)]))
    assert (len(feed.entries), feed.beyond) == (3, 2)
    assert MAX_ENTRIES >= 100


def test_broken_entries_without_number_are_told_in_one_piece() -> None:
    feed = read(rss([item(1), *(f"<item>{number} & more</item>" for number in range(500)), item(2)]))
    assert len(feed.entries) == 2
    assert len(feed.broken) == MAX_BROKEN + 1
    assert b"499 & more" in feed.broken[-1].original


@pytest.mark.parametrize(
    "body",
    [
        b"<item>" * 400_000,
        b"<item ></item " * 150_000,
        b"<rss><![CDATA[" * 150_000,
        b"</item" * 300_000,
        b"&" * 2_000_000,
        b"<a " * 700_000,
        b"<item><title>&lt;b " * 1_000,
    ],
    ids=range(7),
)
def test_hostile_documents_take_linear_time(body: bytes) -> None:
    begin = time.process_time()
    with contextlib.suppress(NotAFeed):
        read(b"<rss version='2.0'><channel>" + body)
    assert time.process_time() - begin < 5.0


PIECES = st.sampled_from(
    [
        "<item>",
        "</item>",
        "<title>",
        "</title>",
        "x",
        "&amp;",
        "&",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "<",
        ">",
        "<entry>",
        "</entry>",
        "é",
        "\x00",
        "<link>https://a.example/</link>",
    ]
)


@given(st.lists(PIECES, max_size=40))
@settings(max_examples=150, deadline=None)
def test_whatever_stands_between_two_good_entries_the_first_is_read_and_nothing_raises(pieces: list[str]) -> None:
    try:
        feed = read(rss([item(1), "".join(pieces), item(2)]))
    except NotAFeed:
        return
    for entry in feed.entries:
        assert entry.draft.title or entry.draft.text or entry.draft.url or entry.draft.id
    assert any(entry.draft.title == "Title 1" for entry in feed.entries) or feed.broken
