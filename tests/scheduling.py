"""How the tests are dealt out to processes side by side (pytest-xdist): by file, so that fixtures are made once."""

from zlib import crc32

from xdist.scheduler import LoadScopeScheduling

# One province with its years for the whole folder.
TOGETHER = ("tests/demo/loaded/",)
# A third of all the time is in this file, and its tests share nothing.
APART = "tests/architecture/test_access_matrix.py"
PARTS = 32


class ByFile(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no stubs
    """A file at a time, in the order of collection: the longest are not the ones with the most tests."""

    def _split_scope(self, nodeid: str) -> str:
        for folder in TOGETHER:
            if nodeid.startswith(folder):
                return folder
        file = nodeid.partition("::")[0]
        if file == APART:
            return f"{file}::{crc32(nodeid.encode()) % PARTS}"
        return file


def make_scheduler(config, log):
    """The scheduler, whatever --dist says."""
    config.option.loadscopereorder = False
    return ByFile(config, log)
