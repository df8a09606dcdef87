"""The receiver over HTTP: what is signed is stored once and shown, repeats are known, all else is refused."""

from __future__ import annotations

import base64
import hashlib
import hmac
import sqlite3
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest

from services.receive import Receipt, Received, Receiver, Store, Verdict, key_of_secret, server, store

SECRET = "whsec_" + base64.b64encode(b"a secret for tests, 32 bytes ...").decode()


def signed(webhook: str, body: bytes, secret: str = SECRET) -> dict[str, str]:
    stamp = str(int(time.time()))
    digest = hmac.new(key_of_secret(secret), f"{webhook}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return {"webhook-id": webhook, "webhook-timestamp": stamp, "webhook-signature": "v1," + base64.b64encode(digest).decode()}


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def test_a_signed_webhook_is_answered_stored_and_handed_on(session: aiohttp.ClientSession, tmp_path: Path) -> None:
    seen: list[Received] = []
    body = b'{"type": "alert.fired", "data": {}}'
    async with (
        Receiver(SECRET, on_alert=seen.append, database=tmp_path / "received.db") as receiver,
        session.post(receiver.url, data=body, headers=signed("one", body)) as answer,
    ):
        assert answer.status == 204
    assert [(each.id, each.verified, each.duplicate, each.payload["type"]) for each in seen] == [("one", True, False, "alert.fired")]
    with Store(tmp_path / "received.db") as store:
        assert list(store) == [("one", "alert.fired", 1, body)]


async def test_a_repeat_is_answered_alike_and_known_for_one_even_after_a_restart(session: aiohttp.ClientSession, tmp_path: Path) -> None:
    body = b'{"type": "alert.fired"}'
    receipts = []
    for _ in range(2):
        async with Receiver(SECRET, database=tmp_path / "received.db") as receiver:
            for _ in range(2):
                async with session.post(receiver.url, data=body, headers=signed("one", body)) as answer:
                    assert answer.status == 204
            receipts += [each.receipt for each in receiver.received]
    assert receipts == [Receipt.NEW, Receipt.REPEATED, Receipt.REPEATED, Receipt.REPEATED]


async def test_the_same_id_with_another_body_is_a_conflict_and_the_first_body_stays(session: aiohttp.ClientSession) -> None:
    async with Receiver(SECRET) as receiver:
        for body, status in ((b'{"a": 1}', 204), (b'{"a": 2}', 409), (b'{"a": 1}', 204)):
            async with session.post(receiver.url, data=body, headers=signed("one", body)) as answer:
                assert answer.status == status
        assert [each.receipt for each in receiver.received] == [Receipt.NEW, Receipt.CONTRADICTED, Receipt.REPEATED]


async def test_what_is_not_signed_by_us_is_refused_and_not_remembered(session: aiohttp.ClientSession) -> None:
    """Otherwise anyone could use an id up before its sender does."""
    body = b'{"type": "alert.fired"}'
    stranger = "whsec_" + base64.b64encode(b"x" * 32).decode()
    async with Receiver(SECRET) as receiver:
        async with session.post(receiver.url, data=body, headers=signed("one", body, stranger)) as answer:
            assert answer.status == 401
        async with session.post(receiver.url, data=body) as answer:
            assert answer.status == 401
        async with session.post(receiver.url, data=body, headers=signed("one", body)) as answer:
            assert answer.status == 204
        assert [each.verdict for each in receiver.received] == [Verdict.SIGNATURE_WRONG, Verdict.HEADERS_MISSING, Verdict.VERIFIED]
        assert receiver.received[-1].receipt is Receipt.NEW


@pytest.mark.parametrize("body", [b"", b"[]", b"nonsense", b"\xff\xfe", b"[" * 100_000, b'{"a": NaN}'])
async def test_a_signed_body_that_is_no_object_is_a_bad_request(session: aiohttp.ClientSession, body: bytes) -> None:
    async with Receiver(SECRET) as receiver, session.post(receiver.url, data=body, headers=signed("one", body)) as answer:
        assert answer.status == 400


async def test_a_body_over_a_mebibyte_is_not_read(session: aiohttp.ClientSession) -> None:
    async with Receiver(SECRET) as receiver, session.post(receiver.url, data=b"x" * 2_000_000) as answer:
        assert answer.status == 413


async def test_both_secrets_are_believed_while_they_are_being_changed(session: aiohttp.ClientSession) -> None:
    new = "whsec_" + base64.b64encode(b"the new secret, 32 bytes long...").decode()
    async with Receiver([new, SECRET]) as receiver:
        for webhook, secret in (("one", SECRET), ("two", new)):
            async with session.post(receiver.url, data=b'{"a": 1}', headers=signed(webhook, b'{"a": 1}', secret)) as answer:
                assert answer.status == 204


async def test_a_port_in_use_and_a_file_that_cannot_be_opened_are_errors_and_nothing_stays_open(tmp_path: Path) -> None:
    async with Receiver(SECRET) as receiver:
        port = int(receiver.url.rsplit(":", 1)[1].strip("/"))
        with pytest.raises(OSError, match="address"):
            await Receiver(SECRET, port=port).start()
    with pytest.raises(sqlite3.OperationalError):
        await Receiver(SECRET, database=tmp_path / "nowhere" / "received.db").start()


async def test_what_anybody_sends_does_not_fill_the_memory(session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "KEPT_BYTES", 250_000)
    async with Receiver(SECRET) as receiver:
        for number in range(10):
            async with session.post(receiver.url, data=b"x" * 100_000, headers={"webhook-id": str(number)}) as answer:
                assert answer.status == 401
        assert [each.id for each in receiver.received] == ["8", "9"]
        async with session.post(receiver.url, data=b"x" * 500_000, headers={"webhook-id": "large"}) as answer:
            assert answer.status == 401
        assert [each.id for each in receiver.received] == ["large"]


def test_the_store_forgets_what_was_not_seen_for_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MAX_KEPT", 50)
    monkeypatch.setattr(store, "FORGET_EVERY", 1)
    start = datetime(2024, 4, 6, tzinfo=UTC)
    with Store() as kept:
        for number in range(60):
            assert kept.add(str(number), "alert", b"{}", start + timedelta(seconds=number)) is Receipt.NEW
            assert kept.add("0", "alert", b"{}", start + timedelta(seconds=number)) in (Receipt.NEW, Receipt.REPEATED)
        assert {webhook for webhook, *_ in kept} == {"0", *(str(number) for number in range(11, 60))}
        assert kept.add("59", "alert", b"{}", start) is Receipt.REPEATED
