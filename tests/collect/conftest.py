"""What tests of collect share: an installation of its own on the embedded broker, and a clock that stands still."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from services.runtime.publisher import Publisher
from services.runtime.settings import Settings
from tests.support.mock_broker import MockBroker

NOW = datetime(2024, 4, 8, 12, tzinfo=UTC)


@pytest.fixture
def settings(mock_broker: MockBroker) -> Settings:
    return Settings(brokers=mock_broker.bootstrap, prefix=f"t{uuid.uuid4().hex}.", intake_port=0, stop_timeout=4, session_timeout=6)


@pytest.fixture
async def publisher(settings: Settings) -> AsyncIterator[Publisher]:
    async with Publisher(settings, "test") as publisher:
        yield publisher
