"""Says why it cannot live, and dies."""

import sys
from pathlib import Path

with Path(sys.argv[1]).open("a") as file:
    file.write("again\n")
sys.exit("the disk is made of cheese")
