"""One partitioner: as Kafka's own clients hash, but of what stands before the first separator."""

from __future__ import annotations

from aiokafka.partitioner import murmur2 as reference
from hypothesis import given
from hypothesis import strategies as st

from schemas import key_of, partition_of, parts_of
from schemas.partition import murmur2


@given(st.binary(max_size=64))
def test_the_hash_is_the_one_of_kafkas_clients(data: bytes) -> None:
    assert murmur2(data) == reference(data) & 0xFFFFFFFF


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_parts_of_a_key_come_back_whatever_they_hold(parts: list[str]) -> None:
    assert parts_of(key_of(*parts)) == tuple(parts)


@given(st.text(), st.text(), st.text())
def test_records_that_share_their_first_part_share_their_partition(first: str, one: str, other: str) -> None:
    assert partition_of(key_of(first, one), 12) == partition_of(key_of(first, other), 12) == partition_of(key_of(first), 12)
