"""`tallywire publish`: articles in by hand, from files, folders, standard input and addresses."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click
from aiokafka.errors import KafkaError
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from schemas import Via
from schemas.topics import ARTICLES
from services.collect.article import Composed, Draft, Refused, compose
from services.collect.documents import Form, Unusable, drafts
from services.collect.fetching import FetchFailed, fetch
from services.collect.gathering import gather, peek
from services.collect.markup import MAX_PAGE
from services.runtime.guard import guarded_session
from services.runtime.process import wall_clock
from services.runtime.publisher import Publisher
from services.runtime.settings import Settings
from services.stage import Output

AT_ONCE = 100
"""Articles that are sent before their acknowledgement is waited for."""

LONG_WORK = 2 * 1024 * 1024
"""Bytes from which on a progress bar is shown: about a second's work."""

FETCH_TIMEOUT = 30.0
"""Seconds for one page."""

Read = Callable[[int], None]
"""Told how many bytes have been read."""


@dataclass(frozen=True, slots=True)
class Given:
    """One thing that was named, and the articles in it, which are read when they are asked for."""

    name: str
    via: Via
    drafts: Iterable[Draft | Unusable]
    size: int = 0
    """Bytes, where they are known."""


@dataclass(slots=True)
class Outcome:
    """What has become of everything so far."""

    published: int = 0
    refused: int = 0

    def refuse(self, name: str, reason: object) -> None:
        """Say why something is not published."""
        self.refused += 1
        click.echo(f"refused {name}: {reason}", err=True)


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="FILE|FOLDER|-|URL...")
@click.option(
    "--format", "form", type=click.Choice([form.value for form in Form]), help="What it is; told by the name or the beginning unless given."
)
@click.option("--source", default="", help="Publisher of articles that name none.")
@click.option("--title", default="", help="Headline, for a single text or page without one.")
@click.option("--url", default="", help="Address, for a single text or page without one.")
@click.option(
    "--published", "published_at", default="", metavar="DATE", help="Date of articles without one: 2024-04-06 or 2024-04-06T12:00:00Z."
)
@click.option("--language", default="", help="Language of articles that do not say theirs, such as en.")
def publish(sources: tuple[str, ...], form: str | None, **defaults: str) -> None:
    """Put articles in by hand.

    Text (.txt, .md) is one article, kept as it is; it has no title of its own. Of HTML the article is taken. JSON Lines hold an article a line, with the
    fields that POST /articles takes. The brokers are those of TALLYWIRE_BROKERS. To publish the same thing again does no harm.
    """
    kind = Form(form) if form else None
    if (defaults["title"] or defaults["url"]) and (len(sources) > 1 or Path(sources[0]).is_dir() or kind in (Form.JSONL, Form.JSON)):
        raise click.UsageError("--title and --url are for a single text or page")
    outcome = asyncio.run(_publish(sources, kind, {name: value for name, value in defaults.items() if value}))
    click.echo(f"{outcome.published:,} published, {outcome.refused:,} refused")
    if outcome.refused:
        raise click.exceptions.Exit(1)


async def _publish(sources: Sequence[str], form: Form | None, defaults: Mapping[str, str]) -> Outcome:
    settings = Settings()
    outcome = Outcome()
    with _progress() as progress:
        task = progress.add_task("publishing", visible=False)
        given = [each async for each in _given(sources, form, lambda size: progress.advance(task, size))]
        total = sum(each.size for each in given)
        progress.update(task, total=total, visible=total >= LONG_WORK)
        try:
            async with Publisher(settings, "tallywire-publish") as publisher:
                for each in given:
                    for batch in _batches(each, defaults, outcome):
                        await _send(batch, publisher, outcome)
        except KafkaError as error:
            raise click.ClickException(
                f"the brokers at {settings.brokers} do not take it ({type(error).__name__}). Are they up, do the topics exist "
                "(`tallywire topics check`), is TALLYWIRE_BROKERS right? All of it can be published again."
            ) from error
    return outcome


def _progress() -> Progress:
    """A bar on standard error, where a person looks at it."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


async def _given(sources: Sequence[str], form: Form | None, read: Read) -> AsyncIterator[Given]:
    for each in sources:
        if each.startswith(("http://", "https://")):
            yield await _fetched(each)
        elif each == "-":
            kind, lines = peek(sys.stdin.buffer, form)
            yield Given("standard input", Via.STDIN, drafts(kind, lines))
        else:
            for one in _of_path(Path(each), form, read):
                yield one


def _of_path(path: Path, form: Form | None, read: Read) -> Iterator[Given]:
    try:
        documents, unknown = gather(path, form)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be read: {error.strerror}") from error
    for file in unknown:
        click.echo(f"passed over {file}: its name does not tell what it is; use --format", err=True)
    for one in documents:
        yield Given(str(one.path), one.via, drafts(one.form, _counted(one.lines(), read)), one.size)


def _counted(lines: Iterable[bytes], read: Read) -> Iterator[bytes]:
    for each in lines:
        read(len(each))
        yield each


async def _fetched(url: str) -> Given:
    """The page at an address, through the guard."""
    try:
        async with guarded_session("publish", timeout=FETCH_TIMEOUT, headers={"User-Agent": "tallywire"}) as session:
            page = await fetch(session, url, MAX_PAGE)
    except FetchFailed as error:
        return Given(url, Via.URL, [Unusable(str(error))])
    return Given(url, Via.URL, drafts(Form.HTML, [page.body or b""], page.url))


def _batches(given: Given, defaults: Mapping[str, str], outcome: Outcome) -> Iterator[list[Composed]]:
    batch: list[Composed] = []
    try:
        for draft in given.drafts:
            if isinstance(draft, Unusable):
                outcome.refuse(given.name, draft)
                continue
            try:
                batch.append(compose(filled(draft, defaults), wall_clock(), given.via))
            except Refused as error:
                outcome.refuse(given.name, error)
            if len(batch) >= AT_ONCE:
                yield batch
                batch = []
    except OSError as error:
        outcome.refuse(given.name, error.strerror)
    if batch:
        yield batch


def filled(draft: Draft, defaults: Mapping[str, str]) -> Draft:
    """The draft with what it lacks."""
    return replace(draft, **{name: value for name, value in defaults.items() if not getattr(draft, name)})  # type: ignore[arg-type]  # all are texts


async def _send(batch: Sequence[Composed], publisher: Publisher, outcome: Outcome) -> None:
    await publisher.send(Output(ARTICLES, each.article.id, each.article) for each in batch)
    outcome.published += len(batch)
    for each in batch:
        click.echo("; ".join([f"{each.article.id}  published", *each.remarks]))
