"""Files, folders and streams give their documents, whatever their names and sizes."""

from __future__ import annotations

import io
import json
from pathlib import Path

from schemas import Via
from services.collect.article import Draft
from services.collect.documents import Form, drafts
from services.collect.gathering import gather, peek


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
