"""Appeals: filed by the county's head, with the city's opinion, reviewed and decided by two people of the province."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction

from county_portal.accounts.hands import ensure_other_hands
from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.common.text import chinese_date
from county_portal.files.actions import keep_upload
from indicators.models import Submission
from scoring.claims import NO_FIGURE, ClaimInput, ClaimSpec, read_claim
from scoring.corrections import figure_document
from scoring.engine.codec import Json
from scoring.engine.types import Figure
from scoring.enums import AppealAction, AppealState
from scoring.models import Appeal, AppealFile, AppealStep, FigureCorrection, PublishedList, Result
from scoring.notifications import tell_step
from scoring.selectors.appeal_effects import read_effect
from scoring.selectors.appeal_lines import (
    get_line,
    get_own_result,
    settled_refusal,
    window_refusal,
)
from scoring.selectors.appeals import appeal_spec, due_on, get_appeal, indicator_name, is_overdue
from scoring.selectors.lists import get_published
from scoring.workflow import APPEAL_WORKFLOW

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

MAX_FILES = 5


@dataclass(frozen=True, slots=True)
class AppealInput:
    """An appeal as entered: against which line of whose result on which list, why, with what."""

    list_id: UUID
    region_id: UUID
    indicator_code: str
    claim: str
    figure: ClaimInput = NO_FIGURE
    files: Sequence["UploadedFile"] = ()


@transaction.atomic
def file_appeal(*, actor: User, data: AppealInput) -> Appeal:
    """Appeal against a line while the window is open.

    Raises Stale after it, for a list that was corrected, a line under appeal or decided already; Invalid for a
    blank reason, a figure that the form would refuse or the scheme cannot score, too many files.
    """
    if not actor.holds(Permission.APPEAL):
        raise NotAllowed
    published = _lock_list(get_published(data.list_id))
    result = get_own_result(actor, published, data.region_id)
    _line, spec = get_line(published, result, data.indicator_code)
    refusal = window_refusal(published) or settled_refusal(published, result.region, spec)
    if refusal:
        raise refusal
    claim = _words(data.claim, "申诉理由", "claim")
    claimed = read_claim(spec, data.figure)
    if len(data.files) > MAX_FILES:
        raise Invalid("too_many_files", f"证明材料最多{MAX_FILES}个文件，请合并后上传。", "files")
    appeal = _insert(_appeal(actor, published, result, spec, claim))
    appeal.claimed_figure = _stored(claimed)
    if claimed is not None:
        _try(appeal, claimed)
        appeal.save(update_fields=["claimed_figure"])
    for upload in data.files:
        file = keep_upload(actor=actor, upload=upload)
        AppealFile.objects.create(
            appeal=appeal, file=file, name=file.name, added_by=actor, added_at=clock.now()
        )
    _step(actor, appeal, AppealAction.FILE, "", claim, "提出申诉")
    return appeal


def _lock_list(published: PublishedList) -> PublishedList:
    """So that its correction and an appeal against it do not pass each other."""
    PublishedList.objects.select_for_update().get(pk=published.pk)
    return published


def _appeal(
    actor: User, published: PublishedList, result: Result, spec: ClaimSpec, claim: str
) -> Appeal:
    now, submission = clock.now(), result.submission
    return Appeal(
        published_list=published,
        result=result,
        region=result.region,
        office=submission.office,
        reviewing_office=submission.reviewing_office,
        indicator_code=spec.cell.code,
        state=AppealState.FILED,
        state_since=now,
        claim=claim,
        scored_figure=figure_document(spec.scored),
        filed_by=actor,
        filed_at=now,
    )


def _insert(appeal: Appeal) -> Appeal:
    """Let the database say whether one is under way: asking first would leave a gap."""
    try:
        with transaction.atomic():
            appeal.save(force_insert=True)
    except IntegrityError as error:
        raise Stale(
            "appeal_under_way",
            f"“{indicator_name(appeal)}”已有一件申诉正在办理，不能重复提出。请等待办结，或先撤回原申诉。",
        ) from error
    return appeal


def _stored(figure: Figure | None) -> Json:
    return None if figure is None else figure_document(figure)


def _try(appeal: Appeal, figure: Figure) -> None:
    """Raise Invalid with the engine's sentence for a figure that cannot be scored."""
    read_effect(appeal, figure)


@transaction.atomic
def withdraw_appeal(*, actor: User, appeal_id: UUID) -> Appeal:
    """Take an appeal back before the province has reviewed it."""
    return _move(actor, _locked(actor, appeal_id), AppealAction.WITHDRAW, "")


@dataclass(frozen=True, slots=True)
class Opinion:
    """An opinion for or against with its words; `seen` is the `stamp_of` the page was drawn from."""

    is_for: bool
    words: str
    seen: str


@transaction.atomic
def opine(*, actor: User, appeal_id: UUID, opinion: Opinion) -> Appeal:
    """The reviewing office's opinion. Raises Invalid for blank words."""
    appeal = _locked(actor, appeal_id, opinion.seen)
    _find(actor, appeal, AppealAction.OPINE, opinion.words)
    appeal.city_supports, appeal.city_opinion = opinion.is_for, opinion.words.strip()
    return _move(actor, appeal, AppealAction.OPINE, opinion.words)


@transaction.atomic
def go_on_without_city(*, actor: User, appeal_id: UUID, words: str) -> Appeal:
    """Go on without the city, which let its days go by. Raises Stale while it has days left."""
    appeal = _locked(actor, appeal_id)
    _find(actor, appeal, AppealAction.GO_ON, words)
    due = due_on(appeal)
    if due is not None and not is_overdue(appeal):
        raise Stale(
            "city_not_overdue",
            f"{appeal.reviewing_office.name}的意见期限是{chinese_date(due)}，尚未逾期，不能转省级复查。请等待市级意见或催办。",
        )
    return _move(actor, appeal, AppealAction.GO_ON, words)


@dataclass(frozen=True, slots=True)
class Review:
    """What the reviewer finds: a corrected figure or none, with words; `seen` as in Opinion."""

    corrects: bool
    words: str
    seen: str
    figure: ClaimInput = NO_FIGURE


@transaction.atomic
def review_appeal(*, actor: User, appeal_id: UUID, review: Review) -> Appeal:
    """The province's review, for another person to decide.

    Raises Invalid for blank words, a correction without a figure, and a figure that the form or the engine refuses.
    """
    appeal = _locked(actor, appeal_id, review.seen)
    _find(actor, appeal, AppealAction.REVIEW, review.words)
    appeal.proposed_figure = _stored(proposed_figure(appeal, review))
    appeal.proposes_correction, appeal.review_words = review.corrects, review.words.strip()
    appeal.reviewed_by = actor
    return _move(actor, appeal, AppealAction.REVIEW, review.words)


def proposed_figure(appeal: Appeal, review: Review) -> Figure | None:
    """The figure a review would correct to, found scorable; None for a review that corrects nothing."""
    if not review.corrects:
        return None
    figure = read_claim(appeal_spec(appeal), review.figure)
    if figure is None:
        raise Invalid("figure_required", "拟予更正的，请填写更正后的数据。", "text")
    _try(appeal, figure)
    return figure


@transaction.atomic
def reopen_appeal(*, actor: User, appeal_id: UUID, words: str, seen: str) -> Appeal:
    """Send it back to be looked at once more."""
    return _move(actor, _locked(actor, appeal_id, seen), AppealAction.REOPEN, words)


@transaction.atomic
def decide_appeal(*, actor: User, appeal_id: UUID, decision: Opinion) -> Appeal:
    """Decide as another person than the reviewer; upholding writes the correction.

    The county's sheet is locked: a run that is being graded either had the correction or is done before it is made.
    """
    appeal = _locked(actor, appeal_id, decision.seen)
    action = AppealAction.UPHOLD if decision.is_for else AppealAction.REJECT
    _find(actor, appeal, action, decision.words)
    refusal = NotAllowed(
        "second_person_required", "复查申诉的人不能作出决定，请由另一名发布人办理。"
    )
    ensure_other_hands(actor, _hands(appeal), refusal)
    if decision.is_for and appeal.proposed_figure is None:
        raise Invalid(
            "no_correction_proposed",
            "复查意见未提出更正数据，不能认定申诉成立。认为应当更正的，请退回复查并说明理由。",
            "verdict",
        )
    appeal.decided_by, appeal.decision_words = actor, decision.words.strip()
    if decision.is_for:
        Submission.objects.select_for_update().get(pk=appeal.result.submission_id)
    appeal.decided_at = clock.now()
    _move(actor, appeal, action, decision.words)
    if decision.is_for:
        FigureCorrection.objects.create(
            appeal=appeal,
            collection=appeal.published_list.collection,
            region=appeal.region,
            indicator_code=appeal.indicator_code,
            figure=appeal.proposed_figure,
            made_at=appeal.decided_at,
        )
    return appeal


def _hands(appeal: Appeal) -> set[int | None]:
    """Who filed it, gave an opinion or reviewed it, this time or before it went back."""
    steps = appeal.steps.exclude(action=AppealAction.REOPEN)
    return {appeal.reviewed_by_id, *steps.values_list("actor", flat=True)}


def stamp_of(appeal: Appeal) -> str:
    """What a page was drawn from: a reviewed appeal may have been reviewed again meanwhile."""
    # In one zone: a moment just written bears the clock's, one read back the database's.
    return f"{appeal.state}@{appeal.state_since.astimezone(UTC).isoformat()}"


def _locked(actor: User, appeal_id: UUID, seen: str | None = None) -> Appeal:
    appeal = get_appeal(actor, appeal_id, lock=True)
    if seen is not None and seen != stamp_of(appeal):
        raise Stale(
            "stale_state",
            f"此件申诉现为“{appeal.get_state_display()}”，打开页面后已有变化，本次操作未执行。请刷新页面核对后再办理。",
        )
    return appeal


def _words(text: str, label: str, field: str) -> str:
    if not text.strip():
        raise Invalid("words_required", f"请填写{label}。", field)
    return text.strip()


def _find(actor: User, appeal: Appeal, action: AppealAction, words: str) -> None:
    """Ask whether the move may be made before its fields are touched."""
    APPEAL_WORKFLOW.find(action, appeal.state, actor.permissions, words)


def _move(actor: User, appeal: Appeal, action: AppealAction, words: str) -> Appeal:
    row = APPEAL_WORKFLOW.find(action, appeal.state, actor.permissions, words)
    before, appeal.state, appeal.state_since = appeal.state, row.target, clock.now()
    appeal.save()
    _step(actor, appeal, action, before, words.strip(), row.label)
    return appeal


def _step(
    actor: User, appeal: Appeal, action: AppealAction, before: str, words: str, label: str
) -> None:
    step = AppealStep.objects.create(
        appeal=appeal,
        action=action,
        label=label,
        source=before,
        target=appeal.state,
        actor=actor,
        comment=words,
        at=appeal.state_since,
    )
    detail = {
        "county": appeal.region.code,
        "indicator": appeal.indicator_code,
        "state": [before, str(appeal.state)],
        "words": words,
        "figure": appeal.proposed_figure if before else appeal.claimed_figure,
    }
    record(actor, Entry(f"{action}_appeal", "appeal", str(appeal.public_id), detail))
    tell_step(step, indicator_name(appeal))
