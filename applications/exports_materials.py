"""The materials as PDF, as .docx, and as a zip with every attachment. Bytes from values; no request."""

import tempfile
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path, PurePosixPath

from django.template.loader import render_to_string

from applications.materials_document import QUALITATIVE, MaterialsDocument
from applications.rules.schedule import Bar, Schedule
from applications.selectors.attachments import AttachedFile
from applications.selectors.documents import STYLES, TEMPLATE
from county_portal.common.province import words
from county_portal.common.text import chinese_date
from county_portal.documents.blocks import Block, Heading, Paragraph, Table, TableColumn
from county_portal.documents.pdf import RenderedPdf, render_pdf
from county_portal.documents.tables import set_blocks
from county_portal.documents.word import add_blocks
from county_portal.documents.word_file import Properties, Section, WordFile
from county_portal.documents.word_xml import text_paragraph
from county_portal.files.store import Blob, path_of, put_file

_STAMP = (1980, 1, 1, 0, 0, 0)
_QUARTERS = 4
_BOM = "\ufeff"  # or Windows' editor takes the index for GBK


def render_materials(document: MaterialsDocument, digest: str) -> RenderedPdf:
    """The PDF; `digest` is the document's own, printed at the foot of every page."""
    front = document.front
    return render_pdf(
        render_to_string(TEMPLATE, {"document": document, "digest": digest}),
        title=f"{front.region}{front.title}",
        styles=STYLES,
        created_on=front.saved_at.date(),
        author=front.office,
        subject=front.round_name,
    )


def render_materials_word(document: MaterialsDocument, digest: str) -> bytes:
    """The same for Word; the picture of the schedule is a table by quarters."""
    front = document.front
    file = WordFile(letter=False)
    sections = [Section(elements=[text_paragraph("Title", f"{front.region}{front.title}")])]
    add_blocks(sections, set_blocks(_word_blocks(document, digest), ends_upright=False))
    about = Properties(
        title=f"{front.region}{front.title}",
        author=front.office,
        subject=front.round_name,
        dated=front.saved_at.date(),
    )
    return file.finished(sections, about)


def _word_blocks(document: MaterialsDocument, digest: str) -> list[Block]:
    front = document.front
    blocks: list[Block] = [
        Paragraph(f"申报批次：{front.round_name}"),
        Paragraph(f"编制单位：{front.office}"),
        Paragraph(
            f"版本：第{front.revision}次修订，{chinese_date(front.saved_at.date())}保存"
            f"{'（未定稿）' if front.standing else ''}"
        ),
        Paragraph(f"内容摘要：{document.digest}"),
        Paragraph(f"文件摘要：{digest}"),
        Heading(1, "一、县（市、区）人民政府申报文件"),
        *_government(document),
        Heading(1, f"二、建设{words().pilot_kind}指标体系表"),
        Paragraph(f"县（市、区）名称：{front.region}"),
        _table(document),
        Paragraph(document.note),
        *_said_of_rows(document),
        Heading(1, "三、县（市、区）科技创新基本情况表"),
        _basics(document),
        Heading(1, f"四、{words().programme}工作实施方案"),
    ]
    if document.plan_file:
        blocks.append(Paragraph(f"方案正文见附件“{document.plan_file}”。"))
    for chapter in document.chapters:
        blocks.append(Paragraph(chapter.title, chapter.title))
        blocks += chapter.blocks
        if chapter.section == "schedule":
            blocks += _schedule(document.schedule)
    return [*blocks, Heading(1, "五、附件清单"), *_attachments(document)]


def _government(document: MaterialsDocument) -> list[Block]:
    made: list[Block] = []
    paper, approval = document.document, document.approval
    if paper:
        words = f"{paper.title}（{paper.document_number}，{chinese_date(paper.issued_on)}）。"
        made.append(Paragraph(words))
    if approval:
        words = (
            f"{chinese_date(approval.met_on)}{approval.meeting}审议通过"
            f"（{approval.document_number}）。"
        )
        made.append(Paragraph(words))
    return made or [Paragraph("尚未登记。")]


def _table(document: MaterialsDocument) -> Table:
    labels = ("上年数值", "今年目标", "明年目标", "后年目标")
    columns = (
        TableColumn("序号", 3, "center"),
        TableColumn("评价指标", 15),
        *(
            TableColumn(f"{label}（{year}）", 5, "right")
            for label, year in zip(labels, document.years, strict=True)
        ),
    )
    blank = ("",) * len(labels)
    return Table(
        columns,
        tuple(
            (each.number, each.name, *(each.cells or (QUALITATIVE, *blank[1:])))
            for each in document.all_lines
        ),
    )


def _said_of_rows(document: MaterialsDocument) -> list[Block]:
    """Words in place of numbers, definitions of own rows, and the reasons given for figures."""
    said: list[Block] = []
    for line in document.all_lines:
        if line.words:
            said.append(Paragraph(f"第{line.number}行：{line.words}"))
        if line.reason:
            said.append(Paragraph(f"第{line.number}行目标说明：{line.reason}"))
    return said


def _basics(document: MaterialsDocument) -> Table:
    return Table(
        (
            TableColumn("序号", 3, "center"),
            TableColumn("项目", 14),
            TableColumn("单位", 5, "center"),
            TableColumn(f"{document.years[0]}年数值", 7, "right"),
            TableColumn("说明", 7),
        ),
        tuple(
            (str(each.number), each.name, each.unit, each.text, each.note)
            for each in document.basics
        ),
    )


def _schedule(schedule: Schedule) -> list[Block]:
    if not schedule.step_count:
        return []
    steps = Table(
        (
            TableColumn("重点任务", 8),
            TableColumn("工作内容", 12),
            TableColumn("开始", 6, "center"),
            TableColumn("完成", 6, "center"),
            TableColumn("责任单位", 8),
        ),
        tuple(
            (
                lane.label,
                bar.step.name,
                chinese_date(bar.step.starts_on),
                chinese_date(bar.step.ends_on),
                "、".join(lane.task.units) if lane.task else "",
            )
            for lane in schedule.lanes
            for bar in lane.bars
        ),
        "进度安排表",
    )
    quarters = [
        f"{year.year % 100}年{number}季"
        for year in schedule.years
        for number in range(1, _QUARTERS + 1)
    ]
    picture = Table(
        (TableColumn("工作内容", 17), *(TableColumn(each, 3, "center") for each in quarters)),
        tuple(
            (bar.step.name, *_marks(bar, len(quarters)))
            for lane in schedule.lanes
            for bar in lane.bars
        ),
        "进度安排图",
    )
    return [steps, picture]


def _marks(bar: Bar, quarters: int) -> list[str]:
    """■ in each quarter a step touches by more than a day or two."""
    width = Decimal(100) / quarters
    return [
        "■" if bar.left < width * (place + 1) - 1 and bar.right > width * place + 1 else ""
        for place in range(quarters)
    ]


def _attachments(document: MaterialsDocument) -> list[Block]:
    if not document.attachments:
        return [Paragraph("无。")]
    columns = (
        TableColumn("序号", 3, "center"),
        TableColumn("所属材料", 10),
        TableColumn("名称", 14),
        TableColumn("文号", 9),
    )
    rows = tuple(
        (str(each.number), each.belongs_to, each.name, each.document_number)
        for each in document.attachments
    )
    return [Table(columns, rows)]


def zip_materials(
    document: MaterialsDocument, made: Sequence[tuple[str, Path]], attached: Sequence[AttachedFile]
) -> Blob:
    """The documents made, then the attachments in their order, and an index; the same give the same bytes."""
    members = [(name, path.read_bytes()) for name, path in made]
    index = [f"{document.front.region}{document.front.title}", document.front.round_name, ""]
    index += [f"{name}" for name, _ in made]
    with tempfile.NamedTemporaryFile(suffix=".zip") as aside:
        with zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members:
                _write(archive, name, content)
            for each in attached:
                name = f"附件/{each.number:02}-{_safe(each.name)}{_ending(each.file.name)}"
                _write(archive, name, path_of(each.file.sha256).read_bytes())
                index.append(
                    f"{name}　{each.belongs_to}　{each.document_number}　SHA-256 {each.file.sha256}"
                )
            _write(archive, "00-目录.txt", (_BOM + "\r\n".join(index) + "\r\n").encode())
        aside.flush()
        return put_file(Path(aside.name))


def _write(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    info = zipfile.ZipInfo(name, _STAMP)
    info.external_attr = 0o644 << 16
    archive.writestr(info, content, zipfile.ZIP_DEFLATED)


def _safe(name: str) -> str:
    """A name no file system stumbles over, its ending left out."""
    plain = "".join("_" if char in '\\/:*?"<>|\n\t' else char for char in name)
    stem = plain.removesuffix(_ending(plain))
    return stem.strip(" .")[:60] or "附件"


def _ending(name: str) -> str:
    suffix = PurePosixPath(name.replace("\\", "/")).suffix
    return (
        suffix.lower()
        if suffix.lower() in {".pdf", ".docx", ".xlsx", ".jpg", ".jpeg", ".png"}
        else ""
    )
