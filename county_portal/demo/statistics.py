"""What the database believes of its tables while a whole year is played in one transaction."""

from django.db import connection


def renew_statistics() -> None:
    """Have the database count its tables anew.

    Its own hands see nothing of an open transaction: left alone it plans for empty tables, and a query over
    the sheets of a province can outlast the statement's time. A role that owns no table counts none.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
