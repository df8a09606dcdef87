"""`tallywire publish`: what a person puts in by hand arrives, and what cannot be taken is said."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from schemas import Article
from schemas.topics import ARTICLES
from services.cli.main import main
from services.runtime.reader import read_all
from services.runtime.settings import Settings
from tests.support.mock_broker import MockBroker

Publish = Callable[..., Result]


@pytest.fixture
def publish(mock_broker: MockBroker, monkeypatch: pytest.MonkeyPatch) -> Publish:
    monkeypatch.setenv("TALLYWIRE_BROKERS", mock_broker.bootstrap)
    monkeypatch.setenv("TALLYWIRE_PREFIX", f"t{uuid.uuid4().hex[:8]}-")
    return lambda *arguments, stdin="": CliRunner().invoke(main, ["publish", *map(str, arguments)], input=stdin)


def published() -> list[Article]:
    records = asyncio.run(read_all(Settings(), ARTICLES))
    return sorted((Article.from_bytes(record.value or b"") for record in records), key=lambda article: article.text)


def test_a_text_is_kept_as_it_is_and_takes_what_is_said_beside_it(publish: Publish, tmp_path: Path) -> None:
    file = tmp_path / "article.txt"
    file.write_bytes(b"Ten freed\r\n\r\nTen people were freed.\n")
    done = publish(file, "--source", "A paper", "--published", "2024-04-06", "--url", "https://paper.example/1")
    (article,) = published()
    assert done.exit_code == 0, done.output
    assert done.stdout == f"{article.id}  published\n1 published, 0 refused\n"
    assert (article.text, article.title, article.via) == ("Ten freed\r\n\r\nTen people were freed.\n", "", "file")
    assert (article.source, article.url) == ("A paper", "https://paper.example/1")
    assert article.published_at is not None


def test_a_folder_is_read_whole_and_what_cannot_be_taken_is_said(publish: Publish, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A text.")
    (tmp_path / "b.txt").write_bytes(b"caf\xe9")
    (tmp_path / "c.jsonl").write_text('{"text": "B line.", "source": "Own"}\nnothing\n{"text": "C line."}\n')
    (tmp_path / "d.pdf").write_text("x")
    done = publish(tmp_path, "--source", "Default")
    assert done.exit_code == 1
    assert [(article.text, article.source, article.via) for article in published()] == [
        ("A text.", "Default", "folder"),
        ("B line.", "Own", "folder"),
        ("C line.", "Default", "folder"),
    ]
    assert "3 published, 2 refused" in done.stdout
    assert [line.split(":")[0].split("/")[-1] for line in done.stderr.splitlines()] == ["d.pdf", "b.txt", "c.jsonl"]


def test_standard_input_is_told_by_its_beginning(publish: Publish) -> None:
    lines = "\n".join(json.dumps({"text": f"Article {number:03}.", "id": f"given-{number}"}) for number in range(250))
    done = publish("-", stdin=lines)
    assert done.exit_code == 0, done.output
    found = published()
    assert len(found) == 250
    assert (found[0].id, found[0].via) == ("given-0", "stdin")


def test_to_publish_twice_gives_the_same_ids(publish: Publish, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A text.")
    assert publish(tmp_path).stdout == publish(tmp_path).stdout
    assert len(published()) == 1


def test_an_inside_address_is_not_fetched(publish: Publish) -> None:
    done = publish("http://127.0.0.1:1/page")
    assert done.exit_code == 1
    assert "must not be reached" in done.stderr


def test_what_is_not_taken_as_given_is_remarked(publish: Publish, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A text.")
    assert "published_at is not believed" in publish(tmp_path / "a.txt", "--published", "9999-01-01").stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Missing argument"),
        (["nowhere.txt"], "No such file"),
        (["a.txt", "b.txt", "--title", "x"], "single"),
        (["a.jsonl", "--format", "jsonl", "--url", "https://paper.example/"], "single"),
        (["a.txt", "--format", "pdf"], "pdf"),
    ],
)
def test_wrong_use_is_said(publish: Publish, arguments: list[str], words: str) -> None:
    done = publish(*arguments)
    assert done.exit_code != 0
    assert words in done.output


def test_absent_brokers_are_said_with_what_to_do(publish: Publish, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TALLYWIRE_BROKERS", "127.0.0.1:1")
    (tmp_path / "a.txt").write_text("A text.")
    done = publish(tmp_path)
    assert done.exit_code == 1
    assert "TALLYWIRE_BROKERS" in done.output
    assert "Traceback" not in done.output
