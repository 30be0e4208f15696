"""What the database believes of its tables while a whole year is played in one transaction."""

from collections.abc import Sequence

from django.apps import apps
from django.db import connection


def renew_statistics(of: Sequence[str] = ()) -> None:
    """Have the database count its tables anew; only those of some apps where these are named.

    Its own hands see nothing of an open transaction: left alone it plans for empty tables, and a query over
    the sheets of a province can outlast the statement's time. A role that owns no table counts none.
    """
    tables = [
        model._meta.db_table for label in of for model in apps.get_app_config(label).get_models()
    ]
    with connection.cursor() as cursor:
        cursor.execute(" ".join(["ANALYZE", ", ".join(map(connection.ops.quote_name, tables))]))
