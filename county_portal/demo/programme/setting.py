"""What every play of the programme needs: who acts, on which table, in which county."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from county_portal.accounts.models import Office, Region
from county_portal.accounts.roles import OfficeKind
from county_portal.common import clock
from county_portal.demo.cast import Cast
from county_portal.demo.programme.figures import Line, Story
from county_portal.demo.programme.register import load_batches
from county_portal.demo.programme.words import load_words, said
from county_portal.demo.season import Stage
from county_portal.demo.statistics import renew_statistics
from indicators.enums import IndicatorKind
from indicators.models import FactMeaning, Indicator, SystemVersion
from indicators.selectors import list_indicators

PER_CENT = "%"


@dataclass(frozen=True, slots=True)
class Seat:
    """A county's bureau and the office that reviews it."""

    region: Region
    office: Office
    office_id: int
    reviewing_office_id: int


@dataclass(frozen=True, slots=True)
class Setting:
    """The stage, the 31-row table and the counties of today."""

    stage: Stage
    version: SystemVersion
    indicators: list[Indicator]
    lines: Mapping[str, Line]
    seats: Mapping[str, Seat]
    characters: Mapping[str, str]
    _stories: dict[str, Story] = field(default_factory=dict)

    @property
    def cast(self) -> Cast:
        """Who acts."""
        return self.stage.counties.cast

    def story(self, region: Region) -> Story:
        """A county's figures."""
        if region.code not in self._stories:
            self._stories[region.code] = Story(region)
        return self._stories[region.code]

    def character(self, region: Region) -> str:
        """In which words a county writes."""
        return self.characters.get(region.code, "industry")

    def starred(self, region: Region) -> frozenset[str]:
        """The ten it chooses to be held to."""
        return frozenset(load_words()["characters"][self.character(region)]["starred"])

    def own_words(self, region: Region) -> Mapping[str, str]:
        """Name, unit and definition of the row it proposes itself."""
        words: Mapping[str, str] = load_words()["characters"][self.character(region)]["own"]
        return words

    def own_line(self, region: Region) -> Line:
        """The row a county of this character proposes itself."""
        code = said("characters", self.character(region), "own", "code")
        return Line(code, 0, Decimal(1), is_share=False, value=code)


def read_setting(stage: Stage, version: SystemVersion) -> Setting:
    """Everything, in three queries."""
    indicators = list(list_indicators(version))
    meanings = dict(FactMeaning.objects.values_list("pk", "code"))
    bureaus = Office.objects.filter(
        kind=OfficeKind.BUREAU, level="county", region__valid_to__isnull=True
    ).select_related("region__reviewing_office", "region__parent", "region__successor")
    return Setting(
        stage=stage,
        version=version,
        indicators=indicators,
        lines={
            row.code: _line(row, meanings)
            for row in indicators
            if row.kind != IndicatorKind.QUALITATIVE
        },
        characters={
            county.code: county.character for batch in load_batches() for county in batch.counties
        },
        seats={seat.region.code: seat for seat in map(_seat, bureaus)},
    )


def count_anew() -> None:
    """Let the database know how many rows the programme has by now."""
    renew_statistics(["applications", "reports", "files", "documents", "indicators"])


def _seat(office: Office) -> Seat:
    region = office.region
    if region is None or region.reviewing_office_id is None:
        raise ValueError(f"{office} has no region with a reviewing office")
    return Seat(region, office, office.pk, region.reviewing_office_id)


def _line(row: Indicator, meanings: Mapping[int, str]) -> Line:
    return Line(
        code=row.code,
        decimals=_decimals(row),
        factor=row.factor,
        is_share=row.unit == PER_CENT,
        lower_is_better=row.lower_is_better,
        value=meanings.get(row.fact_id or 0),
        numerator=meanings.get(row.numerator_fact_id or 0),
        denominator=meanings.get(row.denominator_fact_id or 0),
    )


def _decimals(row: Indicator) -> int:
    """Targets are written as people write them: counts whole, energy per output finer than shares."""
    if row.kind == IndicatorKind.NUMBER:
        return 0
    return 4 if row.lower_is_better else 2


def at(day: date, minutes: int = 0) -> datetime:
    """A moment of a working day."""
    hour, minute = divmod(minutes, 60)
    return datetime(day.year, day.month, day.day, 9 + hour % 8, minute, tzinfo=clock.BEIJING)


def ago(days: int) -> date:
    """The day so many days before today."""
    return clock.today() - timedelta(days=days)
