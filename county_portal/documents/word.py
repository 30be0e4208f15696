"""The same official document for Word, where offices go on editing; as far as Word allows, the same layout."""

import io
from collections.abc import Iterable, Iterator
from decimal import Decimal

import segno

from county_portal.documents.blocks import Attachment, Block, Heading, Paragraph, Table
from county_portal.documents.enums import Layout
from county_portal.documents.official import (
    Imprint,
    OfficialDocument,
    Signature,
    Verification,
    chinese_date,
    fit_sender,
    fit_signature,
    text_width,
)
from county_portal.documents.word_file import (
    LANDSCAPE_WIDTH,
    RED,
    TEXT_WIDTH,
    Properties,
    Section,
    WordFile,
    letter_frame,
)
from county_portal.documents.word_xml import (
    LINE,
    Element,
    characters,
    keep_with_next,
    line_break,
    paragraph,
    plain,
    rule,
    run,
    tab,
    table,
    text_paragraph,
    twips,
    w,
)

_KAI = "楷体_GB2312"
_HEI = "黑体"
_TABLE_CHARACTERS = 36  # of 12 pt in 156 mm
_QR_SIZE = 22 * 36_000  # 22 mm in EMU
_RED_RULE = 16  # eighths of a point: 0.7 mm
_THICK = 8  # 0.35 mm
_THIN = 6  # 0.25 mm


def render_word(document: OfficialDocument) -> bytes:
    """The document as .docx; the same document gives the same bytes.

    版记 stands at the foot of the last page, odd or even: Word cannot choose by what the text comes to.
    """
    file = WordFile(letter=document.layout == Layout.LETTER)
    sections = [Section()]
    sections[0].elements += _opening(document)
    _set_blocks(sections, document.blocks)
    _upright(sections)
    _close(sections[-1], document, file)
    for number, attachment in enumerate(document.attachments, start=1):
        _set_attachment(sections, attachment, number if len(document.attachments) > 1 else None)
    _upright(sections)
    sections[-1].elements += _imprint(document.imprint)
    about = Properties(
        title=plain(document.title),
        author=plain(document.signature.office),
        subject=plain(document.letterhead.number),
        dated=document.signature.signed_on,
    )
    return file.finished(sections, about)


def qr_png(text: str) -> bytes:
    """A QR code as a picture."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", scale=8, border=4)
    return out.getvalue()


# 版头 and title


def _opening(document: OfficialDocument) -> Iterator[Element]:
    sender = document.letterhead.sender
    scale = int(fit_sender(sender).scale * 100)
    condensed = run(sender, w("w", val=scale))
    match document.layout:
        case Layout.LETTER:
            frame = letter_frame(y=twips(30))
            line = rule("bottom", "thickThinSmallGap", 24, space=11, color=RED)
            yield paragraph("Sender", condensed, properties=(frame, line))
            yield text_paragraph("Number", document.letterhead.number, w("jc", val="right"))
            above = 2 * LINE
        case layout:
            # The upper edge of the sender 35 mm below that of the text block; it stands in the middle of its line.
            yield paragraph("Sender", condensed, properties=(_spacing(1904, 960),))
            yield from _numbers(document, upward=layout == Layout.UPWARD)
            above = 1010  # to two lines below the rule
    yield _title("Title", document.title_lines, above)
    if document.addressees:
        yield text_paragraph("Addressees", f"{document.addressees}：")


def _numbers(document: OfficialDocument, *, upward: bool) -> Iterator[Element]:
    """发文字号 two lines below the sender, beside 签发人 in reports upward, and the red rule 4 mm below."""
    line = rule("bottom", "single", _RED_RULE, space=11, color=RED)
    number = document.letterhead.number
    signers = document.letterhead.signers if upward else ()
    if not upward:
        yield text_paragraph("Number", number, line, _spacing(1082))
        return
    rows = [signers[place : place + 2] for place in range(0, len(signers), 2)] or [()]
    width = max(text_width("　".join(row)) for row in rows)
    stop = TEXT_WIDTH - characters(width + 5)  # 签发人： before it, one character behind
    for place, row in enumerate(rows):
        last = place == len(rows) - 1
        yield paragraph(
            "Number",
            *([run(number)] if last else []),
            tab(),
            run("签发人：" if place == 0 else "　　　　"),
            run("　".join(row), font=_KAI),
            properties=(
                *([line] if last else []),
                w("tabs", w("tab", val="left", pos=stop)),
                _spacing(1082 if place == 0 else 0),
                w("ind", left=characters(1)),
                w("jc", val="left"),
            ),
        )


def _title(style: str, lines: tuple[str, ...], above: int) -> Element:
    """The title as one paragraph, broken where its lines are."""
    content: list[Element] = []
    for line in lines:
        content += [line_break(), run(line)] if content else [run(line)]
    return paragraph(style, *content, properties=(_spacing(above, after=LINE),))


# Text


def _set_blocks(sections: list[Section], blocks: Iterable[Block]) -> None:
    """Tables wider than the text block go on pages of their own, turned."""
    for block in blocks:
        if isinstance(block, Table) and _is_wide(block):
            sections.append(Section(landscape=True, elements=_table(block, LANDSCAPE_WIDTH)))
            continue
        _upright(sections)
        sections[-1].elements += _block(block)


def _upright(sections: list[Section]) -> None:
    if sections[-1].landscape:
        sections.append(Section())


def _is_wide(block: Table) -> bool:
    return block.width > _TABLE_CHARACTERS


def _block(block: Block) -> list[Element]:
    match block:
        case Heading():
            return [text_paragraph(f"Heading{block.level}", block.text)]
        case Table():
            return _table(block, TEXT_WIDTH)
        case Paragraph(lead=""):
            return [text_paragraph("Text", block.text)]
        case Paragraph():
            face = _HEI if block.lead_level == 1 else _KAI
            return [paragraph("Text", run(block.lead, font=face), run(block.rest))]


def _table(block: Table, width: int) -> list[Element]:
    caption = [text_paragraph("TableCaption", block.caption)] if block.caption else []
    return [*caption, table(block, width)]


def _set_attachment(sections: list[Section], attachment: Attachment, number: int | None) -> None:
    """From a new page on, which is turned if the attachment begins with a wide table."""
    first = attachment.blocks[0] if attachment.blocks else None
    wide = isinstance(first, Table) and _is_wide(first)
    opening = [
        text_paragraph("AttachmentMark", f"附件{number or ''}"),
        _title("AttachmentTitle", (attachment.title,), LINE),
    ]
    sections.append(Section(landscape=wide, elements=opening))
    rest = attachment.blocks
    if wide and isinstance(first, Table):
        sections[-1].elements += _table(first, LANDSCAPE_WIDTH)
        rest = rest[1:]
    _set_blocks(sections, rest)


# After the text


def _close(section: Section, document: OfficialDocument, file: WordFile) -> None:
    """附件说明, signature, 附注 and how to verify; the signature keeps a line of the text with it."""
    section.elements += _attachment_note(document.attachments)
    if section.elements:
        keep_with_next(section.elements[-1])
    section.elements += _signature(document.signature)
    if document.remark:
        section.elements.append(text_paragraph("Remark", f"（{document.remark}）"))
    if document.verification:
        section.elements += _verification(document.verification, file)


def _attachment_note(attachments: tuple[Attachment, ...]) -> Iterator[Element]:
    """附件：, names aligned with each other, one line below the text."""
    numbered = len(attachments) > 1
    for place, attachment in enumerate(attachments, start=1):
        mark = f"{place}." if numbered else ""
        label = "附件：" if place == 1 else ""
        # Digits take half a character of Times New Roman, the full stop a quarter.
        hanging = 3 * bool(label) + Decimal(len(str(place))) / 2 + Decimal("0.25")
        if not numbered:
            hanging = Decimal(3)
        yield text_paragraph(
            "AttachmentNote",
            f"{label}{mark}{attachment.title}",
            *([w("spacing", before=LINE)] if place == 1 else []),
            w(
                "ind",
                left=characters(hanging + (2 if label else 5)),
                hanging=characters(hanging),
            ),
        )


def _signature(signature: Signature) -> Iterator[Element]:
    """The date four characters from the right, the office centred over it; room for the seal above."""
    fit = fit_signature(signature)
    day = chinese_date(signature.signed_on)

    def behind(text: str) -> Element:
        free = fit.indent_em + (fit.width_em - text_width(text)) / 2
        return w("ind", right=characters(free))

    office = plain(signature.office)
    yield text_paragraph("Office", office, w("spacing", before=2 * LINE), behind(office))
    yield text_paragraph("DateOfIssue", day, behind(day))


def _verification(verification: Verification, file: WordFile) -> Iterator[Element]:
    picture = file.picture(qr_png(verification.url), size=_QR_SIZE, description="核验二维码")
    yield text_paragraph(
        "Verification",
        f"（核验码：{verification.code}；内容摘要：{verification.digest[:16]}；"
        f"可登录{verification.url}核验本文件内容）",
        w("keepNext"),
    )
    yield paragraph("Verification", picture)


def _imprint(imprint: Imprint) -> Iterator[Element]:
    """版记 between rules in a frame at the foot of the page, bound to an empty paragraph at the end."""
    frame: dict[str, str | int] = {
        "w": TEXT_WIDTH,
        "wrap": "around",
        "vAnchor": "margin",
        "hAnchor": "margin",
        "xAlign": "left",
        "yAlign": "bottom",
    }
    copied = imprint.copied_to
    if copied:
        yield text_paragraph(
            "Imprint",
            f"抄送：{'，'.join(copied)}。",
            w("framePr", **frame),
            rule("top", "single", _THICK, space=1),
            w("ind", left=4 * 280, right=280, hanging=3 * 280),
        )
    borders = w(
        "pBdr",
        w("top", val="single", sz=_THIN if copied else _THICK, space=1, color="auto"),
        w("bottom", val="single", sz=_THICK, space=1, color="auto"),
    )
    yield paragraph(
        "Imprint",
        run(imprint.printed_by),
        tab(),
        run(f"{chinese_date(imprint.printed_on)}印发"),
        properties=(
            w("framePr", **frame),
            borders,
            w("tabs", w("tab", val="right", pos=TEXT_WIDTH - 280)),
            w("ind", left=280, right=280),
            w("jc", val="left"),
        ),
    )
    yield paragraph("Anchor")


def _spacing(before: int, line: int = LINE, after: int = 0) -> Element:
    return w("spacing", before=before, after=after, line=line, lineRule="exact")
