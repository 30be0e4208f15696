"""The material of the demonstration's figures: what is filled, how it is scored, and what to invent.

Which row means what stands in the data files alone; no code here knows an indicator by name.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from county_portal.common.province_files import has_province_file, province_file, read_province_json
from scoring.engine.codec import scheme_from_bytes
from scoring.engine.types import Indicator, PiecewiseRule, Scheme

# Strength is counted in thousandths of full marks; beyond full marks a figure simply grows on.
FULL = 1000
STRONGEST = 1250
# Figures are read off their curve in ten-thousandths of the indicator's unit.
CURVE_SCALE = 10_000


@dataclass(frozen=True, slots=True)
class County:
    """One unit of the demonstration province, by its present code."""

    code: str
    name: str
    kind: str
    prefecture_code: str
    prefecture: str


@dataclass(frozen=True, slots=True)
class Base:
    """A quantity that other figures are divided by, from small counties to large ones."""

    label: str
    decimals: int
    small: int
    large: int
    growth: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator: how it is filled, how it is scored, and its curve from strength to figure."""

    indicator: Indicator
    kind: str
    decimals: int
    numerator_label: str
    denominator_label: str
    factor: Decimal
    curve: tuple[int, ...]
    yearly: bool
    not_applicable: Mapping[str, Any] | None

    @property
    def code(self) -> str:
        return self.indicator.code


@dataclass(frozen=True, slots=True)
class YearTarget:
    """How many counties of a year shall reach each class, and between which totals."""

    data_year: int
    classes: Mapping[str, int]
    span: Mapping[str, tuple[Decimal, Decimal]]


@dataclass(frozen=True, slots=True)
class Shapes:
    scheme: Scheme
    rows: tuple[Row, ...]
    counties: tuple[County, ...]
    bases: tuple[Base, ...]
    targets: tuple[YearTarget, ...]
    levels: Mapping[str, str]
    invented: Mapping[str, Any]


@cache
def load_shapes() -> Shapes:
    """Read every data file once."""
    scheme = scheme_from_bytes(province_file("scheme.json").read_bytes())
    system = read_province_json("indicator-system.json")["indicators"]
    invented = read_province_json("demo/figure-shapes.json")
    return Shapes(
        scheme=scheme,
        rows=tuple(
            _row(indicator, entry, invented["indicators"].get(indicator.code, {}))
            for indicator, entry in zip(scheme.indicators, system, strict=True)
        ),
        counties=_counties(),
        bases=tuple(
            Base(**{**base, "growth": tuple(base["growth"])}) for base in invented["bases"]
        ),
        targets=tuple(_target(entry) for entry in invented["targets"]),
        levels={
            kind["code"]: kind["level"] or ""
            for entry in system
            for kind in entry["evidence_kinds"]
        },
        invented=invented,
    )


def source_county() -> Mapping[str, Any] | None:
    """The one county whose figures are printed in a source, as the province's folder keeps them."""
    if not has_province_file("source-figures.json"):
        return None
    return read_province_json("source-figures.json")


def _counties() -> tuple[County, ...]:
    with province_file("counties.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            County(
                row["code"],
                row["name"],
                row["type"],
                row["prefecture_code"],
                row["statutory_prefecture"],
            )
            for row in csv.DictReader(file)
        )


def _row(indicator: Indicator, entry: Mapping[str, Any], special: Mapping[str, Any]) -> Row:
    rule = indicator.rule
    return Row(
        indicator=indicator,
        kind=entry["kind"],
        decimals=entry["decimals"],
        numerator_label=entry["numerator_label"] or "",
        denominator_label=entry["denominator_label"] or "",
        factor=Decimal(entry["factor"] or 1),
        curve=_curve(indicator, rule) if isinstance(rule, PiecewiseRule) else (),
        yearly=special.get("yearly", False),
        not_applicable=special.get("not_applicable"),
    )


def _target(entry: Mapping[str, Any]) -> YearTarget:
    return YearTarget(
        data_year=entry["data_year"],
        classes=entry["classes"],
        span={name: (Decimal(low), Decimal(high)) for name, (low, high) in entry["span"].items()},
    )


def _curve(indicator: Indicator, rule: PiecewiseRule) -> tuple[int, ...]:
    """For each strength the figure that earns that share of the weight: the rule read backwards."""
    full = _figure_for(rule, Fraction(indicator.weight))
    up_to_full = [
        _figure_for(rule, Fraction(indicator.weight) * strength / FULL) for strength in range(FULL)
    ]
    beyond = [full * strength / FULL for strength in range(FULL, STRONGEST + 1)]
    return tuple(int(figure * CURVE_SCALE) for figure in up_to_full + beyond)


def _figure_for(rule: PiecewiseRule, points: Fraction) -> Fraction:
    for band in rule.bands:
        low, high = Fraction(band.points_start), Fraction(band.points_end)
        if band.end is not None and low <= points < high:
            width = Fraction(band.end) - Fraction(band.start)
            return Fraction(band.start) + (points - low) * width / (high - low)
    return Fraction(rule.bands[-1].start)
