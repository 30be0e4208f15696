"""The same official document for Word, where offices go on editing; as far as Word allows, the same layout."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from county_portal.common.text import chinese_date
from county_portal.documents.blocks import Attachment, Block, Heading, Paragraph
from county_portal.documents.enums import Layout
from county_portal.documents.official import (
    Imprint,
    OfficialDocument,
    Signature,
    Verification,
    fit_sender,
    fit_signature,
    fit_signers,
    imprint_height,
    text_width,
)
from county_portal.documents.qr import qr_png
from county_portal.documents.tables import SetTable, set_blocks
from county_portal.documents.titles import break_title
from county_portal.documents.word_file import (
    LANDSCAPE_WIDTH,
    RED,
    TEXT_WIDTH,
    Properties,
    Section,
    WordFile,
    letter_rule,
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
_TEXT_MM = 156
_QR_MM = 22
_QR_SIZE = _QR_MM * 36_000  # in EMU
_VERIFICATION_MM = 26  # what it and the space below it take above 版记
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
    add_blocks(sections, set_blocks(document.blocks, ends_upright=True))
    turn_upright(sections)
    sections[-1].elements += _close(document, sections[-1].elements)
    for number, attachment in enumerate(document.attachments, start=1):
        several = len(document.attachments) > 1
        _set_attachment(sections, attachment, f"附件{number if several else ''}")
    turn_upright(sections)
    sections[-1].elements += _foot(document, file)
    about = Properties(
        title=plain(document.title),
        author=plain(document.signature.office),
        subject=plain(document.letterhead.number),
        dated=document.signature.signed_on,
    )
    return file.finished(sections, about)


# 版头 and title


def _opening(document: OfficialDocument) -> Iterator[Element]:
    sender = document.letterhead.sender
    scale = int(fit_sender(sender).scale * 100)
    condensed = run(sender, w("w", val=scale))
    match document.layout:
        case Layout.LETTER:
            frame = w("framePr", w=twips(170), wrap="notBeside", vAnchor="page", hAnchor="page",
                      xAlign="center", y=twips(30))  # fmt: skip
            yield paragraph("Sender", condensed, properties=(frame, letter_rule(space=11)))
            yield text_paragraph("Number", document.letterhead.number, w("jc", val="right"))
            above = 2 * LINE
        case layout:
            # The upper edge of the sender 35 mm below that of the text block; it stands in the middle of its line.
            yield paragraph("Sender", condensed, properties=(_spacing(1904, 960),))
            signers = document.letterhead.signers if layout == Layout.UPWARD else ()
            yield from _numbers(document.letterhead.number, signers)
            above = 1010  # to two lines below the rule
    yield _title("Title", document.title_lines, above)
    if document.addressees:
        yield text_paragraph("Addressees", f"{document.addressees}：")


def _numbers(number: str, signers: tuple[str, ...]) -> Iterator[Element]:
    """发文字号 two lines below the sender, beside 签发人 in reports upward, and the red rule 4 mm below."""
    line = rule("bottom", "single", _RED_RULE, space=11, color=RED)
    if not signers:
        yield text_paragraph("Number", number, line, _spacing(1082))
        return
    fit = fit_signers(signers, number)
    label = TEXT_WIDTH - characters(1 + fit.width_em)
    stops = (characters(1), label, label + characters(4), label + characters(5 + fit.name_em))
    rows: list[list[Element]] = []
    for row in fit.rows:
        # Not a tab behind the label: it just fills its four characters and the tab would leap to the next stop.
        content = [tab()] if rows else [run("签发人：")]
        for column, name in enumerate(row):
            content += [tab()] * bool(column) + [run(name, font=_KAI)]
        rows.append([tab(), tab(), *content])
    if fit.leaves_room:
        rows[-1].insert(1, run(number))
    else:
        rows.append([tab(), run(number)])
    for place, content in enumerate(rows):
        yield paragraph(
            "Number",
            *content,
            properties=(
                *([line] if place == len(rows) - 1 else []),
                w("tabs", *(w("tab", val="left", pos=stop) for stop in stops)),
                _spacing(0 if place else 1082),
                w("jc", val="left"),
            ),
        )


def _title(style: str, lines: Iterable[str], above: int) -> Element:
    """The title as one paragraph, broken where its lines are; too wide a line is broken by meaning."""
    content: list[Element] = []
    for line in break_title("\n".join(lines), ""):
        content += [line_break(), run(line)] if content else [run(line)]
    return paragraph(style, *content, properties=(_spacing(above, after=LINE),))


# Text


def add_blocks(sections: list[Section], blocks: Iterable[Block | SetTable]) -> None:
    """Tables wider than the text block go on turned pages."""
    for block in blocks:
        landscape = isinstance(block, SetTable) and block.is_wide
        if sections[-1].landscape != landscape:
            sections.append(Section(landscape=landscape))
        sections[-1].elements += _block(block)


def turn_upright(sections: list[Section]) -> None:
    """Go on with an upright page."""
    if sections[-1].landscape:
        sections.append(Section())


def _block(block: Block | SetTable) -> list[Element]:
    match block:
        case Heading():
            return [text_paragraph(f"Heading{block.level}", block.text)]
        case SetTable():
            caption = [text_paragraph("TableCaption", block.caption)] if block.caption else []
            return [*caption, table(block, LANDSCAPE_WIDTH if block.is_wide else TEXT_WIDTH)]
        case Paragraph(lead=""):
            return [text_paragraph("Text", block.text)]
        case Paragraph():
            face = _HEI if block.lead_level == 1 else _KAI
            return [paragraph("Text", run(block.lead, font=face), run(block.rest))]
        case _:
            raise TypeError(f"{type(block)} is not set")


def _set_attachment(sections: list[Section], attachment: Attachment, mark: str) -> None:
    """From a new page on, which is turned if the attachment begins with a wide table."""
    blocks = set_blocks(attachment.blocks, ends_upright=False)
    wide = bool(blocks) and isinstance(blocks[0], SetTable) and blocks[0].is_wide
    opening = [
        text_paragraph("AttachmentMark", mark),
        _title("AttachmentTitle", (attachment.title,), LINE),
    ]
    sections.append(Section(landscape=wide, elements=opening))
    add_blocks(sections, blocks)


# After the text


def _close(document: OfficialDocument, text: list[Element]) -> Iterator[Element]:
    """附件说明, signature and 附注; the signature keeps a line of what stands before it with it."""
    note = list(_attachment_note(document.attachments))
    keep_with_next((note or text)[-1])
    yield from note
    yield from _signature(document.signature)
    if document.remark:
        yield text_paragraph("Remark", f"（{document.remark}）")


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


def _foot(document: OfficialDocument, file: WordFile) -> Iterator[Element]:
    """How to verify, and 版记, at the foot of the page: frames bound to an empty paragraph at the end."""
    is_letter = document.layout == Layout.LETTER
    bottom = 225 - imprint_height(document.imprint, is_letter=is_letter)
    if document.verification:
        yield from _verification(document.verification, bottom - _VERIFICATION_MM, file)
    if not is_letter:
        yield from _imprint(document.imprint, bottom)
    elif document.imprint.copied_to:
        yield _imprint_row(_copies(document.imprint), yAlign="bottom")
    yield paragraph("Anchor")


def _verification(verification: Verification, top: Decimal, file: WordFile) -> Iterator[Element]:
    """The QR code, 22 mm, and beside it what is typed by hand; one frame for each."""
    code = qr_png(verification.url or verification.code)
    picture = file.picture(code, size=_QR_SIZE, description="核验二维码")
    place = _frame(_QR_MM, xAlign="left", y=twips(top))
    at_its_height = w("spacing", line=240, lineRule="auto")
    yield paragraph("Verification", picture, properties=[place, at_its_height])
    words = (
        f"核验码：{verification.code}",
        f"内容摘要：{verification.digest[:16]}",
        f"扫码或访问：{verification.url}"
        if verification.url
        else "请在平台“公文核验”页面输入核验码核验",
    )
    for line in words:
        yield text_paragraph("Verification", line, _frame(130, x=twips(24), y=twips(top + 3)))


def _copies(imprint: Imprint) -> list[Element]:
    return [run(f"抄送：{'，'.join(imprint.copied_to)}。")]


def _imprint(imprint: Imprint, top: Decimal) -> Iterator[Element]:
    """抄送 over 印发, between rules, each row in a frame of its own.

    LibreOffice loses the rules of frames that hold two paragraphs, hence the room reckoned for 抄送.
    """
    if imprint.copied_to:
        yield _imprint_row(_copies(imprint), above=_THICK, y=max(1, twips(top)))
    printed = [run(imprint.printed_by), tab(), run(f"{chinese_date(imprint.printed_on)}印发")]
    line = _THIN if imprint.copied_to else _THICK
    yield _imprint_row(printed, above=line, below=_THICK, yAlign="bottom")


def _imprint_row(
    content: list[Element], *, above: int = 0, below: int = 0, **place: str | int
) -> Element:
    borders = [
        w(side, val="single", sz=size, space=1, color="auto")
        for side, size in (("top", above), ("bottom", below))
        if size
    ]
    frame = _frame(156, xAlign="left", **place)
    rules = [w("pBdr", *borders)] if borders else []
    return paragraph("Imprint", *content, properties=[frame, *rules])


def _frame(width: int, **place: str | int) -> Element:
    """A place on the text block of the page its anchor comes to; no text beside it."""
    return w(
        "framePr",
        w=twips(width) if width < _TEXT_MM else TEXT_WIDTH,
        wrap="notBeside",
        vAnchor="margin",
        hAnchor="margin",
        **place,
    )


def _spacing(before: int, line: int = LINE, after: int = 0) -> Element:
    return w("spacing", before=before, after=after, line=line, lineRule="exact")
