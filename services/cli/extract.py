"""`tallywire extract`: what an article says in numbers, without a broker."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console

from schemas import Article, Via
from schemas.article import MAX_TEXT
from services.collect.article import Draft, Refused, compose
from services.collect.documents import Form, Unusable, drafts, form_of, guess
from services.extract.extraction import Extraction
from services.extract.render import explained, explained_lines, lines, table
from services.extract.words.profiles import PROFILES

GUESSED = 4_096
"""Bytes of standard input by which its form is guessed."""


@click.command()
@click.argument("source", metavar="FILE|FOLDER|-", type=click.Path(exists=True, allow_dash=True, path_type=Path))
@click.option("--format", "form", type=click.Choice(["table", "jsonl"]), default="table", show_default=True, help="How it is shown.")
@click.option(
    "--profile", type=click.Choice(list(PROFILES)), default="conservative", show_default=True, help="By which vague words become numbers."
)
@click.option("--explain", is_flag=True, help="Say of each count which words decided each of its fields, and by which rule.")
@click.option("--published", metavar="DATE", help="Publication date (2024-04-06, or with a time) of articles that give none.")
def extract(source: Path, form: str, profile: str, explain: bool, published: str | None) -> None:
    """Show what articles say in numbers: text, HTML, or JSON Lines of {id, title, text, source, published_at}."""
    fallback = _date(published)
    extraction = Extraction(profile)
    unusable = 0
    for name, draft in _documents(source):
        if isinstance(draft, Unusable):
            unusable += _refuse(name, draft)
            continue
        try:
            article = _article(draft, fallback)
        except Refused as error:
            unusable += _refuse(name, error)
            continue
        _show(article, extraction, form, explain=explain)
    if unusable:
        raise SystemExit(1)


def _date(given: str | None) -> str | None:
    if given is None:
        return None
    try:
        moment = datetime.fromisoformat(given)
    except ValueError as error:
        raise click.BadParameter(
            f"'{given}' is no date; write it as 2024-04-06 or 2024-04-06T12:00:00Z", param_hint="--published"
        ) from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat()


def _documents(source: Path) -> Iterator[tuple[str, Draft | Unusable]]:
    if str(source) == "-":
        stream = sys.stdin.buffer
        head = stream.readline(GUESSED)
        while not head.strip() and (more := stream.readline(GUESSED)):
            head += more
        yield from (("standard input", draft) for draft in drafts(guess(head), _lines(head, stream)))
        return
    for path in _files(source):
        try:
            with path.open("rb") as lines_of:
                yield from ((str(path), draft) for draft in drafts(form_of(path.name) or Form.TEXT, lines_of))
        except OSError as error:
            yield str(path), Unusable(f"cannot be read: {error.strerror}")


def _lines(head: bytes, stream: Iterable[bytes]) -> Iterator[bytes]:
    """The lines of a stream of which the beginning was read already, with that beginning as its first line."""
    rest = iter(stream)
    yield head if head.endswith(b"\n") else head + next(rest, b"")
    yield from rest


def _files(source: Path) -> Iterable[Path]:
    if not source.is_dir():
        return [source]
    return sorted(path for path in source.rglob("*") if path.is_file() and form_of(path.name) is not None)


def _article(draft: Draft, published: str | None) -> Article:
    """The article of a draft, with its text exactly as it was given, so that offsets hold in the file."""
    if draft.published_at is None and published is not None:
        draft = replace(draft, published_at=published)
    article = compose(draft, datetime.now(UTC), Via.STDIN).article
    text = draft.text[:MAX_TEXT]
    if text == article.text or not _encodable(text):
        return article
    return article.model_copy(
        update={
            "text": text,
            "id": draft.id or Article.identify(article.url, article.source, text),
            "revision": Article.revise(article.revision.updated_at, article.status, article.title, text),
        }
    )


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _refuse(name: str, error: Exception) -> int:
    click.echo(f"{name}: {error}", err=True)
    return 1


def _show(article: Article, extraction: Extraction, form: str, *, explain: bool) -> None:
    reading, explanations = extraction.explain(article) if explain else (extraction.read(article), None)
    if form == "table":
        shown = table(reading, article) if explanations is None else explained(reading, article, explanations)
        Console(highlight=False).print(shown)
        return
    for line in lines(reading) if explanations is None else explained_lines(reading, explanations):
        click.echo(line.decode())


if __name__ == "__main__":
    extract()
