"""The materials of an application read as one document, and the files made of it."""

import hashlib

from applications.enums import EDITABLE, MaterialsKind
from applications.materials_document import (
    Approval,
    AttachmentLine,
    Front,
    MaterialsDocument,
    Surroundings,
    compose_document,
)
from applications.models import Application, CountyApproval, MaterialsFile
from applications.rules.materials import digest_of
from applications.selectors.attachments import AttachedFile, list_attachments
from applications.selectors.document import approval_of
from applications.selectors.materials import read_materials
from county_portal.common import clock
from county_portal.common.province import words
from county_portal.documents.digest import content_digest
from county_portal.documents.pdf import layout_version

TEMPLATE = "applications/documents/materials.html"
STYLES = ("applications/documents/materials.css",)


def read_document(
    application: Application, attached: list[AttachedFile] | None = None
) -> MaterialsDocument:
    """The document as the materials stand now; a constant number of queries."""
    attached = list_attachments(application) if attached is None else attached
    materials = read_materials(application)
    around = Surroundings(
        front=_front(application),
        digest=digest_of(materials),
        approval=_approval(approval_of(application)),
        stars=application.round.stars,
        attachments=[
            AttachmentLine(
                each.number,
                each.belongs_to,
                each.name,
                each.document_number,
                each.file.name,
                each.file.sha256,
            )
            for each in attached
        ],
        plan_file=_plan_file(attached, materials.plan_file),
    )
    return compose_document(materials, around)


def _plan_file(attached: list[AttachedFile], sha256: str) -> str:
    return next((each.file.name for each in attached if sha256 and each.file.sha256 == sha256), "")


def _front(application: Application) -> Front:
    saved = application.marks.order_by("-saved_at").values_list("saved_at", flat=True).first()
    region = application.region
    return Front(
        title=f"{words().programme}申报材料",
        region=region.full_name,
        city=application.reviewing_office.name,
        office=application.office.name,
        round_name=application.round.title,
        basis=application.round.basis,
        standing="未定稿" if application.state in EDITABLE else "",
        revision=application.revision,
        saved_at=(saved or application.begun_at).astimezone(clock.BEIJING),
    )


def _approval(row: CountyApproval | None) -> Approval | None:
    return Approval(row.meeting, row.met_on, row.document_number) if row else None


def document_digest(document: MaterialsDocument) -> str:
    """Changes when what is said or how it is laid out does: render again only then (sha256 hex)."""
    layout = layout_version((TEMPLATE,), STYLES)
    return hashlib.sha256(f"{content_digest(document)} {layout}".encode()).hexdigest()


def files_of(application: Application, digest: str) -> dict[str, MaterialsFile]:
    """Files of one content by kind."""
    files = application.files.filter(digest=digest).select_related("file")
    return {each.kind: each for each in files}


def find_file(application: Application, kind: MaterialsKind, digest: str) -> MaterialsFile | None:
    """One of those."""
    return files_of(application, digest).get(kind)


def materials_subject(application: Application) -> str:
    """What the job that makes an application's files is about."""
    return f"application:{application.public_id}"
