"""A graded collection many times over, so that grading can be measured at the scale of the whole country."""

from collections.abc import Mapping

from django.db import connection, models

from county_portal.accounts.models import Region
from indicators.models import Collection, EvidenceItem, Submission, Value
from scoring.models import PanelScore


def multiply(collection: Collection, times: int) -> int:
    """Add `times` - 1 copies of every submission with its figures; returns how many there are then.

    Each copy has a county of its own. Meant for a transaction that is rolled back.
    """
    _ranks(collection)
    copies = f"CROSS JOIN generate_series(1, {times - 1}) AS copy"
    region, submission = "ids.region_id * 100 + copy", "ids.submission_id * 100 + copy"
    _copy(
        Region,
        f"JOIN bench_ids ids ON ids.region = src.id {copies}",
        {"id": f"1000000 + {region}", "code": "src.code || '-' || copy"},
    )
    _copy(
        Submission,
        f"JOIN bench_ids ids ON ids.submission = src.id {copies}",
        {"id": f"1000000 + {submission}", "region_id": f"1000000 + {region}"},
    )
    for model in (Value, EvidenceItem, PanelScore):
        _copy(
            model,
            f"JOIN bench_ids ids ON ids.submission = src.submission_id {copies}",
            {"id": None, "submission_id": f"1000000 + {submission}"},
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return collection.submissions.count()


def _ranks(collection: Collection) -> None:
    """Number submissions and counties from 0, so that ids of copies cannot meet those of others."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE bench_ids ON COMMIT DROP AS SELECT id AS submission, region_id AS region,"
            " row_number() OVER (ORDER BY id) AS submission_id, row_number() OVER (ORDER BY id) AS region_id"
            " FROM indicators_submission WHERE collection_id = %s",
            [collection.pk],
        )


def _copy(model: type[models.Model], source: str, changed: Mapping[str, str | None]) -> None:
    """Copy rows with some columns computed anew; None leaves a column to its default."""
    fields = [
        field for field in model._meta.concrete_fields if changed.get(field.column, "") is not None
    ]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(_value(field, changed) for field in fields)
    table = model._meta.db_table
    statement = f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} src {source}"
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _value(field: "models.Field[object, object]", changed: Mapping[str, str | None]) -> str:
    if field.column == "public_id":
        return "gen_random_uuid()"
    return changed.get(field.column) or f'src."{field.column}"'
