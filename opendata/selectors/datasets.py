"""The datasets handed out: what each holds, how its rows are read, by which of their fields one may filter."""

import hashlib
import json
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import Http404

from county_portal.common.province import province, words
from opendata import schemas
from opendata.schemas import Row
from opendata.selectors import published as read
from opendata.selectors.stamps import achievement_stamp, lists_stamp

YEAR, REGION = "year", "region"


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset; its patterns take the words of `province.Words` in braces.

    `year_field` and `region_field` are fields of its rows that a query may narrow. `stamp`, where reading takes
    long, says at a query or two what was published last: what was read is kept as long as it says the same.
    """

    key: str
    title_pattern: str
    description_pattern: str
    row: type[Row]
    rows: Callable[[], Sequence[Row]]
    modified: Callable[[], datetime | None]
    year_field: str = ""
    region_field: str = ""
    icon: str = "table"
    stamp: Callable[[], Hashable] | None = None

    @property
    def title(self) -> str:
        """In the province's words."""
        return self.title_pattern.format_map(words().as_fields())

    @property
    def description(self) -> str:
        """In the province's words."""
        return self.description_pattern.format_map(words().as_fields())

    @property
    def filters(self) -> tuple[str, ...]:
        """Names of the queries it takes besides those of pages."""
        pairs = ((YEAR, self.year_field), (REGION, self.region_field))
        return tuple(name for name, field in pairs if field)

    @property
    def json_path(self) -> str:
        """Address of its rows."""
        return f"/open/v1/{self.key}"

    @property
    def csv_path(self) -> str:
        """Address of the same as a table."""
        return f"/open/v1/{self.key}.csv"


DATASETS = (
    Dataset(
        "lists",
        "评价名单",
        "历年{evaluation}名单的各个版次：发文字号、公布日期、效力，更正版附更正原因。",
        schemas.ListRow,
        read.list_rows,
        read.lists_modified,
        year_field="data_year",
        icon="journal-text",
    ),
    Dataset(
        "list-counties",
        "名单各县（市、区）",
        "各版名单上的县（市、区）及其类别、上年类别和升降，按公布的次序排列。名单不公布得分，本数据集也没有得分。",
        schemas.ListedCounty,
        read.listed_rows,
        read.lists_modified,
        year_field="data_year",
        region_field="region_code",
        icon="list-ul",
        stamp=lists_stamp,
    ),
    Dataset(
        "list-corrections",
        "名单更正",
        "更正版名单与原名单相比类别或次序有变化的县（市、区），附更正原因。",
        schemas.CorrectionRow,
        read.correction_rows,
        read.lists_modified,
        year_field="data_year",
        region_field="region_code",
        icon="pencil-square",
        stamp=lists_stamp,
    ),
    Dataset(
        "pilot-rounds",
        "试点申报批次",
        "已公告的{pilots}申报批次及其时间安排、依据文件。",
        schemas.RoundRow,
        read.round_rows,
        read.rounds_modified,
        year_field="year",
        icon="megaphone",
    ),
    Dataset(
        "pilots",
        "{pilots}",
        "已公布名单中的试点：批次、建设期和现状。",
        schemas.PilotRow,
        read.pilot_rows,
        read.pilots_modified,
        year_field="year",
        region_field="region_code",
        icon="flag",
    ),
    Dataset(
        "pilot-achievement",
        "试点年度建设进展",
        "已公布年度中各试点考核指标的基数、当年目标和实际达到的数值。",
        schemas.AchievementRow,
        read.achievement_rows,
        read.achievement_modified,
        year_field="year",
        icon="graph-up",
        stamp=achievement_stamp,
    ),
    Dataset(
        "regions",
        "行政区划",
        "本省各级行政区划及其沿革：设立、撤并、更名的起止日期和去向。",
        schemas.RegionRow,
        read.region_rows,
        lambda: None,
        region_field="region_code",
        icon="geo-alt",
    ),
    Dataset(
        "indicators",
        "指标体系",
        "已锁定的各版指标体系：指标名称、单位、类型和解释。",
        schemas.IndicatorRow,
        read.indicator_rows,
        lambda: None,
        icon="list-check",
    ),
    Dataset(
        "schemes",
        "评分方案版本",
        "已公布名单所依据的评分方案版本及其内容摘要。",
        schemas.SchemeRow,
        read.scheme_rows,
        read.lists_modified,
        icon="sliders",
    ),
)
_BY_KEY = {dataset.key: dataset for dataset in DATASETS}


def get_dataset(key: str) -> Dataset:
    """The dataset of this key; 404 otherwise."""
    if key not in _BY_KEY:
        raise Http404
    return _BY_KEY[key]


@dataclass(frozen=True, slots=True)
class Contents:
    """All rows of a dataset as plain JSON values, with the digest of all and when something last changed."""

    rows: Sequence[dict[str, object]]
    digest: str
    modified: datetime | None


# By dataset, the last that was read in this process with the stamp it was read under.
_kept: dict[str, tuple[Hashable, Contents]] = {}


def read_contents(dataset: Dataset) -> Contents:
    """Everything the dataset holds now; nobody may change what is handed out, it is handed to the next, too."""
    if dataset.stamp is None:
        return _read(dataset)
    # Asked before the rows are read: what is published meanwhile is read again, never missed.
    stamp = dataset.stamp()
    kept = _kept.get(dataset.key)
    if kept is None or kept[0] != stamp:
        kept = _kept[dataset.key] = stamp, _read(dataset)
    return kept[1]


def _read(dataset: Dataset) -> Contents:
    rows = [row.model_dump(mode="json") for row in dataset.rows()]
    return Contents(rows, digest_of(rows), dataset.modified())


def digest_of(content: object) -> str:
    """SHA-256 of JSON with sorted keys, no blanks, unescaped: anybody can compute it again."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def narrowed(
    dataset: Dataset, contents: Contents, year: int | None, region: str
) -> list[dict[str, object]]:
    """The rows of one year and one region code; None and blank narrow nothing."""
    return [
        row
        for row in contents.rows
        if (year is None or row[dataset.year_field] == year)
        and (not region or row[dataset.region_field] == region)
    ]


def licence() -> schemas.Licence:
    """The terms, as the settings word them."""
    return schemas.Licence(**settings.OPEN_DATA_LICENCE)


def source() -> str:
    """Who publishes."""
    return str(settings.PORTAL_SITE["host_unit"]) or province().host_unit
