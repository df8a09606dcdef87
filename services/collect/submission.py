"""What a sender may submit: the model of one article as JSON, and how a body of JSON, JSON Lines or text is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from schemas import ArticleStatus
from schemas.article import MAX_URL

from .article import MAX_ID, MAX_SOURCE, Draft
from .cleaning import cut, line
from .dates import MAX_GIVEN

MAX_BATCH = 500
"""Articles in one request; a batch is taken whole or not at all."""

MAX_OBJECTIONS = 20
"""Objections that an answer lists."""

MAX_WORDS = 200
"""Characters of an objection: it may quote what was sent."""


class Objection(BaseModel):
    """One thing that is wrong with what was sent."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    article: int | None = None
    """Which article of a batch, counted from 0."""
    field: str = ""
    """Which field of it."""
    problem: str
    """What is wrong, and what to do."""


class Unacceptable(ValueError):
    """Nothing of a body is taken; the message says why in one sentence."""

    def __init__(self, problem: str, objections: Sequence[Objection] = ()) -> None:
        super().__init__(problem)
        self.objections = tuple(objections[:MAX_OBJECTIONS])


class Malformed(Unacceptable):
    """The body is not what it says it is; no JSON, for example."""


class Submission(BaseModel):
    """One article as a sender gives it. Unknown fields are refused, since a misspelt one would be lost silently."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, use_attribute_docstrings=True)

    title: str = ""
    """Headline, without markup."""
    text: str = ""
    """Body, without markup; kept as it is, but for control characters."""
    url: Annotated[str, Field(max_length=MAX_URL)] | None = None
    """Where it can be read; an article with the same address is a revision of the same article."""
    source: Annotated[str, Field(max_length=MAX_SOURCE)] = ""
    """The publisher's name."""
    language: Annotated[str, Field(max_length=35)] | None = None
    """Code of the language, such as `en`."""
    published_at: Annotated[str, Field(max_length=MAX_GIVEN)] | None = None
    """When it was published, such as 2024-04-06T12:00:00Z."""
    updated_at: Annotated[str, Field(max_length=MAX_GIVEN)] | None = None
    """When this revision of it was made; the latest wins."""
    status: ArticleStatus = ArticleStatus.PUBLISHED
    """`published`, `corrected` or `withdrawn`."""
    id: Annotated[str, Field(min_length=1, max_length=MAX_ID)] | None = None
    """An id of the sender's own; leave it out to have one derived from the address, or from source and text."""

    def draft(self) -> Draft:
        """The same as a draft."""
        return Draft(**self.model_dump())


def read_json(body: bytes, *, ignoring: bool = False) -> list[Draft]:
    """The articles in a body of JSON: an object, or an array of objects; `ignoring` passes over fields that are none of an article's.

    Raises:
        Malformed: it is no JSON.
        Unacceptable: it is JSON, but no article, or too many; nothing of it is taken.

    """
    given = _loads(body)
    if isinstance(given, list):
        return _drafts(given, ignoring=ignoring)
    return [_draft(given, None, ignoring=ignoring)]


def read_lines(body: bytes) -> list[Draft]:
    """The articles in a body of JSON Lines; empty lines are passed over.

    Raises:
        Malformed: a line is no JSON.
        Unacceptable: a line is no article, or there are too many; nothing is taken.

    """
    lines = [each for each in body.split(b"\n") if each.strip()]
    _check_number(lines)
    return _drafts([_loads(each, number) for number, each in enumerate(lines)])


def read_parameters(given: Mapping[str, str], text: str) -> Draft:
    """The article whose text is a body of its own, and whose other fields are parameters of the address.

    Raises:
        Unacceptable: a parameter is no field of an article.

    """
    if "text" in given:
        raise Unacceptable("this is no article", [Objection(field="text", problem="the body is the text; leave the parameter out")])
    return _draft({**given, "text": text}, None)


def _loads(data: bytes, number: int | None = None) -> Any:
    try:
        return orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        where = "the body" if number is None else f"line {number + 1}"
        raise Malformed(f"{where} is no JSON: {cut(line(str(error)), MAX_WORDS)}") from error


def _check_number(given: Sequence[object]) -> None:
    if not given:
        raise Unacceptable("there is no article in the body")
    if len(given) > MAX_BATCH:
        raise Unacceptable(f"there are {len(given):,} articles in the body; send at most {MAX_BATCH} at once")


def _drafts(given: Sequence[Any], *, ignoring: bool = False) -> list[Draft]:
    _check_number(given)
    drafts: list[Draft] = []
    objections: list[Objection] = []
    for number, each in enumerate(given):
        try:
            drafts.append(_draft(each, number, ignoring=ignoring))
        except Unacceptable as error:
            objections.extend(error.objections)
    if objections:
        raise Unacceptable("articles of the batch cannot be taken; none of it was", objections)
    return drafts


def _draft(given: Any, number: int | None, *, ignoring: bool = False) -> Draft:
    if not isinstance(given, dict):
        problem = f"an article is a JSON object, not {_kind(given)}"
        raise Unacceptable(problem, [Objection(article=number, problem=problem)])
    if ignoring:
        given = {name: value for name, value in given.items() if name in Submission.model_fields}
    try:
        return Submission.model_validate(given).draft()
    except ValidationError as error:
        raise Unacceptable(
            "this is no article", [_objection(each, number) for each in error.errors(include_url=False)[:MAX_OBJECTIONS]]
        ) from error


def _objection(error: Any, number: int | None) -> Objection:
    field = cut(line(".".join(str(part) for part in error["loc"])), MAX_WORDS)
    known = ", ".join(Submission.model_fields)
    problem = (
        f"there is no such field; an article has {known}" if error["type"] == "extra_forbidden" else cut(line(error["msg"]), MAX_WORDS)
    )
    return Objection(article=number, field=field, problem=problem)


def _kind(given: object) -> str:
    return {list: "an array", str: "a string", bool: "true or false", int: "a number", float: "a number"}.get(type(given), "null")
