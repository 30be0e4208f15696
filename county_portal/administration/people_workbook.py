"""People by the workbook: the template, what somebody filled in, and the list of accounts out."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openpyxl.utils import get_column_letter
from python_calamine import CalamineError, CalamineWorkbook

from county_portal.accounts.models import Office, User
from county_portal.accounts.roles import ROLE_KIND, ROLE_LEVEL, OfficeKind, Role
from county_portal.common.clock import today
from county_portal.common.errors import Invalid
from county_portal.common.numbers import plain
from county_portal.common.templatetags.portal_ui import local
from county_portal.documents.workbook import Column, Sheet, render_workbook
from indicators.workbook.package import Package, Unreadable

MOST_PEOPLE = 200
SHEET = "人员"
HEADINGS = {
    "login": "登录名",
    "display_name": "姓名",
    "role": "岗位",
    "office": "单位名称",
    "phone": "电话",
    "email": "电子邮箱",
}
_WIDTHS = (22, 12, 22, 44, 18, 28)
_FIRST_ROW = 2
# A space before a formula's first character still makes a formula where the file is saved as text again.
_FORMULA_STARTS = tuple("=+@＝＋＠")


@dataclass(frozen=True, slots=True)
class TypedPerson:
    """A row as typed; `row` counts from 1 as the program that made it shows."""

    row: int
    cells: Mapping[str, str]

    def place(self, name: str) -> str:
        """The cell's name, e.g. C7."""
        return f"{get_column_letter(list(HEADINGS).index(name) + 1)}{self.row}"


def template_workbook(offices: Iterable[Office]) -> bytes:
    """The workbook to be filled in, with the posts and the offices to choose from beside it."""
    columns = [Column(text, width) for text, width in zip(HEADINGS.values(), _WIDTHS, strict=True)]
    posts = [
        (role.label, ROLE_LEVEL[role].label, ROLE_KIND.get(role, OfficeKind.BUREAU).label)
        for role in Role
    ]
    listed = [
        (office.name, office.get_level_display(), office.get_kind_display()) for office in offices
    ]
    sheets = (
        Sheet(SHEET, tuple(columns), ()),
        Sheet("岗位", (Column("岗位", 24), Column("层级", 10), Column("单位类别", 18)), posts),
        Sheet("单位", (Column("单位名称", 50), Column("层级", 10), Column("类别", 18)), listed),
    )
    return render_workbook(sheets, title="批量建立账号").content


def accounts_workbook(users: Iterable[User]) -> bytes:
    """The accounts listed, one a row."""
    columns = (
        *(Column(text, width) for text, width in zip(HEADINGS.values(), _WIDTHS, strict=True)),
        *(Column("层级", 10), Column("状态", 16), Column("最近登录", 20), Column("建立时间", 20)),
    )
    rows = (
        (
            *(user.login, user.display_name, user.get_role_display(), user.office.name),
            *(user.phone, user.email, user.office.get_level_display(), state_word(user)),
            f"{local(user.last_login):%Y-%m-%d %H:%M}" if user.last_login else "从未登录",
            f"{local(user.created_at):%Y-%m-%d %H:%M}",
        )
        for user in users
    )
    sheet = Sheet("账号", columns, rows, heading_lines=("账号名册",), landscape=True)
    return render_workbook((sheet,), title="账号名册", created_on=today()).content


def state_word(user: User) -> str:
    """The account's state in a word."""
    if not user.is_active:
        return "已停用"
    return "待改初始密码" if user.must_change_password else "启用"


def read_people(content: bytes) -> list[TypedPerson]:
    """The rows somebody typed; blank ones are left out.

    Raises Invalid for a file that is none, lacks a column, holds formulas, or names too many or nobody.
    """
    rows = _rows_of(content)
    columns = _columns(rows[0] if rows else [])
    people = []
    for number, row in enumerate(rows[1:], _FIRST_ROW):
        cells = {name: _text(row, place) for name, place in columns.items()}
        if any(cells.values()):
            people.append(TypedPerson(number, cells))
    if not people:
        raise Invalid("people_none", f"工作表“{SHEET}”没有填写人员，请填写后重新上传。", "file")
    if len(people) > MOST_PEOPLE:
        raise Invalid(
            "people_too_many",
            f"表中有{len(people)}人，每次最多{MOST_PEOPLE}人，请分成几个文件上传。",
            "file",
        )
    return people


def _rows_of(content: bytes) -> list[list[Any]]:
    try:
        package = Package(content)
        if SHEET not in package.sheets:
            raise _not_the_template(f"没有工作表“{SHEET}”")
        _refuse_formulas(package)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return book.get_sheet_by_name(SHEET).to_python(skip_empty_area=False)
    except Invalid as refusal:
        if refusal.code != "workbook_too_large":
            raise
        raise _not_the_template("内容远多于模板") from refusal
    except (Unreadable, CalamineError, OSError, ValueError) as error:
        raise Invalid(
            "people_file_damaged",
            "文件不是能读取的Excel工作簿（.xlsx）。请下载模板，填写后重新上传。",
            "file",
        ) from error


def _not_the_template(reason: str) -> Invalid:
    return Invalid("people_not_template", f"人员表{reason}。请下载模板，填写后重新上传。", "file")


def _refuse_formulas(package: Package) -> None:
    formulas = package.scan(SHEET).formulas
    if formulas:
        row, column = min(formulas)
        raise Invalid(
            "people_formula",
            f"工作表“{SHEET}”的{get_column_letter(column)}{row}是公式。请改为文字后重新上传，没有建立账号。",
            "file",
        )


def _columns(head: Sequence[Any]) -> dict[str, int]:
    titles = [str(cell).strip() for cell in head]
    for heading in HEADINGS.values():
        if heading not in titles:
            raise _not_the_template(f"第1行没有列“{heading}”")
    # By their places in the template: a refusal names the cell.
    if titles[: len(HEADINGS)] != list(HEADINGS.values()):
        raise _not_the_template("各列的次序与模板不同")
    return {name: place for place, name in enumerate(HEADINGS)}


def _text(row: Sequence[Any], place: int) -> str:
    value = row[place] if place < len(row) else ""
    if isinstance(value, float):
        # A telephone number typed as a number.
        return plain(Decimal(repr(value)))
    return str(value).strip()


def begins_like_a_formula(text: str) -> bool:
    """Whether a program that opens an export might take the text for a formula."""
    return text.startswith(_FORMULA_STARTS)
