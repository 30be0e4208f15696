"""Numbers under concurrency, on real connections: unique, gapless, never given again."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from county_portal.accounts.roles import Role
from county_portal.common import clock
from county_portal.common.errors import Stale
from county_portal.documents.actions.issuing import take_serial
from county_portal.documents.actions.standing import void_paper
from county_portal.documents.models import Draft, Paper, RegisterYear
from tests.accounts.people import make_office, make_user
from tests.common.committed import in_threads
from tests.documents.office import (
    DATA,
    begin,
    bring,
    issue,
    know_test_kinds,
    make_register,
    step,
    worded,
)

ISSUERS = 16


class Office:
    """Three people and a register."""

    def __init__(self):
        office = make_office("province")
        self.drafter = make_user(Role.PROVINCE_MANAGER, office=office)
        self.checker = make_user(Role.PROVINCE_CHECKER, office=office)
        self.signer = make_user(Role.PROVINCE_PUBLISHER, office=office)
        self.register = make_register(office, "冀科")

    def to_sign(self):
        """A draft that waits for its signature."""
        return bring(worded(self.drafter, self.register), "signing", self.drafter, self.checker)

    def issue(self):
        """A document all the way."""
        return issue(worded(self.drafter, self.register), self.drafter, self.checker, self.signer)


def test_sixteen_at_once_get_sixteen_consecutive_numbers(committed_db):
    office = Office()
    drafts = [office.to_sign() for _ in range(ISSUERS)]

    papers = in_threads(ISSUERS, lambda number: step(office.signer, drafts[number], "issue").paper)

    year = clock.today().year
    assert sorted(paper.serial for paper in papers) == list(range(1, ISSUERS + 1))
    assert {paper.number for paper in papers} == {
        f"冀科〔{year}〕{serial}号" for serial in range(1, ISSUERS + 1)
    }
    assert len({paper.code for paper in papers}) == ISSUERS
    assert RegisterYear.objects.get().last_serial == ISSUERS


def test_a_failure_after_the_serial_leaves_no_gap(committed_db):
    """Of sixteen at once every fourth fails once its serial is taken: the others fill the numbers up."""
    office = Office()
    drafts = [office.to_sign() for _ in range(ISSUERS)]

    def act(number):
        try:
            with transaction.atomic():
                paper = step(office.signer, drafts[number], "issue").paper
                _interrupt(number)
        except InterruptedError:
            return None
        return paper.serial

    given = [serial for serial in in_threads(ISSUERS, act) if serial is not None]

    assert sorted(given) == list(range(1, 13))
    assert Paper.objects.count() == RegisterYear.objects.get().last_serial == 12
    assert Draft.objects.filter(state="signing").count() == 4
    assert office.issue().serial == 13


def _interrupt(number):
    if number % 4 == 0:
        raise InterruptedError


def test_one_draft_signed_twice_at_once_is_one_document(committed_db):
    office = Office()
    draft = office.to_sign()

    def act(number):
        try:
            return step(office.signer, draft, "issue").paper.serial
        except Stale as refusal:
            return refusal.code

    assert sorted(map(str, in_threads(4, act))) == ["1", *["stale_state"] * 3]
    assert Paper.objects.count() == 1


def test_one_subject_drafted_twice_at_once_is_one_draft(committed_db):
    know_test_kinds()
    DATA["甲"] = "a" * 64
    office = Office()
    letters = make_register(office.register.office, "冀科函", "letter")

    def act(number):
        try:
            return begin(office.drafter, letters, "test_letter", "甲").state
        except Stale as refusal:
            return refusal.code

    assert sorted(in_threads(4, act)) == ["draft", *["draft_under_way"] * 3]


def test_two_registers_do_not_wait_for_each_other(db):
    office = Office()
    other = make_register(office.register.office, "冀科报")

    assert [take_serial(office.register, 2026), take_serial(other, 2026)] == [1, 1]


@pytest.mark.parametrize("first_day, second_day", [((2025, 12, 31), (2026, 1, 1))])
def test_a_year_begins_with_one(db, first_day, second_day):
    office = Office()
    numbers = []
    for day in (first_day, first_day, second_day):
        with clock.playing(datetime(*day, 4, tzinfo=UTC)):
            numbers.append(office.issue().number)

    assert numbers == ["冀科〔2025〕1号", "冀科〔2025〕2号", "冀科〔2026〕1号"]


def test_a_void_number_stays_used(db):
    office = Office()
    first = office.issue()
    void_paper(actor=office.signer, paper_id=first.public_id, reason="不再执行")

    assert office.issue().serial == 2
    assert Paper.objects.get(serial=1).status == "void"


TAMPERING = [
    "UPDATE documents_paper SET title = 'x'",
    "UPDATE documents_paper SET serial = serial + 100",
    "UPDATE documents_paper SET content = '{}', status = 'void', status_reason = 'x', status_at = now()",
    "DELETE FROM documents_paper",
    "TRUNCATE documents_paper CASCADE",
    "UPDATE documents_binding SET sha256 = 'x'",
    "DELETE FROM documents_binding",
    "UPDATE documents_draftstep SET comment = 'x'",
    "DELETE FROM documents_draftstep",
    "UPDATE documents_registeryear SET last_serial = 0",
    "UPDATE documents_registeryear SET last_serial = last_serial + 2",
    "UPDATE documents_registeryear SET year = 2000",
    "DELETE FROM documents_registeryear",
]


@pytest.mark.parametrize("statement", TAMPERING)
def test_what_is_issued_cannot_be_changed_by_sql(db, statement):
    know_test_kinds()
    DATA["甲"] = "a" * 64
    office = Office()
    letters = make_register(office.register.office, "冀科函", "letter")
    draft = begin(office.drafter, letters, "test_letter", "甲")
    issue(draft, office.drafter, office.checker, office.signer)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_standing_changes_only_once(db):
    office = Office()
    paper = office.issue()
    void_paper(actor=office.signer, paper_id=paper.public_id, reason="不再执行")

    with pytest.raises(DatabaseError), transaction.atomic():
        Paper.objects.filter(pk=paper.pk).update(status="valid", status_reason="", status_at=None)
