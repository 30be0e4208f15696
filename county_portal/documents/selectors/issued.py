"""Issued documents of one's own office: lists by standing, and what belongs to one."""

from collections.abc import Mapping
from uuid import UUID

from django.db.models import Count, QuerySet
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import User
from county_portal.common.errors import Invalid
from county_portal.documents.enums import PaperFileKind, PaperStatus
from county_portal.documents.kinds import Source, issued_kind
from county_portal.documents.models import Binding, Draft, Paper, PaperFile
from county_portal.documents.selectors.drafts import Basis, is_staff, read_bases
from county_portal.documents.selectors.papers import list_papers
from county_portal.documents.selectors.registers import PaperFilter, text_condition


def list_issued(user: User) -> QuerySet[Paper]:
    """Numbered documents of the office, newest first; report cards have pages of their own."""
    if not is_staff(user):
        return Paper.objects.none()
    return (
        Paper.objects.filter(office_id=user.office_id, register__isnull=False)
        .select_related("issued_by", "replaced_by")
        .order_by("-issued_at", "-pk")
    )


def filter_issued(papers: QuerySet[Paper], wanted: PaperFilter) -> QuerySet[Paper]:
    """Those of a standing, a title or a number."""
    if wanted.status:
        papers = papers.filter(status=wanted.status)
    return papers.filter(text_condition(wanted.text)) if wanted.text.strip() else papers


def count_standings(user: User) -> dict[str, int]:
    """How many issued documents of the office have which standing; one query."""
    return dict(list_issued(user).order_by().values_list("status").annotate(Count("pk")))


def get_issued(user: User, public_id: UUID) -> Paper:
    """A document of one's own office; 404 otherwise."""
    return get_object_or_404(list_issued(user), public_id=public_id)


def draft_of(paper: Paper) -> Draft | None:
    """The draft a document was issued from; none for one another app issued."""
    return Draft.objects.filter(paper=paper).select_related("drafted_by", "checked_by").first()


def origin_of(paper: Paper) -> tuple[str, str] | None:
    """Label and address of the page another app issued it from; None for one drafted here."""
    kind = issued_kind(paper.kind)
    return kind.page_of(paper.pk) if kind and kind.page_of else None


def later_of(paper: Paper) -> Paper | None:
    """The valid document the office issued of the same matter since; none for what has no matter of its own."""
    draft = draft_of(paper)
    if paper.is_valid or draft is None or not draft.subject:
        return None
    return (
        Paper.objects.filter(
            office_id=paper.office_id,
            kind=paper.kind,
            draft__subject=draft.subject,
            issued_at__gt=paper.issued_at,
            status=PaperStatus.VALID,
        )
        .order_by("-issued_at", "-pk")
        .first()
    )


def void_refusal(paper: Paper) -> Invalid | None:
    """What to say to whoever would void a document that stands and falls with data of another page."""
    kind = issued_kind(paper.kind)
    if kind is None or not kind.stands_with:
        return None
    return Invalid("paper_stands_with_data", f"“{paper.number}”不能撤销：{kind.stands_with}")


def predecessor_of(paper: Paper) -> Paper | None:
    """The document this one corrects."""
    return Paper.objects.filter(replaced_by=paper).first()


def files_of(paper: Paper) -> Mapping[str, PaperFile]:
    """The files made so far, by kind; one query."""
    return {row.kind: row for row in paper.files.select_related("file")}


def get_file(user: User, public_id: UUID, kind: PaperFileKind) -> PaperFile | None:
    """A file of a document one may read; None while it is not made, 404 for what one may not read."""
    paper = get_object_or_404(list_papers(user), public_id=public_id)
    return paper.files.select_related("file").filter(kind=kind).first()


def bases_of(paper: Paper) -> list[Basis]:
    """The data a document rests on, and what they are like now."""
    return read_bases(
        Source(row.kind, row.key, row.label, row.sha256) for row in paper.bindings.all()
    )


def valid_bindings(kind: str, *, prefix: str) -> list[tuple[str, str]]:
    """Key and digest of each piece of data of a kind that valid documents speak of, by how its key begins."""
    bindings = Binding.objects.filter(
        kind=kind, key__startswith=prefix, paper__status=PaperStatus.VALID
    )
    return list(bindings.order_by("key", "sha256").values_list("key", "sha256").distinct())
