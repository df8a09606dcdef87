"""Rules as analysts write them, YAML files or a folder of them, into rules of the contract; errors say where, what, and what instead."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from schemas import Rule

from .line_form import LineForm
from .rules_form import RuleForm, RulesForm

MAX_BYTES = 1024 * 1024
"""Largest file: ten times what a thousand rules of usual length take."""

MAX_DEPTH = 20
"""Deepest nesting: the form has five levels, and the parser recurses."""

MAX_FAULTS = 50
"""Faults told of one file: whoever has more has another problem."""

MAX_SHOWN = 60
"""Most characters of a wrong value that a fault repeats."""

SUFFIXES = (".yaml", ".yml")

Location = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong."""

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}"


class RulesRefused(Exception):
    """The rules cannot be used; `faults` says each thing that is wrong, where, and what would be right."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


def read(path: Path) -> tuple[Rule, ...]:
    """The rules of a file, or of all files of a folder, ordered by id.

    Raises:
        RulesRefused: they cannot be used.
        OSError: a file cannot be read.

    """
    files = sorted(each for each in path.rglob("*") if each.suffix in SUFFIXES and each.is_file()) if path.is_dir() else [path]
    if not files:
        raise RulesRefused([Fault(str(path), 1, f"no rules here: a folder of rules holds files that end with {' or '.join(SUFFIXES)}")])
    faults: list[Fault] = []
    found: dict[str, tuple[Rule, str, int]] = {}
    for file in files:
        try:
            parsed = parse(_text(file), str(file))
        except RulesRefused as refused:
            faults += refused.faults
            continue
        for rule, line in parsed:
            if rule.id in found:
                _, other, at = found[rule.id]
                faults.append(Fault(str(file), line, f"rule {rule.id} stands already at {other}:{at}; each needs an id of its own"))
            else:
                found[rule.id] = (rule, str(file), line)
    if faults:
        raise RulesRefused(faults)
    return tuple(found[name][0] for name in sorted(found))


def parse(text: str, name: str) -> list[tuple[Rule, int]]:
    """The rules of one file's text, each with its line, in the order of the file.

    Raises:
        RulesRefused: they cannot be used.

    """
    document = _Document.read(text, name)
    try:
        form = RulesForm.model_validate(document.data)
    except ValidationError as error:
        raise RulesRefused(list(_faults(error, document))[:MAX_FAULTS]) from error
    rules: list[tuple[Rule, int]] = []
    faults: list[Fault] = []
    for index, each in enumerate(form.rules):
        try:
            rules.append((each.rule(), document.line(("rules", index))))
        except ValueError as error:
            faults.append(Fault(name, document.line(("rules", index, "line")), _reason(error)))
    if faults:
        raise RulesRefused(faults)
    return rules


def _text(file: Path) -> str:
    data = file.read_bytes()[: MAX_BYTES + 1]
    if len(data) > MAX_BYTES:
        raise RulesRefused([Fault(str(file), 1, f"larger than {MAX_BYTES:,} bytes; put the rules into several files of one folder")])
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise RulesRefused([Fault(str(file), line, "not UTF-8; save the file as UTF-8")]) from error


@dataclass(frozen=True, slots=True)
class _Document:
    """A file's content as data, with the line of each part of it."""

    name: str
    data: Any
    lines: Mapping[Location, int]

    @classmethod
    def read(cls, text: str, name: str) -> _Document:
        """Parse YAML: no aliases, no tags of programs, no key twice, nothing deep.

        Raises:
            RulesRefused: it is no such YAML.

        """
        try:
            _check_events(text, name)
            node = yaml.compose(text, yaml.SafeLoader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            problem = getattr(error, "problem", None) or "cannot be read"
            raise RulesRefused([Fault(name, mark.line + 1 if mark else 1, f"not YAML: {problem}")]) from error
        if node is None:
            raise RulesRefused([Fault(name, 1, "empty; a rules file begins with `version: 1` and `rules:`")])
        lines: dict[Location, int] = {}
        return cls(name, _plain(node, (), lines, name), lines)

    def line(self, location: Location) -> int:
        """The line of a part, or of the nearest part around it that the file has."""
        while location not in self.lines and location:
            location = location[:-1]
        return self.lines.get(location, 1)


def _check_events(text: str, name: str) -> None:
    depth = 0
    for event in yaml.parse(text, yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise RulesRefused([Fault(name, _line(event), "anchors and aliases are not for rules; write it out")])
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise RulesRefused([Fault(name, _line(event), f"nested more than {MAX_DEPTH} deep")])
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark is not None else 1


def _plain(node: Node, location: Location, lines: dict[Location, int], name: str) -> Any:
    lines[location] = node.start_mark.line + 1
    if isinstance(node, SequenceNode):
        return [_plain(child, (*location, index), lines, name) for index, child in enumerate(node.value)]
    if isinstance(node, MappingNode):
        return _plain_mapping(node, location, lines, name)
    return _scalar(node, name)


def _plain_mapping(node: MappingNode, location: Location, lines: dict[Location, int], name: str) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, ScalarNode):
            raise RulesRefused([Fault(name, line, "a key must be a word")])
        key = str(key_node.value)
        if key in data:
            raise RulesRefused([Fault(name, line, f"`{key}` stands here twice; keep one")])
        data[key] = _plain(value_node, (*location, key), lines, name)
        lines[(*location, key)] = line
    return data


def _scalar(node: Node, name: str) -> Any:
    """The value that YAML 1.1 gives a word, but for dates and the country of Norway: those stay words."""
    if node.tag in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:merge", "tag:yaml.org,2002:value"):
        return node.value
    if node.tag == "tag:yaml.org,2002:bool" and node.value.lower() not in ("true", "false"):
        return node.value
    try:
        return yaml.SafeLoader("").construct_object(node)
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise RulesRefused([Fault(name, node.start_mark.line + 1, f"cannot read `{node.value[:80]}`; put it in quotes")]) from error


def _faults(error: ValidationError, document: _Document) -> Iterator[Fault]:
    for problem in error.errors(include_url=False):
        location = tuple(part for part in problem["loc"] if part != "[key]")
        yield Fault(document.name, document.line(location), _what(problem, location))


def _what(problem: Mapping[str, Any], location: Location) -> str:
    kind = problem["type"]
    if not location:
        return "a rules file is `version: 1` and `rules:` with a list of rules"
    field = _field(location)
    if kind == "extra_forbidden":
        known = _known_fields(location)
        return f"unknown field `{field}`{_meant(field, known)}; known are: {', '.join(known)}"
    if kind == "missing":
        return f"`{field}` is missing"
    ours = _MESSAGES.get(kind)
    message = ours.format(**problem.get("ctx", {})) if ours else str(problem["msg"]).removeprefix("Value error, ")
    if kind == "rule":
        return message
    if kind == "term":
        return f"`{field}`: {message}{_meant(str(problem.get('input')), message.rpartition(': ')[2].split(', '))}"
    if kind == "string_pattern_mismatch":
        message = _PATTERNS.get(str(next(part for part in reversed(location) if isinstance(part, str))), message)
    given = problem.get("input")
    return f"`{field}`: {message}" + (f", not `{_shortened(given)}`" if isinstance(given, (str, int, float)) else "")


_MESSAGES = {
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number, or a share such as 10%",
    "string_type": "must be text; put it in quotes",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "dict_type": "must be fields with values",
    "model_type": "must be fields with values",
    "model_attributes_type": "must be fields with values",
    "tuple_type": "must be a list",
    "too_long": "must be no more than {max_length}",
    "string_too_long": "must be no longer than {max_length} characters",
    "string_too_short": "must not be empty",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "literal_error": "must be {expected}",
}
"""pydantic's kinds of error, in the words of a file."""

_PATTERNS = {
    "id": "must be lower-case letters, digits and hyphens",
    "actor": "must be an actor's id (lower-case letters, digits and hyphens, such as centcom)",
    "side": "must be an actor's id (lower-case letters, digits and hyphens, such as isis)",
    "places": "must be a country or province by its ISO code (SY, SY-DY)",
}
"""What a field wants, where a pattern says it to machines only."""


def _field(location: Location) -> str:
    """The name of a field as the file has it: `places[0]`, `below.warning`."""
    *_, last = location
    if isinstance(last, int):
        return f"{location[-2]}[{last}]" if len(location) > 1 else f"[{last}]"
    return str(last)


def _known_fields(location: Location) -> list[str]:
    model: type[BaseModel] = RulesForm if len(location) <= 1 else LineForm if "line" in location[:-1] else RuleForm
    return [field.alias or name for name, field in model.model_fields.items()]


def _meant(word: str, known: list[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1)
    return f" (did you mean `{close[0]}`?)" if close else ""


def _shortened(given: Any) -> str:
    text = str(given)
    return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 1]}…"


def _reason(error: ValueError) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(str(problem["msg"]).removeprefix("Value error, ") for problem in error.errors(include_url=False))
    return str(error)
