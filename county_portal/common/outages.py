"""Telling a database that is away from a fault of our own."""

from django.db import DatabaseError, InterfaceError, OperationalError


def is_database_away(error: BaseException | None) -> bool:
    """Whether the database went away or gave up waiting.

    A connection that breaks in the middle of a statement is a plain DatabaseError without a server's code.
    """
    if isinstance(error, OperationalError | InterfaceError):
        return True
    return type(error) is DatabaseError and getattr(error.__cause__, "pgcode", "") is None
