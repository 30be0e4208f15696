"""The interface for the systems of offices: their sheets, months and results, read and written with a token."""

from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Header, Query, Router, Schema
from pydantic import Field, StringConstraints

from indicators.rules import CellInput
from opendata import office_schemas as schemas
from opendata.actions.pushing import (
    FigureEdit,
    MonthEdit,
    Push,
    Pushed,
    push_figures,
    push_months,
    push_once,
)
from opendata.enums import Scope
from opendata.operations import operation
from opendata.selectors import offices as read

router = Router(tags=["单位接口"])
REPLAYED = "Idempotency-Replayed"

Key = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9._:-]{8,80}$"),
    Header(
        ...,
        alias="Idempotency-Key",
        description="本次写入的唯一键，8至80位字母、数字或._:-；重试用同一个键，只写入一次",
    ),
]


class PageQuery(Schema):
    """Which page of which year."""

    year: int | None = Field(None, ge=1990, le=2100, description="只取这一数据年度")
    page: int = Field(1, ge=1, le=100_000, description="页码，从1开始")
    page_size: int = Field(200, ge=1, le=1000, description="每页行数")


def _page(query: PageQuery, found: Any, count: int) -> tuple[dict[str, int], Any]:
    """The numbers of a page and its rows; 404 beyond the last."""
    pages = max(1, -(-count // query.page_size))
    if query.page > pages:
        raise Http404
    begin = (query.page - 1) * query.page_size
    numbers = {"count": count, "page": query.page, "pages": pages}
    return numbers, found[begin : begin + query.page_size]


@operation(
    router,
    "/api/v1/sheets",
    scope=Scope.READ_SHEETS,
    response=schemas.SheetPage,
    summary="填报表",
)
def api_sheets(request: HttpRequest, query: PageQuery = Query(...)) -> schemas.SheetPage:  # type: ignore[type-arg]  # noqa: B008 -- ninja's way
    """管辖范围内的填报表；数据提供部门为分给本部门的。范围sheets:read。"""
    found = read.list_sheets(_token(request).holder, query.year)
    numbers, rows = _page(query, found, read.count_sheets(found))
    return schemas.SheetPage(**numbers, rows=[read.sheet_row(row) for row in rows])


@operation(
    router,
    "/api/v1/sheets/{uuid:sheet_id}",
    scope=Scope.READ_SHEETS,
    objects={"sheet_id": "pushed_sheet"},
    response=schemas.Sheet,
    summary="一张填报表",
)
def api_sheet(request: HttpRequest, sheet_id: UUID) -> schemas.Sheet:
    """各项已填内容及其指纹base；写入时带回base，便不会覆盖他人的填写。范围sheets:read。"""
    holder = _token(request).holder
    return read.read_lines(holder, read.get_sheet(holder, sheet_id))


@operation(
    router,
    "/api/v1/sheets/{uuid:sheet_id}/figures",
    method="POST",
    scope=Scope.WRITE_SHEETS,
    objects={"sheet_id": "pushed_sheet"},
    response=schemas.FiguresDone,
    summary="写入填报表",
)
def api_push_figures(
    request: HttpRequest, response: HttpResponse, sheet_id: UUID, body: schemas.FiguresIn, key: Key
) -> dict[str, Any]:
    """全部写入或全部不写入。与网页填报同一套数值识别、核对、权限和审计；核对提示仍须在网页说明原因。范围sheets:write。"""
    token = _token(request)
    figures = [
        FigureEdit(
            line.code,
            CellInput(line.value, line.numerator, line.denominator, line.mode, line.note),
            line.base,
        )
        for line in body.figures
    ]
    done = push_once(
        token=token,
        push=Push(key, request.path, body.model_dump(mode="json")),
        act=lambda: push_figures(token=token, sheet_id=sheet_id, figures=figures),
    )
    return _answer(response, done)


@operation(
    router,
    "/api/v1/monthly",
    scope=Scope.READ_MONTHLY,
    response=schemas.MonthlyCalls,
    summary="月报",
)
def api_monthly(request: HttpRequest) -> schemas.MonthlyCalls:
    """已布置的月报。范围monthly:read。"""
    rows = [
        schemas.MonthlyCallRow(
            id=str(call.public_id),
            year=call.year,
            system=call.version.system.name,
            due_day=call.due_day,
        )
        for call in read.list_monthly(_token(request).holder)
    ]
    return schemas.MonthlyCalls(rows=rows)


@operation(
    router,
    "/api/v1/monthly/{uuid:call_id}",
    scope=Scope.READ_MONTHLY,
    objects={"call_id": "pushed_call"},
    response=schemas.MonthlyYear,
    summary="本县一年的月报",
)
def api_county_months(request: HttpRequest, call_id: UUID) -> schemas.MonthlyYear:
    """本县已结束各月的数值及指纹seen。范围monthly:read。"""
    return read.months_of(read.get_county_months(_token(request).holder, call_id))


@operation(
    router,
    "/api/v1/monthly/{uuid:call_id}/figures",
    method="POST",
    scope=Scope.WRITE_MONTHLY,
    objects={"call_id": "pushed_call"},
    response=schemas.MonthsDone,
    summary="写入月报",
)
def api_push_months(
    request: HttpRequest, response: HttpResponse, call_id: UUID, body: schemas.MonthsIn, key: Key
) -> dict[str, Any]:
    """全部写入或全部不写入。规则与网页月报相同：未结束的月份不收，累计数下降须写说明。范围monthly:write。"""
    token = _token(request)
    months = [MonthEdit(line.code, line.month, line.number, line.note) for line in body.months]
    done = push_once(
        token=token,
        push=Push(key, request.path, body.model_dump(mode="json")),
        act=lambda: push_months(token=token, call_id=call_id, seen=body.seen, months=months),
    )
    return _answer(response, done)


@operation(
    router,
    "/api/v1/results",
    scope=Scope.READ_RESULTS,
    response=schemas.ResultPage,
    summary="评价结果",
)
def api_results(request: HttpRequest, query: PageQuery = Query(...)) -> schemas.ResultPage:  # type: ignore[type-arg]  # noqa: B008 -- ninja's way
    """管辖范围内各县在现行名单上的得分、类别和位次。范围results:read。"""
    found = read.list_results(_token(request).holder, query.year)
    numbers, rows = _page(query, found, found.count())
    return schemas.ResultPage(**numbers, rows=[read.result_row(row) for row in rows])


def _token(request: HttpRequest) -> Any:
    """The token that let the request in."""
    return request.auth  # type: ignore[attr-defined]  # set by BearerToken


def _answer(response: HttpResponse, done: Pushed) -> dict[str, Any]:
    response[REPLAYED] = "true" if done.is_replayed else "false"
    return done.answer
