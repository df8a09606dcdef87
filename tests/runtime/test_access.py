"""Who may do what: the list is what the code does, and what differs from it on a broker is told."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import schemas.topics
import services
from schemas import TOPICS
from schemas.topics import ARTICLES, DEAD_LETTERS, OBSERVATIONS, Topic
from services.runtime.access import ROLES, Access, Rule, compare, rules, topics_of
from services.runtime.settings import Settings

SERVICES = Path(services.__file__).parent
NAMES = {name: each for name, each in vars(schemas.topics).items() if isinstance(each, Topic)}
USERS = {role: f"User:{role}" for role in ROLES}


def mentioned(service: str) -> set[Topic]:
    """The topics that a service's code imports by name."""
    found = set()
    for file in (SERVICES / service).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module == "schemas.topics":
                found |= {NAMES[each.name] for each in node.names if each.name in NAMES}
    return found


@pytest.mark.parametrize("service", ["collect", "extract", "measure", "notify"])
def test_a_service_has_access_to_the_topics_that_its_code_knows_and_to_no_other(service: str) -> None:
    assert set(topics_of(service)) == mentioned(service) | {DEAD_LETTERS}


def test_subscribers_and_analysts_cannot_write_what_services_decide() -> None:
    assert ROLES["subscribe"].writes == ()
    assert OBSERVATIONS not in ROLES["subscribe"].reads
    decided = {topic for service in ("extract", "measure", "notify") for topic in ROLES[service].writes} - set(ROLES["notify"].reads)
    assert not decided & set(ROLES["desk"].writes)


def test_each_role_is_made_into_acls_behind_the_prefix() -> None:
    found = rules(Settings(prefix="p."), USERS)
    assert len(found) == len(set(found))
    assert all(rule.name.startswith("p.") for rule in found)
    assert {(rule.operation, rule.kind, rule.name) for rule in found if rule.principal == "User:extract"} == {
        ("Read", "topic", "p.tallywire.articles.v1"),
        ("Write", "topic", "p.tallywire.events.v1"),
        ("Write", "topic", "p.tallywire.dead-letters.v1"),
        ("Read", "group", "p.tallywire.extract"),
    }
    (own,) = [rule for rule in found if rule.principal == "User:subscribe" and rule.kind == "group"]
    assert str(own) == "User:subscribe may Read group beginning with p.subscriber."


def test_no_rule_is_about_everything() -> None:
    assert not [rule for rule in rules(Settings(), USERS) if rule.name in ("", "*") or (rule.prefixed and rule.kind == "topic")]


def test_a_service_that_is_not_in_the_list_sees_all_topics() -> None:
    assert topics_of("test") == TOPICS
    assert isinstance(ROLES["extract"], Access)


NEEDED = Rule("User:extract", "Read", "topic", ARTICLES.name)


@pytest.mark.parametrize(
    ("there", "told"),
    [
        ([NEEDED], []),
        ([], [f"missing: User:extract may Read topic {ARTICLES.name}"]),
        ([NEEDED, NEEDED._replace(principal="User:somebody", operation="Write")], []),
        ([NEEDED, NEEDED._replace(operation="Write")], [f"not needed: User:extract may Write topic {ARTICLES.name}"]),
        ([NEEDED, NEEDED._replace(name="tally", prefixed=True)], ["not needed: User:extract may Read topic beginning with tally"]),
        ([NEEDED, NEEDED._replace(allowed=False)], [f"not needed: User:extract may not Read topic {ARTICLES.name}"]),
        ([NEEDED, NEEDED._replace(host="10.0.0.5")], [f"not needed: User:extract may Read topic {ARTICLES.name} from 10.0.0.5"]),
        ([NEEDED, NEEDED._replace(principal="User:*", name="*")], ["not needed: User:* may Read topic *"]),
        ([NEEDED, NEEDED._replace(principal="User:*", name="payments")], []),
    ],
)
def test_what_is_missing_and_what_is_beyond_is_told(there: list[Rule], told: list[str]) -> None:
    assert [str(each) for each in compare([NEEDED], there)] == told
