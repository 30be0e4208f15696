"""A published list against the application's own database role: every attempt is refused, no byte changes."""

from collections.abc import Callable
from typing import Any

import psycopg2
import pytest

from tests.e2e.stack import LiveStack, wait_until
from tests.faults.conftest import Province
from tests.faults.visitor import Visitor

pytestmark = pytest.mark.fault

_LIST = "SELECT id FROM scoring_publishedlist WHERE public_id = '{list}'"
_COLUMNS = "region_id, code, name, city, class_name, rank, previous_class, best_rank, movement"
ATTEMPTS = {
    "change a class": f"UPDATE scoring_listrow SET class_name = 'A' WHERE published_list_id = ({_LIST})",
    "delete a county": f"DELETE FROM scoring_listrow WHERE published_list_id = ({_LIST})",
    "add a county": f"""INSERT INTO scoring_listrow (published_list_id, "order", {_COLUMNS})
        SELECT published_list_id, 999, (SELECT id FROM accounts_region WHERE code = '130534' LIMIT 1),
        code, name, city, class_name, rank, previous_class, best_rank, movement
        FROM scoring_listrow WHERE published_list_id = ({_LIST}) LIMIT 1""",
    "overwrite a county": f"""INSERT INTO scoring_listrow (published_list_id, "order", {_COLUMNS})
        SELECT published_list_id, "order", {_COLUMNS} FROM scoring_listrow
        WHERE published_list_id = ({_LIST}) LIMIT 1
        ON CONFLICT (published_list_id, "order") DO UPDATE SET class_name = 'A'""",
    "move a county to another list": f"""UPDATE scoring_listrow SET published_list_id = 0
        WHERE published_list_id = ({_LIST})""",
    "change the number": "UPDATE scoring_publishedlist SET document_number = 'x' WHERE public_id = '{list}'",
    "unpublish": "UPDATE scoring_publishedlist SET state = 'draft' WHERE public_id = '{list}'",
    "delete the list": "DELETE FROM scoring_publishedlist WHERE public_id = '{list}'",
    "empty the rows": "TRUNCATE scoring_listrow",
    "empty the lists and all that refers to them": "TRUNCATE scoring_publishedlist CASCADE",
    "disable the rows' triggers": "ALTER TABLE scoring_listrow DISABLE TRIGGER ALL",
    "disable the list's triggers": "ALTER TABLE scoring_publishedlist DISABLE TRIGGER USER",
    "switch triggers off for the session": "SET session_replication_role = replica",
    "drop the rows": "DROP TABLE scoring_listrow",
    "drop a trigger": "DROP TRIGGER {trigger} ON scoring_listrow",
    "replace a trigger's function": """CREATE OR REPLACE FUNCTION public.{trigger}()
        RETURNS trigger AS 'BEGIN RETURN NEW; END' LANGUAGE plpgsql""",
    "become the owner": "SET ROLE portal_owner",
    "shadow the rows": "CREATE TEMPORARY TABLE scoring_listrow (id bigint)",
    "shadow them in a schema of one's own": "CREATE SCHEMA mine",
    "copy rows in": "COPY scoring_listrow FROM PROGRAM 'echo'",
    "add a rule": "CREATE RULE r AS ON SELECT TO scoring_listrow DO INSTEAD NOTHING",
    "change what the list was graded from": "UPDATE scoring_gradingrun SET digest = 'x'",
    "change a result": "UPDATE scoring_result SET total = 100",
    "delete a result": "DELETE FROM scoring_resultline",
    "exchange a file": "UPDATE scoring_listfile SET file_id = 1",
    "delete the files": "DELETE FROM scoring_listfile",
    "change what the notice says": "UPDATE documents_paper SET content = '{}'",
    "give a number back": "UPDATE documents_registeryear SET last_serial = last_serial - 1",
    "exchange the notice's file": "UPDATE documents_paperfile SET file_id = 1",
    "change a kept file": "UPDATE files_storedfile SET sha256 = 'x'",
    "change the record": "UPDATE audit_event SET actor_login = 'nobody'",
    "delete the record": "DELETE FROM audit_event",
}

# Refused too, but for a reason that proves nothing.
MISSPELT = (
    psycopg2.errors.UndefinedTable,
    psycopg2.errors.UndefinedColumn,
    psycopg2.errors.UndefinedObject,
    psycopg2.errors.SyntaxError,
)


def public_bytes(stack: LiveStack, province: Province) -> dict[str, bytes]:
    """Everything anybody can read of the list."""
    anybody = Visitor(stack.url)
    paths = ["", "list.pdf", "list.docx", "list.xlsx"]
    answers = {path: anybody.get(f"/lists/{province.published}/{path}") for path in paths}
    assert {answer.status for answer in answers.values()} == {200}
    return {path: answer.body for path, answer in answers.items()}


@pytest.fixture(scope="module")
def before(stack: LiveStack, province: Province) -> dict[str, bytes]:
    """The public bytes before anybody tried anything."""
    anybody = Visitor(stack.url)
    files = [
        f"/lists/{province.published}/{name}" for name in ("list.pdf", "list.docx", "list.xlsx")
    ]
    wait_until(
        lambda: all(anybody.get(path).status == 200 for path in files),
        60,
        "the files of the list were not made",
    )
    return public_bytes(stack, province)


def test_every_attempt_of_the_application_role_is_refused(
    stack: LiveStack, province: Province, before: dict[str, bytes], rows: Callable[..., list[Any]]
):
    held = "SELECT * FROM scoring_listrow ORDER BY id"
    rows_before = rows(held)
    ((trigger,),) = rows(
        "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'pgtrigger\\_published\\_set%%'"
    )
    statements = {
        name: statement.replace("{list}", province.published).replace("{trigger}", trigger)
        for name, statement in ATTEMPTS.items()
    }

    succeeded = [name for name, statement in statements.items() if attempt(stack, statement)]

    assert succeeded == []
    assert rows(held) == rows_before
    assert public_bytes(stack, province) == before


def attempt(stack: LiveStack, statement: str) -> bool:
    """Try one statement in a transaction of its own; tell whether the database let it happen."""
    connection = psycopg2.connect(stack.environment["DATABASE_URL"])
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
    except MISSPELT:
        raise
    except psycopg2.Error:
        return False
    finally:
        connection.close()
    return True


def test_the_owner_sees_that_the_attempts_were_worth_refusing(
    stack: LiveStack, province: Province, before: dict[str, bytes]
):
    """The same change is possible for the tables' owner: it is the role that protects, not a typing error."""
    connection = psycopg2.connect(stack.environment["DATABASE_OWNER_URL"])
    try:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE scoring_listrow DISABLE TRIGGER USER")
            cursor.execute(ATTEMPTS["change a class"].replace("{list}", province.published))
            changed = cursor.rowcount
    finally:
        connection.rollback()
        connection.close()

    assert changed == len(province.counties)
    assert public_bytes(stack, province) == before


def test_runs_and_record_verify_afterwards(stack: LiveStack, before: dict[str, bytes]):
    runs = stack.manage("verify_run", "--all").splitlines()
    record = stack.manage("verify_audit")

    assert runs
    assert all(line.endswith("一致") for line in runs), runs
    assert "校验一致" in record
