"""What a service has finished is known from the brokers, whichever they are, and whatever became of its process."""

from __future__ import annotations

from pathlib import Path

from schemas.topics import ARTICLES
from services.runtime.security import connection
from services.up.progress import Finished
from tests.conftest import Brokers
from tests.support.streams import prepared, until_true, write


async def test_progress_is_what_is_committed_and_what_is_collected(brokers: Brokers, tmp_path: Path) -> None:
    from aiokafka import AIOKafkaConsumer

    settings = await prepared(brokers, tmp_path)
    finished = Finished(settings)

    async def nothing() -> bool:
        return await finished("extract") == 0

    await until_true(nothing)  # a new cluster makes its topic of offsets at the first question, which may take longer than one answer
    await write(settings, ARTICLES, [(str(n).encode(), b"x") for n in range(9)])

    async def collected() -> bool:
        return await finished("collect") == 9

    await until_true(collected)
    consumer = AIOKafkaConsumer(
        settings.topic(ARTICLES.name),
        **connection(settings),
        group_id=settings.group("extract"),
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        session_timeout_ms=6000,
    )
    await consumer.start()
    try:
        read = 0
        while read < 9:
            read += sum(map(len, (await consumer.getmany(timeout_ms=500)).values()))
        await until_true(nothing)
        await consumer.commit()
    finally:
        await consumer.stop()

    async def committed() -> bool:
        return await finished("extract") == 9

    await until_true(committed)


async def test_progress_is_unknown_while_nobody_answers(tmp_path: Path) -> None:
    from services.runtime.settings import Settings

    finished = Finished(Settings(brokers="127.0.0.1:1", state_dir=tmp_path))
    assert await finished("extract") is None
    assert await finished("collect") is None
