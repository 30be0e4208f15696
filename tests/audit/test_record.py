from datetime import UTC, datetime
from decimal import Decimal

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction

from county_portal.accounts.roles import Role
from county_portal.audit.actions import Entry, record, record_all
from county_portal.audit.chain import FIRST_DIGEST, seal, verify
from county_portal.audit.models import Event
from county_portal.audit.selectors import list_events, list_events_of, verify_chain
from county_portal.common import clock
from tests.accounts.people import make_office, make_user
from tests.common.committed import in_threads

# What every detail must survive on its way through jsonb.
DETAIL = {
    "分数": ["6.80", "7.00"],
    "空": None,
    "真": True,
    "大": 10**30,
    "负": -5,
    "嵌套": {"b": [], "a": {"𠮷": '\\u0000 " \\ / \u2028'}},
    "岗位": Role.AUDITOR,
    "元组": (1, "二"),
}


def entry(number=1, **values):
    return Entry("save_value", "value", str(number), {"number": number}, **values)


@pytest.mark.django_db
def test_an_entry_copies_its_actor():
    actor = make_user(Role.CITY_REVIEWER, login="reviewer")

    record(actor, Entry("return", "submission", "7", DETAIL, region_code="130123"))

    event = Event.objects.get()
    assert (event.serial, event.previous_digest) == (1, FIRST_DIGEST)
    assert (event.actor_id, event.actor_login, event.actor_role, event.actor_office) == (
        *(actor.pk, "reviewer", "city_reviewer", actor.office.name),
    )
    assert (event.act, event.kind, event.object_id, event.region_code) == (
        *("return", "submission", "7", "130123"),
    )
    assert event.detail["元组"] == [1, "二"]
    assert event.digest == seal(event)
    assert verify_chain().ok


@pytest.mark.django_db
def test_the_system_itself_may_act():
    record(None, entry())

    event = Event.objects.get()
    assert (event.actor_id, event.actor_login, event.actor_role) == (None, "system", "")


@pytest.mark.django_db
def test_the_record_outlives_the_account():
    actor = make_user(office=make_office())
    record(actor, entry())

    actor.delete()

    assert Event.objects.get().actor_login == actor.login
    assert verify_chain().ok


@pytest.mark.django_db
def test_entries_are_chained_in_order():
    record_all(None, [entry(number) for number in range(1, 6)])
    record(None, entry(6))

    events = list(Event.objects.all())
    assert [event.serial for event in events] == [1, 2, 3, 4, 5, 6]
    assert [event.previous_digest for event in events[1:]] == [
        event.digest for event in events[:-1]
    ]
    result = verify_chain()
    assert (result.ok, result.events, result.head) == (True, 6, events[-1].digest)


@pytest.mark.django_db
def test_no_entries_write_nothing():
    record_all(None, [])

    assert verify_chain().events == 0


@pytest.mark.django_db
def test_the_record_keeps_the_real_time_while_the_past_is_played():
    real = datetime(2026, 11, 21, 1, 2, 3, 456789, tzinfo=UTC)

    with time_machine.travel(real, tick=False), clock.playing(datetime(2020, 4, 29, tzinfo=UTC)):
        record(None, entry())

    assert Event.objects.get().at == real


@pytest.mark.parametrize(
    "value",
    [1.5, float("nan"), Decimal("1.5"), datetime(2020, 1, 1, tzinfo=UTC), {1}, b"x", object()],
)
@pytest.mark.django_db
def test_what_would_not_come_back_alike_is_refused(value):
    """1e16 comes back from jsonb as an integer: the seal would no longer fit."""
    with pytest.raises(TypeError, match="not plain JSON"):
        record(None, Entry("x", "y", "1", {"outer": [{"inner": value}]}))

    assert not Event.objects.exists()


def test_an_entry_needs_the_transaction_of_its_change(committed_db):
    with pytest.raises(transaction.TransactionManagementError):
        record(None, entry())

    assert not Event.objects.exists()


def test_rolled_back_changes_leave_no_entry(committed_db):
    with transaction.atomic():
        record(None, entry(1))
    with transaction.atomic():
        record(None, entry(2))
        transaction.set_rollback(True)
    with transaction.atomic():
        record(None, entry(3))

    assert list(Event.objects.values_list("serial", "object_id")) == [(1, "1"), (2, "3")]
    assert verify_chain().ok


def test_many_writers_make_one_chain(committed_db):
    """8 writers, 25 entries each: no fork, no gap."""

    def write(writer):
        for number in range(25):
            with transaction.atomic():
                record(None, Entry("write", "thread", f"{writer}", {"number": number}))

    in_threads(8, write)

    result = verify_chain()
    assert (result.ok, result.events) == (True, 200)
    assert list(Event.objects.values_list("serial", flat=True)) == list(range(1, 201))
    assert Event.objects.values("previous_digest").distinct().count() == 200
    for writer in range(8):
        numbers = [event.detail["number"] for event in list_events_of("thread", f"{writer}")]
        assert numbers == list(range(25))


TAMPERINGS = {
    "act": ("UPDATE audit_event SET act = 'other' WHERE serial = 3", 3),
    "detail": ("""UPDATE audit_event SET detail = '{"number": 4}' WHERE serial = 3""", 3),
    "actor": ("UPDATE audit_event SET actor_login = 'somebody' WHERE serial = 3", 3),
    "time": ("UPDATE audit_event SET at = at + interval '1 microsecond' WHERE serial = 3", 3),
    "first": ("UPDATE audit_event SET region_code = '130000' WHERE serial = 1", 1),
    "last": ("UPDATE audit_event SET object_id = '0' WHERE serial = 5", 5),
    "deleted": ("DELETE FROM audit_event WHERE serial = 3", 4),
    "renumbered": ("DELETE FROM audit_event WHERE serial = 3;"
                   "UPDATE audit_event SET serial = serial - 1 WHERE serial = 4", 3),
    "swapped": ("UPDATE audit_event SET serial = 99 WHERE serial = 2;"
                "UPDATE audit_event SET serial = 2 WHERE serial = 3;"
                "UPDATE audit_event SET serial = 3 WHERE serial = 99", 2),
    "inserted": ("INSERT INTO audit_event (serial, at, actor_login, actor_role, actor_office, act, kind, object_id,"
                 " region_code, detail, previous_digest, digest) SELECT 6, at, actor_login, actor_role, actor_office,"
                 " act, kind, object_id, region_code, detail, digest, repeat('0', 64) FROM audit_event"
                 " WHERE serial = 5", 6),
}  # fmt: skip


@pytest.mark.parametrize("statement, serial", TAMPERINGS.values(), ids=TAMPERINGS)
def test_tampering_by_the_owner_is_found(committed_db, statement, serial):
    with transaction.atomic():
        record_all(None, [entry(number) for number in range(1, 6)])
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_event DISABLE TRIGGER USER")
        cursor.execute(statement)
        cursor.execute("ALTER TABLE audit_event ENABLE TRIGGER USER")

    assert verify_chain().broken_at == serial
    with pytest.raises(CommandError, match=f"第{serial}条"):
        call_command("verify_audit")


@pytest.mark.django_db
def test_the_command_reports_a_whole_chain(capsys):
    record_all(None, [entry(1), entry(2)])

    call_command("verify_audit")

    out = capsys.readouterr().out
    assert "审计记录2条" in out
    assert Event.objects.last().digest in out


def test_an_empty_chain_is_whole():
    result = verify([])

    assert (result.ok, result.events, result.head) == (True, 0, FIRST_DIGEST)


@pytest.mark.django_db
def test_lists_are_narrowed():
    actor = make_user(login="somebody")
    record(actor, entry(1, region_code="130100"))
    record(None, entry(2, region_code="130200"))
    record(actor, Entry("login", "user", "1", {}))

    def numbers(**filters):
        return [event.serial for event in list_events(**filters)]

    assert numbers() == [3, 2, 1]
    assert numbers(login="somebody") == [3, 1]
    assert numbers(region_code="130200") == [2]
    assert numbers(act="save_value", login="somebody") == [1]
    assert [event.serial for event in list_events_of("value", "2")] == [2]
