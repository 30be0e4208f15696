"""A unit's month: what was done, where its goals stand, with evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from county_portal.accounts.models import User
from county_portal.audit.actions import record
from county_portal.common import clock
from county_portal.common.errors import Invalid, Stale
from county_portal.common.numbers import NumberFormat, parse_number, plain
from county_portal.files.actions import keep_upload
from county_portal.files.models import StoredFile
from measures.actions.records import lapse_reports, ledger_entry
from measures.actions.standing import take_step
from measures.enums import CLOSED, REPORTING, Standing, StandingAct
from measures.models import Duty, EntryFile, Goal, GoalFigure, Ledger, ProgressEntry
from measures.rules.months import month_words
from measures.selectors.entries import entries_of_month
from measures.selectors.ledgers import get_reportable
from measures.selectors.spans import reportable_months

MOST_FILES = 10


@dataclass(frozen=True, slots=True)
class ReportInput:
    """What was typed; `seen` is how many entries of the month the page had shown."""

    month: date
    words: str
    next_steps: str = ""
    figures: Mapping[UUID, str] = field(default_factory=dict)  # by goal; blank: nothing said
    files: Sequence[UploadedFile | StoredFile] = ()
    seen: int | None = None


@transaction.atomic
def report_month(*, actor: User, duty_id: UUID, data: ReportInput) -> ProgressEntry:
    """Add what a unit did in a month; said again, the newest holds and the earlier stays on record.

    The first report of a measure sets it under way. Raises Invalid for blank words, a month out of reach or a
    figure that is none; Stale where the measure is closed or a colleague reported the month meanwhile.
    """
    duty = get_reportable(actor, duty_id)
    # The ledger first, as every act on it: a monthly report that is being issued waits or is waited for.
    ledger = Ledger.objects.select_for_update(of=("self",)).get(pk=duty.measure.ledger_id)
    duty = get_reportable(actor, duty_id, lock=True)
    _check(duty, ledger, data)
    figures = _figures(duty, data)
    files = [_kept(actor, each) for each in data.files]
    entry = ProgressEntry.objects.create(
        duty=duty,
        month=data.month,
        words=data.words.strip(),
        next_steps=data.next_steps.strip(),
        entered_by=actor,
        entered_at=clock.now(),
    )
    GoalFigure.objects.bulk_create(
        GoalFigure(entry=entry, goal=goal, number=number) for goal, number in figures.items()
    )
    EntryFile.objects.bulk_create(EntryFile(entry=entry, file=file) for file in files)
    detail = {
        "unit": duty.name,
        "month": f"{data.month:%Y-%m}",
        "words": entry.words,
        "figures": {goal.name: plain(number) for goal, number in figures.items()},
        "files": [file.sha256 for file in files],
    }
    measure = duty.measure
    record(actor, ledger_entry("report_measure", ledger, detail, str(measure.public_id)))
    if measure.state == Standing.NOT_STARTED:
        take_step(actor, measure, StandingAct.BEGIN, "")
    lapse_reports(actor, ledger, since=data.month)
    return entry


def _check(duty: Duty, ledger: Ledger, data: ReportInput) -> None:
    measure, today = duty.measure, clock.today()
    if measure.state in CLOSED:
        raise Stale(
            "measure_closed",
            f"第{measure.number}条{measure.get_state_display()}，不再填报进展。如需继续填报，请台账管理单位先“重新推进”。",
        )
    if duty.ended_on is not None and duty.ended_on <= today:
        raise Stale("duty_ended", f"“{duty.name}”已不承担第{measure.number}条，不再填报。")
    if not data.words.strip():
        raise Invalid("words_required", "请填写本月进展情况；没有进展的，写明原因。", "words")
    if data.month not in reportable_months(duty):
        raise Invalid(
            "month_out_of_reach",
            f"{month_words(data.month)}不能填报：可填报的月份从承担任务的当月起，不晚于本月和台账结束月份。",
            "month",
        )
    if data.seen is not None and entries_of_month(duty, data.month) != data.seen:
        raise Stale(
            "month_reported_meanwhile",
            f"{month_words(data.month)}的进展在您打开页面之后已有新的填报，本次未保存。请刷新页面核对后再填。",
        )
    if len(data.files) > MOST_FILES:
        raise Invalid("too_many_files", f"一次最多上传{MOST_FILES}个文件。", "files")


def _figures(duty: Duty, data: ReportInput) -> dict[Goal, Decimal]:
    """What a leading unit or provider of data says of the goals."""
    goals = {goal.public_id: goal for goal in duty.measure.goals.all()}
    found: dict[Goal, Decimal] = {}
    for goal_id, text in data.figures.items():
        goal = goals.get(goal_id)
        if goal is None or not text.strip():
            continue
        if duty.kind not in REPORTING:
            raise Invalid(
                "figures_of_leading_unit",
                "目标数值由牵头单位或数据提供单位填报，配合单位请在进展情况中说明。",
                str(goal_id),
            )
        try:
            number = parse_number(text, NumberFormat(unit=goal.unit), goal.name)
        except Invalid as refusal:
            raise Invalid(refusal.code, refusal.sentence, str(goal_id)) from refusal
        if number is not None:
            found[goal] = number
    return found


def _kept(actor: User, file: UploadedFile | StoredFile) -> StoredFile:
    return file if isinstance(file, StoredFile) else keep_upload(actor=actor, upload=file)
