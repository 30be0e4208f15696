"""From a unit's words in a text to the offices of the register: one, many (各市政府), or none yet."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from county_portal.accounts.models import Office, Region
from county_portal.accounts.roles import Level, OfficeKind
from county_portal.common import clock
from measures.enums import DutyKind
from measures.models import Ledger
from measures.rules.collective import Naming, read_naming
from measures.rules.reading import ReadLedger, ReadUnit

# What a county's or city's own text puts before its departments' names.
_OWN = "市县区州旗"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as a duty keeps it: `name` is the office's or place's, `words` are the text's."""

    name: str
    words: str
    kind: DutyKind
    office: Office | None
    region: Region | None = None
    is_supplement: bool = False


class UnitRegister:
    """Offices and regions as of today, read once (three queries) for all units of a ledger."""

    def __init__(
        self,
        office: Office,
        aliases: Mapping[str, str],
        *,
        on: date | None = None,
        naming: Naming | None = None,
    ) -> None:
        self._keeper = office
        self._aliases = aliases
        self._naming = naming or read_naming()
        day = on or clock.today()
        self._regions = list(
            Region.objects.alive_on(day).filter(is_practice=False).order_by("code")
        )
        self._offices = list(Office.objects.select_related("region").order_by("order", "pk"))
        self._by_name = {office.name: office for office in self._offices}

    @classmethod
    def of(cls, ledger: Ledger) -> "UnitRegister":
        """For a ledger's own units."""
        return cls(ledger.office, ledger.aliases)

    def is_collective(self, words: str) -> bool:
        """Whether the words mean many offices."""
        return words in self._naming.collectives

    def expand(self, units: Iterable[ReadUnit], *, is_supplement: bool = False) -> list[Unit]:
        """Every unit, many for a collective word.

        Where the first named are governments, all governments of the text lead: none is another's helper.
        """
        units = list(units)
        leads = bool(units) and self._is_government(units[0].words)
        expanded = []
        for unit in units:
            kind = unit.kind
            if leads and kind == DutyKind.SUPPORT and self._is_government(unit.words):
                kind = DutyKind.LEAD
            expanded += [
                Unit(name, unit.words, kind, office, region, is_supplement)
                for name, office, region in self._resolve(unit.words)
            ]
        unique = {unit.name: unit for unit in reversed(expanded)}
        return [unit for unit in expanded if unique[unit.name] is unit]

    def _is_government(self, words: str) -> bool:
        if self._naming.collectives.get(words) == Level.CITY:
            return True
        office = self._find(words)
        return bool(
            office
            and office.region
            and office.kind == OfficeKind.UNIT
            and office.level == Level.CITY
        )

    def _resolve(self, words: str) -> list[tuple[str, Office | None, Region | None]]:
        match self._naming.collectives.get(words):
            case Level.CITY:
                return self._cities() or [(words, None, None)]
            case Level.COUNTY:
                return self._counties() or [(words, None, None)]
            case Level.TOWNSHIP:
                # A township has no office: its county's bureau acts for it.
                return self._townships() or [(words, self._keeper, None)]
        return [(words, self._find(words), None)]

    def _cities(self) -> list[tuple[str, Office | None, Region | None]]:
        governments = {
            office.region_id: office
            for office in self._offices
            if office.kind == OfficeKind.UNIT and office.level == Level.CITY
        }
        return [
            (
                self._naming.government_short.format(region=region.name),
                governments.get(region.pk),
                region,
            )
            for region in self._regions
            if region.level == Level.CITY and region.code not in self._naming.without
        ]

    def _counties(self) -> list[tuple[str, Office | None, Region | None]]:
        bureaus = {
            office.region_id: office
            for office in self._offices
            if office.kind == OfficeKind.BUREAU and office.level == Level.COUNTY
        }
        is_city = self._keeper.level == Level.CITY
        return [
            (region.full_name, bureaus.get(region.pk), region)
            for region in self._regions
            if region.level == Level.COUNTY
            and (not is_city or region.reviewing_office_id == self._keeper.pk)
        ]

    def _townships(self) -> list[tuple[str, Office | None, Region | None]]:
        return [
            (region.name, self._keeper, region)
            for region in self._regions
            if region.level == Level.TOWNSHIP and region.parent_id == self._keeper.region_id
        ]

    def _find(self, words: str) -> Office | None:
        """By alias, by name, else by short name: among the keeper's own neighbours, with or without 市 before it."""
        if words in self._aliases:
            return self._by_name.get(self._aliases[words])
        if words in self._by_name:
            return self._by_name[words]
        short = {words, words[1:]} if words[:1] in _OWN else {words}
        region = self._keeper.region
        long = {f"{region.full_name}{each}" for each in short} if region else set()
        near = [office for office in self._offices if self._is_near(office)]
        return next(
            (office for office in near if office.short_name in short or office.name in long), None
        )

    def _is_near(self, office: Office) -> bool:
        if self._keeper.level == Level.PROVINCE:
            return office.level != Level.COUNTY
        return office.region_id == self._keeper.region_id


def preview_units(office: Office, reading: ReadLedger) -> dict[str, list[Unit]]:
    """What each word for units of a text would become, before anything is made."""
    register = UnitRegister(office, {})
    words = {unit.words: unit for measure in reading.measures for unit in measure.units}
    return {name: register.expand([unit]) for name, unit in words.items()}
