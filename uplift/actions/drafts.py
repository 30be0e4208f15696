"""Drawing a plan up: begun, written part by part, begun anew as an amendment."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from county_portal.accounts.models import Region, User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from indicators.models import FactMeaning, Indicator, SystemVersion
from uplift.enums import VersionState
from uplift.models import (
    ClassTarget,
    FundYear,
    Goal,
    GrowthRule,
    Plan,
    PlanVersion,
    Stage,
    StageCounty,
    TargetLine,
)
from uplift.rules.text import Growth, PlanText, document_of
from uplift.selectors.plans import (
    class_names,
    counties_of,
    get_draft,
    version_in_preparation,
)
from uplift.selectors.texts import listed_counts, read_text

MAX_LINES, MAX_STAGES = 60, 12


@dataclass(frozen=True, slots=True)
class NewPlan:
    """What a plan begins with; the rest is written into the draft."""

    system_version: SystemVersion
    title: str
    base_year: int
    from_year: int
    to_year: int


@transaction.atomic
def begin_plan(*, actor: User, data: NewPlan) -> PlanVersion:
    """Begin a plan of one's own office.

    Raises Invalid where the years are not in order, or no scheme names the classes yet.
    """
    if not actor.holds(Permission.PLAN_UPLIFT):
        raise NotAllowed
    _refuse_years(data.base_year, data.from_year, data.to_year)
    classes = class_names(data.system_version)
    if len(classes) <= 1:
        raise Invalid(
            "no_classes",
            f"{data.system_version.system}还没有已锁定的评分方案，不知道分几类，请先锁定评分方案。",
            "system_version",
        )
    now = clock.now()
    plan = Plan.objects.create(office=actor.office, created_by=actor, created_at=now)
    version = PlanVersion(
        plan=plan,
        number=1,
        state_since=now,
        system_version=data.system_version,
        title=data.title,
        base_year=data.base_year,
        from_year=data.from_year,
        to_year=data.to_year,
        classes=list(classes),
        drafted_by=actor,
    )
    version.base_counts = listed_counts(version)
    version.save()
    record(actor, _entry("begin_uplift_plan", version, {"title": data.title}))
    return version


def _refuse_years(base: int, first: int, last: int) -> None:
    if first > last:
        raise Invalid("years_order", f"起始年{first}晚于终止年{last}，请改正。", "to_year")
    if base >= last:
        raise Invalid(
            "base_year_late", f"基期数据年度{base}应早于终止年{last}，请改正。", "base_year"
        )


@dataclass(frozen=True, slots=True)
class DraftKey:
    """Which draft, and which saving of it a page showed."""

    version_id: UUID
    seen: int


Edit = Callable[[PlanText], PlanText]


@transaction.atomic
def edit_draft(*, actor: User, key: DraftKey, edit: Edit) -> PlanVersion:
    """Write a draft anew with what `edit` makes of its text; the same text again writes nothing.

    Raises Stale `edited_meanwhile` if somebody saved since, Invalid for what can never stand in a plan: a
    target of the lowest class, a county of another city, the growth of a figure that is better when lower.
    """
    if not actor.holds(Permission.PLAN_UPLIFT):
        raise NotAllowed
    version = get_draft(actor, key.version_id, lock=True)
    _refuse_stale(version, key.seen)
    before = read_text(version)
    after = edit(before)
    if after == before:
        return version
    _refuse_text(version, after)
    _write(version, after)
    version.revision += 1
    version.save()
    changed = sorted(_differing(document_of(before), document_of(after)))
    record(actor, _entry("edit_uplift_plan", version, {"parts": changed, "digest": after.digest}))
    return version


def _refuse_stale(version: PlanVersion, seen: int) -> None:
    if version.state != VersionState.DRAFTED:
        raise Stale(
            "not_a_draft", f"“{version.title}”已送审定，不能再改。请先收回修改，或由审定人退回。"
        )
    if version.revision != seen:
        raise Stale(
            "edited_meanwhile",
            "在您填写期间，同事已保存过本计划。您的填写没有保存，请刷新页面核对后再填。",
        )


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    return {name for name in after if before.get(name) != after[name]}


def _refuse_text(version: PlanVersion, text: PlanText) -> None:
    head = text.heading
    _refuse_years(head.base_year, head.from_year, head.to_year)
    if len(text.lines) > MAX_LINES or len(text.stages) > MAX_STAGES:
        raise Invalid(
            "plan_too_long", f"分类目标最多{MAX_LINES}行、阶段最多{MAX_STAGES}个，请精简。"
        )
    _refuse_lines(version, text)
    _refuse_growth(text.growth)
    counties = {region.code for region in counties_of(version.plan.office)}
    for stage in text.stages:
        strange = [move.county for move in stage.moves if move.county not in counties]
        if strange:
            raise Invalid(
                "strange_county",
                f"“{stage.name}”中的{_region_name(strange[0])}不是{version.plan.office.name}所属的县（市、区），请改正。",
                "moves",
            )


def _refuse_lines(version: PlanVersion, text: PlanText) -> None:
    lowest = text.heading.classes[-1]
    known = set(version.system_version.indicators.values_list("code", flat=True))
    keys = [line.key for line in text.lines]
    for line in text.lines:
        if lowest in line.targets:
            raise Invalid(
                "target_of_lowest_class",
                f"“{line.name}”填写了{lowest}类县的目标：{lowest}类县的任务是跃升，不设{lowest}类目标，请清空。",
                "targets",
            )
        if line.indicator and line.indicator not in known:
            raise Invalid(
                "unknown_indicator",
                f"“{line.name}”对应的指标“{line.indicator}”不在指标体系中，请重新选择。",
                "targets",
            )
        if keys.count(line.key) > 1:
            raise Invalid(
                "line_twice",
                f"“{line.name}”{line.data_year}年度的目标写了多行，请合并。",
                "targets",
            )
        if any(number < 0 for number in line.targets.values()):
            raise Invalid("target_negative", f"“{line.name}”的目标不能为负数，请核对。", "targets")


def _refuse_growth(rules: Sequence[Growth]) -> None:
    """A figure that is better when lower has no growth to be asked for."""
    lower = Indicator.objects.filter(lower_is_better=True)
    codes = {each.meaning for each in rules}
    known = set(FactMeaning.objects.filter(code__in=codes).values_list("code", flat=True))
    for each in rules:
        if each.meaning not in known:
            raise Invalid(
                "unknown_fact",
                f"增长要求中的“{each.meaning}”不在数据台账中，请重新选择。",
                "growth",
            )
        if each.percent <= 0:
            raise Invalid("growth_not_positive", "增长要求应大于0%，请改正。", "growth")
    shrinking = lower.filter(fact__code__in=codes) | lower.filter(numerator_fact__code__in=codes)
    worse = shrinking.first()
    if worse is not None:
        raise Invalid(
            "growth_of_lower_is_better",
            f"“{worse.name}”越低越好，不能要求增长，请删去这一条或改用其他指标。",
            "growth",
        )


def _region_name(code: str) -> str:
    region = Region.objects.filter(code=code).order_by("-valid_from").first()
    return region.full_name if region else f"“{code}”"


def _write(version: PlanVersion, text: PlanText) -> None:
    head = text.heading
    for name in ("title", "document_number", "base_year", "from_year", "to_year", "sentence"):
        setattr(version, name, getattr(head, name))
    version.base_counts = dict(head.base_counts)
    for rows in (version.lines, version.growth_rules, version.stages, version.goals):
        rows.all().delete()
    version.fund_years.all().delete()
    _write_lines(version, text)
    _write_stages(version, text)
    meanings = dict(FactMeaning.objects.values_list("code", "pk"))
    GrowthRule.objects.bulk_create(
        GrowthRule(
            version=version,
            order=order,
            meaning_id=meanings[each.meaning],
            percent=each.percent,
            mode=each.mode,
            sentence=each.sentence,
        )
        for order, each in enumerate(text.growth, 1)
    )
    Goal.objects.bulk_create(
        Goal(
            version=version,
            order=order,
            year=goal.year,
            counts=dict(goal.counts),
            sentence=goal.sentence,
        )
        for order, goal in enumerate(text.goals, 1)
    )
    FundYear.objects.bulk_create(
        FundYear(version=version, year=each.year, amount=each.amount, uses=each.uses)
        for each in text.fund
    )


def _write_lines(version: PlanVersion, text: PlanText) -> None:
    ids = dict(version.system_version.indicators.values_list("code", "pk"))
    rows = TargetLine.objects.bulk_create(
        TargetLine(
            version=version,
            order=order,
            name=line.name,
            unit=line.unit,
            indicator_id=ids.get(line.indicator),
            data_year=line.data_year,
            sentence=line.sentence,
        )
        for order, line in enumerate(text.lines, 1)
    )
    ClassTarget.objects.bulk_create(
        ClassTarget(line=row, class_name=name, number=number)
        for row, line in zip(rows, text.lines, strict=True)
        for name, number in line.targets.items()
    )


def _write_stages(version: PlanVersion, text: PlanText) -> None:
    regions = {region.code: region.pk for region in counties_of(version.plan.office)}
    rows = Stage.objects.bulk_create(
        Stage(
            version=version,
            order=order,
            name=stage.name,
            data_year=stage.data_year,
            publication_year=stage.publication_year,
            counts=dict(stage.counts),
            sentence=stage.sentence,
        )
        for order, stage in enumerate(text.stages, 1)
    )
    StageCounty.objects.bulk_create(
        StageCounty(
            stage=row,
            order=order,
            region_id=regions[move.county],
            before=move.before,
            after=move.after,
        )
        for row, stage in zip(rows, text.stages, strict=True)
        for order, move in enumerate(stage.moves, 1)
    )


@transaction.atomic
def amend_plan(*, actor: User, version_id: UUID, reason: str) -> PlanVersion:
    """Begin a new version of the plan in force, with its text and the reason; it replaces it once settled.

    Raises Stale where another version is in force or one is in preparation, Invalid without a reason.
    """
    if not actor.holds(Permission.PLAN_UPLIFT):
        raise NotAllowed
    version = get_draft(actor, version_id, lock=True)
    if not reason.strip():
        raise Invalid("reason_required", "请写明修订计划的原因。", "reason")
    if version.state != VersionState.SETTLED:
        raise Stale("not_in_force", "只有执行中的计划可以修订。请刷新页面查看最新版本。")
    if version_in_preparation(version.plan):
        raise Stale("amendment_under_way", "本计划已有一个版本正在拟定或审定，请先办完。")
    now, text = clock.now(), read_text(version)
    fresh = PlanVersion(
        plan=version.plan,
        number=version.number + 1,
        state_since=now,
        system_version=version.system_version,
        classes=version.classes,
        amendment_reason=reason.strip(),
        drafted_by=actor,
        **{name: getattr(text.heading, name) for name in _COPIED},
    )
    _insert(fresh)
    _write(fresh, text)
    fresh.save()
    record(actor, _entry("amend_uplift_plan", fresh, {"reason": reason.strip()}))
    return fresh


_COPIED = ("title", "document_number", "base_year", "from_year", "to_year", "base_counts")


def _insert(version: PlanVersion) -> None:
    """Two who begin at once: the database lets one through."""
    try:
        with transaction.atomic():
            version.save(force_insert=True)
    except IntegrityError as error:
        raise Stale("amendment_under_way", "本计划已有一个版本正在拟定，请先办完。") from error


def _entry(act: str, version: PlanVersion, detail: Mapping[str, Any]) -> Entry:
    detail = {"version": version.number, **detail}
    return Entry(act, "uplift_plan", str(version.plan.public_id), detail)


def may_plan(user: User, version: PlanVersion) -> bool:
    """Whether the user may write this version now."""
    return (
        user.holds(Permission.PLAN_UPLIFT)
        and version.plan.office_id == user.office_id
        and version.state == VersionState.DRAFTED
    )
