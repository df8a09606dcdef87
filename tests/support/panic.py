"""A real panic of a library written in Rust: a BaseException, raised past every `except Exception`."""

from __future__ import annotations

import pytest
import sentencex


def panic() -> None:
    """Panic as sentencex 1.0 does over a single capital before a no-break space and a full stop; the extractor never gives it one."""
    sentencex.segment("en", "A\u00a0.")
    pytest.fail("sentencex no longer panics over this: find another panic, or no test shows that one is survived")
