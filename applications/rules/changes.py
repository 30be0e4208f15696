"""What differs between two texts of one application's materials, thing by thing, in words for who reads again. Pure."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from applications.enums import KeyTask, Section

_BLANK = "（空）"
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing as it was and as it is; `row` is the order of the table's row it belongs to."""

    section: Section
    name: str
    was: str
    now: str
    row: int | None = None


def list_changes(before: str, after: str, names: Mapping[str, str]) -> list[Change]:
    """Between two canonical texts (`rules.materials.canonical_materials`), in the order of the materials.

    `names` calls the lines of the basics by their codes.
    """
    was, now = json.loads(before), json.loads(after)
    return [
        *_document(was["document"], now["document"]),
        *_rows(was["rows"], now["rows"]),
        *_basics(was["basics"], now["basics"], names),
        *_texts(was["texts"], now["texts"]),
        *_tasks(was["tasks"], now["tasks"]),
        *_pair(Section.OVERVIEW, "实施方案文件", map(_file, (was["plan_file"], now["plan_file"]))),
    ]


def growth(last: Decimal | None, number: Decimal | None) -> Decimal | None:
    """Per cent against last year, two places, ROUND_HALF_UP; None where there is nothing to divide by."""
    if last is None or number is None or not last:
        return None
    return ((number - last) / abs(last) * 100).quantize(_CENT, ROUND_HALF_UP)


def _pair(
    section: Section, name: str, words: Iterable[str], row: int | None = None
) -> Iterator[Change]:
    """A change where the words before and after differ."""
    was, now = words
    if was != now:
        yield Change(section, name, was or _BLANK, now or _BLANK, row)


def _document(was: Sequence[str], now: Sequence[str]) -> Iterator[Change]:
    for place, name in enumerate(("文件名称", "文号", "成文日期")):
        yield from _pair(
            Section.DOCUMENT, name, (each[place] if each else "" for each in (was, now))
        )
    scans = [_file(each[3]) if each else "" for each in (was, now)]
    yield from _pair(Section.DOCUMENT, "扫描件", scans)


def _file(sha256: str) -> str:
    # Files have no words to compare: the beginning of the digest tells two of them apart.
    return f"文件（摘要{sha256[:8]}）" if sha256 else ""


def _rows(was: Sequence[Any], now: Sequence[Any]) -> Iterator[Change]:
    before = {_key(row): row for row in was}
    after = {_key(row): row for row in now}
    for key in [*after, *(key for key in before if key not in after)]:
        old, new = before.get(key), after.get(key)
        if old is None or new is None:
            row = new or old or {}
            words = ("", "已列入") if new else ("已列入", "已删去")
            yield from _pair(Section.TABLE, row["name"], words, row["order"])
            continue
        yield from _row(old, new)


def _key(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["code"], "" if row["code"] else row["name"]


def _row(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    order, name = now["order"], now["name"]
    for year in sorted({*was["cells"], *now["cells"]}):
        cells = [each["cells"].get(year, ["", "", ""]) for each in (was, now)]
        yield from _pair(Section.TABLE, f"{name}：{year}年", (cell[0] for cell in cells), order)
        parts = [f"{cell[1]}÷{cell[2]}" if cell[2] else "" for cell in cells]
        yield from _pair(Section.TABLE, f"{name}：{year}年分子分母", parts, order)
    stars = ["★" if each["starred"] else "未选" for each in (was, now)]
    yield from _pair(Section.TABLE, f"{name}：自选考核", stars, order)
    for part, label in _ROW_WORDS:
        yield from _pair(Section.TABLE, f"{name}：{label}", (was[part], now[part]), order)
    lists = [
        "；".join(f"{each[0]}（{each[2][:8]}）" for each in row["evidence"]) for row in (was, now)
    ]
    yield from _pair(Section.TABLE, f"{name}：证明材料", lists, order)


_ROW_WORDS = (
    ("unit", "单位"),
    ("direction", "方向"),
    ("words", "定性说明"),
    ("reason", "原因说明"),
    ("definition", "口径"),
)


def _basics(
    was: Mapping[str, Any], now: Mapping[str, Any], names: Mapping[str, str]
) -> Iterator[Change]:
    for code in [*now, *(code for code in was if code not in now)]:
        name = names.get(code, code)
        old, new = (each.get(code, ["", "", ""]) for each in (was, now))
        yield from _pair(Section.BASICS, name, (old[0] or old[1], new[0] or new[1]))
        yield from _pair(Section.BASICS, f"{name}：说明", (old[2], new[2]))


def _texts(was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Change]:
    for section in Section:
        yield from _pair(section, section.label, (was.get(section, ""), now.get(section, "")))


def _tasks(was: Sequence[Any], now: Sequence[Any]) -> Iterator[Change]:
    before, after = ({task["kind"]: task for task in each} for each in (was, now))
    for kind in sorted({*before, *after}):
        label, (old, new) = KeyTask(kind).label, (before.get(kind), after.get(kind))
        if old is None or new is None:
            words = ("", "已选择") if new else ("已选择", "已取消")
            yield from _pair(Section.TASKS, label, words)
            continue
        yield from _pair(Section.TASKS, f"{label}：目标", (old["goal"], new["goal"]))
        units = ["、".join(each["units"]) for each in (old, new)]
        yield from _pair(Section.TASKS, f"{label}：责任单位", units)
        steps = [
            "；".join(f"{name}（{first}至{last}）" for name, first, last in each["steps"])
            for each in (old, new)
        ]
        yield from _pair(Section.SCHEDULE, f"{label}：进度安排", steps)
