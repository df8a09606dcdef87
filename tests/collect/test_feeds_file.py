"""The file of feeds is checked when it is read, and what is wrong is said."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import IPv4Network
from pathlib import Path

import pytest

from services.collect.feeds_file import FeedsFileError, FeedSpec, parse_feeds, read_feeds

GOOD = b"""
version: 1
feeds:
  - id: paper
    url: https://paper.example/feed.xml
  - {id: wire, url: "http://127.0.0.1:8000/", every: 30s, source: A wire, allow_networks: [127.0.0.0/8]}
"""


def test_feeds_are_read() -> None:
    paper, wire = parse_feeds(GOOD, "feeds.yaml")
    assert paper == FeedSpec(id="paper", url="https://paper.example/feed.xml")
    assert (paper.every, paper.source, paper.allow_networks) == (timedelta(minutes=5), "", [])
    assert (wire.every, wire.source, wire.allow_networks) == (timedelta(seconds=30), "A wire", [IPv4Network("127.0.0.0/8")])


def feed(fields: str) -> bytes:
    return f"feeds: [{{id: a, url: 'https://paper.example/', {fields}}}]".encode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "must hold `feeds:`"),
        (b"- a", "must hold `feeds:`"),
        (b"feeds: nothing", "feeds: "),
        (b"feeds: [a]", "feeds.0"),
        (b"feeds: [{id: a}]", "feeds.0.url"),
        (b"feeds: [{id: A b, url: 'https://paper.example/'}]", "feeds.0.id"),
        (b"feeds: [{id: a, url: paper.example}]", "absolute"),
        (b"feeds: [{id: a, url: 'ftp://paper.example'}]", "http"),
        (b"feeds: [{id: a, url: 'https://a.example/'}, {id: a, url: 'https://b.example/'}]", "two feeds have the id 'a'"),
        (b"feeds: []\nversion: 2", "version"),
        (b"feeds: []\nfeed: []", "feed"),
        (feed("every: 5"), "whole number and a unit"),
        (feed("every: 0s"), "between"),
        (feed("every: 5w"), "between"),
        (feed("evry: 5m"), "feeds.0.evry"),
        (feed("allow_networks: [everything]"), "allow_networks"),
        (feed("allow_networks: [10.0.0.1/8]"), "allow_networks"),
        (b"a: [", "is no YAML"),
        (b"\x00", "is no YAML"),
        (b"!!python/object/apply:os.system [ls]", "is no YAML"),
        (b"[" * 5_000, "is no YAML"),
        (b"#" * 2_000_000, "more than"),
    ],
)
def test_what_is_wrong_is_said(data: bytes, words: str) -> None:
    with pytest.raises(FeedsFileError, match=words) as error:
        parse_feeds(data, "feeds.yaml")
    assert str(error.value).startswith("feeds.yaml")
    assert len(str(error.value)) < 1_000


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(FeedsFileError, match="No such file"):
        read_feeds(tmp_path / "feeds.yaml")


def test_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "feeds.yaml").write_bytes(GOOD)
    assert [each.id for each in read_feeds(tmp_path / "feeds.yaml")] == ["paper", "wire"]
