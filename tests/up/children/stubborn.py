"""Says its pid, and takes no notice of SIGTERM."""

import os
import signal
import sys
import time
from pathlib import Path

signal.signal(signal.SIGTERM, signal.SIG_IGN)
with Path(sys.argv[1]).open("a") as file:
    file.write(f"{os.getpid()}\n")
while True:
    time.sleep(1)
