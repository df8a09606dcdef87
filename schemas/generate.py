"""The contract for those who do not read Python: JSON Schemas and an AsyncAPI document, written from the models.

`python -m schemas.generate` writes them, `--check` fails when a file is not what would be written or breaks what was
released, `--release` keeps the contract as it stands as the released one.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import Any, Final

import orjson
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core.core_schema import DataclassField, ModelField, TypedDictField

from .compatibility import breaks
from .message import Message
from .topics import TOPICS, Topic

CONTRACT: Final = "0.1.0"
"""Version of the contract: a new field or word raises the middle number, a topic's `.v1` the first."""

HOME: Final = Path(__file__).parent
RELEASED: Final = HOME / "released.json"
"""The schemas of the last release, against which every change is compared."""

JSON_SCHEMA: Final = "https://json-schema.org/draft/2020-12/schema"
KAFKA_BINDING: Final = "0.5.0"
"""Version of AsyncAPI's Kafka bindings in which channels and messages are described."""

PARTITIONER: Final = "murmur2 of the key's UTF-8 bytes up to the first '|', its sign bit cleared, modulo the number of partitions"
"""What a producer in another language must do to write where our readers look (schemas/partition.py)."""

WRITTEN_BY_OTHERS: Final = ("articles", "rules", "silences", "reviews")
"""Topics on which people and other programs may write."""

COMMENT: Final = "Later versions may add fields, and words to the lists: ignore the first and carry the second."
"""What a reader of these files must know that JSON Schema cannot say."""

_WORDS: Final = frozenset({"description", "examples", "default", "readOnly"})
"""Keys of a schema that change nothing of what is taken or written."""


class _AsWritten(GenerateJsonSchema):
    """Every field is on the wire, those with a default as well."""

    def field_is_required(self, field: ModelField | DataclassField | TypedDictField, total: bool) -> bool:  # noqa: FBT001  # pydantic's
        return self.mode == "serialization" or super().field_is_required(field, total)


def messages() -> dict[str, type[Message]]:
    """Every message that stands on a topic, by its name, in the order of the flow."""
    return {message.__name__: message for topic in TOPICS for message in topic.messages}


def file_name(message: str) -> str:
    """`DeadLetter` -> `dead-letter.schema.json`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", message).lower() + ".schema.json"


def schema_of(message: type[Message]) -> dict[str, Any]:
    """The JSON Schema of a message as it stands on a topic."""
    return {"$schema": JSON_SCHEMA, "$id": f"urn:tallywire:v1:{file_name(message.__name__)}", "$comment": COMMENT, **_written(message)}


def _written(message: type[Message]) -> dict[str, Any]:
    return message.model_json_schema(mode="serialization", schema_generator=_AsWritten)


def asyncapi() -> dict[str, Any]:
    """The AsyncAPI 3.0.0 document: every topic with its key, partitions, retention and messages."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Tallywire",
            "version": CONTRACT,
            "description": "Counts in conflict news: articles in, believed figures and alerts out. Records are JSON; times are UTC. "
            "Delivery is at least once: ids come from content, so a repeat carries the same id.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {
            "kafka": {
                "host": "{broker}",
                "protocol": "kafka",
                "description": "The Kafka cluster of an installation; an installation may put a prefix before every topic's name.",
                "variables": {"broker": {"default": "127.0.0.1:9092", "description": "One of the bootstrap servers."}},
            }
        },
        "channels": {_short(topic): _channel(topic) for topic in TOPICS},
        "operations": {name: operation for topic in TOPICS for name, operation in _operations(topic).items()},
        "components": {"messages": {name: _message(name, message) for name, message in messages().items()}},
    }


def _short(topic: Topic) -> str:
    return topic.name.split(".")[1]


def _channel(topic: Topic) -> dict[str, Any]:
    return {
        "address": topic.name,
        "title": _short(topic),
        "summary": topic.summary,
        "messages": {message.__name__: {"$ref": f"#/components/messages/{message.__name__}"} for message in topic.messages},
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "partitions": topic.partitions,
                "topicConfiguration": _configuration(topic),
                "bindingVersion": KAFKA_BINDING,
            }
        },
        "x-key": topic.key,
        "x-partitioner": PARTITIONER,
        "x-internal": topic.internal,
    }


def _configuration(topic: Topic) -> dict[str, Any]:
    """The part of a topic's settings that AsyncAPI's Kafka binding has words for."""
    config = topic.config
    known = ("retention.ms", "delete.retention.ms", "max.message.bytes")
    return {"cleanup.policy": config["cleanup.policy"].split(","), **{name: int(config[name]) for name in known if name in config}}


def _operations(topic: Topic) -> dict[str, Any]:
    channel = {"$ref": f"#/channels/{_short(topic)}"}
    name = "".join(word.capitalize() for word in _short(topic).split("-"))
    sends = (
        {}
        if _short(topic) in ("silences", "reviews")
        else {f"send{name}": {"action": "send", "channel": channel, "summary": topic.summary}}
    )
    receives = {f"receive{name}": {"action": "receive", "channel": channel, "summary": topic.summary}}
    return sends | (receives if _short(topic) in WRITTEN_BY_OTHERS else {})


def _message(name: str, message: type[Message]) -> dict[str, Any]:
    keys = sorted({topic.key for topic in TOPICS if message in topic.messages})
    return {
        "name": name,
        "title": name,
        "summary": (message.__doc__ or "").split("\n", 1)[0],
        "contentType": "application/json",
        "payload": {"schemaFormat": "application/schema+json;version=draft-2020-12", "schema": {"$ref": f"./json/{file_name(name)}"}},
        "bindings": {"kafka": {"key": {"type": "string", "description": " or ".join(keys)}, "bindingVersion": KAFKA_BINDING}},
    }


def documents() -> dict[Path, bytes]:
    """Every generated file and what stands in it."""
    schemas = {HOME / "json" / file_name(name): schema_of(message) for name, message in messages().items()}
    return {path: _spell(content) for path, content in {**schemas, HOME / "asyncapi.json": asyncapi()}.items()}


def contract() -> dict[str, Any]:
    """What is compared with the last release: of each message, what is written and what is read; of each topic, key and partitions."""
    return {
        "contract": CONTRACT,
        "topics": {topic.name: {"key": topic.key, "partitions": topic.partitions} for topic in TOPICS if not topic.internal},
        "messages": {
            name: {"written": _bare(_written(message)), "read": _bare(message.model_json_schema(mode="validation"))}
            for name, message in messages().items()
        },
    }


def _bare(schema: Any, *, names: bool = False) -> Any:
    """A schema without its words; `names` where the keys are names of fields, not of JSON Schema."""
    if isinstance(schema, list):
        return [_bare(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: _bare(each, names=not names and key in ("properties", "$defs")) for key, each in schema.items() if names or key not in _WORDS
    }


def broken(released: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """What the contract as it is `now` breaks of the one that was `released`, one line each."""
    found = []
    for name, topic in released["topics"].items():
        if name not in now["topics"]:
            found.append(f"{name}: the topic is gone")
            continue
        found += [
            f"{name}: {what} was {topic[what]!r}, is {now['topics'][name][what]!r}"
            for what in topic
            if topic[what] != now["topics"][name][what]
        ]
    for name, sides in released["messages"].items():
        if name not in now["messages"]:
            found.append(f"{name}: the message is gone")
            continue
        found += [
            f"{name}{line} (as {side})" for side in ("written", "read") for line in breaks(sides[side], now["messages"][name][side], side)
        ]
    return found


def drift() -> list[str]:
    """Files that are not what would be written, by their names."""
    return [path.name for path, content in documents().items() if not path.exists() or path.read_bytes() != content]


def _spell(content: dict[str, Any]) -> bytes:
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _write() -> None:
    for path, content in documents().items():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)


def _check() -> str | None:
    """What is wrong and what to do; None where all is well."""
    if old := drift():
        return f"Not as the models say: {', '.join(old)}. Run `make schemas` and commit what it writes."
    if lines := broken(orjson.loads(RELEASED.read_bytes()), contract()):
        return (
            "This change breaks the released contract:\n  "
            + "\n  ".join(lines)
            + "\nAdd beside what stands, or open a new version of the topic."
        )
    return None


def main() -> None:
    """Write the files, check them, or keep them as released."""
    parser = argparse.ArgumentParser(prog="python -m schemas.generate", description=__doc__)
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument(
        "--check", action="store_true", help="change nothing; fail where a file is not what would be written, or breaks the release"
    )
    choice.add_argument("--release", action="store_true", help="keep the contract as it stands as the released one")
    given = parser.parse_args()
    if given.check:
        sys.exit(_check())
    _write()
    if given.release:
        RELEASED.write_bytes(orjson.dumps(contract(), option=orjson.OPT_APPEND_NEWLINE))


if __name__ == "__main__":
    main()
