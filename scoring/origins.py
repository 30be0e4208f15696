"""Where a figure came from and who confirmed it: frozen beside the score it became, and read back in words.

Names stand as they were on the day of the grading, for people change posts while a score stays. Blank parts
are left out of the stored JSON, so a line graded before origins were kept reads back as one of nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from county_portal.common.text import chinese_date

# What is said of lines graded before origins were kept.
NOT_KEPT = "评价时未留存填报与审核人员，可在填报表的办理记录中查阅。"


@dataclass(frozen=True, slots=True)
class Signed:
    """Somebody who answers for something: name, office, day (ISO, Beijing); any may be blank."""

    name: str = ""
    office: str = ""
    on: str = ""

    @property
    def text(self) -> str:
        """廊坊市科技局赵审核（2026年4月2日）."""
        return f"{self.office}{self.name}" + (f"（{_day(self.on)}）" if self.on else "")


def _day(iso: str) -> str:
    return chinese_date(date.fromisoformat(iso))


@dataclass(frozen=True, slots=True)
class Origin:
    """Everything known of one line's figure besides the figure."""

    stated: Signed | None = None  # who entered it
    provider: Signed | None = None  # the department of the division of labour; no day: not signed
    items: int = 0  # named items, and how many of them have a file
    files: int = 0
    handed_in: Signed | None = None  # who sent the sheet off
    approval: Signed | None = None  # the county government's: its number stands as the name
    confirmed: Signed | None = None  # the reviewing office's approval
    received: Signed | None = None  # the province's
    carried: int = 0  # the year whose figure stood in for a missing one
    experts: int = 0
    agreed: Signed | None = None  # who recorded the score the panel agreed on
    minutes: str = ""
    corrected: Signed | None = None  # who decided the appeal that changed the figure
    correction: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether it says who stated the figure and who confirmed it."""
        return self.stated is not None and self.confirmed is not None

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Label and words of every part known, in the order it came about."""
        return list(_rows(self))

    @property
    def line_text(self) -> str:
        """What is of this line alone, in one cell: a report card says the rest of the sheet once."""
        shown = {"填报", "数据提供", "沿用", "市级审核", "议定", "更正"}
        return _joined(row for row in _rows(self) if row[0] in shown)

    @property
    def stated_text(self) -> str:
        """Source in one cell: who entered it, from which department, by which papers."""
        return _joined(_source(self))

    @property
    def confirmed_text(self) -> str:
        """Confirmation in one cell, a correction by appeal included."""
        return _joined([*_confirmation(self), *_correction(self)])


def _joined(rows: Iterable[tuple[str, str]]) -> str:
    return "；".join(f"{label}：{text}" for label, text in rows)


def _rows(origin: Origin) -> Iterator[tuple[str, str]]:
    yield from _source(origin)
    yield from _confirmation(origin)
    yield from _correction(origin)


def _source(origin: Origin) -> Iterator[tuple[str, str]]:
    if origin.stated:
        yield "填报", origin.stated.text
    if origin.provider:
        yield "数据提供", origin.provider.text + ("签字" if origin.provider.on else "，未签字")
    if origin.items:
        yield "证明材料", f"清单{origin.items}项，其中{origin.files}项附有材料"
    if origin.carried:
        yield "沿用", f"本年度未报，沿用{origin.carried}年度已审核的数"
    if origin.experts:
        yield "评审", f"{origin.experts}位专家各自独立评分"


def _confirmation(origin: Origin) -> Iterator[tuple[str, str]]:
    if origin.handed_in:
        yield "提交", origin.handed_in.text
    if origin.approval:
        yield "县政府审定", origin.approval.text
    if origin.confirmed:
        yield "市级审核", f"{origin.confirmed.text}审核通过"
    if origin.received:
        yield "省级接收", origin.received.text
    if origin.agreed:
        yield "议定", f"{origin.agreed.text}登记，{origin.minutes}"


def _correction(origin: Origin) -> Iterator[tuple[str, str]]:
    if origin.corrected:
        yield "更正", f"申诉成立，{origin.corrected.text}决定更正：{origin.correction}"


def origin_json(origin: Origin) -> dict[str, Any]:
    """Plain JSON, blanks left out."""
    found = ((field.name, getattr(origin, field.name)) for field in fields(Origin))
    return {
        name: part_json(value) if isinstance(value, Signed) else value
        for name, value in found
        if value
    }


def part_json(signed: Signed | None) -> list[str] | None:
    """One part of it."""
    return [signed.name, signed.office, signed.on] if signed else None


def origin_of(stored: Mapping[str, Any]) -> Origin:
    """What was stored; an origin of nothing for lines graded before origins were kept."""
    parts: dict[str, Any] = {
        name: Signed(*value) if isinstance(value, (list, tuple)) else value
        for name, value in stored.items()
    }
    return Origin(**parts)
