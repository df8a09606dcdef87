"""A parent to be killed: keeps two children under a supervisor until it is ended."""

import asyncio
import sys
from pathlib import Path

from services.up.supervisor import Command, Supervisor


async def main(folder: Path) -> None:
    """Keep a steady and a stubborn child."""
    commands = [
        Command(kind, (f"tests.up.children.{kind}", str(folder / kind)), {}, folder / f"{kind}.log") for kind in ("steady", "stubborn")
    ]
    await Supervisor(commands, lambda _: None).start()
    await asyncio.Event().wait()


asyncio.run(main(Path(sys.argv[1])))
