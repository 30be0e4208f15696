"""The ledgers of measures: the province's own texts, some months of progress by their units, one 专报 issued."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.conf import settings

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.common import clock
from county_portal.common.numbers import plain
from county_portal.demo.accounts import create_accounts
from county_portal.demo.cast import Cast
from county_portal.demo.story import STORY
from county_portal.documents.actions.beginning import start_draft
from county_portal.documents.actions.drafts import Move, move_draft
from county_portal.documents.enums import DraftAction
from county_portal.documents.models import Paper, Register
from county_portal.notices.actions import quiet
from measures.actions.importing import import_ledgers, import_units
from measures.actions.reporting import ReportInput, report_month
from measures.actions.standing import set_standing
from measures.actions.urging import urge_units
from measures.enums import REPORTING, SUPERVISION_REPORT, StandingAct
from measures.models import Duty, Ledger, Measure
from measures.rules.months import closes_at, month_of, shifted
from measures.selectors.reports import key_of

# Months of the province's ledger that are played, up to the last one over.
MONTHS = 4
_LEDGERS: Mapping[str, Any] = STORY.get("ledgers", {})
# Ledgers of texts whose term is over: the month the portal began to keep them.
_PAST: Mapping[str, str] = _LEDGERS.get("past", {})
_LIVE: str = _LEDGERS.get("live", "")
# Governments whose liaison reports; the others are late, and stand in the 专报.
_DILIGENT: Sequence[str] = _LEDGERS.get("diligent", ())
_SILENT: Sequence[str] = _LEDGERS.get("silent", ())
_SEED = 20200429
_WORDS = (
    "印发年度工作方案，明确责任处室和时间节点，召开部门协调会1次。",
    "组织政策宣讲和业务培训，深入县（市、区）调研，梳理问题并逐项答复。",
    "对照任务清单推进，重点事项按计划完成，有关情况已报送专题材料。",
    "开展专项检查，督促各地补短板，典型做法在全省（市）交流。",
)
_NEXT = "按计划继续推进，下月报送阶段性结果。"


def play_ledgers(cast: Cast, say: Callable[[str], object]) -> Paper | None:
    """Load the province's ledgers, let units report, have one month's 专报 issued; nothing where it has none."""
    chance = random.Random(_SEED)  # noqa: S311 -- a demonstration, the same each time
    import_units(settings.PROVINCE)
    create_accounts()
    people = _reporters()
    made: list[Ledger] = []
    live: list[Ledger] = []
    with quiet():
        for key, month in _PAST.items():
            with clock.playing(_at(date.fromisoformat(month), 3)):
                ledgers = import_ledgers(settings.PROVINCE, only=[key])
            for ledger in ledgers:
                _play_past(ledger, people, chance)
            made += ledgers
        if _LIVE:
            with clock.playing(_at(shifted(month_of(clock.today()), -MONTHS), 3)):
                live = import_ledgers(settings.PROVINCE, only=[_LIVE])
        for ledger in live:
            _play_live(ledger, people, chance)
    made += live
    if not made:
        return None
    count = Measure.objects.filter(ledger__in=made).count()
    say(f"载入措施台账{len(made)}本，措施{count}条，责任单位按月填报进展")
    paper = _issue(cast, live[0]) if live else None
    if paper:
        _set_standings(cast, live[0])
        say(f"督导专报已签发（{paper.number}）")
    return paper


def _at(month: date, day: int, minutes: int = 0) -> datetime:
    morning = datetime.combine(month.replace(day=day), time(9, 30), tzinfo=clock.BEIJING)
    return min(morning + timedelta(minutes=minutes), clock.now())


def _reporters() -> dict[int, User]:
    """Who reports, by office."""
    people = User.objects.filter(is_active=True).select_related("office").order_by("-pk")
    return {
        person.office_id: person for person in people if person.holds(Permission.REPORT_MEASURES)
    }


def _keeper(ledger: Ledger) -> User:
    people = User.objects.filter(office=ledger.office, is_active=True).order_by("pk")
    return next(person for person in people if person.holds(Permission.KEEP_MEASURES))


def _duties(ledger: Ledger) -> list[Duty]:
    return list(
        Duty.objects.filter(measure__ledger=ledger, kind__in=REPORTING)
        .select_related("measure")
        .order_by("measure__order", "order")
    )


def _play_past(ledger: Ledger, people: dict[int, User], chance: random.Random) -> None:
    """Two months of a ledger whose term is over, then what came of each measure."""
    ends_on = ledger.ends_on or clock.today()
    months = [shifted(month_of(ends_on), -1), month_of(ends_on)]
    for step, month in enumerate(months, 1):
        for duty in _duties(ledger):
            _report(duty, month, people, chance, share=Decimal(step) / len(months))
    keeper, measures = _keeper(ledger), list(ledger.measures.all())
    with clock.playing(_at(shifted(month_of(ends_on), 1), 8)):
        for place, measure in enumerate(measures):
            if place % 9 == 4:  # noqa: PLR2004 -- a pattern, nothing more
                set_standing(
                    actor=keeper,
                    measure_id=measure.public_id,
                    act=StandingAct.LAG,
                    comment="期末未达到文件确定的目标，转入下一年度继续推进。",
                )
            else:
                set_standing(
                    actor=keeper,
                    measure_id=measure.public_id,
                    act=StandingAct.COMPLETE,
                    comment="任务完成，材料齐全，予以办结。",
                )


def _play_live(ledger: Ledger, people: dict[int, User], chance: random.Random) -> None:
    last = shifted(month_of(clock.today()), -1)
    months = [shifted(last, -back) for back in reversed(range(MONTHS))]
    for step, month in enumerate(months, 1):
        for duty in _duties(ledger):
            if _is_told(duty, step):
                _report(duty, month, people, chance, share=Decimal(step) / (MONTHS + 1))


def _is_told(duty: Duty, step: int) -> bool:
    """Two departments fell silent, most governments never spoke."""
    if duty.source_words != duty.name or duty.name in _DILIGENT:
        return duty.name in _DILIGENT
    return duty.name not in _SILENT or step == 1


def _report(
    duty: Duty, month: date, people: dict[int, User], chance: random.Random, *, share: Decimal
) -> None:
    actor = people.get(duty.office_id or 0)
    if actor is None:
        return
    place = chance.randrange(len(_WORDS))
    figures = {
        goal.public_id: plain(_figure(goal.target, goal.unit, share))
        for goal in duty.measure.goals.all()
    }
    with clock.playing(_at(shifted(month, 1), 2, chance.randrange(400))):
        data = ReportInput(month, _WORDS[place], _NEXT, figures)
        report_month(actor=actor, duty_id=duty.public_id, data=data)


def _figure(target: Decimal, unit: str, share: Decimal) -> Decimal:
    """On the way from seven tenths to the target."""
    reached = target * (Decimal("0.7") + Decimal("0.3") * share)
    step = Decimal("0.1") if unit == "%" else Decimal(1)
    return reached.quantize(step, ROUND_HALF_UP)


def _issue(cast: Cast, ledger: Ledger) -> Paper | None:
    """The newest month that is closed: drafted, checked and signed by three people."""
    closed = list(_closed_months(ledger))
    register = Register.objects.filter(office=ledger.office, prefix=_LEDGERS["register"]).first()
    if not closed or register is None:
        return None
    moment = min(closes_at(closed[-1], ledger.due_day) + timedelta(hours=10), clock.now())
    with clock.playing(moment):
        draft = start_draft(
            actor=cast.manager,
            kind=SUPERVISION_REPORT,
            register=register.public_id,
            subject=key_of(ledger, closed[-1]),
        )
        for actor, action in (
            (cast.manager, DraftAction.SEND),
            (cast.checker, DraftAction.CHECK),
            (cast.publisher, DraftAction.ISSUE),
        ):
            draft = move_draft(actor=actor, draft_id=draft.public_id, move=Move(action))
    return draft.paper


def _closed_months(ledger: Ledger) -> Iterator[date]:
    month = shifted(month_of(clock.today()), -MONTHS)
    while closes_at(month, ledger.due_day) <= clock.now():
        yield month
        month = shifted(month, 1)


def _set_standings(cast: Cast, ledger: Ledger) -> None:
    """What followed from the 专报: one measure said to lag and urged, one done."""
    measures: Sequence[Measure] = list(ledger.measures.order_by("order"))
    lagging = next(each for each in measures if _LEDGERS["urged"] in each.closing)
    urge_units(
        actor=cast.manager,
        measure_id=lagging.public_id,
        words="已连续数月没有填报进展，请说明原因并补报。",
    )
    set_standing(
        actor=cast.manager,
        measure_id=lagging.public_id,
        act=StandingAct.LAG,
        comment="责任单位连续数月未填报进展。",
    )
    done = next(each for each in measures if _LEDGERS["done"] in each.text)
    set_standing(
        actor=cast.manager,
        measure_id=done.public_id,
        act=StandingAct.COMPLETE,
        comment=_LEDGERS["done_words"],
    )


def count_measures() -> dict[str, int]:
    """For the summary: lines of all ledgers, and the documents issued on them."""
    return {
        "measures": Measure.objects.count(),
        "supervision_reports": Paper.objects.filter(kind=SUPERVISION_REPORT).count(),
    }
