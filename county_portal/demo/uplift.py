"""Uplift plans: a city's as it was issued, and one in force this year so that now and forecast live on monthly figures.

The second is invented: it takes the first one's targets by class and the classes of the newest published list.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from county_portal.accounts.models import Office
from county_portal.accounts.selectors import county_office
from county_portal.common import clock
from county_portal.demo.accounts import SHOWN_COUNTY
from county_portal.demo.season import Stage
from county_portal.demo.story import STORY
from county_portal.notices.actions import quiet
from scoring.selectors.lists import list_current
from uplift.actions.drafts import DraftKey, NewPlan, begin_plan, edit_draft
from uplift.actions.expectations import Answer, answer_expectations
from uplift.actions.importing import draft_of, issued_on, read_plan_file
from uplift.actions.moving import move_version
from uplift.actions.spending import SpendingInput, record_spending
from uplift.enums import PlanAction, VersionState
from uplift.models import ClassTarget, Plan, PlanVersion, Spending, StageCounty
from uplift.rules.text import FundYear, Heading, Move, PlanText, text_of
from uplift.rules.text import Stage as PlanStage
from uplift.selectors.expectations import read_expected
from uplift.selectors.plans import counties_of

_PLAN: Mapping[str, Any] = STORY.get("plan", {})
_FUND = Decimal(8_000_000)
_USES = "健全县域科技服务网络，组织业务辅导、成果对接和科技特派员服务。"
_BELOW = "基数较低，按现有培育储备测算，本年先达到县定目标，明年补足。"


@dataclass(frozen=True, slots=True)
class _Desk:
    """An office as the cast is asked for its people."""

    office_id: int
    reviewing_office_id: int


def play_plans(stage: Stage) -> None:
    """Both plans, where the province's story has a source; others draw none up here."""
    if not _PLAN:
        return
    with stage.timed("uplift"):
        _play_source(stage)
        _play_current(stage)
    stage.say(f"跃升计划{PlanVersion.objects.filter(state=VersionState.SETTLED).count()}个已审定")


def _play_source(stage: Stage) -> PlanVersion:
    """The city's own, on the day it bears; long ago, so that nobody's inbox holds it."""
    document = read_plan_file(_PLAN["source"])
    office = Office.objects.get(name=document["office"])
    desk, day = _Desk(0, office.pk), issued_on(document)
    with quiet(), clock.playing(datetime(day.year, day.month, day.day, 9, tzinfo=clock.BEIJING)):
        drafter = stage.counties.cast.reviewer(desk)
        version = draft_of(actor=drafter, document=document, system_version=stage.version)
        _settle(stage, desk, version)
    with quiet(), clock.playing(datetime(day.year, 11, 15, 9, tzinfo=clock.BEIJING)):
        for use, number in _PLAN["spending"]:
            spending = SpendingInput(
                day.year,
                Decimal(7_000_000),
                use,
                number.format(year=day.year),
                clock.today(),
            )
            record_spending(actor=drafter, version_id=version.public_id, data=spending)
    return version


def _settle(stage: Stage, desk: _Desk, version: PlanVersion) -> None:
    cast = stage.counties.cast
    move_version(actor=cast.reviewer(desk), version_id=version.public_id, action=PlanAction.SUBMIT)
    move_version(
        actor=cast.signer(desk),
        version_id=version.public_id,
        action=PlanAction.SETTLE,
        comment="同意，按计划组织实施。",
    )


def _play_current(stage: Stage) -> None:
    """The shown county's city, settled early this year; its counties answer what is expected of them."""
    lists, today = list_current(), clock.today()
    if not lists or today.year <= lists[0].collection.data_year:
        return
    listed = dict(lists[0].rows.order_by("rank").values_list("region__code", "class_name"))
    office = Office.objects.get(
        reviewed_regions__code=SHOWN_COUNTY, reviewed_regions__valid_to=None
    )
    desk = _Desk(0, office.pk)
    counties = [region.code for region in counties_of(office) if region.code in listed]
    if len(counties) != len(counties_of(office)):
        return
    text = _current_text(
        {code: listed[code] for code in listed if code in counties},
        lists[0].collection.data_year,
        today.year,
        office.region.name if office.region else office.short_name,
    )
    with clock.playing(datetime(today.year, 1, 8, 9, tzinfo=clock.BEIJING)):
        drafter, head = stage.counties.cast.reviewer(desk), text.heading
        begun = NewPlan(stage.version, head.title, head.base_year, head.from_year, head.to_year)
        version = begin_plan(actor=drafter, data=begun)
        key = DraftKey(version.public_id, version.revision)
        edit_draft(actor=drafter, key=key, edit=lambda _: text)
        _settle(stage, desk, version)
    _answer(stage, version, office)


def _current_text(listed: Mapping[str, str], base: int, year: int, city: str) -> PlanText:
    """The better half of class C rises this year with the best of B, the rest of C next year."""
    document = read_plan_file(_PLAN["source"])
    source = text_of({**document, "stages": []})
    best, middle, lowest = source.heading.classes
    in_middle = [code for code, name in listed.items() if name == middle]
    in_lowest = [code for code, name in listed.items() if name == lowest]
    half = (len(in_lowest) + 1) // 2
    first = [Move(code, middle, best) for code in in_middle[:1]]
    first += [Move(code, lowest, middle) for code in in_lowest[:half]]
    second = [Move(code, lowest, middle) for code in in_lowest[half:]]
    counts = {name: list(listed.values()).count(name) for name in source.heading.classes}
    after_first, after_second = _after(counts, first), _after(_after(counts, first), second)
    heading = Heading(
        title=f"{city}县域科技创新跃升计划（{year}—{year + 1}年）",
        document_number="",
        base_year=base,
        from_year=year,
        to_year=year + 1,
        classes=source.heading.classes,
        base_counts=counts,
    )
    return PlanText(
        heading,
        lines=tuple(replace(line, data_year=year, sentence="") for line in source.lines),
        growth=tuple(replace(rule, sentence="") for rule in source.growth),
        stages=(
            PlanStage("第一阶段：重点突破", year, year + 1, after_first, tuple(first)),
            PlanStage("第二阶段：整体跃升", year + 1, year + 2, after_second, tuple(second)),
        ),
        fund=tuple(FundYear(each, _FUND, _USES) for each in (year, year + 1)),
    )


def _after(counts: Mapping[str, int], moves: Sequence[Move]) -> dict[str, int]:
    risen, left = Counter(m.after for m in moves), Counter(m.before for m in moves)
    return {name: count + risen[name] - left[name] for name, count in counts.items()}


def _answer(stage: Stage, version: PlanVersion, office: Office) -> None:
    """The shown county says why it aims lower on one line; a neighbour without targets adopts them all."""
    adopted = False
    for region in counties_of(office):
        filler = stage.counties.cast.filler(_Desk(county_office(region).pk, office.pk))
        expected = read_expected(filler, version, region, clock.today().year)
        if expected is None:
            continue
        if region.code == SHOWN_COUNTY:
            below = [line for line in expected.lines if line.is_below][:1]
            answers = [Answer(line.indicator.code, None, _BELOW) for line in below]
        elif expected.open_lines and not adopted:
            answers = [Answer(row.indicator.code, row.expected) for row in expected.open_lines]
            adopted = True
        else:
            continue
        seen = expected.fingerprint
        answer_expectations(actor=filler, version_id=version.public_id, seen=seen, answers=answers)


def count_plans() -> dict[str, int]:
    """What the summary counts."""
    return {
        "plans": Plan.objects.count(),
        "settled": PlanVersion.objects.filter(state=VersionState.SETTLED).count(),
        "class_targets": ClassTarget.objects.count(),
        "named_counties": StageCounty.objects.count(),
        "spending": Spending.objects.count(),
    }
