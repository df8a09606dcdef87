"""Real Apache Kafka for tests: fetched from Maven Central once, started on loopback, stopped by pid; no Docker.

`TALLYWIRE_TEST_BROKERS` names a cluster that is there already, and nothing is started then.
"""

from __future__ import annotations

import base64
import ctypes
import fcntl
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

BROKERS = "TALLYWIRE_TEST_BROKERS"
"""Environment variable with the bootstrap servers of a cluster to use instead."""

POM = Path(__file__).with_name("kafka") / "pom.xml"
CACHE = Path(__file__).parents[2] / ".cache" / "kafka"
VERSION = "4.4.0"
"""As in the pom; names the folder of the cache, so that a new version is fetched anew."""

COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
START_TIMEOUT = 90.0
"""Seconds; two are usual, on a busy machine with two cores twenty were seen."""

STOP_TIMEOUT = 20.0
"""Seconds after SIGTERM until SIGKILL."""

_PR_SET_PDEATHSIG = 1


def missing() -> str | None:
    """Why no Kafka can be started here, in words that say what to install; None where it can."""
    if os.environ.get(BROKERS):
        return None
    absent = [name for name in ("java", "mvn") if shutil.which(name) is None]
    if not absent or (absent == ["mvn"] and _cached()):
        return None
    return f"real Apache Kafka needs {' and '.join(absent)}: install openjdk-17-jre-headless and maven, or name a cluster in {BROKERS}"


def _cached() -> bool:
    return (CACHE / VERSION / ".complete").exists()


def jars() -> Path:
    """The folder with Kafka's jars, filled from Maven Central when it is not."""
    folder = CACHE / VERSION
    folder.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests run in several processes: one fetches, the others wait for it
        _fetch(folder)
    return folder


def _fetch(folder: Path) -> None:
    if not _cached():
        command = ["mvn", "-q", "-B", "-f", str(POM), COPY, "-DincludeScope=runtime", f"-DoutputDirectory={folder}"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
        if done.returncode:
            raise RuntimeError(f"Kafka could not be fetched from Maven Central:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        (folder / ".complete").touch()


LISTENING = range(
    10_000 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]), 32_000, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
)
"""Ports to listen on: below those that systems give to outgoing connections, of which a busy test run makes hundreds a second; each of
several test processes has its own."""


_given: set[int] = set()


def free_ports(count: int) -> list[int]:
    """Ports of loopback that nobody listened on a moment ago, none given before: who asked first may not listen yet."""
    found: list[int] = []
    while len(found) < count:
        with bound() as drawn:
            port = drawn.getsockname()[1]
        if port not in _given:
            _given.add(port)
            found.append(port)
    return found


def bound() -> socket.socket:
    """A socket of loopback on a free port that is this process's as long as it is open; nobody listens yet."""
    while True:
        made = socket.socket()
        try:
            made.bind(("127.0.0.1", random.choice(LISTENING)))
        except OSError:
            made.close()  # the port is in use: another is drawn
        else:
            return made


def _die_with_parent() -> None:
    """So that a test run killed with SIGKILL leaves no broker behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


@dataclass
class Node:
    """One broker: a JVM in a process group of its own, on a folder that outlives a kill."""

    number: int
    port: int
    folder: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the JVM; a node that was killed goes on from its folder."""
        memory = "-Xmx512m" if self.number == 1 else "-Xmx256m"
        command = ["java", memory, "-XX:TieredStopAtLevel=1", "-cp", f"{jars()}/*", "kafka.Kafka", str(self.folder / "server.properties")]
        with (self.folder / "broker.log").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509  # it calls nothing that takes a lock
                cwd=self.folder,
            )

    def kill(self) -> None:
        """SIGKILL: what a power cut leaves."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def stop(self) -> None:
        """SIGTERM, then SIGKILL."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            self.kill()
        self.process = None

    def whole(self) -> bool:
        """Whether it answers, and no replica of any partition is behind."""
        client = AdminClient({"bootstrap.servers": f"127.0.0.1:{self.port}", "log_level": 0})
        try:
            topics = client.list_topics(timeout=10).topics.values()
        except KafkaException:
            return False
        return all(len(partition.isrs) == len(partition.replicas) for topic in topics for partition in topic.partitions.values())

    def tail(self) -> str:
        """The end of what it said."""
        log = self.folder / "broker.log"
        return log.read_text(errors="replace")[-2_000:] if log.exists() else "(nothing)"


@dataclass
class Kafka:
    """A running cluster."""

    bootstrap: str
    """`host:port` of its brokers, with commas between."""
    nodes: list[Node] = field(default_factory=list)
    """Its brokers; empty where the cluster is not ours, and cannot be killed."""

    def wait_until_ready(self) -> None:
        """Return when every node of ours is in the cluster.

        Raises:
            RuntimeError: not within START_TIMEOUT; with the end of the brokers' log.

        """
        deadline = time.monotonic() + START_TIMEOUT
        client = AdminClient({"bootstrap.servers": self.bootstrap, "log_level": 0})
        while time.monotonic() < deadline:
            dead = next((node for node in self.nodes if node.process is not None and node.process.poll() is not None), None)
            if dead is not None:
                raise RuntimeError(f"Kafka's node {dead.number} has ended:\n{dead.tail()}")
            try:
                if len(client.list_topics(timeout=1).brokers) >= max(1, len(self.nodes)):
                    return
            except KafkaException:
                pass  # not up yet: asked again until the deadline
            time.sleep(0.1)
        raise RuntimeError("Kafka did not start:\n" + "\n".join(node.tail() for node in self.nodes))

    def wait_until_whole(self) -> None:
        """Return when every node answers by itself and holds all of every partition: another may die then.

        Raises:
            RuntimeError: not within START_TIMEOUT.

        """
        deadline = time.monotonic() + START_TIMEOUT
        for node in self.nodes:
            while not node.whole():
                if time.monotonic() > deadline:
                    raise RuntimeError(f"Kafka's node {node.number} has not caught up:\n{node.tail()}")
                time.sleep(0.2)

    def clear(self) -> None:
        """Delete all topics: each of their partitions has its share of a broker's small heap."""
        client = AdminClient({"bootstrap.servers": self.bootstrap, "log_level": 0})
        topics = [topic for topic in client.list_topics(timeout=10).topics if not topic.startswith("__")]
        for done in client.delete_topics(topics, operation_timeout=10).values() if topics else ():
            done.result()

    def leader(self, topic: str, partition: int) -> Node:
        """The node of ours that leads a partition now."""
        described = AdminClient({"bootstrap.servers": self.bootstrap, "log_level": 0}).list_topics(topic, timeout=10)
        leads = described.topics[topic].partitions[partition].leader
        return next(node for node in self.nodes if node.number == leads)


Further = Callable[[int, Path], Mapping[str, str]]
"""Further settings of a node, from its number and folder; what it says of listeners is added to ours, the rest replaces."""

ADDED = ("listeners", "advertised.listeners", "listener.security.protocol.map")


def _properties(number: int, ports: list[tuple[int, int]], folder: Path, further: Mapping[str, str]) -> str:
    nodes = len(ports)
    broker, controller = ports[number - 1]
    settings = {
        "process.roles": "broker,controller",
        "node.id": number,
        "controller.quorum.voters": ",".join(f"{i}@127.0.0.1:{port}" for i, (_, port) in enumerate(ports, 1)),
        "listeners": f"PLAINTEXT://127.0.0.1:{broker},CONTROLLER://127.0.0.1:{controller}",
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{broker}",
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "PLAINTEXT",
        "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
        "log.dirs": folder / "data",
        "auto.create.topics.enable": "false",
        "default.replication.factor": nodes,
        "min.insync.replicas": max(1, nodes - 1),
        "offsets.topic.replication.factor": nodes,
        "offsets.topic.num.partitions": 4,
        "transaction.state.log.replication.factor": nodes,
        "transaction.state.log.min.isr": max(1, nodes - 1),
        "group.initial.rebalance.delay.ms": 0,
    }
    settings |= {name: f"{settings[name]},{value}" if name in ADDED else value for name, value in further.items()}
    return "".join(f"{name}={value}\n" for name, value in settings.items())


def _format(node: Node, cluster: str, scram: Mapping[str, str]) -> None:
    command = [
        "java",
        "-cp",
        f"{jars()}/*",
        "kafka.tools.StorageTool",
        "format",
        f"--cluster-id={cluster}",  # one word: an id may begin with a hyphen
        "-c",
        str(node.folder / "server.properties"),
        *(word for user, password in scram.items() for word in ("--add-scram", f"SCRAM-SHA-512=[name={user},password={password}]")),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=START_TIMEOUT, check=False)
    if done.returncode:
        raise RuntimeError(f"Kafka's storage could not be formatted:\n{done.stdout}{done.stderr}")


@contextmanager
def running(nodes: int = 1, further: Further | None = None, scram: Mapping[str, str] | None = None) -> Iterator[Kafka]:
    """A cluster of so many nodes on loopback until the block ends, with `further` settings and users by `scram` (name -> password).

    Where neither is asked for, the cluster that the environment names is taken, if it names one.
    """
    if (given := os.environ.get(BROKERS)) and further is None and scram is None:
        named = Kafka(given)
        named.wait_until_ready()
        yield named
        return
    free = free_ports(2 * nodes)
    ports = list(zip(free[::2], free[1::2], strict=True))
    identity = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
    with tempfile.TemporaryDirectory(prefix="tallywire-kafka-", ignore_cleanup_errors=True) as folder:
        cluster = Kafka(",".join(f"127.0.0.1:{port}" for port, _ in ports))
        for number, (port, _) in enumerate(ports, 1):
            home = Path(folder) / str(number)
            home.mkdir()
            (home / "server.properties").write_text(_properties(number, ports, home, further(number, home) if further else {}))
            cluster.nodes.append(Node(number, port, home))
            _format(cluster.nodes[-1], identity, scram or {})
        try:
            for node in cluster.nodes:
                node.start()
            cluster.wait_until_ready()
            yield cluster
        finally:
            for node in cluster.nodes:
                node.kill()  # the folder goes with it: nothing to finish
