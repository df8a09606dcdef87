"""JSON lines on stderr, with topic, partition, offset and article bound; what comes from outside is escaped and capped."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Mapping, MutableMapping
from datetime import datetime
from itertools import islice
from typing import Any

import orjson
import structlog

from .sparing import Sparing

MAX_VALUE = 500
"""Longest value of a field in characters: an article must not fill the log."""

MAX_ENTRIES = 50
"""Most entries of a list in a field."""

MAX_TRACE = 16_000
"""Longest trace of an exception in characters, its first and its last half: several times a deep one."""

QUIET = ("aiokafka", "faust", "mode", "asyncio", "aiohttp.access", "trafilatura", "htmldate", "courlan")
"""Libraries of which only warnings are of interest; their debug records cost up to a tenth of the time (measured on Faust)."""


def _cap(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        event[key] = _trace(value) if key == "exception" and isinstance(value, str) else _capped(value)
    return event


def _capped(value: object) -> object:
    """A value of bounded size that JSON can hold: text clean and cut, lists by their first entries, anything unknown as text."""
    if value is None or isinstance(value, bool | float | datetime) or (isinstance(value, int) and -(2**63) <= value < 2**63):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [_capped(each) for each in islice(value, MAX_ENTRIES)]
    if isinstance(value, Mapping):
        return {str(_capped(key)): _capped(each) for key, each in islice(value.items(), MAX_ENTRIES)}
    text = str(value)
    clean = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text[: MAX_VALUE + 1])
    return clean if len(text) <= MAX_VALUE else clean[:MAX_VALUE] + "…"


def _trace(text: str) -> str:
    """Where an exception came from and what it says: that may be all of what could not be read."""
    cut = text if len(text) <= MAX_TRACE else f"{text[: MAX_TRACE // 2]}\n…\n{text[-MAX_TRACE // 2 :]}"
    return cut.encode(errors="backslashreplace").decode()


def _render(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> str:
    return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


def configure(service: str, level: str = "INFO") -> None:
    """Send every log record of this process, our own and the libraries', to stderr as one JSON object a line."""

    def name_service(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event.setdefault("service", service)
        return event

    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        name_service,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _cap, _render],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    handler.addFilter(_libraries_spare(Sparing()))
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[level]))


def _libraries_spare(sparing: Sparing) -> Callable[[logging.LogRecord], bool]:
    """What lets all of our own records pass, and of the libraries' one of a kind in a while."""
    return lambda record: record.name.startswith("services.") or sparing.filter(record)


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger whose events are stable names (`feed.polled`), with the data in fields."""
    return structlog.stdlib.get_logger(name)
