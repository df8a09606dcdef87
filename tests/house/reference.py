"""The reference pages that are written from the code: topics, messages, metrics, settings, commands. `make schemas` writes them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import EnumType
from pathlib import Path

from prometheus_client.metrics import MetricWrapperBase
from pydantic.fields import FieldInfo

import schemas
from schemas import TOPICS
from schemas.generate import file_name, messages
from schemas.message import Term
from schemas.topics import DAY, Topic
from services.cli.main import COMMANDS
from services.runtime import metrics
from services.runtime.access import ROLES
from services.runtime.settings import Settings

FOLDER = Path(__file__).parents[2] / "docs" / "reference"
NOTE = "<!-- Written from the code by `make schemas`; a test fails when it is not what the code says. -->"


def pages() -> dict[Path, str]:
    """Each page and what stands in it."""
    made = {
        "topics": _topics(),
        "messages": _messages(),
        "metrics": _metrics(),
        "settings": _settings(),
        "commands": _commands(),
        "access": _access(),
    }
    return {FOLDER / f"{name}.md": text for name, text in made.items()}


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("\n", " ").replace("|", "\\|") for cell in line) + " |" for line in lines)


def _page(title: str, opening: str, *parts: str) -> str:
    return "\n\n".join((f"# {title}", NOTE, opening, *parts)) + "\n"


def _topics() -> str:
    rows = [
        (
            f"`{topic.name}`",
            ", ".join(message.__name__ for message in topic.messages),
            f"`{topic.key}`",
            str(topic.partitions),
            _kept(topic),
            topic.summary,
        )
        for topic in TOPICS
    ]
    return _page(
        "Topics",
        "Keys are UTF-8 text. A record's partition is murmur2 of its key up to the first `|`, as Kafka's own clients count it; in "
        "each part of a key `%` and `|` are written `%25` and `%7C`. An installation may put a prefix before every name. "
        "`tallywire topics create` makes them, `tallywire topics check` compares.",
        _table(("topic", "messages", "key", "partitions", "kept", "what it says"), rows),
        "`observations` is internal: its form may change without notice. The form of every other topic is a promise: fields are added, "
        "never removed or changed, until a `.v2` stands beside the `.v1`.",
    )


def _kept(topic: Topic) -> str:
    length = "for ever" if topic.retention is None else f"{topic.retention // DAY} days"
    return {"delete": length, "compact": "newest of each key", "compact,delete": f"newest of each key, {length}"}[topic.cleanup]


def _access() -> str:
    rows = [
        (
            f"`{role}`",
            access.who,
            _short(access.reads),
            _short(access.writes),
            ", ".join([f"`{Settings().group(group)}`" for group in access.groups] + [f"`{each}…`" for each in [access.own_groups] if each]),
        )
        for role, access in ROLES.items()
    ]
    return _page(
        "Access",
        "Each role is a user of its own, and may do this and no more. `tallywire topics create --acls` makes the ACLs, "
        "`tallywire topics check --acls` says what is missing or beyond it ([how to](../how-to/secure-kafka.md)). Names of topics are "
        "short here: `articles` is `tallywire.articles.v1`, behind the prefix of the installation, if it has one; so are names of groups. "
        "Subscribers choose names of groups that begin with `subscriber.`.",
        _table(("role", "who", "reads topics", "writes topics", "joins groups"), rows),
        "Read and Write bring Describe with them. Nothing else is needed: on Kafka 3.0 and newer whoever may write to a topic may do so "
        "idempotently. Who makes topics and ACLs is one of the cluster's `super.users`, and none of these.",
    )


def _short(topics: Sequence[Topic]) -> str:
    return "all" if tuple(topics) == TOPICS else ", ".join(f"`{topic.name.split('.')[1]}`" for topic in topics)


def _messages() -> str:
    rows = [
        (f"`{name}`", (message.__doc__ or "").split("\n", 1)[0], f"[schema](../../schemas/json/{file_name(name)})")
        for name, message in messages().items()
    ]
    lists = [each for each in vars(schemas).values() if isinstance(each, EnumType) and issubclass(each, Term) and each is not Term]
    words = [(f"`{each.__name__}`", (each.__doc__ or "").split("\n", 1)[0], " ".join(f"`{word}`" for word in each)) for each in lists]
    return _page(
        "Messages",
        "Records are JSON in UTF-8, times in UTC (ISO 8601, `Z`), lengths of time as `90s`, `30m`, `6h`, `7d`, `2w`. The whole contract "
        "is also an [AsyncAPI document](../../schemas/asyncapi.json). Ignore fields that you do not know, and carry words of lists that you do not know.",
        _table(("message", "what it is", "fields"), rows),
        "## Lists of words",
        _table(("list", "what it says", "words"), words),
    )


def _metrics() -> str:
    declared = [each for each in vars(metrics).values() if isinstance(each, MetricWrapperBase)]
    rows = [
        (f"`{exposed(each)}`", str(each._type), ", ".join(f"`{label}`" for label in each._labelnames), each._documentation)
        for each in declared
    ]
    return _page(
        "Metrics",
        "Each service serves them at `/metrics` on its own port ([settings](settings.md)). Labels are closed sets: no name out of an article is one.",
        _table(("metric", "type", "labels", "meaning"), rows),
    )


def exposed(metric: MetricWrapperBase) -> str:
    """The name under which Prometheus knows a metric."""
    return f"{metric._name}_total" if metric._type == "counter" else metric._name


def _settings() -> str:
    rows = [
        (f"`TALLYWIRE_{name.upper()}`", _default(field), (field.description or "").replace("\n", " "))
        for name, field in Settings.model_fields.items()
    ]
    return _page("Settings", "Every setting is an environment variable.", _table(("variable", "unless set", "meaning"), rows))


def _default(field: FieldInfo) -> str:
    return "" if field.default in (None, "") else f"`{field.default}`"


def _commands() -> str:
    rows = [(f"`tallywire {name}`", what) for name, what in COMMANDS.items()]
    return _page("Commands", "`tallywire COMMAND --help` says more of each.", _table(("command", "what it is for"), rows))


def main() -> None:
    """Write the pages."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path, text in pages().items():
        path.write_text(text)


if __name__ == "__main__":
    main()
