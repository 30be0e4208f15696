"""The county sums up its years as a pilot: begins, writes, attaches evidence (S0 三(三))."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from applications.actions.terms import kept
from applications.enums import AcceptanceState, PilotState
from applications.models import Acceptance, AcceptanceFile, AcceptanceLine, Pilot, PilotTarget
from applications.rules.acceptance import TEXTS
from applications.rules.terms import acceptance_refusal
from applications.selectors.acceptances import (
    EDITABLE,
    acceptances_of,
    get_acceptance,
    get_own_file,
)
from applications.selectors.final_figures import known_figures
from applications.selectors.pilots import get_pilot, term_of
from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.common.numbers import NumberFormat, parse_number
from county_portal.common.steps import ensure_seen
from county_portal.files.models import StoredFile


@dataclass(frozen=True, slots=True)
class FigureInput:
    """One indicator as typed."""

    text: str
    words: str


@dataclass(frozen=True, slots=True)
class SummaryInput:
    """The summary as typed; `texts` by their names, `figures` by the target's primary key."""

    revision: int
    texts: Mapping[str, str]
    figures: Mapping[int, FigureInput]


@transaction.atomic
def begin_acceptance(*, actor: User, pilot_id: UUID) -> Acceptance:
    """Begin the summary; figures already known are filled in.

    Raises Stale before the last half year of the term, for a pilot that is not being built, or while one is under
    way. After the term it may still begin.
    """
    pilot = get_pilot(actor, pilot_id, lock=True)
    if not actor.holds(Permission.APPLY):
        raise NotAllowed
    refusal = acceptance_refusal(pilot.region.full_name, pilot.state, term_of(pilot))
    if refusal:
        raise refusal
    before = acceptances_of(pilot)
    acceptance = _insert(
        Acceptance(
            pilot=pilot,
            number=len(before) + 1,
            state_since=clock.now(),
            begun_by=actor,
            begun_at=clock.now(),
            # 限期整改: handed in again by the day that was set.
            correction_due_on=before[0].rectify_by
            if before and pilot.state == PilotState.RECTIFYING
            else None,
        )
    )
    _prefill(acceptance)
    record(actor, acceptance_entry("begin_acceptance", acceptance, {"number": acceptance.number}))
    return acceptance


def _insert(acceptance: Acceptance) -> Acceptance:
    try:
        with transaction.atomic():
            acceptance.save(force_insert=True)
    except IntegrityError as error:
        name = acceptance.pilot.region.full_name
        raise Stale(
            "acceptance_begun", f"{name}的总结验收已经开始，请从试点页面打开继续办理。"
        ) from error
    return acceptance


def _prefill(acceptance: Acceptance) -> None:
    known = known_figures(acceptance.pilot)
    AcceptanceLine.objects.bulk_create(
        AcceptanceLine(acceptance=acceptance, target_id=target, number=number, words=words)
        for target, (number, words) in known.items()
    )


@transaction.atomic
def save_summary(*, actor: User, acceptance_id: UUID, summary: SummaryInput) -> Acceptance:
    """Save texts and figures. Raises Stale where a colleague saved meanwhile, Invalid for a number that is none."""
    acceptance = _lock_for_editing(actor, acceptance_id, summary.revision)
    for name in TEXTS:
        setattr(acceptance, name, summary.texts.get(name, "").strip())
    targets = {target.pk: target for target in acceptance.pilot.targets.all()}
    lines = [
        AcceptanceLine(
            acceptance=acceptance,
            target=targets[key],
            number=_number(targets[key], figure.text),
            words=figure.words.strip(),
        )
        for key, figure in summary.figures.items()
        if key in targets
    ]
    AcceptanceLine.objects.bulk_create(
        lines,
        update_conflicts=True,
        unique_fields=["acceptance", "target"],
        update_fields=["number", "words"],
    )
    return _count(actor, acceptance, "save_acceptance", {"lines": len(lines)})


def _number(target: PilotTarget, text: str) -> Decimal | None:
    if target.is_qualitative:
        return None
    try:
        return parse_number(text, NumberFormat(unit=target.unit), target.name)
    except Invalid as refusal:
        raise Invalid(refusal.code, refusal.sentence, f"number_{target.pk}") from refusal


@transaction.atomic
def add_file(
    *, actor: User, acceptance_id: UUID, name: str, file: UploadedFile | StoredFile
) -> AcceptanceFile:
    """Attach evidence. Raises Invalid for a file that may not be kept or has no name."""
    acceptance = _lock_for_editing(actor, acceptance_id, None)
    if not name.strip():
        raise Invalid("name_required", "请填写材料名称。", "name")
    stored = kept(actor, file)
    if stored is None:
        raise Invalid("file_required", "请选择要上传的文件。", "file")
    added = AcceptanceFile.objects.create(
        acceptance=acceptance,
        name=name.strip(),
        file=stored,
        added_by=actor,
        added_at=clock.now(),
    )
    _count(actor, acceptance, "add_acceptance_file", {"name": added.name, "sha256": stored.sha256})
    return added


@transaction.atomic
def remove_file(*, actor: User, file_id: UUID) -> Acceptance:
    """Take evidence off again."""
    found = get_own_file(actor, file_id)
    acceptance = _lock_for_editing(actor, found.acceptance.public_id, None)
    name = found.name
    found.delete()
    return _count(actor, acceptance, "remove_acceptance_file", {"name": name})


def _lock_for_editing(actor: User, acceptance_id: UUID, revision: int | None) -> Acceptance:
    acceptance = get_acceptance(actor, acceptance_id, lock=True)
    if not actor.holds(Permission.APPLY):
        raise NotAllowed
    if acceptance.state not in EDITABLE:
        label = AcceptanceState(acceptance.state).label
        raise Stale(
            "stale_state",
            f"验收材料现为“{label}”，不能修改。需要修改的，请联系审核单位退回或由负责人撤回。",
        )
    require_building(acceptance.pilot)
    ensure_seen("验收材料", seen=revision, revision=acceptance.revision)
    return acceptance


def require_building(pilot: Pilot) -> None:
    """Raise Stale unless the pilot is being built or put right."""
    if not pilot.is_building:
        raise Stale(
            "pilot_not_active",
            f"{pilot.region.full_name}试点现为“{pilot.get_state_display()}”，不能办理总结验收。请先核对试点状态。",
        )


def _count(
    actor: User, acceptance: Acceptance, act: str, detail: Mapping[str, object]
) -> Acceptance:
    acceptance.revision += 1
    acceptance.save()
    record(actor, acceptance_entry(act, acceptance, detail))
    return acceptance


def acceptance_entry(act: str, acceptance: Acceptance, detail: Mapping[str, object]) -> Entry:
    """An audit entry about an acceptance."""
    key, code = str(acceptance.public_id), acceptance.pilot.region.code
    return Entry(act, "acceptance", key, detail, code)
