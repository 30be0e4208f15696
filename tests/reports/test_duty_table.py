"""The printed responsibility table: what each pair of columns holds, and what stands in for a missing target."""

from decimal import Decimal

from reports.duty_table import ColumnKind, DutyCell, DutyEntry, DutyTable, YearColumn


def entry(code, group, weight, responsible=("市科工局",), providers=("市统计局",)):
    return DutyEntry(code, group, f"指标{code}", Decimal(weight), "", responsible, providers)


def table(*columns):
    entries = [
        entry("01", "创新投入", "5"),
        entry("02", "创新投入", "8"),
        entry("03", "创新主体", "10"),
    ]
    return DutyTable("霸州市", entries, columns)


def test_headings_are_those_of_the_source():
    kinds = (ColumnKind.GRADED, ColumnKind.FORECAST, ColumnKind.TARGET)
    headings = [YearColumn(2018 + place, kind, {}).headings for place, kind in enumerate(kinds)]

    assert headings == [
        ("2018年情况", "2018年评价指标得分"),
        ("2019年情况", "2019年评价指标得分预测"),
        ("2020年工作目标", "2020年目标得分"),
    ]


def test_groups_are_drawn_together_with_their_points():
    rows = table(YearColumn(2018, ColumnKind.GRADED, {})).rows

    assert [(row.group_label, row.group_span) for row in rows] == [
        ("创新投入（13分）", 2),
        ("创新投入（13分）", 0),
        ("创新主体（10分）", 1),
    ]


def test_a_provider_that_is_not_responsible_is_named_as_such():
    assert entry("01", "组", "5").units == ("市科工局", "数据提供：市统计局")
    assert entry("01", "组", "5", ("市财政局",), ("市财政局",)).units == ("市财政局",)


def test_what_stands_in_for_a_target_is_said():
    carried = YearColumn(
        2020, ColumnKind.TARGET, {"01": DutyCell("", Decimal("3.39"), is_carried=True)}
    )
    told = table(carried)

    assert told.carried_words == "2020年有1项未定目标，目标得分沿用上一年度得分，以*标出。"
    assert told.rows[1].cells == (DutyCell(),)
    assert table(YearColumn(2020, ColumnKind.TARGET, {})).carried_words == ""
