"""Realistic documents for tests, benches and for looking at: a list of 167 and a report card."""

import csv
from datetime import date
from functools import lru_cache
from pathlib import Path

from county_portal.documents.official import (
    Imprint,
    Letterhead,
    Signature,
    Verification,
    document_number,
)
from scoring.list_document import (
    ClassRise,
    Consent,
    Correction,
    ListedClass,
    ListedCounty,
    PublishedListDocument,
    RankRise,
)

PROJECT_FOLDER = Path(__file__).resolve().parents[2]
CLASS_SIZES = {"A": 19, "B": 64}  # of 167; the others are C (reported for data year 2020)


@lru_cache(maxsize=1)
def hebei_counties() -> tuple[ListedCounty, ...]:
    """The 167 counties in an order that mixes the cities, as scores would."""
    path = PROJECT_FOLDER / "provinces" / "hebei" / "regions.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    names = {row["code"]: row["name"] for row in rows}
    counties = [
        ListedCounty(row["code"], row["name"], names[row["parent"]])
        for row in rows
        if row["level"] == "county" and not row["valid_to"]
    ]
    return tuple(sorted(counties, key=lambda county: (int(county.code) * 7919) % 1009))


def published_list(correction: Correction | None = None) -> PublishedListDocument:
    """The list of data year 2020, published in 2021."""
    counties = hebei_counties()
    first, second = CLASS_SIZES["A"], CLASS_SIZES["A"] + CLASS_SIZES["B"]
    classes = (
        ListedClass("A", counties[:first]),
        ListedClass("B", counties[first:second]),
        ListedClass("C", counties[second:]),
    )
    return PublishedListDocument(
        letterhead=Letterhead(
            "河北省科技创新工作领导小组文件",
            document_number("冀科领", 2021, 2 if correction else 1),
        ),
        data_year=2020,
        evaluation_year=2021,
        published_on=date(2021, 9, 3),
        addressees=(
            "各市（含定州、辛集市）人民政府",
            "雄安新区管委会",
            "各县（市、区）人民政府",
            "省政府各部门",
        ),
        classes=classes,
        rises=(
            *(ClassRise(county, "B", "A") for county in counties[first - 6 : first]),
            ClassRise(counties[2], "C", "A"),
            *(ClassRise(county, "C", "B") for county in counties[second - 21 : second]),
        ),
        rank_rises=tuple(
            RankRise(county, 58 - 4 * place) for place, county in enumerate(counties[30:40])
        ),
        region_changes=(
            "2020年度内无县级行政区划撤并；2018年撤销的滦县由滦州市承接，历史名单中的结果仍记在原单位名下。",
        ),
        consent=Consent("省科技创新工作领导小组", date(2021, 8, 26), "冀科领纪〔2021〕3号"),
        signature=Signature("河北省科技创新工作领导小组", date(2021, 9, 3)),
        imprint=Imprint(
            ("省委办公厅", "省人大常委会办公厅", "省政府办公厅", "省政协办公厅"),
            "河北省科技创新工作领导小组办公室",
            date(2021, 9, 3),
        ),
        verification=Verification(
            "7K3M-92QF",
            "https://kjcx.example.gov.cn/verify",
            "3f1c9a52e07b4d68a1c5b2f09e6d7384c15a9be2470d36f8812e5c4a9d03b7f6",
        ),
        basis="《河北省县域科技创新跃升计划（2019—2025年）》（冀政办字〔2019〕9号）",
        correction=correction,
    )


def correction() -> Correction:
    """A correction of that list."""
    return Correction(
        version=2,
        reason="两个县的发明专利数据经核定有误，重新评价后类别发生变化",
        replaces_number=document_number("冀科领", 2021, 1),
        replaces_on=date(2021, 9, 3),
    )
