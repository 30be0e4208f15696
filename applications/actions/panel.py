"""The panel: what is judged, who judges what, conflicts of interest, opinions."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from applications.actions.records import application_entry
from applications.enums import ApplicationState, SheetState
from applications.models import Criterion, PanelScore, PanelSheet, PilotRound
from applications.rules.panel import DEFAULT_CRITERIA, CriterionInput
from applications.selectors.applications import get_round
from applications.selectors.panels import (
    get_sheet,
    is_judged,
    list_experts,
    list_involved,
    list_judgeable,
    list_managers,
    list_round_sheets,
)
from applications.selectors.selection import list_criteria, standing_list
from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.common.numbers import plain
from county_portal.common.province import words
from county_portal.notices.actions import Message, notify

_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class OpinionInput:
    """An opinion as entered: points by the criteria's ids, and words."""

    points: Mapping[UUID, Decimal]
    comment: str


@transaction.atomic
def set_criteria(
    *, actor: User, round_id: UUID, criteria: Sequence[CriterionInput]
) -> list[Criterion]:
    """Say what experts judge in a round. Raises Stale once an opinion was given, Invalid for none or names twice."""
    call = _run(actor, round_id)
    if is_judged(call):
        raise Stale(
            "panel_begun",
            f"“{call.title}”已有专家提交评审意见，评审内容和分值不能再改。",
        )
    names = [each.name.strip() for each in criteria]
    if not criteria:
        raise Invalid("criteria_required", "请至少填写一项评审内容和满分。", "criteria")
    if len(set(names)) < len(names):
        raise Invalid("criterion_twice", "评审内容的名称有重复，请改为不同的名称。", "criteria")
    call.criteria.all().delete()
    return _store(actor, call, criteria)


def _store(actor: User, call: PilotRound, criteria: Sequence[CriterionInput]) -> list[Criterion]:
    made = Criterion.objects.bulk_create(
        Criterion(
            round=call,
            order=order,
            name=each.name.strip(),
            explanation=each.explanation.strip(),
            maximum=each.maximum,
        )
        for order, each in enumerate(criteria, 1)
    )
    detail = {"criteria": [[each.name, plain(each.maximum)] for each in made]}
    record(actor, Entry("set_criteria", "pilot_round", str(call.public_id), detail))
    return made


Pair = tuple[UUID, UUID]


@transaction.atomic
def assign_experts(
    *,
    actor: User,
    round_id: UUID,
    pairs: Collection[Pair],
    seen: Collection[Pair] | None = None,
) -> tuple[int, int]:
    """Have exactly these experts judge: pairs of application and expert. Returns how many were added and taken back.

    `seen` are the pairs that stood on the page; what a colleague assigned or took back meanwhile stays so. Sheets
    already given or declined stay whatever is asked, and so do those of materials that are being put right; what is
    not admitted takes no expert, and nobody judges what he had a hand in.
    """
    call = _run(actor, round_id)
    if not list_criteria(call):
        _store(actor, call, DEFAULT_CRITERIA)
    applications = {row.public_id: row for row in list_judgeable(call)}
    experts = {person.public_id: person for person in list_experts()}
    if any(row not in applications or person not in experts for row, person in pairs):
        raise Invalid(
            "assignment_unknown",
            "所选的县（市、区）或专家不在可分派之列，请刷新页面后重选。",
            "pairs",
        )
    sheets = {
        (sheet.application.public_id, sheet.expert.public_id): sheet
        for sheet in list_round_sheets(call)
    }
    added = [
        PanelSheet(application=applications[row], expert=experts[person], assigned_at=clock.now())
        for row, person in pairs
        if (row, person) not in sheets and (seen is None or (row, person) not in seen)
    ]
    _refuse_involved(added)
    taken = [
        sheet
        for key, sheet in sheets.items()
        if key not in pairs
        and (seen is None or key in seen)
        and key[0] in applications
        and sheet.state == SheetState.ASSIGNED
    ]
    PanelSheet.objects.bulk_create(added)
    PanelSheet.objects.filter(pk__in=[sheet.pk for sheet in taken]).delete()
    _record_assignment(actor, call, added, taken)
    return len(added), len(taken)


def _refuse_involved(added: Sequence[PanelSheet]) -> None:
    involved = list_involved([each.application for each in added])
    for each in added:
        if each.expert.pk in involved[each.application.pk]:
            name = each.application.region.full_name
            raise Invalid(
                "expert_involved",
                f"{each.expert.display_name}参与过{name}申报材料的编制、审核或审查，应当回避，"
                "不能分派其评审，请取消勾选后再保存。",
                "pairs",
            )


def _record_assignment(
    actor: User, call: PilotRound, added: Sequence[PanelSheet], taken: Sequence[PanelSheet]
) -> None:
    if not added and not taken:
        return
    detail = {
        "added": [[each.application.region.code, each.expert.login] for each in added],
        "taken_back": [[each.application.region.code, each.expert.login] for each in taken],
    }
    record(actor, Entry("assign_experts", "pilot_round", str(call.public_id), detail))
    people = {each.expert.pk: each.expert for each in added}
    notify(
        list(people.values()),
        Message(
            key=f"panel:{call.pk}:{clock.now().isoformat()}",
            kind="panel_assigned",
            title=f"请评审“{call.title}”的申报材料",
            body="请先逐件声明有无利益冲突，再阅读材料、评分。",
            path=reverse("applications:panel"),
        ),
    )


@transaction.atomic
def declare_no_conflict(*, actor: User, sheet_id: UUID) -> PanelSheet:
    """Declare to have no interest in the matter; the materials open."""
    sheet = _open_sheet(actor, sheet_id)
    if sheet.state == SheetState.ASSIGNED and sheet.declared_at is None:
        sheet.declared_at = clock.now()
        sheet.save(update_fields=["declared_at"])
        record(actor, application_entry("declare_no_conflict", sheet.application, {}))
    return sheet


@transaction.atomic
def declare_conflict(*, actor: User, sheet_id: UUID, reason: str) -> PanelSheet:
    """Keep away (回避), saying why; the sheet closes and whoever runs the round is told."""
    sheet = _open_sheet(actor, sheet_id)
    if sheet.state == SheetState.GIVEN:
        raise Stale(
            "opinion_given",
            f"您已提交对{sheet.application.region.full_name}的评审意见，不能再声明回避。请联系{words().province_office}处理。",
        )
    if not reason.strip():
        raise Invalid("conflict_reason_required", "请写明需要回避的原因。", "reason")
    sheet.state, sheet.conflict = SheetState.CONFLICTED, reason.strip()
    sheet.declared_at = clock.now()
    sheet.save(update_fields=["state", "conflict", "declared_at"])
    record(
        actor, application_entry("declare_conflict", sheet.application, {"reason": reason.strip()})
    )
    application = sheet.application
    notify(
        list_managers(),
        Message(
            key=f"panel-conflict:{sheet.pk}",
            kind="panel_conflict",
            title=f"{actor.display_name}回避{application.region.full_name}的评审",
            body=reason.strip(),
            path=reverse("applications:panel_setup", args=[application.round.public_id]),
        ),
    )
    return sheet


@transaction.atomic
def give_opinion(*, actor: User, sheet_id: UUID, opinion: OpinionInput) -> PanelSheet:
    """Give, or change, one's opinion: points for every criterion within its maximum, and words.

    Raises Stale before the declaration, after keeping away, once the list is drafted, or for other criteria.
    """
    sheet = _open_sheet(actor, sheet_id)
    name = sheet.application.region.full_name
    if sheet.state == SheetState.CONFLICTED or sheet.declared_at is None:
        raise Stale(
            "conflict_undeclared",
            f"对{name}的评审还没有声明无利益冲突，或已声明回避，不能提交意见。请返回评审页办理。",
        )
    if sheet.application.state != ApplicationState.ADMITTED:
        raise Stale(
            "not_judgeable", f"{name}的申报材料已退回补正，重新报送并通过形式审查后再评审。"
        )
    criteria = {each.public_id: each for each in list_criteria(sheet.application.round)}
    if set(opinion.points) != set(criteria):
        raise Stale("criteria_changed", "评审内容在您打开页面之后有调整，请刷新页面后重新评分。")
    for key, criterion in criteria.items():
        _check_points(criterion, opinion.points[key])
    if not opinion.comment.strip():
        raise Invalid("comment_required", "请填写评审意见。", "comment")
    before = {
        score.criterion.name: plain(score.score)
        for score in sheet.scores.select_related("criterion")
    }
    _write(sheet, opinion, criteria)
    detail = {
        "before": before,
        "points": {each.name: plain(opinion.points[key]) for key, each in criteria.items()},
        "comment": opinion.comment.strip(),
    }
    record(actor, application_entry("give_opinion", sheet.application, detail))
    return sheet


def _write(sheet: PanelSheet, opinion: OpinionInput, criteria: Mapping[UUID, Criterion]) -> None:
    sheet.state, sheet.given_at = SheetState.GIVEN, clock.now()
    sheet.comment = opinion.comment.strip()
    sheet.save(update_fields=["state", "given_at", "comment"])
    PanelScore.objects.bulk_create(
        [
            PanelScore(sheet=sheet, criterion=criterion, score=opinion.points[key])
            for key, criterion in criteria.items()
        ],
        update_conflicts=True,
        unique_fields=["sheet", "criterion"],
        update_fields=["score"],
    )


def _check_points(criterion: Criterion, points: Decimal) -> None:
    if not 0 <= points <= criterion.maximum:
        raise Invalid(
            "score_out_of_range",
            f"“{criterion.name}”请填写0至{plain(criterion.maximum)}分。",
            f"points-{criterion.public_id}",
        )
    if points != points.quantize(_HUNDREDTH):
        raise Invalid(
            "score_too_fine",
            f"“{criterion.name}”最多两位小数，请改正。",
            f"points-{criterion.public_id}",
        )


def _run(actor: User, round_id: UUID) -> PilotRound:
    call = get_round(actor, round_id, lock=True)
    if not actor.holds(Permission.RUN_PILOTS):
        raise NotAllowed
    _refuse_drafted(call)
    return call


def _open_sheet(actor: User, sheet_id: UUID) -> PanelSheet:
    sheet = get_sheet(actor, sheet_id)
    if not actor.holds(Permission.JUDGE_PILOTS):
        raise NotAllowed
    # The round first, as whoever assigns or drafts the list takes it.
    PilotRound.objects.select_for_update().get(pk=sheet.application.round_id)
    sheet = get_sheet(actor, sheet_id, lock=True)
    _refuse_drafted(sheet.application.round)
    return sheet


def _refuse_drafted(call: PilotRound) -> None:
    pilots = standing_list(call)
    if pilots is not None:
        raise Stale(
            "list_drafted",
            f"“{call.title}”的试点名单{pilots.get_state_display()}，评审已经结束，不能再改变。",
        )
