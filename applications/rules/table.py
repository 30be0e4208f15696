"""The 31-row table: S0 annex 2-1 and its note. Each rule has the number by which pages and manual name it.

T1  every figure of last year and of the three target years is there; a blank is never 0
T2  exactly so many ★ as the round asks for, on rows that may be chosen
T3  none of them on a designated row (*)
T4  rows of 定性评价 have words and a file that proves them
T5  a share of a whole does not exceed 100 %
T6  the county's own rows say their unit and what they count
"""

from collections.abc import Iterable, Sequence

from applications.enums import Section
from applications.rules.gaps import Gap
from applications.rules.materials import Materials, Row
from applications.rules.plausibility import HUNDRED, History, doubts_of, is_part_of_whole
from county_portal.common.numbers import plain
from indicators.enums import IndicatorKind


def missing_table(
    materials: Materials, stars: int, history: History | None = None
) -> Sequence[Gap]:
    """Whatever stops the table, by row; last what the past makes implausible and nobody explained."""
    gaps = list(_stars(materials.rows, stars))
    for row in materials.rows:
        gaps.extend(_row_gaps(row, materials))
    years = [materials.last_year, *materials.target_years]
    for row in materials.rows:
        if not row.reason.strip():
            past = (history or {}).get(row.code, {})
            gaps.extend(
                _gap(row, doubt.code, doubt.sentence) for doubt in doubts_of(row, years, past)
            )
    return gaps


def place_of(row: Row) -> str:
    """The anchor of a row on the table's page."""
    return f"row-{row.order}"


def designated_sentence(row: Row) -> str:
    """Why a designated row takes no ★ (T3)."""
    return (
        f"“{row.name}”是指定考核指标（*），本来就要考核，不能再选为自选考核指标（★），"
        "请取消并在其他指标中选择。"
    )


def _gap(row: Row, code: str, sentence: str) -> Gap:
    return Gap(Section.TABLE, place_of(row), code, sentence)


def _stars(rows: Iterable[Row], stars: int) -> Iterable[Gap]:
    starred = [row for row in rows if row.is_starred]
    for row in starred:
        if row.is_designated:
            yield _gap(row, "star_on_designated", designated_sentence(row))
    if len(starred) != stars:
        wanted = "再选" if len(starred) < stars else "取消"
        sentence = (
            f"自选考核指标（★）须选{stars}项，现选{len(starred)}项，"
            f"请{wanted}{abs(stars - len(starred))}项。"
        )
        yield Gap(Section.TABLE, "star", "star_count", sentence)


def _row_gaps(row: Row, materials: Materials) -> Iterable[Gap]:
    if row.kind == IndicatorKind.QUALITATIVE:
        yield from _qualitative(row)
        return
    blank = [
        f"{year}年{'数值' if year == materials.last_year else '目标'}"
        for year in (materials.last_year, *materials.target_years)
        if year not in row.cells
    ]
    if blank:
        yield _gap(
            row,
            "figure_missing",
            f"“{row.name}”还没有填写{'、'.join(blank)}；确实为零的请填0。",
        )
    if row.is_own and not (row.unit.strip() and row.definition.strip()):
        yield _gap(row, "own_undefined", f"“{row.name}”没有写明单位和口径，请补充。")
    yield from _over_whole(row)


def _qualitative(row: Row) -> Iterable[Gap]:
    if not row.words.strip():
        yield _gap(row, "words_missing", f"“{row.name}”为定性评价，还没有填写情况说明。")
    if not row.evidence:
        yield _gap(row, "evidence_missing", f"“{row.name}”还没有上传证明材料，请至少上传一份。")


def _over_whole(row: Row) -> Iterable[Gap]:
    if not is_part_of_whole(row):
        return
    over = [
        f"{year}年{plain(cell.number)}%"
        for year, cell in sorted(row.cells.items())
        if cell.number > HUNDRED
    ]
    if over:
        yield _gap(
            row,
            "share_over_whole",
            f"“{row.name}”是部分占总体的比重，不能超过100%（{'、'.join(over)}），请核对单位和小数点。",
        )
