"""Says what is wrong with its set-up, and ends as a service does then."""

import sys
from pathlib import Path

with Path(sys.argv[1]).open("a") as file:
    file.write("again\n")
sys.stderr.write("no such rule file\n")
sys.exit(2)
