"""Who is not let in, or may not do what it does, says so in one line that names what to look at, and ends; no secret is in it."""

from __future__ import annotations

import asyncio
import logging
import urllib.error
import urllib.request
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._acl import AclBindingFilter
from confluent_kafka.admin._config import AlterConfigOpType, ConfigEntry, ConfigResource
from confluent_kafka.admin._resource import ResourceType
from confluent_kafka.admin._scram import ScramCredentialInfo, ScramMechanism, UserScramCredentialDeletion, UserScramCredentialUpsertion

from schemas.topics import ARTICLES, EVENTS
from services.cli.main import main
from services.runtime.access import ROLES, Rule
from services.runtime.acls import _binding, check_acls, create_acls
from services.runtime.process import FAILED, MISUSED
from services.runtime.publisher import Publisher
from services.runtime.security import librdkafka, refusal
from services.runtime.settings import Settings
from services.runtime.topics_admin import create
from tests.conftest import Brokers
from tests.support.kafka import Kafka
from tests.support.secured import ADMIN, PLANTED, Secured
from tests.support.services import Service
from tests.support.streams import prepared, until
from tests.support.workload import articles, sendings

from .test_secured import give_acls, intake_of, tallywire

pytestmark = [pytest.mark.broker, pytest.mark.timeout(300)]

ARTICLE = {"title": "Nothing happened", "text": "Nothing happened in Hama.", "source": "Example Wire"}

ENDS_WITHIN = 90.0
"""Seconds: three tries, and two cores that others use as well."""

REFUSALS = {
    "wrong-password": ("PASSWORD", {"TALLYWIRE_SASL_PASSWORD_FILE": "desk.password"}, "refuses the user tallywire-extract"),
    "wrong-mechanism": ("PASSWORD", {"TALLYWIRE_SASL_MECHANISM": "SCRAM-SHA-256"}, "TALLYWIRE_SASL_MECHANISM"),
    "unknown-authority": ("PASSWORD", {"TALLYWIRE_TLS_CA_FILE": "stranger.pem"}, "set TALLYWIRE_TLS_CA_FILE"),
    "expired-certificate": ("EXPIRED", {}, "has expired"),
    "other-host": ("ELSEWHERE", {}, "is for another address"),
    "no-client-certificate": (
        "MUTUAL",
        dict.fromkeys(("TALLYWIRE_TLS_CERT_FILE", "TALLYWIRE_TLS_KEY_FILE", "TALLYWIRE_TLS_KEY_PASSWORD_FILE"), ""),
        "does it want a certificate in TALLYWIRE_TLS_CERT_FILE",
    ),
    "wrong-key-password": ("MUTUAL", {"TALLYWIRE_TLS_KEY_PASSWORD_FILE": "desk.password"}, "TALLYWIRE_TLS_KEY_PASSWORD_FILE right?"),
    "no-password-file": ("PASSWORD", {"TALLYWIRE_SASL_PASSWORD_FILE": "absent"}, "cannot be read: No such file"),
    "in-the-clear": ("PASSWORD", {"TALLYWIRE_SECURITY_PROTOCOL": "SASL_PLAINTEXT"}, "SASL_PLAINTEXT is refused"),
}
"""Case -> listener, what is set otherwise (names of files are in the folder of certificates), and what the line says."""


def service(secured: Secured, folder: Path, listener: str = "PASSWORD", prefix: str = "", **changed: str) -> Service:
    """Extract, as its own user, with some variables set otherwise."""
    folder.mkdir(exist_ok=True)
    files = {name: str(secured.folder / value) if name.endswith("_FILE") and value else value for name, value in changed.items()}
    settings = Settings(state_dir=folder / "state", prefix=prefix, session_timeout=6.0)
    return Service("extract", settings, folder, extra={**secured.environment("extract", listener), **files, "TALLYWIRE_LOG_LEVEL": "DEBUG"})


async def test_who_is_not_let_in_says_why_and_ends(secured: Secured, tmp_path: Path) -> None:
    """All cases at once: each waits most of its time."""
    found = {name: service(secured, tmp_path / name, listener, **changed) for name, (listener, changed, _) in REFUSALS.items()}
    try:
        for each in found.values():
            each.start()
        await until(lambda: all(each.exit_code is not None for each in found.values()), patience=ENDS_WITHIN)
    finally:
        for each in found.values():
            if each.exit_code is None:
                each.kill()
    for name, each in found.items():
        last = each.tail(1)
        assert each.exit_code == MISUSED, name
        assert REFUSALS[name][2] in last, f"{name}: {last}"
        assert "Traceback" not in each.log()
        assert PLANTED not in each.log()


def test_a_command_that_is_not_let_in_says_why_as_well(secured: Secured) -> None:
    for arguments in (("topics", "check"), ("topics", "check", "--acls"), ("dead-letters", "list")):
        done = tallywire(secured, "desk", "", *arguments, listener="EXPIRED")
        assert done.returncode == 1
        assert done.stderr.splitlines()[-1].endswith("has expired"), done.stderr


async def test_what_libraries_tell_at_their_most_talkative_holds_no_secret(secured: Secured, caplog: pytest.LogCaptureFixture) -> None:
    give_acls(secured, "talkative-")
    caplog.set_level(logging.DEBUG)
    for listener in ("PASSWORD", "MUTUAL"):
        async with Publisher(secured.settings("extract", listener), "test"):
            pass
    refused = await refusal(secured.settings("extract", sasl_password_file=secured.folder / "desk.password"))
    assert refused is not None
    assert refused.final
    assert PLANTED not in caplog.text + str(refused)


async def test_a_user_that_lacks_acls_at_the_start_is_told_each(secured: Secured, tmp_path: Path) -> None:
    await create(secured.settings(ADMIN, prefix="lacking-"), partitions=4)
    extract = service(secured, tmp_path, prefix="lacking-")
    extract.start()
    await until(lambda: extract.exit_code is not None, patience=ENDS_WITHIN)
    assert extract.exit_code == MISUSED
    line = extract.tail(1)
    assert "the user tallywire-extract lacks ACLs" in line
    for lacking in (f"Read topic lacking-{ARTICLES.name}", f"Write topic lacking-{EVENTS.name}", "Read group lacking-tallywire.extract"):
        assert lacking in line


async def take_away(secured: Secured, rule: Rule) -> None:
    """Remove one ACL."""
    binding = _binding(rule)
    chosen = AclBindingFilter(
        binding.restype,
        binding.name,
        binding.resource_pattern_type,
        binding.principal,
        binding.host,
        binding.operation,
        binding.permission_type,
    )
    admin = AdminClient({**librdkafka(secured.settings(ADMIN))})
    (done,) = admin.delete_acls([chosen]).values()
    assert len(await asyncio.to_thread(done.result, 20)) == 1


@pytest.mark.parametrize(
    ("operation", "kind", "name"),
    [("Write", "topic", EVENTS.name), ("Read", "topic", ARTICLES.name), ("Read", "group", "tallywire.extract")],
)
async def test_an_acl_that_is_taken_away_while_it_runs_is_named(
    secured: Secured, tmp_path: Path, operation: str, kind: str, name: str
) -> None:
    prefix = f"taken-{operation.lower()}-{kind}-"
    give_acls(secured, prefix)
    extract = service(secured, tmp_path, prefix=prefix)
    extract.start()
    try:
        await extract.ready()
        await take_away(secured, Rule("User:tallywire-extract", operation, kind, prefix + name))
        async with Publisher(secured.settings(ADMIN, prefix=prefix), "test") as publisher:
            await publisher.send_all(sendings(articles(20)))
        await until(lambda: extract.exit_code is not None, patience=ENDS_WITHIN)
    finally:
        if extract.exit_code is None:
            print(extract.tail(60))
            extract.kill()
    (line,) = [line for line in extract.log().splitlines() if '"service.stopped"' in line] or [extract.tail(60)]
    assert f"the user tallywire-extract may not {operation} {kind} {prefix}{name}" in line
    assert extract.exit_code == MISUSED, extract.tail(60)


@pytest.mark.parametrize("name", ["extract", "collect"])
async def test_a_user_that_is_taken_away_while_it_runs_is_named_and_the_process_ends_to_be_started_again(
    secured: Secured, tmp_path: Path, name: str
) -> None:
    prefix, user = f"revoked-{name}-", f"revoked-{name}"
    (tmp_path / "password").write_text(f"{PLANTED}-{user}")
    admin = AdminClient({**librdkafka(secured.settings(ADMIN))})
    scram = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096)
    (made,) = admin.alter_user_scram_credentials([UserScramCredentialUpsertion(user, scram, f"{PLANTED}-{user}".encode())]).values()
    await asyncio.to_thread(made.result, 20)
    told = tallywire(secured, ADMIN, prefix, "topics", "create", "--acls", "--partitions", "4", "--user", f"{name}=User:{user}")
    assert told.returncode == 0, told.stderr
    its = {"TALLYWIRE_SASL_USER": user, "TALLYWIRE_SASL_PASSWORD_FILE": str(tmp_path / "password")}
    settings = Settings(state_dir=tmp_path / "state", prefix=prefix, session_timeout=6.0)
    running = Service(name, settings, tmp_path, extra={**secured.environment(name, "BRIEF"), **its})
    running.start()
    try:
        await running.ready()
        (gone,) = admin.alter_user_scram_credentials([UserScramCredentialDeletion(user, ScramMechanism.SCRAM_SHA_512)]).values()
        await asyncio.to_thread(gone.result, 20)
        if name == "collect":
            await until(lambda: posted(running) == 503 or running.exit_code is not None, patience=ENDS_WITHIN)
        await until(lambda: running.exit_code is not None, patience=ENDS_WITHIN)
    finally:
        if running.exit_code is None:
            print(running.tail(60))
            running.kill()
    (line,) = [line for line in running.log().splitlines() if '"service.refused"' in line] or [running.tail(60)]
    assert f"refuses the user {user}" in line
    assert running.exit_code == FAILED
    assert PLANTED not in running.log()
    running.start()
    await until(lambda: running.exit_code is not None, patience=ENDS_WITHIN)
    assert running.exit_code == MISUSED, "who was not let in at the start is not tried again"


def posted(collect: Service) -> int:
    """How the intake answers to an article."""
    request = urllib.request.Request(intake_of(collect), orjson.dumps(ARTICLE), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


async def test_a_topic_that_takes_no_record_of_ours_ends_a_service_in_a_line_that_says_so(kafka: Kafka, tmp_path: Path) -> None:
    settings = await prepared(Brokers("kafka", kafka.bootstrap), tmp_path)
    small = ConfigEntry("max.message.bytes", "120", incremental_operation=AlterConfigOpType.SET)
    topic = ConfigResource(ResourceType.TOPIC, settings.topic(EVENTS.name), incremental_configs=[small])
    admin = AdminClient({**librdkafka(settings)})
    (changed,) = admin.incremental_alter_configs([topic]).values()
    await asyncio.to_thread(changed.result, 20)
    running = Service("extract", settings, tmp_path)
    running.start()
    try:
        await running.ready()
        async with Publisher(settings, "test") as publisher:
            await publisher.send_all(sendings(articles(4)))
        await until(lambda: running.exit_code is not None, patience=ENDS_WITHIN)
    finally:
        if running.exit_code is None:
            running.kill()
    (line,) = [line for line in running.log().splitlines() if '"service.stopped"' in line]
    assert "the brokers refuse what extract sends: MessageSizeTooLarge" in line
    assert running.exit_code == MISUSED


async def test_acls_are_made_once_and_what_is_missing_or_beyond_is_told(secured: Secured) -> None:
    settings = secured.settings(ADMIN, prefix="drift-")
    users = {role: f"User:drift-{role}" for role in ROLES}
    created, there = await create_acls(settings, users)
    assert created
    assert not there
    assert await create_acls(settings, users) == ([], created)
    assert await check_acls(settings, users) == []
    admin = AdminClient({**librdkafka(settings)})
    more = Rule("User:drift-extract", "Write", "topic", f"drift-{ARTICLES.name}")
    (made,) = admin.create_acls([_binding(more)]).values()
    await asyncio.to_thread(made.result, 20)
    await take_away(secured, created[0])
    assert [str(each) for each in await check_acls(settings, users)] == [f"missing: {created[0]}", f"not needed: {more}"]


def test_the_commands_make_and_check_acls_for_the_users_that_are_named(secured: Secured) -> None:
    users = ("--user-prefix", "cli-", "--user", "extract=User:CN=extract,O=Example")
    made = tallywire(secured, ADMIN, "cli.", "topics", "create", "--acls", "--partitions", "2", *users)
    assert "User:CN=extract,O=Example may Read topic cli.tallywire.articles.v1: created" in made.stdout
    assert "User:cli-measure may Read topic cli.tallywire.events.v1: created" in made.stdout
    assert tallywire(secured, ADMIN, "cli.", "topics", "check", "--acls", "--partitions", "2", *users).returncode == 0
    other = tallywire(secured, ADMIN, "cli.", "topics", "check", "--acls", "--partitions", "2", "--user-prefix", "nobody-")
    assert other.returncode == 1
    assert "missing: User:nobody-extract may Read topic cli.tallywire.articles.v1" in other.stdout


def test_who_may_not_manage_acls_is_told(secured: Secured) -> None:
    done = tallywire(secured, "desk", "theirs-", "topics", "check", "--acls")
    assert done.returncode == 1
    assert "may not manage ACLs" in done.stderr


def test_a_cluster_without_an_authorizer_is_told(kafka: Kafka) -> None:
    """Where everybody may do everything, ACLs would only look like protection."""
    runner = CliRunner(env={"TALLYWIRE_BROKERS": kafka.bootstrap, "TALLYWIRE_PREFIX": "open-"})
    done = runner.invoke(main, ["topics", "create", "--acls", "--partitions", "1"])
    assert done.exit_code == 1
    assert "no authorizer" in done.output
