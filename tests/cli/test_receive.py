"""`tallywire receive` as a person starts it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner

from services.cli.receive import receive
from tests.support.patience import patient

COMMAND = [sys.executable, "-m", "services.cli.main", "receive"]


def post(url: str, secret: str, body: bytes) -> int:
    stamp = str(int(time.time()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = base64.b64encode(hmac.new(key, b"one." + stamp.encode() + b"." + body, hashlib.sha256).digest()).decode()
    headers = {"webhook-id": "one", "webhook-timestamp": stamp, "webhook-signature": f"v1,{digest}"}
    with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=patient(5)) as answer:
        return int(answer.status)


def test_it_makes_a_secret_receives_and_ends_on_ctrl_c(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    with subprocess.Popen(
        [*COMMAND, "--port", "0", "--secret-file", str(file)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        greeting = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+/", greeting)
        assert found, greeting
        secret = file.read_text().strip()
        assert post(found[0], secret, b'{"type": "alert.fired", "data": {"severity": "info"}}') == 204
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=patient(10))
    assert process.returncode == 0
    assert "alert.fired" in out
    assert "signature verified" in out
    assert secret not in out + err + greeting
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("args", "words"),
    [([], "name a secret"), (["--secret-file", "/proc/self/no/such"], "cannot be written"), (["--secret-file", os.devnull], "is empty")],
)
def test_without_a_secret_it_says_what_to_do(args: list[str], words: str) -> None:
    result = CliRunner().invoke(receive, args, env={"TALLYWIRE_WEBHOOK_SECRET": ""})
    assert result.exit_code != 0
    assert words in result.output


def test_a_bad_secret_is_named_by_its_place_and_never_repeated(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("whsec_planted secret\n")
    result = CliRunner().invoke(receive, ["--secret-file", str(file), "--port", "0"])
    assert result.exit_code != 0
    assert str(file) in result.output
    assert "planted" not in result.output
