"""Rights of the application's database role, which is never the owner of the tables.

The owner migrates; the application reads and writes; tables of models that say `append_only = True`
may only be read and added to, so that not even a fault in the application changes the past.
"""

from django.apps import apps
from django.db import connection


def append_only_tables() -> list[str]:
    """Names of the tables the application may not update or delete from."""
    return sorted(
        model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False)
    )


def apply_grants(role: str) -> list[str]:
    """Give `role` what it needs and no more; returns the append-only tables. Run as the owner."""
    quote = connection.ops.quote_name
    name = quote(role)
    locked = append_only_tables()
    statements = [
        f"GRANT USAGE ON SCHEMA public TO {name}",
        f"REVOKE CREATE ON SCHEMA public FROM {name}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}",
        f"REVOKE INSERT, UPDATE, DELETE ON {quote('django_migrations')} FROM {name}",
        *(f"REVOKE UPDATE, DELETE, TRUNCATE ON {quote(table)} FROM {name}" for table in locked),
    ]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    return locked
