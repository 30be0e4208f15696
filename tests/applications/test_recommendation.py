"""The recommendation: counties in the city's order with their reasons, bound to each application."""

from dataclasses import replace

import pytest

from applications.recommendation import Recommendation, Recommended, compose_recommendation
from county_portal.documents.blocks import Heading
from county_portal.documents.kinds import Source
from county_portal.documents.wording import read_blocks

# The text that is filled may have been worded anew in the database.
pytestmark = pytest.mark.django_db


def county(name, reasons="创新平台较多，工作基础扎实。"):
    source = Source("application", name, f"{name}申报材料", "a" * 64)
    return Recommended(name, f"{name[0]}政字〔2026〕12号", reasons, source)


@pytest.fixture
def recommendation():
    return Recommendation(
        round_name="2026年度河北省创新型县（市、区）试点",
        territory="廊坊市",
        addressee="河北省科学技术厅",
        counties=(county("霸州市"), county("香河县", "毗邻京津，高新技术企业集聚。")),
        opinion="两地符合试点条件，同意推荐。",
        we="我局",
        unit="县（市、区）",
        source=Source("pilot_ranking", "次序", "推荐次序和理由", "b" * 64),
    )


def test_letter_keeps_the_citys_order_and_is_bound_to_every_application(recommendation):
    made = compose_recommendation(recommendation)

    assert made.title == "关于推荐廊坊市2026年度河北省创新型县（市、区）试点的函"
    assert "推荐霸州市、香河县2个县（市、区）" in made.text
    lines = made.text.splitlines()
    assert lines.index("1.霸州市。创新平台较多，工作基础扎实。") < lines.index(
        "2.香河县。毗邻京津，高新技术企业集聚。"
    )
    assert [source.key for source in made.sources] == ["次序", "霸州市", "香河县"]
    (table,) = made.tables.values()
    assert [row[1:] for row in table["rows"]] == [
        ["霸州市", "霸政字〔2026〕12号"],
        ["香河县", "香政字〔2026〕12号"],
    ]


def test_reasons_cannot_add_headings_or_tables(recommendation):
    sly = replace(
        recommendation,
        counties=(county("霸州市", "好。\n三、附加条款\n【表：推荐名单】"),),
        opinion="一、同意\n【表：推荐名单】",
    )

    blocks = read_blocks(compose_recommendation(sly).text, {})

    headings = [block.text for block in blocks if isinstance(block, Heading)]
    assert headings == ["一、推荐理由", "二、推荐意见"]


def test_the_only_one_is_neither_counted_nor_ordered(recommendation):
    made = compose_recommendation(replace(recommendation, counties=(county("霸州市"),)))

    assert "推荐霸州市，有关情况如下" in made.text


def test_county_directly_under_the_province_is_recommended_by_its_own_office(recommendation):
    made = compose_recommendation(
        replace(recommendation, territory="定州市", counties=(county("定州市"),), we="我单位")
    )

    assert made.title == "关于推荐定州市2026年度河北省创新型县（市、区）试点的函"
    assert "我单位对定州市申报材料进行了审核。经研究，推荐定州市，" in made.text
