"""The YAML file of the feeds to poll -> feeds, or one sentence on what is wrong with it."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from schemas import canonical_url
from schemas.article import MAX_URL
from schemas.rule import Duration

from .article import MAX_SOURCE
from .cleaning import cut, line

MAX_FILE = 1024 * 1024
"""Bytes of the file: some ten thousand feeds."""

MAX_FEEDS = 5_000
"""Feeds of one installation."""

LEAST_INTERVAL = timedelta(seconds=1)
"""Shortest time between two polls; publishers ask for minutes, only a demonstration needs less."""

LONGEST_INTERVAL = timedelta(days=7)
"""Longest time between two polls."""

MAX_WORDS = 300
"""Characters of an objection."""


class FeedsFileError(ValueError):
    """The file cannot be used; the message says where and what to do."""


def _address(url: str) -> str:
    canonical_url(url)
    return url


def _interval(every: timedelta) -> timedelta:
    if not LEAST_INTERVAL <= every <= LONGEST_INTERVAL:
        raise ValueError("must be between 1s and 7d")
    return every


class FeedSpec(BaseModel):
    """One feed."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,79}$")]
    """Its name in states, metrics and logs; never changes, or the feed is read anew."""
    url: Annotated[str, Field(max_length=MAX_URL), AfterValidator(_address)]
    """Where it is."""
    every: Annotated[Duration, AfterValidator(_interval)] = timedelta(minutes=5)
    """How often it is asked."""
    source: Annotated[str, Field(max_length=MAX_SOURCE)] = ""
    """The publisher whose feed it is; the feed's own title, unless given. An entry that names its source goes before both."""
    allow_networks: Annotated[list[IPv4Network | IPv6Network], Field(max_length=20)] = []
    """Inside networks that this feed may be fetched from; none unless named."""


class FeedsFile(BaseModel):
    """The whole file."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    version: Literal[1] = 1
    """Of this format."""
    feeds: Annotated[list[FeedSpec], Field(max_length=MAX_FEEDS)]
    """The feeds."""

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        ids = [feed.id for feed in self.feeds]
        twice = next((each for each in ids if ids.count(each) > 1), None) if len(set(ids)) < len(ids) else None
        if twice is not None:
            raise ValueError(f"two feeds have the id {twice!r}")
        return self


def read_feeds(path: Path) -> list[FeedSpec]:
    """The feeds of a file.

    Raises:
        FeedsFileError: it cannot be read, or holds something else.

    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE + 1)
    except OSError as error:
        raise FeedsFileError(f"the file of feeds {path} cannot be read: {error.strerror}") from error
    return parse_feeds(data, str(path))


def parse_feeds(data: bytes, name: str) -> list[FeedSpec]:
    """The feeds in the bytes of a file; `name` is for the message.

    Raises:
        FeedsFileError: they hold something else.

    """
    if len(data) > MAX_FILE:
        raise FeedsFileError(f"{name} has more than {MAX_FILE:,} bytes")
    try:
        given = yaml.safe_load(data)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise FeedsFileError(f"{name} is no YAML: {cut(line(str(error)), MAX_WORDS)}") from error
    if not isinstance(given, dict):
        raise FeedsFileError(f"{name} must hold `feeds:` and a list of feeds, each with an `id` and a `url`")
    try:
        return FeedsFile.model_validate(given).feeds
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise FeedsFileError(f"{name}: {cut(place, MAX_WORDS)}: {cut(line(first['msg']), MAX_WORDS)}") from error
