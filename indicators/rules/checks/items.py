"""Rules on named items: how many, with their papers, still valid, claimed once."""

import re
from collections.abc import Iterable

from county_portal.common.numbers import plain
from indicators.enums import IndicatorKind
from indicators.rules.checks.case import Case, Item, Line, Rule
from indicators.rules.items import normal_name, without_kind

NAMED = 3
# Only an organisation can bear two titles: a place is a zone and an innovative county without repeating.
_ORGANISATION = re.compile(r"公司|集团|研究院|研究所|大学|学院|医院|合作社|厂")


def item_count(rule: Rule, line: Line, case: Case) -> str | None:
    """A number that differs from the list."""
    number = line.figure.number
    if line.spec.kind != IndicatorKind.ITEMISED or number is None or number == len(line.items):
        return None
    return (
        f"“{line.spec.name}”填报{plain(number)}项，清单列出{len(line.items)}项，"
        "按清单计分，请补充清单或更正数量。"
    )


def item_file(rule: Rule, line: Line, case: Case) -> str | None:
    """Items nobody can verify."""
    without = sum(1 for item in line.items if not item.has_file)
    if not without:
        return None
    return f"“{line.spec.name}”清单中有{without}项未附证明材料，请补充上传。"


def item_expired(rule: Rule, line: Line, case: Case) -> str | None:
    """Titles that had run out by the end of the data year, or were not yet given."""
    expired = [item for item in line.items if _is_expired(item, case.data_year)]
    early = [item for item in line.items if item.year is not None and item.year > case.data_year]
    words = []
    if expired:
        words.append(f"{_names(expired)}在{case.data_year}年末已不在有效期内")
    if early:
        words.append(f"{_names(early)}认定年份晚于{case.data_year}年")
    return f"“{line.spec.name}”清单中{'；'.join(words)}，请核对认定年份。" if words else None


def _is_expired(item: Item, data_year: int) -> bool:
    if item.year is None or item.valid_years is None:
        return False
    return item.year + item.valid_years <= data_year


def item_twice(rule: Rule, line: Line, case: Case) -> str | None:
    """One body under two titles; it is named on the line where it comes up again."""
    seen: dict[str, str] = {}
    again: list[Item] = []
    for other in case.lines.values():
        for item in other.items:
            name = without_kind(item.name, item.kind_name)
            if not _ORGANISATION.search(name):
                continue
            body = normal_name(name)
            if body in seen and other is line:
                again.append(item)
            seen.setdefault(body, item.name)
        if other is line:
            break
    if not again:
        return None
    return f"“{line.spec.name}”清单中{_names(again)}与已列项目为同一载体，请核对是否重复填报。"


def _names(items: Iterable[Item]) -> str:
    names = [f"“{item.name}”" for item in items]
    return "、".join(names[:NAMED]) + (f"等{len(names)}项" if len(names) > NAMED else "")
