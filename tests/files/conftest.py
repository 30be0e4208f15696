"""Fixtures of files tests."""

import pytest

from tests.common.committed import committed_db, owner_may_empty_tables

__all__ = ["committed_db", "owner_may_empty_tables"]


@pytest.fixture(autouse=True)
def files_dir(settings, tmp_path):
    """In `tmp_path`, where a name that leads out of it would leave something."""
    settings.FILES_DIR = tmp_path / "files"
    return settings.FILES_DIR
