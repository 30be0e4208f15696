"""Parts every official document has (GB/T 9704-2012), their fixed wordings, and their PDF."""

import math
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.template.loader import render_to_string

from county_portal.documents.blocks import Attachment, Block
from county_portal.documents.enums import Layout
from county_portal.documents.numbers import (
    chinese_date,
    chinese_ordinal,
    document_number,
    text_width,
)
from county_portal.documents.pdf import RenderedPdf, render_pdf
from county_portal.documents.qr import QrCode, qr_code

__all__ = [
    "Imprint",
    "Letterhead",
    "OfficialDocument",
    "Signature",
    "Verification",
    "chinese_date",
    "chinese_ordinal",
    "document_number",
    "fit_sender",
    "fit_signature",
    "imprint_height",
    "render_official",
    "text_width",
]

STYLES = ("documents/official.css",)
BASE_TEMPLATE = "documents/official.html"

_LINE_CHARACTERS = 28
_SENDER_POINTS = 40  # as in official.css
_TEXT_WIDTH_POINTS = 442
_IMPRINT_LINE_MM = Decimal(7)
_IMPRINT_ROW_MM = Decimal("1.5")  # padding and rules of a row
_IMPRINT_CHARACTERS = 26  # 4号 characters in a line of 抄送 beside its label


@dataclass(frozen=True, slots=True)
class Letterhead:
    """发文机关标志 and 发文字号."""

    sender: str  # as it is to stand in red: 河北省科技创新工作领导小组文件
    number: str  # see `document_number`
    signers: tuple[str, ...] = ()  # 签发人, of reports upward


@dataclass(frozen=True, slots=True)
class Signature:
    """发文机关署名 and 成文日期."""

    office: str
    signed_on: date


@dataclass(frozen=True, slots=True)
class Imprint:
    """版记: 抄送机关, 印发机关 and 印发日期."""

    copied_to: tuple[str, ...]
    printed_by: str
    printed_on: date


@dataclass(frozen=True, slots=True)
class Verification:
    """What a reader compares on the public verification page."""

    code: str  # short code typed by hand
    url: str
    digest: str  # sha256 hex of the frozen content, not of the PDF that carries it


@dataclass(frozen=True, slots=True)
class SenderFit:
    """How the red sender is condensed to the width of the text block, as printers do."""

    width_em: int
    half_width_em: Decimal
    scale: Decimal


@dataclass(frozen=True, slots=True)
class SignatureFit:
    """Width of the signature's block and what stays free to its right."""

    width_em: Decimal
    indent_em: Decimal


@dataclass(frozen=True, slots=True)
class OfficialDocument:
    """Everything an official document says."""

    layout: Layout
    letterhead: Letterhead
    title_lines: tuple[str, ...]  # broken by meaning
    addressees: str  # 主送机关, without the colon
    blocks: tuple[Block, ...]
    signature: Signature
    imprint: Imprint
    attachments: tuple[Attachment, ...] = ()
    remark: str = ""  # 附注, without brackets
    verification: Verification | None = None  # not part of what is said

    @property
    def title(self) -> str:
        """The title in one line, for the PDF's metadata."""
        return "".join(self.title_lines)


def render_official(document: OfficialDocument) -> RenderedPdf:
    """The PDF, 版记 on the last even page: overleaf, behind a blank page if the text ends on an even one."""
    rendered = _render(document, "here")
    if rendered.page_count % 2 == 0:
        return rendered
    text_pages = _render(document, "none").page_count
    return _render(document, "overleaf" if text_pages % 2 else "after-blank")


def _render(document: OfficialDocument, imprint_place: str) -> RenderedPdf:
    context = {
        "document": document,
        "title": document.title,
        "title_lines": document.title_lines,
        "letterhead": document.letterhead,
        "sender": fit_sender(document.letterhead.sender),
        "signature": document.signature,
        "signed_on": chinese_date(document.signature.signed_on),
        "signature_fit": fit_signature(document.signature),
        "verification": document.verification,
        "qr": verification_qr(document.verification),
        "imprint": document.imprint,
        "imprint_place": imprint_place,
        "imprint_room_mm": imprint_height(document.imprint),
        "printed_on": chinese_date(document.imprint.printed_on),
    }
    return render_pdf(
        render_to_string(BASE_TEMPLATE, context),
        title=document.title,
        styles=STYLES,
        created_on=document.signature.signed_on,
        author=document.signature.office,
        subject=document.letterhead.number,
    )


def verification_qr(verification: Verification | None) -> QrCode | None:
    """The address of the verification page; the code alone where the portal does not know its own address."""
    return qr_code(verification.url or verification.code) if verification else None


def fit_sender(sender: str) -> SenderFit:
    """Condensed only where the natural width exceeds the text block."""
    width = max(1, math.ceil(text_width(sender)))
    natural = width * _SENDER_POINTS
    scale = Decimal(1) if natural <= _TEXT_WIDTH_POINTS else Decimal(_TEXT_WIDTH_POINTS) / natural
    return SenderFit(width, Decimal(width) / 2, scale.quantize(Decimal("0.001")))


def fit_signature(signature: Signature) -> SignatureFit:
    """右空四字 is the date's; a longer office is centred over it, but keeps two characters free."""
    date_width = text_width(chinese_date(signature.signed_on))
    width = max(text_width(signature.office), date_width)
    return SignatureFit(width, max(Decimal(2), 4 - (width - date_width) / 2))


def imprint_height(imprint: Imprint) -> Decimal:
    """Room kept free for 版记, in mm."""
    height = _IMPRINT_LINE_MM + _IMPRINT_ROW_MM
    if imprint.copied_to:
        characters = text_width("，".join(imprint.copied_to)) + 1
        lines = math.ceil(characters / _IMPRINT_CHARACTERS)
        height += _IMPRINT_LINE_MM * lines + _IMPRINT_ROW_MM
    return height
