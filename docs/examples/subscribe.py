"""A subscriber: prints each believed figure when it changes. Needs aiokafka only; nothing of Tallywire is imported."""

from __future__ import annotations

import asyncio
import json
import os

from aiokafka import AIOKafkaConsumer

BROKERS = os.environ.get("TALLYWIRE_BROKERS", "127.0.0.1:9092")
TOPIC = os.environ.get("TALLYWIRE_PREFIX", "") + "tallywire.indicators.v1"


async def main() -> None:
    """Read from the beginning: the topic is compacted, so that is the newest of every figure, and then what changes."""
    newest: dict[str, int] = {}
    consumer = AIOKafkaConsumer(TOPIC, bootstrap_servers=BROKERS, auto_offset_reset="earliest")
    async with consumer:
        async for record in consumer:
            if record.value is None:
                print(f"expired: {record.key.decode()}", flush=True)
                continue
            figure = json.loads(record.value)
            if figure["revision"] <= newest.get(figure["id"], -1):
                continue  # delivered at least once: this is a repeat
            newest[figure["id"]] = figure["revision"]
            tellers = ", ".join(teller["who"] for teller in figure["tellers"])
            print(f"{figure['book']}: {figure['value']:,} ({figure['qualifier']}), told by {tellers}", flush=True)


asyncio.run(main())
