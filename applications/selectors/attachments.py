"""The files of an application in the order of its materials."""

from dataclasses import dataclass

from applications.models import Application, PlanFile, RowEvidence
from applications.rules.materials import row_number
from applications.selectors.document import approval_of, document_of
from county_portal.files.models import StoredFile


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file, what it belongs to and what it is."""

    number: int
    belongs_to: str
    name: str
    document_number: str
    file: StoredFile


def list_attachments(application: Application) -> list[AttachedFile]:
    """Government's document and approval, an uploaded plan, evidence by rows; four queries."""
    found: list[tuple[str, str, str, StoredFile]] = []
    document, approval = document_of(application), approval_of(application)
    if document:
        label = "县（市、区）人民政府申报文件"
        found.append((label, document.title, document.document_number, document.file))
    if approval:
        label = "县（市、区）政府审议材料"
        found.append((label, approval.meeting, approval.document_number, approval.file))
    plan = PlanFile.objects.filter(application=application).select_related("file").first()
    if plan:
        found.append(("试点工作实施方案", plan.file.name, "", plan.file))
    evidence = (
        RowEvidence.objects.filter(row__application=application)
        .select_related("file", "row")
        .order_by("row__order", "row", "added_at", "pk")
    )
    for each in evidence:
        label = f"指标体系表第{row_number(each.row.order)}行"
        found.append((label, each.name, each.document_number, each.file))
    return [AttachedFile(number, *each) for number, each in enumerate(found, 1)]
