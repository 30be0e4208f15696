"""Drafts and documents as pages show them, and a draft set as PDF that nobody takes for an issued one."""

from dataclasses import replace
from typing import TYPE_CHECKING

from county_portal.common import clock
from county_portal.common.errors import Invalid
from county_portal.documents.content import read_content
from county_portal.documents.models import Draft, Paper
from county_portal.documents.official import OfficialDocument, render_official
from county_portal.documents.selectors.composing import compose_document

if TYPE_CHECKING:
    from county_portal.documents.actions.drafts import Wording

_MARK = "文稿，未签发，不作为公文使用"


def facsimile_of(draft: Draft) -> tuple[OfficialDocument | None, Invalid | None]:
    """What a draft would say today, or why it cannot be read."""
    try:
        return _unnumbered(draft), None
    except Invalid as refusal:
        return None, refusal


def preview_pdf(draft: Draft) -> bytes:
    """The draft as it would be set. Raises Invalid for text that cannot be read, PdfUnavailable without pango."""
    return render_official(_unnumbered(draft), mark=_MARK).content


def _unnumbered(draft: Draft) -> OfficialDocument:
    document = compose_document(draft, day=clock.today())
    number = f"{draft.register.prefix}〔{document.signature.signed_on.year}〕　号"
    return replace(document, letterhead=replace(document.letterhead, number=number))


def sealed_document(paper: Paper) -> OfficialDocument | None:
    """What an issued document says; None for one whose content is of another kind."""
    return read_content(paper.content) if paper.layout else None


def worded_as(draft: Draft, wording: "Wording") -> Draft:
    """An unsaved draft with somebody's words, to look at before saving."""
    return Draft(
        office=draft.office,
        register=draft.register,
        kind=draft.kind,
        state=draft.state,
        drafted_by=draft.drafted_by,
        tables=draft.tables,
        bound=draft.bound,
        title=wording.title,
        addressees=wording.addressees,
        text=wording.text,
        attachments=[{"title": title, "text": text} for title, text in wording.attachments],
        remark=wording.remark,
        copied_to=wording.copied_to,
        dated_on=wording.dated_on,
    )
