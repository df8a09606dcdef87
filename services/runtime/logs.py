"""JSON lines on stderr, with topic, partition, offset and article bound; what comes from outside is escaped and capped."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, MutableMapping
from typing import Any

import orjson
import structlog

from .sparing import Sparing

MAX_VALUE = 500
"""Longest value of a field in characters: an article must not fill the log."""

QUIET = ("aiokafka", "faust", "mode", "asyncio", "aiohttp.access", "trafilatura", "htmldate", "courlan")
"""Libraries of which only warnings are of interest; their debug records cost up to a tenth of the time (measured on Faust)."""


def _cap(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if isinstance(value, str) and key != "exception":
            clean = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in value[: MAX_VALUE + 1])
            event[key] = clean if len(value) <= MAX_VALUE else clean[:MAX_VALUE] + "…"
    return event


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
