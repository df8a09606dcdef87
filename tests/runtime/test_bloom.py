"""What was put in is there; of what was not, nearly nothing seems to be."""

from __future__ import annotations

from services.runtime.bloom import Bloom


def test_it_forgets_no_key_and_takes_few_others_for_one() -> None:
    bloom = Bloom()
    keys = [f"sight|killed:SY|0738{number}|claim-{number}" for number in range(20_000)]
    for key in keys[::2]:
        bloom.add(key)
    assert all(key in bloom for key in keys[::2])
    assert sum(key in bloom for key in keys[1::2]) < 100


def test_nothing_is_in_a_new_one() -> None:
    assert "" not in Bloom()
