"""What is graded: figures as frozen values; no arithmetic here."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from scoring.engine.types.schemes import Absence


class FigureStatus(StrEnum):
    """How far a figure has come: 预测, 自评, 市审, 核定."""

    FORECAST = "forecast"
    SELF_ASSESSED = "self-assessed"
    CITY_REVIEWED = "city-reviewed"
    APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class Item:
    """One named platform, project or award; `points` only where the kind leaves them to a panel."""

    kind: str
    name: str
    points: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """What was measured: a value, the ratio behind it, named items or a panel's scores; and what was aimed at."""

    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    factor: Decimal = Decimal(1)
    items: tuple[Item, ...] = ()
    panel: tuple[Decimal, ...] = ()
    target: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Carried:
    """An earlier year's accepted measure, to stand in for a missing one."""

    year: int
    measure: Measure


@dataclass(frozen=True, slots=True)
class Figure:
    """One county's answer to one indicator."""

    indicator: str
    measure: Measure = Measure()
    absence: Absence | None = None
    carried: Carried | None = None
    status: FigureStatus = FigureStatus.APPROVED


@dataclass(frozen=True, slots=True)
class CountyFigures:
    code: str
    name: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class GradingInputs:
    """Everything a run freezes besides the scheme, which it names by digest."""

    data_year: int
    evaluation_year: int
    scheme_sha256: str
    counties: tuple[CountyFigures, ...]
