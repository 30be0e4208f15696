"""Fixtures of tests that really commit."""

from tests.common.committed import committed_db, owner_may_empty_tables

__all__ = ["committed_db", "owner_may_empty_tables"]
