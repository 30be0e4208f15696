"""How the tests are run: the whole suite on all CPUs, a part of it in one process unless asked otherwise."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from county_portal.launcher.stack import Stack

SETTINGS = "county_portal.settings.test"
# Each process opens connections of its own, for tests of races a dozen, and takes a database of Valkey's 16.
MOST_PROCESSES = 8
# Each has a portal and a browser of its own, of some two gigabytes.
MOST_PORTALS = 4
# Where the tests marked so lie: the twenty thousand others need not be collected to be left out again.
FAULT_TESTS = ("tests/faults", "tests/jobs")
BROWSER_TESTS = ("tests/e2e",)
# Options that leave the suite whole.
HARMLESS = ("-q", "-v", "-x", "-r", "--tb", "--durations", "--maxfail", "--color")
# What pytest answers when it came to the end of its tests, failures or not.
RAN = {0, 1}


def run(stack: Stack, arguments: Sequence[str]) -> int:
    """Run the tests that need no browser; the last line is pytest's summary of the most of them.

    Those that take servers away or kill processes go first, alone, and leave their migrated database behind,
    which the processes of the others copy.
    """
    processes = min(_cpus(), MOST_PROCESSES)
    if processes == 1 or not _is_whole(arguments):
        return pytest(stack, ["-m", "not e2e", *arguments], {})
    alone = [
        *_below(FAULT_TESTS),
        "-m",
        "fault and not e2e",
        "--create-db",
        "--reuse-db",
        *arguments,
    ]
    first = pytest(stack, alone, {})
    if first not in RAN:
        return first
    template = f"test_{urlsplit(stack.owner_environment['DATABASE_URL']).path.lstrip('/')}"
    others = ["-m", "not e2e and not fault", "-n", str(processes), *arguments]
    second = pytest(stack, others, {"TEST_DATABASE_TEMPLATE": template})
    return second or first


def run_in_browser(stack: Stack, arguments: Sequence[str], extra: Mapping[str, str]) -> int:
    """Run the tests in Chromium: all of them at several portals side by side, unless one's data are to be kept."""
    processes = min(_cpus(), MOST_PORTALS)
    is_shared = _is_whole(arguments) and processes > 1 and not os.environ.get("E2E_VAR_DIR")
    side_by_side = ["-n", str(processes)] if is_shared else []
    return pytest(stack, [*_below(BROWSER_TESTS), "-m", "e2e", *side_by_side, *arguments], extra)


def pytest(stack: Stack, arguments: Sequence[str], extra: Mapping[str, str]) -> int:
    """Run pytest at the terminal and return its exit code."""
    environment = {**stack.owner_environment, "DJANGO_SETTINGS_MODULE": SETTINGS, **extra}
    return stack.foreground([sys.executable, "-m", "pytest", *arguments], environment)


def _cpus() -> int:
    return len(os.sched_getaffinity(0))


def _below(folders: Sequence[str]) -> list[str]:
    """Return the options to collect only there, unless the arguments name files themselves."""
    return ["-o", f"testpaths={' '.join(folders)}"]


def _is_whole(arguments: Sequence[str]) -> bool:
    return all(argument.startswith(HARMLESS) for argument in arguments)
