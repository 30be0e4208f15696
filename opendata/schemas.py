"""Open data and refusals as types: each field with its Chinese name and what the name cannot say.

Figures are decimal text, never binary fractions. Dates are ISO 8601; a moment carries its offset.
"""

from datetime import date, datetime
from typing import Annotated

from ninja import Schema
from pydantic import BaseModel, ConfigDict, Field

# Text of which the description lists the values; the rows come from the database, which holds no others.
Standing = Annotated[
    str, Field(json_schema_extra={"enum": ["valid", "replaced", "void", "lapsed"]})
]
Rise = Annotated[str, Field(json_schema_extra={"enum": ["rise", "same", "fall", "new"]})]
UnitLevel = Annotated[str, Field(json_schema_extra={"enum": ["county", "township"]})]
RegionLevel = Annotated[
    str, Field(json_schema_extra={"enum": ["province", "city", "county", "township"]})
]
Kind = Annotated[
    str, Field(json_schema_extra={"enum": ["number", "rate", "itemised", "qualitative"]})
]
Figure = Annotated[str, Field(pattern=r"^-?\d+(\.\d+)?$", description="十进制数，以文本表示")]


class Row(BaseModel):
    """One row of a dataset: flat, so that JSON and CSV say the same."""

    model_config = ConfigDict(extra="forbid")


class ListRow(Row, title="评价名单（一版）"):
    """One version of a year's list."""

    list_id: str = Field(title="名单编号", description="永久标识（UUID），更正版另有编号")
    data_year: int = Field(title="数据年度")
    evaluation_year: int = Field(title="评价年度")
    version: int = Field(title="版次")
    status: Standing = Field(
        title="效力", description="valid现行，replaced已更正，void已撤销，lapsed已失效"
    )
    document_number: str = Field(title="发文字号")
    published_on: date = Field(title="公布日期")
    counties: int = Field(title="县数")
    scheme_version: str = Field(title="评分方案版本")
    replaces: str | None = Field(title="所更正的名单", description="名单编号")
    replaced_by: str | None = Field(title="更正为", description="名单编号")
    correction_reason: str = Field(title="更正原因")
    digest: str = Field(title="名单摘要", description="SHA-256，与公布的公文一致")
    page: str = Field(title="网页", description="本门户内的路径")


class ListedCounty(Row, title="名单上的县（市、区）"):
    """One county on one version of a list."""

    list_id: str = Field(title="名单编号")
    data_year: int = Field(title="数据年度")
    version: int = Field(title="版次")
    status: Standing = Field(title="名单效力")
    order: int = Field(title="序号", description="名单上的次序，由高到低")
    region_code: str = Field(title="区划代码")
    region_from: date = Field(
        title="区划起始日期", description="与区划代码一起唯一确定一个区划；代码会被沿用"
    )
    name: str = Field(title="名称")
    city: str = Field(title="所属")
    class_name: str = Field(title="类别")
    previous_class: str = Field(title="上年类别", description="首次参评为空")
    movement: Rise = Field(title="升降", description="rise跃升，same持平，fall退档，new首次参评")


class CorrectionRow(Row, title="名单更正"):
    """One county that stands elsewhere on a correction than on the list it corrects."""

    list_id: str = Field(title="名单编号", description="更正后的名单")
    replaces: str = Field(title="所更正的名单")
    data_year: int = Field(title="数据年度")
    version: int = Field(title="版次")
    published_on: date = Field(title="公布日期")
    reason: str = Field(title="更正原因")
    region_code: str = Field(title="区划代码")
    name: str = Field(title="名称")
    class_before: str = Field(title="更正前类别", description="原名单上没有的为空")
    class_after: str = Field(title="更正后类别", description="新名单上没有的为空")
    order_before: int | None = Field(title="更正前序号")
    order_after: int | None = Field(title="更正后序号")


class RoundRow(Row, title="申报批次"):
    """One announced round of applications."""

    round_id: str = Field(title="批次编号")
    title: str = Field(title="名称")
    year: int = Field(title="年度")
    level: UnitLevel = Field(title="申报层级")
    basis: str = Field(title="依据文件")
    opens_on: date = Field(title="开始日期")
    county_due_on: date = Field(title="县级报送截止日期")
    city_due_on: date = Field(title="市级推荐截止日期")
    term_years: int = Field(title="建设期限（年）")
    state: str = Field(title="状态")
    list_document_number: str = Field(title="名单发文字号", description="名单未公布的为空")
    page: str = Field(title="网页")


class PilotRow(Row, title="试点"):
    """One pilot of a published list."""

    pilot_id: str = Field(title="试点编号")
    round_id: str = Field(title="批次编号")
    round_title: str = Field(title="批次")
    year: int = Field(title="批次年度")
    region_code: str = Field(title="区划代码")
    region_from: date = Field(title="区划起始日期")
    name: str = Field(title="名称")
    city: str = Field(title="所属")
    state: str = Field(title="状态代码")
    state_name: str = Field(title="状态")
    starts_on: date = Field(title="建设期开始日期")
    ends_on: date = Field(title="建设期结束日期")
    planned_end: date = Field(title="原定结束日期")
    page: str = Field(title="网页")


class AchievementRow(Row, title="试点年度建设进展"):
    """What one pilot promised and reached of one assessed indicator in one published year."""

    pilot_id: str = Field(title="试点编号")
    name: str = Field(title="名称")
    city: str = Field(title="所属")
    year: int = Field(title="年度")
    order: int = Field(title="指标序号")
    indicator: str = Field(title="指标")
    unit: str = Field(title="单位")
    kind: str = Field(title="考核类别")
    lower_is_better: bool = Field(title="越低越好")
    baseline_year: int | None = Field(title="基数年度")
    baseline: Figure | None = Field(title="基数")
    target: Figure | None = Field(title="当年目标")
    reached: Figure | None = Field(title="当年实际", description="定性或未填的为空")
    is_reached: bool | None = Field(title="是否达到", description="无从比较的为空")


class RegionRow(Row, title="行政区划"):
    """One region as it was from one day to another."""

    region_code: str = Field(title="区划代码")
    region_from: date = Field(title="起始日期")
    region_to: date | None = Field(title="终止日期", description="当日起不再存在；现存的为空")
    name: str = Field(title="名称")
    full_name: str = Field(title="全称")
    level: RegionLevel = Field(title="层级")
    parent_code: str = Field(title="上级区划代码")
    reviewing_office: str = Field(title="审核单位")
    successor_code: str = Field(title="并入区划代码")
    successor_from: date | None = Field(title="并入区划起始日期")


class IndicatorRow(Row, title="指标"):
    """One indicator of one locked version of an indicator system."""

    system: str = Field(title="指标体系代码")
    system_name: str = Field(title="指标体系")
    system_version: int = Field(title="体系版本")
    source: str = Field(title="依据")
    group: str = Field(title="一级指标")
    code: str = Field(title="指标代码")
    order: int = Field(title="序号")
    name: str = Field(title="名称")
    unit: str = Field(title="单位")
    kind: Kind = Field(title="类型")
    lower_is_better: bool = Field(title="越低越好")
    definition: str = Field(title="指标解释")


class SchemeRow(Row, title="评分方案版本"):
    """One locked version of a scoring scheme that a published list rests on."""

    scheme: str = Field(title="方案代码")
    name: str = Field(title="方案")
    version: int = Field(title="版本")
    system: str = Field(title="指标体系代码")
    note: str = Field(title="修订说明")
    locked_at: datetime | None = Field(title="锁定时间", description="随产品提供的版本为空")
    years: str = Field(title="用于哪些数据年度", description="以顿号分隔")
    digest: str = Field(title="方案摘要", description="SHA-256")


class Licence(Schema, title="使用许可"):
    """On what terms the data may be used."""

    name: str = Field(title="名称")
    url: str = Field(title="全文")
    terms: str = Field(title="要点")


class DatasetAbout(Schema, title="数据集说明"):
    """A dataset as the catalogue lists it."""

    key: str = Field(title="代码")
    title: str = Field(title="名称")
    description: str = Field(title="说明")
    count: int = Field(title="行数")
    digest: str = Field(title="全集摘要", description="SHA-256，内容不变则不变")
    modified: datetime | None = Field(title="更新时间")
    json_path: str = Field(title="JSON地址")
    csv_path: str = Field(title="CSV地址")


class Catalogue(Schema, title="数据集目录"):
    """Every dataset with its terms."""

    source: str = Field(title="发布单位")
    licence: Licence = Field(title="许可")
    datasets: list[DatasetAbout] = Field(title="数据集")


class Page(Schema, title="数据集的一页"):
    """A page of a dataset; each dataset adds its `rows`."""

    dataset: str = Field(title="数据集")
    title: str = Field(title="名称")
    digest: str = Field(title="全集摘要", description="筛选和分页不影响它")
    modified: datetime | None = Field(title="更新时间")
    source: str = Field(title="发布单位")
    licence: Licence = Field(title="许可")
    count: int = Field(title="行数", description="符合条件的全部行数")
    page: int = Field(title="页码")
    pages: int = Field(title="页数")


class FieldFault(Schema, title="一个字段的错误"):
    """What is wrong with one field."""

    field: str = Field(title="字段")
    code: str = Field(title="代码")
    sentence: str = Field(title="原因与办法")


class Problem(Schema, title="错误应答"):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    code: str = Field(description="稳定的错误代码，程序据此判断")
    detail: str = Field(description="哪一项、为什么、怎么办")
    errors: list[FieldFault] = Field(default=[], description="逐项错误")
