"""The endpoint file: whom to tell, what, and how; secrets come from files of their own or the environment, never from its text."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, SecretBytes, SecretStr, ValidationError, field_validator, model_validator

from schemas import Alert, Severity
from schemas.rule import Duration

from .body import TYPES, TYPES_BY_DEFAULT, type_of
from .signing import read_secret

MAX_ENDPOINTS: Final = 1_000
MAX_FILE: Final = 1024 * 1024
"""Bytes of the endpoint file."""

MAX_SECRETS: Final = 2
"""Secrets in force at once: the new one and the one it replaces."""


class EndpointsError(Exception):
    """The endpoint file cannot be used; the text names file, line and what to do, and repeats no secret."""


class Endpoint(BaseModel):
    """One receiver."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, use_attribute_docstrings=True)

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=80)]
    """Stable: what is under way is known by it."""
    url: SecretStr
    """Where to post; many receivers take whoever knows it at his word, so it is a secret."""
    keys: Annotated[tuple[SecretBytes, ...], Field(min_length=1, max_length=MAX_SECRETS)]
    """By which it is signed, the newest first."""
    severities: frozenset[Severity] = frozenset(Severity)
    """Which alerts it wants."""
    types: frozenset[str] = frozenset(TYPES_BY_DEFAULT)
    """Which changes of them (`alert.fired`)."""
    max_age: Duration | None = None
    """Alerts of events older than this, by the wall clock, are not sent: a backfill wakes nobody."""
    allow_http: bool = False
    """Whether plain http will do: for receivers on the same machine or network."""
    allow_networks: Annotated[tuple[IPv4Network | IPv6Network, ...], Field(max_length=50)] = ()
    """Inside networks in which it may be reached."""
    concurrency: Annotated[int, Field(ge=1, le=50)] = 4
    """Most attempts at a time."""
    timeout: Annotated[float, Field(gt=0, le=30)] = 15.0
    """Seconds for one attempt."""

    @field_validator("types")
    @classmethod
    def _known_types(cls, types: frozenset[str]) -> frozenset[str]:
        if not types <= frozenset(TYPES):
            raise ValueError(f"every type must be one of: {', '.join(TYPES)}")
        return types

    @field_validator("max_age")
    @classmethod
    def _some_age(cls, age: timedelta | None) -> timedelta | None:
        if age is not None and age <= timedelta(0):
            raise ValueError("an age is longer than nothing; leave max_age out where any age will do")
        return age

    def wants(self, alert: Alert) -> bool:
        """Whether this change of an alert is for it."""
        return alert.severity in self.severities and type_of(alert) in self.types


class _Entry(BaseModel):
    """An endpoint as it stands in the file, its secrets not yet fetched."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="allow", hide_input_in_errors=True)

    url: str | None = None
    url_file: Path | None = None
    url_env: str | None = None
    secret_file: Path | None = None
    secret_env: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _no_inline_secret(cls, entry: Any) -> Any:
        if isinstance(entry, dict) and {"secret", "keys"} & entry.keys():
            raise ValueError("a secret does not belong in this file; name a file (secret_file) or a variable (secret_env) that holds it")
        return entry

    @model_validator(mode="after")
    def _one_way_each(self) -> _Entry:
        if sum(each is not None for each in (self.url, self.url_file, self.url_env)) != 1:
            raise ValueError("exactly one of url, url_file and url_env must say where to post")
        if sum(each is not None for each in (self.secret_file, self.secret_env)) != 1:
            raise ValueError("exactly one of secret_file and secret_env must say where the secret is")
        return self

    def fetch(self, folder: Path, environ: Mapping[str, str]) -> dict[str, Any]:
        """The fields of an Endpoint, with the secrets read."""
        secrets = _fetch("secret", self.secret_file, self.secret_env, folder, environ)
        url = self.url if self.url is not None else _fetch("url", self.url_file, self.url_env, folder, environ)[0]
        return {**(self.model_extra or {}), "url": url, "keys": tuple(read_secret(secret) for secret in secrets)}


def _fetch(what: str, file: Path | None, variable: str | None, folder: Path, environ: Mapping[str, str]) -> list[str]:
    """The lines of a file, relative to the endpoint file's folder, or a variable's words."""
    if file is not None:
        try:
            text = (folder / file).read_text()
        except (OSError, UnicodeDecodeError):
            raise ValueError(f"{what}_file {file} cannot be read") from None
        origin = f"{what}_file {file}"
    else:
        text = environ.get(variable or "", "")
        origin = f"{what}_env {variable}"
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        raise ValueError(f"{origin} is empty")
    return lines


class _File(BaseModel):
    """The file as a whole."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", hide_input_in_errors=True)

    version: Literal[1] = 1
    endpoints: Annotated[list[dict[str, Any]], Field(max_length=MAX_ENDPOINTS)]


UrlCheck = Callable[[str, bool], str | None]
"""A URL, and whether plain http will do -> why it may not be called, without the URL in the words; None where it may."""


def load_endpoints(file: Path, objection_to: UrlCheck, environ: Mapping[str, str] = os.environ) -> dict[str, Endpoint]:
    """Read the endpoint file: id -> endpoint, all or nothing.

    Raises:
        EndpointsError: it cannot be read, or something in it is wrong.

    """
    node, given = _parse(file)
    try:
        entries = _File.model_validate(given).endpoints
    except ValidationError as error:
        raise _explained(file, node, (), error) from None
    endpoints: dict[str, Endpoint] = {}
    for number, entry in enumerate(entries):
        at = ("endpoints", number)
        try:
            endpoint = Endpoint.model_validate(_Entry.model_validate(entry).fetch(file.parent, environ))
        except ValidationError as error:
            raise _explained(file, node, at, error) from None
        except ValueError as error:
            raise EndpointsError(f"{file}:{_line(node, at)}: {error}") from None
        if endpoint.id in endpoints:
            raise EndpointsError(f"{file}:{_line(node, (*at, 'id'))}: there are two endpoints with the id {endpoint.id}")
        objection = objection_to(endpoint.url.get_secret_value(), endpoint.allow_http)
        if objection is not None:
            raise EndpointsError(f"{file}:{_line(node, (*at, 'url'))}: the URL of {endpoint.id} {objection}")
        endpoints[endpoint.id] = endpoint
    return endpoints


def _parse(file: Path) -> tuple[yaml.Node | None, Any]:
    """The file's nodes, which know their lines, and what they say."""
    try:
        text = file.read_bytes()
        if len(text) > MAX_FILE:
            raise EndpointsError(f"{file} is larger than {MAX_FILE} bytes")
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        return node, loader.construct_document(node) if node is not None else None
    except OSError as error:
        raise EndpointsError(f"{file} cannot be read: {error.strerror}") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise EndpointsError(f"{file}:{line}: is not YAML: {error.problem}") from None
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError):
        raise EndpointsError(f"{file} is not YAML") from None


def _explained(file: Path, node: yaml.Node | None, at: tuple[str | int, ...], error: ValidationError) -> EndpointsError:
    """The first thing that is wrong, where it stands; never what stands there."""
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    where = (*at, *first["loc"])
    field = ".".join(str(part) for part in first["loc"])
    words = first["msg"].removeprefix("Value error, ")
    return EndpointsError(f"{file}:{_line(node, where)}: {f'{field}: ' if field else ''}{words}")


def _line(node: yaml.Node | None, path: tuple[str | int, ...]) -> int:
    """The line of what stands at a path, or of the last part of it that is there."""
    line = 1 if node is None else node.start_mark.line + 1
    for part in path:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == part), None)
            if found is None:
                return line
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            return line
    return line
