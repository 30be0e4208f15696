"""Each constraint and trigger violated once, as the owner and as the application's own role."""

from pathlib import Path

import pgtrigger
import psycopg2
import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, InternalError, connection, transaction
from psycopg2 import errors

from county_portal.accounts.models import Region
from county_portal.common import clock
from county_portal.common.grants import apply_grants
from county_portal.launcher.instance import Instance
from county_portal.launcher.postgres import APP_ROLE, OWNER_ROLE, SUPERUSER
from scoring.enums import ListState
from scoring.models import (
    GradingRun,
    ListFile,
    ListRow,
    PanelScore,
    PublishedList,
    Result,
    ResultLine,
    SchemeVersion,
)
from tests.factories.sheets import submission_of


def violating(name, error=IntegrityError):
    return pytest.raises(error, match=name)


def copy_of(row, **changed):
    """A second row like this one, not yet stored."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    values.pop("id")
    values.pop("public_id", None)
    return type(row)(**(values | changed))


def sealed(people):
    """What a published list has beside its rows."""
    return {
        "consent_on": clock.today(),
        "consent_number": "1号",
        "consent_by_id": people.manager.pk,
        "published_by_id": people.publisher.pk,
        "published_at": clock.now(),
        "document_number": "冀科领〔2026〕9号",
    }


# Constraints


def test_scheme_version_number_is_unique(scheme):
    with violating("scheme_version_number_unique"):
        copy_of(scheme).save()


def test_panel_score_once_per_expert(people, submission):
    given = {
        "submission": submission,
        "indicator_code": "17",
        "expert": people.expert,
        "score": 1,
        "given_at": clock.now(),
    }
    PanelScore.objects.create(**given)

    with violating("panel_score_once_per_expert"):
        PanelScore.objects.create(**given)


def test_panel_score_is_not_negative(people, submission):
    with violating("panel_score_not_negative"):
        PanelScore.objects.create(
            submission=submission,
            indicator_code="17",
            expert=people.expert,
            score=-1,
            given_at=clock.now(),
        )


@pytest.mark.parametrize(
    "constraint, changed",
    [
        ("grading_run_number_unique", {"state": "failed"}),
        (
            "grading_run_exception_has_reason",
            {"number": 9, "left_out": ["131081"], "state": "failed"},
        ),
        ("grading_run_complete_is_frozen", {"number": 9, "digest": ""}),
        ("grading_run_complete_is_frozen", {"number": 9, "completed_at": None}),
    ],
)
def test_run_constraints(run, constraint, changed):
    with violating(constraint):
        copy_of(run, **changed).save()


def test_run_one_at_a_time(run):
    queued = {"state": "queued", "completed_at": None}
    copy_of(run, number=8, **queued).save()

    with violating("grading_run_one_at_a_time"):
        copy_of(run, number=9, **queued).save()


@pytest.mark.parametrize(
    "constraint, changed",
    [
        ("list_version_unique", {"state": "published"}),
        ("list_one_in_preparation", {"version": 2}),
    ],
)
def test_list_uniqueness(people, drafted, constraint, changed):
    with violating(constraint):
        copy_of(drafted, **(sealed(people) | changed)).save()


@pytest.mark.parametrize(
    "constraint, changed",
    [
        ("list_consent_has_date_and_number", {"state": "consented"}),
        ("list_consent_has_date_and_number", {"state": "consented", "consent_number": "1号"}),
        ("list_published_is_sealed", {"state": "published", "digest": ""}),
        ("list_published_is_sealed", {"state": "published", "row_count": 0}),
        ("list_published_is_sealed", {"state": "published", "document_number": ""}),
        ("list_correction_has_reason", {"correction_reason": "无所更正"}),
    ],
)
def test_list_constraints(people, drafted, constraint, changed):
    also = sealed(people) if changed.get("state") == "published" else {}

    with violating(constraint):
        PublishedList.objects.filter(pk=drafted.pk).update(**(also | changed))


def test_two_published_lists_never_share_a_number(people, published):
    with violating("list_document_number_unique"):
        copy_of(published, version=2, paper_id=None).save()


def test_list_published_by_second_person(people, drafted):
    with violating("list_published_by_second_person"):
        PublishedList.objects.filter(pk=drafted.pk).update(published_by=people.manager)


@pytest.mark.parametrize("constraint", ["list_row_order_unique", "list_row_county_once"])
def test_list_row_uniqueness(drafted, constraint):
    row = drafted.rows.get(order=1)
    changed = {"order": 9} if constraint == "list_row_county_once" else {"region_id": None}
    if constraint == "list_row_order_unique":
        changed = {"region_id": drafted.run.collection.submissions.first().region.parent_id}

    with violating(constraint):
        copy_of(row, **changed).save()


def test_result_one_per_county(run, people):
    queued = copy_of(run, number=9, state="queued", completed_at=None)
    queued.save()
    result = run.results.first()
    copy_of(result, run_id=queued.pk).save()

    with violating("result_one_per_county"):
        copy_of(result, run_id=queued.pk).save()


def test_result_line_unique(run):
    queued = copy_of(run, number=9, state="queued", completed_at=None)
    queued.save()
    result = copy_of(run.results.first(), run_id=queued.pk)
    result.save()
    line = copy_of(ResultLine.objects.first(), result_id=result.pk)
    line.save()

    with violating("result_line_unique"):
        copy_of(line).save()


def test_list_file_once_per_kind(published, stored_file):
    ListFile.objects.create(published_list=published, kind="pdf", file=stored_file)

    with violating("list_file_once_per_kind"):
        ListFile.objects.create(published_list=published, kind="pdf", file=stored_file)


# Triggers: nobody, the owner included, changes what is complete or published.


def test_locked_scheme_never_changes(scheme):
    with violating("Cannot update or delete", InternalError):
        SchemeVersion.objects.filter(pk=scheme.pk).update(document="{}")


def test_complete_run_never_changes(run):
    with violating("Cannot update or delete", InternalError):
        GradingRun.objects.filter(pk=run.pk).update(exception_reason="事后补写")


def test_complete_run_cannot_be_deleted(run):
    with violating("Cannot update or delete", InternalError):
        GradingRun.objects.filter(pk=run.pk)._raw_delete("default")


@pytest.mark.parametrize("model", [Result, ResultLine])
def test_results_are_append_only(run, model):
    with violating("append_only: UPDATE", InternalError), transaction.atomic():
        model.objects.filter(pk=model.objects.first().pk).update(flags=["capped"])

    with violating("append_only: DELETE", InternalError):
        model.objects.filter(pk=model.objects.first().pk)._raw_delete("default")


def test_complete_run_takes_no_further_result(run):
    not_graded = Region.objects.exclude(pk__in=run.results.values("region")).first()

    with violating("complete run is closed", InternalError):
        copy_of(run.results.first(), region_id=not_graded.pk).save()


def test_complete_run_takes_no_further_line(run):
    with violating("complete run is closed", InternalError):
        copy_of(ResultLine.objects.first(), indicator_code="99").save()


@pytest.mark.parametrize(
    "changed", [{"correction_reason": "改"}, {"state": "draft"}, {"digest": "0" * 64}]
)
def test_published_list_never_changes(published, changed):
    with violating("Cannot update or delete", InternalError):
        PublishedList.objects.filter(pk=published.pk).update(**changed)


def test_published_list_cannot_be_deleted(published):
    with violating("Cannot update or delete", InternalError):
        PublishedList.objects.filter(pk=published.pk)._raw_delete("default")


def test_published_row_cannot_be_changed(published):
    with violating("published list is immutable: UPDATE", InternalError):
        published.rows.filter(order=1).update(class_name="A")


def test_published_row_cannot_be_deleted(published):
    with violating("published list is immutable: DELETE", InternalError):
        published.rows.filter(order=1)._raw_delete("default")


def test_published_list_takes_no_further_row(published):
    with violating("published list is immutable: INSERT", InternalError):
        copy_of(published.rows.get(order=1), order=9).save()


def test_row_cannot_be_moved_onto_a_published_list(published, people, run):
    """An update that changes the list would add a row without inserting one."""
    draft = copy_of(
        published,
        version=2,
        document_number="",
        paper_id=None,
        state=ListState.DRAFT,
        supersedes_id=published.pk,
        correction_reason="试",
        published_by_id=None,
        published_at=None,
    )
    draft.save()
    row = copy_of(published.rows.get(order=1), published_list_id=draft.pk, order=9)
    row.save()

    with violating("published list is immutable: UPDATE", InternalError):
        ListRow.objects.filter(pk=row.pk).update(published_list=published)


def test_rows_of_a_draft_may_change(drafted):
    assert drafted.rows.filter(order=1).update(class_name="A") == 1


@pytest.mark.parametrize(
    "model", [SchemeVersion, GradingRun, Result, ResultLine, PublishedList, ListRow, ListFile]
)
def test_tables_cannot_be_truncated(db, model):
    with violating("append_only: TRUNCATE", InternalError), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {model._meta.db_table} CASCADE")


# The application's own role, by any SQL it may think of.


@pytest.fixture(scope="module")
def owner_may_become_application():
    """Lets the one transaction that sees the test's rows also try them with the application's rights."""
    instance = Instance(Path(settings.VAR_DIR).resolve())
    password = instance.secrets().superuser_password
    superuser = psycopg2.connect(
        dbname="postgres", user=SUPERUSER, password=password, host=str(instance.sockets_dir)
    )
    superuser.autocommit = True
    with superuser.cursor() as cursor:
        cursor.execute(f"GRANT {APP_ROLE} TO {OWNER_ROLE} WITH INHERIT FALSE, SET TRUE")
        yield
        cursor.execute(f"REVOKE {APP_ROLE} FROM {OWNER_ROLE}")
    superuser.close()


@pytest.fixture
def as_application(owner_may_become_application, published):
    """The rights of the web and the worker, until the test ends."""
    apply_grants(APP_ROLE)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {APP_ROLE}")
        yield cursor
        cursor.execute("RESET ROLE")


def refused(cursor, statement):
    """The error PostgreSQL answers with; fails the test if it did not refuse."""
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        cursor.execute(statement)
    return refusal.value.__cause__


LIST, ROW = "scoring_publishedlist", "scoring_listrow"
COLUMNS = "published_list_id, region_id, code, name, city, class_name, rank, previous_class, best_rank, movement"
FROZEN = next(
    trigger.get_pgid(model)
    for model, trigger in pgtrigger.registered("scoring.PublishedList:published_never_changes")
)


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE {LIST} SET document_number = '伪造'",
        f"UPDATE {LIST} SET state = 'draft'",
        f"DELETE FROM {LIST}",
        f"UPDATE {ROW} SET class_name = 'A'",
        f"DELETE FROM {ROW}",
        f'INSERT INTO {ROW} ({COLUMNS}, "order") SELECT {COLUMNS}, "order" + 1000 FROM {ROW}',
        f"INSERT INTO {ROW} SELECT * FROM {ROW} ON CONFLICT (id) DO UPDATE SET class_name = 'A'",
        "UPDATE scoring_gradingrun SET digest = repeat('0', 64)",
        "UPDATE scoring_schemeversion SET document = '{}'",
    ],
)
def test_application_cannot_change_what_is_published(as_application, statement):
    assert isinstance(refused(as_application, statement), errors.RaiseException)


@pytest.mark.parametrize(
    "statement",
    [
        *(f"UPDATE {table} SET id = id" for table in ("scoring_result", "scoring_resultline")),
        *(f"DELETE FROM {table}" for table in ("scoring_result", "scoring_resultline")),
        "DELETE FROM scoring_listfile",
        *(
            f"TRUNCATE {table} CASCADE"
            for table in (LIST, ROW, "scoring_result", "scoring_gradingrun")
        ),
        *(
            f"ALTER TABLE {table} DISABLE TRIGGER ALL"
            for table in (LIST, ROW, "scoring_gradingrun")
        ),
        *(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in (LIST, ROW)),
        f"ALTER TABLE {LIST} DROP CONSTRAINT list_published_by_second_person",
        f"DROP TABLE {ROW} CASCADE",
        f"DROP TRIGGER {FROZEN} ON {LIST}",
        "DROP SCHEMA public CASCADE",
        "SET session_replication_role = replica",
        "SET LOCAL session_replication_role = replica",
        f"CREATE RULE nothing AS ON UPDATE TO {ROW} DO INSTEAD NOTHING",
        "CREATE TABLE public.scoring_shadow (id int)",
        "DELETE FROM django_migrations",
    ],
)
def test_application_has_no_right_to_go_around(as_application, statement):
    assert isinstance(refused(as_application, statement), errors.InsufficientPrivilege)


def test_application_cannot_hide_the_list_behind_a_temporary_table(as_application):
    """A temporary table is found before the real one; the triggers must not be fooled by it."""
    as_application.execute(f"CREATE TEMPORARY TABLE {LIST} (id bigint, state text)")

    cause = refused(as_application, f"UPDATE public.{ROW} SET class_name = 'A'")

    assert isinstance(cause, errors.RaiseException)


def test_publication_leaves_rows_as_they_were_after_all_attempts(published):
    rows = list(published.rows.order_by("order").values_list("order", "code", "class_name"))

    assert rows == [(1, "131081", "B"), (2, "130102", "C"), (3, "130121", "C"), (4, "130181", "C")]
    assert submission_of(published.collection, "131081").results.count() == 1
