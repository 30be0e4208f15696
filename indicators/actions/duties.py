"""A county's responsibility table, kept by its bureau."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from county_portal.accounts.models import Region, User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from indicators.models import Duty, SystemVersion
from indicators.rules.duties import read_units, units_fault
from indicators.selectors.duties import DutyLine, duties_fingerprint, read_duties

RESPONSIBLE, PROVIDERS = "responsible", "providers"
_WORDS = {RESPONSIBLE: "责任单位", PROVIDERS: "数据提供单位"}


@dataclass(frozen=True, slots=True)
class DutyInput:
    """One line as typed: names divided by 、; `is_default` takes back what the county wrote."""

    responsible: str
    providers: str
    is_default: bool = False


@transaction.atomic
def keep_duties(
    *, actor: User, version: SystemVersion, typed: Mapping[str, DutyInput], seen: str
) -> int:
    """Bring the county's own table to what is typed, by indicator code; returns how many lines changed.

    All or none. Raises Invalid with the field `responsible-01` of the first faulty cell, Stale where somebody
    else changed the table since the page was drawn (`seen`).
    """
    region = _own_region(actor)
    lines = {line.indicator.code: line for line in read_duties(version, region)}
    if seen != duties_fingerprint(list(lines.values())):
        raise Stale(
            "duties_changed",
            "责任分工表在您打开页面之后被他人改动，没有保存。请刷新页面核对后再改。",
        )
    changes: dict[str, list[list[list[str]]]] = {}
    for code, entry in typed.items():
        if code in lines and (after := _apply(actor, region, lines[code], entry)) is not None:
            changes[code] = [_plain(lines[code].responsible, lines[code].providers), _plain(*after)]
    if changes:
        detail = {"version": str(version), "lines": changes}
        record(actor, Entry("keep_duties", "region", region.code, detail))
    return len(changes)


def _own_region(actor: User) -> Region:
    """The county itself, locked, so that two people's tables do not mingle."""
    if not actor.holds(Permission.FILL) or actor.office.region_id is None:
        raise NotAllowed
    return Region.objects.select_for_update(of=("self",), no_key=True).get(
        pk=actor.office.region_id
    )


def _apply(
    actor: User, region: Region, line: DutyLine, entry: DutyInput
) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Write one line; None where nothing changes."""
    indicator = line.indicator
    if entry.is_default:
        gone, _ = Duty.objects.filter(
            region=region,
            indicator__code=indicator.code,
            indicator__version__system=indicator.version.system_id,
        ).delete()
        default = (tuple(indicator.responsible), tuple(indicator.providers))
        return default if gone else None
    responsible = _units(line, RESPONSIBLE, entry.responsible)
    providers = _units(line, PROVIDERS, entry.providers)
    if (responsible, providers) == (line.responsible, line.providers):
        return None
    Duty.objects.update_or_create(
        region=region,
        indicator=indicator,
        defaults={
            "responsible": list(responsible),
            "providers": list(providers),
            "kept_by": actor,
            "kept_at": clock.now(),
        },
    )
    return responsible, providers


def _units(line: DutyLine, part: str, text: str) -> tuple[str, ...]:
    units = read_units(text)
    fault = units_fault(units, what=_WORDS[part], indicator=line.indicator.name)
    if fault:
        raise Invalid("duty_units", fault, f"{part}-{line.indicator.code}")
    return units


def _plain(responsible: tuple[str, ...], providers: tuple[str, ...]) -> list[list[str]]:
    return [list(responsible), list(providers)]
