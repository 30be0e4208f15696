"""The files of an issued document: set from its sealed content, made once, each with its receipt."""

from dataclasses import replace

from django.conf import settings

from county_portal.common import clock
from county_portal.documents.codes import shown_code
from county_portal.documents.content import read_content
from county_portal.documents.enums import PaperFileKind
from county_portal.documents.models import Paper, PaperFile
from county_portal.documents.official import OfficialDocument, Verification, render_official
from county_portal.documents.word import render_word
from county_portal.files.actions import keep_generated

_TYPES = {
    PaperFileKind.PDF: "application/pdf",
    PaperFileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def make_paper_file(paper: Paper, kind: str) -> PaperFile:
    """Render, keep and enter one file; the one already there is returned. Raises PdfUnavailable."""
    existing = paper.files.filter(kind=kind).first()
    if existing:
        return existing
    document = document_of(paper)
    pages = 0
    if kind == PaperFileKind.PDF:
        rendered = render_official(document)
        content, pages = rendered.content, rendered.page_count
    else:
        content = render_word(document)
    kind = PaperFileKind(kind)
    file = keep_generated(
        content=content, name=f"{paper.number}{paper.title[:60]}.{kind}", content_type=_TYPES[kind]
    )
    return PaperFile.objects.create(
        paper=paper, kind=kind, file=file, pages=pages, made_at=clock.now()
    )


def document_of(paper: Paper) -> OfficialDocument:
    """What a sealed document says, with the line that lets its reader verify it."""
    return replace_verification(read_content(paper.content), paper)


def replace_verification(document: OfficialDocument, paper: Paper) -> OfficialDocument:
    """The document with the paper's own code and address."""
    verification = Verification(
        shown_code(paper.code), f"{settings.PORTAL_URL}/v/{paper.code}/", paper.content_sha256
    )
    return replace(document, verification=verification)
