"""Everything started in order, the sample wire sent through, the outcome told; then up until cancelled."""

from __future__ import annotations

import asyncio
import contextlib
import shlex
import shutil
import sys
import uuid
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from rich.console import Console
from rich.text import Text

from schemas import RuleSet
from schemas.topics import RULES as RULES_TOPIC
from services.receive import Receiver
from services.runtime.publisher import Publisher
from services.runtime.reader import follow
from services.runtime.settings import Settings
from services.runtime.topics_admin import TopicsRefused, create, delete, ensure_on_embedded
from services.stage import Output

from . import broker
from .feed import Feeds
from .narrator import FOLLOWED, Narrator
from .plan import FETCH_WAIT, SERVICES, STOP_TIMEOUT, commands, make_folder, new_secret, settle_ports, write_endpoints, write_feeds
from .progress import Finished
from .samples import POST, Expected, Sample, expected, samples
from .supervisor import GaveUp, Supervisor

PARTITIONS = 4
"""Of each topic on a Kafka that was named: as many as on the embedded broker, for what lives minutes."""

READY_WITHIN = 60.0
"""Seconds until every service must be ready; ten are usual."""

WAVE_WITHIN = 30.0
"""Seconds in which a wave's alerts must arrive; one or two are usual."""

WAVE_PAUSE = 1.0
"""Seconds between waves: to look, and for what arrives without an alert."""

HINT = (
    "That line posts an article that crosses two lines of another conflict. A text of your own will do as well; say of which day it is "
    "(…?published_at=2024-04-07T12:00:00Z), for one without a date is of today, and by then the figures of the sample wire have expired."
)
"""What to try, and what would surprise."""

LOOK_EVERY = 0.1
"""Seconds between two looks at a child that is not ready yet."""


class Failed(Exception):
    """The demonstration did not do what it is for; the text says what is missing or broken."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person asked for."""

    once: bool = False
    bootstrap: str | None = None
    state: Path | None = None


async def demonstrate(settings: Settings, wish: Wish, console: Console, rules: RuleSet) -> None:
    """Run all of it until cancelled, or with `once` until the sample wire is through.

    Raises:
        CannotStart: something about this machine is in the way.
        Failed: alerts are missing, or a service cannot be kept alive.

    """
    settings = settle_ports(settings)
    folder = make_folder(wish.state)
    settings = settings.model_copy(update={"state_dir": folder / "state", "stop_timeout": STOP_TIMEOUT, "fetch_wait": FETCH_WAIT})
    kept = False
    try:
        async with _cluster(settings, wish, console) as clustered:
            await _within(clustered, wish, console, rules, folder)
    except Exception:
        kept = True
        console.print(Text(f"State and logs are left in {folder} to be looked at.", style="dim"))
        raise
    finally:
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.asynccontextmanager
async def _cluster(settings: Settings, wish: Wish, console: Console) -> AsyncIterator[Settings]:
    """A broker with our topics: the embedded one, or the one that was named, on which what we made is removed in the end."""
    if wish.bootstrap is None:
        console.print(Text(broker.LIMITS, style="dim"))
        async with broker.embedded() as bootstrap:
            settings = settings.in_the_clear(bootstrap)
            await ensure_on_embedded(settings)
            yield settings
        return
    own = not settings.prefix
    prefix = f"up-{uuid.uuid4().hex[:8]}-" if own else settings.prefix
    name = f"up-{uuid.uuid4().hex[:8]}"  # the embedded broker does not know static membership, and would wait for whoever does not leave
    settings = settings.model_copy(update={"brokers": wish.bootstrap, "prefix": prefix, "instance": name})
    await create(settings, partitions=PARTITIONS)
    try:
        yield settings
    finally:
        if own:
            with contextlib.suppress(TopicsRefused):
                await delete(settings)


async def _within(settings: Settings, wish: Wish, console: Console, rules: RuleSet, folder: Path) -> None:
    secret = new_secret()
    wire = samples()
    narrator = Narrator(console, rules, {each.link for each in wire})
    async with Publisher(settings, "tallywire-up") as publisher:
        await publisher.send([Output(RULES_TOPIC, "rules", rules)])
    async with Receiver(secret, on_alert=narrator.receive, database=folder / "received.sqlite") as receiver, Feeds(wire) as feeds:
        settings = settings.model_copy(
            update={"feeds_file": write_feeds(folder, feeds.urls), "endpoints_file": write_endpoints(folder, receiver.url, secret)}
        )
        supervisor = Supervisor(
            commands(settings, folder / "logs"), lambda told: console.print(Text(told, style="yellow")), Finished(settings)
        )
        await supervisor.start()
        try:
            await _first(
                asyncio.create_task(supervisor.failed(), name="supervise"),
                asyncio.create_task(_follow(settings, narrator), name="follow"),
                asyncio.create_task(_show(settings, wish, console, narrator, feeds, wire, folder), name="show"),
            )
        except GaveUp as gave_up:
            raise Failed(str(gave_up)) from gave_up
        finally:
            if not wish.once:
                console.print(Text("Ending every service …", style="dim"))
            await supervisor.stop()


async def _first(*tasks: asyncio.Task[None]) -> None:
    """Wait for the first to end, end the others, and raise what ended it."""
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _follow(settings: Settings, narrator: Narrator) -> None:
    async for record in follow(settings, FOLLOWED, from_beginning=True):
        narrator.hear(record)


async def _show(
    settings: Settings, wish: Wish, console: Console, narrator: Narrator, feeds: Feeds, wire: Sequence[Sample], folder: Path
) -> None:
    """The play: services ready, the wire wave by wave, the outcome, and the stage left to the person."""
    missing = await _play(settings, console, narrator, feeds, wire)
    if wish.once and (missing or narrator.unbelievable):
        raise Failed(_lacking(narrator, missing))
    _sum_up(console, narrator, missing)
    if not wish.once:
        _invite(console, settings, folder)
        await asyncio.Event().wait()


async def _play(settings: Settings, console: Console, narrator: Narrator, feeds: Feeds, wire: Sequence[Sample]) -> list[Expected]:
    """Send the wire through; the expected alerts that did not arrive."""
    with console.status("Starting collect, extract, measure and notify …"):
        await _until_ready(settings)
    wanted = expected("wire")
    for wave in range(1, max(each.wave for each in wire) + 1):
        feeds.wave = wave
        deadline = asyncio.get_running_loop().time() + WAVE_WITHIN
        while narrator.missing([each for each in wanted if each.wave <= wave]):
            narrator.changed.clear()
            try:
                async with asyncio.timeout_at(deadline):
                    await narrator.changed.wait()
            except TimeoutError:
                return narrator.missing(wanted)
        await asyncio.sleep(WAVE_PAUSE)
    return narrator.missing(wanted)


async def _until_ready(settings: Settings) -> None:
    waiting = {name: f"http://{settings.host}:{getattr(settings, f'{name}_port')}/readyz" for name in SERVICES}
    reasons: dict[str, str] = {}
    try:
        async with asyncio.timeout(READY_WITHIN), aiohttp.ClientSession(trust_env=False) as session:
            while waiting:
                for name, url in list(waiting.items()):
                    try:
                        async with session.get(url) as answer:
                            reasons[name] = (await answer.text()).strip()
                            if answer.ok:
                                del waiting[name]
                    except aiohttp.ClientError:
                        reasons[name] = "does not answer yet"
                await asyncio.sleep(LOOK_EVERY)
    except TimeoutError as error:
        raise Failed("; ".join(f"{name} is not ready: {reasons.get(name, 'no answer')}" for name in waiting)) from error


def _sum_up(console: Console, narrator: Narrator, missing: Sequence[Expected]) -> None:
    if missing or narrator.unbelievable:
        console.print(Text(_lacking(narrator, missing), style="bold red"))
        return
    told = f"The sample wire is through: {narrator.readings} readings, {len(narrator.arrived)} alerts received, every signature verified."
    console.print(Text(told, style="bold green"))


def _lacking(narrator: Narrator, missing: Sequence[Expected]) -> str:
    parts = [f"these alerts did not arrive: {', '.join(map(str, missing))}"] if missing else []
    if narrator.unbelievable:
        parts.append(f"{narrator.unbelievable} webhooks did not verify")
    return "; ".join(parts)


def _invite(console: Console, settings: Settings, folder: Path) -> None:
    """Where everything is, and what to try."""
    intake = f"http://{settings.intake_host}:{settings.intake_port}/articles"
    metrics = ", ".join(f"{name} http://{settings.host}:{getattr(settings, f'{name}_port')}/metrics" for name in SERVICES)
    variables = f"TALLYWIRE_BROKERS={settings.brokers}" + (f" TALLYWIRE_PREFIX={settings.prefix}" if settings.prefix else "")
    lines = {
        "intake": intake,
        "metrics": metrics,
        "alerts": f"here, as they arrive; on the topic: {variables} {_command()} watch alerts --from-beginning",
        "logs": f"{folder}/logs",
        "post": f"curl --data-binary @{_from_here(POST)} -H 'Content-Type: text/plain' '{intake}?source=Sample'",
    }
    console.print(Text("\nEverything is up; Ctrl-C ends it.", style="bold"))
    for name, value in lines.items():
        console.print(Text.assemble((f"  {name:<9}", "bold"), value), soft_wrap=True)
    console.print(Text(HINT, style="dim"))


def _command() -> str:
    """How `tallywire` is called from where the person is."""
    return "tallywire" if shutil.which("tallywire") else _from_here(Path(sys.executable).with_name("tallywire"))


def _from_here(path: Path) -> str:
    return shlex.quote(str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path))
