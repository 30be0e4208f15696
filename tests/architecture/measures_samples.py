"""Ledgers for the access matrix: one the user's office keeps and answers in, and a stranger's."""

from uuid import uuid4

from county_portal.accounts.models import Office, User
from county_portal.accounts.roles import Level, OfficeKind, Role
from county_portal.common import clock
from county_portal.files.actions import keep_generated
from measures.actions.keeping import LedgerInput, create_ledger_for
from measures.models import Duty, EntryFile, Goal, Ledger, Measure, ProgressEntry
from measures.rules.reading import read_measures
from tests.accounts.people import make_office, make_region, make_user
from tests.architecture.samples import Sample, provides

PROVIDED = {
    "measure_ledger",
    "kept_ledger",
    "measure",
    "kept_measure",
    "measure_duty",
    "kept_duty",
    "measure_goal",
    "entry_file",
    "standing_act",
    "measure_month",
}
_TEXT = "一、部分\n1.推进一事。（责任单位：{unit}）"


def _ledger(office: Office) -> Ledger:
    data = LedgerInput(uuid4().hex, "文件", aliases={"某局": office.name})
    reading = read_measures(_TEXT.format(unit="某局"))
    return create_ledger_for(office=office, data=data, reading=reading, actor=None)


def _foreign(user: User) -> Ledger | None:
    """Nothing is foreign to the province's bureau but what is another's to keep."""
    region = make_region(Level.COUNTY, reviewing_office=make_office(Level.CITY))
    return _ledger(make_office(Level.COUNTY, region=region))


def _sees_all(user: User) -> bool:
    return user.level == Level.PROVINCE and user.office.kind == OfficeKind.BUREAU


def _seen(user: User, of: str) -> Sample:
    own, foreign = _ledger(user.office), None if _sees_all(user) else _foreign(user)
    return Sample(own=_id(own, of), foreign=foreign and _id(foreign, of))


def _kept(user: User, of: str) -> Sample:
    foreign = _foreign(user)
    return Sample(own=_id(_ledger(user.office), of), foreign=foreign and _id(foreign, of))


def _id(ledger: Ledger, of: str):
    measure = Measure.objects.get(ledger=ledger)
    duty = Duty.objects.get(measure=measure)
    if of == "goal":
        goal = Goal.objects.create(measure=measure, order=1, wording="推进", name="目标", target=1)
        return goal.public_id
    if of == "file":
        somebody = make_user(Role.COUNTY_FILLER)
        month = clock.today().replace(day=1)
        entry = ProgressEntry.objects.create(
            duty=duty, month=month, words="推进。", entered_by=somebody, entered_at=clock.now()
        )
        file = keep_generated(content=b"%PDF-1.4", name="证明.pdf", content_type="application/pdf")
        return EntryFile.objects.create(entry=entry, file=file).public_id
    return {"ledger": ledger, "measure": measure, "duty": duty}[of].public_id


@provides("measure_ledger")
def a_ledger(user: User) -> Sample:
    """One of one's own office, and another county's."""
    return _seen(user, "ledger")


@provides("kept_ledger")
def a_kept_ledger(user: User) -> Sample:
    """Only its own office keeps a ledger."""
    return _kept(user, "ledger")


@provides("measure")
def a_measure(user: User) -> Sample:
    """Of such ledgers."""
    return _seen(user, "measure")


@provides("kept_measure")
def a_kept_measure(user: User) -> Sample:
    """Of such ledgers."""
    return _kept(user, "measure")


@provides("measure_duty")
def a_duty(user: User) -> Sample:
    """One's own unit's, and another's."""
    return _kept(user, "duty")


@provides("kept_duty")
def a_kept_duty(user: User) -> Sample:
    """Of a ledger one keeps, and of another."""
    return _kept(user, "duty")


@provides("measure_goal")
def a_goal(user: User) -> Sample:
    """Of a ledger one keeps, and of another."""
    return _kept(user, "goal")


@provides("entry_file")
def an_entry_file(user: User) -> Sample:
    """Evidence of a measure one sees, and of another."""
    return _seen(user, "file")


@provides("standing_act")
def a_standing_act(user: User) -> Sample:
    """Known to everybody: it is the measure beside it that is foreign."""
    return Sample(own="lag", foreign="lag")


@provides("measure_month")
def a_month(user: User) -> Sample:
    """The same."""
    return Sample(own="2026-01", foreign="2026-01")
