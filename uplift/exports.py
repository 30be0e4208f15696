"""Plans out to workbooks: what a plan says, and counties as filtered."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from county_portal.common.numbers import readable
from county_portal.documents.workbook import Column, Sheet, render_workbook
from uplift.models import PlanVersion
from uplift.rules.text import PlanText
from uplift.selectors.outlook import Outlook, OutlookLine
from uplift.selectors.progress import Fund, StageProgress
from uplift.workbook import TARGETS, target_headings

_INTERNAL = "内部资料，未经同意不得对外提供。"
_SAID = {True: "是", False: "否", None: ""}


def plan_workbook(
    version: PlanVersion,
    text: PlanText,
    stages: Sequence[StageProgress],
    fund: Fund,
    meanings: Mapping[str, tuple[str, str]],
    made_on: date,
) -> bytes:
    """What a plan says: targets (which may be edited and read in again), stages, growth, fund."""
    sheets = [_targets(text), _stages(text, stages), _growth(text, meanings), _fund(fund)]
    return render_workbook(sheets, title=str(version), created_on=made_on).content


def _targets(text: PlanText) -> Sheet:
    classes = text.heading.classes[:-1]
    widths = (36, 10, 12, 10, *(14 for _ in classes))
    columns = tuple(
        Column(heading, width, "@" if number < 3 else "0" if number == 3 else "General")  # noqa: PLR2004 -- the fourth is a year
        for number, (heading, width) in enumerate(
            zip(target_headings(classes), widths, strict=True)
        )
    )
    rows = [
        (
            line.name,
            line.unit,
            line.indicator,
            line.data_year,
            *(line.targets.get(c) for c in classes),
        )
        for line in text.lines
    ]
    lines = (
        f"{text.heading.title}：分类目标",
        "可在此表修改后导入草稿；“对应指标”为指标体系中的序号，计划自设的指标留空。",
    )
    return Sheet(TARGETS, columns, rows, heading_lines=lines, landscape=True)


def _stages(text: PlanText, stages: Sequence[StageProgress]) -> Sheet:
    columns = (
        *(Column("阶段", 22), Column("数据年度", 10, "0"), Column("公布年份", 10, "0")),
        *(Column(f"{name}类县（计划）", 12, "0") for name in text.heading.classes),
        *(Column(f"{name}类县（名单）", 12, "0") for name in text.heading.classes),
        *(Column("列名的县（市、区）", 60), Column("实现情况", 60)),
    )
    rows = [
        (
            *(row.stage.name, row.stage.data_year, row.stage.publication_year),
            *(row.stage.counts.get(name) for name in text.heading.classes),
            *(actual for _, _, actual in row.counts),
            "；".join(
                f"{rise.before}{'' if rise.stays else '→' + rise.after}：{'、'.join(rise.names)}"
                for rise in row.rises
            ),
            "；".join(f"{words}：{'、'.join(names)}" for _, words, names in row.results),
        )
        for row in stages
    ]
    return Sheet(
        "阶段任务",
        columns,
        rows,
        heading_lines=(f"{text.heading.title}：阶段任务",),
        landscape=True,
    )


def _growth(text: PlanText, meanings: Mapping[str, tuple[str, str]]) -> Sheet:
    columns = (
        Column("数据", 30),
        Column("方式", 14),
        Column("不低于（%）", 12, "General"),
        Column("原文", 60),
    )
    rows = [
        (
            meanings.get(each.meaning, (each.meaning, ""))[0],
            each.mode.label,
            each.percent,
            each.sentence,
        )
        for each in text.growth
    ]
    return Sheet("增长要求", columns, rows, heading_lines=(f"{text.heading.title}：增长要求",))


def _fund(fund: Fund) -> Sheet:
    columns = (
        *(
            Column("资金年度", 10, "0"),
            Column("下达日期", 12),
            Column("文号", 24),
            Column("用途", 40),
        ),
        *(Column("使用县（市、区）", 24), Column("金额（元）", 18, "#,##0.00"), Column("说明", 40)),
    )
    rows: list[tuple[object, ...]] = [
        (row.year, "", "", "计划安排", "", row.planned, f"已下达{row.spent}元，余{row.left}元")
        for row in fund.years
    ]
    rows += [
        (
            *(each.year, each.spent_on.isoformat(), each.document_number, each.use),
            each.region.full_name if each.region else "",
            each.amount,
            f"已撤销：{each.revoke_reason}" if each.revoked_at else "",
        )
        for each in fund.entries
    ]
    return Sheet("专项资金", columns, rows, heading_lines=("专项资金安排与使用",), landscape=True)


def outlooks_workbook(
    version: PlanVersion, outlooks: Sequence[Outlook], narrowed: str, made_on: date
) -> bytes:
    """Two sheets: a row per county, and a row per county and indicator; the counties given, in their order."""
    sheets = [_counties(version, outlooks, narrowed), _lines(version, outlooks)]
    return render_workbook(sheets, title=f"{version}进展", created_on=made_on).content


def _counties(version: PlanVersion, outlooks: Sequence[Outlook], narrowed: str) -> Sheet:
    columns = (
        *(
            Column("区划代码", 12),
            Column("县（市、区）", 28),
            Column("现类别", 8),
            Column("目标类别", 9),
        ),
        *(Column("总分", 10, "0.00"), Column("距目标类别差（分）", 16, "0.00")),
        *(
            Column("已达目标", 10, "0"),
            Column("可判断目标", 11, "0"),
            Column("落后于进度", 11, "0"),
        ),
        Column("未达增长要求", 13, "0"),
    )
    rows = [
        (
            *(each.region.code, each.region.full_name),
            *((each.standing.class_name if each.standing else ""), each.aimed),
            *((each.standing.total if each.standing else None),),
            each.standing.missing if each.standing else None,
            *(each.reached, each.judged, each.behind, each.growth_broken),
        )
        for each in outlooks
    ]
    lines = (f"{version}各县（市、区）进展", narrowed, _INTERNAL)
    return Sheet("各县进展", columns, rows, heading_lines=lines, landscape=True)


def _lines(version: PlanVersion, outlooks: Sequence[Outlook]) -> Sheet:
    columns = (
        *(
            Column("县（市、区）", 28),
            Column("指标", 36),
            Column("单位", 8),
            Column("基期", 12, "General"),
        ),
        *(
            Column("目标", 12, "General"),
            Column("现值", 12, "General"),
            Column("来源", 18),
            Column("状态", 8),
        ),
        *(
            Column("比序时进度", 12, "General"),
            Column("年末预测", 12, "General"),
            Column("已达目标", 10),
        ),
    )
    rows = [_line_row(each, line) for each in outlooks for line in each.lines]
    return Sheet(
        "逐项", columns, rows, heading_lines=(f"{version}逐项进展", _INTERNAL), landscape=True
    )


def _line_row(outlook: Outlook, line: OutlookLine) -> tuple[object, ...]:
    return (
        *(outlook.region.full_name, line.line.name, line.line.unit),
        _shown(line.base.number if line.base else None),
        line.target,
        _shown(line.now.number if line.now else None),
        *((line.now.source, line.now.status) if line.now else ("缺报", "")),
        _shown(line.lead),
        _shown(line.forecast.number if line.forecast else None),
        _SAID[line.is_reached],
    )


def _shown(number: Decimal | None) -> Decimal | None:
    return None if number is None else readable(number)
