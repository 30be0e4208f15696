"""A register as people read it: its lines, and the same lines as a workbook."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from county_portal.common import clock
from county_portal.documents.content import read_content
from county_portal.documents.enums import PaperStatus
from county_portal.documents.kinds import issued_kind
from county_portal.documents.models import Draft, Paper, Register
from county_portal.documents.selectors.registers import PaperFilter
from county_portal.documents.workbook import Column, Sheet, render_workbook


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One line of a register."""

    paper: Paper
    number: str
    issued_on: date
    title: str
    addressees: str
    drafter: str
    checker: str
    signer: str
    standing: str
    pages: int | None


_COLUMNS = (
    Column("发文字号", 22),
    Column("成文日期", 14),
    Column("标题", 48),
    Column("主送机关", 30),
    Column("拟稿人", 10),
    Column("核稿人", 10),
    Column("签发人", 10),
    Column("效力", 10),
    Column("原因", 30),
    Column("页数", 8, "0"),
)


def register_rows(papers: Iterable[Paper]) -> list[RegisterRow]:
    """Lines of documents as `list_registered` gives them; one query per kind that other apps issue."""
    listed = list(papers)
    drafters = _drafters(listed)
    return [_row(paper, drafters.get(paper.pk, "")) for paper in listed]


def _drafters(papers: Sequence[Paper]) -> dict[int, str]:
    """Who drew up what was issued without a draft of documents."""
    names: dict[int, str] = {}
    for name in {paper.kind for paper in papers}:
        kind = issued_kind(name)
        if kind and kind.drafters_of:
            names |= kind.drafters_of([paper.pk for paper in papers if paper.kind == name])
    return names


def _row(paper: Paper, drafter: str) -> RegisterRow:
    draft: Draft | None = getattr(paper, "draft", None)
    return RegisterRow(
        paper,
        paper.number,
        paper.issued_on,
        paper.title,
        read_content(paper.content).addressees if paper.layout else "",
        draft.drafted_by.display_name if draft else drafter,
        draft.checked_by.display_name if draft and draft.checked_by else "",
        paper.signer_name,
        paper.get_status_display(),
        getattr(paper, "pages", None),
    )


def render_register(register: Register, wanted: PaperFilter, rows: Sequence[RegisterRow]) -> bytes:
    """The workbook; it says of which register, of when, and how it was filtered."""
    sheet = Sheet(
        title="发文登记簿",
        columns=_COLUMNS,
        rows=[
            (
                row.number,
                row.issued_on.isoformat(),
                row.title,
                row.addressees,
                row.drafter,
                row.checker,
                row.signer,
                row.standing,
                row.paper.status_reason,
                row.pages,
            )
            for row in rows
        ],
        heading_lines=(
            f"{register.prefix}发文登记簿",
            f"{register.office.name}；{_filter_words(wanted)}；共{len(rows)}件；"
            f"导出日期{clock.today().isoformat()}",
        ),
        landscape=True,
    )
    title = f"{register.prefix}发文登记簿"
    return render_workbook([sheet], title=title, created_on=clock.today()).content


def _filter_words(wanted: PaperFilter) -> str:
    words = [
        f"{wanted.year}年" if wanted.year else "",
        PaperStatus(wanted.status).label if wanted.status else "",
        f"含“{wanted.text}”" if wanted.text else "",
    ]
    return "、".join(filter(None, words)) or "全部"
