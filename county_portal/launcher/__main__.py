"""`python -m county_portal.launcher <command>`, called by bootstrap.py inside the virtual environment."""

from __future__ import annotations

import sys

from county_portal.launcher import commands, refusals
from county_portal.launcher.supervisor import Interrupted


def main(argv: list[str]) -> int:
    """Run one command; an interrupted one ends like a shell's."""
    name, *arguments = argv
    try:
        return commands.COMMANDS[name](arguments)
    except Interrupted:
        return 0 if name == "run" else 130


if __name__ == "__main__":
    sys.exit(refusals.exiting(main, sys.argv[1:]))
