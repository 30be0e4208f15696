"""Fixtures of tests that really commit, and of those that listen."""

from tests.common.committed import committed_db, owner_may_empty_tables
from tests.documents.listening import listener

__all__ = ["committed_db", "listener", "owner_may_empty_tables"]
