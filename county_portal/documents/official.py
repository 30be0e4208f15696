"""Parts every official document has (GB/T 9704-2012), their fixed wordings, and their PDF."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.template.loader import render_to_string

from county_portal.common.text import chinese_date
from county_portal.documents.blocks import Attachment, Block, Table
from county_portal.documents.enums import Layout
from county_portal.documents.numbers import (
    chinese_ordinal,
    document_number,
    text_width,
)
from county_portal.documents.pdf import RenderedPdf, render_pdf
from county_portal.documents.qr import QrCode, qr_code
from county_portal.documents.tables import SetTable, is_wide, set_blocks
from county_portal.documents.titles import break_title

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
    "fit_signers",
    "imprint_height",
    "render_official",
    "text_width",
]

STYLES = ("documents/official.css",)
BASE_TEMPLATE = "documents/official.html"

LETTER_STYLES = (*STYLES, "documents/letter.css")

_SENDER_POINTS = 40  # as in official.css
_TEXT_WIDTH_POINTS = 442
_IMPRINT_LINE_MM = Decimal(7)
_IMPRINT_ROW_MM = Decimal("1.5")  # padding and rules of a row
_IMPRINT_CHARACTERS = 26  # 4号 characters in a line of 抄送 beside its label
_PRINTED_BY_CHARACTERS = 19  # beside the longest date
_VERIFICATION_MM = Decimal(24)
_ABOVE_IMPRINT_MM = Decimal(2)
_SIGNATURE_WIDEST = 24  # of 28: two characters free behind it, and two before
_LINE_CHARACTERS = 28
_SIGNERS_LABEL = 4  # 签发人：
_SHORTEST_NAME = 3


@dataclass(frozen=True, slots=True)
class Letterhead:
    """发文机关标志 and 发文字号."""

    sender: str  # as it is to stand in red: 科技创新工作领导小组文件
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
class SignersFit:
    """签发人 by rows, the width of a name and of the whole; whether the number has room beside the last row."""

    rows: tuple[tuple[str, ...], ...]
    name_em: Decimal
    width_em: Decimal
    leaves_room: bool


@dataclass(frozen=True, slots=True)
class SetAttachment:
    """An attachment as it is set; turned sideways as a whole where it begins with a wide table."""

    title_lines: tuple[str, ...]
    blocks: tuple[Block | SetTable, ...]
    is_wide: bool


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


def render_official(document: OfficialDocument, *, mark: str = "") -> RenderedPdf:
    """The PDF, with `mark` at the head of every page of one that is not issued.

    版记 ends an even page: overleaf, behind a blank page if the text ends on an even one.
    A letter has no such rule: its 抄送 stands at the foot of its last page.
    """
    rendered = _render(document, "here", mark)
    if document.layout == Layout.LETTER or rendered.page_count % 2 == 0:
        return rendered
    text_ends_on, _, _ = rendered.places["text-end"]
    return _render(document, "overleaf" if text_ends_on % 2 else "after-blank", mark)


def _render(document: OfficialDocument, imprint_place: str, mark: str) -> RenderedPdf:
    context = {**_context(document, imprint_place), "mark": mark}
    return render_pdf(
        render_to_string(BASE_TEMPLATE, context),
        title=document.title,
        styles=LETTER_STYLES if document.layout == Layout.LETTER else STYLES,
        created_on=document.signature.signed_on,
        author=document.signature.office,
        subject=document.letterhead.number,
    )


def _context(document: OfficialDocument, imprint_place: str) -> dict[str, object]:
    is_letter = document.layout == Layout.LETTER
    imprint_mm = imprint_height(document.imprint, is_letter=is_letter)
    verification_mm = _VERIFICATION_MM + _ABOVE_IMPRINT_MM if document.verification else 0
    return {
        "document": document,
        "is_letter": is_letter,
        "title_lines": _fitting(document.title_lines),
        "letterhead": document.letterhead,
        "sender": fit_sender(document.letterhead.sender),
        "signers": fit_signers(
            document.letterhead.signers if document.layout == Layout.UPWARD else (),
            document.letterhead.number,
        ),
        "blocks": set_blocks(document.blocks, ends_upright=True),
        "attachments": [_set_attachment(each) for each in document.attachments],
        "signature": document.signature,
        "signed_on": chinese_date(document.signature.signed_on),
        "signature_fit": fit_signature(document.signature),
        "verification": document.verification,
        "qr": verification_qr(document.verification),
        "imprint": document.imprint,
        "imprint_place": imprint_place,
        "imprint_mm": imprint_mm,
        "verification_bottom_mm": imprint_mm + _ABOVE_IMPRINT_MM,
        "imprint_room_mm": imprint_mm + verification_mm,
        "printed_on": chinese_date(document.imprint.printed_on),
    }


def _set_attachment(attachment: Attachment) -> SetAttachment:
    first = attachment.blocks[0] if attachment.blocks else None
    return SetAttachment(
        _fitting((attachment.title,)),
        set_blocks(attachment.blocks, ends_upright=False),
        # A title must not stand on an upright page of its own before its table.
        isinstance(first, Table) and is_wide(first),
    )


def _fitting(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Lines as they are; one that is wider than the text block is broken by meaning."""
    return break_title("\n".join(lines), "")


def verification_qr(verification: Verification | None) -> QrCode | None:
    """The address of the verification page; the code alone where the portal does not know its own address."""
    return qr_code(verification.url or verification.code) if verification else None


def fit_sender(sender: str) -> SenderFit:
    """Condensed only where the natural width exceeds the text block."""
    width = max(1, math.ceil(text_width(sender)))
    natural = width * _SENDER_POINTS
    scale = Decimal(1) if natural <= _TEXT_WIDTH_POINTS else Decimal(_TEXT_WIDTH_POINTS) / natural
    return SenderFit(width, Decimal(width) / 2, scale.quantize(Decimal("0.001")))


def fit_signers(signers: Sequence[str], number: str) -> SignersFit:
    """Two names a row, under each other; one where names are very long."""
    longest = max([Decimal(_SHORTEST_NAME), *map(text_width, signers)])
    room = Decimal(_LINE_CHARACTERS - 2)  # one character free at either side
    a_row = min(len(signers), 2 if longest * 2 + _SIGNERS_LABEL + 1 <= room else 1)
    name = min(longest, room - _SIGNERS_LABEL)
    width = name * a_row + _SIGNERS_LABEL + max(0, a_row - 1)
    rows = tuple(
        tuple(signers[start : start + a_row]) for start in range(0, len(signers), max(1, a_row))
    )
    return SignersFit(rows, name, width, text_width(number) + 1 + width <= room)


def fit_signature(signature: Signature) -> SignatureFit:
    """右空四字 is the date's; a longer office is centred over it, but keeps two characters free."""
    date_width = text_width(chinese_date(signature.signed_on))
    width = min(max(text_width(signature.office), date_width), Decimal(_SIGNATURE_WIDEST))
    return SignatureFit(width, max(Decimal(2), 4 - (width - date_width) / 2))


def imprint_height(imprint: Imprint, *, is_letter: bool = False) -> Decimal:
    """Room kept free for 版记, in mm; a letter's names only who has copies."""
    height = Decimal(0)
    if not is_letter:
        lines = max(1, math.ceil(text_width(imprint.printed_by) / _PRINTED_BY_CHARACTERS))
        height += _IMPRINT_LINE_MM * lines + _IMPRINT_ROW_MM
    if imprint.copied_to:
        characters = text_width("，".join(imprint.copied_to)) + 1
        lines = math.ceil(characters / _IMPRINT_CHARACTERS)
        height += _IMPRINT_LINE_MM * lines + _IMPRINT_ROW_MM
    return height
