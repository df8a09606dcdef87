"""A lost state: how long measure takes until it goes on, and until all is decided on; how much memory, how large the state is on disk."""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from confluent_kafka import Consumer, Producer, TopicPartition

from schemas import (
    ArticleReference,
    Batch,
    Claim,
    EventType,
    Extractor,
    Group,
    Kind,
    Measure,
    Period,
    PeriodPrecision,
    Place,
    PlacePrecision,
    Revision,
    Scope,
    Span,
    SpanField,
)
from schemas.partition import partition_of
from schemas.topics import CLAIMS
from tests.conftest import Brokers
from tests.support import kafka
from tests.support.installation import Installation
from tests.support.services import Service

from .measuring import cpu_seconds, peak_memory

COUNTRIES, TOWNS, OUTLETS = 60, 40, 400
"""How many countries, towns in each, and publishers."""

DAYS = 400
"""Over which the claims are spread: as long as a ledger holds them."""

_FIRST = date(2022, 1, 1)
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

RULES = "version: 1\nrules: []\n"

OK = 200
"""Answer of who is ready."""

PATIENCE = 1_800.0
"""Seconds after which a rebuild has failed: several times what a million claims take."""

FLUSH_WITHIN = 60.0
"""Seconds in which the broker takes 50,000 claims, or there is none any more."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What one rebuild took."""

    claims: int
    seconds: float
    """From the start of the processes until they are ready, and go on with what comes."""
    decided: float
    """The same until all figures are decided on."""
    cpu: float
    """What the processes took of the processors until they were ready, for each claim, in microseconds."""
    memory: int
    """Peak resident of the largest, MiB."""
    disk: float
    """State, MiB."""


def template() -> dict[str, Any]:
    """A claim as it stands on the topic; what tells claims apart is set in it."""
    words = "killed 12 fighters"
    claim = Claim(
        id="",
        book="",
        batch=Batch(id="", i=1, n=1),
        article=ArticleReference(
            id="",
            revision=Revision(updated_at=datetime(2022, 1, 1, tzinfo=UTC), content="c"),
            title="Fighters killed in a raid",
            source="",
            collected_at=datetime(2022, 1, 1, tzinfo=UTC),
            published_at=datetime(2022, 1, 1, tzinfo=UTC),
        ),
        extractor=Extractor(name="bench", version="1"),
        publisher="",
        event="",
        event_type=EventType("attack"),
        measure=Measure.KILLED,
        value=1,
        low=1,
        high=1,
        kind=Kind.FLOW,
        scope=Scope.INCIDENT,
        group=Group.MILITANTS,
        period=Period(start=_FIRST, end=_FIRST, precision=PeriodPrecision.DAY),
        places=(Place(name="town", country="AA", lat=1.0, lon=1.0, precision=PlacePrecision.SITE, geonames=1),),
        evidence=(
            Span(field=SpanField.TEXT, start=0, end=len(words), words=words, sentence=f"Soldiers {words} in a raid, the army said."),
        ),
    )
    told: dict[str, Any] = orjson.loads(claim.to_bytes())
    return told


def claims(count: int) -> Iterator[tuple[str, bytes]]:
    """Key and value of so many claims, in the order of their publication: incidents of towns, each told by several publishers."""
    chance, told = random.Random(4), template()
    place, article, period = told["places"][0], told["article"], told["period"]
    for number in range(count):
        day = _FIRST + timedelta(days=number * DAYS // count)
        country = chance.randrange(COUNTRIES)
        code = _LETTERS[country // 26] + _LETTERS[country % 26]
        town = country * TOWNS + chance.randrange(TOWNS)
        outlet = f"outlet{chance.randrange(OUTLETS)}"
        told["id"], told["event"], told["book"] = f"claim{number}", f"event{number}", f"killed:{code}"
        told["batch"]["id"], article["id"] = f"batch{number}", f"article{number}"
        told["publisher"] = article["source"] = outlet
        told["value"] = told["low"] = told["high"] = 2 + town % 9
        article["simhash"] = f"{chance.getrandbits(64):016x}"
        article["published_at"] = article["collected_at"] = f"{day}T12:{number % 60:02d}:00Z"
        period["start"] = period["end"] = str(day)
        place |= {"name": f"town{town}", "country": code, "geonames": town + 1, "lat": town % TOWNS * 2.0 - 40, "lon": country * 2.0}
        yield told["book"], orjson.dumps(told)


def write(installation: Installation, count: int) -> None:
    """Put the claims on the topic, and say that measure has folded them all: what is told of them is on the broker."""
    settings = installation.settings
    name, group = settings.topic(CLAIMS.name), settings.group("measure")
    producer = Producer({"bootstrap.servers": settings.brokers, "linger.ms": 50, "queue.buffering.max.messages": 200_000})
    partitions = len(producer.list_topics(name).topics[name].partitions)
    for number, (key, value) in enumerate(claims(count)):
        producer.produce(name, value, key, partition=partition_of(key, partitions))
        if number % 50_000 == 0:
            _flush(producer)
    _flush(producer)
    consumer = Consumer({"bootstrap.servers": settings.brokers, "group.id": group})
    ends = [TopicPartition(name, number, consumer.get_watermark_offsets(TopicPartition(name, number))[1]) for number in range(partitions)]
    consumer.commit(offsets=ends, asynchronous=False)
    consumer.close()


def _flush(producer: Producer) -> None:
    if left := producer.flush(FLUSH_WITHIN):
        raise TimeoutError(f"the broker has not taken {left} claims within {FLUSH_WITHIN:.0f} s")


async def rebuild(bootstrap: str, folder: Path, count: int, workers: int) -> Rebuilt:
    """Write the claims, then start measure without a state, and wait until it has folded them all."""
    installation = await Installation.make(Brokers("kafka", bootstrap), folder, RULES, None)
    begun = time.monotonic()
    await asyncio.to_thread(write, installation, count)
    print(f"{count:,} claims written in {time.monotonic() - begun:.0f} s", flush=True)
    services = [Service("measure", installation.settings, _folder(folder, number)) for number in range(workers)]
    begun = time.monotonic()
    try:
        for service in services:
            service.start()
        async with asyncio.timeout(PATIENCE):
            await _until(services, _is_ready)
            seconds, cpu = time.monotonic() - begun, sum(cpu_seconds(service.pid) for service in services)
            await _until(services, _is_decided)
            decided = time.monotonic() - begun
        memory = max(peak_memory(service.pid) for service in services)
    finally:
        for service in services:
            service.stop()
    disk = sum(path.stat().st_size for path in folder.rglob("*.sqlite*")) / 2**20  # noqa: ASYNC240  # the services have ended
    return Rebuilt(count, seconds, decided, cpu / count * 1e6, memory, disk)


def _folder(folder: Path, number: int) -> Path:
    own = folder / str(number)
    own.mkdir()
    return own


async def _until(services: list[Service], done: Callable[[Service], Awaitable[bool]]) -> None:
    """Return when all are done at once: a worker that joins late takes partitions from one that was."""
    while not all([await done(service) for service in services]):
        for service in services:
            assert service.exit_code is None, service.tail()
        await asyncio.sleep(0.5)


async def _is_ready(service: Service) -> bool:
    return (await service.ask("/readyz"))[0] == OK


async def _is_decided(service: Service) -> bool:
    _, told = await service.ask("/metrics")
    return 'tallywire_partitions_undecided{stage="measure.fold"} 0.0' in told


def table(found: list[Rebuilt]) -> Iterator[str]:
    """What came out, for a person."""
    yield (
        f"{'claims':>10}{'goes on after':>15}{'claims/s':>10}{'a million':>11}{'CPU a claim':>13}"
        f"{'all decided':>13}{'MiB peak':>10}{'MiB on disk':>13}"
    )
    for each in found:
        per = each.seconds / each.claims
        yield (
            f"{each.claims:10,}{each.seconds:13.1f} s{1 / per:10,.0f}{per * 1e6:9,.0f} s{each.cpu:10,.0f} us"
            f"{each.decided:11.1f} s{each.memory:10d}{each.disk:13.0f}"
        )


def main() -> None:
    """`python -m tests.bench.rebuild [--claims N]`: N claims, and a tenth of them beside, so that one sees whether memory is flat."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.rebuild", description=__doc__)
    parser.add_argument("--claims", type=int, default=1_000_000, help="how many (1000000)")
    parser.add_argument("--workers", type=int, default=2, help="processes of measure that share the partitions (2)")
    given = parser.parse_args()
    found = []
    with kafka.running() as cluster:
        for count in (max(1, given.claims // 10), given.claims):
            with tempfile.TemporaryDirectory(prefix="tallywire-rebuild-") as folder:
                found.append(asyncio.run(rebuild(cluster.bootstrap, Path(folder), count, given.workers)))
    print("\n".join(table(found)))


if __name__ == "__main__":
    main()
