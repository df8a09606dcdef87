"""ACLs made and compared on a broker: what stands in access.py is there, and nothing beyond it for the same users."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._acl import AclBinding, AclBindingFilter, AclOperation, AclPermissionType
from confluent_kafka.admin._resource import ResourcePatternType, ResourceType

from .access import Deviation, Rule, compare, rules
from .security import librdkafka, refusal
from .settings import Settings

REQUEST_TIMEOUT = 15.0
"""Seconds: some seventy ACLs take less than one."""


NOT_OURS = "this user may not manage ACLs: be one of the cluster's super.users"


class AclsRefused(Exception):
    """The broker does not answer, has no authorizer, or does not let us; the text says what to do."""


async def create_acls(settings: Settings, principals: Mapping[str, str]) -> tuple[list[Rule], list[Rule]]:
    """Make what is missing; what was made, and what was there.

    Raises:
        AclsRefused: the broker does not answer or refuses.

    """
    admin = _admin(settings)
    wanted = rules(settings, principals)
    there = set(await _standing(settings, admin))
    missing = [rule for rule in wanted if rule not in there]
    if missing:
        await _asked(settings, admin.create_acls([_binding(rule) for rule in missing], request_timeout=REQUEST_TIMEOUT).values())
        await _await_all(settings, admin, wanted)
    return missing, [rule for rule in wanted if rule in there]


async def _await_all(settings: Settings, admin: AdminClient, wanted: Sequence[Rule]) -> None:
    """Return when a broker acts by them: the controller makes them, and brokers learn of it a moment later."""
    deadline = asyncio.get_running_loop().time() + REQUEST_TIMEOUT
    while not set(wanted) <= set(await _standing(settings, admin)):
        if asyncio.get_running_loop().time() > deadline:
            raise AclsRefused(f"the ACLs were made, but {settings.brokers} does not have all of them after {REQUEST_TIMEOUT:.0f} s")
        await asyncio.sleep(0.1)


async def check_acls(settings: Settings, principals: Mapping[str, str]) -> list[Deviation]:
    """What these users lack, and what they have beyond what they need; a user belongs to one installation.

    Raises:
        AclsRefused: the broker does not answer or refuses.

    """
    return compare(rules(settings, principals), await _standing(settings, _admin(settings)))


def _admin(settings: Settings) -> AdminClient:
    return AdminClient({**librdkafka(settings)})


def _binding(rule: Rule) -> AclBinding:
    return AclBinding(
        ResourceType[rule.kind.upper()],
        rule.name,
        ResourcePatternType.PREFIXED if rule.prefixed else ResourcePatternType.LITERAL,
        rule.principal,
        rule.host,
        AclOperation[rule.operation.upper()],
        AclPermissionType.ALLOW if rule.allowed else AclPermissionType.DENY,
    )


def _rule(binding: Any) -> Rule:
    kind = "cluster" if binding.restype is ResourceType.BROKER else binding.restype.name.lower()
    return Rule(
        binding.principal,
        "".join(part.capitalize() for part in binding.operation.name.split("_")),
        kind,
        binding.name,
        binding.resource_pattern_type is ResourcePatternType.PREFIXED,
        binding.host,
        binding.permission_type is AclPermissionType.ALLOW,
    )


async def _standing(settings: Settings, admin: AdminClient) -> list[Rule]:
    """Every ACL of the cluster."""
    (cluster,) = await _asked(settings, [admin.describe_cluster(include_authorized_operations=True, request_timeout=REQUEST_TIMEOUT)])
    if AclOperation.DESCRIBE not in (cluster.authorized_operations or ()):
        raise AclsRefused(NOT_OURS)  # the client would say that there is none (confluent-kafka 2.16)
    anything: Any = None
    every = AclBindingFilter(
        ResourceType.ANY, anything, ResourcePatternType.ANY, anything, anything, AclOperation.ANY, AclPermissionType.ANY
    )
    (found,) = await _asked(settings, [admin.describe_acls(every, request_timeout=REQUEST_TIMEOUT)])
    return [_rule(binding) for binding in found]


async def _asked(settings: Settings, futures: Iterable[Any]) -> list[Any]:
    try:
        return [await asyncio.to_thread(future.result, REQUEST_TIMEOUT + 1) for future in futures]
    except (KafkaException, TimeoutError) as error:
        why = await refusal(settings)
        raise AclsRefused(_refused(settings, error) if why is None else why.reason) from error


def _refused(settings: Settings, error: Exception) -> str:
    code = error.args[0].name() if isinstance(error, KafkaException) else "TIMED_OUT"
    if code == "SECURITY_DISABLED":
        return "the cluster has no authorizer, so that everybody may do everything: set authorizer.class.name on its brokers"
    if code == "CLUSTER_AUTHORIZATION_FAILED":
        return NOT_OURS
    return f"no answer from Kafka at {settings.brokers} ({code}): start it, or set TALLYWIRE_BROKERS to where it is"
