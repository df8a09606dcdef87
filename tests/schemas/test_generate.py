"""The generated contract: what is committed is what the models say, and it breaks nothing that was released."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from schemas import TOPICS, Alert, Article, ArticleStatus, Cause, DeadLetter, Message, Tick
from schemas.generate import HOME, RELEASED, asyncapi, broken, contract, drift, file_name, messages, schema_of

NOON = datetime(2024, 4, 6, 12, tzinfo=UTC)

ASYNCAPI: dict[str, Any] = {
    "type": "object",
    "required": ["asyncapi", "info", "channels", "operations", "components"],
    "properties": {
        "asyncapi": {"const": "3.0.0"},
        "info": {"required": ["title", "version"]},
        "servers": {"additionalProperties": {"required": ["host", "protocol"]}},
        "channels": {
            "additionalProperties": {
                "required": ["address", "messages", "bindings"],
                "patternProperties": {"^x-": {}},
                "additionalProperties": False,
                "properties": {
                    "address": {"type": "string"},
                    "title": {"type": "string"},
                    "summary": {"type": "string", "minLength": 1},
                    "messages": {"minProperties": 1, "additionalProperties": {"required": ["$ref"]}},
                    "bindings": {
                        "properties": {
                            "kafka": {
                                "additionalProperties": False,
                                "properties": {
                                    "topic": {"type": "string"},
                                    "partitions": {"type": "integer", "minimum": 1},
                                    "bindingVersion": {"const": "0.5.0"},
                                    "topicConfiguration": {
                                        "properties": {
                                            "cleanup.policy": {"type": "array", "items": {"enum": ["compact", "delete"]}},
                                            "retention.ms": {"type": "integer", "minimum": -1},
                                            "delete.retention.ms": {"type": "integer", "minimum": 0},
                                            "max.message.bytes": {"type": "integer", "minimum": 0},
                                        }
                                    },
                                },
                            }
                        }
                    },
                },
            }
        },
        "operations": {
            "additionalProperties": {"required": ["action", "channel"], "properties": {"action": {"enum": ["send", "receive"]}}},
        },
    },
}
"""The parts of an AsyncAPI 3.0.0 document that ours uses, as its specification describes them."""


def test_what_is_committed_is_what_the_models_say() -> None:
    assert drift() == [], "run `make schemas`"


def test_the_contract_breaks_nothing_that_was_released() -> None:
    assert broken(json.loads(RELEASED.read_bytes()), contract()) == []


def test_a_topic_or_message_that_is_gone_breaks_the_contract() -> None:
    now = contract()
    was = deepcopy(now)
    was["topics"]["tallywire.gone.v1"] = {"key": "article", "partitions": 12}
    was["messages"]["Gone"] = was["messages"]["Tick"]
    was["topics"]["tallywire.alerts.v1"]["partitions"] += 1
    assert broken(was, now) == [
        "tallywire.alerts.v1: partitions was 13, is 12",
        "tallywire.gone.v1: the topic is gone",
        "Gone: the message is gone",
    ]


def test_a_field_that_is_gone_breaks_the_contract() -> None:
    now = contract()
    was = deepcopy(now)
    was["messages"]["Alert"]["written"]["properties"]["colour"] = {"type": "string"}
    assert broken(was, now) == ["Alert/colour: removed (as written)"]


@pytest.mark.parametrize("name", list(messages()))
def test_each_schema_is_a_schema_that_requires_every_field_and_describes_it(name: str) -> None:
    schema = json.loads((HOME / "json" / file_name(name)).read_bytes())
    Draft202012Validator.check_schema(schema)
    assert set(schema["required"]) == set(schema["properties"])
    bare = [name for name, field in schema["properties"].items() if not (field.get("description") or "$ref" in field)]
    assert bare == []


@pytest.mark.parametrize(
    "message",
    [
        Tick(at=NOON),
        Article(
            id="a1", revision=Article.revise(NOON, ArticleStatus.PUBLISHED, "Title", "Text"), title="Title", text="Text", collected_at=NOON
        ),
        DeadLetter.of_request("collect", Cause.REFUSED, "no text", original=b"{}", at=NOON),
    ],
    ids=lambda message: type(message).__name__,
)
def test_what_is_written_is_what_its_schema_says(message: Message) -> None:
    validator = Draft202012Validator(schema_of(type(message)))
    record = json.loads(message.to_bytes())
    validator.validate(record)
    for field in record:
        with pytest.raises(ValidationError):
            validator.validate({name: value for name, value in record.items() if name != field})


def test_the_asyncapi_document_has_the_form_of_one() -> None:
    Draft202012Validator(ASYNCAPI).validate(asyncapi())


def test_every_topic_is_a_channel_with_its_key_and_partitioner() -> None:
    channels = asyncapi()["channels"]
    assert [channel["address"] for channel in channels.values()] == [topic.name for topic in TOPICS]
    for topic, channel in zip(TOPICS, channels.values(), strict=True):
        assert channel["bindings"]["kafka"]["partitions"] == topic.partitions
        assert channel["x-key"] == topic.key
        assert "murmur2" in channel["x-partitioner"]


def test_every_reference_of_the_asyncapi_document_leads_somewhere() -> None:
    document = asyncapi()
    for reference in _references(document):
        if reference.startswith("./"):
            assert (HOME / reference).is_file(), reference
        else:
            place: Any = document
            for step in reference.removeprefix("#/").split("/"):
                place = place[step]


def _references(part: object) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if "$ref" in part else []
        return own + [each for value in part.values() for each in _references(value)]
    return []


def test_files_are_named_like_their_messages() -> None:
    assert [file_name(name) for name in ("Alert", "DeadLetter", "RuleSet")] == [
        "alert.schema.json",
        "dead-letter.schema.json",
        "rule-set.schema.json",
    ]
    assert Alert.__name__ in messages()
