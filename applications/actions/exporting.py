"""The materials as files: rendered once for each content, by a job where somebody waits for them."""

from uuid import UUID

from django.db import transaction

from applications.enums import MATERIALS_JOB, MaterialsKind
from applications.exports_materials import (
    render_materials,
    render_materials_word,
    zip_materials,
)
from applications.materials_document import MaterialsDocument
from applications.models import Application, MaterialsFile
from applications.selectors.applications import get_application
from applications.selectors.attachments import AttachedFile, list_attachments
from applications.selectors.documents import (
    document_digest,
    find_file,
    materials_subject,
    read_document,
)
from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.common import clock
from county_portal.common.errors import NotAllowed
from county_portal.documents.pdf import PdfUnavailable, pdf_available
from county_portal.files.actions import keep_blob, keep_generated
from county_portal.files.models import StoredFile
from county_portal.files.rules import ACCEPTED
from county_portal.files.store import path_of
from county_portal.jobs.actions import Order, start_job
from county_portal.jobs.models import Job


def start_materials(*, actor: User, application_id: UUID) -> tuple[Job, bool]:
    """Have the files of an application made, or return the job that makes them.

    Raises PdfUnavailable where this machine cannot make PDF; 404 for an application one may not see.
    """
    if not actor.holds(Permission.VIEW_PILOTS):
        raise NotAllowed
    application = get_application(actor, application_id)
    if not pdf_available():
        raise PdfUnavailable
    order = Order(
        MATERIALS_JOB,
        f"生成{application.region.name}申报材料",
        materials_subject(application),
        [str(kind) for kind in MaterialsKind],
        {"application": application.pk},
    )
    return start_job(actor=actor, order=order)


@transaction.atomic
def keep_materials(application: Application, kind: MaterialsKind) -> tuple[MaterialsFile, bool]:
    """The file of the materials as they stand, made if there is none yet; says whether it was.

    No authorisation: the caller has decided who may have it.
    """
    attached = list_attachments(application)
    document = read_document(application, attached)
    digest = document_digest(document)
    found = find_file(application, kind, digest)
    if found:
        return found, False
    file, pages = _make(application, kind, document, attached)
    made, is_new = MaterialsFile.objects.get_or_create(
        application=application,
        kind=kind,
        digest=digest,
        defaults={"file": file, "pages": pages, "made_at": clock.now()},
    )
    return made, is_new


def _make(
    application: Application,
    kind: MaterialsKind,
    document: MaterialsDocument,
    attached: list[AttachedFile],
) -> tuple[StoredFile, int | None]:
    name = (
        f"{application.region.code}{application.region.name}{application.round.year}年试点申报材料"
    )
    digest = document_digest(document)
    if kind == MaterialsKind.PDF:
        rendered = render_materials(document, digest)
        file = keep_generated(
            content=rendered.content, name=f"{name}.pdf", content_type=ACCEPTED["pdf"][0]
        )
        return file, rendered.page_count
    if kind == MaterialsKind.WORD:
        content = render_materials_word(document, digest)
        word_type = ACCEPTED["docx"][0]
        return keep_generated(content=content, name=f"{name}.docx", content_type=word_type), None
    kinds = (MaterialsKind.PDF, MaterialsKind.WORD)
    made = [keep_materials(application, each)[0].file for each in kinds]
    paths = [
        (f"{number:02}-{file.name}", path_of(file.sha256)) for number, file in enumerate(made, 1)
    ]
    blob = zip_materials(document, paths, attached)
    return keep_blob(blob=blob, name=f"{name}.zip", content_type="application/zip"), None
