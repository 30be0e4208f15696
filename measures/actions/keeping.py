"""Keeping a ledger: made from a text that was read, its dates, deadlines, goals and units put right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from county_portal.accounts.models import Office, User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.common.numbers import NumberFormat, parse_number, plain
from measures.actions.records import lapse_reports, ledger_entry, require_keeper
from measures.enums import DutyKind
from measures.models import Duty, Goal, Ledger, Measure, Part
from measures.rules.reading import ReadLedger, ReadUnit
from measures.selectors.ledgers import get_duty, get_goal, get_ledger, get_measure
from measures.selectors.register import Unit, UnitRegister

DUE_DAY = 5
REMIND_BEFORE = (3,)


@dataclass(frozen=True, slots=True)
class LedgerInput:
    """What is said of a ledger beside its text."""

    title: str
    document_title: str
    document_number: str = ""
    issued_on: date | None = None
    starts_on: date | None = None  # today
    ends_on: date | None = None
    due_day: int = DUE_DAY
    remind_before: Sequence[int] = REMIND_BEFORE
    supplements: Sequence[str] = ()
    aliases: Mapping[str, str] | None = None
    # Who answers for measures whose text names nobody.
    default_units: Sequence[ReadUnit] = ()


@transaction.atomic
def create_ledger(*, actor: User, data: LedgerInput, reading: ReadLedger) -> Ledger:
    """Make a ledger of the actor's office from a text that was read; every unit becomes a duty."""
    if not actor.holds(Permission.KEEP_MEASURES):
        raise NotAllowed
    return create_ledger_for(office=actor.office, data=data, reading=reading, actor=actor)


def create_ledger_for(
    *, office: Office, data: LedgerInput, reading: ReadLedger, actor: User | None
) -> Ledger:
    """Make a ledger of an office; `actor` None: from the province's data files. The caller has authorised it."""
    _check(data)
    if Ledger.objects.filter(office=office, title=data.title.strip()).exists():
        raise Invalid("title_taken", "本单位已有同名台账，请换一个名称。", "title")
    ledger = Ledger(
        office=office,
        preamble=reading.preamble,
        aliases=dict(data.aliases or {}),
        supplements=list(data.supplements),
        created_by=actor,
        created_at=clock.now(),
    )
    _fill(ledger, data)
    ledger.save()
    _make_measures(ledger, reading, data.default_units)
    detail = {"title": ledger.title, "measures": len(reading.measures)}
    record(actor, ledger_entry("create_measure_ledger", ledger, detail))
    return ledger


def _check(data: LedgerInput) -> None:
    if not data.title.strip() or not data.document_title.strip():
        raise Invalid("title_required", "请填写台账名称和来源文件。", "title")
    starts_on = data.starts_on or clock.today()
    if data.ends_on and data.ends_on < starts_on:
        raise Invalid("ends_too_early", "结束日期早于开始日期，请核对。", "ends_on")


def _fill(ledger: Ledger, data: LedgerInput) -> None:
    ledger.title, ledger.document_title = data.title.strip(), data.document_title.strip()
    ledger.document_number, ledger.issued_on = data.document_number.strip(), data.issued_on
    ledger.starts_on, ledger.ends_on = data.starts_on or clock.today(), data.ends_on
    ledger.due_day = data.due_day
    ledger.remind_before = sorted(set(data.remind_before), reverse=True)


def _make_measures(ledger: Ledger, reading: ReadLedger, default_units: Sequence[ReadUnit]) -> None:
    parts = Part.objects.bulk_create(
        Part(ledger=ledger, order=each.number, head=each.head, title=each.title)
        for each in reading.parts
    )
    pairs = [
        (part, measure)
        for part, each in zip(parts, reading.parts, strict=True)
        for measure in each.measures
    ]
    rows = Measure.objects.bulk_create(
        Measure(
            ledger=ledger,
            part=part,
            order=order,
            number=measure.number,
            head=measure.head,
            text=measure.text,
            closing=measure.closing,
            state_since=ledger.created_at,
        )
        for order, (part, measure) in enumerate(pairs, 1)
    )
    register = UnitRegister.of(ledger)
    # Nobody owes a word for the months before the ledger was kept.
    begins_on = max(ledger.starts_on, clock.today())
    if ledger.ends_on:
        begins_on = min(begins_on, ledger.ends_on)
    duties: list[Duty] = []
    for row, (_, measure) in zip(rows, pairs, strict=True):
        is_silent = not measure.units
        units = register.expand(
            default_units if is_silent else measure.units, is_supplement=is_silent
        )
        duties += _duties(row, units, first=1, begins_on=begins_on)
    Duty.objects.bulk_create(duties)


def _duties(measure: Measure, units: Sequence[Unit], *, first: int, begins_on: date) -> list[Duty]:
    return [
        Duty(
            measure=measure,
            order=order,
            kind=unit.kind,
            name=unit.name,
            source_words=unit.words,
            office=unit.office,
            region=unit.region,
            is_supplement=unit.is_supplement,
            begins_on=begins_on,
        )
        for order, unit in enumerate(units, first)
    ]


@transaction.atomic
def amend_ledger(*, actor: User, ledger_id: UUID, data: LedgerInput) -> Ledger:
    """Put the ledger's own facts right; the text stays. Nothing changed is no act."""
    ledger = get_ledger(actor, ledger_id, lock=True)
    require_keeper(actor, ledger)
    _check(data)
    others = Ledger.objects.filter(office_id=ledger.office_id, title=data.title.strip())
    if others.exclude(pk=ledger.pk).exists():
        raise Invalid("title_taken", "本单位已有同名台账，请换一个名称。", "title")
    before = _plain(ledger)
    _fill(ledger, data)
    after = _plain(ledger)
    if before != after:
        ledger.save()
        record(
            actor, ledger_entry("amend_measure_ledger", ledger, {"before": before, "after": after})
        )
        lapse_reports(actor, ledger)
    return ledger


def _plain(ledger: Ledger) -> dict[str, object]:
    return {
        "title": ledger.title,
        "document": [ledger.document_title, ledger.document_number],
        "days": [str(day or "") for day in (ledger.issued_on, ledger.starts_on, ledger.ends_on)],
        "due_day": ledger.due_day,
        "remind_before": list(ledger.remind_before),
    }


@transaction.atomic
def set_deadline(*, actor: User, measure_id: UUID, due_on: date | None, reason: str) -> Measure:
    """Change until when a measure is to be done; the reason is kept."""
    measure = lock_kept(actor, measure_id)
    if not reason.strip():
        raise Invalid("reason_required", "请写明调整完成时限的理由。", "reason")
    if due_on and due_on < measure.ledger.starts_on:
        raise Invalid("due_too_early", "完成时限早于台账开始日期，请核对。", "due_on")
    if due_on == measure.due_on:
        return measure
    detail = {"due_on": [str(measure.due_on or ""), str(due_on or "")], "reason": reason.strip()}
    measure.due_on = due_on
    measure.save(update_fields=["due_on"])
    _recorded(actor, measure, "set_measure_deadline", detail)
    return measure


def lock_kept(actor: User, measure_id: UUID) -> Measure:
    """The measure with its ledger locked, if the actor keeps it."""
    measure = get_measure(actor, measure_id)
    ledger = get_ledger(actor, measure.ledger.public_id, lock=True)
    require_keeper(actor, ledger)
    return get_measure(actor, measure_id, lock=True)


def _recorded(actor: User, measure: Measure, act: str, detail: Mapping[str, object]) -> None:
    record(actor, ledger_entry(act, measure.ledger, detail, str(measure.public_id)))
    lapse_reports(actor, measure.ledger)


@dataclass(frozen=True, slots=True)
class GoalInput:
    """A goal as typed; `wording` are words of the measure's text."""

    wording: str
    name: str
    target: str
    unit: str = ""
    by: date | None = None
    lower_is_better: bool = False


@transaction.atomic
def add_goal(*, actor: User, measure_id: UUID, data: GoalInput) -> Goal:
    """Add a quantified goal. Raises Invalid where the text does not say its words, or for no number."""
    measure = lock_kept(actor, measure_id)
    wording, name = data.wording.strip(), data.name.strip()
    if not wording or wording not in measure.text:
        raise Invalid(
            "wording_not_in_text",
            "原文中没有这段文字，请从措施原文中复制设定目标的语句。",
            "wording",
        )
    target = parse_number(data.target, NumberFormat(unit=data.unit), "目标值")
    if target is None or not name:
        raise Invalid("goal_incomplete", "请填写目标名称和目标值。", "target" if name else "name")
    if measure.goals.filter(name=name).exists():
        raise Invalid("goal_named_already", f"本条已有目标“{name}”，请换一个名称。", "name")
    last = measure.goals.aggregate(last=Max("order"))["last"] or 0
    goal = Goal.objects.create(
        measure=measure,
        order=last + 1,
        wording=wording,
        name=name,
        target=target,
        unit=data.unit.strip(),
        by=data.by,
        lower_is_better=data.lower_is_better,
    )
    _recorded(actor, measure, "add_measure_goal", {"goal": name, "target": plain(target)})
    return goal


@transaction.atomic
def remove_goal(*, actor: User, goal_id: UUID) -> None:
    """Take away a goal that was entered wrongly; one with figures stays."""
    goal = get_goal(actor, goal_id)
    measure = lock_kept(actor, goal.measure.public_id)
    if goal.figures.exists():
        raise Stale("goal_has_figures", f"目标“{goal.name}”已有填报数值，不能删除。")
    detail = {"goal": goal.name, "target": plain(goal.target)}
    goal.delete()
    _recorded(actor, measure, "remove_measure_goal", detail)


@transaction.atomic
def set_duty_kind(*, actor: User, duty_id: UUID, kind: str) -> Duty:
    """Say that a unit leads, supports or provides data: the text's order of names is only our rule."""
    duty = get_duty(actor, duty_id)
    measure = lock_kept(actor, duty.measure.public_id)
    duty = get_duty(actor, duty_id, lock=True)
    if kind not in DutyKind.values:
        raise Invalid("kind_unknown", "请选择牵头、配合或数据提供。", "kind")
    if duty.ended_on is not None:
        raise Stale("duty_ended", f"“{duty.name}”已不承担本条措施，请刷新页面。")
    if duty.kind != kind:
        detail = {"unit": duty.name, "kind": [duty.kind, kind]}
        duty.kind = kind
        duty.save(update_fields=["kind"])
        _recorded(actor, measure, "set_measure_duty", detail)
    return duty


@transaction.atomic
def add_duty(*, actor: User, measure_id: UUID, words: str, kind: str) -> list[Duty]:
    """Give a measure to another unit, or to many by one word; marked as no part of the text."""
    measure = lock_kept(actor, measure_id)
    if kind not in DutyKind.values or not words.strip():
        raise Invalid("unit_required", "请填写单位名称并选择分工。", "words")
    register = UnitRegister.of(measure.ledger)
    unit = ReadUnit(words.strip(), DutyKind(kind))
    held = set(measure.duties.filter(ended_on__isnull=True).values_list("name", flat=True))
    new = [each for each in register.expand([unit], is_supplement=True) if each.name not in held]
    if not new:
        raise Invalid("unit_there_already", f"“{words.strip()}”已承担本条措施。", "words")
    made = Duty.objects.bulk_create(
        _duties(measure, new, first=_next_order(measure), begins_on=clock.today())
    )
    _recorded(
        actor, measure, "add_measure_duty", {"units": [duty.name for duty in made], "kind": kind}
    )
    return made


def _next_order(measure: Measure) -> int:
    return (measure.duties.aggregate(last=Max("order"))["last"] or 0) + 1


@transaction.atomic
def end_duty(*, actor: User, duty_id: UUID, reason: str) -> Duty:
    """Take a measure from a unit; what it reported stays. The last unit cannot be taken away."""
    duty = get_duty(actor, duty_id)
    measure = lock_kept(actor, duty.measure.public_id)
    duty = get_duty(actor, duty_id, lock=True)
    if not reason.strip():
        raise Invalid("reason_required", "请写明原因。", "reason")
    if duty.ended_on is not None:
        raise Stale("duty_ended", f"“{duty.name}”已不承担本条措施，请刷新页面。")
    if not measure.duties.filter(ended_on__isnull=True).exclude(pk=duty.pk).exists():
        raise Invalid("last_unit", "一条措施至少有一个责任单位，请先增加其他单位。", "reason")
    duty.ended_on = clock.today()
    duty.save(update_fields=["ended_on"])
    _recorded(actor, measure, "end_measure_duty", {"unit": duty.name, "reason": reason.strip()})
    return duty


@transaction.atomic
def renew_duties(*, actor: User, ledger_id: UUID) -> tuple[int, int]:
    """Expand collective words anew from the register of today; returns how many duties began and ended.

    Regions that are no more end theirs, new ones begin; a unit whose office has come into being gets it.
    """
    ledger = get_ledger(actor, ledger_id, lock=True)
    require_keeper(actor, ledger)
    register, today = UnitRegister.of(ledger), clock.today()
    begun, ended = [], []
    for measure in ledger.measures.all():
        for words in _words_of(measure):
            more, less = _renew(measure, words, register, today)
            begun += more
            ended += less
    if begun or ended:
        detail = {"begun": sorted(set(begun)), "ended": sorted(set(ended))}
        record(actor, ledger_entry("renew_measure_duties", ledger, detail))
        lapse_reports(actor, ledger)
    return len(begun), len(ended)


def _words_of(measure: Measure) -> dict[str, Duty]:
    duties = measure.duties.filter(ended_on__isnull=True).order_by("order")
    return {duty.source_words: duty for duty in duties}


def _renew(
    measure: Measure, words: str, register: UnitRegister, today: date
) -> tuple[list[str], list[str]]:
    held = {
        duty.name: duty for duty in measure.duties.filter(ended_on__isnull=True, source_words=words)
    }
    sample = next(iter(held.values()))
    unit = ReadUnit(words, DutyKind(sample.kind))
    wanted = {
        each.name: each for each in register.expand([unit], is_supplement=sample.is_supplement)
    }
    for name in held.keys() & wanted.keys():
        if held[name].office_id is None and wanted[name].office:
            held[name].office = wanted[name].office
            held[name].save(update_fields=["office"])
    gone = sorted(held.keys() - wanted.keys())
    Duty.objects.filter(pk__in=[held[name].pk for name in gone]).update(ended_on=today)
    new = [unit for name, unit in wanted.items() if name not in held]
    Duty.objects.bulk_create(_duties(measure, new, first=_next_order(measure), begins_on=today))
    return [unit.name for unit in new], gone
