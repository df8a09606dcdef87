"""Says its pid in the file that it is given, and lives until SIGTERM."""

import os
import signal
import sys
from pathlib import Path

with Path(sys.argv[1]).open("a") as file:
    file.write(f"{os.getpid()}\n")
signal.pause()
