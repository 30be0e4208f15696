"""Titles as offices would break them."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from county_portal.documents.numbers import text_width
from county_portal.documents.titles import LINE_CHARACTERS, break_title


@pytest.mark.parametrize(
    "broken, office",
    [
        (
            "河北省科技创新工作领导小组/关于公布2020年度县域科技创新/能力监测评价结果和跃升情况的通知",
            "河北省科技创新工作领导小组",
        ),
        (
            "河北省科学技术厅/关于印发《河北省科学技术厅建设/创新型县（市、区）工作指引》的通知",
            "河北省科学技术厅",
        ),
        (
            "石家庄市人民政府办公厅/关于印发石家庄市县域科技创新跃升计划/工作方案（2022—2025年）的通知",
            "石家庄市人民政府办公厅",
        ),
        ("青海省人民政府办公厅/关于推动县域创新驱动发展的实施意见", "青海省人民政府办公厅"),
        (
            "中共霸州市委办公室霸州市人民政府办公室/关于印发《霸州市2020年度科技创新/跃升工作方案》的通知",
            "霸州市人民政府办公室",
        ),
        (
            "河北省科学技术厅关于开展2025年度县域/科技创新能力监测评价数据填报工作的通知",
            "河北省科学技术厅",
        ),
        ("石家庄市科学技术局/关于推荐创新型县（市、区）试点的函", "石家庄市科学技术局"),
        ("关于报送2024年度县域科技创新/能力监测评价填报数据的函", ""),
        ("关于推荐井陉县等3个县（市、区）申报/创新型县（市、区）试点的函", "石家庄市科学技术局"),
        ("石家庄市科学技术局关于报送2024年度县域/科技创新工作进展情况的报告", "石家庄市科学技术局"),
        ("关于召开全省县域科技创新工作会议的通知", ""),
        ("关于做好有关工作的通知", ""),
        ("河北省科学技术厅/关于2024年县域科技创新情况的通报", "河北省科学技术厅"),
        ("国务院办公厅/关于县域创新驱动发展的若干意见", "国务院办公厅"),
        ("科技部关于印发/《创新型县（市）建设工作指引》的通知", "科技部"),
        (
            "河北省科技创新工作领导小组办公室/关于征求《关于加快推进县域科技创新的/若干措施（征求意见稿）》意见的函",
            "河北省科技创新工作领导小组办公室",
        ),
        (
            "中共河北省委办公厅河北省人民政府办公厅/印发《关于加快推进县域科技创新的/若干措施》的通知",
            "河北省人民政府办公厅",
        ),
        ("关于更正2023年度县域科技创新/能力监测评价结果的通知", "河北省科技创新工作领导小组"),
        ("河北省科学技术厅关于同意/建设第二批创新型县（市、区）试点的批复", "河北省科学技术厅"),
        ("廊坊市科学技术局关于霸州市/创新型县（市、区）试点总结验收申请的请示", "廊坊市科学技术局"),
        (
            "河北省科学技术厅河北省财政厅关于下达/2025年县域科技创新跃升专项资金的通知",
            "河北省财政厅",
        ),
        ("关于举办2026年R&D经费投入/统计培训班的通知", ""),
        ("关于组织开展“十四五”县域科技创新/规划实施情况第三方评估的通知", ""),
        (
            "河北省科学技术厅关于调整县域科技创新/能力监测评价指标体系和测算方法的通知",
            "河北省科学技术厅",
        ),
        (
            "雄安新区改革发展局关于延期/报送容城县、安新县、雄县月度监测数据的函",
            "雄安新区改革发展局",
        ),
        (
            "河北省科学技术厅转发《科技部关于印发/建设创新型县（市）工作指引的通知》的通知",
            "河北省科学技术厅",
        ),
        ("关于印发《县域科技创新能力/监测评价实施细则》的通知", ""),
    ],
)
def test_titles_break_by_meaning(broken, office):
    lines = tuple(broken.split("/"))

    assert break_title("".join(lines), office) == lines


def test_breaks_made_by_hand_stay():
    assert break_title("关于公布评价\n  结果的通知 \n\n", "") == ("关于公布评价", "结果的通知")


def test_a_line_made_by_hand_that_is_too_wide_is_broken_further():
    title = "河北省科学技术厅\n关于公布2020年度县域科技创新能力监测评价结果和跃升情况的通知"

    lines = break_title(title, "河北省科学技术厅")

    assert lines[0] == "河北省科学技术厅"
    assert len(lines) == 3


PIECES = st.sampled_from(
    [
        "关于",
        "印发",
        "《县域科技创新办法》",
        "2025年度",
        "井陉县",
        "（试行）",
        "评价",
        "R&D",
        "和",
        "的通知",
        "乙",
    ]
)


@settings(max_examples=80)
@given(st.lists(PIECES, min_size=1, max_size=24).map("".join))
def test_nothing_is_lost_and_every_line_fits(title):
    lines = break_title(title, "井陉县")

    assert "".join(lines) == title
    assert all(Decimal(0) < text_width(line) <= LINE_CHARACTERS for line in lines)
