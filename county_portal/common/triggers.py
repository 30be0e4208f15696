"""Database triggers that make the past unchangeable, whoever writes and by whatever path."""

import pgtrigger


def append_only() -> list[pgtrigger.Trigger]:
    """Rows may be added, never changed, deleted or truncated away."""
    return [
        pgtrigger.Trigger(
            name="append_only_rows",
            when=pgtrigger.Before,
            operation=pgtrigger.Update | pgtrigger.Delete,
            func="RAISE EXCEPTION 'append_only: % on %', TG_OP, TG_TABLE_NAME;",
        ),
        no_truncate(),
    ]


def no_truncate() -> pgtrigger.Trigger:
    """The table may not be emptied at one stroke, which row triggers would not see."""
    return pgtrigger.Trigger(
        name="no_truncate",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func="RAISE EXCEPTION 'append_only: % on %', TG_OP, TG_TABLE_NAME;",
    )
