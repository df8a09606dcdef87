"""`tallywire extract` on files, folders and standard input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from services.cli.extract import extract

TEXT = "Five soldiers were killed in an ambush on Monday, the police said."


def run(*arguments: str, given: bytes | None = None) -> Result:
    return CliRunner().invoke(extract, arguments, input=given)


def events(result: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "wire.txt"
    path.write_text(TEXT)
    return path


def test_a_text_file_gives_json_lines_with_article_and_extractor(file: Path) -> None:
    result = run(str(file), "--format", "jsonl", "--published", "2024-04-16")
    (event,) = events(result)
    assert result.exit_code == 0
    assert event["counts"][0]["value"] == 5  # type: ignore[index]  # JSON of a known shape
    assert event["article"]["published_at"] == "2024-04-16T00:00:00Z"  # type: ignore[index]  # as above
    assert event["period"]["start"] == "2024-04-15"  # type: ignore[index]  # as above
    assert "extractor" in event


def test_offsets_hold_in_the_file_as_it_is(tmp_path: Path) -> None:
    """Nothing is normalised away in front of the words: decomposed letters and control characters count as they stand."""
    text = "Cafe\u0301 \x07 \r\n\r\nFive soldiers were killed."
    path = tmp_path / "wire.txt"
    path.write_bytes(text.encode())
    (event,) = events(run(str(path), "--format", "jsonl"))
    span = event["counts"][0]["evidence"][0]  # type: ignore[index]  # JSON of a known shape
    assert text[span["start"] : span["end"]] == span["words"] == "Five"


def test_a_table_is_for_people(file: Path) -> None:
    result = run(str(file))
    assert "killed 5" in result.stdout
    assert "police" in result.stdout


def test_explain_shows_the_words_that_decided_each_field(file: Path) -> None:
    result = run(str(file), "--explain", "--published", "2024-04-16")
    assert result.exit_code == 0
    shown = " ".join(result.stdout.split())
    assert "value 5 Five 0-4 the number" in shown
    assert "claimant police police 54-60 who says so" in shown
    assert "by default: no words qualify" in shown


def test_explain_as_json_lines_gives_one_object_for_each_count(file: Path) -> None:
    (event,) = events(run(str(file), "--format", "jsonl"))
    (line,) = events(run(str(file), "--format", "jsonl", "--explain"))
    assert line["count"] == event["counts"][0]["id"]  # type: ignore[index]  # JSON of a known shape
    for field in line["fields"]:  # type: ignore[attr-defined]  # as above
        assert set(field) == {"field", "value", "words", "in", "start", "end", "because"}
        assert field["words"] is None or TEXT[field["start"] : field["end"]] == field["words"]


def test_a_given_id_is_kept(tmp_path: Path) -> None:
    lines = [{"id": f"a{n}", "title": "", "text": TEXT, "source": "Test", "published_at": "2024-04-16T00:00:00Z"} for n in range(2)]
    result = run("-", "--format", "jsonl", given="\n".join(json.dumps(line) for line in lines).encode())
    assert [event["article"]["id"] for event in events(result)] == ["a0", "a1"]  # type: ignore[index]  # JSON of a known shape


def test_standard_input_may_be_plain_text() -> None:
    assert len(events(run("-", "--format", "jsonl", given=TEXT.encode()))) == 1
    assert len(events(run("-", "--format", "jsonl", given=b"\n\n" + TEXT.encode()))) == 1


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path: Path) -> None:
    for name, number in (("b.txt", "Six"), ("a.txt", "Five")):
        (tmp_path / name).write_text(f"{number} soldiers were killed.")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    result = run(str(tmp_path), "--format", "jsonl")
    assert [event["counts"][0]["value"] for event in events(result)] == [5, 6]  # type: ignore[index]  # JSON of a known shape


def test_a_page_of_html_is_read_without_its_menus(tmp_path: Path) -> None:
    page = f"<html><head><title>Ambush</title></head><body><nav>40 killed: read more</nav><article><h1>Ambush</h1><p>{TEXT} {'The road was closed for the rest of the day. ' * 8}</p></article></body></html>"
    path = tmp_path / "page.html"
    path.write_text(page)
    assert [count["value"] for event in events(run(str(path), "--format", "jsonl")) for count in event["counts"]] == [5]  # type: ignore[attr-defined]  # JSON of a known shape


def test_a_profile_changes_vague_words(tmp_path: Path) -> None:
    path = tmp_path / "wire.txt"
    path.write_text("More than 10 soldiers were killed.")
    (event,) = events(run(str(path), "--format", "jsonl", "--profile", "isaf"))
    assert event["counts"][0]["value"] == 11  # type: ignore[index]  # JSON of a known shape


def test_a_date_that_is_none_is_refused_in_one_line(file: Path) -> None:
    result = run(str(file), "--published", "soon")
    assert result.exit_code == 2
    assert "2024-04-06" in result.output


def test_what_cannot_be_read_is_named_and_the_rest_is_read() -> None:
    given = b'{"text": "Five soldiers were killed."}\n{"text": 5}\n{"text": "Six soldiers were killed."}\n'
    result = run("-", "--format", "jsonl", given=given)
    assert result.exit_code == 1
    assert len(events(result)) == 2
    assert "line 2" in result.stderr
