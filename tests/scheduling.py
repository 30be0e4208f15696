"""How the tests are dealt out to processes side by side (pytest-xdist): by file, so that fixtures are made once."""

from collections.abc import Mapping
from zlib import crc32

from xdist.scheduler import LoadScopeScheduling

# One province with its years for the whole folder.
TOGETHER = ("tests/demo/loaded/",)
# The longest files, whose tests share nothing, and into how many parts each is cut.
APART: Mapping[str, int] = {
    "tests/architecture/test_access_matrix.py": 32,
    "tests/e2e/test_walk.py": 32,
}


class ByFile(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no stubs
    """A file at a time, in the order of collection: the longest are not the ones with the most tests."""

    def _split_scope(self, nodeid: str) -> str:
        for folder in TOGETHER:
            if nodeid.startswith(folder):
                return folder
        file = nodeid.partition("::")[0]
        if file in APART:
            return f"{file}::{crc32(nodeid.encode()) % APART[file]}"
        return file


def make_scheduler(config, log):
    """The scheduler, whatever --dist says."""
    config.option.loadscopereorder = False
    return ByFile(config, log)
