"""What a decision on a region would lead to, in the words of the page that asks before it is confirmed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from county_portal.accounts.actions import Decision, bureau_name_of, full_name_of, names_in
from county_portal.accounts.models import Office, Region, RegionChangeKind
from county_portal.accounts.roles import OfficeKind
from county_portal.accounts.selectors import list_staffed, list_townships_of
from county_portal.common.text import chinese_date


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that would be otherwise."""

    label: str
    text: str


def outlook_of(region: Region | None, decision: Decision) -> Sequence[Line]:
    """Everything the act would do, at most three queries."""
    if region is None:
        return list(_created(decision))
    lines = {
        RegionChangeKind.RENAME: _renamed,
        RegionChangeKind.MERGE: _merged,
        RegionChangeKind.SPLIT: _split,
        RegionChangeKind.REVIEWER: _given,
    }
    return list(lines[decision.kind](region, decision))


def _created(decision: Decision) -> Iterator[Line]:
    full_name = full_name_of(decision.name, decision.parent)
    yield Line("新设区划", f"{full_name}（{decision.code}）")
    yield Line("审核单位", decision.reviewing_office.name if decision.reviewing_office else "")
    yield Line("新设单位", bureau_name_of(full_name))


def _renamed(region: Region, decision: Decision) -> Iterator[Line]:
    full_name = full_name_of(decision.name, region.parent)
    yield _ending(region, decision)
    yield Line("接续区划", f"{full_name}（{decision.code}），历年结果前后相接")
    for office in list_staffed(region):
        yield Line("单位", _moved(office, region, decision.name, full_name))
    yield from _townships(region, full_name)


def _merged(region: Region, decision: Decision) -> Iterator[Line]:
    into = decision.successor.full_name if decision.successor else ""
    yield _ending(region, decision)
    yield Line("并入", f"{into}；两县以往数据各自保留，不相加")
    for office in list_staffed(region):
        yield Line("单位", f"{_with_people(office)}留在原区划，移交后撤销")
    yield from _townships(region, into)


def _split(region: Region, decision: Decision) -> Iterator[Line]:
    yield _ending(region, decision)
    offices = list_staffed(region)
    names = [full_name_of(part.name, region.parent) for part in decision.parts]
    for number, (part, full_name) in enumerate(zip(decision.parts, names, strict=True)):
        yield Line(f"分设之{'一二'[number]}", f"{full_name}（{part.code}），视为新设，没有上年结果")
        if number == decision.heir:
            for office in offices:
                yield Line("单位", _moved(office, region, part.name, full_name))
        if number != decision.heir or all(office.kind != OfficeKind.BUREAU for office in offices):
            yield Line("新设单位", bureau_name_of(full_name))
    if decision.heir is None:
        for office in offices:
            yield Line("单位", f"{_with_people(office)}留在原区划，逐个调出后撤销")
    second = [town.pk for town in decision.second_townships]
    for town in list_townships_of(region):
        yield Line("乡镇", f"{town.name}划入{names[town.pk in second]}")


def _given(region: Region, decision: Decision) -> Iterator[Line]:
    before = region.reviewing_office.name if region.reviewing_office else "无"
    after = decision.reviewing_office.name if decision.reviewing_office else ""
    yield Line("审核单位", f"{before} → {after}")
    yield Line("已在办理的", "仍由原审核单位办完")


def _ending(region: Region, decision: Decision) -> Line:
    day = decision.effective_on
    return Line("原区划", f"{region.full_name}（{region.code}）于{chinese_date(day)}截止")


def _moved(office: Office, region: Region, name: str, full_name: str) -> str:
    after, _short = names_in(office, region, name, full_name)
    becomes = f"更名为{after}" if after != office.name else "名称不变"
    return f"{_with_people(office)}随之转入，{becomes}"


def _with_people(office: Office) -> str:
    people = getattr(office, "people", 0)
    return f"{office.name}（{people}个启用的账号）"


def _townships(region: Region, into: str) -> Iterator[Line]:
    count = list_townships_of(region).count()
    if count:
        yield Line("乡镇", f"登记的{count}个乡镇划入{into}")
