"""Files of every form become drafts; one that cannot be taken does not stop the others."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from schemas import Via
from services.collect.article import Draft
from services.collect.documents import MAX_DOCUMENT, Form, Unusable, drafts, form_of, guess
from services.collect.gathering import gather, peek

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


def test_a_stream_is_read_whole_wherever_its_head_ends() -> None:
    lines = [json.dumps({"text": f"Article {number}"}).encode() + b"\n" for number in range(1_000)]
    kind, found = peek(io.BytesIO(b"".join(lines)), None)
    assert kind is Form.JSONL
    assert list(found) == lines


def test_an_empty_stream_is_an_empty_text() -> None:
    kind, found = peek(io.BytesIO(b""), None)
    assert list(drafts(kind, found)) == [Draft(text="")]


def test_a_folder_gives_its_files_in_order_and_names_those_it_cannot_read(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("b.txt", "a.html", "sub/c.jsonl", "d.pdf", ".hidden.txt"):
        (tmp_path / name).write_text("x")
    documents, unknown = gather(tmp_path, None)
    assert [str(one.path.relative_to(tmp_path)) for one in documents] == ["a.html", "b.txt", "sub/c.jsonl"]
    assert {one.via for one in documents} == {Via.FOLDER}
    assert [each.name for each in unknown] == ["d.pdf"]


def test_a_single_file_of_any_name_is_a_text(tmp_path: Path) -> None:
    (tmp_path / "article").write_text("Words.")
    ((one,), _) = gather(tmp_path / "article", None)
    assert (one.form, one.via, list(one.lines())) == (Form.TEXT, Via.FILE, [b"Words."])
