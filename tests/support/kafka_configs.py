"""Stands in for Kafka's own kafka-configs.sh, which is not among the broker's jars: gives a user the password in a file."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._scram import ScramCredentialInfo, ScramMechanism, UserScramCredentialUpsertion

ITERATIONS = 4_096
"""Kafka's own default, and its least."""


def main() -> None:
    """The options of the one use that the documents make of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--bootstrap-server", required=True)
    parser.add_argument("--command-config", type=Path, required=True)
    parser.add_argument("--alter", action="store_true", required=True)
    parser.add_argument("--entity-type", choices=["users"], required=True)
    parser.add_argument("--entity-name", required=True)
    parser.add_argument("--add-config-file", type=Path, required=True)
    given = parser.parse_args()
    found = re.fullmatch(r"SCRAM-SHA-512=\[password=(.+)\]\n?", given.add_config_file.read_text())
    assert found is not None
    properties = dict(line.split("=", 1) for line in given.command_config.read_text().splitlines())
    admin = AdminClient({**properties, "bootstrap.servers": given.bootstrap_server})
    wanted = UserScramCredentialUpsertion(
        given.entity_name, ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS), found[1].encode()
    )
    (done,) = admin.alter_user_scram_credentials([wanted]).values()
    done.result(20)
    sys.stdout.write(f"Completed updating config for user {given.entity_name}.\n")


if __name__ == "__main__":
    main()
