"""Systems of offices at the interface: tokens issued, one used, one stopped; and whether it answers as described."""

from county_portal.accounts.models import User
from county_portal.accounts.roles import Role
from county_portal.demo.accounts import SHOWN_COUNTY
from county_portal.demo.season import Stage
from indicators.models import MonthlyCall, Submission
from indicators.rules import CellInput
from opendata.actions.pushing import FigureEdit, Push, push_figures, push_once
from opendata.actions.tokens import NewToken, issue_token, revoke_token
from opendata.conformance import check_conformance
from opendata.enums import Scope
from opendata.models import ApiToken
from opendata.office_schemas import Line
from opendata.selectors.offices import read_lines

_DAYS = 180


def play_interface(stage: Stage) -> None:
    """The shown county's own system pushes what it has already; a token that was mailed about is stopped."""
    admin = User.objects.filter(role=Role.SYSTEM_ADMIN).order_by("pk")[0]
    security = User.objects.filter(role=Role.SECURITY_ADMIN).order_by("pk")[0]
    filler = _filler()
    own, _ = issue_token(
        actor=admin,
        wanted=NewToken(f"{filler.office.short_name}数据平台", filler, list(Scope.values), _DAYS),
    )
    _push_again(own)
    wanted = NewToken("数据平台（旧）", filler, [Scope.READ_SHEETS], _DAYS)
    former, _ = issue_token(actor=admin, wanted=wanted)
    revoke_token(
        actor=security, public_id=former.public_id, reason="令牌曾以邮件发送，改用新令牌。"
    )
    stage.say("接口：签发令牌2个，停用1个，推送1次")


def _filler() -> User:
    return User.objects.filter(
        role=Role.COUNTY_FILLER, office__region__code=SHOWN_COUNTY, is_active=True
    ).order_by("pk")[0]


def _push_again(token: ApiToken) -> None:
    """The first line of the newest open sheet as it stands: the system of the office agrees with the clerk."""
    sheets = Submission.objects.filter(region__code=SHOWN_COUNTY).select_related(
        "collection", "region"
    )
    for sheet in sheets.order_by("-collection__data_year"):
        read = read_lines(token.holder, sheet)
        if read.is_open:
            line = next(row for row in read.lines if row.kind == "number" and not row.is_locked)
            _push_line(token, sheet, line)
            return


def _push_line(token: ApiToken, sheet: Submission, line: Line) -> None:
    typed = CellInput(line.value, line.numerator, line.denominator, line.mode, line.note)
    figures = [FigureEdit(line.code, typed, line.base)]
    content = {"figures": [{"code": line.code, "value": line.value, "base": line.base}]}
    path = f"/api/v1/sheets/{sheet.public_id}/figures"
    push_once(
        token=token,
        push=Push("demonstration-1", path, content),
        act=lambda: push_figures(token=token, sheet_id=sheet.public_id, figures=figures),
    )


def count_conformance() -> dict[str, int]:
    """Every GET of the interface asked on what there is, with a token for a day that is stopped afterwards."""
    admin = User.objects.filter(role=Role.SYSTEM_ADMIN).order_by("pk")[0]
    security = User.objects.filter(role=Role.SECURITY_ADMIN).order_by("pk")[0]
    wanted = NewToken("接口核对", _filler(), list(Scope.values), 1)
    token, text = issue_token(actor=admin, wanted=wanted)
    found = check_conformance(text, _arguments())
    revoke_token(actor=security, public_id=token.public_id, reason="核对完毕。")
    return found.as_document


def _arguments() -> dict[str, str]:
    """What the paths of the interface name, of the shown county."""
    sheet = Submission.objects.filter(region__code=SHOWN_COUNTY).order_by("-pk").first()
    call = MonthlyCall.objects.order_by("-year").first()
    named = {"sheet_id": sheet, "call_id": call}
    return {name: str(row.public_id) for name, row in named.items() if row}
