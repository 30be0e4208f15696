"""The files of an issued document: set from its sealed content, made once, each with its receipt."""

from dataclasses import dataclass, replace

from django.utils import timezone

from county_portal.common import clock
from county_portal.documents.actions.keys import signing_key
from county_portal.documents.content import read_content
from county_portal.documents.enums import PaperFileKind
from county_portal.documents.models import Paper, PaperFile
from county_portal.documents.official import OfficialDocument, render_official
from county_portal.documents.pdf import RenderedPdf
from county_portal.documents.receipts import Statement, make_receipt
from county_portal.documents.selectors.papers import verification_of
from county_portal.documents.signing import SealPlacement, signer_for
from county_portal.documents.word import render_word
from county_portal.files.actions import keep_generated

_TYPES = {
    PaperFileKind.PDF: "application/pdf",
    PaperFileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
SEAL_PLACE = "seal-centre"  # id of the element over which the layout wants the seal


@dataclass(frozen=True, slots=True)
class Made:
    """A file's final bytes: after the electronic signature, if there is one."""

    kind: PaperFileKind
    content: bytes
    pages: int = 0
    is_signed: bool = False
    name: str = ""  # as people download it; else number and title


def make_paper_file(paper: Paper, kind: str) -> PaperFile:
    """Render, sign, keep and enter one file; the one already there is returned.

    Raises PdfUnavailable, and Refused where there is no key for the receipt.
    """
    existing = paper.files.filter(kind=kind).first()
    if existing:
        return existing
    document = document_of(paper)
    if kind == PaperFileKind.PDF:
        return keep_paper_file(paper, sign_rendered(paper, render_official(document)))
    return keep_paper_file(paper, Made(PaperFileKind.DOCX, render_word(document)))


def sign_rendered(paper: Paper, rendered: RenderedPdf) -> Made:
    """The PDF with its issuer's seal, where the issuer has one and the layout a place for it."""
    place, signer = rendered.places.get(SEAL_PLACE), signer_for(paper.issuer)
    content = rendered.content
    is_signed = place is not None and signer is not None
    if place is not None and signer is not None:
        reason = f"签发{paper.number}"
        content = signer.sign(content, SealPlacement(*place), reason, clock.now())
    return Made(PaperFileKind.PDF, content, rendered.page_count, is_signed)


def keep_paper_file(paper: Paper, made: Made) -> PaperFile:
    """Keep final bytes as a file of an issued document, with the receipt that speaks of just them."""
    name = made.name or f"{paper.number}{paper.title[:60]}.{made.kind}"
    file = keep_generated(content=made.content, name=name, content_type=_TYPES[made.kind])
    statement = Statement(
        code=paper.code,
        number=paper.number,
        title=paper.title,
        issuer=paper.issuer,
        issued_on=paper.issued_on.isoformat(),
        pages=made.pages,
        content_sha256=paper.content_sha256,
        file=str(made.kind),
        file_sha256=file.sha256,
        # The real clock, by which keys are retired.
        issued_at=timezone.now().isoformat(),
    )
    return PaperFile.objects.create(
        paper=paper,
        kind=made.kind,
        file=file,
        pages=made.pages,
        is_signed=made.is_signed,
        receipt=make_receipt(statement, signing_key()),
        made_at=clock.now(),
    )


def document_of(paper: Paper) -> OfficialDocument:
    """What a sealed document says, with the line that lets its reader verify it."""
    return replace(read_content(paper.content), verification=verification_of(paper))
