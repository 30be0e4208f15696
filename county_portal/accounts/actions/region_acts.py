"""Carrying out what was decided on a county-level region; `regions` decides, records and says when."""

from collections.abc import Callable, Mapping

from pypinyin import lazy_pinyin

from county_portal.accounts.models import (
    Office,
    OfficeName,
    Region,
    RegionChange,
    RegionChangeKind,
    fold_variants,
)
from county_portal.accounts.roles import Level, OfficeKind
from county_portal.common.errors import Invalid, Stale
from county_portal.common.province import province


def full_name_of(name: str, parent: Region | None) -> str:
    """What a county is called in full: with its city's name, where it lies in one."""
    return (parent.name if parent and parent.level == Level.CITY else "") + name


def bureau_name_of(region_name: str) -> str:
    """What the bureau of a new county is called."""
    return province().bureau.format(full_name=region_name)


def _made(
    change: RegionChange,
    called: Mapping[str, str],
    parent: Region | None,
    reviewing_office: Office | None,
) -> Region:
    name = called["name"]
    full_name = full_name_of(name, parent)
    return Region(
        code=called["code"],
        name=name,
        full_name=full_name,
        level=Level.COUNTY,
        parent=parent,
        reviewing_office=reviewing_office,
        valid_from=change.effective_on,
        search_name=fold_variants(full_name),
        pinyin="".join(lazy_pinyin(name)),
    )


def _create(change: RegionChange) -> Region:
    parent = Region.objects.get(pk=change.detail["parent"])
    reviewing_office = Office.objects.get(pk=change.detail["reviewing_office"])
    region = _made(change, change.detail, parent, reviewing_office)
    region.save()
    _set_up_bureau(region)
    return region


def _set_up_bureau(region: Region) -> None:
    name = bureau_name_of(region.full_name)
    require_free(name)
    Office.objects.create(
        name=name,
        short_name=province().bureau_short.format(name=region.name),
        level=Level.COUNTY,
        region=region,
    )


def require_free(name: str) -> None:
    """A register with two standing offices of one name would leave people guessing which is theirs."""
    if Office.objects.filter(name=name, closed_on__isnull=True).exists():
        raise Invalid(
            "office_exists", f"已有名为“{name}”的单位，请先办理它的更名或撤销，再登记本项变动。"
        )


def _rename(change: RegionChange) -> Region:
    """End the old, begin the new; its offices and townships go on with it."""
    old = _ended(change)
    new = _made(change, change.detail, old.parent, old.reviewing_office)
    new.save()
    old.successor = new
    old.save(update_fields=["successor"])
    old.children.filter(valid_to__isnull=True).update(parent=new)
    _move_offices(old, new, change)
    return new


def _move_offices(old: Region, new: Region, change: RegionChange) -> None:
    for office in old.offices.select_for_update().filter(closed_on__isnull=True):
        _move(office, old, new, change)


def _split(change: RegionChange) -> Region:
    """End the old, begin two; what it had goes to the one named, a bureau is set up for whichever has none.

    Neither part continues its past: the figures of the whole would be compared with those of a half.
    """
    old = _ended(change)
    parts = [
        _made(change, part, old.parent, old.reviewing_office) for part in change.detail["parts"]
    ]
    for part in parts:
        part.split_from = old
        part.save()
    towns = old.children.filter(valid_to__isnull=True)
    towns.filter(pk__in=change.detail["second_townships"]).update(parent=parts[1])
    towns.update(parent=parts[0])
    heir = change.detail["heir"]
    if heir is not None:
        _move_offices(old, parts[heir], change)
    for number, part in enumerate(parts):
        if number != heir or not _has_bureau(part):
            _set_up_bureau(part)
    return parts[0]


def _has_bureau(region: Region) -> bool:
    return region.offices.filter(kind=OfficeKind.BUREAU, closed_on__isnull=True).exists()


def names_in(office: Office, old: Region, name: str, full_name: str) -> tuple[str, str]:
    """Name and short name of an office once its county is called otherwise: where it bore the county's."""
    return (
        office.name.replace(old.full_name, full_name, 1),
        office.short_name.replace(old.name, name, 1),
    )


def _move(office: Office, old: Region, new: Region, change: RegionChange) -> None:
    """An office of the renamed county, under its new name where it bore the county's."""
    name, short_name = names_in(office, old, new.name, new.full_name)
    if name != office.name:
        require_free(name)
    if (name, short_name) != (office.name, office.short_name):
        OfficeName.objects.create(
            office=office,
            name=office.name,
            short_name=office.short_name,
            until=change.effective_on,
            basis=change.document_number,
        )
    office.name, office.short_name, office.region = name, short_name, new
    office.save(update_fields=["name", "short_name", "region"])


def _merge(change: RegionChange) -> Region:
    """End the merged one; its offices stay with it until they are wound up, its townships go over."""
    old = _ended(change)
    successor = Region.objects.get(pk=change.detail["successor"])
    if successor.valid_to is not None:
        raise Stale("region_ended", f"{successor.full_name}已经撤销，不能再并入。")
    old.successor = successor
    old.save(update_fields=["successor"])
    old.children.filter(valid_to__isnull=True).update(
        parent=successor, reviewing_office=successor.reviewing_office
    )
    return successor


def _locked(change: RegionChange) -> Region:
    return Region.objects.select_for_update(of=("self",)).get(changes=change)


def _ended(change: RegionChange) -> Region:
    region = _locked(change)
    region.valid_to = change.effective_on
    region.save(update_fields=["valid_to"])
    return region


def _give_to(change: RegionChange) -> Region:
    """What is under review stays with the office that reviews it; what begins from now on goes to the other."""
    region = _locked(change)
    region.reviewing_office_id = change.detail["reviewing_office"]
    region.save(update_fields=["reviewing_office"])
    region.children.filter(valid_to__isnull=True).update(
        reviewing_office=change.detail["reviewing_office"]
    )
    return region


# Each returns the region in which the changed one goes on, the first of two where it is split.
ACTS: Mapping[RegionChangeKind, Callable[[RegionChange], Region]] = {
    RegionChangeKind.CREATE: _create,
    RegionChangeKind.RENAME: _rename,
    RegionChangeKind.MERGE: _merge,
    RegionChangeKind.SPLIT: _split,
    RegionChangeKind.REVIEWER: _give_to,
}
