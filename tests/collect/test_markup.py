"""Markup becomes text that reads like the page."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from services.collect.markup import MAX_PAGE, MAX_TAGS, Unreadable, fragment_line, fragment_text, page

DATA = Path(__file__).parent / "data"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Plain text,\n\n  kept  as it is.", "Plain text,\n\n  kept  as it is."),
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("<p>One\n  line</p>", "One line"),
        ("One<br>two<br/>three", "One\ntwo\nthree"),
        ("<ul><li>One</li><li>Two</li></ul>", "One\n\nTwo"),
        ("<b>12</b> killed, <i>34</i> hurt", "12 killed, 34 hurt"),
        ("12&nbsp;killed &amp; 34&#8202;hurt", "12 killed & 34 hurt"),
        ("<script>alert(1)</script>Text<style>p {}</style> after", "Text after"),
        ("before <!-- hidden --> after", "before after"),
        ("<p>Unclosed <b>bold<p>Next", "Unclosed bold\n\nNext"),
        ("2 &lt; 3", "2 < 3"),
        ("<img src='x' alt='y'>Caption", "Caption"),
        ("<p></p>", ""),
        ("<!-- nothing to read -->", ""),
        ("", ""),
    ],
)
def test_fragments_become_paragraphs(markup: str, text: str) -> None:
    assert fragment_text(markup) == text


def test_a_title_is_one_line() -> None:
    assert fragment_line("<b>Ten</b>\n freed &amp; fed<br>today") == "Ten freed & fed today"


@pytest.mark.parametrize("markup", ["<div>" * 100_000 + "x", "<b>" * 500_000, "<table>" * 50_000, "<ul><li>" * 50_000 + "x"])
def test_what_is_nested_without_end_is_refused_and_not_lost_silently(markup: str) -> None:
    with pytest.raises(Unreadable, match="nested"):
        fragment_text(markup)


@pytest.mark.parametrize(
    "markup", ["<" * 1_000_000 + "<p>", "<p " + "a=b " * 200_000, "&amp;" * 200_000, "<p>x" * 100_000, "<!-" * 300_000 + "<p>"]
)
def test_hostile_markup_takes_linear_time(markup: str) -> None:
    begin = time.process_time()
    fragment_text(markup)
    assert time.process_time() - begin < 3.0


def test_too_much_markup_is_refused() -> None:
    with pytest.raises(Unreadable, match="limit"):
        fragment_text("<p>" + "x" * MAX_PAGE)


def test_the_article_is_found_in_a_page() -> None:
    found = page((DATA / "page.html").read_bytes())
    assert found.title == "Forty freed from camp near the border"
    assert found.text.startswith("Forty people were freed")
    assert "Subscribe" not in found.text
    assert "Privacy" not in found.text
    assert (found.url, found.source, found.language) == ("https://paper.example/2024/04/forty-freed", "The Invented Paper", "en")
    assert found.published_at == "2024-04-05T18:30:00+03:00"


@pytest.mark.parametrize(
    "data", [b"", b"\0" * 100, b"<html></html>", b"just words", bytes(range(256)) * 50, b"<p>" * (MAX_TAGS + 1), b"x" * (MAX_PAGE + 1)]
)
def test_a_page_without_an_article_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        page(data)
