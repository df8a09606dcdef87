"""Files of every form become drafts; one that cannot be taken does not stop the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.collect.article import Draft
from services.collect.documents import MAX_DOCUMENT, Form, Unusable, drafts, form_of, guess

DATA = Path(__file__).parent / "data"


def test_plain_text_is_kept_as_it_is_and_has_no_title() -> None:
    assert list(drafts(Form.TEXT, [b"First line\r\n", b"\n", b"  Second.  "])) == [Draft(text="First line\r\n\n  Second.  ")]


def test_a_page_gives_its_article_and_the_address_it_came_from_goes_before_its_own() -> None:
    (draft,) = drafts(Form.HTML, [(DATA / "page.html").read_bytes()], "https://mirror.example/a")
    assert isinstance(draft, Draft)
    assert (draft.url, draft.source) == ("https://mirror.example/a", "The Invented Paper")


def test_lines_that_are_no_article_are_said_in_their_place() -> None:
    one, two, three, four = drafts(Form.JSONL, [b'{"text": "a"}\n', b"\n", b"b\n", b'{"id": 1}\n', b'{"text": "c", "id": "x"}'])
    assert (one, four) == (Draft(text="a"), Draft(text="c", id="x"))
    assert isinstance(two, Unusable)
    assert isinstance(three, Unusable)
    assert str(two).startswith("line 3")
    assert "id" in str(three)


@pytest.mark.parametrize(
    ("form", "lines"),
    [
        (Form.TEXT, [b"caf\xe9"]),
        (Form.HTML, [b"nothing"]),
        (Form.JSON, [b"{"]),
        (Form.TEXT, [b"x" * (MAX_DOCUMENT + 1)]),
        (Form.JSONL, [b"x" * (MAX_DOCUMENT + 1)]),
    ],
)
def test_a_document_that_cannot_be_taken_is_said(form: Form, lines: list[bytes]) -> None:
    (found,) = drafts(form, lines)
    assert isinstance(found, Unusable)


@pytest.mark.parametrize(
    ("head", "form"),
    [
        (b'{"title": "a"}\n{"title": "b"}', Form.JSONL),
        (b'[{"title": "a"}]', Form.JSON),
        (b"  <!DOCTYPE html><html>", Form.HTML),
        (b"\xef\xbb\xbf<html>", Form.HTML),
        (b"[Sample] Ten freed", Form.TEXT),
        (b"<3 from us", Form.TEXT),
        (b"", Form.TEXT),
    ],
)
def test_the_form_of_a_stream_is_told_by_its_beginning(head: bytes, form: Form) -> None:
    assert guess(head) == form


def test_the_form_of_a_file_is_told_by_its_name() -> None:
    assert [form_of(name) for name in ("a.TXT", "a.html", "a.jsonl", "a.json", "a.pdf", "a")] == [
        Form.TEXT,
        Form.HTML,
        Form.JSONL,
        Form.JSON,
        None,
        None,
    ]
