"""县政府审议通过 (S0 三(一)): a step of its own, of exactly the materials that were finished."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from applications.actions.moving import Move, move_application
from applications.actions.records import application_entry
from applications.enums import ApplicationAction, ApplicationState, Material
from applications.models import Application, CountyApproval
from applications.rules.document import missing_document
from applications.rules.materials import Materials, digest_of
from applications.selectors.applications import get_application, why_not_applying
from applications.selectors.materials import read_materials
from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed
from county_portal.common.text import chinese_date
from county_portal.documents.numbers import standard_year
from county_portal.files.actions import keep_scan
from county_portal.files.models import StoredFile


@dataclass(frozen=True, slots=True)
class ApprovalInput:
    """An approval as entered."""

    meeting: str
    met_on: date
    document_number: str
    scan: UploadedFile | StoredFile


@transaction.atomic
def approve_county(
    *, actor: User, application_id: UUID, approval: ApprovalInput, revision: int | None = None
) -> Application:
    """Record the county government's approval of the finished materials; they may then go to the city.

    `revision` is the application's as the page showed it; by now the government's document must be on record too.
    Raises Stale where it moved on since, Invalid for a day to come or before the round began, or an unreadable scan.
    """
    application = get_application(actor, application_id, lock=True)
    if not actor.holds(Permission.HAND_IN):
        raise NotAllowed
    if application.state == ApplicationState.GOVERNMENT:
        refusal = why_not_applying(application)
        if refusal:
            raise refusal
        _refuse_day(application, approval.met_on)
        materials = read_materials(application)
        _require_document(application, materials)
        _keep(actor, application, approval, materials)
    move = Move(ApplicationAction.APPROVE_COUNTY, revision)
    return move_application(actor=actor, application_id=application_id, move=move)


def _require_document(application: Application, materials: Materials) -> None:
    """What goes to the city is whole from here on."""
    if Material.DOCUMENT not in application.round.materials:
        return
    for gap in missing_document(materials.document):
        raise Invalid(
            gap.code,
            "还没有登记县（市、区）人民政府的申报文件，请先由填报员登记文号、日期并上传扫描件，再登记审议通过。",
        )


def _refuse_day(application: Application, met_on: date) -> None:
    if met_on > clock.today():
        raise Invalid(
            "approval_in_future",
            f"审议日期{chinese_date(met_on)}晚于今天，请填写县政府审议的实际日期。",
            "met_on",
        )
    if met_on < application.round.opens_on:
        opened = chinese_date(application.round.opens_on)
        raise Invalid(
            "approval_before_opening",
            f"审议日期{chinese_date(met_on)}早于本批次开始申报（{opened}），请核对。",
            "met_on",
        )


def _keep(
    actor: User, application: Application, approval: ApprovalInput, materials: Materials
) -> None:
    number = standard_year("".join(approval.document_number.split()))
    if not number or not approval.meeting.strip():
        raise Invalid(
            "number_required", "请填写会议名称和县政府文号（或会议纪要编号）。", "document_number"
        )
    file = keep_scan(actor=actor, scan=approval.scan, matter="县政府审议材料")
    fields = {
        "meeting": approval.meeting.strip(),
        "met_on": approval.met_on,
        "document_number": number,
        "file": file,
        "content_digest": digest_of(materials),
        "recorded_by": actor,
        "recorded_at": clock.now(),
    }
    CountyApproval.objects.update_or_create(application=application, defaults=fields)
    detail = {
        "meeting": approval.meeting.strip(),
        "met_on": approval.met_on.isoformat(),
        "document_number": number,
        "file": file.sha256,
        "digest": fields["content_digest"],
    }
    record(actor, application_entry("approve_county", application, detail))
