"""What the systems of offices read and push, as types: each field with its Chinese name, as in open data."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from opendata.schemas import Figure


class Body(BaseModel):
    """What is pushed: an unknown field is a mistake and told as one."""

    model_config = ConfigDict(extra="forbid")


class SheetRow(BaseModel, title="填报表"):
    """A sheet within the jurisdiction of the token's account."""

    id: str = Field(title="填报表编号")
    data_year: int = Field(title="数据年度")
    title: str = Field(title="采集任务")
    region_code: str = Field(title="区划代码")
    region: str = Field(title="县（市、区）")
    state: str = Field(title="状态代码")
    state_name: str = Field(title="状态")
    revision: int = Field(title="修订号")


class SheetPage(BaseModel, title="填报表：一页"):
    """A page of sheets."""

    count: int = Field(title="总数")
    page: int = Field(title="页码")
    pages: int = Field(title="页数")
    rows: list[SheetRow] = Field(title="填报表")


class Line(BaseModel, title="填报表的一行"):
    """One line of a sheet: what is stored, as text as it was typed."""

    code: str = Field(title="指标代码")
    name: str = Field(title="指标")
    unit: str = Field(title="单位")
    kind: str = Field(title="类型")
    value: str = Field(title="数值", description="空文本是未填，不是0")
    numerator: str = Field(title="分子")
    denominator: str = Field(title="分母")
    mode: str = Field(
        title="填报方式",
        description="actual实际数，forecast预测数，missing缺报，not-applicable不适用",
    )
    note: str = Field(title="说明")
    status: str = Field(title="确认程度", description="forecast、self、city、confirmed，未填为空")
    base: str = Field(title="指纹", description="写入时原样带回，证明写入方看到的是这一内容")
    is_locked: bool = Field(title="不在退回范围", description="真则当前不能修改")


class Sheet(SheetRow, title="填报表全表"):
    """A sheet with its lines."""

    is_open: bool = Field(title="当前可填")
    why_not: str = Field(title="不可填的原因")
    lines: list[Line] = Field(title="各项")


class FigureIn(Body, title="要写入的一个数"):
    """One line to write."""

    code: str = Field(title="指标代码", min_length=1, max_length=20)
    value: str = Field("", title="数值", max_length=200, description="文本；网页接受的写法都接受")
    numerator: str = Field("", title="分子", max_length=200)
    denominator: str = Field("", title="分母", max_length=200)
    mode: Literal["actual", "forecast", "missing", "not-applicable"] = Field(
        "actual", title="填报方式"
    )
    note: str = Field("", title="说明", max_length=4000)
    base: str | None = Field(
        None, title="指纹", max_length=20, description="读取时得到的base；不给则只填仍为空白的项"
    )


class FiguresIn(Body, title="要写入的数"):
    """Lines of one sheet, written all or none."""

    figures: list[FigureIn] = Field(title="各项", min_length=1, max_length=200)


class FigureOutcome(BaseModel, title="一个数的写入结果"):
    """What became of one line."""

    code: str = Field(title="指标代码")
    outcome: Literal["saved", "same"] = Field(title="结果", description="saved已写入，same原已如此")


class FiguresDone(BaseModel, title="写入结果"):
    """All lines were accepted."""

    id: str = Field(title="填报表编号")
    revision: int = Field(title="修订号")
    items: list[FigureOutcome] = Field(title="逐项结果")


class MonthlyCallRow(BaseModel, title="年度月报"):
    """A call for monthly figures."""

    id: str = Field(title="月报编号")
    year: int = Field(title="年度")
    system: str = Field(title="指标体系")
    due_day: int = Field(title="次月几日前")


class MonthlyCalls(BaseModel, title="各年度月报"):
    """Calls, newest first."""

    rows: list[MonthlyCallRow] = Field(title="月报")


class MonthFigure(BaseModel, title="一个月的数"):
    """One month that is over."""

    month: int = Field(title="月份")
    due_on: date = Field(title="应报日期")
    number: str = Field(title="数值", description="空文本是未报")
    note: str = Field(title="说明")
    is_late: bool = Field(title="逾期未报")


class MonthLine(BaseModel, title="一项指标的各月"):
    """One indicator's months."""

    code: str = Field(title="指标代码")
    name: str = Field(title="指标")
    unit: str = Field(title="单位")
    target: str = Field(title="年度目标")
    months: list[MonthFigure] = Field(title="各月")


class MonthlyYear(BaseModel, title="一县一年的月报"):
    """The months of the account's own county."""

    id: str = Field(title="月报编号")
    year: int = Field(title="年度")
    region_code: str = Field(title="区划代码")
    region: str = Field(title="县（市、区）")
    seen: str = Field(title="指纹", description="写入时原样带回")
    lines: list[MonthLine] = Field(title="各项")


class MonthIn(Body, title="要写入的一个月报数"):
    """One month to write."""

    code: str = Field(title="指标代码", min_length=1, max_length=20)
    month: int = Field(title="月份", ge=1, le=12)
    number: str = Field(title="数值", max_length=200, description="空文本收回已报的数")
    note: str = Field("", title="说明", max_length=2000)


class MonthsIn(Body, title="要写入的月报数"):
    """Monthly figures of one county, written all or none."""

    seen: str = Field(title="指纹", max_length=64, description="读取时得到的seen")
    months: list[MonthIn] = Field(title="各月", min_length=1, max_length=500)


class MonthItem(BaseModel, title="一个月报数的写入结果"):
    """One month that was accepted."""

    code: str = Field(title="指标代码")
    month: int = Field(title="月份")


class MonthsDone(BaseModel, title="月报写入结果"):
    """All months were accepted."""

    id: str = Field(title="月报编号")
    written: int = Field(title="写入项数", description="原已如此的不计")
    seen: str = Field(title="新的指纹")
    items: list[MonthItem] = Field(title="逐项")


class ResultRow(BaseModel, title="一县的评价结果"):
    """What a county scored, for itself and the offices above it."""

    data_year: int = Field(title="数据年度")
    region_code: str = Field(title="区划代码")
    region: str = Field(title="县（市、区）")
    total: Figure = Field(title="得分")
    class_name: str = Field(title="类别")
    rank: int = Field(title="位次")


class ResultPage(BaseModel, title="评价结果：一页"):
    """A page of results."""

    count: int = Field(title="总数")
    page: int = Field(title="页码")
    pages: int = Field(title="页数")
    rows: list[ResultRow] = Field(title="结果")
