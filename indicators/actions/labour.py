"""The division of labour: given out, taken back, signed, urged."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from county_portal.accounts.models import Office, User
from county_portal.accounts.roles import Permission
from county_portal.accounts.selectors import list_people
from county_portal.audit.actions import record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.notices.actions import Message, notify
from indicators.actions.filling import lock_for_filling
from indicators.actions.records import submission_entry
from indicators.models import Assignment, Submission, Value
from indicators.rules.labour import Department, department_for, is_answered, signed_digest
from indicators.selectors import figure_of, list_indicators, why_not_fillable
from indicators.selectors.duties import read_duties
from indicators.selectors.labour import get_provided, list_assignments, list_providers


@dataclass(frozen=True, slots=True)
class AssignmentInput:
    """One line as the county wants it: with a department and its day, or with nobody."""

    code: str
    office: Office | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class DivisionResult:
    """How many lines were given out or changed, and how many taken back."""

    given: int
    taken: int


@transaction.atomic
def divide(
    *, actor: User, submission_id: UUID, wanted: Sequence[AssignmentInput]
) -> DivisionResult:
    """Bring these lines, and no others, to what is wanted; departments newly asked are told.

    A line that goes to another department loses its signature; another day leaves it.
    """
    submission = lock_for_filling(actor, submission_id)
    indicators = {row.code: row for row in list_indicators(submission.collection.version)}
    stored = {row.indicator.code: row for row in list_assignments(submission)}
    allowed = {office.pk for office in list_providers(submission)}
    changes: dict[str, list[dict[str, str] | None]] = {}
    told: Counter[Office] = Counter()
    for line in (line for line in wanted if line.code in indicators):
        before = stored.get(line.code)
        if line.office is None:
            changes |= _taken_back(before)
            continue
        _refuse_unfit(submission, line, allowed, indicators[line.code].name)
        was = _plain(before) if before else None
        after = _assigned(submission, indicators[line.code].pk, line, before, actor)
        if after is not None:
            changes[line.code] = [was, _plain(after)]
            told[after.office] += was is None or was["office"] != after.office.name
            after.save()
    if changes:
        record(actor, submission_entry("divide_submission", submission, changes))
    for office, count in told.items():
        _tell_assigned(submission, office, count)
    taken = sum(1 for _, after in changes.values() if after is None)
    return DivisionResult(len(changes) - taken, taken)


def _taken_back(before: Assignment | None) -> dict[str, list[dict[str, str] | None]]:
    if before is None:
        return {}
    plain = _plain(before)
    before.delete()
    return {before.indicator.code: [plain, None]}


def _refuse_unfit(
    submission: Submission, line: AssignmentInput, allowed: set[int], name: str
) -> None:
    office, due_on = line.office, line.due_on
    if office is None or office.pk not in allowed:
        raise Invalid(
            "provider_unknown", f"“{name}”所选单位不是本县的数据提供部门，请重新选择。", line.code
        )
    if due_on is None:
        raise Invalid(
            "due_date_required",
            f"“{name}”已分给{office.short_name}，请填写部门截止日期。",
            line.code,
        )
    if due_on > submission.due_on:
        raise Invalid(
            "due_after_county",
            f"“{name}”的部门截止日期晚于本县截止日期（{_day(submission.due_on)}），请改为该日或更早。",
            line.code,
        )


def _assigned(
    submission: Submission,
    indicator_id: int,
    line: AssignmentInput,
    before: Assignment | None,
    actor: User,
) -> Assignment | None:
    """The row as it will be, not yet saved; None where nothing changes."""
    office, due_on = line.office, line.due_on
    if office is None or due_on is None:
        raise ValueError(line.code)
    if before and (before.office_id, before.due_on) == (office.pk, due_on):
        return None
    if due_on < clock.today():
        raise Invalid(
            "due_date_past", f"部门截止日期{_day(due_on)}早于今天，请重新选择。", line.code
        )
    after = before or Assignment(submission=submission, indicator_id=indicator_id)
    if before is not None and before.office_id != office.pk:
        after.signed_by, after.signed_at, after.signed_figure = None, None, ""
        after.urged_at = None
    after.office, after.due_on = office, due_on
    after.assigned_by, after.assigned_at = actor, clock.now()
    return after


def _plain(assignment: Assignment) -> dict[str, str]:
    return {"office": assignment.office.name, "due_on": assignment.due_on.isoformat()}


def _tell_assigned(submission: Submission, office: Office, count: int) -> None:
    if not count:
        return
    message = Message(
        key=f"assigned:{submission.public_id}:{office.public_id}:{clock.now().isoformat()}",
        kind="assignment",
        title=f"{submission.office.short_name}分给本单位{count}项指标，请填报并签字",
        body=f"{submission.collection.title}。请在部门截止日期前填写数值并签字确认。",
        path=reverse("indicators:provide", args=[submission.public_id]),
    )
    notify(list_people(office, Permission.PROVIDE), message)


@transaction.atomic
def divide_by_default(*, actor: User, submission_id: UUID, due_on: date) -> DivisionResult:
    """Give every line nobody has yet to the department the county's table names, where the county has it."""
    submission = lock_for_filling(actor, submission_id)
    offices = {office.pk: office for office in list_providers(submission)}
    departments = [Department(row.pk, row.name, row.short_name) for row in offices.values()]
    taken = set(list_assignments(submission).values_list("indicator__code", flat=True))
    wanted = []
    for line in read_duties(submission.collection.version, submission.region):
        found = department_for(line.providers, departments)
        if line.indicator.code not in taken and found is not None:
            wanted.append(AssignmentInput(line.indicator.code, offices[found.key], due_on))
    return divide(actor=actor, submission_id=submission_id, wanted=wanted)


@transaction.atomic
def sign_figures(*, actor: User, submission_id: UUID, seen: Mapping[str, str]) -> int:
    """Sign lines of one's department; `seen` holds the fingerprint of each figure as it was on the page.

    All or none: a figure that somebody changed meanwhile is Stale `figure_changed`, a blank one Invalid.
    Returns how many signatures are new.
    """
    if not actor.holds(Permission.PROVIDE):
        raise NotAllowed
    submission = get_provided(actor, submission_id, lock=True)
    refusal = why_not_fillable(submission)
    if refusal:
        raise refusal
    own = {
        row.indicator.code: row for row in list_assignments(submission).filter(office=actor.office)
    }
    if not seen or set(seen) - set(own):
        raise Invalid("nothing_to_sign", "请先勾选本单位要签字的指标，再签字确认。", "codes")
    values = {row.indicator_id: row for row in submission.values.all()}
    signed = []
    for code, fingerprint in seen.items():
        assignment = own[code]
        digest = _digest_seen(assignment, values.get(assignment.indicator_id), fingerprint)
        if assignment.signed_figure != digest:
            assignment.signed_figure = digest
            signed.append(assignment)
    for assignment in signed:
        assignment.signed_by, assignment.signed_at = actor, clock.now()
        assignment.save(update_fields=["signed_by", "signed_at", "signed_figure"])
    if signed:
        detail = {"codes": [row.indicator.code for row in signed], "office": actor.office.name}
        record(actor, submission_entry("sign_figures", submission, detail))
    return len(signed)


def _digest_seen(assignment: Assignment, value: Value | None, fingerprint: str) -> str:
    """Digest of the figure as stored, which must be the one that was seen."""
    name = assignment.indicator.name
    figure = figure_of(value) if value else None
    if figure is None or not is_answered(figure):
        raise Invalid("figure_blank", f"“{name}”还没有填写，不能签字，请先填写并保存。", "codes")
    digest = signed_digest(figure)
    if digest != fingerprint:
        raise Stale(
            "figure_changed",
            f"“{name}”在您查看之后被改动，签字没有办理。请核对现在的数值后再签字。",
        )
    return digest


@transaction.atomic
def urge(*, actor: User, submission_id: UUID, office_id: UUID | None = None) -> list[str]:
    """Remind one department, or all that are late, once a day each; returns the names of those told."""
    submission = lock_for_filling(actor, submission_id)
    unsigned = list_assignments(submission).filter(signed_at__isnull=True)
    if office_id is not None:
        unsigned = unsigned.filter(office__public_id=office_id)
    else:
        unsigned = unsigned.filter(due_on__lt=clock.today())
    by_office: dict[int, list[Assignment]] = {}
    for assignment in unsigned:
        by_office.setdefault(assignment.office_id, []).append(assignment)
    due = [rows for rows in by_office.values() if not any(map(_is_urged_today, rows))]
    if not due:
        sentence = (
            "今天已经催办过，同一部门每天只能催办一次，请明天再办或电话联系。"
            if by_office
            else "没有需要催办的部门：分出的指标均已签字，或尚未到部门截止日期。"
        )
        raise Stale("urged_today" if by_office else "nobody_to_urge", sentence)
    told = [rows[0].office.short_name for rows in due if _urge_one(submission, rows)]
    if not told:
        names = "、".join(rows[0].office.short_name for rows in due)
        raise Invalid("nobody_to_tell", f"{names}还没有启用的账号，请联系系统管理员建立账号。")
    record(actor, submission_entry("urge_departments", submission, {"offices": told}))
    return told


def _is_urged_today(assignment: Assignment) -> bool:
    at = assignment.urged_at
    return at is not None and clock.day_of(at) == clock.today()


def _urge_one(submission: Submission, rows: Sequence[Assignment]) -> bool:
    """Whether there was anybody to tell."""
    office = rows[0].office
    people = list_people(office, Permission.PROVIDE)
    if not people:
        return False
    names = "、".join(row.indicator.name for row in rows)
    message = Message(
        key=f"urge:{submission.public_id}:{office.public_id}:{clock.today().isoformat()}",
        kind="urge",
        title=f"催办：{submission.office.short_name}请尽快填报并签字（{len(rows)}项）",
        body=f"{submission.collection.title}：{names}。部门截止日期{_day(min(r.due_on for r in rows))}。",
        path=reverse("indicators:provide", args=[submission.public_id]),
    )
    notify(people, message)
    Assignment.objects.filter(pk__in=[row.pk for row in rows]).update(urged_at=clock.now())
    return True


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
